"""The pages of drift and of the pictures: real rows, one step a line, and as many queries for sixty rows as for ten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from partnership.models import Reminder
from plans.models import DateMove, DriftNote
from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    MilestoneFactory,
    OutcomeStatementFactory,
    PriorityFactory,
    PriorityReviewFactory,
    UpdateFactory,
    UpdateRoundFactory,
)
from tests.plans.test_plan_page import count_queries


def url(name, *args):
    return reverse(f"plans:{name}", args=args)


@pytest.fixture
def rounds(plan, round_past):
    """Two rounds that are over: April to June, July to September 2026."""
    spring = UpdateRoundFactory(
        plan=plan,
        name="April to June 2026",
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
        opens_on=date(2026, 7, 1),
        closes_on=date(2026, 7, 22),
    )
    return [spring, round_past]


def told(page):
    """[(kind, what, the step's label, its address, what it sends)] of the page's lines."""
    return [
        (line.kind.code, line.what, line.step.label, line.step.url, line.step.data)
        for _kind, lines in page.context["kinds"]
        for line in lines
    ]


def test_each_line_has_one_step_that_can_be_taken(
    client_of,
    office,
    plan,
    rounds,
    round_open,
    led_deliverable,
    group_deliverable,
    shared_deliverable,
    ratings,
    lead,
    chair,
):
    UpdateFactory(deliverable=led_deliverable, round=rounds[1], rating=ratings["G"], submitted_by=lead)
    babies, neglect = plan.priorities.order_by("position")
    sleep, early_help = group_deliverable, shared_deliverable
    outcomes = [priority.outcomes.get() for priority in (babies, neglect)]
    director = early_help.leads.get(position=1)
    assert told(client_of(office).get(url("drift-list", plan.pk))) == [
        ("silent", "1.2 Safer sleep advice that reaches fathers", "Chase the lead",
         url("round-chase", round_open.pk), {"who": f"person-{chair.pk}"}),
        ("nobody", "2.1 Families get help before neglect becomes harm", "Fill the post",
         reverse("partnership:post-appoint", args=[director.post_id]), None),
        ("well-but-late", "1.1 A shared plan with every family before a birth", "Open the update",
         url("deliverable-update", led_deliverable.pk), None),
        *[
            ("unjudged", outcome.text, "Judge the outcome", url("outcome-judge", outcome.pk), None)
            for outcome in outcomes
        ],
    ]  # fmt: skip
    assert sleep.leads.get().group_id


def test_the_press_chases_the_silent_lead(
    client_of, office, plan, rounds, round_open, chair, group_deliverable, django_capture_on_commit_callbacks
):
    desk = client_of(office)
    lines = told(desk.get(url("drift-list", plan.pk)))
    [silent] = [each for each in lines if each[:2] == ("silent", str(group_deliverable))]
    with django_capture_on_commit_callbacks():
        response = desk.post(silent[3], silent[4])
    assert (response.status_code, response.url) == (302, round_open.get_absolute_url())
    asked = Reminder.objects.filter(deadline_key__startswith=f"update:{round_open.pk}:")
    assert [(each.recipient, each.deadline_key.endswith(f":{group_deliverable.pk}")) for each in asked] == [
        (chair, True)
    ]


def test_nothing_drifts_in_a_plan_that_does_not_run(client_of, office, draft_plan):
    page = client_of(office).get(url("drift-list", draft_plan.pk))
    assert told(page) == []
    assert "This plan is not running" in page.content.decode()


# Set aside


@pytest.fixture
def vacancy(plan, shared_deliverable):
    return f"nobody:{shared_deliverable.pk}"


def typed(reason="They begin in March.", until=date(2027, 3, 31)):
    return {"reason": reason, "until_day": until.day, "until_month": until.month, "until_year": until.year}


def test_a_line_is_set_aside_with_a_reason_and_comes_back_after_its_day(client_of, office, advisor, plan, vacancy):
    desk, page = client_of(office), url("drift-list", plan.pk)
    assert [each[0] for each in told(desk.get(page))] == ["nobody"]
    assert desk.post(url("drift-set-aside", plan.pk, vacancy), typed()).status_code == 302
    assert told(desk.get(page)) == []
    assert "They begin in March." in client_of(advisor).get(page).content.decode()
    note = DriftNote.objects.get()
    assert (note.key, note.until, note.set_by) == (vacancy, date(2027, 3, 31), office)
    DriftNote.objects.update(until=date(2027, 1, 11))
    assert [each[0] for each in told(desk.get(page))] == ["nobody"]


def test_a_line_is_put_back_on_the_list_and_twice_does_no_harm(client_of, office, plan, vacancy):
    desk = client_of(office)
    desk.post(url("drift-set-aside", plan.pk, vacancy), typed())
    for _again in range(2):
        assert desk.post(url("drift-take-back", plan.pk, vacancy)).status_code == 302
    assert not DriftNote.objects.exists()


def test_set_aside_twice_leaves_one_note_with_the_later_word(client_of, office, plan, vacancy):
    desk = client_of(office)
    desk.post(url("drift-set-aside", plan.pk, vacancy), typed())
    desk.post(url("drift-set-aside", plan.pk, vacancy), typed("In April.", date(2027, 4, 30)))
    assert [(note.reason, note.until) for note in DriftNote.objects.all()] == [("In April.", date(2027, 4, 30))]


@pytest.mark.parametrize(
    ("answer", "field", "said"),
    [
        (typed(reason=" "), "reason", "Say why this can wait"),
        (typed(until=date(2027, 1, 12)), "until", "Enter a day after today"),
        (typed(until=date(2029, 1, 12)), "until", "Enter a day within a year from today"),
        (typed(reason="x" * 1001), "reason", "Use 1000 characters or fewer"),
    ],
)
def test_a_bad_answer_is_said_at_its_field_and_nothing_is_kept(client_of, office, plan, vacancy, answer, field, said):
    response = client_of(office).post(url("drift-set-aside", plan.pk, vacancy), answer)
    assert response.status_code == 422
    assert said in str(response.context["form"].errors[field])
    assert not DriftNote.objects.exists()


# Pictures


def test_the_pictures_tell_in_words_what_they_show(
    client_of, lead, plan, review_proposed, past_update, led_deliverable, office
):
    trial = led_deliverable.activities.get(position=2)
    DateMove.objects.create(
        update=past_update, activity=trial, before_text="Oct 2026", before_due_on=date(2026, 10, 31),
        after_text="by end of Nov 2026", after_due_on=date(2026, 11, 30), reason="Two left.", is_agreed=True,
        decided_by=office, decided_at=datetime(2026, 10, 12, tzinfo=UTC),
    )  # fmt: skip
    page = client_of(lead).get(url("plan-pictures", plan.pk))
    rows = [row for _aim, rows in page.context["timeline"].groups for row in rows]
    assert [row.words for row in rows] == [
        "1.1 A shared plan with every family before a birth. Amber. One of two milestones met, "
        "one late, the first was due 30 November 2026, one date moved.",
        "1.2 Safer sleep advice that reaches fathers. Not rated. Two of three milestones met, next 28 February 2027.",
        "2.1 Families get help before neglect becomes harm. Not rated. No milestone has a date.",
    ]
    assert [point.kind for point in rows[0].points] == ["left", "met", "late"]
    assert [cell.words for row in page.context["glance_rows"] for cell in row.cells] == ["Amber, proposed", "Not rated"]
    assert page.context["completion"].words == "By 12 January 2027, four of five milestones were due and three are met."


def test_a_plan_with_nothing_yet_teaches_what_will_stand_there(client_of, office, draft_plan):
    page = client_of(office).get(url("plan-pictures", draft_plan.pk)).content.decode()
    assert "This plan has no priorities yet" in page
    PriorityFactory(plan=draft_plan)
    page = client_of(office).get(url("plan-pictures", draft_plan.pk)).content.decode()
    assert "No ratings yet" in page
    assert "Nothing has a date yet" in page


def test_no_style_or_script_is_written_into_the_drawings(client_of, office, plan, review_proposed):
    page = client_of(office).get(url("plan-pictures", plan.pk)).content.decode()
    assert " style=" not in page
    assert page.count('role="img"') == 4  # three deliverables and the completion


# Queries


def fill(plan, rounds, ratings, by, *, count, position):
    """A priority of ``count`` deliverables, each with leads, updates, milestones, a moved date; reviewed, judged."""
    priority = PriorityFactory(plan=plan, position=position, ref=str(position))
    OutcomeStatementFactory(priority=priority, position=1)
    for round in rounds:
        PriorityReviewFactory(
            priority=priority, round=round, proposed_rating=ratings["A"], proposed_by=by, proposed_at=round_day(round)
        )
    for n in range(count):
        row = DeliverableFactory(priority=priority, position=n)
        DeliverableLeadFactory(deliverable=row)
        activity = ActivityFactory(deliverable=row)
        MilestoneFactory(activity=activity, due_on=date(2026, 12, 1))
        for round in rounds:
            update = UpdateFactory(deliverable=row, round=round, rating=ratings["R"], submitted_by=by)
            DateMove.objects.create(update=update, activity=activity, after_text="Later", reason="Why not")


def round_day(round):
    return datetime.combine(round.closes_on, datetime.min.time(), UTC) + timedelta(hours=9)


def test_drift_standstill_and_pictures_take_as_many_queries_for_sixty_deliverables_as_for_ten(
    client_of, office, plan, rounds, round_open, ratings, lead
):
    desk = client_of(office)
    pages = [url(name, plan.pk) for name in ("drift-list", "standstill", "plan-pictures", "standstill-word")]
    counts = []
    for count in (10, 50):
        fill(plan, rounds, ratings, lead, count=count, position=10 + count)
        counts.append([count_queries(desk, page) for page in pages])
    assert counts[0] == counts[1]
    UpdateRoundFactory(plan=plan, name="A fourth", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31),
                       opens_on=date(2026, 4, 1), closes_on=date(2026, 4, 22))  # fmt: skip
    assert [count_queries(desk, page) for page in pages] == counts[0]
    assert counts[0][0] <= 16
