"""The form that takes a plan's document."""

from django import forms
from django.conf import settings

from partnership.forms import PlannerForm
from partnership.models import Partnership
from partnership.uploads import kinds_in_words
from plans.importer import READERS

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
