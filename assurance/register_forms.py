"""What the forms of inspections, risks and challenges share: who answers, which priorities, sharing, what follows."""

from django import forms
from django.utils import timezone

from assurance.follow_ups import logs_for
from partnership.forms import PlannerForm
from partnership.meeting_forms import LeadField, Offered, check_year
from partnership.models import Group, Organisation, Post
from plans.priority_links import priorities_for


def agencies_of(partnership, *, on):
    """Its member organisations on that day, by name."""
    return Organisation.objects.members_of([partnership.pk], on=on).order_by("name")


def parties_of(partnership, user, *, on):
    """Groups and organisations of a partnership, as ``Offered`` takes them; no group of case review."""
    groups = Group.objects.visible_to(user).open().filter(partnerships=partnership)
    return {
        "Groups": ("group", groups.exclude(kind=Group.Kind.CASE_REVIEW).order_by("name")),
        "Organisations": ("organisation", agencies_of(partnership, on=on)),
    }


def leads_of(partnership, user, *, on):
    """The same, and posts."""
    posts = Post.objects.of_partnerships([partnership.pk]).filter(closed_on=None).select_related("organisation")
    return {"Posts": ("post", posts), **parties_of(partnership, user, on=on)}


class WithParties:
    """A form with LeadFields (``party_fields``) whose answers are columns of its record, guarded like any other."""

    party_fields = ()

    def offer(self, name, kinds):
        field, value = self.fields[name], self.party_values()[name]
        current = {value: self.party(name)} if value else None
        field.offer(Offered(kinds, current=current))

    def party_values(self):
        return {name: type(self.fields[name]).value_for(self.instance) for name in self.party_fields}

    def party(self, name):
        """Who stands there now, or None."""
        found = (getattr(self.instance, column) for column in self.fields[name].FIELDS.values())
        return next(filter(None, found), None)

    def extra_values(self):
        return super().extra_values() | self.party_values()

    def value_now(self, name):
        value = super().value_now(name)
        return self.fields[name].clean(value) if name in self.party_fields else value

    def words_now(self, name):
        return str(self.party(name) or "nobody") if name in self.party_fields else super().words_now(name)

    def save(self, commit=True):
        for name in self.party_fields:
            for column, record in self.cleaned_data[name].items():
                setattr(self.instance, column, record)
        return super().save(commit)

    @property
    def answers(self):
        """``cleaned_data`` with the columns of whoever was chosen."""
        answers = dict(self.cleaned_data)
        for name in self.party_fields:
            answers |= answers.pop(name)
        return answers


class AboutPriorities:
    """A form about a record of one partnership that is linked to priorities. Needs ``user``."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.on = user, timezone.localdate()
        record = self.instance
        besides = list(record.priorities.values_list("pk", flat=True)) if record.pk else []
        self.fields["priorities"].queryset = priorities_for([record.partnership], user, besides=besides)
        if record.pk is None and len(self.fields["priorities"].queryset) == 0:
            del self.fields["priorities"]

    def clean(self):
        answers = super().clean()
        answers.setdefault("priorities", [])
        return answers

    def in_the_past(self, name, words):
        """The day of the field ``name``, which must have come."""
        day = self.cleaned_data[name]
        if day:
            check_year(day, on=self.on)
            if day > self.on:
                raise forms.ValidationError(words)
        return day

    def near(self, name):
        """The day of the field ``name``, whose year is no slip."""
        day = self.cleaned_data[name]
        if day:
            check_year(day, on=self.on)
        return day


class FollowUpForm(PlannerForm):
    """A line of a group's action log because of ``record``."""

    submit_label = "Put it in the action log"

    group = forms.ModelChoiceField(
        Group.objects.none(),
        label="In whose action log?",
        error_messages={"required": "Choose the group whose action log it goes into"},
    )
    text = forms.CharField(
        label="What is to be done?",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter what is to be done"},
    )
    lead = LeadField(
        label="Who answers for it?", help_text="A post, a group or an organisation: whoever holds it then is reminded."
    )
    due_on = forms.DateField(label="By when?", error_messages={"required": "Enter the day by which it is done"})

    def __init__(self, *args, record, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["group"].queryset = logs_for(record, user)
        self.fields["lead"].offer(Offered(leads_of(record.partnership, user, on=on)))

    def clean_due_on(self):
        check_year(self.cleaned_data["due_on"], on=self.on)
        return self.cleaned_data["due_on"]
