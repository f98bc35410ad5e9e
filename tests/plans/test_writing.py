"""The plan's table is written in its place: cells, rows, undo, two people at once."""

import html
import re
import threading
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from partnership.forms import PlannerModelForm
from plans.cells import CELLS
from plans.models import Activity, Deliverable, Plan, Priority, RationaleItem
from plans.table import read_table
from plans.writing import HasAnswers, add_rows, copy_row, delete_row, move_row, restore_row, retire_row

pytestmark = pytest.mark.django_db

SEEN = re.compile(r'name="seen" value="([^"]*)"')


def cell_url(plan, row, cell):
    return reverse("plans:cell-change", args=[plan.pk, row._meta.model_name, row.pk, cell])


def shown(client, url):
    """What a browser would send back for the cell at ``url``, unchanged."""
    form = client.get(url).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def change(client, plan, row, cell, **typed):
    url = cell_url(plan, row, cell)
    return client.post(url, shown(client, url) | typed)


@pytest.fixture
def babies(plan):
    return plan.priorities.get(position=1)


@pytest.fixture
def before_birth(babies):
    return babies.deliverables.get(position=1)


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


def titles(plan):
    return [row.title for row in read_table(plan, on=date(2027, 1, 12)).deliverables]


# Cells


def test_every_cell_of_the_table_is_changed_where_it_stands(browser, plan, babies, before_birth):
    trial = before_birth.activities.get(position=2)
    change(browser, plan, babies, "heading", ref="1", title="Babies and toddlers")
    change(browser, plan, babies, "rationale", lines="• Most serious incidents were to babies.\n- Fathers are missed.")
    change(browser, plan, babies, "outcomes", outcomes_heading="What success looks like", lines="Babies are safe.")
    change(browser, plan, before_birth, "promise", title="One plan", evidence_measures="9 of 10\n8 of 10")
    change(browser, plan, before_birth, "others", other_partnerships="Adults board")
    change(browser, plan, trial, "text", text="Try it in three units.")
    change(browser, plan, trial, "timescale", timescale_text="Oct 2026 and Feb 2027")
    priority = read_table(plan, on=date(2027, 1, 12)).priorities[0]
    row = priority.deliverables[0]
    assert (priority.title, priority.rationale, priority.outcomes_heading, priority.outcomes) == (
        "Babies and toddlers",
        ["Most serious incidents were to babies.", "Fathers are missed."],
        "What success looks like",
        ["Babies are safe."],
    )
    assert (row.title, row.evidence_measures, row.other_partnerships) == (
        "One plan",
        ["9 of 10", "8 of 10"],
        ["Adults board"],
    )
    assert (row.activities[1].text, row.activities[1].timescale_text) == (
        "Try it in three units.",
        "Oct 2026 and Feb 2027",
    )
    days = trial.milestones.values_list("due_on", flat=True)
    assert list(days) == [date(2026, 10, 31), date(2027, 2, 28)]


def test_a_milestone_met_stays_met_when_its_words_change(browser, plan, before_birth):
    checklist = before_birth.activities.get(position=1)
    change(browser, plan, checklist, "timescale", timescale_text="September 2026 and again in March 2027")
    met = list(checklist.milestones.values_list("due_on", "met_on"))
    assert met == [(date(2026, 9, 30), date(2026, 9, 24)), (date(2027, 3, 31), None)]


def test_leads_are_lines_that_keep_their_links_and_find_new_ones(browser, plan, before_birth, learning_group):
    linked = before_birth.leads.get()
    change(
        browser,
        plan,
        before_birth,
        "leads",
        lines="MB: Chair of Learning and Development Subgroup\nHead of Midwifery\nAV: Somebody new",
    )
    found = [(lead.pk, str(lead.partnership or ""), lead.text, lead.group) for lead in before_birth.leads.all()]
    assert [each[1:] for each in found] == [
        ("Millbrook Safeguarding Children Partnership", "Chair of Learning and Development Subgroup", learning_group),
        ("", "Head of Midwifery", None),
        ("Ashford Vale Safeguarding Children Partnership", "Somebody new", None),
    ]
    assert (found[1][0], before_birth.leads.get(pk=linked.pk).post_id) == (linked.pk, linked.post_id)


def test_a_reason_that_stays_keeps_its_row(browser, plan, babies):
    reason = babies.rationale.get()
    change(browser, plan, babies, "rationale", lines=f"A new first reason\n{reason.text}")
    rows = list(RationaleItem.objects.filter(priority=babies).values_list("pk", "text"))
    assert rows[1] == (reason.pk, reason.text)


@pytest.mark.parametrize(
    ("cell", "typed", "says"),
    [
        ("promise", {"title": ""}, "Enter what is promised"),
        ("promise", {"title": "x" * 200_000}, "Use 4000 characters or fewer. You have 200000"),
        ("others", {"other_partnerships": "\n".join("abc"[n % 3] for n in range(50))}, "Use 40 lines or fewer"),
        ("ref", {"ref": "a ref that is far too long"}, "Use 12 characters or fewer. You have 26"),
    ],
)
def test_what_cannot_be_kept_comes_back_as_it_was_typed(browser, plan, before_birth, cell, typed, says):
    response = change(browser, plan, before_birth, cell, **typed)
    form = response.context["form"]
    name = next(iter(typed))
    assert (response.status_code, form.errors[name], form[name].value()) == (422, [says], typed[name])


def test_a_period_that_overlaps_another_plan_is_refused(browser, plan, draft_plan):
    url = cell_url(draft_plan, draft_plan, "details")
    response = browser.post(
        url,
        {
            "title": "Next",
            "version": "1",
            "audience": "children",
            "starts_on_day": "1",
            "starts_on_month": "3",
            "starts_on_year": "2027",
            "ends_on_day": "31",
            "ends_on_month": "3",
            "ends_on_year": "2028",
        },
    )
    assert response.context["form"].errors == {
        "starts_on": [
            "“Business plan 2026 to 2027” of the same partnerships already runs from 1 April 2026 to 31 March 2027"
        ]
    }


def test_another_plan_s_row_is_not_there(browser, plan, draft_plan, before_birth):
    assert browser.get(cell_url(draft_plan, before_birth, "promise")).status_code == 404


def test_a_closed_plan_is_not_changed(browser, plan, before_birth):
    Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.CLOSED)
    assert browser.get(cell_url(plan, before_birth, "promise")).status_code == 403


@pytest.mark.parametrize("kind_and_cell", CELLS, ids="-".join)
def test_every_cell_has_a_page_of_its_own(browser, plan, babies, before_birth, kind_and_cell):
    kind, cell = kind_and_cell
    rows = {"plan": plan, "priority": babies, "deliverable": before_birth, "activity": before_birth.activities.first()}
    response = browser.get(cell_url(plan, rows[kind], cell))
    assert (response.status_code, "cell-form" in response.content.decode()) == (200, True)


# Undo


def test_the_last_change_is_undone(browser, plan, before_birth):
    change(browser, plan, before_birth, "leads", lines="Nobody we know")
    browser.post(reverse("plans:plan-undo", args=[plan.pk]))
    assert before_birth.leads.get().text == "Head of Midwifery"


def test_what_somebody_changed_since_is_left_alone(browser, plan, before_birth):
    change(browser, plan, before_birth, "promise", title="Mine")
    Deliverable.objects.filter(pk=before_birth.pk).update(title="Theirs")
    response = browser.post(reverse("plans:plan-undo", args=[plan.pk]), follow=True)
    *_, said = [str(message) for message in response.context["messages"]]
    assert (Deliverable.objects.get(pk=before_birth.pk).title, said) == (
        "Theirs",
        "Somebody has changed it since, so it was left as it is.",
    )


# Two at once


def test_two_people_in_different_fields_keep_both(browser, plan, before_birth):
    url = cell_url(plan, before_birth, "promise")
    mine = shown(browser, url)
    Deliverable.objects.filter(pk=before_birth.pk).update(description="Theirs")
    response = browser.post(url, mine | {"title": "Mine"}, follow=True)
    saved = Deliverable.objects.get(pk=before_birth.pk)
    said = [str(message) for message in response.context["messages"]]
    assert (saved.title, saved.description, said) == (
        "Mine",
        "Theirs",
        ["Saved. Somebody else’s change was kept: More about it."],
    )


def test_two_people_in_one_cell_see_both_and_lose_nothing(browser, plan, before_birth):
    url = cell_url(plan, before_birth, "leads")
    mine = shown(browser, url)
    before_birth.leads.update(text="Theirs")
    response = browser.post(url, mine | {"lines": "Mine"})
    form = response.context["form"]
    assert (response.status_code, form["lines"].value(), before_birth.leads.get().text) == (409, "Mine", "Theirs")
    assert "It now says “Theirs”" in form.errors["lines"][0]
    browser.post(url, {name: form[name].value() for name in form.fields})
    assert before_birth.leads.get().text == "Mine"


def race(plan, deliverables, office):
    """20 people change 4 cells, each reading, thinking and writing; gives (answers, what stands at last)."""
    answers, ready = [], threading.Barrier(20)

    def edit(number):
        try:
            client = Client()
            client.force_login(office)
            url = cell_url(plan, deliverables[number % len(deliverables)], "promise")
            # Not ``shown``: what a test client says was rendered is that of all threads together.
            seen = SEEN.search(client.get(url).content.decode())[1]
            mine = {"description": "", "evidence_measures": "", "seen": html.unescape(seen)}
            ready.wait(timeout=30)
            response = client.post(url, mine | {"title": f"Title by {number}"})
            answers.append((number, response.status_code))
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, list(
        Deliverable.objects.filter(pk__in=[d.pk for d in deliverables]).values_list("title", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_of_twenty_people_at_once_nobody_overwrites_another_unseen(plan, office):
    deliverables = add_rows(plan, "deliverable", plan.priorities.first(), ["One", "Two", "Three", "Four"])
    answers, titles = race(plan, deliverables, office)
    accepted = [number for number, status in answers if status == 302]
    refused = [number for number, status in answers if status == 409]
    assert (len(accepted), len(refused)) == (4, 16)
    assert sorted(titles) == sorted(f"Title by {number}" for number in accepted)


@pytest.mark.django_db(transaction=True)
def test_the_control_without_the_guard_words_are_lost(plan, office, monkeypatch):
    monkeypatch.setattr(PlannerModelForm, "_merge", lambda form, token: None)
    deliverables = add_rows(plan, "deliverable", plan.priorities.first(), ["One", "Two", "Three", "Four"])
    answers, _titles = race(plan, deliverables, office)
    assert [status for _, status in answers] == [302] * 20  # twenty were told "Saved", four titles stand


# Rows


def test_rows_are_added_one_for_each_line_with_their_timescales(plan, before_birth):
    rows = add_rows(plan, "activity", before_birth, ["Write it\tby end of Jan 2027", "Use it"])
    found = [(row.position, row.text, row.timescale_text, row.timescale_kind) for row in rows]
    assert found == [(3, "Write it", "by end of Jan 2027", "date"), (4, "Use it", "", "unset")]
    assert rows[0].milestones.get().due_on == date(2027, 1, 31)


def test_a_row_moves_past_its_neighbour_and_stays_at_an_end(plan, babies, before_birth):
    assert move_row(plan, before_birth, by=1) is True
    assert titles(plan)[:2] == ["Safer sleep advice that reaches fathers", before_birth.title]
    before_birth.refresh_from_db()
    assert move_row(plan, before_birth, by=1) is False


def test_a_move_passes_over_retired_rows(plan, babies, before_birth):
    one, two, three = add_rows(plan, "activity", before_birth, ["One", "Two", "Three"])
    retire_row(plan, two, on=date(2027, 1, 12), reason="Done by others")
    move_row(plan, three, by=-1)
    texts = list(before_birth.activities.in_plan().order_by("position").values_list("text", flat=True))
    assert texts[-2:] == ["Three", "One"]


def test_a_copy_has_the_words_and_none_of_the_answers(plan, before_birth, past_update):
    copy = copy_row(plan, before_birth)
    assert titles(plan)[:2] == [before_birth.title] * 2
    assert [lead.text for lead in copy.leads.all()] == ["Head of Midwifery"]
    assert copy.updates.count() == 0
    assert set(copy.activities.values_list("milestones__met_on", flat=True)) == {None}
    assert copy.activities.count() == before_birth.activities.count()


def test_a_priority_is_copied_whole(plan, babies):
    copy = copy_row(plan, babies)
    assert [row.title for row in copy.deliverables.all()] == [row.title for row in babies.deliverables.all()]
    assert copy.rationale.count() == babies.rationale.count()


def test_what_was_answered_is_never_deleted(plan, babies, before_birth, past_update, review_proposed):
    with pytest.raises(HasAnswers, match="This deliverable has updates and milestones met, which stay on record"):
        delete_row(plan, before_birth)
    with pytest.raises(HasAnswers, match="ratings"):
        delete_row(plan, babies)
    with pytest.raises(HasAnswers, match="milestones met"):
        delete_row(plan, before_birth.activities.get(position=1))
    assert Priority.objects.filter(pk=babies.pk).exists()


def test_what_nobody_answered_may_be_deleted(plan, before_birth):
    [row] = add_rows(plan, "activity", before_birth, ["A slip"])
    delete_row(plan, row)
    assert not Activity.objects.filter(text="A slip").exists()


def test_deleting_what_was_answered_leads_to_taking_it_out(browser, plan, before_birth, past_update):
    url = reverse("plans:row-arrange", args=[plan.pk, "deliverable", before_birth.pk])
    response = browser.post(url, {"do": "delete"})
    assert response.url == reverse("plans:row-retire", args=[plan.pk, "deliverable", before_birth.pk])


def test_a_retired_row_is_asked_about_no_more_and_can_come_back(
    browser, plan, before_birth, lead, client_of, round_open
):
    url = reverse("plans:row-retire", args=[plan.pk, "deliverable", before_birth.pk])
    assert browser.post(url, {"reason": ""}).status_code == 422
    browser.post(url, {"reason": "The hospital does it now"})
    assert before_birth.title not in titles(plan)
    assert before_birth.title not in client_of(lead).get(reverse("assurance:my-work")).content.decode()
    page = browser.get(reverse("plans:rows-retired", args=[plan.pk])).content.decode()
    assert "The hospital does it now" in page
    before_birth.refresh_from_db()
    restore_row(plan, before_birth)
    assert before_birth.title in titles(plan)
    assert before_birth.title in client_of(lead).get(reverse("assurance:my-work")).content.decode()


def test_a_timescale_is_read_as_it_is_typed(browser, plan):
    url = reverse("plans:timescale-read", args=[plan.pk])
    assert browser.get(url, {"timescale_text": "Mid/End May"}).content.decode() == "We read this as due 31 May 2026"


def test_readers_see_no_way_to_edit(client_of, partner, office, plan):
    address = f"/plans/{plan.pk}/cells/"
    pages = [client_of(person).get(plan.get_absolute_url()).content.decode() for person in (office, partner)]
    assert [address in page for page in pages] == [True, False]
