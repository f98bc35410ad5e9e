"""Where a plan's reasons come from: offered to whoever may see it, shown in words, opened by nobody else."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from partnership.models import MeetingDecision
from plans.models import RationaleItem
from plans.snapshots import table_of, take_snapshot
from plans.sources import NotFound, Offers, addresses, offered
from tests.factories import MeetingFactory, RationaleItemFactory, VoiceEntryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def voice(partnership):
    return VoiceEntryFactory(partnerships=[partnership], is_public=True, heard_on=date(2026, 6, 3))


@pytest.fixture
def decision(executive):
    meeting = MeetingFactory(group=executive, meets_on=date(2026, 5, 12), status="held")
    return MeetingDecision.objects.create(meeting=meeting, ref="D1", text="Babies come first next year.")


@pytest.fixture
def secret(case_meeting):
    return MeetingDecision.objects.create(meeting=case_meeting, ref="D9", text="Canary: a review will begin.")


@pytest.fixture
def judged(review_proposed, ratings, executive_chair):
    review_proposed.decided_rating = ratings["R"]
    review_proposed.decision_reason = "Not yet."
    review_proposed.decided_by = executive_chair
    review_proposed.decided_at = datetime(2026, 11, 5, 16, 0, tzinfo=UTC)
    review_proposed.save()
    return review_proposed


@pytest.fixture
def babies(plan):
    return plan.priorities.get(position=1)


@pytest.fixture
def url(plan, babies):
    return reverse("plans:priority-sources", args=[plan.pk, babies.pk])


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


def send(browser, url, number=0, **typed):
    """Send the page's rows back with ``typed`` over the one of that number."""
    rows = browser.get(url).context["rows"]
    data = {f"{rows.prefix}-{name}": rows.management_form[name].value() for name in rows.management_form.fields}
    for place, form in enumerate(rows.forms):
        shown = {form.add_prefix(name): form[name].value() or "" for name in form.fields}
        data |= shown | ({form.add_prefix(name): value for name, value in typed.items()} if place == number else {})
    return browser.post(url, {name: str(value) for name, value in data.items()})


NAME_OF_VOICE = "A group of young parents, June 2026: Nobody asked me what worried me."


def test_records_of_every_app_are_offered_by_name(office, plan, voice, decision, judged):
    told = [(source.kind, source.label, source.name) for source in offered(office, plan.partnership_ids)]
    assert told == [
        ("What was said", "A group of young parents, June 2026", NAME_OF_VOICE),
        (
            "Judgement on a priority",
            "Priority 1 in July to September 2026: red",
            "Priority 1 in July to September 2026: red: Babies: a safe first year",
        ),
        (
            "Decision of a meeting",
            "Executive, 12 May 2026, decision D1",
            "Executive, 12 May 2026, decision D1: Babies come first next year.",
        ),
    ]


def test_what_may_not_be_named_in_public_is_not_offered(office, plan, partnership):
    VoiceEntryFactory(partnerships=[partnership], is_public=False)
    assert offered(office, plan.partnership_ids) == []


def test_a_case_review_group_s_decision_is_offered_to_nobody(office, case_group_member, plan, secret, decision):
    for person in (office, case_group_member):
        keys = [source.key for source in offered(person, plan.partnership_ids)]
        assert keys == [f"decision:{decision.pk}"]
        assert addresses(person, plan.partnership_ids, [f"decision:{secret.pk}"]) == {}


@pytest.mark.parametrize("typed", ["decision:{pk}", "Canary", "Case Review Group, Ashford Vale", "a review will begin"])
def test_a_case_review_group_s_decision_cannot_be_linked_by_its_key(browser, url, babies, secret, decision, typed):
    typed = typed.format(pk=secret.pk)
    response = send(browser, url, source=typed)
    assert response.status_code == 422
    assert response.context["rows"].errors[0]["source"][0].startswith(f"Nothing here is called “{typed}”")
    assert babies.rationale.get().source_key == ""


def test_a_key_that_was_forged_into_the_record_opens_nothing(client_of, office, plan, babies, secret):
    babies.rationale.update(source_key=f"decision:{secret.pk}", source_label="A decision")
    page = client_of(office).get(plan.get_absolute_url()).content.decode()
    assert "From A decision" in page
    assert reverse("partnership:meeting-detail", args=[secret.meeting_id]) not in page


def test_nothing_of_another_partnership_is_offered(office, stranger, plan, voice, decision):
    assert offered(stranger, plan.partnership_ids) == []
    assert len(offered(office, plan.partnership_ids)) == 2


def test_a_source_is_found_by_any_words_that_fit_it_alone(office, plan, partnership, voice, decision):
    VoiceEntryFactory(partnerships=[partnership], is_public=True, heard_on=date(2026, 7, 1))
    offers = Offers(office, plan.partnership_ids)
    assert offers.find("babies FIRST").key == f"decision:{decision.pk}"
    assert offers.find(NAME_OF_VOICE).key == f"voice:{voice.pk}"
    with pytest.raises(NotFound, match="More than one fits “young parents”: A group of young parents, July 2026"):
        offers.find("young parents")
    with pytest.raises(NotFound, match="Nothing here is called “a unicorn”"):
        offers.find("a unicorn")


def test_the_office_says_where_a_reason_comes_from(browser, plan, url, babies, decision):
    assert send(browser, url, source="babies come first").status_code == 302
    reason = babies.rationale.get()
    assert (reason.source_key, reason.source_label) == (
        f"decision:{decision.pk}",
        "Executive, 12 May 2026, decision D1",
    )
    page = browser.get(plan.get_absolute_url()).content.decode()
    assert reverse("partnership:meeting-detail", args=[decision.meeting_id]) in page


def test_the_public_reads_the_label_as_it_was_written_and_no_link(browser, plan, url, babies, decision):
    send(browser, url, source="babies come first", source_label="The Executive’s choice")
    decision.text = "Something else entirely."
    decision.save()
    reason = table_of(take_snapshot(plan), on=plan.starts_on).priorities[0].rationale[0]
    assert (reason, reason.source, reason.url) == (
        "Most serious incidents were to babies.",
        "The Executive’s choice",
        "",
    )


def test_the_link_is_for_those_who_may_see_the_record(client_of, browser, plan, url, babies, partner, decision):
    send(browser, url, source="babies come first")
    address = reverse("partnership:meeting-detail", args=[decision.meeting_id])
    decision.meeting.group.partnerships.clear()
    page = client_of(partner).get(plan.get_absolute_url()).content.decode()
    assert ("decision D1" in page, address in page) == (True, False)


def test_a_link_stays_while_nobody_touches_it_and_goes_when_emptied(browser, url, babies, voice):
    babies.rationale.update(source_key="voice:999999", source_label="What we heard")
    send(browser, url, source_label="What children said")
    reason = babies.rationale.get()
    assert (reason.source_key, reason.source_label) == ("voice:999999", "What children said")
    send(browser, url, source="")
    reason.refresh_from_db()
    assert (reason.source_key, reason.source_label) == ("", "What children said")


def test_words_alone_may_be_a_source(browser, url, babies):
    send(browser, url, source_label="Inspection of 2025")
    reason = babies.rationale.get()
    assert (reason.source_key, reason.source_label) == ("", "Inspection of 2025")


def test_a_label_that_is_too_long_comes_back(browser, url, babies):
    response = send(browser, url, source_label="x" * 161)
    assert response.context["rows"].errors[0]["source_label"] == ["Use 160 characters or fewer. You have 161"]


def test_a_reason_of_another_priority_is_not_changed_here(browser, plan, url, babies):
    other = RationaleItemFactory(priority=plan.priorities.get(position=2), position=1, text="Other")
    response = send(browser, url, id=other.pk, source_label="Mine")
    other.refresh_from_db()
    assert (response.status_code, other.source_label) == (422, "")


def test_another_plan_s_priority_is_not_there(browser, draft_plan, babies):
    assert browser.get(reverse("plans:priority-sources", args=[draft_plan.pk, babies.pk])).status_code == 404


def test_two_at_once_see_both(browser, url, babies):
    rows = browser.get(url).context["rows"]
    form = rows.forms[0]
    data = {f"{rows.prefix}-{name}": rows.management_form[name].value() for name in rows.management_form.fields}
    data |= {form.add_prefix(name): str(form[name].value() or "") for name in form.fields}
    RationaleItem.objects.filter(pk=form.instance.pk).update(source_label="Theirs")
    response = browser.post(url, data | {form.add_prefix("source_label"): "Mine"})
    assert (response.status_code, babies.rationale.get().source_label) == (409, "Theirs")


def test_the_page_takes_as_many_queries_for_ten_reasons_as_for_one(
    browser, url, babies, voice, django_assert_max_num_queries
):
    with django_assert_max_num_queries(60) as at_one:
        browser.get(url)
    for n in range(9):
        RationaleItemFactory(priority=babies, position=2 + n, text=f"Reason {n}")
    with django_assert_max_num_queries(len(at_one)):
        browser.get(url)
