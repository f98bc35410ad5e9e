"""Agencies are asked, answer on a page of their own, and see nothing else; the stages of the case follow."""

import re
from datetime import date, datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from partnership.models import Organisation, PostHolding
from reviews.cases import open_case
from reviews.models import AgencySummary
from reviews.summaries import ask, send_back, submit
from tests.factories import OrganisationFactory
from tests.reminding import send_on

pytestmark = pytest.mark.usefixtures("rule_sets")

WORDS = {
    "involvement": "Two visits before the injury.",
    "key_practice": "The second visit was cut short.",
    "analysis": "Nobody asked who else cared for the baby.",
    "immediate_action": "Every team was reminded.",
}


@pytest.fixture
def opened(partnership, case_group):
    """Notified on 11 January: agencies are to be asked by the 12th, which is today, and back by the 25th."""
    return open_case(
        partnership=partnership,
        aware_on=date(2027, 1, 8),
        notified_on=date(2027, 1, 11),
        reference="AV-2027-01",
        category="Injury to a baby",
        summary="CANARY of what happened",
    )


@pytest.fixture
def ours(opened, charity, partner):
    """``partner``'s summary, not asked yet."""
    return AgencySummary.objects.create(
        case=opened, partnership=opened.partnership, organisation=charity, contact=partner
    )


@pytest.fixture
def theirs(opened, hospital, other_partner):
    return AgencySummary.objects.create(
        case=opened, partnership=opened.partnership, organisation=hospital, contact=other_partner
    )


@pytest.fixture
def asked(opened, ours, theirs, today):
    ask(opened, [ours, theirs], words="From the booking visit on.", due_on=date(2027, 1, 21), on=today)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    return [ours, theirs]


def at(day, hour=9):
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=hour)))


def stage(case, code):
    return case.stages.get(code=code)


def answer(summary, **more):
    AgencySummary.objects.filter(pk=summary.pk).update(**{**WORDS, **more})
    summary.refresh_from_db()


# For the group


def test_the_group_names_agencies_and_their_contacts_and_asks_all_at_once(
    client_of, case_group_member, opened, charity, partner, hospital, other_partner, today
):
    client = client_of(case_group_member)
    agencies = [charity.pk, hospital.pk]
    assert client.post(reverse("reviews:summary-add", args=[opened.pk]), {"agencies": agencies}).status_code == 302
    for summary, contact in zip(opened.summaries.order_by("organisation__name"), [partner, other_partner], strict=True):
        client.post(reverse("reviews:summary-contact", args=[summary.pk]), {"contact": contact.pk})
    page = client.get(reverse("reviews:summaries-ask", args=[opened.pk]))
    assert page.context["form"].initial["due_on"] == date(2027, 1, 25)
    client.post(reverse("reviews:summaries-ask", args=[opened.pk]), {"words": "From the booking on.", **due(21)})
    assert list(opened.summaries.values_list("contact", "asked_on", "asked_with", "due_on")) == [
        (partner.pk, today, "From the booking on.", date(2027, 1, 21)),
        (other_partner.pk, today, "From the booking on.", date(2027, 1, 21)),
    ]
    assert stage(opened, "summaries-asked").done_on == today
    assert stage(opened, "summaries-back").done_on is None


def due(day, name="due_on"):
    return {f"{name}_day": str(day), f"{name}_month": "1", f"{name}_year": "2027"}


def test_only_who_represents_the_agency_today_can_be_its_contact(client_of, case_group_member, ours, other_partner):
    address = reverse("reviews:summary-contact", args=[ours.pk])
    page = client_of(case_group_member).post(address, {"contact": other_partner.pk})
    ours.refresh_from_db()
    assert (page.status_code, page.context["form"].errors["contact"], ours.contact) == (
        422,
        ["Choose an answer from the list"],
        ours.contact,
    )


def test_only_members_of_the_partnership_can_be_added(client_of, case_group_member, opened):
    elsewhere = OrganisationFactory(name="Far away")
    page = client_of(case_group_member).post(
        reverse("reviews:summary-add", args=[opened.pk]), {"agencies": elsewhere.pk}
    )
    assert (page.status_code, opened.summaries.count()) == (422, 0)


@pytest.mark.parametrize(
    ("data", "field", "error"),
    [
        ({"words": "", **due(21)}, "words", "Enter what you ask"),
        ({"words": "All of it"}, "due_on", "Enter the day by which it is to be back"),
        ({"words": "All of it", **due(11)}, "due_on", "Enter today or a later day"),
    ],
)
def test_asking_needs_words_and_a_day_to_come(client_of, case_group_member, ours, data, field, error):
    page = client_of(case_group_member).post(reverse("reviews:summary-ask", args=[ours.pk]), data)
    ours.refresh_from_db()
    assert (page.status_code, page.context["form"].errors[field], ours.asked_on) == (422, [error], None)


def test_what_looks_like_a_name_is_questioned_before_an_agency_reads_it(client_of, case_group_member, ours):
    address = reverse("reviews:summary-ask", args=[ours.pk])
    page = client_of(case_group_member).post(address, {"words": "About Ellie Marsh and her mother.", **due(21)})
    ours.refresh_from_db()
    assert (page.status_code, list(page.context["form"].errors), ours.asked_on) == (422, ["words"], None)


def test_asking_late_needs_a_reason_once_all_are_asked(client_of, case_group_member, opened, ours):
    with time_machine.travel(at(date(2027, 1, 14)), tick=False):
        client = client_of(case_group_member)
        address = reverse("reviews:summary-ask", args=[ours.pk])
        page = client.post(address, {"words": "All of it", **due(21)})
        assert page.context["form"].errors == {
            "late_because": ["This was due on 12 January 2027. Say why it was late."]
        }
        client.post(address, {"words": "All of it", "late_because": "The office was flooded", **due(21)})
    found = stage(opened, "summaries-asked")
    assert (found.done_on, found.late_because) == (date(2027, 1, 14), "The office was flooded")


def test_an_agency_that_has_begun_is_not_removed(client_of, case_group_member, ours, theirs):
    answer(ours)
    client = client_of(case_group_member)
    for summary in (ours, theirs):
        client.post(reverse("reviews:summary-remove", args=[summary.pk]))
    assert list(AgencySummary.objects.all()) == [ours]


def test_an_answer_on_paper_is_kept_and_said_to_be_so(client_of, case_group_member, opened, hospital):
    summary = AgencySummary.objects.create(case=opened, partnership=opened.partnership, organisation=hospital)
    client = client_of(case_group_member)
    address = reverse("reviews:summary-paper", args=[summary.pk])
    client.post(address, {**WORDS, **due(12, "received_on")})
    summary.refresh_from_db()
    assert (summary.came_on_paper, summary.submitted_by, summary.analysis) == (
        True,
        case_group_member,
        WORDS["analysis"],
    )
    assert stage(opened, "summaries-back").done_on == date(2027, 1, 12)
    page = client.get(opened.get_absolute_url()).content.decode()
    assert "Came on paper on 12 January 2027. Typed in by Sunita Rao of the group." in page


def test_the_last_return_is_the_stage_and_one_sent_back_opens_it_again(opened, asked, partner, other_partner):
    ours, theirs = asked
    submit(ours, by=partner, at=at(date(2027, 1, 13)))
    assert stage(opened, "summaries-back").done_on is None
    submit(theirs, by=other_partner, at=at(date(2027, 1, 27)))
    back = stage(opened, "summaries-back")
    assert (back.done_on, back.late_because) == (date(2027, 1, 27), "The last summary came on 27 January 2027.")
    send_back(theirs, because="Say more of the second visit.", due_on=date(2027, 1, 29))
    assert stage(opened, "summaries-back").done_on is None


def test_a_closed_case_asks_nothing_more(client_of, case_group_member, partner, opened, asked):
    opened.closed_on, opened.closed_because = date(2027, 1, 12), "Done"
    opened.save()
    assert client_of(case_group_member).post(
        reverse("reviews:summary-ask", args=[asked[0].pk]), {"words": "More", **due(21)}
    ).context["form"].non_field_errors() == ["The case is closed. Reopen it first."]
    page = client_of(partner).post(asked[0].get_absolute_url(), {**WORDS, "action": "submit"}, follow=True)
    asked[0].refresh_from_db()
    assert (b"the case is closed" in page.content, asked[0].submitted_at) == (True, None)


def test_the_agencies_of_a_case_cost_the_same_however_many(
    client_of, case_group_member, opened, ours, partner, partnership, django_assert_max_num_queries
):
    client, counts = client_of(case_group_member), []
    for more in (["A school", "A surgery"], []):
        with django_assert_max_num_queries(60) as asked:
            client.get(opened.get_absolute_url())
        counts.append(len(asked))
        for name in more:
            AgencySummary.objects.create(
                case=opened, partnership=partnership, organisation=OrganisationFactory(name=name), contact=partner
            )
    assert counts[0] == counts[1]


# For the contact


def test_the_contact_keeps_a_draft_that_the_group_does_not_read_and_sends_it(
    client_of, partner, case_group_member, opened, asked
):
    ours = asked[0]
    client, group = client_of(partner), client_of(case_group_member)
    client.post(ours.get_absolute_url(), {"involvement": "Two visits."})
    assert group.get(ours.get_absolute_url()).status_code == 403
    assert b"Two visits." not in group.get(opened.get_absolute_url()).content
    assert b"Two visits." in client.get(ours.get_absolute_url()).content
    assert client.post(ours.get_absolute_url(), {**WORDS, "action": "submit"}).status_code == 302
    ours.refresh_from_db()
    assert (ours.submitted_by, ours.analysis) == (partner, WORDS["analysis"])
    assert WORDS["analysis"] in group.get(ours.get_absolute_url()).content.decode()
    client.post(ours.get_absolute_url(), {**WORDS, "analysis": "Other words", "action": "submit"})
    ours.refresh_from_db()
    assert ours.analysis == WORDS["analysis"]


def test_sending_wants_every_answer_and_keeps_what_was_typed(client_of, partner, asked):
    page = client_of(partner).post(asked[0].get_absolute_url(), {"involvement": "Two visits.", "action": "submit"})
    assert page.status_code == 422
    assert sorted(page.context["form"].errors) == ["analysis", "immediate_action", "key_practice"]
    assert b"Two visits." in page.content


def test_what_is_typed_is_saved_as_it_is_typed_and_two_windows_do_not_overwrite_each_other(client_of, partner, asked):
    ours, client = asked[0], client_of(partner)
    seen = client.get(ours.get_absolute_url()).context["form"]["seen"].value()
    htmx = {"HTTP_HX_REQUEST": "true"}
    first = client.post(ours.get_absolute_url(), {"involvement": "One window", "seen": seen}, **htmx)
    second = client.post(ours.get_absolute_url(), {"involvement": "Another window", "seen": seen}, **htmx)
    ours.refresh_from_db()
    assert (first.status_code, second.status_code, ours.involvement) == (200, 409, "One window")
    assert b"Saved at 09:00" in first.content


def test_a_name_in_an_answer_is_questioned_and_nothing_is_kept_until_it_is_answered(client_of, partner, asked):
    ours, client = asked[0], client_of(partner)
    page = client.post(ours.get_absolute_url(), {"involvement": "We met Ellie Marsh twice."})
    ours.refresh_from_db()
    assert (page.status_code, ours.involvement) == (422, "")


def test_what_is_sent_back_says_what_is_wanted_and_can_be_sent_again(client_of, partner, case_group_member, asked):
    ours = asked[0]
    answer(ours)
    submit(ours, by=partner, at=at(date(2027, 1, 12)))
    group, client = client_of(case_group_member), client_of(partner)
    address = reverse("reviews:summary-send-back", args=[ours.pk])
    assert group.post(address, {"because": "", **due(22)}).status_code == 422
    group.post(address, {"because": "Say more of the second visit.", **due(22)})
    page = client.get(ours.get_absolute_url()).content.decode()
    assert ("Say more of the second visit." in page, WORDS["analysis"] in page) == (True, True)
    client.post(ours.get_absolute_url(), {**WORDS, "action": "submit"})
    ours.refresh_from_db()
    assert (bool(ours.submitted_at), ours.sent_back_because) == (True, "")


def test_a_contact_who_leaves_loses_it_within_one_request(client_of, partner, asked, today):
    client = client_of(partner)
    assert client.get(asked[0].get_absolute_url()).status_code == 200
    PostHolding.objects.filter(user=partner).update(to_on=today, ended_at=timezone.now())
    for method in (client.get, client.post):
        assert method(asked[0].get_absolute_url(), {"involvement": "Too late"}).status_code == 404
    asked[0].refresh_from_db()
    assert asked[0].involvement == ""


@pytest.mark.parametrize("role", ["other_partner", "office", "chair", "advisor", "lead_partner", "stranger"])
def test_to_everyone_else_the_page_does_not_exist(request, client_of, asked, role):
    client = client_of(request.getfixturevalue(role))
    assert client.get(asked[0].get_absolute_url()).status_code == 404


def test_before_it_is_asked_the_contact_learns_of_nothing(client_of, partner, ours):
    client = client_of(partner)
    assert client.get(ours.get_absolute_url()).status_code == 404
    assert b"AV-2027-01" not in client.get(reverse("assurance:my-work")).content


def test_my_work_shows_it_to_the_contact_alone(client_of, partner, other_partner, office, asked):
    found = {
        person.name: client_of(person).get(reverse("assurance:my-work")).content.decode().count("on AV-2027-01</h3>")
        for person in (partner, other_partner, office)
    }
    assert found == {partner.name: 1, other_partner.name: 1, office.name: 0}


def test_another_agency_changes_no_byte_of_ones_own_pages(client_of, partner, opened, ours, hospital, other_partner):
    """A second agency that was asked, wrote and was sent back; and words of the group beside it."""
    noon = at(date(2027, 1, 12), hour=12)
    with time_machine.travel(noon, tick=False):
        ask(
            opened,
            [ours],
            words="From the booking on.",
            due_on=date(2027, 1, 21),
            on=date(2027, 1, 12),
            late_because="",
        )
        client = client_of(partner)
        before = pages(client, ours)
        AgencySummary.objects.create(
            case=opened,
            partnership=opened.partnership,
            organisation=hospital,
            contact=other_partner,
            asked_on=date(2027, 1, 12),
            asked_with="CANARY",
            due_on=date(2027, 1, 13),
            sent_back_because="CANARY",
            **dict.fromkeys(WORDS, "CANARY"),
        )
        opened.summary = "CANARY of the group"
        opened.save()
        assert pages(client, ours) == before
        assert b"CANARY" in client_of(other_partner).get(f"/agency-summaries/{theirs_of(opened, hospital).pk}/").content


def theirs_of(case, organisation):
    return case.summaries.get(organisation=organisation)


def pages(client, summary):
    drawn = re.compile(rb"[A-Za-z0-9]{64}")  # what is drawn by lot for each page
    found = [client.get(address) for address in (summary.get_absolute_url(), reverse("assurance:my-work"))]
    return [(page.status_code, drawn.sub(b"", page.content)) for page in found]


def test_the_page_says_nothing_of_the_case_or_of_others(client_of, partner, opened, asked):
    page = client_of(partner).get(asked[0].get_absolute_url()).content.decode()
    said = [words in page for words in ("CANARY", opened.category, str(asked[1].organisation), "Sunita", "Case Review")]
    assert said == [False] * 5


# Reminders


def test_its_reminder_says_only_that_there_is_something(partner, other_partner, asked):
    send_on(date(2027, 1, 20))
    assert sorted(message.to for message in mail.outbox) == sorted([[partner.email], [other_partner.email]])
    for message in mail.outbox:
        said = f"{message.subject} {message.body} {message.alternatives}"
        assert [word in said for word in ("AV-2027", "summary", "Summary", "Lantern", "St Brannoc")] == [False] * 5


def test_the_silent_are_asked_again_and_whoever_answered_is_not(client_of, case_group_member, partner, opened, asked):
    submit(asked[0], by=partner, at=timezone.now())
    client = client_of(case_group_member)
    page = client.post(reverse("reviews:summaries-chase", args=[opened.pk]), follow=True).content.decode()
    assert ("Owen Tarrant" in page, "1 person is mailed" in page) == (True, True)
    stranger = client.post(reverse("reviews:summaries-chase", args=[opened.pk]), {"who": "nobody"})
    assert stranger.status_code == 404


def test_an_agency_that_was_merged_is_answered_for_by_its_heir(client_of, partner, asked, charity):
    old = OrganisationFactory(name="Lantern of old", successor=charity)
    Organisation.objects.filter(pk=old.pk).update(to_on=date(2026, 12, 31))
    AgencySummary.objects.filter(pk=asked[0].pk).update(organisation=old)
    assert client_of(partner).get(asked[0].get_absolute_url()).status_code == 200
