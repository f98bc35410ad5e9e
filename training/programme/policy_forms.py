"""The form of a partnership's rules of training, with where the usual numbers come from."""

import re

from django import forms
from django.core.validators import MinValueValidator

from partnership.forms import PlannerModelForm
from training.models import TrainingPolicy

DOMAIN = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
OURS = "our proposal"
FIGURES = {
    "free_places_per_trainer_day": "Free places for each trainer day that an agency gives",
    "trainer_day_charge": "Charge for a trainer day that is owed, in pounds",
    "non_attendance_charge": "Charge for not coming, in pounds",
    "free_cancelling_days": "Cancelling is free until so many working days before",
    "confirm_hours": "Hours to confirm a booking by e-mail",
    "agreement_days": "Days that a place is kept for the manager’s agreement",
    "fill_until_days": "The waiting list fills by itself until so many days before",
    "remind_days_before": "Days before on which those who are booked are reminded",
    "later_weeks": "Weeks afterwards when the last questions are sent",
    "later_closing_weeks": "Weeks afterwards when they close",
    "fewest_answers": "Fewest answers of which figures are shown",
}
CHARGES = ("trainer_day_charge", "non_attendance_charge")
# Whose number each usual one is.
COMES_FROM = {
    "free_places_per_trainer_day": "Northumberland’s, in 2014-15",
    "trainer_day_charge": "Northumberland’s, in 2014-15",
    "non_attendance_charge": "after Leicester, Leicestershire and Rutland, which charged for not coming in 2015",
    "later_weeks": "Haringey’s six to eight weeks, after London’s three stages",
    "later_closing_weeks": "Haringey’s six to eight weeks, after London’s three stages",
}


def usual_words(name):
    """ "Usually 10: Northumberland’s, in 2014-15." """
    usual = TrainingPolicy._meta.get_field(name).default
    return f"Usually {usual}: {COMES_FROM.get(name, OURS)}."


class PolicyForm(PlannerModelForm):
    submit_label = "Save the rules"

    class Meta:
        model = TrainingPolicy
        fields = ["is_charging", *FIGURES, "private_domains"]
        labels = FIGURES | {
            "is_charging": "Agencies are charged",
            "private_domains": "Private e-mail addresses end with",
        }
        help_texts = {name: usual_words(name) for name in FIGURES} | {
            "is_charging": "Where this is not ticked, no page speaks of charges.",
            "private_domains": "One a line, as gmail.com. Nobody books with one where a work address is needed.",
        }
        widgets = {"private_domains": forms.Textarea({"rows": 6})} | {
            name: forms.TextInput({"inputmode": "decimal", "class": "govuk-input--width-5"}) for name in FIGURES
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in FIGURES:
            self.fields[name].error_messages |= {
                "min_value": "Enter %(limit_value)s or more",
                "max_value": "Enter %(limit_value)s or fewer",
            }
        for name in CHARGES:
            self.fields[name].validators.append(MinValueValidator(0))

    def clean_private_domains(self):
        typed = self.cleaned_data["private_domains"].casefold().replace("@", " ").replace(",", " ").split()
        wrong = [each for each in typed if not DOMAIN.match(each)]
        if wrong:
            raise forms.ValidationError(f"“{wrong[0][:60]}” is no end of an address. Enter one a line, like gmail.com")
        return "\n".join(dict.fromkeys(typed))

    def clean(self):
        answers = super().clean()
        opens, closes = answers.get("later_weeks"), answers.get("later_closing_weeks")
        if opens and closes and closes <= opens:
            self.add_error("later_closing_weeks", f"They are sent after {opens} weeks. Enter a higher number")
        return answers
