"""The words and rules of the forms about a plan's stages and of comments on it."""

from datetime import timedelta

from django import forms

from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Group, Membership, Organisation
from partnership.standing import standing_of
from partnership.templatetags.components import long_date
from plans.models import Plan, PlanComment
from plans.versions import NUMBER, Stage, is_taken, suggested_number

USUAL_TIME = timedelta(weeks=3)
LONGEST_TIME = timedelta(days=366)
LONG_AGO = timedelta(days=3 * 366)
FEWEST_WORDS = 3


class NumberField(forms.CharField):
    def __init__(self, **kwargs):
        words = {
            "label": "Version number",
            "help_text": "In figures, like 1.0 or 1.1.",
            "error_messages": {"required": "Enter the number of this version, like 1.0"},
            "widget": forms.TextInput({"class": "govuk-input--width-5", "inputmode": "decimal"}),
        }
        super().__init__(max_length=12, **(words | kwargs))

    def validate(self, value):
        super().validate(value)
        if not NUMBER.fullmatch(value):
            raise forms.ValidationError("Enter the number in figures with dots between them, like 1.0 or 1.1")


class Reason(forms.CharField):
    """A few words at least: "ok" helps nobody who reads it a year later."""

    def __init__(self, *, rows=3, **kwargs):
        super().__init__(widget=forms.Textarea({"rows": rows}), **kwargs)

    def validate(self, value):
        super().validate(value)
        if value and len(value.split()) < FEWEST_WORDS:
            raise forms.ValidationError("Say it in a few words more, so that somebody who reads it later understands")


class StageForm(PlannerForm):
    """``snapshot_hash`` is that of the plan as it stands, ``on`` today. What is not asked is taken out."""

    stage = None

    def __init__(self, *args, plan, snapshot_hash, on, **kwargs):
        self.plan, self.snapshot_hash, self.on = plan, snapshot_hash, on
        super().__init__(*args, **kwargs)

    def clean_number(self):
        number = self.cleaned_data["number"]
        if is_taken(self.plan, number, self.stage, self.snapshot_hash):
            free = suggested_number(self.plan, self.stage, sha256=self.snapshot_hash)
            raise forms.ValidationError(f"There is a version {number} of this plan already. The next is {free}")
        return number


class ConsultForm(StageForm):
    """Until when members may comment. Sent out again it is a new version only where words have changed."""

    submit_label = "Send for comment"
    stage = Stage.CONSULTATION

    until = forms.DateField(
        label="Last day for comments",
        help_text="Every member of the partnership sees the plan from now on, and that you ask for comments.",
        error_messages={"required": "Enter the last day for comments"},
    )
    number = NumberField(help_text="The members see it on the plan. Drafts are counted 0.1, 0.2, 0.3 …")
    reason = forms.CharField(
        label="What would you like them to look at?",
        required=False,
        help_text="It stands above the plan while it is out for comment.",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, plan, on, is_same, **kwargs):
        super().__init__(*args, plan=plan, on=on, **kwargs)
        is_out = plan.status == Plan.Status.CONSULTATION
        self.fields["number"].initial = suggested_number(plan, self.stage)
        self.fields["until"].initial = plan.comments_until if is_out else on + USUAL_TIME
        if is_out:
            self.submit_label = "Move the last day" if is_same else "Send out again"
        if is_out and is_same:
            del self.fields["number"], self.fields["reason"]

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day < self.on:
            raise forms.ValidationError("That day is over. Enter today or a later day")
        if day > self.on + LONGEST_TIME:
            raise forms.ValidationError("That is more than a year away. Enter an earlier day")
        return day


class ApprovalFields(StageForm):
    """Which group approved it, and on which day. ``group`` may be that of an approval already kept."""

    group = forms.ModelChoiceField(
        Group.objects.none(),
        label="Which group approved it?",
        error_messages={
            "required": "Choose the group that approved the plan",
            "invalid_choice": "Choose a group of the partnerships whose plan it is",
        },
    )
    approved_on = forms.DateField(
        label="On which day?",
        help_text="The day of its meeting.",
        error_messages={"required": "Enter the day on which the group approved it"},
    )
    number = NumberField()
    despite = forms.BooleanField(
        label="Go on although comments are not answered",
        error_messages={"required": "Answer the comments, or tick to go on although they are not answered"},
    )

    def __init__(self, *args, plan, unanswered, **kwargs):
        super().__init__(*args, plan=plan, **kwargs)
        self.fields["group"].queryset = groups_of(plan)
        self.fields["number"].initial = suggested_number(plan, self.stage, sha256=self.snapshot_hash)
        if not unanswered:
            del self.fields["despite"]

    def clean_approved_on(self):
        day = self.cleaned_data["approved_on"]
        if day and day > self.on:
            raise forms.ValidationError("That day is still to come. Enter it once the group has met")
        if day and day < self.plan.starts_on - LONG_AGO:
            raise forms.ValidationError(f"Check the year: the plan begins on {long_date(self.plan.starts_on)}")
        return day


class ApproveForm(ApprovalFields):
    submit_label = "Record the approval"
    stage = Stage.APPROVED

    field_order = ["group", "approved_on", "number", "despite"]

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, plan=plan, **kwargs)
        self.fields["group"].initial = plan.deciding_group


class PublishForm(ApprovalFields):
    """A first publishing. ``approval`` is the version that holds these very words' approval, or None."""

    submit_label = "Publish the plan"
    stage = Stage.PUBLISHED

    scrutiny_group = forms.ModelChoiceField(
        Group.objects.none(),
        label="Which group proposes ratings?",
        error_messages={"invalid_choice": "Choose a group of the partnerships whose plan it is"},
    )
    deciding_group = forms.ModelChoiceField(
        Group.objects.none(),
        label="Which group decides them?",
        error_messages={"invalid_choice": "Choose a group of the partnerships whose plan it is"},
    )
    field_order = ["number", "group", "approved_on", "scrutiny_group", "deciding_group", "despite"]

    def __init__(self, *args, plan, approval, **kwargs):
        super().__init__(*args, plan=plan, **kwargs)
        for name in ("scrutiny_group", "deciding_group"):
            self.fields[name].queryset = groups_of(plan)
            self.fields[name].initial = getattr(plan, name)
        self.fields["group"].initial = plan.deciding_group
        if approval:
            del self.fields["group"], self.fields["approved_on"]

    def clean(self):
        cleaned = super().clean()
        refuse_same_groups(self, cleaned)
        return cleaned


class ChangeForm(ApprovalFields):
    """Publishing what changed since the last version, with the reason that everyone reads."""

    submit_label = "Publish the change"
    stage = Stage.PUBLISHED

    reason = Reason(
        label="What changed, and why?",
        help_text="Everyone who reads the plan sees this.",
        max_length=2000,
        error_messages={"required": "Say what changed and why: everyone who reads the plan sees it"},
    )
    field_order = ["number", "reason", "group", "approved_on", "despite"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        group, day = self.fields["group"], self.fields["approved_on"]
        group.label, group.required, group.empty_label = "Which group agreed the change, if one did?", False, "None"
        day.label, day.required = "On which day?", False

    def clean(self):
        cleaned = super().clean()
        group, day = cleaned.get("group"), cleaned.get("approved_on")
        if group and not day and "approved_on" not in self.errors:
            self.add_error("approved_on", f"Enter the day on which {group} agreed it")
        if day and not group and "group" not in self.errors:
            self.add_error("group", f"Choose the group that agreed it on {long_date(day)}, or leave the day empty")
        return cleaned


class GroupsForm(PlannerModelForm):
    """Who proposes the plan's ratings and who decides them."""

    submit_label = "Save"

    class Meta:
        model = Plan
        fields = ["scrutiny_group", "deciding_group"]
        labels = {
            "scrutiny_group": "Which group proposes ratings?",
            "deciding_group": "Which group decides them?",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].queryset = groups_of(self.instance)
            self.fields[name].required = True

    def clean(self):
        cleaned = super().clean()
        refuse_same_groups(self, cleaned)
        return cleaned


def groups_of(plan):
    return Group.objects.filter(partnerships__in=plan.partnership_ids, closed_on=None).distinct()


def refuse_same_groups(form, cleaned):
    proposes, decides = cleaned.get("scrutiny_group"), cleaned.get("deciding_group")
    if proposes and proposes == decides:
        form.add_error("deciding_group", "Choose another group: one proposes and another decides")


class TakeBackForm(PlannerForm):
    submit_label = "Take it back to draft"
    submit_kind = "warning"

    reason = Reason(
        label="Why is it taken back?",
        help_text="It is kept with the plan’s versions.",
        max_length=1000,
        error_messages={"required": "Say why it is taken back"},
    )


class CloseForm(PlannerForm):
    """``is_early``: the plan still runs, so closing it needs a tick."""

    submit_label = "Close the plan"
    submit_kind = "warning"

    words = Reason(
        label="How did it end?",
        help_text="One sentence. It stands with the plan from now on, for example “All but two promises were kept; "
        "those are carried into next year’s plan.”",
        max_length=1000,
        error_messages={"required": "Say in a sentence how it ended"},
    )
    early = forms.BooleanField(label="Close it although it still runs")

    def __init__(self, *args, plan, is_early, **kwargs):
        super().__init__(*args, **kwargs)
        if is_early:
            words = f"Close it although it runs until {long_date(plan.ends_on)}"
            self.fields["early"].label = words
            self.fields["early"].error_messages["required"] = f"Tick “{words}”, or wait until then"
        else:
            del self.fields["early"]


class ReopenForm(PlannerForm):
    submit_label = "Open it again"

    reason = Reason(
        label="Why is it opened again?",
        max_length=1000,
        error_messages={"required": "Say why it is opened again"},
    )


# Comments


class CommentForm(PlannerForm):
    """What somebody thinks. For which organisation: one's own; the office may write for any member."""

    submit_label = "Send your comment"

    text = forms.CharField(
        label="Your comment",
        help_text="Say what you would change and why. Everyone in the partnership can read it, with your name.",
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": "Enter your comment"},
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="For which organisation?",
        required=False,
        empty_label="None, for myself",
        error_messages={"invalid_choice": "Choose an organisation that you may speak for"},
    )

    def __init__(self, *args, plan, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        standing = standing_of(user)
        members = Membership.objects.current(on=on).filter(partnership__in=plan.partnership_ids)
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=members.values("organisation")).order_by("name")
        if standing.office_ids & plan.partnership_ids:
            field.help_text = "Where you write down what somebody told you."
            return
        field.queryset = field.queryset.filter(pk__in=standing.organisation_ids)
        field.initial = field.queryset.first()
        if field.initial is None:
            del self.fields["organisation"]


class AnswerForm(PlannerModelForm):
    """What became of a comment; kept for ever beside it."""

    submit_label = "Save the answer"

    class Meta:
        model = PlanComment
        fields = ["outcome", "answer"]
        labels = {"outcome": "What became of it?", "answer": "Your answer"}
        help_texts = {"answer": "In a sentence or two. Everyone in the partnership reads it."}
        widgets = {"outcome": forms.RadioSelect, "answer": forms.Textarea({"rows": 4})}
        error_messages = {
            "outcome": {"required": "Choose what became of the comment"},
            "answer": {"required": "Enter your answer, so that whoever wrote it knows that it was read"},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].required = True
        self.fields["outcome"].choices = PlanComment.Outcome.choices
