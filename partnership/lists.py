"""Lists of records: narrowed by a shared link, sorted, paged, and given away as Excel or CSV.

A list is a table (django-tables2) over a filter (django-filter) over a queryset; the view says which
and nothing else. What is filtered and sorted stands in the address, so a link shows another person
the same list, and an export holds every row of it, not just the page shown.

    class MeetingTable(RecordTable):
        meets_on = DayColumn("Date")
        group = tables.Column(linkify=True)

    class MeetingFilter(RecordFilter):
        search_fields = ("title", "venue")
        group = django_filters.ModelChoiceFilter(empty_label="Any group", queryset=groups_of_request)

    class MeetingList(RecordList):
        table_class, filterset_class = MeetingTable, MeetingFilter
        template_name = "partnership/meeting_list.html"  # extends lists/record_list.html
        export_name = "meetings"

        def get_queryset(self):
            return Meeting.objects.visible_to(self.request.user).select_related("group")
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import IContains
from django.utils import timezone
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django_filters.views import FilterView
from django_tables2.export import ExportMixin, TableExport
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from partnership.downloads import as_attachment
from partnership.models import Partnership
from partnership.standing import standing_of
from partnership.templatetags.components import long_date

ROWS_A_PAGE = 50
MOST_WORDS, LONGEST_WORDS = 12, 200  # of a search: each word is one more thing for the database to look for
# A cell that begins so would be reckoned out by a spreadsheet; an apostrophe keeps it words.
RECKONED = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"  # or Excel reads a CSV as if it were not UTF-8
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no spreadsheet holds these
WIDEST_COLUMN = 60  # characters; longer text runs on over several lines
# How Excel shows each kind of value; the first that fits.
FORMATS = {datetime: "d mmmm yyyy hh:mm", date: "d mmmm yyyy", time: "hh:mm", Decimal: "#,##0.00", object: "General"}
TITLE_REFUSES = re.compile(r"[\\*?:/\[\]]")  # Excel, in the name of a sheet
UNBROKEN = {"td": {"class": "nowrap"}}
NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class DayColumn(tables.Column):
    """A date: "31 March 2022" on the page, a real date in an export."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"attrs": UNBROKEN, **kwargs})

    def render(self, value):
        return long_date(value)

    def value(self, value):
        return value


class MomentColumn(DayColumn):
    """A moment: "31 March 2022, 09:30" on the page, a real one in an export."""

    def render(self, value):
        return f"{long_date(value)}, {timezone.localtime(value):%H:%M}"


class CommentedColumn(MomentColumn):
    """When a comment was made, and whether that was after the last day: its record has ``is_late``."""

    def render(self, record, value):
        if record.is_late:
            return format_html('{}<br><span class="quiet">after the last day</span>', long_date(value))
        return long_date(value)


class WordsColumn(tables.Column):
    """What somebody wrote, in its paragraphs on the page and as it was typed in an export."""

    def render(self, value):
        return in_paragraphs(value)

    def value(self, value):
        return value


def in_paragraphs(words):
    return mark_safe(linebreaks(words, autoescape=True))  # noqa: S308 (escaped)


class NumberColumn(tables.Column):
    """A count, under one another by their last figure."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"attrs": NUMBER, **kwargs})


class PoundsColumn(NumberColumn):
    """An amount: "£1,250.00" on the page, a number in an export."""

    def render(self, value):
        return f"£{value:,.2f}"

    def value(self, value):
        return value


def partnership_tags(partnerships):
    names = ((each.name, each.short_name) for each in partnerships)
    return format_html_join(" ", '<abbr class="area" title="{}">{}</abbr>', names)


class PartnershipsColumn(tables.Column):
    """Whose a record is: short names as tags on the page, names in an export. Prefetch ``partnerships``."""

    def __init__(self, verbose_name="Of", **kwargs):
        super().__init__(verbose_name, **{"accessor": "partnerships", "orderable": False, **kwargs})

    def render(self, value):
        return partnership_tags(value.all())

    def value(self, value):
        return ", ".join(each.name for each in value.all())


class PartnershipColumn(tables.Column):
    """Whose a record is, of one partnership: as ``PartnershipsColumn`` shows several. Select ``partnership``."""

    def __init__(self, verbose_name="Of", **kwargs):
        super().__init__(verbose_name, **{"accessor": "partnership", "order_by": "partnership__name", **kwargs})

    def render(self, value):
        return partnership_tags([value])

    def value(self, value):
        return value.name


class RecordTable(tables.Table):
    """The columns of a list. The first column names the row, so it is each row's heading.

    ``render_<column>`` gives what the page shows, ``value_<column>`` what an export holds. ``caption``
    names the table for those who cannot see what stands above it.
    """

    caption = ""

    class Meta:
        template_name = "lists/table.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"default": "", **kwargs})  # a cell without a value is empty

    @property
    def order_by(self):
        return super().order_by

    @order_by.setter
    def order_by(self, aliases):
        """Rows with nothing to sort by come last either way, and equal ones stay in one order over the pages."""
        tables.Table.order_by.fset(self, aliases)
        if self.order_by and hasattr(self.data.data, "query"):
            rows = self.data.data
            self.data.data = rows.order_by(*[empty_last(name, rows.model) for name in rows.query.order_by], "pk")

    @property
    def sort_choices(self):
        """(alias, words) of every way to sort it, where the headings are folded away."""
        for column in self.columns:
            if column.orderable:
                yield column.name, column.header
                yield f"-{column.name}", f"{column.header}, last first"


def empty_last(name, model):
    """``name`` of an ordering (or an expression, left as it is) so that nothing sorts after everything."""
    if not isinstance(name, str) or not name.startswith("-"):
        return name
    is_relation = name[1:] in {field.name for field in model._meta.get_fields() if field.is_relation}
    return name if is_relation else F(name[1:]).desc(nulls_last=True)


def own_partnerships(request):
    """The partnerships of the person who asks, for a filter's ``queryset``."""
    return Partnership.objects.filter(pk__in=standing_of(request.user).partnership_ids)


class Plain(Func):
    """Words without their accents and marks, as the search of everything reads them: "Siân" is found by "sian"."""

    function = "planner_plain"
    output_field = TextField()


class RecordFilter(django_filters.FilterSet):
    """What a list can be narrowed to. ``search_fields`` adds a box that looks for words in them."""

    search_fields = ()
    words = django_filters.CharFilter(label="Words", method="with_words", max_length=LONGEST_WORDS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.search_fields:
            del self.filters["words"]

    @property
    def form(self):
        form = super().form
        for field in form.fields.values():
            if type(field.widget) is forms.DateInput and not field.widget.attrs:
                field.widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            kind = "govuk-select" if isinstance(field.widget, forms.Select) else "govuk-input"
            field.widget.attrs.setdefault("class", kind)
        return form

    @property
    def is_narrowed(self):
        """Whether anything was asked for (an empty box asks for nothing)."""
        return self.is_bound and any(value or value is False for value in self.chosen)

    @property
    def chosen(self):
        """What was asked for, of what could be understood."""
        self.form.is_valid()
        return self.form.cleaned_data.values()

    @property
    def not_understood(self):
        """The labels of what a link asks for in vain: what is gone since, or never was."""
        return [field.label for field in self.form if field.errors]

    def with_words(self, queryset, _name, words):
        """Every word somewhere in ``search_fields``; a record with many such parts is still found once."""
        found = queryset.model._default_manager.order_by()
        for word in words.split()[:MOST_WORDS]:
            somewhere = Q()
            for field in self.search_fields:
                somewhere |= Q(**{f"{field}__icontains": word})
                if word.isalnum():  # of a mark alone nothing would be left
                    somewhere |= Q(IContains(Plain(Cast(field, TextField())), Plain(Value(word))))
            found = found.filter(somewhere)
        return queryset.filter(pk__in=found.values("pk"))


class SafeExport(TableExport):
    """An export that no spreadsheet runs: what looks like a formula stays words."""

    FORMATS = {kind: TableExport.FORMATS[kind] for kind in (TableExport.XLSX, TableExport.CSV)}

    @classmethod
    def is_valid_format(cls, export_format):
        return export_format in cls.FORMATS

    def export(self):
        if self.format == self.XLSX:
            return as_workbook(self.dataset)
        self.dataset.headers = [harmless(heading) for heading in self.dataset.headers]
        for index in range(self.dataset.height):
            self.dataset[index] = [harmless(cell) for cell in self.dataset[index]]
        return BYTE_ORDER_MARK + self.dataset.export(self.CSV)

    def response(self, filename=None):
        return as_attachment(self.export(), filename or f"list.{self.format}", self.content_type())


def harmless(cell):
    """``cell`` as any spreadsheet may hold it: text that would be reckoned out begins with an apostrophe."""
    cell = plain(cell)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RECKONED) else cell


def plain(cell):
    """``cell`` as text that can be printed, a number, or a date or moment of this country."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, datetime):
        return (timezone.make_naive(cell) if timezone.is_aware(cell) else cell).replace(microsecond=0)
    return UNPRINTABLE.sub("", cell) if isinstance(cell, str) else cell


def as_workbook(*datasets):
    """``datasets`` as an Excel file, a sheet each: headings that stay in sight, our dates, text only as text."""
    book = Workbook()
    book.remove(book.active)
    for dataset in datasets:
        sheet = book.create_sheet(TITLE_REFUSES.sub(" ", dataset.title)[:31])
        for number, values in enumerate([dataset.headers, *dataset], start=1):
            for column, value in enumerate(values, start=1):
                write_cell(sheet.cell(number, column), plain(value), is_heading=number == 1)
        for cells in sheet.columns:
            width = max(len(str(cell.value)) for cell in cells) + 2
            sheet.column_dimensions[cells[0].column_letter].width = min(width, WIDEST_COLUMN)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def write_cell(cell, value, *, is_heading):
    cell.value = value
    if isinstance(value, str):
        cell.data_type, cell.quotePrefix = "s", value.startswith(RECKONED)
    cell.number_format = next(FORMATS[kind] for kind in FORMATS if isinstance(value, kind))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(bold=is_heading)


class RecordList(ExportMixin, tables.SingleTableMixin, FilterView):
    """A page that lists records: see the top of this module. It costs one count and one query of a page."""

    export_class = SafeExport
    export_trigger_param = "export"
    strict = False

    def get_table(self, **kwargs):
        """Sorted and at the page that the address asks for; what makes no sense there is passed over."""
        table = self.get_table_class()(data=self.get_table_data(), request=self.request, **kwargs)
        asked = self.request.GET.get(table.order_by_field)
        if asked:
            table.order_by = asked
        table.paginate(per_page=ROWS_A_PAGE)
        table.page = table.paginator.get_page(self.request.GET.get(table.page_field))
        return table

    def get_dataset_kwargs(self):
        return {"title": self.export_name.replace("-", " ").capitalize()}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        table = context["table"]
        return {**context, "page_obj": table.page, "row_count": table.paginator.count}

    def get_export_filename(self, export_format):
        return f"{self.export_name}.{export_format}"
