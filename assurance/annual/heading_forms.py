"""Forms of a report's own headings."""

from django import forms
from django.core.exceptions import ValidationError

from assurance.models import ReportSection
from partnership.forms import PlannerModelForm


class HeadingForm(PlannerModelForm):
    submit_label = "Save the heading"

    class Meta:
        model = ReportSection
        fields = ["title"]
        labels = {"title": "Heading"}
        widgets = {"title": forms.TextInput}

    def __init__(self, *args, report, **kwargs):
        self.report = report
        super().__init__(*args, **kwargs)
        if self.instance.rule_id:
            self.fields["title"].help_text = f"The rule calls it “{self.instance.rule.title}”. Its number stays"

    def clean_title(self):
        title = " ".join(self.cleaned_data["title"].split())
        if self.report.sections.filter(title__iexact=title).exclude(pk=self.instance.pk).exists():
            raise ValidationError("The report has this heading already. Enter one that tells them apart")
        return title


class HeadingAddForm(HeadingForm):
    submit_label = "Add the heading"

    after = forms.ModelChoiceField(
        ReportSection.objects.none(),
        label="After which heading?",
        required=False,
        empty_label="At the end",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = self.report.sections.order_by("position", "pk")
        self.fields["after"].label_from_instance = lambda section: f"{section.position}. {section.title}"
