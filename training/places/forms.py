"""What people with an account are asked about places."""

from django import forms
from django.utils import timezone

from partnership.access import may
from partnership.forms import PlannerForm, PlannerModelForm
from training.models import Place
from training.places.booking_forms import organisations_of, private_words
from training.places.booking_many import MOST_PEOPLE, Person, people_of

ROWS = 3
MOST_PROBLEMS = 8


def bookable_organisations(event, user, *, on):
    """For whom ``user`` books at ``event``: whoever runs it for any member, others for their own."""
    found = organisations_of(event, on=on)
    return found if may(user, "change", event) else found.filter(pk__in=user.standing.organisation_ids)


class PeopleForm(PlannerForm):
    """Some people by name and address, or a list of them from a sheet. ``people``: what was understood."""

    submit_label = "Book them"

    organisation = forms.ModelChoiceField(label="Whose people are they?", queryset=None)
    pasted = forms.CharField(
        label="A longer list",
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 5}),
        help_text=(
            "One person a line: name, e-mail and, if there is something, what they need to take part. "
            "Cells copied from Excel do."
        ),
    )
    manager_email = forms.EmailField(
        label="Manager who has to agree",
        required=False,
        max_length=254,
        help_text="We ask them by mail for each of these people. Left empty, you answer for the agreement yourself.",
    )

    def __init__(self, *args, event, user, **kwargs):
        self.course = event.course
        super().__init__(*args, **kwargs)
        organisations = bookable_organisations(event, user, on=timezone.localdate())
        self.fields["organisation"].queryset = organisations
        only = list(organisations[:2])
        if len(only) == 1:
            self.initial["organisation"] = only[0].pk
        if not self.course.is_agreement_needed:
            del self.fields["manager_email"]
        for row in range(1, ROWS + 1):
            self.add_row(row)

    def add_row(self, row):
        """Named by number for those who cannot see which row they are in."""
        text = forms.TextInput({"class": "govuk-input", "autocomplete": "off"})
        mail = forms.EmailInput({"class": "govuk-input", "autocomplete": "off", "spellcheck": "false"})
        self.fields[f"name_{row}"] = forms.CharField(
            label=f"Name of person {row}", max_length=120, required=False, widget=text
        )
        self.fields[f"email_{row}"] = forms.EmailField(
            label=f"Work e-mail of person {row}",
            max_length=254,
            required=False,
            widget=mail,
            error_messages={"invalid": "Enter an e-mail address like name@example.org"},
        )
        self.fields[f"needs_{row}"] = forms.CharField(
            label=f"What person {row} needs to take part",
            max_length=300,
            required=False,
            widget=forms.TextInput({"class": "govuk-input", "autocomplete": "off"}),
        )

    @property
    def rows(self):
        return [[self[f"{part}_{row}"] for part in ("name", "email", "needs")] for row in range(1, ROWS + 1)]

    def clean(self):
        answers = super().clean()
        self.people = self.typed(answers)
        pasted, problems = people_of(answers.get("pasted", ""))
        for problem in problems[:MOST_PROBLEMS]:
            self.add_error("pasted", problem)
        if len(problems) > MOST_PROBLEMS:
            self.add_error("pasted", f"and {len(problems) - MOST_PROBLEMS} more lines like these")
        self.refuse_private([person.email for person in pasted], "pasted")
        self.people += pasted
        self.refuse_doubles()
        if not self.people and not self.errors:
            self.add_error("name_1", "Enter somebody’s name and work e-mail, or paste a list")
        if len(self.people) > MOST_PEOPLE:
            self.add_error("pasted", f"Book {MOST_PEOPLE} people at a time at most. There are {len(self.people)}")
        return answers

    def typed(self, answers):
        people = []
        for row in range(1, ROWS + 1):
            name = " ".join(answers.get(f"name_{row}", "").split())
            email, needs = answers.get(f"email_{row}", "").lower(), answers.get(f"needs_{row}", "")
            if not (name or email or needs) or f"email_{row}" in self.errors:
                continue
            if not name:
                self.add_error(f"name_{row}", f"Enter the name of whoever has {email or 'this place'}")
            if not email:
                self.add_error(f"email_{row}", f"Enter the work e-mail of {name or 'this person'}")
            self.refuse_private([email], f"email_{row}")
            people.append(Person(name, email, needs))
        return people

    def refuse_private(self, emails, field):
        if self.course.is_work_email_needed:
            for email in emails:
                if email and self.course.policy.is_private(email):
                    self.add_error(field, f"{email}: {private_words(email)}")

    def refuse_doubles(self):
        emails = [person.email for person in self.people if person.email]
        for email in sorted({email for email in emails if emails.count(email) > 1}):
            self.add_error("pasted", f"{email} is there twice. Give everybody an address of their own")


class SwapForm(PlannerForm):
    """Who comes instead."""

    submit_label = "Give them the place"

    name = forms.CharField(label="Who comes instead?", max_length=120)
    email = forms.EmailField(label="Their work e-mail", max_length=254)

    def __init__(self, *args, course, **kwargs):
        self.course = course
        super().__init__(*args, **kwargs)

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if self.course.is_work_email_needed and self.course.policy.is_private(email):
            raise forms.ValidationError(private_words(email))
        return email


class WaiveForm(PlannerModelForm):
    """Why a place that was missed, or came back late, is not charged; emptied, it is charged again."""

    submit_label = "Save"

    class Meta:
        model = Place
        fields = ["waived_because"]
        labels = {"waived_because": "Why is it not charged?"}
        help_texts = {"waived_because": "The organisation reads it in its statement. Left empty, it is charged."}
