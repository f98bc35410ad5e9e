"""The forms of the annual report."""

from django import forms

from assurance.models import AnnualReport, ReportSection
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Partnership, Rule, RuleSet

LONGEST_NARRATIVE = 15_000  # characters: about six printed pages


class ReportStartForm(PlannerForm):
    submit_label = "Start the report"

    partnerships = forms.ModelMultipleChoiceField(
        label="Whose report is it?",
        queryset=Partnership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the partnership whose report it is"},
    )
    starts_on = forms.DateField(label="First day of the year")
    ends_on = forms.DateField(label="Last day of the year")
    rule_set = forms.ModelChoiceField(
        label="Which headings does it follow?",
        help_text="The edition of guidance that was in force in that year",
        queryset=RuleSet.objects.filter(rules__unit=Rule.Unit.HEADING).distinct(),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnerships"].queryset = Partnership.objects.of_office(user)

    def clean(self):
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "Choose a last day after the first")
        return self.cleaned_data


class ReportSectionForm(PlannerModelForm):
    submit_label = "Save the section"

    narrative = forms.CharField(
        label="What you have to say",
        help_text="An empty line starts a new paragraph; lines that begin with a dash become a list.",
        widget=forms.Textarea({"rows": 18}),
        max_length=LONGEST_NARRATIVE,
        required=False,
    )

    class Meta:
        model = ReportSection
        fields = ["standfirst", "narrative"]
        labels = {"standfirst": "The main thing in one sentence"}
        help_texts = {"standfirst": "25 words or fewer. It stands under the heading."}
        widgets = {"standfirst": forms.Textarea({"rows": 2})}

    def clean_standfirst(self):
        standfirst = " ".join(self.cleaned_data["standfirst"].split())
        words = len(standfirst.split())
        if words > 25:
            raise forms.ValidationError(f"Use 25 words or fewer. You have {words}")
        return standfirst


class ForewordForm(PlannerModelForm):
    submit_label = "Save the foreword"

    class Meta:
        model = AnnualReport
        fields = ["foreword", "foreword_by"]
        labels = {"foreword": "Foreword", "foreword_by": "Who signs it?"}
        help_texts = {
            "foreword": "Half a page to a page. What went well, what did not, and thanks.",
            "foreword_by": "Names with their posts, parted by semicolons: Helena Crossfield, Chief executive; …",
        }
        widgets = {"foreword": forms.Textarea({"rows": 14})}


class EditionForm(PlannerForm):
    submit_label = "Start the next edition"

    changes = forms.CharField(
        label="What will the next edition correct?",
        help_text="This is printed in it, so that readers know why there are two.",
        widget=forms.Textarea,
        max_length=1000,
    )
