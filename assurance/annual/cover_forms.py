"""Forms of a cover report."""

from django import forms

from assurance.models import CoverReport, CoverSection
from partnership.forms import PlannerModelForm

LONGEST_SECTION = 20_000


class CoverForm(PlannerModelForm):
    submit_label = "Save"

    class Meta:
        model = CoverReport
        fields = ["title", "report_of"]
        labels = {"title": "Title of the report", "report_of": "Report of"}
        help_texts = {"report_of": "The post in whose name it goes to the committee."}
        error_messages = {
            "title": {"required": "Enter the title of the report"},
            "report_of": {"required": "Enter in whose name it goes to the committee"},
        }


class CoverSectionForm(PlannerModelForm):
    submit_label = "Save the section"

    class Meta:
        model = CoverSection
        fields = ["heading", "words"]
        labels = {"heading": "Heading", "words": "Words"}
        help_texts = {
            "words": "A blank line begins another paragraph; paragraphs are numbered when it is printed. "
            "Lines that begin with a dash are a list.",
        }
        error_messages = {"heading": {"required": "Enter the heading"}}

    words = forms.CharField(
        label="Words",
        required=False,
        max_length=LONGEST_SECTION,
        widget=forms.Textarea({"rows": 12}),
        help_text=Meta.help_texts["words"],
    )
