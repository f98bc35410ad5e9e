"""Which stretch of days figures are asked for: a financial year, or from one day to another."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from partnership.models import Partnership
from training.figures.counting import Stretch, year_of
from training.needs.deciding import year_name

YEARS_BACK = 6


def day_input():
    return forms.DateInput({"type": "date", "class": "govuk-input"}, format="%Y-%m-%d")


class StretchForm(forms.Form):
    """Stands in the address. Days count before a year; what makes no sense is said and passed over."""

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        required=False,
        empty_label="All of mine",
        widget=forms.Select({"class": "govuk-select"}),
    )
    year = forms.ChoiceField(label="Financial year", required=False, widget=forms.Select({"class": "govuk-select"}))
    starts_on = forms.DateField(label="Or from", required=False, widget=day_input())
    ends_on = forms.DateField(label="to", required=False, widget=day_input())

    def __init__(self, data, *, partnerships, on):
        self.on, self.partnerships = on, list(partnerships)
        self.current = current = year_of(self.home, on)
        super().__init__({"year": str(current.starts_on.year), **data.dict()})
        self.fields["partnership"].queryset = Partnership.objects.filter(pk__in=[each.pk for each in self.partnerships])
        if len(self.partnerships) < 2:
            del self.fields["partnership"]
        years = [current.starts_on.replace(year=current.starts_on.year - back) for back in range(-1, YEARS_BACK)]
        self.fields["year"].choices = [
            (str(first.year), year_name(first, year_of(self.home, first).ends_on)) for first in reversed(years)
        ]

    @property
    def home(self):
        """By whose financial year is counted."""
        return self.partnerships[0] if self.partnerships else None

    def clean(self):
        answers = super().clean()
        first, last = answers.get("starts_on"), answers.get("ends_on")
        if first and last and last < first:
            raise ValidationError("The last day is before the first. Change one of them")
        if bool(first) != bool(last) and not {"starts_on", "ends_on"} & set(self.errors):
            raise ValidationError("Enter both days, or choose a financial year")
        return answers

    @property
    def chosen_partnership(self):
        """The one that was chosen, or the only one there is; None for all."""
        self.is_valid()
        if len(self.partnerships) == 1:
            return self.partnerships[0]
        return self.cleaned_data.get("partnership")

    @property
    def stretch(self):
        """What was asked for, as far as it makes sense; this financial year otherwise."""
        answers = self.cleaned_data if self.is_valid() else {}
        if answers.get("starts_on"):
            return Stretch(answers["starts_on"], answers["ends_on"])
        year = int(answers.get("year") or self.current.starts_on.year)
        return year_of(self.home, date(year, self.current.starts_on.month, 1))
