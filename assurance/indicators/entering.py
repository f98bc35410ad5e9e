"""Figures typed in a table: areas down, periods across. A correction keeps what stood before in the history."""

import json
from datetime import date

import pghistory
from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from assurance.indicators.importing import WHOLE
from assurance.indicators.numbers import NotANumber, odd_about, plainly, read_number, value_behind
from assurance.indicators.periods import Period, later, period_with
from assurance.models import Indicator, IndicatorValue
from partnership.forms import GuardMixin, PlannerFormMixin

Unit = Indicator.Unit
PERIODS_SHOWN = 4
# What is asked for of each kind of figure, in the order in which it is typed.
ASKED = {
    Unit.COUNT: ("value",),
    Unit.PERCENT: ("numerator", "denominator", "value"),
    Unit.RATE: ("numerator", "denominator", "value"),
    Unit.DAYS: ("value", "denominator"),
    Unit.SCORE: ("value", "denominator"),
}
CALLED = {"value": "Value", "numerator": "Number", "denominator": "Out of", "comparator": "Compared with"}
OF_AVERAGE = "Out of how many"


class FigureField(forms.Field):
    """One box of the table."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)
        self.widget.attrs |= {"class": "govuk-input figure-box", "autocomplete": "off"}

    def to_python(self, value):
        try:
            return read_number(str(value or ""))
        except NotANumber as problem:
            raise ValidationError(str(problem), code="invalid") from problem


class FiguresForm(GuardMixin, PlannerFormMixin, forms.Form):
    """A box for each area, period and kind of figure; of an indicator that is locked when the form comes back."""

    submit_label = "Save the figures"

    def __init__(self, *args, indicator, areas, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicator, self.periods = indicator, periods
        self.areas = [None, *areas]
        self.measures = measures_of(indicator)
        self.known = {
            (value.area_id, value.starts_on): value
            for value in indicator.values.filter(starts_on__in=[period.starts_on for period in periods])
        }
        for name, (measure, area, period) in self._places():
            label = f"{self._called(measure)}, {area or WHOLE}, {period.name}"
            self.fields[name] = FigureField(label=label, initial=self._now(measure, area, period))
            self.fields[name].widget.attrs |= {"aria-label": label, "class": "govuk-input figure-box"}
        self.guard()

    def _places(self):
        """(name of the field, (measure, area, period)) of every box, row by row."""
        for area in self.areas:
            for measure in self.measures:
                for period in self.periods:
                    yield name_of(measure, area, period), (measure, area, period)

    def _called(self, measure):
        if measure == "comparator" and self.indicator.comparator_name:
            return self.indicator.comparator_name
        if measure == "denominator" and self.indicator.unit in (Unit.DAYS, Unit.SCORE):
            return OF_AVERAGE
        return CALLED[measure]

    def _now(self, measure, area, period):
        value = self.known.get((area.pk if area else None, period.starts_on))
        return plainly(getattr(value, measure)) if value else ""

    @property
    def rows(self):
        """[(area's name, [(what, [box])])]."""
        return [
            (
                str(area or WHOLE),
                [
                    (self._called(measure), [self[name_of(measure, area, period)] for period in self.periods])
                    for measure in self.measures
                ],
            )
            for area in self.areas
        ]

    # What stands now, for the guard

    def values_now(self):
        values = {name: self._now(*place) for name, place in self._places()}
        return json.loads(json.dumps(values, cls=DjangoJSONEncoder))

    def value_now(self, name):
        return read_number(self.values_now()[name])

    def words_now(self, name):
        return self.values_now()[name] or "nothing"

    def last_changed_by(self):
        last = self.indicator.values.select_related("entered_by").order_by("-entered_at").first()
        return str(last.entered_by) if last else "Somebody"

    # What was typed

    def clean(self):
        cleaned = super().clean()
        for area in self.areas:
            for period in self.periods:
                self._clean_place(cleaned, area, period)
        return cleaned

    def _clean_place(self, cleaned, area, period):
        names = {measure: name_of(measure, area, period) for measure in self.measures}
        if any(name in self.errors for name in names.values()):
            return
        figures = self._with_unasked({measure: cleaned.get(name) for measure, name in names.items()}, area, period)
        if figures["value"] is None:
            figures["value"] = value_behind(self.indicator, figures["numerator"], figures["denominator"])
            cleaned[names["value"]] = figures["value"]
        for measure, says in odd_about(self.indicator, **figures).items():
            self.add_error(names.get(measure, names["value"]), says)
        has_people = figures["numerator"] is not None or figures["denominator"] is not None
        if has_people and figures["value"] is None:
            self.add_error(names["value"], f"Enter the value of {period.name} too, or leave the number out")

    def _with_unasked(self, figures, area, period):
        """What stands of kinds that are not asked for here, so that nothing of it is lost."""
        stands = self.known.get((area.pk if area else None, period.starts_on))
        return {
            measure: figures[measure] if measure in figures else getattr(stands, measure, None) for measure in CALLED
        }

    def figures(self):
        """``{(area, Period): {kind of figure: Decimal or None}}`` as it was typed."""
        found = {}
        for name, (measure, area, period) in self._places():
            found.setdefault((area, period), {})[measure] = self.cleaned_data.get(name)
        return found


def measures_of(indicator):
    compared = ("comparator",) if indicator.comparator_name else ()
    return ASKED[indicator.unit] + compared


def name_of(measure, area, period):
    return f"{measure}-{area.pk if area else 0}-{period.starts_on:%Y%m%d}"


def periods_to_type(indicator, *, until, on):
    """(periods shown, first day of those before, of those after or None); the last that is over stands at the end.

    ``until``: a text like "2026-10-01", the first day of the last column; what is none is passed over.
    """
    now = current_period(indicator, on)
    last = later(now, -1)
    try:
        asked = date.fromisoformat(until or "")
    except ValueError:
        asked = None
    if asked and date(1990, 1, 1) <= asked <= on:
        while last.starts_on > asked:
            last = later(last, -1)
        while last.starts_on < asked:
            last = later(last, 1)
    periods = [later(last, step) for step in range(1 - PERIODS_SHOWN, 1)]
    after = min(later(last, PERIODS_SHOWN), now) if last != now else None
    return periods, later(last, -PERIODS_SHOWN).starts_on, after.starts_on if after else None


def current_period(indicator, on):
    """The period in which ``on`` is; a year begins in the month in which the last one known did."""
    newest = indicator.values.order_by("-starts_on").first()
    period = period_with(on, indicator.frequency)
    if newest is None:
        return period
    known = Period(newest.starts_on, newest.ends_on)
    if known.months != period.months:
        return period
    while known.ends_on < on:
        known = later(known, 1)
    while known.starts_on > on:
        known = later(known, -1)
    return known


@transaction.atomic
def enter_figures(indicator, figures, *, by, at):
    """Keep ``{(area or None, Period): {kind: Decimal or None}}``; gives how many figures changed.

    What is emptied is taken away; what is as it was stays untouched. Raises nothing: the form has looked.
    """
    Indicator.objects.select_for_update(no_key=True, of=["self"]).get(pk=indicator.pk)
    starts = [period.starts_on for _area, period in figures]
    known = {(value.area_id, value.starts_on): value for value in indicator.values.filter(starts_on__in=starts)}
    changed = 0
    with pghistory.context(user=by.pk):
        for (area, period), said in figures.items():
            value = known.get((area.pk if area else None, period.starts_on)) or IndicatorValue(
                indicator=indicator, area=area, starts_on=period.starts_on, ends_on=period.ends_on
            )
            if all(getattr(value, measure) == figure for measure, figure in said.items()):
                continue
            for measure, figure in said.items():
                setattr(value, measure, figure)
            changed += 1
            if value.value is None and value.comparator is None:
                if value.pk:
                    value.delete()
                continue
            value.entered_by, value.entered_at = by, at
            value.save()
    return changed
