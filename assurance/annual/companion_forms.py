"""The form by which a companion of the annual report is brought."""

from django import forms

from assurance.annual.companions import BROUGHT, Kind
from assurance.annual.languages import LANGUAGES, OWN, choices
from partnership.forms import PlannerForm
from partnership.uploads import UnreadableFile, check_upload

MOST_BYTES = 15 * 1024 * 1024
HELP = {
    Kind.EASY_READ: "Short sentences, large print and pictures",
    Kind.CHILDREN: "Made with or for children and young people",
    Kind.LANGUAGE: "The report or a summary of it, translated",
}


class CompanionForm(PlannerForm):
    submit_label = "Add it"

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.value, kind.label) for kind in BROUGHT],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is", "invalid_choice": "Choose what it is"},
    )
    language = forms.ChoiceField(label="Which language is it in?", choices=choices(), initial=OWN)
    title = forms.CharField(
        label="What it is called",
        required=False,
        max_length=160,
        help_text="As people will see it, in its own language if you like. Empty: as the report is called.",
    )
    upload = forms.FileField(
        label="The PDF",
        help_text="Up to 15 MB, and tagged for screen readers if you can. It is checked when it arrives, and you are "
        "told what was found.",
        error_messages={"required": "Choose the PDF"},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError("This file is larger than 15 MB. Make its pictures smaller and try again")
        try:
            check_upload(upload, wanted=(".pdf",))
        except UnreadableFile as problem:
            raise forms.ValidationError(str(problem)) from None
        return upload

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == Kind.LANGUAGE and cleaned.get("language") == OWN:
            self.add_error("language", "Choose the language, or say that it is easy read or for children")
        return cleaned


def languages_of(companions):
    """Each companion with the name of its language and how the language calls itself."""
    names = {code: (name, own) for code, name, own in LANGUAGES}
    return [(each, *names.get(each.language, (each.language, each.language))) for each in companions]
