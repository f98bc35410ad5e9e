"""Last year's plan goes into the next: decided row by row, by several people, and made once."""

import html
import re
import threading
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from partnership.forms import PlannerModelForm
from partnership.models import PostHolding
from plans import carrying
from plans.carrying import (
    CannotCarry,
    finish,
    follow,
    is_met,
    look_ahead,
    read_rows,
    suggest,
    tally,
    without_new_date,
)
from plans.models import Activity, CarryDecision, Deliverable, Plan, PlanComment, Priority, RationaleItem
from plans.writing import HasAnswers, delete_row
from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    MilestoneFactory,
    PlanFactory,
    PriorityFactory,
    PriorityReviewFactory,
    RationaleItemFactory,
    UpdateFactory,
)
from tests.plans.conftest import DECIDED_AT, carry, settle
from tests.plans.test_plan_page import add_deliverables, count_queries

pytestmark = pytest.mark.django_db

SEEN = re.compile(r'name="seen" value="([^"]*)"')


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


def row_url(plan, deliverable):
    return reverse("plans:carry-decide", args=[plan.pk, deliverable.pk])


def shown(client, url):
    """What a browser would send back for a row, unchanged: an unticked box sends nothing."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (None, False)}


def answer(client, plan, deliverable, **typed):
    """Send the row as it is shown but for ``typed``; None takes a tick away."""
    url = row_url(plan, deliverable)
    data = shown(client, url) | typed
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def rows_of(plan):
    """(ref, title, [(activity, timescale)]) of every row of a plan, in its order."""
    rows = Deliverable.objects.filter(priority__plan=plan).order_by("priority__position", "position")
    return [
        (row.full_ref, row.title, list(row.activities.order_by("position").values_list("text", "timescale_text")))
        for row in rows.select_related("priority")
    ]


# What is suggested, and why


def test_each_row_has_its_facts_and_a_suggestion(plan, following, past_update, today):
    babies, neglect = read_rows(plan, following, on=today)
    assert [
        (row.deliverable.full_ref, row.rating and row.rating.word, row.finished_count, row.suggested, row.difference)
        for priority in (babies, neglect)
        for row in priority.rows
    ] == [
        (
            "1.1",
            "Amber",
            1,
            ("carried", "1 of 2 activities not finished"),
            "Plans were in place in 14 of 20 cases.",
        ),
        ("1.2", None, 1, ("carried", "1 of 2 activities not finished"), ""),
        ("2.1", None, 0, ("carried", "2 of 2 activities not finished"), ""),
    ]
    first = babies.rows[0]
    assert [(each.activity.text, each.is_met, each.goes, each.needs_date) for each in first.activities] == [
        ("Agree one pre-birth checklist.", True, False, False),
        ("Try it in two maternity units.", False, True, True),
    ]
    assert first.activities[1].reading == "Needs a new date: 30 November 2026 is before the new plan begins"


def test_the_last_rating_speaks_before_the_milestones(ratings, led_deliverable):
    activities = list(led_deliverable.activities.all())
    assert suggest(activities, ratings["B"], "July to September 2026") == (
        "done",
        "Its last rating is Blue, in July to September 2026",
    )
    assert suggest(activities[:1], ratings["A"], "July to September 2026") == ("done", "All its milestones are met")
    assert suggest([], None, None) == ("carried", "Nothing says that it is done")


@pytest.mark.parametrize(
    ("kind", "days", "is_it"),
    [
        ("date", [(date(2026, 9, 30), date(2026, 9, 1))], True),
        ("dates", [(date(2026, 9, 30), date(2026, 9, 1)), (date(2026, 12, 31), None)], False),
        ("window", [(date(2026, 9, 1), None), (date(2026, 12, 31), date(2026, 12, 1))], True),
        ("window", [(date(2026, 9, 1), date(2026, 9, 1)), (None, None)], True),
        ("recurring", [(date(2026, 9, 30), date(2026, 9, 1))], False),
        ("continuous", [], False),
        ("unset", [], False),
    ],
)
def test_what_goes_on_or_has_no_day_is_never_at_its_end(led_deliverable, kind, days, is_it):
    activity = ActivityFactory(deliverable=led_deliverable, timescale_kind=kind)
    for position, (due_on, met_on) in enumerate(days):
        MilestoneFactory(activity=activity, position=position, due_on=due_on, met_on=met_on)
    assert is_met(activity) is is_it


@pytest.mark.parametrize(
    ("written", "due_on", "words", "found"),
    [
        ("by March 2028", date(2028, 3, 31), "by March 2028", (False, "We read this as due 31 March 2028")),
        ("by March 2029", date(2029, 3, 31), "by March 2029", (False, "We read this as due 31 March 2029")),
        (
            "March",
            date(2027, 3, 31),
            "March",
            (True, "Needs a new date: 31 March 2027 is before the new plan begins"),
        ),
        ("March", date(2027, 3, 31), "March 2028", (False, "We read this as due 31 March 2028")),
        ("March", date(2027, 3, 31), "June", (False, "We read this as due 30 June 2027")),
        (
            "March",
            date(2027, 3, 31),
            "May 2026",
            (True, "Needs a new date: 31 May 2026 is before the new plan begins"),
        ),
        ("March", date(2027, 3, 31), "", (False, "No date yet. Asked about each round")),
        ("March", date(2027, 3, 31), "ongoing", (False, "Never overdue. Asked about each round")),
    ],
)
def test_words_that_stay_keep_their_days_and_new_ones_are_read_in_the_new_plan(
    following, led_deliverable, written, due_on, words, found
):
    activity = ActivityFactory(deliverable=led_deliverable, timescale_text=written, timescale_kind="date")
    MilestoneFactory(activity=activity, due_on=due_on)
    assert look_ahead(activity, words, following) == found


def test_a_lead_whom_nobody_would_ask_is_marked(plan, following, shared_deliverable, group_deliverable, lead, today):
    group_deliverable.leads.update(group=None)
    post = plan.priorities.get(position=1).deliverables.get(position=1).leads.get().post
    PostHolding.objects.filter(post=post).delete()
    closed = shared_deliverable.leads.first().post
    closed.closed_on = today
    closed.save()
    rows = [row for priority in read_rows(plan, following, on=today) for row in priority.rows]
    assert [[(each.lead.text, each.trouble) for each in row.leads] for row in rows] == [
        [("Head of Midwifery", "nobody holds this post")],
        [("Chair, Learning and Development Subgroup", "not linked to a post or group yet")],
        [("Director of Early Help", "this post is closed"), ("Early Help Manager", "nobody holds this post")],
    ]


# Deciding


def test_each_row_is_kept_as_it_is_saved_and_nothing_is_made_yet(
    browser, plan, following, led_deliverable, group_deliverable, shared_deliverable, office
):
    trial = led_deliverable.activities.get(position=2)
    answer(browser, plan, led_deliverable, decision="carried", **{f"words_{trial.pk}": "by June 2027"})
    answer(browser, plan, group_deliverable, decision="done", difference="Fathers can say it back.")
    answer(browser, plan, shared_deliverable, decision="dropped", why="The money has ended.")
    assert list(
        CarryDecision.objects.order_by("deliverable__priority__position", "deliverable__position").values_list(
            "deliverable", "plan", "decision", "reason", "activities", "decided_by"
        )
    ) == [
        (
            led_deliverable.pk,
            following.pk,
            "carried",
            "",
            [{"activity": trial.pk, "timescale": "by June 2027"}],
            office.pk,
        ),
        (group_deliverable.pk, following.pk, "done", "Fathers can say it back.", [], office.pk),
        (shared_deliverable.pk, following.pk, "dropped", "The money has ended.", [], office.pk),
    ]
    assert following.priorities.count() == 0
    counted = tally(plan, following)
    assert (counted.words, counted.undecided, counted.made) == ("1 carried, 1 done, 1 dropped", 0, 0)


def test_what_was_decided_is_shown_again_to_whoever_goes_on(browser, plan, following, led_deliverable, office):
    checklist, trial = led_deliverable.activities.order_by("position")
    carry(led_deliverable, following, office, activities=[checklist], words={checklist.pk: "May 2027"})
    form = browser.get(row_url(plan, led_deliverable)).context["form"]
    assert [form[f"goes_{each.pk}"].value() for each in (checklist, trial)] == [True, False]
    assert [form[f"words_{each.pk}"].value() for each in (checklist, trial)] == ["May 2027", "by end of Nov 2026"]
    page = browser.get(f"{reverse('plans:plan-carry', args=[plan.pk])}?show=undecided")
    assert [row.deliverable.full_ref for each in page.context["priorities"] for row in each.rows] == ["1.2", "2.1"]


def test_what_difference_it_made_is_there_already_from_the_last_update_that_says_so(
    browser, plan, following, led_deliverable, past_update, round_open, ratings, lead
):
    UpdateFactory(
        deliverable=led_deliverable, round=round_open, rating=ratings["G"], difference_made="", submitted_by=lead
    )
    form = browser.get(row_url(plan, led_deliverable)).context["form"]
    assert form["difference"].value() == "Plans were in place in 14 of 20 cases."


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"decision": None}, {"decision": ["Choose what becomes of it: done, carried forward or dropped"]}),
        ({"decision": "perhaps"}, {"decision": ["Choose an answer from the list"]}),
        ({"decision": "dropped", "why": "  "}, {"why": ["Say why it is dropped. The yearly report says so"]}),
        (
            {"decision": "done", "difference": ""},
            {"difference": ["Say what difference it made, or that it is too early to say"]},
        ),
        (
            {"decision": "dropped", "why": "x" * 5001},
            {"why": ["Use 5000 characters or fewer. You have 5001"]},
        ),
    ],
)
def test_each_wrong_answer_gets_its_sentence_and_nothing_is_kept(
    browser, plan, following, led_deliverable, typed, errors
):
    response = answer(browser, plan, led_deliverable, **typed)
    assert (response.status_code, response.context["form"].errors) == (422, errors)
    assert CarryDecision.objects.count() == 0


def test_a_timescale_too_long_is_refused_where_it_stands(browser, plan, following, led_deliverable):
    trial = led_deliverable.activities.get(position=2)
    response = answer(browser, plan, led_deliverable, **{f"words_{trial.pk}": "x" * 4001})
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {f"words_{trial.pk}": ["Use 4000 characters or fewer"]},
    )


def test_another_plan_s_row_and_a_retired_one_are_not_there(browser, plan, following, led_deliverable):
    other = DeliverableFactory(priority=PriorityFactory(plan=following))
    assert browser.post(row_url(plan, other), {"decision": "done"}).status_code == 404
    Deliverable.objects.filter(pk=led_deliverable.pk).update(retired_on=date(2027, 1, 1))
    assert browser.post(row_url(plan, led_deliverable), {"decision": "done"}).status_code == 404


def test_an_activity_of_another_row_cannot_be_taken_along(
    browser, plan, following, led_deliverable, shared_deliverable
):
    other = shared_deliverable.activities.first()
    answer(browser, plan, led_deliverable, **{f"goes_{other.pk}": "on", f"words_{other.pk}": "June 2027"})
    going = CarryDecision.objects.get().activities
    assert [each["activity"] for each in going] == [led_deliverable.activities.get(position=2).pk]


def test_a_script_gets_the_row_alone(browser, plan, following, led_deliverable):
    url = row_url(plan, led_deliverable)
    response = browser.post(url, shown(browser, url), headers={"HX-Request": "true"})
    assert response.url == url
    response = browser.post(url, shown(browser, url))
    assert response.url == f"{reverse('plans:plan-carry', args=[plan.pk])}#row-{led_deliverable.pk}"


def test_a_promise_that_was_decided_is_retired_and_never_deleted(plan, following, shared_deliverable, office):
    settle(shared_deliverable, following, office)
    with pytest.raises(HasAnswers):
        delete_row(plan, shared_deliverable)


# Two people


def test_the_same_row_decided_meanwhile_shows_both(browser, plan, following, led_deliverable, advisor):
    url = row_url(plan, led_deliverable)
    mine = shown(browser, url) | {"decision": "dropped", "why": "No money."}
    settle(led_deliverable, following, advisor, reason="It is in use.")
    response = browser.post(url, mine)
    kept = CarryDecision.objects.get()
    assert (response.status_code, kept.decision, kept.reason) == (409, "done", "It is in use.")
    assert "It now says “Done”" in response.context["form"].errors["decision"][0]
    again = mine | {"seen": response.context["form"]["seen"].value()}
    assert browser.post(url, again).status_code == 302
    kept.refresh_from_db()
    assert (kept.decision, kept.reason) == ("dropped", "No money.")


def race(plan, deliverables, user):
    """Twelve people decide these rows at once, each having read before any wrote; gives the answers."""
    answers, ready = [], threading.Barrier(12)

    def press(number):
        try:
            client = Client()
            client.force_login(user)
            url = row_url(plan, deliverables[number % len(deliverables)])
            seen = html.unescape(SEEN.search(client.get(url).content.decode())[1])
            ready.wait(timeout=30)
            why = f"Because of {number}"
            answers.append((number, client.post(url, {"decision": "dropped", "why": why, "seen": seen}).status_code))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_twelve_at_once_one_a_row_is_kept_and_nobody_is_overwritten_unseen(plan, following, office):
    deliverables = list(Deliverable.objects.filter(priority__plan=plan))
    answers = race(plan, deliverables, office)
    accepted = [number for number, status in answers if status == 302]
    assert (len(accepted), sorted({status for _, status in answers})) == (3, [302, 409])
    assert sorted(CarryDecision.objects.values_list("reason", flat=True)) == sorted(
        f"Because of {number}" for number in accepted
    )


@pytest.mark.django_db(transaction=True)
def test_the_control_without_the_guard_words_are_lost(plan, following, office, monkeypatch):
    monkeypatch.setattr(PlannerModelForm, "_merge", lambda form, token: None)
    answers = race(plan, list(Deliverable.objects.filter(priority__plan=plan)), office)
    assert [status for _, status in answers] == [302] * 12


# The rows of the next plan


def test_what_is_carried_stands_in_the_new_plan_with_all_that_belongs_to_it(
    plan, decided, group_deliverable, shared_deliverable
):
    Priority.objects.filter(plan=plan, position=2).update(joint_with="Adults board", note="Shared.")
    RationaleItemFactory(
        priority=plan.priorities.get(position=2), text="A duty", source_key="rule:1", source_label="Act"
    )
    assert finish(plan, decided).words == "2 carried, 1 done, 0 dropped"
    assert rows_of(decided) == [
        ("1.1", "Safer sleep advice that reaches fathers", [("Run the winter campaign.", "Dec 2027 and Feb 2028")]),
        (
            "2.1",
            "Families get help before neglect becomes harm",
            [("Every school uses the guide.", "ongoing"), ("Agree what happens when a family says no to help.", "tbc")],
        ),
    ]
    babies, neglect = decided.priorities.order_by("position")
    assert [(each.carried_from.plan_id, each.ref, each.title) for each in (babies, neglect)] == [
        (plan.pk, "1", "Babies: a safe first year"),
        (plan.pk, "2", "Seeing neglect early"),
    ]
    assert (neglect.joint_with, neglect.note) == ("Adults board", "Shared.")
    assert list(neglect.rationale.values_list("text", "source_key", "source_label")) == [("A duty", "rule:1", "Act")]
    assert list(babies.outcomes.values_list("text", flat=True)) == ["Babies are safe in their first year."]
    carried = neglect.deliverables.get()
    assert carried.carried_from == shared_deliverable
    assert list(carried.leads.values_list("partnership", "text", "post")) == list(
        shared_deliverable.leads.values_list("partnership", "text", "post")
    )
    campaign = babies.deliverables.get().activities.get()
    assert list(campaign.milestones.values_list("due_on", "met_on")) == [
        (date(2027, 12, 31), None),
        (date(2028, 2, 29), None),
    ]


def test_refs_are_numbered_anew_and_odd_ones_stay(plan, following, office, group_deliverable, shared_deliverable):
    hearing = PriorityFactory(plan=plan, position=0, ref="", title="All priorities", is_cross_cutting=True)
    odd = DeliverableFactory(priority=hearing, position=1, ref="C.1", title="Answer every child")
    Deliverable.objects.filter(pk=shared_deliverable.pk).update(ref="2.7")
    Plan.objects.get(pk=plan.pk).priorities.get(position=1).deliverables.exclude(pk=group_deliverable.pk).delete()
    for row in (odd, shared_deliverable):
        carry(row, following, office)
    settle(group_deliverable, following, office)
    finish(plan, following)
    assert [(ref, title) for ref, title, _ in rows_of(following)] == [
        ("C.1", "Answer every child"),
        ("1.1", "Families get help before neglect becomes harm"),
    ]


def test_words_that_stay_keep_what_was_met_and_come_back_as_needing_a_date(
    plan, following, office, group_deliverable, led_deliverable
):
    carry(group_deliverable, following, office)
    carry(led_deliverable, following, office)
    finish(plan, following)
    campaign = Activity.objects.get(deliverable__carried_from=group_deliverable)
    assert list(campaign.milestones.values_list("due_on", "met_on")) == [
        (date(2026, 12, 31), date(2026, 12, 15)),
        (date(2027, 2, 28), None),
    ]
    assert [each.text for each in without_new_date(following)] == [
        "Try it in two maternity units.",
        "Run the winter campaign.",
    ]


def test_pressed_twice_it_makes_the_same_plan(browser, plan, decided):
    url = reverse("plans:carry-finish", args=[plan.pk])
    first = browser.post(url)
    made = rows_of(decided)
    second = browser.post(url)
    assert (first.url, second.url, rows_of(decided)) == (decided.get_absolute_url(), decided.get_absolute_url(), made)
    assert len(made) == 2


def test_a_row_taken_out_of_the_draft_is_not_made_again(plan, decided, group_deliverable):
    finish(plan, decided)
    Deliverable.objects.filter(carried_from=group_deliverable).delete()
    finish(plan, decided)
    assert [ref for ref, *_ in rows_of(decided)] == ["2.1"]


def test_dying_half_way_leaves_nothing_half(plan, decided, shared_deliverable, monkeypatch):
    make, made = carrying._make_row, []

    def die_at_the_second(decision):
        if made:
            raise ConnectionError
        made.append(make(decision))

    monkeypatch.setattr(carrying, "_make_row", die_at_the_second)
    with pytest.raises(ConnectionError):
        finish(plan, decided)
    assert (len(made), decided.priorities.count(), Deliverable.objects.filter(priority__plan=decided).count()) == (
        1,
        0,
        0,
    )


@pytest.mark.django_db(transaction=True)
def test_pressed_by_six_at_once_it_makes_each_row_once(plan, decided, office):
    ready = threading.Barrier(6)

    def press():
        try:
            client = Client()
            client.force_login(office)
            ready.wait(timeout=30)
            client.post(reverse("plans:carry-finish", args=[plan.pk]))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ref for ref, *_ in rows_of(decided)] == ["1.1", "2.1"]


def test_a_draft_that_has_rows_of_its_own_keeps_them_and_gets_the_carried_ones_below(plan, decided):
    own = PriorityFactory(plan=decided, position=1, ref="1", title="Something new")
    finish(plan, decided)
    assert list(decided.priorities.order_by("position").values_list("ref", "title")) == [
        ("1", own.title),
        ("2", "Babies: a safe first year"),
        ("3", "Seeing neglect early"),
    ]


# Changing one's mind


def test_before_the_rows_are_made_a_mind_is_changed_freely(browser, plan, decided, shared_deliverable):
    answer(browser, plan, shared_deliverable, decision="dropped", why="No money.")
    finish(plan, decided)
    assert [ref for ref, *_ in rows_of(decided)] == ["1.1"]


def test_afterwards_the_draft_follows_at_once(plan, decided, office, led_deliverable, shared_deliverable):
    finish(plan, decided)
    settle(shared_deliverable, decided, office, decision="dropped", reason="No money.")
    carry(led_deliverable, decided, office)
    assert rows_of(decided) == [
        ("1.1", "Safer sleep advice that reaches fathers", [("Run the winter campaign.", "Dec 2027 and Feb 2028")]),
        (
            "1.2",
            "A shared plan with every family before a birth",
            [("Try it in two maternity units.", "by end of Nov 2026")],
        ),
    ]


def test_other_activities_go_along_after_all(plan, decided, office, group_deliverable):
    finish(plan, decided)
    carry(group_deliverable, decided, office, activities=list(group_deliverable.activities.order_by("position")))
    assert [text for text, _ in rows_of(decided)[0][2]] == ["Write a ten-minute briefing.", "Run the winter campaign."]


def edit_title(row, office):
    Deliverable.objects.filter(pk=row.pk).update(title="Our own words")


def edit_activity(row, office):
    row.activities.update(timescale_text="May 2027")


def edit_leads(row, office):
    row.leads.update(text="Somebody else")


def retire(row, office):
    Deliverable.objects.filter(pk=row.pk).update(retired_on=date(2027, 1, 12))


def comment(row, office):
    plan = row.priority.plan
    version = plan.versions.create(
        number="0.1", stage="consultation", snapshot={}, sha256="", made_by=office, made_at=DECIDED_AT
    )
    PlanComment.objects.create(
        plan=plan, version=version, deliverable=row, about="1.1", text="Why?", made_by=office, made_at=DECIDED_AT
    )


@pytest.mark.parametrize("work", [edit_title, edit_activity, edit_leads, retire, comment])
def test_a_row_that_somebody_worked_on_is_not_taken_away(browser, plan, decided, office, group_deliverable, work):
    finish(plan, decided)
    row = Deliverable.objects.get(carried_from=group_deliverable)
    work(row, office)
    response = answer(browser, plan, group_deliverable, decision="dropped", why="No money.")
    assert (response.status_code, response.context["form"].errors["decision"]) == (
        422,
        [
            "1.1 of “Business plan 2027 to 2028” was changed after it was carried over. "
            "Change it there, or take it out there first."
        ],
    )
    assert Deliverable.objects.filter(pk=row.pk).exists()
    assert CarryDecision.objects.get(deliverable=group_deliverable).decision == "carried"


def test_once_the_next_plan_is_approved_what_was_decided_stands(browser, plan, decided, office, led_deliverable):
    url = row_url(plan, led_deliverable)
    mine = shown(browser, url) | {"decision": "dropped", "why": "No money."}
    finish(plan, decided)
    Plan.objects.filter(pk=decided.pk).update(status="approved")
    response = browser.post(url, mine)
    assert (response.status_code, CarryDecision.objects.get(deliverable=led_deliverable).decision) == (409, "done")
    assert "is approved, so what was decided stands" in response.content.decode()
    assert "carry-form" not in browser.get(reverse("plans:plan-carry", args=[plan.pk])).content.decode()
    with pytest.raises(CannotCarry):
        finish(plan, decided)


# Priorities by themselves


def test_a_priority_goes_along_by_its_own_tick(browser, plan, following):
    neglect = plan.priorities.get(position=2)
    url = reverse("plans:carry-priority", args=[plan.pk, neglect.pk])
    browser.post(url, {"do": "take"})
    browser.post(url, {"do": "take"})
    assert list(following.priorities.values_list("title", "carried_from")) == [(neglect.title, neglect.pk)]
    browser.post(url, {"do": "leave"})
    browser.post(url, {"do": "leave"})
    assert following.priorities.count() == 0


def test_ticked_priorities_stand_in_the_old_order_at_the_end(plan, decided, office):
    for position, title in ((4, "Last"), (3, "Third")):
        carrying.take_priority(PriorityFactory(plan=plan, position=position, ref=str(position), title=title), decided)
    finish(plan, decided)
    assert list(decided.priorities.order_by("position").values_list("ref", "title")) == [
        ("1", "Babies: a safe first year"),
        ("2", "Seeing neglect early"),
        ("3", "Third"),
        ("4", "Last"),
    ]


def test_a_priority_that_somebody_worked_on_is_not_left_behind(browser, plan, following):
    neglect = plan.priorities.get(position=2)
    url = reverse("plans:carry-priority", args=[plan.pk, neglect.pk])
    browser.post(url, {"do": "take"})
    following.priorities.update(title="Our own words")
    response = browser.post(url, {"do": "leave"}, follow=True)
    assert "“Our own words” was worked on in the new plan. Take it out there." in response.content.decode()
    assert following.priorities.count() == 1


# Into which plan


def test_a_draft_that_is_there_can_be_chosen(browser, plan, draft_plan):
    url = reverse("plans:plan-carry", args=[plan.pk])
    response = browser.post(url, {"into": draft_plan.pk})
    assert (response.url, plan.continued_by.get()) == (url, draft_plan)


def test_a_plan_that_follows_another_or_is_no_draft_is_not_offered(browser, plan, following):
    partnerships = list(plan.partnerships.all())
    later = PlanFactory(
        starts_on=date(2028, 4, 1), ends_on=date(2029, 3, 31), status="draft", partnerships=partnerships
    )
    with pytest.raises(CannotCarry):
        follow(plan, later)
    other = PlanFactory(starts_on=date(2024, 4, 1), ends_on=date(2025, 3, 31), partnerships=partnerships)
    response = browser.post(reverse("plans:plan-carry", args=[other.pk]), {"into": following.pk})
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"into": ["This plan is approved already, or follows another. Choose from the list"]},
    )


# What should inform priorities


def test_what_should_inform_priorities_stands_beside(
    client_of,
    office,
    plan,
    following,
    round_past,
    review_proposed,
    past_update,
    ratings,
    executive_chair,
    voice_entry,
    draft_return,
):
    review_proposed.decided_rating = ratings["R"]
    review_proposed.decided_by, review_proposed.decided_at = executive_chair, DECIDED_AT
    review_proposed.decision_reason = "The second unit has not begun."
    review_proposed.save()
    green = PriorityReviewFactory(
        priority=plan.priorities.get(position=2),
        round=round_past,
        proposed_rating=ratings["G"],
        decided_rating=ratings["G"],
        proposed_at=DECIDED_AT,
        decided_at=DECIDED_AT,
    )
    page = client_of(office).get(reverse("plans:plan-carry", args=[plan.pk]))
    found = [(each.heading, each.text) for each, _linked in page.context["informants"]]
    assert found[:4] == [
        ("Judged at risk or off track", "Red in Jul–Sep. The second unit has not begun."),
        ("Late or silent", "A shared plan with every family before a birth: a milestone is missed"),
        ("Late or silent", "Safer sleep advice that reaches fathers: nothing was heard in Jul–Sep"),
        ("Late or silent", "Families get help before neglect becomes harm: nothing was heard in Jul–Sep"),
    ]
    assert ("What children and families said", f"{voice_entry.who}: {voice_entry.said}") in found
    assert str(green.priority) not in str(found)


def test_a_priority_is_started_from_what_informs_it_and_stays_linked(
    browser, plan, following, round_past, past_update, led_deliverable
):
    key = f"deliverable:{led_deliverable.pk}"
    url = f"{reverse('plans:carry-priority-start', args=[plan.pk])}?key={key}"
    reason = browser.get(url).context["form"]["reason"].value()
    assert browser.post(url, {"title": "", "reason": reason}).status_code == 422
    browser.post(url, {"title": "Midwives who know the family", "reason": reason})
    item = RationaleItem.objects.get(priority__plan=following)
    assert (item.priority.title, item.text, item.source_key, item.source_label) == (
        "Midwives who know the family",
        "A shared plan with every family before a birth: a milestone is missed",
        key,
        str(led_deliverable),
    )
    page = browser.get(reverse("plans:plan-carry", args=[plan.pk]))
    assert [informant.key for informant, is_linked in page.context["informants"] if is_linked] == [key]
    gone = browser.get(url.replace(key, "voice:999"), follow=True)
    assert "not in this list any more" in gone.content.decode()


# It does not grow with its rows


def test_the_page_takes_as_many_queries_for_60_promises_as_for_3(browser, plan, following, office, ratings, round_past):
    url = reverse("plans:plan-carry", args=[plan.pk])
    carry(plan.priorities.get(position=1).deliverables.get(position=1), following, office)
    at_3 = count_queries(browser, url)
    add_deliverables(plan, 57)
    for row in Deliverable.objects.filter(priority__plan=plan, title__startswith="Promise 1"):
        carry(row, following, office)
    assert count_queries(browser, url) == at_3
    finish(plan, following)
    assert count_queries(browser, url) == at_3
    assert at_3 <= 32
