"""The forms of inspections: what was inspected, what it recommends, when it is closed."""

from django import forms

from assurance.models import Inspection
from assurance.register_forms import AboutPriorities, agencies_of
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.meeting_forms import LinkField
from plans.priority_links import LinkedPriorities
from reviews.forms.recommendations import MOST_AT_ONCE
from reviews.models import Theme
from reviews.recommendations import read_lines


class InspectionForm(AboutPriorities, PlannerModelForm):
    """One inspection. ``instance`` holds the partnership."""

    submit_label = "Save the inspection"

    priorities = LinkedPriorities()

    class Meta:
        model = Inspection
        fields = [
            "title",
            "inspectorate",
            "organisation",
            "starts_on",
            "ends_on",
            "published_on",
            "outcome",
            "summary",
            "address",
            "next_on",
            "themes",
            "priorities",
        ]
        labels = {
            "title": "What was inspected?",
            "inspectorate": "By whom?",
            "organisation": "Which organisation?",
            "starts_on": "When did it begin?",
            "ends_on": "When did it end?",
            "published_on": "When was the report published?",
            "outcome": "What is the outcome?",
            "summary": "What did it say?",
            "address": "Where can the report be read?",
            "next_on": "About when is the next inspection?",
            "themes": "Which themes is it about?",
        }
        help_texts = {
            "title": "“Front door of children’s services”, “Police protection of children”.",
            "inspectorate": "Ofsted, the Care Quality Commission, several together.",
            "outcome": "In the inspectorate’s own words: “Requires improvement to be good”.",
            "summary": "In a few sentences: what is strong, what is to be better.",
            "address": "Like https://reports.example.org/12345",
        }
        error_messages = {
            "title": {"required": "Enter what was inspected"},
            "inspectorate": {"required": "Enter who inspected"},
            "starts_on": {"required": "Enter the day on which it began"},
        }
        widgets = {"themes": forms.CheckboxSelectMultiple}
        field_classes = {"address": LinkField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        organisations = agencies_of(self.instance.partnership, on=self.on)
        if self.instance.organisation_id:  # it stays to be chosen after it has left
            organisations = organisations.model.objects.filter(
                pk__in=[*organisations.values_list("pk", flat=True), self.instance.organisation_id]
            ).order_by("name")
        self.fields["organisation"].queryset = organisations
        self.fields["organisation"].empty_label = "All of us together"
        self.fields["themes"].queryset = Theme.objects.order_by("kind", "title")

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_starts_on(self):
        return self.near("starts_on")

    def clean_published_on(self):
        return self.in_the_past("published_on", "Enter the day on which it was published, or leave it empty until then")

    def clean_next_on(self):
        return self.near("next_on")

    def clean(self):
        answers = super().clean()
        starts_on, ends_on, published_on = (answers.get(name) for name in ("starts_on", "ends_on", "published_on"))
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "It ended after it began. Enter a later day")
        if starts_on and published_on and published_on < starts_on:
            self.add_error("published_on", "The report was published after it began. Enter a later day")
        if answers.get("outcome") and starts_on and starts_on > self.on:
            self.add_error("outcome", "It has not begun yet, so it has no outcome. Leave this empty until it has")
        return answers


class RecommendForm(PlannerForm):
    """What an inspection recommends, one on each line."""

    submit_label = "Add"

    lines = forms.CharField(
        label="What is recommended?",
        help_text="One on each line, as many as there are. A number before it (“3.” or “R3:”) is kept as its ref.",
        max_length=20000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": "Enter what is recommended"},
    )
    made_on = forms.DateField(label="When was it recommended?", error_messages={"required": "Enter the day"})
    organisations = forms.ModelMultipleChoiceField(
        None,
        label="Whom is it for?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nobody chosen: all of us.",
        error_messages={"invalid_choice": "Choose organisations from the list"},
    )

    def __init__(self, *args, inspection, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["organisations"].queryset = agencies_of(inspection.partnership, on=on)
        self.initial |= {
            "made_on": inspection.published_on or inspection.ends_on or min(inspection.starts_on, on),
            "organisations": [inspection.organisation_id] if inspection.organisation_id else [],
        }

    def clean_lines(self):
        lines = read_lines(self.cleaned_data["lines"])
        if not lines:
            raise forms.ValidationError("Enter what is recommended, one on each line")
        if len(lines) > MOST_AT_ONCE:
            raise forms.ValidationError(
                f"These are {len(lines)} lines, and {MOST_AT_ONCE} is the most at once. Add them in two goes"
            )
        return lines

    def clean_made_on(self):
        if self.cleaned_data["made_on"] > self.on:
            raise forms.ValidationError("Enter a day that has come")
        return self.cleaned_data["made_on"]


class InspectionCloseForm(PlannerForm):
    """``left``: what is still open, in words; it is asked then whether it is closed all the same."""

    submit_label = "Close the inspection"

    is_anyway = forms.BooleanField(label="Close it all the same", required=False)
    because = forms.CharField(
        label="What came of it?",
        widget=forms.Textarea({"rows": 4}),
        max_length=5000,
        error_messages={"required": "Say what came of it"},
    )

    def __init__(self, *args, left, **kwargs):
        super().__init__(*args, **kwargs)
        if left:
            self.fields["is_anyway"].help_text = f"Still open: {left}. They go on, each on its own page."
            self.fields["because"].label = "What came of it, and why is it closed before all is done?"
            self.fields["because"].error_messages["required"] = "Say what came of it, and why it is closed already"
        else:
            del self.fields["is_anyway"]
