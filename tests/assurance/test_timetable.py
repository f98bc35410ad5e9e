"""The assurance timetable: what is looked into, in which quarter, what is late; and its panel beside a plan."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from assurance.models import TimetableEntry
from assurance.models.timetable import first_of_quarter, quarter_after, year_of
from assurance.timetable import add_entry, name_of_quarter, years_of
from plans.models import Plan
from tests.factories import AssuranceRequestFactory, GroupFactory, PriorityFactory, TimetableEntryFactory
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

GRID = reverse("assurance:timetable")
ADD = reverse("assurance:timetable-add")


def answers(partnership, **more):
    return {
        "title": "Neglect that nobody named",
        "kind": "deep-dive",
        "quarter_on": "2027-04-01",
        "partnerships": [partnership.pk],
        "group": "",
        "priority": "",
        "done_on_day": "",
        "done_on_month": "",
        "done_on_year": "",
    } | more


def day(day):
    return {"done_on_day": str(day.day), "done_on_month": str(day.month), "done_on_year": str(day.year)}


def change_url(entry):
    return reverse("assurance:timetable-change", args=[entry.pk])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def entry(partnership, learning_group):
    """Of Ashford Vale alone, for the last quarter of 2026, which has passed."""
    return TimetableEntryFactory(partnerships=[partnership], quarter_on=date(2026, 10, 1), group=learning_group)


# Quarters


@pytest.mark.parametrize(
    ("on", "quarter", "following", "year"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), date(2026, 7, 1), 2026),
        (date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1), 2026),
        (date(2027, 1, 1), date(2027, 1, 1), date(2027, 4, 1), 2026),
        (date(2027, 3, 31), date(2027, 1, 1), date(2027, 4, 1), 2026),
    ],
)
def test_a_day_has_its_quarter_and_its_plan_year(on, quarter, following, year):
    assert (first_of_quarter(on), quarter_after(on), year_of(on)) == (quarter, following, year)


def test_three_years_have_twelve_quarters_in_order():
    years = years_of([], first=2026, on=date(2027, 1, 12))
    cells = [cell for year in years for cell in year.cells]
    assert [year.name for year in years] == ["2026 to 2027", "2027 to 2028", "2028 to 2029"]
    assert [cell.starts_on for cell in cells] == [quarter_after(date(2026, 4, 1), n) for n in range(12)]
    assert [cell.name for cell in cells if cell.is_now] == ["January to March 2027"]


@pytest.mark.parametrize(
    ("on", "done_on", "is_late"),
    [
        (date(2026, 12, 31), None, False),
        (date(2027, 1, 1), None, True),
        (date(2027, 1, 1), date(2026, 12, 1), False),
    ],
)
def test_an_entry_is_late_once_its_quarter_has_passed(entry, on, done_on, is_late):
    entry.done_on = done_on
    entry.save()
    assert (entry.is_overdue(on=on), TimetableEntry.objects.overdue(on=on).exists()) == (is_late, is_late)


# Reading


def test_each_entry_stands_in_its_quarter_and_what_is_late_says_so(client_of, lead, entry):
    response = client_of(lead).get(GRID)
    found = {
        cell.name: [str(each) for each in cell.entries] for year in response.context["years"] for cell in year.cells
    }
    assert {name: entries for name, entries in found.items() if entries} == {
        "October to December 2026": ["How well do we hear children?"]
    }
    assert "Overdue: its quarter ended on 31 December 2026" in text_of(response)
    assert change_url(entry) not in text_of(response)


def test_what_is_late_from_earlier_years_is_not_lost(client_of, lead, partnership):
    TimetableEntryFactory(partnerships=[partnership], title="Long ago", quarter_on=date(2025, 1, 1))
    response = client_of(lead).get(GRID)
    assert [str(each) for each in response.context["left"]] == ["Long ago"]
    assert "Overdue from earlier years" in text_of(response)


@pytest.mark.parametrize(
    ("asked", "first"), [("2023", 2023), ("nonsense", 2026), ("99999", 2026), ("1", 2026), ("²", 2026), ("", 2026)]
)
def test_other_years_are_asked_for_in_the_address(client_of, lead, entry, asked, first):
    assert client_of(lead).get(GRID, {"from": asked}).context["first"] == first


def test_an_empty_timetable_teaches(client_of, office, lead):
    assert "Put on it what the partnership will look into" in text_of(client_of(office).get(GRID))
    assert "When the business office plans an audit" in text_of(client_of(lead).get(GRID))


def test_a_neighbours_entries_are_the_neighbours(client_of, lead, stranger, other_partnership, entry):
    TimetableEntryFactory(partnerships=[other_partnership], title="Millbrook alone")
    assert [str(each) for each in client_of(lead).get(GRID).context["entries"]] == [str(entry)]
    assert client_of(stranger).get(GRID).context["entries"] == []


def test_a_priority_of_a_draft_is_not_named_to_those_who_may_not_see_it(
    client_of, office, lead, partnership, draft_plan
):
    secret = PriorityFactory(plan=draft_plan, title="Nobody knows yet")
    TimetableEntryFactory(partnerships=[partnership], priority=secret)
    for address in (GRID, reverse("assurance:timetable-list"), reverse("assurance:timetable-list") + "?export=csv"):
        assert "Nobody knows yet" in text_of(client_of(office).get(address)), address
        assert "Nobody knows yet" not in text_of(client_of(lead).get(address)), address


@pytest.mark.parametrize("name", ["timetable", "timetable-list"])
def test_pages_take_as_many_queries_for_three_entries_as_for_one(client_of, office, plan, partnership, name):
    client, url = client_of(office), reverse(f"assurance:{name}")
    priority = plan.priorities.first()
    TimetableEntryFactory(partnerships=[partnership], priority=priority)
    at_1 = count_queries(client, url)
    for title in ("Two", "Three"):
        TimetableEntryFactory(
            partnerships=[partnership], title=title, priority=priority, group=GroupFactory(partnerships=[partnership])
        )
    assert count_queries(client, url) == at_1


def test_the_list_is_narrowed_and_taken_away(client_of, office, partnership, entry):
    TimetableEntryFactory(partnerships=[partnership], title="Done", kind="survey", done_on=date(2027, 1, 4))
    url, client = reverse("assurance:timetable-list"), client_of(office)
    shown = {
        state: [row.record.title for row in client.get(url, {"state": state}).context["table"].rows]
        for state in ("overdue", "done", "waiting", "")
    }
    late = "How well do we hear children?"
    assert shown == {"overdue": [late], "done": ["Done"], "waiting": [late], "": [late, "Done"]}
    sheet = load_workbook(BytesIO(client.get(url, {"export": "xlsx"}).content)).active
    assert [[cell.value for cell in row][:3] for row in sheet.rows] == [
        ["What we look into", "Kind", "Quarter"],
        [late, "Audit", "October to December 2026"],
        ["Done", "Survey", "January to March 2027"],
    ]


# Writing


def test_the_office_puts_something_on_it(client_of, office, partnership, other_partnership, plan, learning_group):
    priority = plan.priorities.first()
    body = answers(
        partnership,
        partnerships=[partnership.pk, other_partnership.pk],
        group=learning_group.pk,
        priority=priority.pk,
    )
    response = client_of(office).post(ADD, body)
    entry = TimetableEntry.objects.get()
    assert response.url == f"{GRID}?from=2027#entry-{entry.pk}"
    assert (entry.title, entry.kind, entry.quarter_on, entry.group, entry.priority, entry.done_on) == (
        "Neglect that nobody named",
        "deep-dive",
        date(2027, 4, 1),
        learning_group,
        priority,
        None,
    )
    assert entry.partnership_ids == {partnership.pk, other_partnership.pk}


def test_a_second_press_puts_on_nothing_more(client_of, office, partnership, other_partnership):
    client = client_of(office)
    client.post(ADD, answers(partnership))
    response = client.post(ADD, answers(partnership), follow=True)
    assert TimetableEntry.objects.count() == 1
    assert "is there already, in April to June 2027" in text_of(response)
    client.post(ADD, answers(other_partnership))  # another partnership's own is another
    assert TimetableEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_put_on_one(partnership, other_partnership):
    def press(partnerships):
        try:
            return add_entry(partnerships=partnerships, title="One", kind="audit", quarter_on=date(2027, 4, 1))[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as presses:
        both = [partnership, other_partnership]
        found = list(presses.map(press, [both, both[::-1], both, both[::-1]]))
    assert sorted(found) == [False, False, False, True]
    assert TimetableEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "  "}, {"title": ["Enter what you look into"]}),
        ({"title": "x" * 201}, {"title": ["Use 200 characters or fewer. You have 201"]}),
        ({"kind": "party"}, {"kind": ["Choose an answer from the list"]}),
        ({"kind": ""}, {"kind": ["Choose what kind it is"]}),
        ({"quarter_on": ""}, {"quarter_on": ["Choose the quarter"]}),
        ({"quarter_on": "2027-04-02"}, {"quarter_on": ["Choose a quarter from the list"]}),
        ({"partnerships": []}, {"partnerships": ["Choose the partnership it is for"]}),
        (
            day(date(2027, 1, 13)),
            {"done_on": ["Enter a day that is not in the future, or leave it empty until it is done"]},
        ),
        ({"group": "999999"}, {"group": ["Choose an answer from the list"]}),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(client_of, office, partnership, wrong, said):
    response = client_of(office).post(ADD, answers(partnership, **wrong))
    assert (response.status_code, response.context["form"].errors) == (422, said)
    assert not TimetableEntry.objects.exists()


def test_nothing_of_other_partnerships_can_be_chosen(client_of, office, partnership, far_partnership, rating_key):
    far_plan = Plan.objects.create(
        title="Far", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31), status="published", rating_key=rating_key
    )
    far_plan.partnerships.add(far_partnership)
    wrong = {
        "partnerships": [far_partnership.pk],
        "group": GroupFactory(partnerships=[far_partnership]).pk,
        "priority": PriorityFactory(plan=far_plan).pk,
    }
    for name, value in wrong.items():
        response = client_of(office).post(ADD, answers(partnership, **{name: value}))
        assert (response.status_code, list(response.context["form"].errors)) == (422, [name])


def test_group_and_priority_belong_to_a_partnership_it_is_for(client_of, office, partnership, other_partnership, plan):
    millbrook = GroupFactory(partnerships=[other_partnership])
    response = client_of(office).post(ADD, answers(partnership, group=millbrook.pk))
    assert response.context["form"].errors == {"group": ["Choose a group of the partnership it is for"]}
    assert client_of(office).post(ADD, answers(other_partnership, group=millbrook.pk)).status_code == 302


def test_the_office_says_that_it_is_done(client_of, office, partnership, entry):
    body = answers(partnership, title=entry.title, kind="audit", quarter_on="2026-10-01", **day(date(2027, 1, 8)))
    response = client_of(office).post(change_url(entry), body)
    entry.refresh_from_db()
    assert (response.status_code, entry.done_on) == (302, date(2027, 1, 8))
    assert "Done 8 January 2027" in text_of(client_of(office).get(GRID))


def test_a_change_that_somebody_else_made_meanwhile_is_not_overwritten(client_of, office, partnership, entry):
    client = client_of(office)
    seen = client.get(change_url(entry)).context["form"]["seen"].value()
    TimetableEntry.objects.filter(pk=entry.pk).update(quarter_on=date(2027, 7, 1))
    body = answers(partnership, title=entry.title, kind="audit", quarter_on="2027-04-01", seen=seen)
    response = client.post(change_url(entry), body)
    assert (response.status_code, list(response.context["form"].errors)) == (409, ["quarter_on"])


def test_an_office_elsewhere_keeps_its_part(client_of, office, partnership, far_partnership, stranger, entry):
    entry.partnerships.add(far_partnership)
    body = answers(partnership, title="Ours and theirs", kind="audit", quarter_on="2026-10-01")
    assert client_of(office).post(change_url(entry), body).status_code == 302
    entry = TimetableEntry.objects.get()
    assert (entry.title, entry.partnership_ids) == ("Ours and theirs", {partnership.pk, far_partnership.pk})


def test_what_will_not_be_done_is_taken_off_and_what_was_done_stays(client_of, office, entry):
    url, client = reverse("assurance:timetable-remove", args=[entry.pk]), client_of(office)
    TimetableEntry.objects.update(done_on=date(2027, 1, 8))
    assert "it stays on the timetable" in text_of(client.post(url, follow=True))
    TimetableEntry.objects.update(done_on=None)
    assert "is off the timetable" in text_of(client.post(url, follow=True))
    assert not TimetableEntry.objects.exists()
    assert client.post(url).status_code == 404


# Beside a plan


def test_beside_a_plan_stand_its_partnerships_entries_with_its_own_marked(
    client_of, lead, other_partnership, far_partnership, plan, entry
):
    priority = plan.priorities.first()
    TimetableEntryFactory(partnerships=[*plan.partnerships.all()], title="About babies", priority=priority)
    TimetableEntryFactory(partnerships=[far_partnership], title="Far away")
    TimetableEntryFactory(partnerships=[other_partnership], title="The neighbour’s own")
    TimetableEntryFactory(partnerships=[*plan.partnerships.all()], title="Years away", quarter_on=date(2029, 4, 1))
    response = client_of(lead).get(plan.get_absolute_url())
    [panel] = response.context["panels"]
    assert [(str(each), each.is_of_plan) for each in panel.values["entries"]] == [
        (str(entry), False),
        ("About babies", True),
    ]
    page = text_of(response)
    assert "What we look into, 2026 to 2029" in page
    assert f'<a class="govuk-link" href="#priority-{priority.pk}">priority 1 of this plan</a>' in page


def test_the_panel_is_one_query_whatever_stands_in_it(client_of, office, plan, partnership, settings):
    client, url = client_of(office), plan.get_absolute_url()
    with_panel = count_queries(client, url)
    for number in range(3):
        TimetableEntryFactory(partnerships=[partnership], title=f"{number}", priority=plan.priorities.first())
    assert count_queries(client, url) == with_panel
    settings.PLAN_PANELS = []
    assert count_queries(client, url) == with_panel - 1


def test_quarters_have_names():
    assert name_of_quarter(date(2027, 1, 1)) == "January to March 2027"


# Moved, owed, rolled forward


def move_url(entry):
    return reverse("assurance:timetable-move", args=[entry.pk])


def test_an_entry_is_dragged_into_another_quarter(client_of, office, entry):
    response = client_of(office).post(move_url(entry), {"to": "2027-04-01", "seen": "2026-10-01"})
    assert (response.status_code, response.json()) == (
        200,
        {"words": "“How well do we hear children?” is in April to June 2027 now."},
    )
    entry.refresh_from_db()
    assert entry.quarter_on == date(2027, 4, 1)


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"to": "2027-04-02", "seen": "2026-10-01"}, 409),
        ({"to": "2027-04-01", "seen": "2026-07-01"}, 409),
        ({"to": "9999-04-01", "seen": "2026-10-01"}, 422),
        ({"to": "2027-13-01", "seen": "2026-10-01"}, 422),
        ({}, 422),
    ],
)
def test_what_is_no_quarter_or_was_moved_meanwhile_stays(client_of, office, entry, typed, status):
    response = client_of(office).post(move_url(entry), typed)
    assert (response.status_code, bool(response.json()["words"])) == (status, True)
    entry.refresh_from_db()
    assert entry.quarter_on == date(2026, 10, 1)


def test_what_is_done_stays_in_its_quarter_and_a_lead_moves_nothing(client_of, office, lead, entry):
    typed = {"to": "2027-04-01", "seen": "2026-10-01"}
    assert client_of(lead).post(move_url(entry), typed).status_code == 403
    TimetableEntry.objects.update(done_on=date(2026, 12, 1))
    assert client_of(office).post(move_url(entry), typed).status_code == 409
    assert move_url(entry) not in text_of(client_of(office).get(GRID))


def test_what_is_owed_this_quarter_stands_at_the_top(client_of, office, lead, partnership, entry):
    now = TimetableEntryFactory(partnerships=[partnership], title="Now", quarter_on=date(2027, 1, 1))
    TimetableEntryFactory(
        partnerships=[partnership], title="Done", quarter_on=date(2027, 1, 1), done_on=date(2027, 1, 5)
    )
    TimetableEntryFactory(partnerships=[partnership], title="Later", quarter_on=date(2027, 4, 1))
    asked = AssuranceRequestFactory(partnerships=[partnership], title="Asked of agencies", entry=now)
    apart = AssuranceRequestFactory(partnerships=[partnership], title="Asked apart")
    page = client_of(office).get(GRID)
    assert [str(each) for each in page.context["owed"]] == [str(entry), "Now"]
    assert list(page.context["requests_due"]) == [apart]
    assert f"{reverse('assurance:request-add')}?entry={entry.pk}" in text_of(page)
    assert asked.get_absolute_url() in text_of(page)
    seen = text_of(client_of(lead).get(GRID))
    assert "Owed this quarter" in seen
    assert ("Asked of agencies" in seen, "Asked apart" in seen) == (False, False)
    assert client_of(office).get(GRID, {"from": "2027"}).context["owed"] == []


ROLL = reverse("assurance:timetable-roll", args=[2026])


def test_a_year_is_rolled_forward_in_one_press_and_nothing_is_doubled(
    client_of, office, plan, partnership, learning_group
):
    yearly = TimetableEntryFactory(
        partnerships=[partnership],
        title="Every agency’s self-assessment",
        quarter_on=date(2027, 1, 1),
        is_yearly=True,
        group=learning_group,
        priority=plan.priorities.first(),
    )
    once = TimetableEntryFactory(partnerships=[partnership], title="Once", quarter_on=date(2026, 4, 1))
    TimetableEntryFactory(partnerships=[partnership], title="There", quarter_on=date(2026, 7, 1), is_yearly=True)
    TimetableEntryFactory(partnerships=[partnership], title="There", quarter_on=date(2027, 10, 1), is_yearly=True)
    client = client_of(office)
    page = client.get(ROLL)
    assert [choice for choice, _words in page.context["form"].fields["entries"].choices] == [
        str(once.pk),
        str(yearly.pk),
    ]
    assert page.context["form"]["entries"].value() == [str(yearly.pk)]
    assert [str(each) for each in page.context["there"]] == ["There"]
    assert "January to March 2028" in text_of(page)
    assert client.post(ROLL, {"entries": [yearly.pk]}).status_code == 302
    assert client.post(ROLL, {"entries": [yearly.pk]}).status_code == 422
    new = TimetableEntry.objects.get(title=yearly.title, quarter_on=date(2028, 1, 1))
    assert (new.group, new.is_yearly, new.done_on, new.partnership_ids) == (
        learning_group,
        True,
        None,
        {partnership.pk},
    )
    assert (new.priority == yearly.priority) == (plan.ends_on >= date(2028, 1, 1))
    assert TimetableEntry.objects.filter(title="There").count() == 2


def test_nothing_of_an_office_elsewhere_is_rolled(client_of, office, lead, far_partnership):
    theirs = TimetableEntryFactory(partnerships=[far_partnership], quarter_on=date(2026, 4, 1), is_yearly=True)
    assert client_of(office).post(ROLL, {"entries": [theirs.pk]}).status_code == 422
    assert client_of(lead).get(ROLL).status_code == 403
    assert TimetableEntry.objects.count() == 1
