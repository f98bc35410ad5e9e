"""The forms about one person: finding them, a copy for them, and being forgotten."""

from django import forms

from partnership.data_protection.subjects import subjects
from partnership.forms import PlannerForm


class FindForm(PlannerForm):
    submit_label = "Find"

    kind = forms.ChoiceField(label="Who are they to us?", widget=forms.RadioSelect)
    words = forms.CharField(
        label="Part of their name or address",
        max_length=100,
        error_messages={"required": "Enter part of their name or of their e-mail address"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(code, subject.title) for code, subject in subjects().items()]
        self.helper.form_method = "get"


class CopyForm(PlannerForm):
    submit_label = "Make the copy"

    because = forms.CharField(
        label="Who asked for it, and how do you know that it is them?",
        help_text="“By e-mail on 3 March from her work address; rung back.” It is kept; the copy goes after a week.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter who asked for it, and how you know that it is them"},
    )


class EraseForm(PlannerForm):
    submit_label = "Ask for it"
    submit_kind = "warning"

    because = forms.CharField(
        label="Why may they be erased?",
        help_text="Who asked, and why nothing speaks against it. Don’t write their name: this stays.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter why they may be erased"},
    )


class WithdrawForm(PlannerForm):
    submit_label = "Do not erase them"
    submit_kind = "secondary"

    because = forms.CharField(
        label="Why not?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter why they are not erased"},
    )
