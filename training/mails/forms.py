"""The form that mends the address of a mail."""

from django import forms

from partnership.forms import PlannerForm


class AddressForm(PlannerForm):
    submit_label = "Send again"

    address = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="Mend it where it is wrong. The person’s later mails go there too.",
        error_messages={
            "required": "Enter the address to which it goes",
            "invalid": "Enter an e-mail address, like name@example.org",
        },
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    def clean_address(self):
        return self.cleaned_data["address"].lower()
