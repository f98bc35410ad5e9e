"""The words and rules of the forms by which a practice review becomes public."""

from django import forms

from partnership.forms import DateField, PlannerForm, PlannerModelForm
from reviews.forms.identities import IdentityGuard
from reviews.forms.practice import checked, not_later
from reviews.models import PracticeReview
from reviews.publication import ADVANCE_COPY

LONGEST_REPORT = 150_000  # characters: about fifty pages


class PublicWordsForm(IdentityGuard, PlannerModelForm):
    """What everyone will read, on the page and in the report that is typeset from it."""

    submit_label = "Save the words"

    trusted_fields = ("public_address",)

    findings = forms.CharField(
        label="What the review found",
        widget=forms.Textarea({"rows": 12}),
        max_length=LONGEST_REPORT,
        required=False,
        help_text="Leave a line empty between paragraphs. A short line by itself is a heading; lines that begin "
        "with a dash are a list.",
    )
    response = forms.CharField(
        label="What partners did and will do",
        widget=forms.Textarea({"rows": 12}),
        max_length=LONGEST_REPORT,
        required=False,
        help_text="What has changed already, and what follows by when. It is published in any case.",
    )
    public_address = forms.URLField(
        label="Where else can it be read?",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="For example in the national repository. Leave this empty if it is nowhere else.",
    )
    upload = forms.FileField(
        label="The reviewer’s report",
        required=False,
        help_text="A PDF, at most 25 MB. It is published beside ours, without its properties and comments.",
    )

    class Meta:
        model = PracticeReview
        fields = ["public_title", "public_summary", "findings", "response", "public_address"]
        labels = {
            "public_title": "Title for the public",
            "public_summary": "In short",
        }
        help_texts = {
            "public_title": "Neither a name nor a reference: for example “Babies hurt at home”.",
            "public_summary": "What happened and what matters most, in a few sentences that anybody understands.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["accept"] = ".pdf"
        if self.instance.final_report_id:
            self.fields["upload"].label = "Another report of the reviewer in place of the one kept"

    def clean_upload(self):
        return checked(self.cleaned_data["upload"], (".pdf",))


class StepForm(IdentityGuard, PlannerForm):
    """When a step before publication was done, or why it was not."""

    submit_label = "Save"

    done_on = DateField(label="When was it done?", required=False, help_text="Leave this empty if it was not done.")
    exception = forms.CharField(
        label="Or why is it published without?",
        widget=forms.Textarea,
        required=False,
        help_text="Who decided so, and why. It stays with the review.",
    )

    def __init__(self, *args, code, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on, self.takes_both = on, code == ADVANCE_COPY
        if self.takes_both:
            self.fields["exception"].label = "Why does it go out late, or not at all?"
            self.fields["exception"].help_text = "Only where there is less notice than the rule says."

    def clean_done_on(self):
        return not_later(self.cleaned_data["done_on"], self.on)

    def clean(self):
        cleaned = super().clean()
        if {"done_on", "exception"} & self.errors.keys():
            return cleaned
        done_on, exception = cleaned.get("done_on"), cleaned.get("exception")
        if not done_on and not exception:
            self.add_error("done_on", "Enter the day on which it was done, or below why it was not")
        elif done_on and exception and not self.takes_both:
            self.add_error("exception", "Leave this empty, or take out the day on which it was done")
        return cleaned


class DayForm(IdentityGuard, PlannerForm):
    submit_label = "Choose this day"

    day = DateField(
        label="On which day is it to be published?",
        help_text="A working day.",
        error_messages={"required": "Enter the day of publication"},
    )
    too_soon_because = forms.CharField(
        label="Why is less notice right?",
        widget=forms.Textarea,
        required=False,
        help_text="Only for a day that leaves the Panel and the Secretary of State less time than the rule says. "
        "It is kept as an exception.",
    )


class WithholdForm(IdentityGuard, PlannerForm):
    """Only what is to be improved is published, and that always."""

    submit_label = "Do not publish the report"
    submit_kind = "warning"

    because = forms.CharField(
        label="Why is the report itself not published?",
        widget=forms.Textarea,
        help_text="Kept with the review. What is to be improved is published in any case.",
        error_messages={"required": "Enter why the report itself is not published"},
    )
    discussed_on = DateField(
        label="When was this discussed with the Panel?",
        required=False,
        help_text="Needed before anything is published.",
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_discussed_on(self):
        return not_later(self.cleaned_data["discussed_on"], self.on)


class PublishForm(PlannerForm):
    """``is_late``: after the day by which it was due. ``seen`` is the hash of the words that the page showed."""

    submit_label = "Publish"

    late_because = forms.CharField(
        label="Why is it later than six months?",
        widget=forms.Textarea,
        help_text="The Panel and the Secretary of State are told why: write what they were told, and when.",
        error_messages={"required": "Enter why it is late and what the Panel and the Secretary of State were told"},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, is_late, seen, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.now = seen
        if not is_late:
            del self.fields["late_because"]

    def clean_seen(self):
        seen = self.cleaned_data["seen"]
        if seen != self.now:
            self.has_conflict = bool(seen)
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.now
            self.add_error(
                None, "The review was changed after you opened this page. Read below what it says now, then publish."
            )
        return seen


class CorrectForm(IdentityGuard, PublishForm):
    submit_label = "Publish the correction"

    changes = forms.CharField(
        label="What does this edition correct?",
        widget=forms.Textarea,
        help_text="It stands on the public page and in the report.",
        error_messages={"required": "Enter what is corrected, for everyone who read the edition before"},
    )
    field_order = ["changes"]


class WithdrawForm(IdentityGuard, PlannerForm):
    submit_label = "Take it off the public pages"
    submit_kind = "warning"

    because = forms.CharField(
        label="Why is it withdrawn?",
        widget=forms.Textarea,
        error_messages={"required": "Enter why it is withdrawn"},
    )
