"""A list out of a spreadsheet: as a file, or as rows copied out of it."""

from django import forms

from partnership.forms import PlannerForm
from training.importing.writing import WANTED

LONGEST_PASTE = 400_000


class RowsForm(PlannerForm):
    """A file or pasted rows, one of which there has to be. ``what``: what it is called on the page."""

    what = "The list"

    document = forms.FileField(required=False, help_text="An Excel workbook (.xlsx) or a CSV file, at most 5,000 rows.")
    pasted = forms.CharField(
        label="Or the rows pasted, with their headings",
        required=False,
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": "8"}),
        help_text="Copy them in Excel, headings too, and paste them here.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].label = f"{self.what} as a file"
        self.fields["document"].widget.attrs["accept"] = ",".join(WANTED)

    def offer(self, name, choices):
        """``choices`` (a queryset) for the field ``name``; the only one there is stands chosen."""
        self.fields[name].queryset = choices
        if len(choices) == 1:
            self.fields[name].initial = choices[0]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("document") and not cleaned.get("pasted", "").strip():
            self.add_error("document", "Choose a file, or paste the rows below")
        return cleaned
