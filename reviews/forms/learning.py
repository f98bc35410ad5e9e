"""Forms of a learning point: its words and themes, where it comes from; and the smallest number shown."""

from django import forms
from django.db.models import Q

from partnership.forms import PlannerModelForm
from partnership.models import Partnership
from reviews.counts import LEAST_SMALLEST
from reviews.forms.identities import IdentityGuard
from reviews.models import LearningPoint, LearningSettings, Theme
from reviews.releasing import tell_tales, tells

TEXT_HELP = "One sentence that anybody who works with families could use tomorrow."


class PointForm(IdentityGuard, PlannerModelForm):
    """Of a case or a review, whose page it is added on. ``on``: today."""

    submit_label = "Save"

    class Meta:
        model = LearningPoint
        fields = ["text", "learned_on", "themes"]
        labels = {"text": "What did we learn?", "learned_on": "When did we learn it?", "themes": "What is it about?"}
        help_texts = {"text": TEXT_HELP, "themes": "It is counted under each over the years."}
        error_messages = {
            "text": {"required": "Enter what we learned"},
            "learned_on": {"required": "Enter the day on which we learned it"},
        }
        widgets = {"text": forms.Textarea({"rows": 3}), "themes": forms.CheckboxSelectMultiple}

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.initial["learned_on"] = self.initial.get("learned_on") or on
        offered = Q(is_retired=False)
        if not self.instance._state.adding:
            offered |= Q(pk__in=self.instance.themes.values("pk"))
        self.fields["themes"].queryset = Theme.objects.filter(offered)

    def clean_learned_on(self):
        learned_on = self.cleaned_data["learned_on"]
        if learned_on > self.on:
            raise forms.ValidationError("Enter today or a day before")
        return learned_on

    def clean(self):
        cleaned = super().clean()
        if self.instance.released_on:
            found = tells(cleaned.get("text") or "", tell_tales(self.instance).references)
            if found:
                self.add_error("text", f"Leave out “{found}”: everybody reads this, and it leads to the case")
        return cleaned


class PointFromElsewhereForm(PointForm):
    """Of a national review, an audit, another area: every member reads it. ``partnerships``: for whom one writes."""

    class Meta(PointForm.Meta):
        fields = ["partnership", "source_title", *PointForm.Meta.fields]
        labels = PointForm.Meta.labels | {"partnership": "For whom?", "source_title": "What does it come from?"}
        help_texts = PointForm.Meta.help_texts | {
            "source_title": "Like “Audit of strategy discussions, June 2026”. Not one of our own cases or reviews: "
            "what comes from those is added on their page."
        }
        error_messages = PointForm.Meta.error_messages | {
            "partnership": {"required": "Choose the partnership it is for"},
        }
        widgets = PointForm.Meta.widgets | {"partnership": forms.RadioSelect}

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = Partnership.objects.filter(pk__in=partnerships)
        if len(partnerships) == 1:
            self.initial.setdefault("partnership", next(iter(partnerships)))
            self.fields["partnership"].widget = forms.HiddenInput()
        self.fields["source_title"].required = True
        self.fields["source_title"].error_messages["required"] = "Enter what it comes from"


class SmallestForm(PlannerModelForm):
    submit_label = "Save"

    class Meta:
        model = LearningSettings
        fields = ["smallest_shown"]
        labels = {"smallest_shown": "What is the smallest number that members read?"}
        help_texts = {
            "smallest_shown": "Usually 5. Smaller numbers by theme and year are for the case review group alone, and "
            "so are totals from which they could be worked out."
        }
        error_messages = {
            "smallest_shown": {
                "required": "Enter a number",
                "min_value": f"Enter {LEAST_SMALLEST} or more: below that, what is not shown could be guessed",
                "max_value": "Enter 20 or less",
            }
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["smallest_shown"].widget.attrs |= {"inputmode": "numeric", "class": "govuk-input--width-3"}
        for validator in self.fields["smallest_shown"].validators:
            if validator.code in self.Meta.error_messages["smallest_shown"]:
                validator.message = self.Meta.error_messages["smallest_shown"][validator.code]
