"""The form of a term of the glossary: it is explained, and once."""

from django import forms

from partnership.forms import PlannerModelForm
from partnership.models import GlossaryTerm


class GlossaryTermForm(PlannerModelForm):
    """``instance`` says of which partnership."""

    submit_label = "Save the term"

    class Meta:
        model = GlossaryTerm
        fields = ["term", "stands_for", "meaning"]
        labels = {"term": "Abbreviation or term", "stands_for": "What it stands for", "meaning": "What it means"}
        help_texts = {
            "term": "As people write it, such as “LCSPR”",
            "stands_for": "The words in full. Leave it empty if it is no abbreviation",
            "meaning": "One or two sentences that somebody new would understand",
        }
        error_messages = {"term": {"required": "Enter the abbreviation or term"}}

    def clean_term(self):
        term = " ".join(self.cleaned_data["term"].split())
        others = self.instance.partnership.glossary.exclude(pk=self.instance.pk)
        other = others.filter(term__iexact=term).first()
        if other:
            raise forms.ValidationError(f"“{other}” is in the glossary already. Change that one, or enter another term")
        return term

    def clean_stands_for(self):
        return " ".join(self.cleaned_data["stands_for"].split())

    def clean(self):
        cleaned = super().clean()
        is_said = any(cleaned.get(name) or name in self.errors for name in ("stands_for", "meaning"))
        if not is_said:
            self.add_error("stands_for", "Enter what it stands for, or what it means below")
        return cleaned
