"""Scrutiny: what a partnership makes of the returns it was given, and who may know of it."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import InternalError, connection, transaction
from django.urls import reverse

from assurance import scrutiny
from assurance.models import (
    AssuranceLevel,
    ReturnCopy,
    Scrutiny,
    ScrutinyAction,
    ScrutinyComment,
    ScrutinyResponse,
)
from assurance.return_sheet import content_of, read_sheet
from tests.conftest import hold
from tests.factories import GroupFactory, MeetingFactory, OrganisationFactory, ReturnFactory
from tests.factories_assurance import ReturnCopyFactory, ScrutinyFactory

NOW = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)
MORE = "Show us the audit by March."


@pytest.fixture
def levels(db):
    """The installation's, by their word."""
    return {level.word: level for level in AssuranceLevel.objects.filter(partnership=None)}


@pytest.fixture
def given(submitted_return, partnership, scrutiny_group):
    """St Brannoc’s return as Ashford Vale was given it; Quality and Scrutiny judges it."""
    submitted_return.request.group = scrutiny_group
    submitted_return.request.save()
    return give(submitted_return, partnership)


def give(record, partnership, edition=1, at=NOW, **change):
    """A copy; ``change``: other words to the first question."""
    content = content_of(read_sheet(record, with_joined=False))
    for words in change.values():
        content["sections"][0]["lines"][0]["answer"] = words
    return ReturnCopyFactory(record=record, partnership=partnership, edition=edition, content=content, taken_at=at)


@pytest.fixture
def given_of_own(given, charity, partnership):
    """Another organisation's, which was given too."""
    record = ReturnFactory(
        request=given.record.request, organisation=charity, submitted_at=NOW, signed_off_by="Director"
    )
    return give(record, partnership)


def url(copy, verb="detail"):
    return reverse(f"assurance:scrutiny-{verb}", args=[copy.record_id, copy.partnership.slug])


def judgement(level, reasons="Audits are shown.", **more):
    return {"level": level.pk, "reasons": reasons, "meeting": "", **more}


def seen_of(page, name="judgement"):
    return page.context["forms"][name]["seen"].value()


def judged(copy):
    return list(Scrutiny.objects.filter(record=copy.record_id).values_list("level__word", "reasons", "judged_by__name"))


# Reading


def test_the_page_shows_what_this_partnership_was_given(client_of, scrutiny_chair, given):
    page = client_of(scrutiny_chair).get(url(given))
    assert [row["line"].words for row in page.context["rows"]] == ["Our answer to 1.", "Our answer to 2."]
    assert [row["line"].title for row in page.context["rows"]] == [
        "1. Are we improving, and how do we know?",
        "2. What difference did it make?",
    ]


def test_what_another_partnership_was_given_is_not_on_it(client_of, advisor, given, other_partnership):
    other = give(given.record, other_partnership, words="Canary for Millbrook alone")
    client = client_of(advisor)
    assert b"Canary" not in client.get(url(given)).content
    assert b"Canary" in client.get(url(other)).content


def test_a_group_that_is_not_the_other_partnerships_reads_none_of_it(client_of, given, partnership, other_partnership):
    group = GroupFactory(name="Scrutiny of Ashford Vale", partnerships=[partnership])
    member = hold("Ana Sousa", "Scrutineer", group=group)
    given.record.request.group = group
    given.record.request.save()
    other = give(given.record, other_partnership)
    client = client_of(member)
    assert [client.get(url(each)).status_code for each in (given, other)] == [200, 404]
    assert list(ReturnCopy.objects.visible_to(member)) == [given]


def test_a_later_edition_marks_what_changed(client_of, office, given, partnership):
    give(given.record, partnership, edition=2, words="Better than we said.")
    rows = client_of(office).get(url(given)).context["rows"]
    assert [(row["line"].words, row["before"] and row["before"].words) for row in rows] == [
        ("Better than we said.", "Our answer to 1."),
        ("Our answer to 2.", None),
    ]


def test_what_was_judged_before_a_later_edition_is_said_to_be_judged_before_it(
    client_of, office, given, partnership, levels
):
    ScrutinyFactory(record=given.record, partnership=partnership, level=levels["Assured"], judged_at=NOW)
    give(given.record, partnership, edition=2, at=datetime(2027, 1, 12, 10, 30, tzinfo=UTC))
    client = client_of(office)
    listing = reverse("assurance:scrutiny-list", args=[given.record.request_id, partnership.slug])
    assert client.get(url(given)).context["is_given_again"] is True
    assert [row.record.pk for row in client.get(listing, {"state": "again"}).context["table"].rows] == [given.record_id]


def test_what_was_judged_last_time_stands_beside_it(client_of, office, given, partnership, other_partnership, levels):
    earlier = ReturnFactory(organisation=given.record.organisation, submitted_at=NOW)
    earlier.request.due_on = date(2026, 1, 30)
    earlier.request.save()
    for whose, word in ((partnership, "Partly assured"), (other_partnership, "Not assured")):
        ScrutinyFactory(record=earlier, partnership=whose, level=levels[word], judged_at=NOW)
    assert client_of(office).get(url(given)).context["last"].level.word == "Partly assured"


@pytest.mark.parametrize("role", ["other_partner", "partner", "lead", "chair", "executive_chair", "stranger"])
def test_nobody_else_learns_that_it_is_judged(request, client_of, given, role):
    client = client_of(request.getfixturevalue(role))
    listing = reverse("assurance:scrutiny-list", args=[given.record.request_id, given.partnership.slug])
    assert [client.get(address).status_code for address in (url(given), listing)] == [404, 404]


def test_what_is_handed_back_is_read_as_it_was_given(client_of, office, given):
    record = given.record
    record.submitted_at, record.handed_back_at, record.handed_back_because = None, NOW, "A word is missing."
    record.save()
    record.answers.filter(question__position=1).update(text="Canary of a draft")
    page = client_of(office).get(url(given))
    assert "It was handed back since" in page.content.decode()
    assert "Canary" not in page.content.decode()


# Judging


@pytest.mark.parametrize("role", ["office", "scrutiny_chair"])
def test_the_office_and_the_chair_judge(request, client_of, given, levels, role):
    person = request.getfixturevalue(role)
    answer = client_of(person).post(url(given), judgement(levels["Assured"]))
    assert answer.url == f"{url(given)}#judgement"
    assert judged(given) == [("Assured", "Audits are shown.", person.name)]


def test_members_and_the_advisor_read_and_do_not_judge(client_of, given, levels, advisor, scrutiny_group):
    member = hold("Ana Sousa", "Nurse", group=scrutiny_group)
    for person in (advisor, member):
        client = client_of(person)
        page = client.get(url(given))
        assert (page.status_code, page.context["forms"].keys()) == (200, {"judgement", "comment"})
        assert page.context["forms"]["judgement"] is None
        assert client.post(url(given), judgement(levels["Assured"])).status_code == 403
    assert judged(given) == []


def test_a_judgement_says_why_at_which_meeting(client_of, office, given, levels, scrutiny_group):
    meeting = MeetingFactory(group=scrutiny_group)
    client = client_of(office)
    page = client.post(url(given), {"level": "", "reasons": " ", "meeting": ""})
    assert (page.status_code, page.context["forms"]["judgement"].errors) == (
        422,
        {"level": ["Choose how assured you are"], "reasons": ["Say why you judge it so"]},
    )
    client.post(url(given), judgement(levels["Assured"], meeting=meeting.pk))
    assert Scrutiny.objects.get(record=given.record_id).meeting == meeting


def test_the_words_and_meetings_of_others_are_refused_at_their_field(
    client_of, office, given, far_partnership, meeting
):
    far = AssuranceLevel.objects.create(partnership=far_partnership, position=1, word="Far away")
    page = client_of(office).post(url(given), judgement(far, meeting=meeting.pk))
    assert (page.status_code, set(page.context["forms"]["judgement"].errors)) == (422, {"level", "meeting"})


def test_saving_and_reading_the_next(client_of, office, given, given_of_own, levels):
    answer = client_of(office).post(url(given), judgement(levels["Assured"], action="next"))
    assert answer.url == url(given_of_own)


def test_two_who_judge_at_once_see_both(client_of, office, scrutiny_chair, given, levels):
    clients = [client_of(person) for person in (office, scrutiny_chair)]
    seen = [seen_of(client.get(url(given))) for client in clients]
    clients[0].post(url(given), judgement(levels["Assured"], seen=seen[0]))
    page = clients[1].post(url(given), judgement(levels["Not assured"], "Nothing is shown.", seen=seen[1]))
    words = page.content.decode()
    assert (page.status_code, "It now says “Assured”" in words, "Nothing is shown." in words) == (409, True, True)
    assert judged(given) == [("Assured", "Audits are shown.", office.name)]
    again = judgement(levels["Not assured"], "Nothing is shown.", seen=seen_of(page))
    assert clients[1].post(url(given), again).status_code == 302
    assert judged(given) == [("Not assured", "Nothing is shown.", scrutiny_chair.name)]


def test_the_same_judgement_twice_is_one(client_of, office, given, levels):
    client = client_of(office)
    for _ in range(2):
        client.post(url(given), judgement(levels["Assured"]))
    own = Scrutiny.objects.get(record=given.record_id)
    assert own.events.exclude(level=None).count() == 1


def test_nobody_judges_their_own_organisation(client_of, scrutiny_group, hospital, given, given_of_own, levels):
    nurse = hold("Ana Sousa", "Chief nurse", group=scrutiny_group, role="chair", organisation=hospital)
    own = ScrutinyFactory(record=given.record, partnership=given.partnership, reasons="Canary")
    ScrutinyComment.objects.create(scrutiny=own, text="Canary too", said_by=nurse, said_at=NOW)
    client = client_of(nurse)
    page = client.get(url(given))
    assert "You represent St Brannoc’s Hospital Trust, so you take no part" in page.content.decode()
    assert (b"Canary" in page.content, page.context["forms"]["judgement"]) == (False, None)
    assert [
        client.post(url(given, verb), judgement(levels["Assured"])).status_code
        for verb in ("detail", "comment", "action")
    ] == [
        403,
        403,
        403,
    ]
    listing = reverse("assurance:scrutiny-list", args=[given.record.request_id, given.partnership.slug])
    assert [row.record.pk for row in client.get(listing).context["table"].rows] == [given_of_own.record_id]
    assert list(Scrutiny.objects.visible_to(nurse)) == []
    assert client.post(url(given_of_own), judgement(levels["Assured"])).status_code == 302


# Comments


def commented(on="", text="Which audit?"):
    return {"comment-about": on, "comment-text": text}


@pytest.mark.parametrize("role", ["office", "advisor", "scrutiny_chair"])
def test_who_reads_comments(request, client_of, given, role):
    person = request.getfixturevalue(role)
    question = given.record.request.questions.get(position=2)
    client = client_of(person)
    for _ in range(2):  # the second press of the button adds none
        assert client.post(url(given, "comment"), commented(f"q{question.pk}")).url == f"{url(given)}#q{question.pk}"
    client.post(url(given, "comment"), commented())
    assert list(ScrutinyComment.objects.values_list("question", "said_by__name", "text")) == [
        (question.pk, person.name, "Which audit?"),
        (None, person.name, "Which audit?"),
    ]


def test_a_comment_on_what_was_not_asked_is_refused(client_of, office, given):
    page = client_of(office).post(url(given, "comment"), commented("q999999"))
    assert (page.status_code, set(page.context["forms"]["comment"].errors)) == (422, {"about"})
    assert "Which audit?" in page.content.decode()


# What follows


def test_an_action_is_a_line_of_the_groups_log_led_by_the_organisation(
    client_of, scrutiny_chair, given, scrutiny_group
):
    sent = {"action-text": MORE, "action-due_on_day": "31", "action-due_on_month": "3", "action-due_on_year": "2027"}
    client = client_of(scrutiny_chair)
    for _ in range(2):
        page = client.post(url(given, "action"), {**sent, "action-meeting": ""})
        assert page.status_code == 302, page.context["forms"]["action"].errors
    link = ScrutinyAction.objects.get()
    assert (link.action.group, link.action.lead, link.action.text, link.action.due_on) == (
        scrutiny_group,
        given.record.organisation,
        MORE,
        date(2027, 3, 31),
    )
    assert link.action.ref in client.get(url(given)).content.decode()


def test_without_a_group_there_is_no_log(client_of, office, given):
    given.record.request.group = None
    given.record.request.save()
    client = client_of(office)
    assert "action" not in client.get(url(given)).context["forms"]
    assert client.post(url(given, "action"), {"action-text": MORE}).url == url(given)


# The response


@pytest.fixture
def assured(given, levels, office):
    return ScrutinyFactory(
        record=given.record, partnership=given.partnership, level=levels["Assured"], reasons="Canary", judged_at=NOW
    )


def respond(client, copy, text=MORE, action="send"):
    return client.post(url(copy, "respond"), {"response-response": text, "action": action})


def test_the_organisation_reads_its_response_once_it_is_sent(client_of, office, other_partner, given, assured):
    client = client_of(office)
    respond(client, given, "Only a draft", action="draft")
    assert scrutiny.responses_of(given.record, other_partner) == []
    for _ in range(2):
        respond(client, given)
    told = scrutiny.responses_of(given.record, other_partner)
    assert [(each["response"].text, each["response"].level.word, each["earlier"]) for each in told] == [
        (MORE, "Assured", [])
    ]


def test_a_later_response_follows_the_first(client_of, office, other_partner, given, assured):
    client = client_of(office)
    respond(client, given)
    respond(client, given, "The audit came. Thank you.")
    told = scrutiny.responses_of(given.record, other_partner)[0]
    assert (told["response"].text, [each.text for each in told["earlier"]]) == ("The audit came. Thank you.", [MORE])
    with pytest.raises(InternalError), transaction.atomic():
        ScrutinyResponse.objects.update(text="Other words")


def test_nothing_is_sent_before_it_is_judged(client_of, office, given):
    page = respond(client_of(office), given)
    assert (page.status_code, page.context["forms"]["response"].errors["response"]) == (
        422,
        ["Judge the return first: the organisation is told the judgement with your words"],
    )
    assert (MORE in page.content.decode(), ScrutinyResponse.objects.count()) == (True, 0)


def test_two_who_write_the_response_see_both(client_of, office, given, assured):
    client = client_of(office)
    seen = seen_of(client.get(url(given)), "response")
    respond(client, given, "A colleague’s words", action="draft")
    page = client.post(url(given, "respond"), {"response-response": MORE, "response-seen": seen, "action": "send"})
    assert (page.status_code, ScrutinyResponse.objects.count()) == (409, 0)


def test_others_are_told_nothing(given, assured, office, partner, chair, stranger):
    scrutiny.send_response(assured, text=MORE, by=office, at=NOW)
    assert [list(ScrutinyResponse.objects.visible_to(person)) for person in (partner, chair, stranger)] == [[], [], []]


def test_the_organisation_says_that_it_has_read_it(client_of, office, other_partner, given, assured):
    sent = scrutiny.send_response(assured, text=MORE, by=office, at=NOW)
    address = reverse("assurance:scrutiny-read", args=[sent.pk])
    assert client_of(office).post(address).status_code == 403
    client = client_of(other_partner)
    assert client.post(address).url == given.record.get_absolute_url()
    sent.refresh_from_db()
    first = sent.read_at
    client.post(address)
    sent.refresh_from_db()
    assert (sent.read_by, sent.read_at) == (other_partner, first)


# All at a glance


def test_all_judgements_at_a_glance(client_of, office, given, given_of_own, assured, partnership):
    client = client_of(office)
    listing = reverse("assurance:scrutiny-list", args=[given.record.request_id, partnership.slug])
    taken = client.get(listing, {"export": "csv"}).content.decode("utf-8-sig")
    assert taken.splitlines() == [
        "Organisation,Given,Judgement,Judged,Comments,Actions,Organisation told",
        "Lantern Family Trust,2027-01-12,Not judged yet,,0,None,Not yet",
        "St Brannoc’s Hospital Trust,2027-01-12,Assured,2027-01-12,0,None,Not yet",
    ]
    left = client.get(listing, {"state": "left"}).context["table"].rows
    assert [row.record.organisation.name for row in left] == ["Lantern Family Trust"]


def test_the_requests_page_says_how_far_it_is(given, given_of_own, assured, office, scrutiny_chair, partner, levels):
    request = given.record.request
    for person in (office, scrutiny_chair):
        mine = scrutiny.section_of(request, person)["glances"][0]
        assert (mine.given, mine.judged, mine.left, mine.first_left) == (2, 1, 1, given_of_own.record_id)
        assert [(level.word, count) for level, count in mine.counts] == [
            ("Not assured", 0),
            ("Partly assured", 0),
            ("Assured", 1),
        ]
    assert scrutiny.section_of(request, partner)["glances"] == []


def test_the_groups_page_leads_to_what_is_left(client_of, scrutiny_chair, chair, given, given_of_own, assured, today):
    group = given.record.request.group
    panel = scrutiny.group_panel(group, scrutiny_chair, on=today)
    assert [(line["title"], line["given"], line["judged"]) for line in panel.values["waiting"]] == [
        ("Assurance return 2026 to 2027", 2, 1)
    ]
    assert scrutiny.group_panel(group, chair, on=today) is None


def test_what_the_address_narrows_to_is_read_in_a_row(client_of, office, given, given_of_own, levels, partnership):
    third = ReturnFactory(request=given.record.request, organisation=OrganisationFactory(name="Zeta"), submitted_at=NOW)
    give(third, partnership)
    ScrutinyFactory(record=given.record, partnership=partnership, level=levels["Assured"], judged_at=NOW)
    client = client_of(office)
    around = client.get(url(given_of_own)).context["around"]
    assert (around["before"], around["after"]["name"]) == (None, "St Brannoc’s Hospital Trust")
    around = client.get(url(given_of_own), {"state": "left"}).context["around"]
    assert (around["after"]["name"], around["left_count"], around["count"]) == ("Zeta", 2, 3)


@pytest.mark.parametrize("count", [10, 60])
def test_overview_query_count(client_of, office, given, levels, partnership, django_assert_num_queries, count):
    for number in range(count - 1):
        organisation = OrganisationFactory(name=f"Agency {number}")
        record = ReturnFactory(request=given.record.request, organisation=organisation, submitted_at=NOW)
        ReturnCopyFactory(record=record, partnership=partnership, taken_at=NOW)
        ScrutinyFactory(record=record, partnership=partnership, level=levels["Assured"], judged_at=NOW)
    client = client_of(office)
    listing = reverse("assurance:scrutiny-list", args=[given.record.request_id, partnership.slug])
    with django_assert_num_queries(16):
        client.get(listing)


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_count(client_of, office, given, given_of_own, assured, django_assert_num_queries, count):
    for _ in range(count):
        ScrutinyComment.objects.create(scrutiny=assured, text="Hm", said_by=office, said_at=NOW)
        scrutiny.follow_up(given.record, given.partnership, text=f"Do {_}", due_on=date(2027, 3, 1))
    client = client_of(office)
    with django_assert_num_queries(24):
        client.get(url(given))


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_begin_one(given, office):
    def begin():
        try:
            scrutiny.comment(given.record, given.partnership, text="Hm", by=office, at=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Scrutiny.objects.count(), ScrutinyComment.objects.count()) == (1, 1)
