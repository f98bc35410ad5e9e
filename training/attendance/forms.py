"""The forms of the register, of signing in, and of asking after a certificate or one's own record."""

from django import forms

from partnership.forms import PlannerForm, SearchField
from partnership.models import Organisation
from training.attendance.register import as_code

LONGEST_NUMBER = 40


class WalkInForm(PlannerForm):
    """Somebody who is not on the list. ``is_full``: every place is taken, so that one more is a decision."""

    submit_label = "Add them as there"

    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="As it shall stand on the certificate.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Work e-mail",
        help_text="The certificate and the questions about the course are sent there.",
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    organisation = SearchField(
        Organisation.objects.none(),
        label="Organisation",
        help_text="Type part of its name.",
        error_messages={"required": "Enter the organisation they work for"},
    )
    is_over = forms.BooleanField(
        label="One more than the event was planned for",
        help_text="Every place is taken. Tick this if there is room for them all the same.",
        error_messages={"required": "Tick that they may stay although every place is taken"},
    )

    def __init__(self, *args, event, is_full, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        members = Organisation.objects.filter(memberships__partnership__in=event.partnership_ids)
        self.fields["organisation"].queryset = members.distinct().order_by("name")
        if not is_full:
            del self.fields["is_over"]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self):
        email = self.cleaned_data["email"].strip().lower()
        course = self.event.course
        if course.is_work_email_needed and course.policy.is_private(email):
            raise forms.ValidationError("Enter their work address: this one is private")
        return email


class SignInForm(PlannerForm):
    """Asked in the room. What is wrong with code and address together is said by the page."""

    submit_label = "Sign in"

    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Six letters and figures, shown or said in the room.",
        widget=forms.TextInput(
            {
                "class": "govuk-input--width-10 sign-in-code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )
    email = forms.EmailField(
        label="Work e-mail",
        help_text="The one with which you booked.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean_code(self):
        return as_code(self.cleaned_data["code"])


class CodeForm(SignInForm):
    """The same where it is known whose place it is."""

    submit_label = "I am here"
    email = None


class CertificateNumberForm(PlannerForm):
    submit_label = "Check it"

    number = forms.CharField(
        label="Number of the certificate",
        max_length=LONGEST_NUMBER,
        help_text="As printed at its foot, like 1042-7HKM-3XRA.",
        widget=forms.TextInput({"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )


class NameForm(PlannerForm):
    """The name on a certificate, put right."""

    submit_label = "Save the name"

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    is_everywhere = forms.BooleanField(
        label="Wherever else they are named, too",
        required=False,
        initial=True,
        help_text="On all their places and certificates. Leave it empty where an older name was right then.",
    )

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class RecordForm(PlannerForm):
    """Whose own record shall be mailed."""

    submit_label = "Send me the link"

    email = forms.EmailField(label="Your work e-mail", widget=forms.EmailInput({"autocomplete": "email"}))
