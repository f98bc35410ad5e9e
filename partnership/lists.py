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

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q
from django_filters.views import FilterView
from django_tables2.export import ExportMixin, TableExport

from partnership.templatetags.components import long_date

ROWS_A_PAGE = 50
# A cell that begins so would be reckoned out by a spreadsheet; an apostrophe keeps it words.
RECKONED = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"  # or Excel reads a CSV as if it were not UTF-8


class DayColumn(tables.Column):
    """A date: "31 March 2022" on the page, a real date in an export."""

    def render(self, value):
        return long_date(value)

    def value(self, value):
        return value


class PoundsColumn(tables.Column):
    """An amount: "£1,250.00" on the page, a number in an export."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, attrs={"td": {"class": "number"}, "th": {"class": "number"}}, **kwargs)

    def render(self, value):
        return f"£{value:,.2f}"

    def value(self, value):
        return value


class RecordTable(tables.Table):
    """The columns of a list. The first column names the row, so it is each row's heading.

    ``render_<column>`` gives what the page shows, ``value_<column>`` what an export holds.
    """

    class Meta:
        default = ""
        template_name = "lists/table.html"
        # Sorting by what the queryset did not annotate or a column of buttons is switched off there.
        order_by_field = "sort"


class RecordFilter(django_filters.FilterSet):
    """What a list can be narrowed to. ``search_fields`` adds a box that looks for words in them."""

    search_fields = ()
    words = django_filters.CharFilter(label="Words", method="with_words")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.search_fields:
            del self.filters["words"]

    @property
    def form(self):
        form = super().form
        for field in form.fields.values():
            kind = "govuk-select" if isinstance(field.widget, forms.Select) else "govuk-input"
            field.widget.attrs.setdefault("class", kind)
        return form

    @property
    def is_narrowed(self):
        """Whether anything was asked for (an empty box asks for nothing)."""
        return self.is_bound and self.form.is_valid() and any(value not in (None, "") for value in self.chosen)

    @property
    def chosen(self):
        return self.form.cleaned_data.values()

    def with_words(self, queryset, _name, words):
        """Every word somewhere in ``search_fields``."""
        for word in words.split():
            found = Q()
            for field in self.search_fields:
                found |= Q(**{f"{field}__icontains": word})
            queryset = queryset.filter(found)
        return queryset


class SafeExport(TableExport):
    """An export that no spreadsheet runs: what looks like a formula is kept as words."""

    FORMATS = {kind: TableExport.FORMATS[kind] for kind in (TableExport.XLSX, TableExport.CSV)}

    @classmethod
    def is_valid_format(cls, export_format):
        return export_format in cls.FORMATS

    def table_to_dataset(self, table, exclude_columns, dataset_kwargs=None):
        dataset = super().table_to_dataset(table, exclude_columns, dataset_kwargs)
        for index in range(dataset.height):
            dataset[index] = [harmless(cell) for cell in dataset[index]]
        return dataset

    def export(self):
        content = super().export()
        return BYTE_ORDER_MARK + content if self.format == self.CSV else content


def harmless(cell):
    """``cell`` as a spreadsheet may hold it: text that would be reckoned out begins with an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(RECKONED) else cell
    return cell


class RecordList(ExportMixin, tables.SingleTableMixin, FilterView):
    """A page that lists records: see the top of this module."""

    paginate_by = ROWS_A_PAGE
    export_class = SafeExport
    export_trigger_param = "export"
    strict = False

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        table = context["table"]
        return {**context, "page_obj": table.page, "row_count": table.paginator.count}

    def get_export_filename(self, export_format):
        return f"{self.export_name}.{export_format}"
