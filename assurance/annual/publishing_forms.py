"""Forms around the publication of a report: asking for signatures, signing, publishing, recipients."""

from datetime import timedelta

from django import forms

from assurance.models import ReportBuild, ReportRecipient, ReportSignature
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Organisation
from partnership.templatetags.components import long_date

Decision = ReportSignature.Decision
USUAL_DAYS = timedelta(days=14)  # to read and sign


def not_in_the_future(day, on):
    if day and day > on:
        raise forms.ValidationError("Enter today or an earlier day")
    return day


# Signing


class SignOffAskForm(PlannerForm):
    """``build``: the proof that the page showed. ``standing``: the sign-off that it would take back, or None."""

    submit_label = "Ask them to sign"

    build = forms.ModelChoiceField(
        ReportBuild.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "required": "Make the PDF first, and read it",
            "invalid_choice": "Make the PDF first, and read it",
        },
    )
    due_on = forms.DateField(label="By when?", error_messages={"required": "Enter the day by which they are to sign"})
    note = forms.CharField(
        label="What do you want to tell them?",
        help_text="It stands above the report. For example what changed after the consultation.",
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        required=False,
    )
    because = forms.CharField(
        label="Why is the version before this one withdrawn?",
        help_text="Whoever signed it reads this.",
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": "Enter why the version before this one is withdrawn"},
    )

    def __init__(self, *args, report, standing, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["build"].queryset = report.builds.done().defer("content", "pdf", "word", "summary")
        self.initial.setdefault("due_on", on + USUAL_DAYS)
        if standing is None:
            del self.fields["because"]

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < self.on:
            raise forms.ValidationError("Enter today or a later day")
        return day


class SignForm(PlannerForm):
    """A lead signs, or asks for changes first. ``posts``: theirs, one for each organisation that has not signed."""

    submit_label = "Send"

    post = forms.ModelChoiceField(
        None,
        label="For which organisation?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the organisation for which you sign"},
    )
    decision = forms.ChoiceField(
        label="What do you say?",
        choices=[
            (Decision.SIGNED, "I have read this version, and sign it for my organisation"),
            (Decision.CHANGES, "I ask for changes before I sign"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you sign, or ask for changes first"},
    )
    words = forms.CharField(
        label="What has to change?",
        help_text="Only if you ask for changes. Name the section or the page.",
        widget=forms.Textarea({"rows": 5}),
        max_length=4000,
        required=False,
    )
    name = forms.CharField(
        label="Your name",
        help_text="As it is shown beside the published report.",
        max_length=120,
        error_messages={"required": "Enter your name"},
    )
    post_title = forms.CharField(
        label="Your post",
        help_text="For example: Chief executive",
        max_length=160,
        error_messages={"required": "Enter your post"},
    )

    def __init__(self, *args, posts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].is_of_draft = True  # its hint says when it is to be answered
        field = self.fields["post"]
        field.queryset = posts
        field.label_from_instance = lambda post: str(post.organisation)
        field.error_messages["invalid_choice"] = "Choose an organisation that you lead and that has not signed yet"
        self.posts = list(posts)
        if len({post.organisation_id for post in self.posts}) == 1:
            field.initial = self.posts[0]
            field.widget = forms.HiddenInput()

    def clean(self):
        asks = self.cleaned_data.get("decision") == Decision.CHANGES
        if asks and not self.cleaned_data.get("words", "").strip():
            self.add_error("words", "Enter what has to change before you sign")
        return self.cleaned_data


class PaperSignatureForm(PlannerForm):
    """What was signed on paper or at a meeting, as the office writes it down. ``waiting``: who has not signed."""

    submit_label = "Keep the signature"

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Which statutory partner?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the statutory partner",
            "invalid_choice": "Choose a statutory partner that has not signed yet",
        },
    )
    name = forms.CharField(label="Who signed?", max_length=120, error_messages={"required": "Enter who signed"})
    post_title = forms.CharField(
        label="What is their post?",
        help_text="For example: Chief constable",
        max_length=160,
        error_messages={"required": "Enter their post"},
    )
    signed_on = forms.DateField(
        label="When did they sign?", error_messages={"required": "Enter the day on which they signed"}
    )
    words = forms.CharField(
        label="Where is it signed?",
        help_text="For example: at the meeting of the Executive, item 4 of its minutes; or in a letter that we keep.",
        widget=forms.Textarea({"rows": 2}),
        max_length=500,
        error_messages={"required": "Enter where it was signed, so that it can be found again"},
    )

    def __init__(self, *args, waiting, made_on, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.made_on, self.on = made_on, on
        self.fields["organisation"].queryset = waiting
        if len(waiting) == 1:
            self.initial["organisation"] = waiting[0]

    def clean_signed_on(self):
        day = not_in_the_future(self.cleaned_data["signed_on"], self.on)
        if day < self.made_on:
            made = long_date(self.made_on)
            raise forms.ValidationError(f"This version was made on {made}. Enter that day or a later one")
        return day


class WithdrawForm(PlannerForm):
    submit_label = "Withdraw it"

    because = forms.CharField(
        label="Why?",
        help_text="Whoever signed it reads this.",
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": "Enter why it is withdrawn"},
    )


# Publishing


class PublishForm(PlannerForm):
    """Which proof is published: the one that the page showed. ``unsigned``: the partners that have not signed it."""

    submit_label = "Publish"

    build = forms.ModelChoiceField(
        ReportBuild.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "required": "Make the PDF first, and read it",
            "invalid_choice": "Make the PDF first, and read it",
        },
    )
    without = forms.CharField(
        label="Why is it published before everybody has signed?",
        help_text=(
            "Everybody can read this beside the report. Say nothing of anybody’s health: "
            "“The post was vacant” or “Could not be reached by the day on which the law asks for it” is enough."
        ),
        widget=forms.Textarea({"rows": 3}),
        max_length=500,
        error_messages={"required": "Enter why it is published without them, or wait until they have signed"},
    )

    def __init__(self, *args, report, unsigned, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["build"].queryset = report.builds.done().defer("content")
        if not unsigned:
            del self.fields["without"]


# Recipients


class RecipientForm(PlannerModelForm):
    """Whoever is sent the report. How soon a rule wants it is the rule's own word."""

    submit_label = "Save"

    class Meta:
        model = ReportRecipient
        fields = ["name", "email", "within_days"]
        labels = {
            "name": "Who?",
            "email": "E-mail address",
            "within_days": "Within how many days of publication?",
        }
        help_texts = {
            "name": "The body or the post. It is shown beside the published report once it has gone there.",
            "email": "Of an office rather than a person, where there is one. Nobody outside sees it.",
            "within_days": "Leave it empty where no day is set.",
        }
        error_messages = {"name": {"required": "Enter who is sent the report"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.rule_id:
            del self.fields["within_days"]
        else:
            self.fields["within_days"].widget.attrs["class"] = "govuk-input--width-3"


class SentForm(PlannerForm):
    """That it went, when and how; or why it did not."""

    submit_label = "Save"
    SENT, NOT_SENT = "sent", "not-sent"

    what = forms.ChoiceField(
        label="Was it sent?",
        choices=[(SENT, "It was sent"), (NOT_SENT, "It is not sent to them")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it was sent"},
    )
    sent_on = forms.DateField(label="When?", required=False)
    way = forms.ChoiceField(label="How?", choices=ReportRecipient.Way.choices, widget=forms.RadioSelect, required=False)
    note = forms.CharField(
        label="Note",
        help_text="For example the reference of their receipt.",
        max_length=300,
        required=False,
    )
    because = forms.CharField(
        label="Why is it not sent?",
        help_text="Only if it is not sent to them.",
        max_length=300,
        required=False,
    )

    def __init__(self, *args, published_on, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.published_on, self.on = published_on, on
        for name in ("sent_on", "way", "because"):
            self.fields[name].is_of_draft = True  # its hint says when it is to be answered

    def clean_sent_on(self):
        day = not_in_the_future(self.cleaned_data["sent_on"], self.on)
        if day and day < self.published_on:
            published = long_date(self.published_on)
            raise forms.ValidationError(f"The report was published on {published}. Enter that day or a later one")
        return day

    def clean(self):
        said = self.cleaned_data
        if said.get("what") == self.SENT:
            if not said.get("sent_on") and "sent_on" not in self.errors:
                self.add_error("sent_on", "Enter the day on which it was sent")
            if not said.get("way") and "way" not in self.errors:
                self.add_error("way", "Choose how it was sent")
        elif said.get("what") == self.NOT_SENT and not said.get("because"):
            self.add_error("because", "Enter why it is not sent to them")
        return said
