"""The form in which the office chooses the columns of its plan's table."""

from django import forms

from partnership.forms import PlannerModelForm
from plans.columns import LONGEST_HEADING, ORDER, PRESETS, USUAL_HEADINGS, columns_named
from plans.models import Plan

AS_FILLED, OWN = "filled", "own"
SHAPES = [
    (AS_FILLED, "Those in which something stands, by their usual names"),
    *[(preset.code, preset.name) for preset in PRESETS],
    (OWN, "Our own choice"),
]
# The promise is what a row is about, so it always stands.
OPTIONAL = [code for code in ORDER if code != "promise"]
AS_KEPT = {preset.code: [{"code": c.code, "heading": c.heading} for c in preset.columns] for preset in PRESETS}


class ColumnsForm(PlannerModelForm):
    """One of the usual shapes, or each column with a heading of one's own."""

    submit_label = "Save the columns"

    shape = forms.ChoiceField(label="Which columns does your table have?", choices=SHAPES, widget=forms.RadioSelect)

    class Meta:
        model = Plan
        fields = []

    @property
    def own_columns(self):
        """(checkbox or None, box of the heading) of each column, for the template."""
        return [(self[f"show_{code}"] if code in OPTIONAL else None, self[f"heading_{code}"]) for code in ORDER]

    def extra_values(self):
        kept = self.instance.columns
        headings = {each["code"]: each["heading"] for each in kept}
        shape = next((code for code, columns in AS_KEPT.items() if columns == kept), OWN) if kept else AS_FILLED
        shown = headings or USUAL_HEADINGS
        return (
            {"shape": shape}
            | {f"show_{code}": code in shown for code in OPTIONAL}
            | {f"heading_{code}": headings.get(code) or USUAL_HEADINGS[code] for code in ORDER}
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("shape") == OWN:
            self._check_own(cleaned)
        return cleaned

    def _check_own(self, cleaned):
        if not (cleaned.get("show_activity") or cleaned.get("show_timescale")):
            self.add_error("show_activity", "Show the activity, the timescale or both: they say what happens when")
        headings = {}
        for code in self._shown(cleaned):
            name = f"heading_{code}"
            heading = cleaned.get(name) or USUAL_HEADINGS[code]
            if heading.casefold() in headings and name not in self.errors:
                self.add_error(name, f"Two columns are called “{heading}”. Give one of them another name")
            headings[heading.casefold()] = code

    @staticmethod
    def _shown(cleaned):
        return [code for code in ORDER if code == "promise" or cleaned.get(f"show_{code}")]

    @property
    def chosen(self):
        """What the plan would keep in ``columns``: [{code, heading}], empty for those that are filled."""
        shape = self.cleaned_data["shape"]
        if shape != OWN:
            return AS_KEPT.get(shape, [])
        cleaned = self.cleaned_data
        headings = {
            code: cleaned.get(f"heading_{code}") or USUAL_HEADINGS[code] for code in self._shown(self.cleaned_data)
        }
        return [{"code": column.code, "heading": column.heading} for column in columns_named(headings)]

    def save(self, commit=True):
        self.instance.columns = self.chosen
        return super().save(commit)


for _code, _usual in USUAL_HEADINGS.items():
    ColumnsForm.base_fields[f"heading_{_code}"] = forms.CharField(
        label=f"Heading of “{_usual}”", required=False, max_length=LONGEST_HEADING
    )
    if _code in OPTIONAL:
        ColumnsForm.base_fields[f"show_{_code}"] = forms.BooleanField(label=f"Show “{_usual}”", required=False)
