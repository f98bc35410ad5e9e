"""Lists: what the address asks for is what is shown, what a spreadsheet gets is real and harmless."""

import csv
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO

import django_filters
import django_tables2 as tables
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from partnership.lists import (
    ROWS_A_PAGE,
    DayColumn,
    NumberColumn,
    PartnershipsColumn,
    PoundsColumn,
    RecordFilter,
    RecordTable,
    SafeExport,
)
from partnership.models import Meeting
from plans.models import Plan
from tests.factories import MeetingFactory, PlanFactory, PriorityFactory
from tests.plans.test_plan_page import count_queries

LIST = reverse("plans:plan-list")


@pytest.fixture
def earlier(plan, partnership):
    """Three plans in all: ``plan``, then a closed one and a draft of Ashford Vale alone."""
    closed = PlanFactory(
        title="=1+1 plan",
        starts_on=date(2025, 4, 1),
        ends_on=date(2026, 3, 31),
        status=Plan.Status.CLOSED,
        partnerships=[partnership],
    )
    draft = PlanFactory(
        title="Ämne och “ord”",
        starts_on=date(2027, 4, 1),
        ends_on=date(2028, 3, 31),
        status=Plan.Status.DRAFT,
        partnerships=[partnership],
    )
    PriorityFactory(plan=draft, title="Harm outside the home")
    PriorityFactory(plan=draft, title="Harm on the way home")
    return [closed, draft]


def titles(response):
    return [row.record.title for row in response.context["table"].paginated_rows]


@pytest.fixture
def ask(client_of, office):
    """``ask(**query)``: the list as the office gets it."""
    client = client_of(office)
    return lambda **query: client.get(LIST, query)


# What the address asks for


def test_a_shared_link_shows_another_person_the_same_list(client_of, office, advisor, stranger, earlier, partnership):
    link = f"{LIST}?partnership={partnership.pk}&status=closed&sort=-title"
    assert titles(client_of(office).get(link)) == titles(client_of(advisor).get(link)) == ["=1+1 plan"]
    assert titles(client_of(stranger).get(link)) == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Ämne och “ord”", "Business plan 2026 to 2027", "=1+1 plan"]),
        ("starts_on", ["=1+1 plan", "Business plan 2026 to 2027", "Ämne och “ord”"]),
        ("-starts_on", ["Ämne och “ord”", "Business plan 2026 to 2027", "=1+1 plan"]),
        ("-priority_count,title", ["Business plan 2026 to 2027", "Ämne och “ord”", "=1+1 plan"]),
        ("partnerships", ["Ämne och “ord”", "Business plan 2026 to 2027", "=1+1 plan"]),
        ("password", ["Ämne och “ord”", "Business plan 2026 to 2027", "=1+1 plan"]),
        ("-", ["Ämne och “ord”", "Business plan 2026 to 2027", "=1+1 plan"]),
    ],
)
def test_a_list_is_sorted_by_its_own_columns_and_by_nothing_else(ask, earlier, sort, expected):
    assert titles(ask(sort=sort)) == expected


def test_a_heading_says_how_its_column_is_sorted_and_turns_it_round(ask, earlier):
    page = ask(sort="starts_on", status="").content.decode()
    assert page.count("aria-sort=") == 1
    assert 'aria-sort="ascending"' in page
    assert 'href="?sort=-starts_on&amp;status="' in page


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("BUSINESS plan", ["Business plan 2026 to 2027"]),
        ("harm home", ["Ämne och “ord”"]),  # in the names of two priorities, found once
        ("plan harm", []),
        ("%", []),
        ("   ", ["Ämne och “ord”", "Business plan 2026 to 2027", "=1+1 plan"]),
    ],
)
def test_every_word_is_somewhere_in_what_is_searched(ask, earlier, words, expected):
    assert titles(ask(words=words)) == expected


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("status=nonsense", ["Status"]),
        ("partnership=999999", ["Partnership"]),
        ("partnership=one", ["Partnership"]),
        ("partnership=" + "9" * 5000, ["Partnership"]),
        ("status=%ED%A0%80", ["Status"]),
        ("words=" + "a+" * 500, ["Words"]),
        ("words=%ED%A0%80", []),
        ("words=" + "a+" * 90, []),
        ("page=%ED%A0%80&sort=%ED%A0%80&export=%ED%A0%80&per_page=0", []),
        ("page=99999999999999999999999999", []),
        ("page=-1&per_page=1000000", []),
    ],
)
def test_what_makes_no_sense_in_an_address_is_left_out_and_said(client_of, office, earlier, query, left_out):
    page = client_of(office).get(f"{LIST}?{query}")
    assert page.status_code == 200
    assert sorted(page.context["filter"].not_understood) == left_out
    assert ("was left out" in page.content.decode()) == bool(left_out)


@pytest.mark.parametrize("name", ["words", "status", "partnership", "sort", "page", "export"])
def test_an_address_with_a_nul_in_it_is_no_address(client_of, office, plan, name):
    assert client_of(office).get(f"{LIST}?{name}=%00").status_code == 400


def test_what_can_be_understood_still_counts(ask, earlier):
    assert titles(ask(status="nonsense", words="harm")) == ["Ämne och “ord”"]


def test_the_partnerships_on_offer_are_ones_own(ask, earlier, partnership, other_partnership, far_partnership):
    offered = ask().context["filter"].form.fields["partnership"].queryset
    assert set(offered) == {partnership, other_partnership}
    assert ask(partnership=far_partnership.pk).context["filter"].not_understood == ["Partnership"]


def test_an_empty_list_teaches_and_a_list_narrowed_to_nothing_leads_back(client_of, office, stranger, plan):
    assert "No plans yet" in client_of(stranger).get(LIST).content.decode()
    narrowed = client_of(office).get(LIST, {"words": "zebra"}).content.decode()
    assert "Nothing fits that" in narrowed
    assert f'href="{LIST}"' in narrowed


# Pages


@pytest.fixture
def many(partnership, rating_key):
    """One plan more than a page holds, all alike but for their keys."""
    plans = [
        Plan(title="Alike", starts_on=date(2020, 4, 1), ends_on=date(2021, 3, 31), status="closed")
        for _ in range(ROWS_A_PAGE + 1)
    ]
    for plan in plans:
        plan.rating_key = rating_key
    plans = Plan.objects.bulk_create(plans)
    links = Plan.partnerships.through
    links.objects.bulk_create(links(plan=plan, partnership=partnership) for plan in plans)
    return [plan.pk for plan in plans]


@pytest.mark.parametrize("sort", ["title", "-title", "-status"])
def test_rows_that_sort_alike_stand_once_on_the_pages(ask, many, sort):
    pages = [[row.record.pk for row in ask(sort=sort, page=page).context["table"].paginated_rows] for page in (1, 2)]
    assert sorted(pages[0] + pages[1]) == sorted(many)


@pytest.mark.parametrize(
    ("page", "number"), [("1", 1), ("2", 2), ("3", 2), ("0", 2), ("-4", 2), ("last", 1), ("9" * 5000, 1)]
)
def test_a_page_out_of_range_is_the_nearest_there_is(ask, many, page, number):
    assert ask(page=page).context["page_obj"].number == number


def test_links_to_pages_keep_what_was_asked_for(ask, many):
    page = ask(status="closed", sort="title").content.decode()
    assert 'href="?status=closed&amp;sort=title&amp;page=2"' in page


def test_an_export_holds_every_row_of_every_page(ask, many):
    assert len(read_csv(ask(export="csv", page=2))) == 1 + ROWS_A_PAGE + 1


@pytest.mark.parametrize("query", ["", "?sort=-title&words=plan&page=2"])
def test_a_list_costs_as_many_queries_for_three_rows_as_for_one(client_of, office, plan, partnership, query):
    client = client_of(office)
    at_1 = count_queries(client, LIST + query)
    PlanFactory.create_batch(2, title="One more plan", partnerships=[partnership])
    assert count_queries(client, LIST + query) == at_1


def test_a_list_is_one_count_and_one_query_of_its_page(client_of, office, plan, django_assert_max_num_queries):
    client = client_of(office)
    with django_assert_max_num_queries(20) as captured:
        client.get(LIST)
    of_plans = [query["sql"] for query in captured if '"plans_plan"."title"' in query["sql"]]
    assert [sql.startswith("SELECT COUNT(*)") for sql in of_plans] == [True, False]


# What a spreadsheet gets


def read_csv(response):
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def sheet_of(response):
    return load_workbook(BytesIO(response.content)).active


def test_an_export_is_the_list_as_it_is_narrowed_and_sorted(ask, earlier):
    response = ask(sort="title", status="draft", export="csv")
    assert response["Content-Disposition"] == 'attachment; filename="plans.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith("\ufeff".encode())
    assert read_csv(response) == [
        ["Plan", "From", "To", "Of", "Priorities", "Deliverables", "Status", "Version"],
        [
            "Ämne och “ord”",
            "2027-04-01",
            "2028-03-31",
            "Ashford Vale Safeguarding Children Partnership",
            "2",
            "0",
            "Draft",
            "1.0",
        ],
    ]


def test_an_unknown_kind_of_export_is_the_page(ask, plan):
    assert ask(export="yaml")["Content-Type"].startswith("text/html")


def test_dates_and_numbers_are_real_in_excel(ask, plan):
    response = ask(export="xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="plans.xlsx"'
    sheet = sheet_of(response)
    assert (sheet.title, sheet.freeze_panes) == ("Plans", "A2")
    heading, row = sheet.iter_rows()
    assert all(cell.font.bold for cell in heading)
    assert [cell.value for cell in row] == [
        "Business plan 2026 to 2027",
        datetime(2026, 4, 1),
        datetime(2027, 3, 31),
        "Ashford Vale Safeguarding Children Partnership, Millbrook Safeguarding Children Partnership",
        2,
        3,
        "Published",
        "1.0",
    ]
    assert row[1].is_date and row[1].number_format == "d mmmm yyyy"


FORMULAS = ["=1+1", "+44 1632 960417", "-5 on last year", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://evil","x")']


class MadeTable(RecordTable):
    words = tables.Column()
    day = DayColumn()
    at = tables.Column()
    amount = PoundsColumn()
    count = NumberColumn()
    is_there = tables.Column()


def made(**values):
    return {"words": "", "day": None, "at": None, "amount": None, "count": None, "is_there": None} | values


def export(kind, rows):
    return SafeExport(kind, MadeTable(rows), dataset_kwargs={"title": "Made: up/list"}).response()


@pytest.mark.parametrize("words", FORMULAS)
def test_what_looks_like_a_formula_stays_words(words):
    rows = [made(words=words)]
    assert read_csv(export("csv", rows))[1][0] == f"'{words}"
    cell = sheet_of(export("xlsx", rows))["A2"]
    assert (cell.value.strip(), cell.data_type, cell.quotePrefix) == (words.strip(), "s", True)


def test_harmless_words_are_left_as_they_are():
    words = "Up by 5; a=b, “so” it goes\non a second line"
    assert read_csv(export("csv", [made(words=words)]))[1][0] == words
    assert sheet_of(export("xlsx", [made(words=words)]))["A2"].value == words


def test_every_kind_of_value_is_its_own_kind_in_a_spreadsheet(today):
    rows = [
        made(
            words="\x00pas\x0bted\x1f \ud7ff\uffff",
            day=date(2027, 1, 12),
            at=datetime(2027, 6, 1, 8, 30, 0, 999, tzinfo=UTC),
            amount=Decimal("-1250.50"),
            count=0,
            is_there=True,
        ),
        made(at=time(9, 30), is_there=False),
    ]
    sheet = sheet_of(export("xlsx", rows))
    assert sheet.title == "Made  up list"
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["pasted \ud7ff", datetime(2027, 1, 12), datetime(2027, 6, 1, 9, 30), -1250.5, 0, "Yes"],
        [None, None, time(9, 30), None, None, "No"],
    ]
    assert sheet["D2"].number_format == "#,##0.00"
    assert read_csv(export("csv", rows))[1:] == [
        ["pasted \ud7ff", "2027-01-12", "2027-06-01 09:30:00", "-1250.50", "0", "Yes"],
        ["", "", "09:30:00", "", "", "No"],
    ]


def test_an_export_of_nothing_has_its_headings():
    headings = ["Words", "Day", "At", "Amount", "Count", "Is there"]
    assert read_csv(export("csv", [])) == [headings]
    assert [cell.value for cell in sheet_of(export("xlsx", []))[1]] == headings


# The parts


def test_amounts_dates_and_partnerships_as_people_read_them(partnership, other_partnership):
    class OfTable(RecordTable):
        of = PartnershipsColumn(accessor="partnerships")
        amount = PoundsColumn()
        day = DayColumn()

    plan = PlanFactory(partnerships=[partnership, other_partnership])
    plan.amount, plan.day = Decimal(1250), date(2022, 3, 31)
    bare = PlanFactory(rating_key=plan.rating_key)
    bare.amount = bare.day = None
    row, without = OfTable([plan, bare]).rows
    assert [str(cell) for cell in without.cells] == ["", "", ""]
    assert [str(cell) for cell in row.cells] == [
        '<abbr class="area" title="Ashford Vale Safeguarding Children Partnership">AV</abbr> '
        '<abbr class="area" title="Millbrook Safeguarding Children Partnership">MB</abbr>',
        "£1,250.00",
        "31 March 2022",
    ]


class MeetingTable(RecordTable):
    papers_due_on = DayColumn()
    group = tables.Column()


@pytest.mark.parametrize(("sort", "days"), [("papers_due_on", [1, 2, None]), ("-papers_due_on", [2, 1, None])])
def test_what_has_no_date_comes_last_either_way(learning_group, sort, days):
    for day in (None, 2, 1):
        MeetingFactory(group=learning_group, meets_on=date(2027, 3, 9 + (day or 0)), papers_due_on=march(day))
    table = MeetingTable(Meeting.objects.all())
    table.order_by = sort
    assert [row.record.papers_due_on for row in table.rows] == [march(day) for day in days]


def march(day):
    return day and date(2027, 3, day)


def test_what_belongs_to_a_record_sorts_as_that_record_does(executive, learning_group):
    for group in (executive, learning_group):
        MeetingFactory(group=group)
    table = MeetingTable(Meeting.objects.all())
    table.order_by = "-group"
    assert [row.record.group for row in table.rows] == [learning_group, executive]


class MeetingFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=Meeting.Status.choices)
    first = django_filters.DateFilter(field_name="meets_on", lookup_expr="gte")
    has_link = django_filters.BooleanFilter(field_name="link", method="with_link")

    def with_link(self, meetings, _name, has_link):
        return meetings.exclude(link="") if has_link else meetings.filter(link="")


@pytest.mark.parametrize(
    ("asked", "is_narrowed"),
    [
        (None, False),
        ({"status": "", "first": "", "page": "2"}, False),
        ({"first": "2027-01-01"}, True),
        ({"first": "tomorrow"}, False),
        ({"has_link": "false"}, True),
    ],
)
def test_a_list_is_narrowed_by_an_answer_and_by_nothing_else(db, asked, is_narrowed):
    assert MeetingFilter(asked, queryset=Meeting.objects.all()).is_narrowed == is_narrowed


def test_a_filter_dresses_its_own_boxes_and_searches_only_where_it_says(db, executive):
    form = MeetingFilter(None, queryset=Meeting.objects.all()).form
    assert list(form.fields) == ["status", "first", "has_link"]
    assert form.fields["first"].widget.input_type == "date"
    assert form.fields["has_link"].widget.attrs["class"] == "govuk-select"
    meeting = MeetingFactory(group=executive)
    assert list(MeetingFilter({"first": "2027-03-09"}, queryset=Meeting.objects.all()).qs) == [meeting]
