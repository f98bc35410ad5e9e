"""Asking for a new signed link, and stopping many at once."""

from django import forms
from django.urls import reverse

from partnership.forms import PlannerForm
from partnership.models import User
from plans.models import UpdateLink


class AskForm(PlannerForm):
    submit_label = "Send me a new link"

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="The one that your reminders go to.",
        widget=forms.EmailInput({"autocomplete": "email", "maxlength": 254}),
        error_messages={"required": "Enter your e-mail address"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.form_action = reverse("plans:answer-again")


class RevokeForm(PlannerForm):
    """Whose links to stop, of those that ``user`` may stop: one person's, or everybody's."""

    submit_label = "Stop these links"
    submit_kind = "warning"

    person = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label="Whose links?", empty_label="Everybody’s"
    )

    def __init__(self, *args, user, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.usable = UpdateLink.objects.visible_to(user).usable(at=at)
        self.fields["person"].queryset = User.objects.filter(pk__in=self.usable.values("holder"))
        self.fields["person"].label_from_instance = lambda person: person.name or person.email

    def links(self):
        person = self.cleaned_data["person"]
        return self.usable.filter(holder=person) if person else self.usable
