"""What is asked about a practitioner, and about what they gained elsewhere."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from partnership.forms import PlannerForm, PlannerModelForm, SearchField
from partnership.models import Membership, Organisation
from partnership.standing import standing_of
from training.models import Competency, CompetencyRecord, Practitioner, WorkRole

IN_REGISTER = (
    "Somebody with this address is in the register already. If it is one of your people whom you don’t see there, "
    "whoever runs training can move them to you"
)
SAME_NAME = (
    "There is a %(name)s without an e-mail address in this organisation already. Enter an address, "
    "or put one into that entry"
)
FUTURE = "Enter a day that is not in the future"


def organisations_managed_by(user):
    """Those whose practitioners ``user`` may add and change: one's own, and all members for whoever runs training."""
    standing = standing_of(user)
    members = Membership.objects.filter(partnership__in=standing.training_ids | standing.office_ids)
    return Organisation.objects.filter(Q(pk__in=members.values("organisation")) | Q(pk__in=standing.organisation_ids))


def competencies_for(user, practitioner):
    """Those by which they are looked at: of the framework of their role, or else of all that their agency is in."""
    visible = Competency.objects.visible_to(user)
    if practitioner.role_id:
        return visible.filter(partnership=practitioner.role.partnership_id)
    return visible.filter(partnership__in=practitioner.partnership_ids)


def roles_for(user):
    return WorkRole.objects.filter(partnership__in=standing_of(user).partnership_ids)


def not_in_future(day):
    if day and day > timezone.localdate():
        raise forms.ValidationError(FUTURE)
    return day


class PractitionerForm(PlannerModelForm):
    submit_label = "Save"

    class Meta:
        model = Practitioner
        fields = ["name", "email", "organisation", "job", "role", "began_on", "manager_name", "manager_email"]
        labels = {
            "name": "Name",
            "email": "Work e-mail",
            "job": "Job title",
            "role": "Role in the framework",
            "began_on": "When did they begin in this role?",
            "manager_name": "Manager’s name",
            "manager_email": "Manager’s e-mail",
        }
        help_texts = {
            "email": "By it they book, get their certificate and are asked what changed. Without it only others can "
            "book for them.",
            "role": "It says what they need to know.",
            "began_on": "From then on counts how long they have to learn it.",
            "manager_email": "Asked to agree where a course needs that, and later what changed.",
        }
        error_messages = {"name": {"required": "Enter the name"}}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offered = organisations_managed_by(user)
        if self.instance.pk:
            offered |= Organisation.objects.filter(pk=self.instance.organisation_id)
        self.fields["organisation"].queryset = offered.distinct().order_by("name")
        roles = roles_for(user)
        if self.instance.role_id:
            roles |= WorkRole.objects.filter(pk=self.instance.role_id)
        self.fields["role"].queryset = roles.order_by("title")
        self.fields["role"].empty_label = "None of them yet"

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self):
        email = self.cleaned_data["email"].strip().lower()
        if email and Practitioner.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(IN_REGISTER)
        return email

    def clean_manager_email(self):
        return self.cleaned_data["manager_email"].strip().lower()

    def clean_began_on(self):
        day = self.cleaned_data["began_on"]
        if day and not 1950 <= day.year <= timezone.localdate().year + 1:
            raise forms.ValidationError("Check the year")
        return day

    def clean(self):
        cleaned = super().clean()
        name, organisation = cleaned.get("name"), cleaned.get("organisation")
        if name and organisation and cleaned.get("email") == "":
            same = Practitioner.objects.here().filter(name__iexact=name, organisation=organisation, email="")
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error("email", SAME_NAME % {"name": name})
        return cleaned


class LeaveForm(PlannerForm):
    submit_label = "Say that they left"
    submit_kind = "warning"

    left_on = forms.DateField(
        label="When did they leave?", error_messages={"required": "Enter the day on which they left"}
    )
    gives_back = forms.BooleanField(label="Give back their places at events to come", required=False, initial=True)

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        if not places:
            del self.fields["gives_back"]

    def clean_left_on(self):
        return not_in_future(self.cleaned_data["left_on"])


class RecordForm(PlannerForm):
    """A competency gained elsewhere than on a course of ours."""

    submit_label = "Record it"

    competency = forms.ModelChoiceField(
        Competency.objects.none(),
        label="What did they gain?",
        error_messages={"required": "Choose what they gained"},
    )
    gained_on = forms.DateField(label="When?", error_messages={"required": "Enter the day on which they gained it"})
    evidence = forms.CharField(
        label="How do you know?",
        max_length=CompetencyRecord._meta.get_field("evidence").max_length,
        help_text="The agency’s own course, e-learning with its certificate, a qualification.",
        error_messages={"required": "Enter how it was gained, and where the proof is"},
    )

    def __init__(self, *args, competencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["competency"].queryset = competencies

    def clean_gained_on(self):
        return not_in_future(self.cleaned_data["gained_on"])


def called(person):
    """By which words somebody is found among hundreds."""
    parts = [person.name, person.job, person.organisation.name, person.email]
    return ", ".join(filter(None, parts))


class OtherForm(PlannerForm):
    """Who is the same person."""

    submit_label = "Go on"

    other = SearchField(
        Practitioner.objects.none(),
        name_of=called,
        label="Who else is the same person?",
        help_text="Type part of the name, then choose.",
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = people
