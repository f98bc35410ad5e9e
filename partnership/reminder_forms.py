"""Forms about reminders: what an office does to one, on which days they come, and how often oneself hears."""

import re
from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from partnership.changes import last_change
from partnership.forms import GuardMixin, PlannerForm
from partnership.models import Group, ReminderHours, ReminderPreference
from partnership.reminder_words import days_in_words, kind_name
from partnership.templatetags.components import long_date

LONGEST_PAUSE = timedelta(days=366)
MOST_DAYS, FURTHEST = 8, 60  # steps on one side of the date; working days, about three months
SEPARATORS = re.compile(r"[,;\s]+")
Pace = ReminderPreference.Pace


def reason_field(label):
    return forms.CharField(
        label=label,
        max_length=200,
        help_text="One sentence. It stands beside the reminder, for your colleagues.",
        error_messages={"required": "Say why, in one sentence", "max_length": "Use 200 characters or fewer"},
    )


# One reminder


class ByHandForm(PlannerForm):
    """What an office does to one reminder, unless somebody or the worker has done something to it meanwhile."""

    def refuse(self, problem):
        self.has_conflict = True
        self.add_error(None, str(problem))


class DayForm(forms.Form):
    """Which day, and whose: in the address, so that a link keeps it. What makes no sense there is left out."""

    day = forms.ChoiceField(label="Day", required=False)
    words = forms.CharField(label="Person", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", required=False)
    group = forms.ModelChoiceField(Group.objects.none(), label="Sits in", required=False, empty_label="Any group")

    def __init__(self, *args, days, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.days = {day.isoformat(): day for day in days}
        self.fields["day"].choices = [(key, f"{day:%A} {long_date(day)}") for key, day in self.days.items()]
        self.fields["kind"].choices = [("", "Any kind")] + [(kind, kind_name(kind)) for kind in settings.DEADLINE_KINDS]
        self.fields["group"].queryset = Group.objects.visible_to(user).open().order_by("name")
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "govuk-input" if name == "words" else "govuk-select"

    @property
    def chosen(self):
        """(day, words, kind, group), each as asked or else as if it had not been."""
        self.is_valid()
        found = self.cleaned_data
        day = self.days.get(found.get("day"), next(iter(self.days.values())))
        return day, found.get("words", ""), found.get("kind", ""), found.get("group")


class PauseForm(ByHandForm):
    """``person``: of whom it is asked; None where nobody is named."""

    submit_label = "Pause"

    ONE, ALL = "one", "all"

    who = forms.ChoiceField(label="Who is not told?", widget=forms.RadioSelect, initial=ONE)
    until = forms.DateField(
        label="Until",
        required=False,
        help_text="The first day on which they are told again. Leave it empty to pause until somebody lifts it.",
    )
    reason = reason_field("Why?")

    def __init__(self, *args, person, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["who"].choices = [(self.ONE, f"Only {person}"), (self.ALL, "Everybody who is asked for it")]

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until <= self.on:
            raise ValidationError("Choose a day after today, or leave it empty")
        if until and until > self.on + LONGEST_PAUSE:
            raise ValidationError("Choose a day within a year, or leave it empty to pause until somebody lifts it")
        return until

    @property
    def is_for_all(self):
        return self.cleaned_data["who"] == self.ALL


class SkipForm(ByHandForm):
    submit_label = "Skip this one"

    reason = reason_field("Why?")


class SendNowForm(ByHandForm):
    submit_label = "Send now"

    reason = reason_field("Why now?")


class ClearBounceForm(PlannerForm):
    """That somebody has asked the person, and the address is right."""

    submit_label = "Send there again"

    is_right = forms.BooleanField(
        label="I have asked them, and the address is right",
        error_messages={"required": "Ask the person first, then tick this: mail to a wrong address only comes back"},
    )


# When reminders come


class DaysField(forms.CharField):
    """Numbers of working days, as "5, 1": a tuple of them, none twice."""

    default_error_messages = {
        "letters": "Enter whole numbers of working days with commas between them, like 5, 1",
        "far": f"Enter numbers from 1 to {FURTHEST}. “%(typed)s” is not one of them",
        "twice": "Enter each number once. %(typed)s stands there twice",
        "many": f"Enter {MOST_DAYS} numbers at most: more would be nagging",
    }

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=200, **kwargs)

    def to_python(self, value):
        numbers = []
        for typed in filter(None, SEPARATORS.split(super().to_python(value).replace(" and ", " "))):
            if not typed.isascii() or not typed.isdigit():
                raise ValidationError(self.error_messages["letters"], code="letters")
            number = int(typed[:4])
            if not 1 <= number <= FURTHEST:
                raise ValidationError(self.error_messages["far"], code="far", params={"typed": typed[:10]})
            if number in numbers:
                raise ValidationError(self.error_messages["twice"], code="twice", params={"typed": number})
            numbers.append(number)
        if len(numbers) > MOST_DAYS:
            raise ValidationError(self.error_messages["many"], code="many")
        return tuple(numbers)

    def run_validators(self, value):
        """The length is that of what was typed; ``to_python`` has read it."""

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class RungField(forms.IntegerField):
    """After how many working days somebody higher up hears; empty: never."""

    def __init__(self, label, **kwargs):
        super().__init__(
            label=label,
            required=False,
            min_value=1,
            max_value=FURTHEST,
            widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
            error_messages={
                "invalid": "Enter a whole number of working days, in figures, or leave it empty",
                "min_value": f"Enter a number from 1 to {FURTHEST}, or leave it empty",
                "max_value": f"Enter a number from 1 to {FURTHEST}, or leave it empty",
            },
            **kwargs,
        )


class PolicyForm(GuardMixin, PlannerForm):
    """The days of one kind: of ``policy`` (in force now), which ``own`` (a saved ReminderPolicy or None) says.

    ``is_duty``: at least one day must be left on which people are told.
    """

    submit_label = "Save the days"

    RUNGS = ("chair_after", "office_after", "executive_after")

    before = DaysField(
        label="Working days before",
        help_text="With commas between them, like 5, 1. Empty: nobody is told before.",
        widget=forms.TextInput({"class": "govuk-input--width-10"}),
    )
    on_the_day = forms.BooleanField(label="On the day itself", required=False)
    after = DaysField(
        label="Working days after, while it is not done",
        help_text="Like 1, 5. Empty: nobody is told after.",
        widget=forms.TextInput({"class": "govuk-input--width-10"}),
    )
    chair_after = RungField("Working days until the chair hears")
    office_after = RungField("Working days until the business office hears")
    executive_after = RungField("Working days until the executive hears")
    may_be_slowed = forms.BooleanField(
        label="People may choose to hear of it once a week",
        required=False,
        help_text="Leave this unticked where a week is too long, as with a date set by law.",
    )

    def __init__(self, data=None, *, policy, own, is_duty, **kwargs):
        self.policy, self.own, self.is_duty = policy, own, is_duty
        super().__init__(data, initial=shown(policy), **kwargs)
        self.guard()

    def clean(self):
        found = super().clean()
        days = [found.get(name) for name in ("before", "after")]
        if self.is_duty and days == [(), ()] and not found.get("on_the_day"):
            self.add_error("before", "Enter at least one day, before or after. It is a duty, so somebody must be told")
        below = None
        for name in self.RUNGS:
            days = found.get(name)
            if days and below and days < found[below]:
                who = self.fields[below].label.removeprefix("Working days until ").removesuffix(" hears")
                self.add_error(
                    name, f"Enter {found[below]} or more, or leave it empty: {who} hears first, after {found[below]}"
                )
            below = name if days else below
        return found

    def policy_fields(self):
        """What a ReminderPolicy keeps of it."""
        found = self.cleaned_data
        steps = {-days for days in found["before"]} | set(found["after"]) | ({0} if found["on_the_day"] else set())
        return {
            "steps": sorted(steps),
            "may_be_slowed": found["may_be_slowed"],
            **{name: found[name] for name in self.RUNGS},
        }

    # For the guard

    def values_now(self):
        return shown(self.policy)

    def value_now(self, name):
        return self.fields[name].clean(self.values_now()[name])

    def words_now(self, name):
        value = self.values_now()[name]
        return {True: "Yes", False: "No", None: "never", "": "never"}.get(value, value)

    def last_changed_by(self):
        change = last_change(self.own) if self.own else None
        return change.by if change else "Somebody"


def shown(policy):
    """A policy as the form's boxes hold it."""
    return {
        "before": ", ".join(str(-step) for step in sorted(policy.steps) if step < 0),
        "on_the_day": 0 in policy.steps,
        "after": ", ".join(str(step) for step in sorted(policy.steps) if step > 0),
        "chair_after": policy.chair_after,
        "office_after": policy.office_after,
        "executive_after": policy.executive_after,
        "may_be_slowed": policy.may_be_slowed,
    }


# How often oneself hears

WEEKDAYS = [(0, "Monday"), (1, "Tuesday"), (2, "Wednesday"), (3, "Thursday"), (4, "Friday")]
AS_THE_REST = ""
PACES = [(Pace.AT_ONCE, "At once"), (Pace.DAILY, "Once a day at most"), (Pace.WEEKLY, "Once a week")]


def hour_in_words(hour):
    """ "8am", "noon", "6pm", "midnight"."""
    if hour % 12 == 0:
        return {0: "midnight", 12: "noon", 24: "midnight"}[hour]
    return f"{hour}am" if hour < 12 else f"{hour - 12}pm"


class PreferencesForm(PlannerForm):
    """One's own paces (``pace_<kind>``, and ``pace`` for all others) and days and hours.

    ``policies``: {kind: Policy}, by which a kind may not be slowed. ``paces``: {kind: pace} as kept now.
    """

    pace = forms.ChoiceField(
        label="How often do you want to hear?",
        choices=PACES,
        widget=forms.RadioSelect,
        help_text="At once is a mail for each thing as soon as it is asked of you. The others come together in one.",
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="On which days?",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day of the week", "invalid_choice": "Choose days of the list"},
    )
    first_hour = forms.TypedChoiceField(label="Not before", coerce=int)
    last_hour = forms.TypedChoiceField(label="Not after", coerce=int)

    def __init__(self, data=None, *, policies, paces, hours, **kwargs):
        first, last = settings.REMINDER_HOURS
        own = hours or ReminderHours(weekdays=[day for day, _name in WEEKDAYS], first_hour=first, last_hour=last)
        initial = {
            "pace": paces.get("", Pace.DAILY),
            "weekdays": own.weekdays,
            "first_hour": own.first_hour,
            "last_hour": own.last_hour,
            **{f"pace_{kind}": paces.get(kind, AS_THE_REST) for kind in policies},
        }
        super().__init__(data, initial=initial, **kwargs)
        self.policies = policies
        self.fields["first_hour"].choices = [(hour, hour_in_words(hour)) for hour in range(first, last)]
        self.fields["last_hour"].choices = [(hour, hour_in_words(hour)) for hour in range(first + 1, last + 1)]
        for kind, policy in policies.items():
            name, is_duty = settings.DEADLINE_KINDS[kind]
            choices = [(AS_THE_REST, "As the rest"), *PACES[: 3 if policy.may_be_slowed else 2]]
            choices += [] if is_duty else [(Pace.OFF, "Never")]
            self.fields[f"pace_{kind}"] = forms.ChoiceField(
                label=name,
                required=False,
                choices=choices,
                error_messages={"invalid_choice": "Choose how often, from the list. A duty can’t be turned off"},
            )

    def clean(self):
        found = super().clean()
        if found.get("first_hour", 0) >= found.get("last_hour", 24):
            self.add_error("last_hour", "Choose an hour after the first")
        return found

    @property
    def has_own_kinds(self):
        """Whether some kind has a pace of its own, or is to be mended."""
        return any(self[f"pace_{kind}"].value() or self[f"pace_{kind}"].errors for kind in self.policies)

    def lines(self):
        """(field, whether it is a duty, its days in words) of each kind, in the order of the settings."""
        return [
            (self[f"pace_{kind}"], settings.DEADLINE_KINDS[kind][1], days_in_words(policy.steps))
            for kind, policy in self.policies.items()
        ]

    def chosen_paces(self):
        """{kind: pace, or None where it is as the rest}; the rest is of the kind "", None where it is daily."""
        found = self.cleaned_data
        rest = None if found["pace"] == Pace.DAILY else found["pace"]
        return {"": rest} | {kind: found[f"pace_{kind}"] or None for kind in self.policies}

    def chosen_hours(self):
        """{weekdays, first_hour, last_hour}; None where they are the usual ones."""
        found = {name: self.cleaned_data[name] for name in ("weekdays", "first_hour", "last_hour")}
        first, last = settings.REMINDER_HOURS
        usual = {"weekdays": [day for day, _name in WEEKDAYS], "first_hour": first, "last_hour": last}
        return None if found == usual else found
