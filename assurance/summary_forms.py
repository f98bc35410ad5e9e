"""The forms in which the office writes what all the returns say together."""

from django import forms

from assurance.models import SummarySection, ThematicSummary
from partnership.forms import PlannerModelForm


class IntroductionForm(PlannerModelForm):
    submit_label = "Save"

    class Meta:
        model = ThematicSummary
        fields = ["introduction"]
        labels = {"introduction": "What do the returns say in all?"}
        help_texts = {"introduction": "Two or three sentences that a board can take away."}
        widgets = {"introduction": forms.Textarea({"rows": 6})}


class SectionForm(PlannerModelForm):
    submit_label = "Save the section"

    class Meta:
        model = SummarySection
        fields = ["kind", "heading", "text", "question"]
        labels = {
            "kind": "Where does it belong?",
            "heading": "Heading",
            "text": "What do they say?",
            "question": "To which question?",
        }
        help_texts = {"text": "A quote may be shortened. Leave out whatever shows who a child or a family is."}
        widgets = {"kind": forms.RadioSelect}
        error_messages = {
            "heading": {"required": "Enter a heading"},
            "text": {"required": "Enter what they say"},
        }

    def __init__(self, *args, request_record, **kwargs):
        super().__init__(*args, **kwargs)
        question = self.fields["question"]
        question.queryset = request_record.questions.all()
        question.empty_label = "None in particular"
