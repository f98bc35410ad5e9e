"""The list of budgets, and a statement as tables to take away and as bars to look at."""

from dataclasses import dataclass
from decimal import Decimal

import django_filters
import django_tables2 as tables
import tablib
from django.utils.html import format_html_join

from partnership.lists import BYTE_ORDER_MARK, PoundsColumn, RecordFilter, RecordTable, harmless, own_partnerships
from partnership.models import BudgetYear
from partnership.money import closing_of, in_pounds
from partnership.templatetags.components import long_date

# Budgets


class BudgetTable(RecordTable):
    caption = "Budgets"
    starts_on = tables.Column("Year", linkify=True)
    partnerships = tables.Column("Shared by", orderable=False)
    status = tables.Column("Status")
    contributed = PoundsColumn(verbose_name="Contributions")
    planned = PoundsColumn(verbose_name="Planned")
    spent = PoundsColumn(verbose_name="Spent", empty_values=(), orderable=False)
    left = PoundsColumn(verbose_name="Left at the end", empty_values=(), orderable=False)

    def render_starts_on(self, record):
        return f"{long_date(record.starts_on)} to {long_date(record.ends_on)}"

    def value_starts_on(self, record):
        return self.render_starts_on(record)

    def render_partnerships(self, record):
        every = [(each.name, each.short_name) for each in record.partnerships.all()]
        return format_html_join(" ", '<abbr class="area" title="{}">{}</abbr>', every)

    def value_partnerships(self, record):
        return ", ".join(each.name for each in record.partnerships.all())

    def value_spent(self, record):
        """Nothing until it is known on every line."""
        is_known = record.line_count and record.spent_count == record.line_count
        return record.spent if is_known else None

    def render_spent(self, record):
        spent = self.value_spent(record)
        return "Not known yet" if spent is None else in_pounds(spent)

    def value_left(self, record):
        return closing_of(record)

    def render_left(self, record):
        return in_pounds(closing_of(record))


class BudgetFilter(RecordFilter):
    partnership = django_filters.ModelChoiceFilter(
        field_name="partnerships", label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )
    status = django_filters.ChoiceFilter(label="Status", empty_label="Any status", choices=BudgetYear.Status)


# A statement to take away

CONTRIBUTIONS, SPENDING, RESERVE = "contributions", "spending", "reserve"


def tables_of(told):
    """The statement's tables by name, each a dataset of figures as it stands on the page."""
    return {
        CONTRIBUTIONS: dataset(
            "Contributions",
            ["Organisation", "Amount", "Share, %", "Last year", "Last year’s share, %", "Change"]
            + ["In kind", "Worth of it", "Reason"],
            [
                [each.name, each.amount, each.share, each.before, each.share_before, each.change]
                + [getattr(each.contribution, name, None) for name in ("in_kind", "in_kind_amount")]
                + [each.reason]
                for each in told.given
            ],
            ["All organisations", told.contributed, total_share(told), told.before, None, told.change]
            + [None, told.in_kind, None],
        ),
        SPENDING: dataset(
            "Spending",
            ["On what", "Planned", "Spent", "Difference", "Reason"],
            [
                [each.line.title, each.line.planned, each.line.spent, each.difference, each.line.reason]
                for each in told.lines
            ],
            ["Everything", told.planned, told.spent, told.difference, None],
        ),
        RESERVE: dataset(
            "Reserve",
            ["", "As planned", "As spent"],
            [
                ["Reserve at the start", told.opening, told.opening],
                ["Contributions", told.contributed, told.contributed],
                ["Spending", -told.planned, None if told.spent is None else -told.spent],
            ],
            ["Reserve at the end", told.closing_planned, told.closing],
        ),
    }


def total_share(told):
    return sum((each.share for each in told.given), Decimal("0.0"))


def dataset(title, headers, rows, total):
    return tablib.Dataset(*[[harmless(cell) for cell in row] for row in [*rows, total]], headers=headers, title=title)


def as_xlsx(told):
    """One workbook with a sheet for each table."""
    return tablib.Databook(tables_of(told).values()).export("xlsx")


def as_csv(told, name):
    return BYTE_ORDER_MARK + tables_of(told)[name].export("csv")


# Bars

NAME_HEIGHT, BAR_HEIGHT, GAP = 21, 18, 8
WIDEST = 72  # percent of the drawing; the rest is for the figure after the bar


@dataclass(frozen=True)
class Bars:
    """Up to two bars for each of some names: ``main`` is solid, ``other`` an outline. Widths are percentages."""

    title: str
    words: str
    main_name: str
    other_name: str
    rows: list
    height: int


def bars(title, pairs, *, main_name, other_name):
    """``pairs``: (name, main amount, other amount), an amount None where it is not known; None without any."""
    pairs = [pair for pair in pairs if any(pair[1:])]
    if not pairs:
        return None
    most = max(amount or 0 for _, *amounts in pairs for amount in amounts)
    rows, top = [], 0
    for name, main, other in pairs:
        row = {"name": name, "name_y": top + 15, "bars": []}
        top += NAME_HEIGHT
        for kind, amount in (("main", main), ("other", other)):
            if amount is not None:
                row["bars"].append({"kind": kind, "y": top, "text_y": top + 13, **measured(amount, most)})
                top += BAR_HEIGHT
        top += GAP
        rows.append(row)
    words = "; ".join(
        f"{name}: {main_name.lower()} {said(main)}, {other_name.lower()} {said(other)}" for name, main, other in pairs
    )
    return Bars(title, f"{words}.", main_name, other_name, rows, height=top)


def measured(amount, most):
    width = round(float(amount / most) * WIDEST, 2)
    return {"width": f"{width}%", "text": in_pounds(amount, short=True)}


def said(amount):
    return "not known" if amount is None else in_pounds(amount, short=True)


def bars_of_contributions(told):
    pairs = [(each.name, each.amount, each.before) for each in told.given]
    return bars("Contributions this year and last year", pairs, main_name="This year", other_name="Last year")


def bars_of_spending(told):
    pairs = [(each.line.title, each.line.spent, each.line.planned) for each in told.lines]
    return bars("Spending, planned and as it went", pairs, main_name="Spent", other_name="Planned")
