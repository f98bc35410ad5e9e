"""Which figure should be there by now, and is not."""

from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from assurance.indicators.words import name_of_period
from assurance.models import Indicator
from partnership.deadlines import OFFICE, as_deadlines


def figures(on):
    """The next figure of each indicator, from the organisation that answers for it. Deadlines."""
    return as_deadlines(
        Indicator.objects.in_use().with_next_figure(on=on),
        key=Concat(
            Value("indicator-figure:"),
            Cast("pk", TextField()),
            Value(":"),
            Cast("next_starts_on", TextField()),
            output_field=TextField(),
        ),
        kind="Figures due",
        due_on="next_due_on",
        title=Concat(Value("Figure of "), "title", output_field=TextField()),
        url_name="assurance:indicator-values",
        partnership="partnership",
        owner_text="owner__name",
        organisation="owner",
        audience=OFFICE,
        look_name="assurance:indicator-detail",
        look_pk="pk",
    )


def in_words(indicator, *, on):
    """What is missing of an indicator that came ``with_next_figure``; empty where nothing is late."""
    if indicator.next_due_on >= on:
        return ""
    period = name_of_period(indicator.next_starts_on, indicator.next_ends_on)
    days = (on - indicator.next_due_on).days
    late = "1 day" if days == 1 else f"{days} days"
    return f"The figure of {period} is {late} late."
