"""What is asked about an organisation's own training, and of whoever asks for it."""

from datetime import date, timedelta

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from partnership.forms import PlannerForm
from partnership.models import Organisation
from training.models import AgencyCourse
from training.own_returns import COURSE_FIELDS

MOST_COURSES = 200
EMPTY_ROWS = 4
MOST_PEOPLE = 1_000_000


def year_choices(partnership, *, on):
    """The business years that one asks for: last year's, this one and the next."""
    month = partnership.financial_year_starts_month
    first = on.year if on.month >= month else on.year - 1
    years = [
        (date(each, month, 1), date(each + 1, month, 1) - timedelta(days=1)) for each in range(first - 1, first + 2)
    ]
    return {str(starts): (starts, ends) for starts, ends in years}


def year_words(starts_on, ends_on):
    return f"{starts_on:%B %Y} to {ends_on:%B %Y}"


class AskForm(PlannerForm):
    submit_label = "Ask them"

    year = forms.ChoiceField(label="For which year?", error_messages={"required": "Choose the year"})
    due_on = forms.DateField(label="By when?", error_messages={"required": "Enter the day by which you need it"})
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Whom do you ask?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one organisation"},
        help_text="Who was asked for that year before is not asked twice.",
    )

    def __init__(self, *args, partnership, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.years = year_choices(partnership, on=on)
        self.fields["year"].choices = [(key, year_words(*year)) for key, year in self.years.items()]
        self.fields["year"].initial = list(self.years)[1]
        members = Organisation.objects.members_of([partnership.pk], on=on).order_by("name")
        self.fields["organisations"].queryset = members
        self.fields["organisations"].initial = list(members)

    def clean_due_on(self):
        return to_come(self.cleaned_data["due_on"], on=self.on)

    @property
    def answers(self):
        starts_on, ends_on = self.years[self.cleaned_data["year"]]
        return {
            "organisations": self.cleaned_data["organisations"],
            "starts_on": starts_on,
            "ends_on": ends_on,
            "due_on": self.cleaned_data["due_on"],
        }


def to_come(day, *, on):
    if day < on:
        raise forms.ValidationError("Enter a day to come")
    if day.year > on.year + 5:
        raise forms.ValidationError("Check the year")
    return day


class HandBackForm(PlannerForm):
    submit_label = "Hand it back"

    because = forms.CharField(
        label="What is to be put right?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": "Enter what is to be put right"},
        help_text="The organisation reads this above its return.",
    )
    due_on = forms.DateField(label="By when?", error_messages={"required": "Enter the day by which you need it"})

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_due_on(self):
        return to_come(self.cleaned_data["due_on"], on=self.on)


class DueForm(PlannerForm):
    submit_label = "Save the day"

    due_on = forms.DateField(label="By when?", error_messages={"required": "Enter the day by which you need it"})

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_due_on(self):
        return to_come(self.cleaned_data["due_on"], on=self.on)


class WordsForm(PlannerForm):
    assured = forms.CharField(
        label="How do you know that it is good?",
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="Who wrote it, when it was last looked at, what people said, what was observed in practice.",
    )
    difference = forms.CharField(
        label="What difference did it make?",
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="What is done otherwise since, and how you know.",
    )


def people_field(label):
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.TextInput({"class": "govuk-input govuk-input--width-5", "inputmode": "numeric"}),
        error_messages={
            "invalid": "Enter a whole number, in figures",
            "min_value": "Enter 0 or more people",
            "max_value": "Check the number of people",
        },
    )


class CourseForm(PlannerForm):
    """A line of the return; one without anything in it is left out."""

    title = forms.CharField(label="Course", required=False, max_length=AgencyCourse._meta.get_field("title").max_length)
    level = forms.CharField(label="Level", required=False, max_length=AgencyCourse._meta.get_field("level").max_length)
    needed_count = people_field("People who need it")
    trained_count = people_field("People who took it")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].widget.attrs |= {"list": "levels"}

    def clean(self):
        cleaned = super().clean()
        has_more = any(cleaned.get(name) not in (None, "") for name in COURSE_FIELDS[1:])
        if has_more and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", "Enter which course this is")
        return cleaned

    @property
    def said(self):
        return {name: self.cleaned_data.get(name) for name in COURSE_FIELDS}


class CourseRows(BaseFormSet):
    @property
    def said(self):
        """The lines that have a course, in their order."""
        return [form.said for form in self.forms if form.cleaned_data.get("title")]


def course_rows(data=None, *, initial=(), extra=EMPTY_ROWS):
    rows = formset_factory(
        CourseForm, formset=CourseRows, extra=extra, max_num=MOST_COURSES, absolute_max=MOST_COURSES, validate_max=True
    )
    return rows(data, initial=list(initial), prefix="courses")
