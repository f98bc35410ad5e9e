"""The forms of an import: the one that takes a document, and those that put right what was read in it.

The cells of a staged draft have the fields, words and rules of the plan's own cells (``plans.cells``).
They write no record: what they clean is kept as a step of ``plans.correcting``.
"""

import json
import re
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from partnership.forms import GuardMixin, PlannerForm
from partnership.models import Partnership
from partnership.templatetags.components import sentence_join
from partnership.uploads import kinds_in_words
from plans import cells
from plans.corrections import CELLS as DRAFT_CELLS
from plans.corrections import PLAN, kind_of
from plans.importer import READERS
from plans.timescale import describe, read_timescale

KINDS = kinds_in_words(tuple(READERS))


class ImportForm(PlannerForm):
    """A plan as its office keeps it, and the partnerships that it is the plan of."""

    submit_label = "Read the plan"

    document = forms.FileField(
        label="Your plan",
        help_text=KINDS[0].upper()
        + KINDS[1:]
        + ", at most 25 MB. It is only read: nothing is changed until you say yes.",
        error_messages={"required": "Choose the file that holds the plan"},
    )
    partnerships = forms.ModelMultipleChoiceField(
        Partnership.objects.none(),
        label="Whose plan is it?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick both where two partnerships share one plan.",
        error_messages={"required": "Choose the partnership whose plan this is"},
    )

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnerships"].queryset = partnerships
        self.fields["partnerships"].initial = partnerships
        self.fields["document"].widget.attrs["accept"] = ",".join(READERS)

    def clean_document(self):
        document = self.cleaned_data["document"]
        if document.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError("This file is larger than 25 MB. Save it without pictures and try again.")
        return document


# What was read, corrected


class StagedForm(GuardMixin, PlannerForm):
    """What stands in a staged draft, guarded against a second writer.

    ``now``: {field: value} as it stands, which JSON can hold; ``changed_by``: who changed it last, if anybody did.
    """

    label_class = "govuk-label--s"

    def __init__(self, data=None, *, now, changed_by="", **kwargs):
        self.now, self.changed_by = now, changed_by
        super().__init__(data, initial=now, **kwargs)
        self.guard()

    def values_now(self):
        return {name: value for name, value in self.now.items() if name in self.fields}

    def value_now(self, name):
        return self.fields[name].to_python(self.now[name])

    def words_now(self, name):
        value = self.now[name]
        if isinstance(value, list):
            value = sentence_join([str(each) for each in self.fields[name].queryset.filter(pk__in=value)])
        return value or "nothing"

    def last_changed_by(self):
        return str(self.changed_by or "Somebody")

    @property
    def values(self):
        """What was typed, as JSON can hold it."""
        return json.loads(json.dumps(self.cleaned_data, cls=DjangoJSONEncoder))


class StagedCellForm(StagedForm):
    """One cell. ``draft`` is the plans.corrections.Draft, ``row`` the key of the row."""

    def __init__(self, data=None, *, draft, row, partnerships=(), user=None, now=None, **kwargs):
        self.draft, self.row, self.partnerships = draft, row, partnerships
        now = DRAFT_CELLS[kind_of(row), self.cell].read(draft.row(row)) if now is None else now
        super().__init__(data, now=now, **kwargs)


def like(cell_form, *names):
    """The fields of a cell of the plan, to be declared again."""
    return {name: cell_form.base_fields[name] for name in names}


def staged(cell, cell_form, *names):
    """The form of a staged cell with the fields of the plan's own."""
    return type(f"Staged{cell_form.__name__}", (StagedCellForm,), {"cell": cell, **like(cell_form, *names)})


class StagedDetailsForm(StagedCellForm):
    cell = "details"
    title = cells.DetailsForm.base_fields["title"]
    starts_on = cells.DetailsForm.base_fields["starts_on"]
    ends_on = cells.DetailsForm.base_fields["ends_on"]
    version = forms.CharField(
        label="Version", max_length=12, required=False, help_text="As the document says it, like 1.0."
    )

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "Enter a last day that comes after the first")
        return cleaned


class StagedWhoseForm(StagedCellForm):
    cell = "whose"
    partnerships = forms.ModelMultipleChoiceField(
        Partnership.objects.none(),
        label="Whose plan is it?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the partnership whose plan this is"},
    )

    def __init__(self, data=None, *, partnerships=(), user, **kwargs):
        now = {"partnerships": sorted(partnership.pk for partnership in partnerships)}
        super().__init__(data, now=now, **kwargs)
        self.own = Partnership.objects.of_office(user)
        other = Partnership.objects.filter(pk__in=now["partnerships"])
        self.fields["partnerships"].queryset = (self.own | other).distinct().order_by("name")

    def clean_partnerships(self):
        chosen = self.cleaned_data["partnerships"]
        if not chosen.filter(pk__in=self.own.values("pk")).exists():
            raise forms.ValidationError("Choose at least one partnership of your own office")
        return chosen

    @property
    def values(self):
        return {"partnerships": sorted(partnership.pk for partnership in self.cleaned_data["partnerships"])}


class StagedLeadsForm(StagedCellForm):
    cell = "leads"
    lines = cells.LeadsForm.base_fields["lines"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        areas = [name for each in self.partnerships for name in (each.short_name, each.name)]
        areas += [
            lead["partnership"] for row in self.draft.deliverables for lead in row["leads"] if lead["partnership"]
        ]
        self.areas = list(dict.fromkeys(areas))
        words = "One on each line."
        if len(self.partnerships) > 1:
            short = [each.short_name for each in self.partnerships]
            words += f" Begin with {short[0]}: or {short[-1]}: where another leads in each partnership."
        self.fields["lines"].help_text = words

    @property
    def values(self):
        return super().values | {"areas": self.areas}


class StagedTextForm(StagedCellForm):
    cell = "text"
    text = cells.ActivityTextForm.base_fields["text"]
    lead = forms.ChoiceField(
        label="Who leads this activity?",
        required=False,
        help_text="Only where another of the leads answers for it than for the whole deliverable.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        leads = [lead["text"] for lead in self.draft.row(self.draft.parent(self.row))["leads"]]
        if self.now["lead"] and self.now["lead"] not in leads:
            leads.append(self.now["lead"])
        self.fields["lead"].choices = [("", "Nobody in particular"), *((text, text) for text in dict.fromkeys(leads))]
        if not leads:
            del self.fields["lead"]

    @property
    def values(self):
        return {"lead": ""} | super().values


class StagedTimescaleForm(cells.MeansMixin, StagedCellForm):
    cell = "timescale"
    timescale_text = cells.TimescaleForm.base_fields["timescale_text"]
    field_order = ["timescale_text"]

    def __init__(self, data=None, *, draft, row, **kwargs):
        self.stands = DRAFT_CELLS["activity", "timescale"].read(draft.row(row))
        now = {"timescale_text": self.stands["timescale_text"], **cells.means_values(self.stands["by_hand"])}
        now["keeps"] = cells.KEEP if self.stands["by_hand"] else ""
        super().__init__(data, draft=draft, row=row, now=now, **kwargs)
        starts_on, ends_on = draft.days
        self.plan = SimpleNamespace(starts_on=starts_on, ends_on=ends_on)
        self.dress_words()

    def clean(self):
        cleaned = super().clean()
        self.clean_means_of(self.plan, before=self.stands["by_hand"], before_for=self.stands["timescale_text"])
        return cleaned

    @property
    def reading(self):
        words = self["timescale_text"].value() or ""
        return describe(read_timescale(words, starts_on=self.plan.starts_on, ends_on=self.plan.ends_on))

    @property
    def values(self):
        return {"timescale_text": self.cleaned_data["timescale_text"], "by_hand": self.by_hand}


STAGED_CELLS = {
    (PLAN, "details"): StagedDetailsForm,
    (PLAN, "introduction"): staged("introduction", cells.IntroductionForm, "introduction"),
    (PLAN, "whose"): StagedWhoseForm,
    ("priority", "heading"): staged("heading", cells.HeadingForm, "ref", "title"),
    ("priority", "note"): staged("note", cells.NoteForm, "note"),
    ("priority", "joint"): staged("joint", cells.JointForm, "joint_with"),
    ("priority", "rationale"): staged("rationale", cells.RationaleForm, "lines"),
    ("priority", "outcomes"): staged("outcomes", cells.OutcomesForm, "outcomes_heading", "lines"),
    ("deliverable", "ref"): staged("ref", cells.RefForm, "ref"),
    ("deliverable", "promise"): staged("promise", cells.PromiseForm, "title", "description", "evidence_measures"),
    ("deliverable", "measures"): staged("measures", cells.MeasuresForm, "evidence_measures"),
    ("deliverable", "leads"): StagedLeadsForm,
    ("deliverable", "others"): staged("others", cells.OthersForm, "other_partnerships"),
    ("activity", "text"): StagedTextForm,
    ("activity", "timescale"): StagedTimescaleForm,
}


def text_field(label, **more):
    return cells.long_text(label, rows=4, **more)


def words_field(label):
    return forms.CharField(
        label=label, required=False, max_length=cells.LONGEST_CELL, widget=forms.Textarea({"rows": 2})
    )


class SplitForm(StagedForm):
    """One activity as two."""

    submit_label = "Make two activities of it"

    first_text = text_field("The first activity", error="Enter what is done first")
    first_timescale = words_field("Its timescale")
    second_text = text_field("The second activity", error="Enter what the second activity is")
    second_timescale = words_field("The second timescale")

    def __init__(self, data=None, *, activity, **kwargs):
        first, second = halves(activity["text"])
        first_when, second_when = halves(activity["timescale_text"])
        now = {
            "first_text": first,
            "first_timescale": first_when,
            "second_text": second,
            "second_timescale": second_when,
        }
        super().__init__(data, now=now, **kwargs)


def halves(words):
    """The first line, and the others without their bullets; of one line the first sentence and the rest."""
    if "\n" not in words:
        first, *rest = re.split(r"(?<=[.;])\s+(?=\S)", words, maxsplit=1)
        return first, "".join(rest)
    first, _, rest = words.partition("\n")
    return first, "\n".join(line.lstrip(cells.Lines.BULLETS) for line in rest.splitlines())


class JoinForm(StagedForm):
    """An activity and the one after it as one."""

    submit_label = "Join them"

    text = text_field("The activity", error="Enter what is done")
    timescale = words_field("Its timescale")

    def __init__(self, data=None, *, activity, other, **kwargs):
        now = {
            name: "\n".join(filter(None, [activity[key], other[key]]))
            for name, key in (("text", "text"), ("timescale", "timescale_text"))
        }
        super().__init__(data, now=now, **kwargs)
