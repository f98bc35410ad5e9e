"""The forms of an outcome statement: a round's judgement, and a file or a link that shows it."""

from django import forms

from partnership.forms import PlannerForm
from partnership.uploads import UnreadableFile, check_upload
from plans.evidence import KINDS, MOST_BYTES
from plans.models import OutcomeJudgement
from plans.outcomes import judgement_of


class RoundForm(PlannerForm):
    """What both forms ask: of which of the plan's rounds that have begun, the newest first."""

    round = forms.ModelChoiceField(
        None,
        label="Round",
        empty_label=None,
        error_messages={"invalid_choice": "Choose a round of this plan that has begun"},
    )

    def __init__(self, *args, outcome, rounds, **kwargs):
        self.outcome = outcome
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds
        self.fields["round"].empty_label = None


class JudgementForm(RoundForm):
    """How far an outcome is shown. ``last`` is the judgement that was there to be read: another is pointed out."""

    submit_label = "Record the judgement"

    level = forms.ChoiceField(
        label="Is it so yet?",
        choices=OutcomeJudgement.Level.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how far it is shown"},
    )
    words = forms.CharField(
        label="How do we know?",
        help_text="Say what changed for children or adults and what shows it, or what is missing.",
        widget=forms.Textarea,
        error_messages={"required": "Enter how we know, or what is missing"},
    )
    last = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, by, **kwargs):
        self.by = by
        super().__init__(*args, **kwargs)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("round") is None:
            return cleaned
        now = judgement_of(self.outcome, cleaned["round"])
        if now and str(now.pk) != cleaned.pop("last", "") and not self.is_same(now):
            self.has_conflict = True
            self.add_error(
                "level",
                f"{now.judged_by} has judged this round already: {now.get_level_display().lower()}, “{now.words}”. "
                "Your own words are still here. Record them to put them in its place: both stay on record",
            )
            self.data = self.data.copy()
            self.data[self.add_prefix("last")] = str(now.pk)
        cleaned.pop("last", None)
        return cleaned

    def is_same(self, now):
        cleaned = self.cleaned_data
        return now.judged_by == self.by and (now.level, now.words) == (cleaned.get("level"), cleaned.get("words"))


class EvidenceForm(RoundForm):
    """A file or a link, one of the two, and what it shows."""

    submit_label = "Add the evidence"
    submit_kind = "secondary"

    label = forms.CharField(
        label="What does it show?",
        max_length=200,
        error_messages={"required": "Enter what it shows, in a few words"},
    )
    upload = forms.FileField(
        label="File",
        required=False,
        help_text="A PDF, Word, Excel or PowerPoint file or a picture, of up to 10 MB. Leave out names of children.",
    )
    address = forms.URLField(
        label="Or a link", required=False, max_length=500, assume_scheme="https", widget=forms.URLInput
    )

    field_order = ["label", "upload", "address", "round"]

    @property
    def to_attach(self):
        """What is asked where the round is known already."""
        return [self[name] for name in ("label", "upload", "address")]

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload and upload.size > MOST_BYTES:
            raise forms.ValidationError(
                "This file is larger than 10 MB. Make it smaller, or put it where you keep files and enter a link"
            )
        if upload:
            try:
                check_upload(upload, wanted=KINDS)
            except UnreadableFile as problem:
                raise forms.ValidationError(str(problem)) from None
        return upload

    def clean(self):
        cleaned = super().clean()
        given = [name for name in ("upload", "address") if cleaned.get(name)]
        if not given and not {"upload", "address"} & self.errors.keys():
            self.add_error("upload", "Choose a file, or enter a link")
        if len(given) > 1:
            self.add_error("address", "Give a file or a link, not both. Add the second on its own")
        return cleaned
