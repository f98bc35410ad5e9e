"""What a timescale means is corrected by hand where our reading of it is wrong; the words stay as they are."""

from datetime import date

import pytest
from django.urls import reverse

from plans import by_hand
from plans.by_hand import Meaning
from plans.cells import LONGEST_CELL, TimescaleForm, settle_dates
from plans.corrections import Draft
from plans.documents import content_of
from plans.importer import read_plan
from plans.missing import missing_of
from plans.models import Activity
from plans.plan_excel import make_workbook
from plans.plan_word import make_word
from plans.snapshots import take_snapshot
from plans.table import read_table
from tests.factories import PlanVersionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2027, 1, 12)


@pytest.fixture
def activity(plan):
    """ "by autumn", which we read as 30 November."""
    activity = plan.priorities.get(position=1).deliverables.get(position=1).activities.get(position=1)
    activity.milestones.all().delete()
    activity.timescale_text = "by autumn"
    settle_dates(activity, plan)
    return activity


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


def url_of(plan, activity):
    return reverse("plans:cell-change", args=[plan.pk, "activity", activity.pk, "timescale"])


def shown(client, url):
    form = client.get(url).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def say(client, plan, activity, **typed):
    """What is sent for the timescale with ``typed`` in it."""
    url = url_of(plan, activity)
    return client.post(url, shown(client, url) | typed)


def stands(activity):
    activity.refresh_from_db()
    return (
        activity.timescale_text,
        activity.timescale_kind,
        activity.timescale_by_hand,
        [(each.due_on, each.label) for each in activity.milestones.all()],
    )


JUNE, SEPT = date(2027, 6, 30), date(2027, 9, 30)
MEANINGS = [
    (Meaning("date", ((JUNE, ""),)), "30 June 2027"),
    (Meaning("dates", ((JUNE, "first: a draft"), (SEPT, ""))), "30 June 2027: first: a draft; 30 September 2027"),
    (Meaning("window", ((JUNE, ""), (SEPT, ""))), "From 30 June 2027 to 30 September 2027"),
    (Meaning("window", ((JUNE, ""),)), "From 30 June 2027, with no end"),
    (Meaning("recurring", (), 3, "months"), "Every 3 months"),
    (Meaning("recurring", ((JUNE, ""),), 1, "weeks"), "Every week from 30 June 2027"),
    (Meaning("recurring"), "Comes round again"),
    (Meaning("meeting", ((JUNE, ""),)), "At a meeting on 30 June 2027"),
    (Meaning("meeting"), "At a meeting"),
    (Meaning("continuous"), "Throughout the plan"),
    (Meaning("relative"), "After something else"),
    (Meaning("unset"), "Not known yet"),
]


@pytest.mark.parametrize(("meaning", "line"), MEANINGS, ids=[line for _meaning, line in MEANINGS])
def test_a_meaning_is_one_plain_line_and_read_back_is_the_same(meaning, line):
    assert (by_hand.say(meaning), by_hand.read(line)) == (line, meaning)


@pytest.mark.parametrize("line", ["", "by autumn", "31 June 2027", "Every 0 suns", "From 30 June 2027 to autumn", "; "])
def test_what_is_no_such_line_says_nothing(line):
    assert by_hand.read(line) is None


@pytest.mark.parametrize(
    ("first", "every", "unit", "days"),
    [
        (date(2026, 6, 30), 3, "months", [(2026, 6, 30), (2026, 9, 30), (2026, 12, 31), (2027, 3, 31)]),
        (
            date(2026, 10, 31),
            1,
            "months",
            [(2026, 10, 31), (2026, 11, 30), (2026, 12, 31), (2027, 1, 31), (2027, 2, 28), (2027, 3, 31)],
        ),
        (date(2027, 3, 10), 2, "weeks", [(2027, 3, 10), (2027, 3, 24)]),
        (date(2026, 4, 1), 1, "years", [(2026, 4, 1)]),
        (date(2030, 1, 1), 1, "years", [(2030, 1, 1)]),
    ],
)
def test_what_comes_round_again_does_so_until_the_plan_ends(first, every, unit, days):
    assert by_hand.repeated(first, every, unit, until=date(2027, 3, 31)) == [date(*day) for day in days]


@pytest.mark.parametrize(
    ("typed", "said", "kind", "dates"),
    [
        ({"means": "dates", "days": "15 October 2026"}, "15 October 2026", "date", [(date(2026, 10, 15), "")]),
        (
            {"means": "dates", "days": "15/10/2026: a draft\n31 Jan 2027: all of it"},
            "15 October 2026: a draft; 31 January 2027: all of it",
            "dates",
            [(date(2026, 10, 15), "a draft"), (date(2027, 1, 31), "all of it")],
        ),
        (
            {"means": "window", "from_day": "1 September 2026", "to_day": "30 November 2026"},
            "From 1 September 2026 to 30 November 2026",
            "window",
            [(date(2026, 9, 1), ""), (date(2026, 11, 30), "")],
        ),
        (
            {"means": "recurring", "every": "6", "unit": "months", "first_day": "30 September 2026"},
            "Every 6 months from 30 September 2026",
            "recurring",
            [(date(2026, 9, 30), ""), (date(2027, 3, 31), "")],
        ),
        ({"means": "recurring", "every": "3", "unit": "months"}, "Every 3 months", "recurring", []),
        (
            {"means": "meeting", "meeting_day": "3 Dec 2026"},
            "At a meeting on 3 December 2026",
            "meeting",
            [(date(2026, 12, 3), "")],
        ),
        ({"means": "continuous"}, "Throughout the plan", "continuous", []),
        ({"means": "relative"}, "After something else", "relative", []),
        ({"means": "unset"}, "Not known yet", "unset", []),
    ],
    ids=lambda value: value["means"] if isinstance(value, dict) else None,
)
def test_the_office_says_what_the_words_mean_and_they_stay_as_written(
    browser, plan, activity, typed, said, kind, dates
):
    assert stands(activity) == ("by autumn", "date", "", [(date(2026, 11, 30), "")])
    assert say(browser, plan, activity, **typed).status_code == 302
    assert stands(activity) == ("by autumn", kind, said, dates)
    assert shown(browser, url_of(plan, activity))["means"] == typed["means"]
    assert say(browser, plan, activity).status_code == 302, "saved again unchanged"
    assert stands(activity) == ("by autumn", kind, said, dates)
    assert say(browser, plan, activity, means="read").status_code == 302
    assert stands(activity) == ("by autumn", "date", "", [(date(2026, 11, 30), "")])


FORTY_ONE_DAYS = "\n".join(f"{n % 28 + 1} May 2026: {n}" for n in range(41))
DAY_WANTED = "Enter a real day with its year, like 15 October 2027"


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ({"means": "dates", "days": ""}, "days", "Enter at least one day"),
        (
            {"means": "dates", "days": "30 June 2026\nsome time"},
            "days",
            "Line 2: begin with a real day and its year, like 30 June 2027: first draft",
        ),
        (
            {"means": "dates", "days": "31 June 2026"},
            "days",
            "Line 1: begin with a real day and its year, like 30 June 2027: first draft",
        ),
        ({"means": "dates", "days": FORTY_ONE_DAYS}, "days", "Use 40 lines or fewer"),
        (
            {"means": "window", "from_day": "30 June 2026", "to_day": "1 June 2026"},
            "to_day",
            "Enter an end that comes after the beginning, 30 June 2026",
        ),
        ({"means": "window", "to_day": "1 June 2026"}, "from_day", "Enter the day it begins"),
        ({"means": "meeting", "meeting_day": "soon"}, "meeting_day", DAY_WANTED),
        (
            {"means": "recurring", "first_day": "30 June 2026"},
            "every",
            "Enter after how many weeks, months or years it comes again, like 3",
        ),
        (
            {"means": "recurring", "every": "1", "unit": "weeks", "first_day": "1 January 2020"},
            "first_day",
            "These are 60 dates or more. Leave the first day empty, or say it less often",
        ),
        ({"means": "sometime"}, "means", "Choose an answer from the list"),
    ],
)
def test_what_is_no_meaning_is_one_sentence_at_its_field_and_nothing_is_lost(
    browser, plan, activity, typed, field, problem
):
    response = say(browser, plan, activity, **typed)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [problem]}
    assert {name: response.context["form"][name].value() for name in typed} == typed
    assert stands(activity) == ("by autumn", "date", "", [(date(2026, 11, 30), "")])


def test_forty_days_are_taken(browser, plan, activity):
    days = "\n".join(f"{n % 28 + 1} May 2026: part {n}" for n in range(40))
    assert say(browser, plan, activity, means="dates", days=days).status_code == 302
    assert activity.milestones.count() == 40
    activity.refresh_from_db()
    assert TimescaleForm(instance=activity, plan=plan)["days"].value() == days


def test_a_day_outside_the_plan_is_allowed_and_pointed_out(browser, plan, activity):
    response = say(browser, plan, activity, means="dates", days="15 October 2029")
    [message] = browser.get(response.url).context["messages"]
    assert str(message) == "Saved. 15 October 2029 is after the end of the plan."
    assert stands(activity)[3] == [(date(2029, 10, 15), "")]


def test_new_words_ask_whether_what_was_said_still_holds(browser, plan, activity):
    say(browser, plan, activity, means="dates", days="15 October 2026")
    response = say(browser, plan, activity, timescale_text="by early autumn", keeps="")
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "keeps": ["The words have changed. Say whether “15 October 2026” still holds"]
    }
    assert stands(activity)[:3] == ("by autumn", "date", "15 October 2026")
    say(browser, plan, activity, timescale_text="by early autumn", keeps="keep")
    assert stands(activity) == ("by early autumn", "date", "15 October 2026", [(date(2026, 10, 15), "")])
    say(browser, plan, activity, timescale_text="by December", keeps="read")
    assert stands(activity) == ("by December", "date", "", [(date(2026, 12, 31), "")])


def test_it_survives_a_reading_until_the_words_change_and_is_in_question_then(browser, plan, activity):
    say(browser, plan, activity, means="dates", days="15 October 2026")
    activity.refresh_from_db()
    settle_dates(activity, plan)
    assert stands(activity) == ("by autumn", "date", "15 October 2026", [(date(2026, 10, 15), "")])
    row = read_table(plan, on=TODAY).deliverables[0].activities[0]
    assert (row.by_hand, row.is_asked, row.due.words) == (
        "15 October 2026",
        False,
        "Was due 15 October 2026: 89 days late",
    )
    activity.timescale_text = "by winter"
    settle_dates(activity, plan)
    row = read_table(plan, on=TODAY).deliverables[0].activities[0]
    assert (row.by_hand, row.is_asked) == ("15 October 2026", True)
    page = browser.get(plan.get_absolute_url()).content.decode()
    assert "The words have changed. Does “15 October 2026” still hold?" in page
    assert [each.words for each in missing_of(plan, on=TODAY) if "15 October" in each.words] == [
        f"1.1 “{activity.text}”: its timescale has new words. Does “15 October 2026” hold?"
    ]
    assert browser.get(url_of(plan, activity)).context["form"].asks


def test_whatever_shows_or_counts_a_date_follows(browser, plan, activity, office):
    assert not Activity.objects.filter(milestones__due_on=date(2027, 1, 5)).exists()
    say(browser, plan, activity, means="dates", days="5 January 2027")
    [kept] = [
        each
        for priority in take_snapshot(plan)["priorities"]
        for row in priority["deliverables"]
        for each in row["activities"]
        if each["key"] == activity.pk
    ]
    assert (kept["by_hand"], kept["kind"], [day["due"] for day in kept["milestones"]]) == (
        "5 January 2027",
        "date",
        ["2027-01-05"],
    )
    assert "Corrected by hand" in browser.get(plan.get_absolute_url()).content.decode()
    assert [str(each.due_on) for each in activity.milestones.all()] == ["2027-01-05"]


def test_a_day_that_was_met_stays_met_when_it_is_corrected(browser, plan, activity):
    activity.milestones.update(met_on=date(2026, 11, 2))
    say(browser, plan, activity, means="dates", days="5 January 2027")
    assert list(activity.milestones.values_list("due_on", "met_on")) == [(date(2027, 1, 5), date(2026, 11, 2))]


def test_an_undo_gives_back_what_was_read(browser, plan, activity):
    say(browser, plan, activity, means="dates", days="5 January 2027")
    browser.post(reverse("plans:plan-undo", args=[plan.pk]))
    assert stands(activity) == ("by autumn", "date", "", [(date(2026, 11, 30), "")])


def test_words_as_long_as_a_cell_are_edited_and_keep_their_lines(browser, plan, activity):
    words = "by the end of March 2027, " * 20 + "\nand then again"
    activity.timescale_text = words
    settle_dates(activity, plan)
    assert "<textarea" in str(browser.get(url_of(plan, activity)).context["form"]["timescale_text"])
    assert say(browser, plan, activity, timescale_text=words + " later").status_code == 302
    assert stands(activity)[0] == words + " later"
    response = say(browser, plan, activity, timescale_text="x" * (LONGEST_CELL + 1))
    assert response.context["form"].errors == {"timescale_text": ["Use 4000 characters or fewer. You have 4001"]}


def test_two_who_say_different_things_both_see_it(browser, client_of, plan, activity, office):
    mine = shown(browser, url_of(plan, activity))
    say(browser, plan, activity, means="dates", days="5 January 2027")
    response = browser.post(url_of(plan, activity), mine | {"means": "continuous"})
    assert response.status_code == 409
    assert stands(activity)[2] == "5 January 2027"


def test_another_partnerships_person_says_nothing(client_of, stranger, chair, plan, activity):
    answers = [
        client_of(person).post(url_of(plan, activity), {"means": "unset"}).status_code for person in (stranger, chair)
    ]
    assert answers == [403, 403]
    assert stands(activity)[2] == ""


def word(version, path):
    path.with_suffix(".docx").write_bytes(make_word(content_of(version)))
    return path.with_suffix(".docx")


def excel(version, path):
    path.with_suffix(".xlsx").write_bytes(make_workbook(version.snapshot, number=version.number))
    return path.with_suffix(".xlsx")


@pytest.mark.parametrize("make", [word, excel])
def test_what_was_said_comes_back_with_a_document_of_ours(browser, plan, activity, office, tmp_path, make):
    said = "15 October 2026: a draft; 31 January 2027"
    say(browser, plan, activity, means="dates", days=said.replace("; ", "\n"))
    version = PlanVersionFactory(plan=plan, number="1.1", made_by=office)
    draft = Draft(read_plan(str(make(version, tmp_path / "plan"))))
    [row] = [each for row in draft.deliverables for each in row["activities"] if each["text"] == activity.text]
    assert (row["timescale_text"], row["by_hand"], [(day["due"], day["label"]) for day in row["dates"]]) == (
        "by autumn",
        said,
        [("2026-10-15", "a draft"), ("2027-01-31", None)],
    )
