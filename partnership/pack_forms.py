"""The form with which somebody brings a paper."""

from pathlib import Path

from django import forms

from partnership.forms import PlannerForm
from partnership.uploads import MOST_BYTES


class PaperForm(PlannerForm):
    """A file, and what it is called on the agenda."""

    submit_label = "Add the paper"

    file = forms.FileField(
        label="The paper",
        help_text="A Word document (.docx) or a PDF, at most 25 MB. Word is read best by a screen reader.",
        error_messages={"required": "Choose the Word document or PDF"},
    )
    title = forms.CharField(
        label="What it is called on the agenda",
        help_text="Leave this empty to take the file’s name.",
        max_length=200,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".docx,.pdf"

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("This file is larger than 25 MB. Take the pictures out, save it and try again.")
        return file

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("title") and cleaned.get("file"):
            cleaned["title"] = title_of(cleaned["file"].name)
        return cleaned


def title_of(filename):
    """ "What fathers say" of "what_fathers-say.docx"."""
    words = " ".join(Path(filename).stem.replace("_", " ").replace("-", " ").split())[:200]
    return words[:1].upper() + words[1:] or "Paper"
