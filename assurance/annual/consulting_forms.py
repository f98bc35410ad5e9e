"""Forms of a consultation on a draft of the annual report."""

import re

from django import forms

from assurance.models import ConsultationComment, ReportConsultation
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.meeting_forms import check_year
from partnership.models import Membership, Organisation
from partnership.standing import standing_of

Audience = ReportConsultation.Audience
MEMBERS = "Members of the partnership"
MOST_LINES = 200
BULLET = re.compile(r"^(?:[-•*–]|\d{1,3}[.)])\s+")


class ConsultationChangeForm(PlannerModelForm):
    """All of a consultation but whom it asks and what they read. ``on``: today."""

    submit_label = "Save"

    class Meta:
        model = ReportConsultation
        fields = ["note", "closes_on", "meets_on"]
        labels = {
            "note": "What are they asked?",
            "closes_on": "Until when can they comment?",
            "meets_on": "When does it meet?",
        }
        help_texts = {
            "note": "Two or three questions are answered more often than “any comments?”. They stand above the draft.",
            "closes_on": "What comes later is read too, until you close the consultation.",
            "meets_on": "Of a committee: the day on which it looks at the draft. It stands on the cover report.",
        }
        error_messages = {"closes_on": {"required": "Enter the last day for comments"}}
        widgets = {"note": forms.Textarea({"rows": 4})}

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        check_year(day, on=self.on)
        if day < (self.instance.opens_on or self.on):
            raise forms.ValidationError("Enter a last day for comments that is not before the consultation opened")
        return day

    def clean_meets_on(self):
        day = self.cleaned_data["meets_on"]
        if day:
            check_year(day, on=self.on)
        return day


class ReopenForm(PlannerForm):
    """Why a closed consultation takes comments again, and until when. ``on``: today."""

    submit_label = "Open it again"

    because = forms.CharField(
        label="Why is it opened again?",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Those who were asked read it, for example: the health board’s answer came after the last day.",
        error_messages={"required": "Enter why it is opened again"},
    )
    closes_on = forms.DateField(
        label="Until when can they comment?",
        error_messages={"required": "Enter the new last day for comments"},
    )

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        check_year(day, on=self.on)
        if day < self.on:
            raise forms.ValidationError("Enter a last day for comments that is not over yet")
        return day


class ConsultationForm(ConsultationChangeForm):
    """A new consultation about one of ``builds``, the finished proofs of the report, the newest first."""

    submit_label = "Open the consultation"

    class Meta(ConsultationChangeForm.Meta):
        fields = ["audience", "name", "build", *ConsultationChangeForm.Meta.fields]
        labels = ConsultationChangeForm.Meta.labels | {
            "audience": "Who is asked?",
            "name": "What are they called?",
            "build": "Which proof do they read?",
        }
        help_texts = ConsultationChangeForm.Meta.help_texts | {
            "name": "The committee’s or the body’s name. Members of the partnership need none.",
            "build": "It stays as it is while you go on writing.",
        }
        error_messages = ConsultationChangeForm.Meta.error_messages | {
            "audience": {"required": "Choose who is asked"},
            "build": {"required": "Choose the proof that they read"},
        }
        widgets = ConsultationChangeForm.Meta.widgets | {"audience": forms.RadioSelect}

    def __init__(self, *args, builds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        field = self.fields["build"]
        field.queryset = builds
        field.label_from_instance = proof_in_words
        field.initial = builds.first()
        field.empty_label = None

    def clean(self):
        answers = super().clean()
        name = " ".join((answers.get("name") or "").split())
        if not name and answers.get("audience") == Audience.MEMBERS:
            name = MEMBERS
        elif not name and answers.get("audience"):
            self.add_error("name", "Enter the name of the committee or body that is asked")
        answers["name"] = name
        return answers

    def _get_validation_exclusions(self):
        """``name`` is filled in where members are asked."""
        return super()._get_validation_exclusions() | {"name"}


def proof_in_words(build):
    number = f"Version {build.number}" if build.number else "Proof"
    return f"{number}, made {build.finished_at:%-d %B %Y}" if build.finished_at else number


class CommentForm(PlannerModelForm):
    """What somebody thinks of the draft. ``instance`` has its consultation; ``user`` speaks for their organisations."""

    submit_label = "Send your comment"

    class Meta:
        model = ConsultationComment
        fields = ["section", "words", "organisation"]
        labels = {"section": "About which part?", "words": "Your comment", "organisation": "For which organisation?"}
        help_texts = {
            "words": "Say what you would change, and why. The office answers it; once the consultation is closed, "
            "everybody who was asked reads it with your name.",
        }
        error_messages = {
            "words": {"required": "Enter your comment"},
            "organisation": {"invalid_choice": "Choose an organisation that you may speak for"},
        }
        widgets = {"words": forms.Textarea({"rows": 6})}

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        offer_sections(self)
        field = self.fields["organisation"]
        field.queryset = members_of(self.instance.consultation, on=on).filter(pk__in=standing_of(user).organisation_ids)
        field.empty_label = "None, for myself"
        first = field.queryset.first()
        if first is None:
            del self.fields["organisation"]
        elif self.instance._state.adding:
            self.initial["organisation"] = first.pk


class EntryForm(PlannerForm):
    """What others said, in the office's hand: several comments at once, as lines pasted from minutes."""

    submit_label = "Enter the comments"

    said_by = forms.CharField(
        label="Who said it?",
        max_length=160,
        help_text="As everybody may read it, for example the committee and the day of its minutes.",
        error_messages={"required": "Enter who said it"},
    )
    section = forms.ModelChoiceField(None, label="About which part?", required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="For which organisation?",
        required=False,
        empty_label="None of the members",
    )
    lines = forms.CharField(
        label="What they said",
        max_length=40_000,
        widget=forms.Textarea({"rows": 10}),
        help_text="Each line becomes a comment. Where blank lines part them, each paragraph becomes one.",
        error_messages={"required": "Enter what they said, a comment a line"},
    )

    def __init__(self, *args, consultation, on, **kwargs):
        self.consultation = consultation
        super().__init__(*args, **kwargs)
        offer_sections(self)
        self.fields["organisation"].queryset = members_of(consultation, on=on)

    def clean_lines(self):
        found = comments_in(self.cleaned_data["lines"])
        if not found:
            raise forms.ValidationError("Enter what they said, a comment a line")
        if len(found) > MOST_LINES:
            raise forms.ValidationError(f"Enter {MOST_LINES} comments or fewer at once. These are {len(found)}")
        return found


class EntryChangeForm(PlannerModelForm):
    """One comment of others, mended by the office that entered it."""

    submit_label = "Save the comment"

    class Meta(CommentForm.Meta):
        fields = ["said_by", "section", "words", "organisation"]
        labels = CommentForm.Meta.labels | {"said_by": "Who said it?", "words": "What they said"}
        help_texts = {}

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        offer_sections(self)
        field = self.fields["organisation"]
        field.queryset, field.empty_label = members_of(self.instance.consultation, on=on), "None of the members"


def comments_in(text):
    """The comments of a pasted text, without the bullets and numbers they began with."""
    parts = re.split(r"\n[^\S\n]*\n", text) if re.search(r"\S[^\S\n]*\n[^\S\n]*\n\s*\S", text) else text.splitlines()
    return [BULLET.sub("", part.strip()) for part in parts if BULLET.sub("", f"{part.strip()} ").strip()]


def offer_sections(form):
    consultation = getattr(form, "consultation", None) or form.instance.consultation
    field = form.fields["section"]
    field.queryset = consultation.report.sections.order_by("position")
    field.empty_label, field.help_text = "The whole report", ""
    field.label_from_instance = lambda section: f"{section.position}. {section.title}"


def members_of(consultation, *, on):
    members = Membership.objects.current(on=on).filter(partnership__in=consultation.partnership_ids)
    return Organisation.objects.filter(pk__in=members.values("organisation")).order_by("name")


class AnswerForm(PlannerModelForm):
    """What became of a comment."""

    submit_label = "Save the answer"

    class Meta:
        model = ConsultationComment
        fields = ["result", "answer"]
        labels = {"result": "What was done?", "answer": "Your answer"}
        help_texts = {"answer": "What changed and where, or why nothing does. Everybody who was asked reads it."}
        widgets = {"result": forms.RadioSelect, "answer": forms.Textarea({"rows": 4})}
        error_messages = {"result": {"required": "Choose what was done"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["result"].required = True

    def clean(self):
        answers = super().clean()
        if answers.get("result") == ConsultationComment.Result.NOT_CHANGED and not answers.get("answer", "").strip():
            self.add_error("answer", "Enter why the report is not changed, so that whoever said it knows it was read")
        return answers
