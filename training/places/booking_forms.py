"""What people without an account are asked about a place."""

from django import forms
from django.utils import timezone

from partnership.forms import PlannerForm
from partnership.models import Membership, Organisation
from training.models import WorkRole


def organisations_of(event, *, on):
    """Members of the event's partnerships on that day, by name."""
    members = Membership.objects.current(on=on).filter(partnership__in=event.partnership_ids)
    return Organisation.objects.filter(pk__in=members.values("organisation")).order_by("name", "pk")


def private_words(email):
    """Why a private address is refused, and what to do."""
    domain = email.rpartition("@")[2]
    return (
        f"{domain} is for private addresses, and this course is for people at their work. "
        "Enter the address that your agency gave you, or ask your agency to book for you"
    )


class BookForm(PlannerForm):
    """Whoever asks for a place proves by mail that it is their address: until then nothing here is believed."""

    submit_label = "Ask for a place"

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label="Your work e-mail",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        help_text="We send you a link there to confirm your place.",
    )
    organisation = forms.ModelChoiceField(label="Who do you work or volunteer for?", queryset=None)
    job = forms.CharField(
        label="Job title",
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    needs = forms.CharField(
        label="What do you need to take part?",
        max_length=300,
        required=False,
        help_text="For example a hearing loop, step-free access, or slides before the day.",
        widget=forms.Textarea({"rows": 2}),
    )
    manager_email = forms.EmailField(
        label="Your manager’s work e-mail",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text="Once you have confirmed, we ask them to agree. Your place is kept meanwhile.",
        error_messages={"required": "Enter your manager’s work e-mail. This course needs their agreement"},
    )

    def __init__(self, *args, event, **kwargs):
        self.course = event.course
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(event, on=timezone.localdate())
        home = self.course.home
        whom = f"ask {home.office_email}" if home and home.office_email else "ask whoever told you of this course"
        self.fields["organisation"].help_text = f"If it is not in the list, {whom} before you book."
        if not self.course.is_agreement_needed:
            del self.fields["manager_email"]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if self.course.is_work_email_needed and self.course.policy.is_private(email):
            raise forms.ValidationError(private_words(email))
        return email

    def clean_manager_email(self):
        email = self.cleaned_data["manager_email"].lower()
        if self.course.policy.is_private(email):
            raise forms.ValidationError("Enter your manager’s address at work, not a private one")
        return email

    def clean(self):
        answers = super().clean()
        manager = answers.get("manager_email")
        if manager and manager == answers.get("email"):
            self.add_error("manager_email", "Enter your manager’s address. This is your own")
        return answers


class ConfirmForm(PlannerForm):
    """What is asked at the press that confirms a place: which role, if that is not known yet."""

    submit_label = "Confirm my place"

    role = forms.ModelChoiceField(
        label="Which of these is your role?",
        queryset=None,
        required=False,
        empty_label="None of these",
        help_text="It tells which training your role needs next.",
    )

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        roles = WorkRole.objects.filter(partnership__in=place.event.partnership_ids).order_by("title", "pk")
        self.fields["role"].queryset = roles
        if place.practitioner is None or place.practitioner.role_id or not roles.exists():
            del self.fields["role"]


class BecauseForm(PlannerForm):
    """Words why, before something is given back."""

    because = forms.CharField(max_length=250, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args, label, submit_label, help_text="", **kwargs):
        self.submit_label = submit_label
        super().__init__(*args, **kwargs)
        self.fields["because"].label = label
        self.fields["because"].help_text = help_text
        self.fields["because"].error_messages["required"] = "Say why, in a few words"

    def clean_because(self):
        return " ".join(self.cleaned_data["because"].split())
