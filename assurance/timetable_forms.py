"""The form of one entry of the assurance timetable."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from assurance.models import TimetableEntry
from assurance.models.timetable import first_of_quarter, quarter_after
from assurance.timetable import name_of_quarter
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Group, Partnership
from plans.models import Plan, Priority

QUARTERS_BACK, QUARTERS_AHEAD = 8, 20


def own_groups(user, *, besides):
    """The open groups that this person's office runs, and the one that is chosen already (``besides``, or None)."""
    own = Group.objects.visible_to(user).of_office(user).open()
    return Group.objects.filter(Q(pk__in=own.values("pk")) | Q(pk=besides))


class TimetableEntryForm(PlannerModelForm):
    submit_label = "Save"

    quarter_on = forms.TypedChoiceField(
        label="In which quarter?",
        coerce=lambda value: TimetableEntry._meta.get_field("quarter_on").to_python(value),
        error_messages={"required": "Choose the quarter", "invalid_choice": "Choose a quarter from the list"},
    )

    class Meta:
        model = TimetableEntry
        fields = ["title", "kind", "quarter_on", "partnerships", "group", "priority", "is_yearly", "done_on"]
        labels = {
            "title": "What do you look into?",
            "kind": "What kind is it?",
            "partnerships": "For whom?",
            "group": "Which group carries it out?",
            "priority": "Which priority of a plan is it about?",
            "is_yearly": "It comes back every year",
            "done_on": "When was it done?",
        }
        help_texts = {
            "title": "Like “How well do we hear children in assessments?”",
            "group": "",
            "priority": "It is then marked beside that plan.",
            "is_yearly": "It is offered when you plan the next year from this one.",
            "done_on": "Leave this empty until it is.",
        }
        error_messages = {
            "title": {"required": "Enter what you look into"},
            "kind": {"required": "Choose what kind it is"},
            "partnerships": {"required": "Choose the partnership it is for"},
        }
        widgets = {"kind": forms.RadioSelect, "partnerships": forms.CheckboxSelectMultiple}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Partnership.objects.of_office(user)
        self.fields["partnerships"].queryset = mine
        if self.instance.pk is None and len(mine) == 1:
            self.initial.setdefault("partnerships", list(mine))
        self.fields["group"].queryset = own_groups(user, besides=self.instance.group_id)
        self.fields["priority"].queryset = self.priorities(user)
        self.fields["priority"].label_from_instance = lambda priority: f"{priority.plan}: {priority}"
        self.fields["quarter_on"].choices = self.quarters(on=timezone.localdate())
        self.others = self.instance.partnership_ids - {each.pk for each in mine} if self.instance.pk else set()

    def priorities(self, user):
        """Those of plans that are not closed, and the entry's own."""
        plans = Plan.objects.visible_to(user).filter(partnerships__in=user.standing.office_ids)
        open_plans = plans.exclude(status=Plan.Status.CLOSED).values("pk")
        is_offered = Q(plan__in=open_plans, retired_on=None) | Q(pk=self.instance.priority_id)
        rows = Priority.objects.filter(is_offered).select_related("plan").prefetch_related("plan__partnerships")
        return rows.order_by("-plan__starts_on", "plan", "position")

    def quarters(self, *, on):
        """Two years back and five ahead, and the entry's own; a new one begins in this quarter."""
        now = first_of_quarter(on)
        days = {quarter_after(now, n) for n in range(-QUARTERS_BACK, QUARTERS_AHEAD)}
        if self.instance.quarter_on:
            days.add(self.instance.quarter_on)
        return [("", "Choose one"), *((day.isoformat(), name_of_quarter(day)) for day in sorted(days))]

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_done_on(self):
        done_on = self.cleaned_data["done_on"]
        if done_on and done_on > timezone.localdate():
            raise forms.ValidationError("Enter a day that is not in the future, or leave it empty until it is done")
        return done_on

    def clean(self):
        """A group and a priority are of one of the partnerships that it is for."""
        answers = super().clean()
        chosen = {each.pk for each in answers.get("partnerships", ())} | self.others
        for name, owner, words in (
            ("group", answers.get("group"), "Choose a group of the partnership it is for"),
            ("priority", answers.get("priority"), "Choose a priority of the partnership it is for"),
        ):
            if chosen and owner and not chosen & owner.partnership_ids:
                self.add_error(name, words)
        if self.others and "partnerships" in answers:  # those of an office elsewhere stay as they are
            kept = Partnership.objects.filter(pk__in=chosen)
            answers["partnerships"] = kept
        return answers


class RollForm(PlannerForm):
    """Which entries of a year come again in the next. ``entries``: of ``to_roll``, those that are not there yet."""

    submit_label = "Plan them again"

    entries = forms.TypedMultipleChoiceField(
        label="What comes again?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick what comes again",
            "invalid_choice": "One of these is not there any more. Choose from the list",
        },
    )

    def __init__(self, *args, entries, **kwargs):
        yearly = [str(entry.pk) for entry in entries if entry.is_yearly]
        super().__init__(*args, initial={"entries": yearly}, **kwargs)
        self.fields["entries"].choices = [
            (str(entry.pk), f"{entry} ({entry.get_kind_display().lower()}): {name_of_quarter(entry.next_on)}")
            for entry in entries
        ]
