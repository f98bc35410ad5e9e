"""What is asked of whoever makes the competency framework."""

from django import forms

from partnership.forms import GuardMixin, PlannerForm, PlannerModelForm
from training.models import Competency, RoleRequirement, WorkRole

MOST_MONTHS = 240
TAKEN = "There is one called so already. Give this one another name"


class OfFramework:
    """A role or competency of one partnership, whose name nobody else there has."""

    def clean_title(self):
        title = " ".join(self.cleaned_data["title"].split())
        others = type(self.instance).objects.filter(partnership=self.instance.partnership, title__iexact=title)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(TAKEN)
        return title


class CompetencyForm(OfFramework, PlannerModelForm):
    submit_label = "Save the competency"

    class Meta:
        model = Competency
        fields = ["title", "level", "valid_months", "description"]
        labels = {
            "title": "What do people have to know or be able to do?",
            "level": "Level",
            "valid_months": "Refreshed every so many months",
            "description": "What it comprises",
        }
        help_texts = {
            "title": "In a few words, like “Safer sleep” or “Safeguarding children”.",
            "level": "As your framework calls it, like “Level 3”.",
            "valid_months": "Like 36 for every three years. Leave it empty where once is enough.",
        }
        error_messages = {"title": {"required": "Enter what people have to know or be able to do"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["valid_months"].widget.attrs["class"] = "govuk-input govuk-input--width-3"

    def clean_valid_months(self):
        return checked_months(self.cleaned_data["valid_months"])


def checked_months(months):
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise forms.ValidationError(f"Enter a number of months from 1 to {MOST_MONTHS}")
    return months


class RoleForm(OfFramework, PlannerModelForm):
    submit_label = "Save the role"

    class Meta:
        model = WorkRole
        fields = ["title"]
        labels = {"title": "What is the role called?"}
        help_texts = {
            "title": "A kind of job, not one post: “Health visitor”, “Designated teacher”, “Volunteer with families”."
        }
        error_messages = {"title": {"required": "Enter what the role is called"}}


class MonthsForm(GuardMixin, PlannerForm):
    """Within how many months of beginning in a role each of its competencies has to be gained."""

    submit_label = "Save the months"

    def __init__(self, *args, requirements, **kwargs):
        super().__init__(*args, **kwargs)
        self.requirements = {f"months_{each.pk}": each for each in requirements}
        for name, requirement in self.requirements.items():
            self.fields[name] = forms.IntegerField(
                label=str(requirement.competency),
                min_value=0,
                max_value=MOST_MONTHS,
                initial=requirement.within_months,
                widget=forms.TextInput({"class": "govuk-input govuk-input--width-3", "inputmode": "numeric"}),
                error_messages={
                    "required": "Enter a number of months, 0 for from the first day",
                    "invalid": "Enter a whole number, in figures",
                    "min_value": "Enter 0 or more months",
                    "max_value": f"Enter at most {MOST_MONTHS} months",
                },
            )
        self.guard()

    def values_now(self):
        return {name: each.within_months for name, each in self.requirements.items()}

    def value_now(self, name):
        return self.requirements[name].within_months

    def words_now(self, name):
        return str(self.requirements[name].within_months)

    def last_changed_by(self):
        return "Somebody"

    def keep(self):
        """Save what differs."""
        for name, requirement in self.requirements.items():
            months = self.cleaned_data[name]
            if requirement.within_months != months:
                RoleRequirement.objects.filter(pk=requirement.pk).update(within_months=months)
