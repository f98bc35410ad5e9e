"""A block copied from Word or Excel becomes rows: read, shown, added once, taken back."""

import threading
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plans.models import Activity, Deliverable
from plans.pasting import BY_WIDTH, LONGEST_BLOCK, MOST_ROWS, BlockProblem, clean, guess_columns, read_grid
from plans.writing import answers_in

pytestmark = pytest.mark.django_db

BLOCK = (
    "Ref\tKey deliverable\tLead\tActivity\tTimescale\n"
    "a\tOne door for families. Whoever asks is heard.\tLearning and Development Subgroup\t"
    "Agree one form\tby end of Sept 2026\n"
    "\t\t\tTry it in two areas\tJanuary 2027\n"
    'b\tTraining for all\tAV: Learning lead\nMB: "Chair" of training\tPlan it\ttbc\n'
)
EXCEL = (
    "Key deliverable\tLead\tActivity\tTimescale\n"
    '"One door, and a ""warm"" welcome"\tHead of Midwifery\t"• Agree one form\n• Try it"\t"Sept 2026\nJan 2027"\n'
)


@pytest.fixture
def babies(plan):
    return plan.priorities.get(position=1)


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


@pytest.fixture
def url(plan, babies):
    return reverse("plans:rows-paste", args=[plan.pk, "deliverable", babies.pk])


def read(browser, url, text, **typed):
    return browser.post(url, {"text": text, "do": "read"} | typed)


def add(browser, url, text, **typed):
    """Read a block, and say yes to what was understood."""
    page = read(browser, url, text)
    return browser.post(url, answer_to(page) | typed)


def answer_to(page):
    """What the page of a preview sends when its button is pressed."""
    columns = page.context["columns"]
    data = {name: columns[name].value() for name in columns.fields if columns[name].value()}
    return data | {
        "text": page.context["form"]["text"].value(),
        "digest": page.context["digest"],
        "since": page.context["since"],
        "do": "add",
    }


def rows_of(priority):
    """What stands in a priority's table, in short."""
    return [
        (
            row.ref,
            row.title,
            row.description,
            [(lead.partnership.short_name if lead.partnership else "", lead.text) for lead in row.leads.all()],
            [
                (activity.text, activity.timescale_text, [m.due_on for m in activity.milestones.all()])
                for activity in row.activities.all()
            ],
        )
        for row in priority.deliverables.order_by("position")
    ]


# Text to a grid


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        ("a\tb\nc\td", [["a", "b"], ["c", "d"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("one\ntwo\n\nthree", [["one"], ["two"], ["three"]]),
        ('a\t"b\nc"\nd\te', [["a", "b\nc"], ["d", "e"]]),
        ('a\t"say ""yes"""\nd\te', [["a", 'say "yes"'], ["d", "e"]]),
        ('"Think family" training\tb\nc\td', [['"Think family" training', "b"], ["c", "d"]]),
        ('a "b\tc\nd\te', [['a "b', "c"], ["d", "e"]]),
        ('"a\tb\nc\td', [['"a', "b"], ["c", "d"]]),
        ("a\tb\tc\nd\te1\ne2\tf\ng\th\ti", [["a", "b", "c"], ["d", "e1\ne2", "f"], ["g", "h", "i"]]),
        ("a\tb\tc\nd\te\tf1\nf2", [["a", "b", "c"], ["d", "e", "f1\nf2"]]),
        ("a\t\tb\n\t\t\nc\t\td", [["a", "b"], ["c", "d"]]),
        ("a\x00b\x07\tc", [["ab", "c"]]),
        ("a\x0bb\tc", [["a", "b\tc"]]),
    ],
)
def test_a_block_is_parted_as_it_was_meant(text, grid):
    if "\x0b" in text:  # a line break inside a cell, as Word has it
        assert read_grid(clean(text)) == [["a\nb", "c"]]
    else:
        assert read_grid(clean(text)) == grid


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (" \n\t\n", "There is nothing in it yet. Copy some rows of a table and paste them here"),
        ("\t".join("abcdefghijklmnopqrstu"), "This has 21 columns. Paste at most 20 at a time"),
        ("a\tb\n" * (MOST_ROWS + 2), "This has 202 rows. Paste at most 200 at a time"),
        ("a\n" + "x" * 4001, "A cell of row 2 has 4,001 characters. Shorten it to 4,000 or fewer"),
    ],
)
def test_a_block_that_is_too_much_is_refused_in_a_sentence(text, says):
    with pytest.raises(BlockProblem, match=says):
        read_grid(text)


@pytest.mark.parametrize(
    ("first_rows", "kind", "has_header", "codes"),
    [
        (["Ref\tWe will\tWho\tWhen", "1\ta\tb\tc"], "deliverable", True, ["ref", "promise", "leads", "timescale"]),
        (["Action\tBy when", "a\tb"], "deliverable", True, ["promise", "timescale"]),
        (["Action\tBy when", "a\tb"], "activity", True, ["activity", "timescale"]),
        (["Our own words\tLead\tx", "a\tb\tc"], "deliverable", True, ["promise", "leads", ""]),
        (["Do it\tb\tc\td"], "deliverable", False, ["promise", "leads", "activity", "timescale"]),
        (["2.1\ta\tb\tc", "2.2\td\te\tf"], "deliverable", False, ["ref", "promise", "leads", "timescale"]),
        (["Do it\tb\tc\td\te\tf\tg"], "deliverable", False, [*BY_WIDTH[6], ""]),
        (["a"], "activity", False, ["activity"]),
        (["Babies\t1\ta\tb\tc"], "priority", False, ["priority", "ref", "promise", "leads", "timescale"]),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_headings_or_by_their_place(first_rows, kind, has_header, codes):
    guess = guess_columns(read_grid("\n".join(first_rows)), kind, {"promise": "Our own words"})
    assert (guess.has_header, guess.codes) == (has_header, codes)


# The page


def test_nothing_is_added_before_somebody_says_yes(browser, url, babies):
    before = babies.deliverables.count()
    page = read(browser, url, BLOCK)
    row, second = page.context["table"].deliverables
    assert (page.status_code, babies.deliverables.count()) == (200, before)
    assert (row.ref, row.title, [activity.due.words for activity in row.activities]) == (
        "a",
        "One door for families",
        ["By 30 September 2026", "By 31 January 2027"],
    )
    assert page.context["unknown"] == ["Learning lead", '"Chair" of training']
    assert second.activities[0].due.words == "No date yet. Asked about each round"


def test_a_block_becomes_rows_with_leads_and_dates(browser, url, babies, learning_group):
    kept = rows_of(babies)
    response = add(browser, url, BLOCK)
    added = babies.deliverables.order_by("position")[len(kept) :]
    assert response.url.endswith(f"#row-{added[0].pk}")
    assert rows_of(babies)[len(kept) :] == [
        (
            "a",
            "One door for families",
            "Whoever asks is heard.",
            [("", "Learning and Development Subgroup")],
            [
                ("Agree one form", "by end of Sept 2026", [date(2026, 9, 30)]),
                ("Try it in two areas", "January 2027", [date(2027, 1, 31)]),
            ],
        ),
        (
            "b",
            "Training for all",
            "",
            [("AV", "Learning lead"), ("MB", '"Chair" of training')],
            [("Plan it", "tbc", [])],
        ),
    ]
    assert added[0].leads.get().group == learning_group


def test_a_list_in_one_cell_of_excel_becomes_activities_each_with_its_date(browser, url, babies):
    add(browser, url, EXCEL)
    row = rows_of(babies)[-1]
    assert (row[1], row[4]) == (
        'One door, and a "warm" welcome',
        [("Agree one form", "Sept 2026", [date(2026, 9, 30)]), ("Try it", "Jan 2027", [date(2027, 1, 31)])],
    )


def test_a_timescale_without_an_activity_is_not_lost(browser, url, babies):
    add(browser, url, "Deliverable\tActivity\tTimescale\nA promise\t\tMarch 2027")
    assert rows_of(babies)[-1][4] == [("A promise", "March 2027", [date(2027, 3, 31)])]


def test_the_person_says_what_a_column_is(browser, url, babies):
    page = read(browser, url, "One\tTwo\tThree")
    data = answer_to(page) | {"column_0": "measures", "column_1": "promise", "column_2": "others"}
    browser.post(url, data)
    row = babies.deliverables.order_by("-position").first()
    assert (row.title, row.evidence_measures, row.other_partnerships) == ("Two", "One", "Three")


def test_what_a_column_is_must_make_a_row(browser, url, babies):
    page = read(browser, url, "One\tTwo")
    before = babies.deliverables.count()
    twice = browser.post(url, answer_to(page) | {"column_0": "promise", "column_1": "promise"})
    none = browser.post(url, answer_to(page) | {"column_0": "leads", "column_1": ""})
    assert (twice.status_code, twice.context["columns"].errors) == (
        422,
        {"column_1": ["“Key deliverable” is column 1 already. Leave one of them out"]},
    )
    assert (none.status_code, none.context["columns"].errors) == (
        422,
        {"column_0": ["Say which column is “Key deliverable”: without it there is no row to add"]},
    )
    assert babies.deliverables.count() == before


def test_a_block_that_was_changed_is_shown_again_before_it_is_added(browser, url, babies):
    page = read(browser, url, "One\tHead of Midwifery\tMay 2026")
    before = babies.deliverables.count()
    again = browser.post(url, answer_to(page) | {"text": "Another\tHead of Midwifery\tMay 2026"})
    assert (again.status_code, again.context["table"].deliverables[0].title) == (200, "Another")
    assert babies.deliverables.count() == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Copy some rows of a table and paste them here"),
        (" \x00 ", "There is nothing in it yet. Copy some rows of a table and paste them here"),
        (
            "x" * (LONGEST_BLOCK + 1),
            "This has 200,001 characters. Paste at most 200,000 at a time: a few pages of your table",
        ),
    ],
)
def test_what_cannot_be_taken_stays_in_the_box(browser, url, text, says):
    response = read(browser, url, text)
    form = response.context["form"]
    assert (response.status_code, form.errors["text"], form["text"].value()) == (422, [says], text)


def test_a_ref_that_is_too_long_stays_in_the_words(browser, url, babies):
    add(browser, url, "Ref\tDeliverable\tLead\nAction 12 of the review\tDo it\tAnyone")
    assert rows_of(babies)[-1][:2] == ("", "Action 12 of the review Do it")


def test_activities_are_pasted_into_a_deliverable(browser, plan, led_deliverable):
    url = reverse("plans:rows-paste", args=[plan.pk, "activity", led_deliverable.pk])
    before = list(led_deliverable.activities.values_list("text", flat=True))
    add(browser, url, "Tell every midwife\tSept 2026\nAsk ten families\tquarterly")
    rows = led_deliverable.activities.order_by("position").values_list("position", "text", "timescale_text")
    assert list(rows)[len(before) :] == [(3, "Tell every midwife", "Sept 2026"), (4, "Ask ten families", "quarterly")]


def test_priorities_come_with_their_rows(browser, plan):
    url = reverse("plans:rows-paste", args=[plan.pk, "priority", plan.pk])
    add(
        browser,
        url,
        "Priority\tDeliverable\tLead\tTimescale\n"
        "Priority 3: Safe at home\tVisit early\tHead of Midwifery\tMay 2026\n"
        "\tVisit often\t\tquarterly\n"
        "Heard\tAsk children\tAnyone\ttbc\n",
    )
    added = plan.priorities.order_by("position")[2:]
    assert [(row.ref, row.title, [each.title for each in row.deliverables.all()]) for row in added] == [
        ("3", "Safe at home", ["Visit early", "Visit often"]),
        ("", "Heard", ["Ask children"]),
    ]


# Once


def test_the_second_press_of_the_button_adds_nothing(browser, url, babies):
    before = babies.deliverables.count()
    answer = answer_to(read(browser, url, BLOCK))
    first, second = browser.post(url, answer), browser.post(url, answer)
    assert (babies.deliverables.count(), first.url) == (before + 2, second.url)


def test_the_same_block_pasted_anew_is_added_again(browser, url, babies):
    before = babies.deliverables.count()
    add(browser, url, BLOCK)
    add(browser, url, BLOCK)
    assert babies.deliverables.count() == before + 4


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_add_one_set(plan, babies, office, client_of, url):
    before = babies.deliverables.count()
    answer = answer_to(read(client_of(office), url, BLOCK))
    ready = threading.Barrier(4)

    def press():
        try:
            client = Client()
            client.force_login(office)
            ready.wait(timeout=30)
            client.post(url, answer)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join(timeout=60)
    assert babies.deliverables.count() == before + 2


def test_a_paste_is_undone_by_one_press(browser, plan, url, babies):
    kept = rows_of(babies)
    add(browser, url, BLOCK)
    response = browser.post(reverse("plans:plan-undo", args=[plan.pk]), follow=True)
    assert rows_of(babies) == kept
    assert [str(message) for message in response.context["messages"]][-1] == "Undone: the rows are gone again."


def test_rows_that_somebody_has_changed_since_are_not_taken_back(browser, plan, url, babies):
    add(browser, url, BLOCK)
    Activity.objects.filter(text="Agree one form").update(text="Theirs")
    count = babies.deliverables.count()
    response = browser.post(reverse("plans:plan-undo", args=[plan.pk]), follow=True)
    assert babies.deliverables.count() == count
    said = [str(message) for message in response.context["messages"]]
    assert said[-1] == "Somebody has changed these rows since, so they were left as they are."


def test_a_pasted_row_that_was_answered_is_not_taken_back(browser, plan, url, babies, round_open, ratings, lead):
    add(browser, url, BLOCK)
    row = babies.deliverables.order_by("-position").first()
    row.updates.create(
        round=round_open, rating=ratings["G"], progress="Begun", submitted_by=lead, submitted_at=timezone.now()
    )
    browser.post(reverse("plans:plan-undo", args=[plan.pk]))
    assert (Deliverable.objects.filter(pk=row.pk).exists(), answers_in(row)) == (True, "updates")


# Whose


def test_another_plan_s_priority_takes_no_paste(browser, draft_plan, babies):
    url = reverse("plans:rows-paste", args=[draft_plan.pk, "deliverable", babies.pk])
    assert read(browser, url, BLOCK).status_code == 404
    assert browser.get(reverse("plans:rows-paste", args=[draft_plan.pk, "nonsense", babies.pk])).status_code == 404


def test_only_the_office_pastes(client_of, stranger, lead, url, babies):
    before = babies.deliverables.count()
    assert [client_of(person).post(url, {"text": BLOCK}).status_code for person in (stranger, lead)] == [403, 403]
    assert babies.deliverables.count() == before


def test_two_hundred_rows_are_read_in_as_many_queries_as_two(browser, url, django_assert_max_num_queries):
    two = BLOCK + "c\tOne\tHead of Midwifery\tDo\tMay 2026\n"
    many = BLOCK + "".join(f"{n}\tPromise {n}\tHead of Midwifery\tDo\tMay 2026\n" for n in range(190))
    with django_assert_max_num_queries(100) as at_two:
        read(browser, url, two)
    with django_assert_max_num_queries(len(at_two)):
        page = read(browser, url, many)
    assert page.context["count"] == 192
