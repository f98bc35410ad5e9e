"""The columns of a plan's table: those its office chose, or those in which something stands."""

from datetime import date

import pytest
from django.urls import reverse

from plans.columns import PRESETS, columns_to_show
from plans.models import Deliverable
from plans.snapshots import plan_of, table_of, take_snapshot
from plans.table import make_editable, read_table

pytestmark = pytest.mark.django_db

ON = date(2027, 1, 12)


def codes(table):
    return [column.code for column in table.columns]


def test_a_plan_that_chose_none_shows_the_columns_in_which_something_stands(plan):
    assert codes(read_table(plan, on=ON)) == ["ref", "promise", "leads", "others", "activity", "timescale", "rating"]
    Deliverable.objects.update(other_partnerships="")
    assert codes(read_table(plan, on=ON)) == ["ref", "promise", "leads", "activity", "timescale", "rating"]


def test_an_editor_can_fill_an_empty_column(plan):
    Deliverable.objects.update(other_partnerships="")
    table = make_editable(read_table(plan, on=ON), plan)
    assert codes(table) == ["ref", "promise", "leads", "others", "activity", "timescale", "rating"]


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("measured", ["ref", "promise", "measures", "leads", "timescale", "rating"]),
        ("short", ["promise", "leads", "activity", "timescale"]),
        ("shared", ["promise", "leads", "others", "activity", "timescale"]),
    ],
)
def test_a_preset_is_shown_whatever_stands_in_the_plan(plan, preset, expected):
    chosen = next(each for each in PRESETS if each.code == preset)
    plan.columns = [{"code": column.code, "heading": column.heading} for column in chosen.columns]
    table = make_editable(read_table(plan, on=ON), plan)
    assert codes(table) == expected
    assert table.headings == chosen.headings


def test_a_leads_own_rating_is_for_the_partnership_alone(plan):
    plan.columns = [{"code": "promise", "heading": "We will"}, {"code": "rating", "heading": "Progress"}]
    assert codes(read_table(plan, on=ON)) == ["promise", "rating"]
    assert codes(read_table(plan, on=ON, is_public=True)) == ["promise"]
    assert codes(table_of(take_snapshot(plan), on=ON)) == ["promise"]


def test_columns_stand_in_one_order_however_they_were_kept():
    kept = [{"code": code, "heading": code} for code in ("timescale", "activity", "promise", "ref")]
    shown = columns_to_show(kept, filled=set(), has_ratings=True)
    assert [column.code for column in shown] == ["ref", "promise", "activity", "timescale"]


def test_a_version_keeps_the_columns_it_was_made_with(plan):
    plan.columns = [{"code": "promise", "heading": "We will"}, {"code": "timescale", "heading": "By when"}]
    snapshot = take_snapshot(plan)
    plan.columns = []
    assert table_of(snapshot, on=plan_of(snapshot).starts_on).headings == {"promise": "We will", "timescale": "By when"}


# The page on which they are chosen


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


def choose(browser, plan, **typed):
    """Send the page's form back with ``typed`` over what stood in it; an empty box is one not ticked."""
    url = reverse("plans:plan-columns", args=[plan.pk])
    form = browser.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields} | typed
    return browser.post(url, {name: value for name, value in shown.items() if value})


def test_the_office_takes_a_usual_shape_and_goes_back(browser, plan):
    assert choose(browser, plan, shape="shared").status_code == 302
    plan.refresh_from_db()
    assert [each["code"] for each in plan.columns] == ["promise", "leads", "others", "activity", "timescale"]
    page = browser.get(plan.get_absolute_url()).content.decode()
    assert 'data-l="Other partnerships involved"' in page
    choose(browser, plan, shape="filled")
    plan.refresh_from_db()
    assert plan.columns == []


def test_the_office_calls_its_columns_what_it_likes(browser, plan):
    choose(
        browser,
        plan,
        shape="own",
        show_ref="",
        show_rating="",
        show_leads="",
        show_others="",
        show_measures="on",
        heading_promise="We will",
        heading_timescale="",
    )
    plan.refresh_from_db()
    assert plan.columns == [
        {"code": "promise", "heading": "We will"},
        {"code": "measures", "heading": "How we will know"},
        {"code": "activity", "heading": "Activity"},
        {"code": "timescale", "heading": "Timescale"},
    ]


def test_what_is_hidden_is_said_and_kept(browser, plan, led_deliverable):
    url = reverse("plans:plan-columns", args=[plan.pk])
    shown = browser.post(url, {"shape": "measured", "do": "show"})
    assert (shown.status_code, shown.context["not_shown"]) == (200, ["other partnerships", "activities"])
    plan.refresh_from_db()
    assert plan.columns == []
    response = choose(browser, plan, shape="measured")
    said = [str(message) for message in response.wsgi_request._messages]
    assert said == [
        "The columns are saved. Not shown in the table: other partnerships and activities. Nothing of it is lost."
    ]
    assert led_deliverable.activities.count() == 2


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"shape": ""}, "shape", "Answer “Which columns does your table have?”"),
        ({"shape": "round"}, "shape", "Choose an answer from the list"),
        (
            {"shape": "own", "show_activity": "", "show_timescale": ""},
            "show_activity",
            "Show the activity, the timescale or both: they say what happens when",
        ),
        (
            {"shape": "own", "heading_leads": "x" * 41},
            "heading_leads",
            "Use 40 characters or fewer. You have 41",
        ),
        (
            {"shape": "own", "heading_leads": "timescale"},
            "heading_timescale",
            "Two columns are called “Timescale”. Give one of them another name",
        ),
    ],
)
def test_a_choice_that_makes_no_table_is_sent_back(browser, plan, typed, field, says):
    response = choose(browser, plan, **typed)
    plan.refresh_from_db()
    assert (response.status_code, response.context["form"].errors[field], plan.columns) == (422, [says], [])


def test_two_who_choose_at_once_both_see_it(browser, plan):
    url = reverse("plans:plan-columns", args=[plan.pk])
    form = browser.get(url).context["form"]
    first = {name: form[name].value() for name in form.fields if form[name].value()}
    choose(browser, plan, shape="short")
    response = browser.post(url, first | {"shape": "measured"})
    plan.refresh_from_db()
    assert (response.status_code, len(plan.columns)) == (409, 4)


def test_strangers_find_no_columns_to_choose(client_of, stranger, lead, draft_plan, plan):
    draft = reverse("plans:plan-columns", args=[draft_plan.pk])
    assert client_of(stranger).get(draft).status_code == 404
    assert client_of(lead).get(reverse("plans:plan-columns", args=[plan.pk])).status_code == 403
