"""The form of a closure: its days make sense, and no other closure has them already."""

from datetime import timedelta

from django import forms

from partnership.forms import PlannerModelForm
from partnership.models import Closure
from partnership.templatetags.components import long_date

LONGEST = timedelta(days=31)
FURTHEST = timedelta(days=3 * 366)


class ClosureForm(PlannerModelForm):
    """``instance`` says of which partnership; ``on`` is today."""

    submit_label = "Save the closure"

    class Meta:
        model = Closure
        fields = ["title", "first_day", "last_day"]
        labels = {"title": "What is it?", "first_day": "First day closed", "last_day": "Last day closed"}
        help_texts = {"title": "Such as “Christmas closure”"}
        error_messages = {"title": {"required": "Enter what it is, such as “Christmas closure”"}}
        widgets = {"title": forms.TextInput}

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_last_day(self):
        last = self.cleaned_data["last_day"]
        if "last_day" in self.changed_data and last < self.on:
            raise forms.ValidationError("This day has passed. Enter a last day that is still to come")
        return last

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if not (first and last):
            return cleaned
        if last < first:
            self.add_error("last_day", f"The last day is before the first. Enter {long_date(first)} or a later day")
        elif last - first >= LONGEST:
            longest = long_date(first + LONGEST - timedelta(days=1))
            self.add_error(
                "last_day", f"A closure lasts {LONGEST.days} days at most. Enter {longest} or an earlier day"
            )
        elif last - self.on > FURTHEST:
            self.add_error("last_day", "This is more than three years ahead. Check the year")
        else:
            self.refuse_taken(first, last)
        return cleaned

    def refuse_taken(self, first, last):
        others = self.instance.partnership.closures.exclude(pk=self.instance.pk)
        other = others.filter(first_day__lte=last, last_day__gte=first).first()
        if other:
            days = f"{long_date(other.first_day)} to {long_date(other.last_day)}"
            self.add_error("first_day", f"“{other}” covers {days} already. Change that one, or choose other days")
