"""Paste a block of rows: a box, what we understood, and a yes."""

import hashlib

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from partnership.forms import PlannerForm
from partnership.whole_numbers import whole_number
from plans import pasting, undoing
from plans.cells import find_row
from plans.columns import USUAL_HEADINGS, Column
from plans.importing import staged_priority, unknown_leads
from plans.pasting import COLUMNS, LONGEST_BLOCK, NEEDED, BlockProblem, column_name
from plans.table import arranged, filled_columns
from plans.views import asks_and_answers
from plans.writing import PARENTS
from plans.writing_views import crumbs, place_of, plan_to_edit

EXAMPLES = 3  # cells shown of a column that is to be chosen


class BlockField(forms.CharField):
    """What was pasted. Control characters that came along are dropped before anything else looks at it."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(pasting.clean(value or ""))


class BlockForm(PlannerForm):
    submit_label = "See what we understood"

    text = BlockField(
        label="Rows of your table",
        strip=False,
        help_text="Copy them in Word or Excel and paste them here, with their headings or without.",
        widget=forms.Textarea({"rows": 10}),
        error_messages={"required": "Copy some rows of a table and paste them here"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.max_length = None  # a count under the box would count against the pasting
        field.validators = []
        self.grid = []

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > LONGEST_BLOCK:
            raise forms.ValidationError(
                f"This has {len(text):,} characters. "
                f"Paste at most {LONGEST_BLOCK:,} at a time: a few pages of your table"
            )
        try:
            self.grid = pasting.read_grid(text)
        except BlockProblem as problem:
            raise forms.ValidationError(str(problem)) from problem
        return text


class ColumnsOfBlockForm(PlannerForm):
    """What each column of the block is. ``grid`` is the block, ``headings`` the plan's own."""

    has_header = forms.BooleanField(label="The first row is the headings", required=False)

    def __init__(self, *args, grid, kind, headings, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.headings = kind, headings
        choices = [("", "Leave it out"), *((code, column_name(code, headings)) for code in COLUMNS[kind])]
        for place, first in enumerate(grid[0]):
            field = forms.ChoiceField(label=f"Column {place + 1}: {first[:40]}", choices=choices, required=False)
            self.fields[f"column_{place}"] = field
        self.places = range(len(grid[0]))

    @classmethod
    def guessed(cls, grid, kind, headings):
        guess = pasting.guess_columns(grid, kind, headings)
        columns = {f"column_{place}": code for place, code in enumerate(guess.codes)}
        data = columns | {"has_header": "on" if guess.has_header else ""}
        return cls(data, grid=grid, kind=kind, headings=headings)

    @property
    def codes(self):
        return [self.cleaned_data.get(f"column_{place}", "") for place in self.places]

    def clean(self):
        cleaned = super().clean()
        taken = {}
        for place in self.places:
            code = cleaned.get(f"column_{place}")
            if code and code in taken:
                name = column_name(code, self.headings)
                self.add_error(f"column_{place}", f"“{name}” is column {taken[code]} already. Leave one of them out")
            taken.setdefault(code, place + 1)
        for code in NEEDED[self.kind]:
            if code not in taken:
                name = column_name(code, self.headings)
                self.add_error("column_0", f"Say which column is “{name}”: without it there is no row to add")
        return cleaned


@asks_and_answers
def paste_rows(request, pk, kind, parent_pk):
    """A block of several columns becomes rows at the end of ``parent``."""
    plan = plan_to_edit(request, pk)
    if kind not in COLUMNS:
        raise Http404
    parent = find_row(plan, PARENTS[kind], parent_pk)
    form = BlockForm(request.POST or None)
    context = {
        "plan": plan,
        "parent": parent,
        "kind": kind,
        "form": form,
        "back": place_of(plan, parent) if kind != "priority" else plan.get_absolute_url(),
        "crumbs": crumbs(plan, "Paste rows"),
    }
    if not form.is_valid():
        return render(request, "plans/rows_paste.html", context, status=form.status)
    headings = {each["code"]: each["heading"] for each in plan.columns}
    seen = hashlib.sha256(form.cleaned_data["text"].encode()).hexdigest()
    is_same_block = request.POST.get("digest") == seen
    columns = ColumnsOfBlockForm(request.POST, grid=form.grid, kind=kind, headings=headings)
    if not is_same_block:
        columns = ColumnsOfBlockForm.guessed(form.grid, kind, headings)
    context |= {"columns": columns, "digest": seen, "since": pasting.newest(kind, parent)}
    context["has_header"] = columns["has_header"].value()
    context["examples"] = examples(form.grid, columns)
    if not columns.is_valid():
        status = columns.status if is_same_block else 200
        return render(request, "plans/rows_paste.html", context, status=status)
    rows = form.grid[1:] if columns.cleaned_data["has_header"] else form.grid
    read = pasting.understand_block(plan, kind, parent, rows, columns.codes)
    if not pasting.rows_of(kind, read):
        columns.add_error("column_0", "We found no row to add in these columns. Choose other columns")
        return render(request, "plans/rows_paste.html", context, status=columns.status)
    since = whole_number(request.POST.get("since"))
    if request.POST.get("do") == "add" and is_same_block and since is not None:
        made = pasting.make_rows(plan, kind, parent, read, since=since)
        undoing.remember(request.session, plan, undoing.rows_step(kind, made))
        messages.success(request, f"Added {len(made)} {'row' if len(made) == 1 else 'rows'}.")
        return redirect(place_of(plan, made[0]))
    return render(request, "plans/rows_paste.html", context | preview(plan, parent, kind, read, headings))


def examples(grid, columns):
    """(first cells, field) of each column of the block."""
    return [
        ([row[place] for row in grid[: EXAMPLES + 1] if row[place]][:EXAMPLES], columns[f"column_{place}"])
        for place in columns.places
    ]


def preview(plan, parent, kind, read, headings):
    """The rows as they would stand in the plan, in the columns that hold something."""
    doubts = read.marked()
    on = plan.starts_on
    shown = [staged_priority(row, f"priorities/{n}", doubts, on) for n, row in enumerate(read.priorities)]
    for row in shown:
        row.title = row.title or str(parent)
    table = arranged(shown, has_ratings=False)
    chosen = {code: headings.get(code) or USUAL_HEADINGS[code] for code in USUAL_HEADINGS}
    filled = filled_columns(table)
    table.columns = [Column(column.code, chosen[column.code]) for column in table.columns if column.code in filled]
    return {
        "table": table,
        "count": len(pasting.rows_of(kind, read)),
        "other_doubts": doubts.left(),
        "notes": read.notes,
        "unknown": unknown_leads(plan.partnerships.all(), read.deliverables),
        "not_shown": not_shown(plan, table),
        "today": timezone.localdate(),
    }


def not_shown(plan, table):
    """Columns of what was pasted that this plan's table does not show."""
    if not plan.columns:
        return []
    own = {each["code"] for each in plan.columns}
    return [column.heading for column in table.columns if column.code not in own]


patterns = [
    path("plans/<int:pk>/rows/<str:kind>/paste/<int:parent_pk>/", paste_rows, name="rows-paste"),
]
