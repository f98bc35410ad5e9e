"""The forms of a recommendation, from its words to the judgement on whether it is embedded."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from partnership.forms import DateInput, PlannerForm, PlannerModelForm, SearchField
from partnership.models import Organisation, Partnership
from partnership.uploads import UnreadableFile, check_upload
from plans.evidence import KINDS, MOST_BYTES
from plans.models import Activity, Deliverable, Priority
from reviews.forms.identities import IdentityGuard
from reviews.models import ReCheck, Recommendation, Theme
from reviews.recommendations import read_lines
from reviews.releasing import tells

MOST_AT_ONCE = 60
OF_OFFICE = [choice for choice in Recommendation.Source.choices if choice[0] != Recommendation.Source.LOCAL]
ORGANISATIONS_HELP = "Leave all empty where it is for all of us."


def refuse_future(day, words="Enter a day that is not in the future"):
    if day and day > timezone.localdate():
        raise forms.ValidationError(words)
    return day


class LeadsNowhere(IdentityGuard):
    """Refuses words that would lead to the case, where every member reads the recommendation already.

    The view gives ``references`` where whoever writes knows them: to anybody else a refusal would tell.
    """

    references = frozenset()

    def _clean_form(self):
        super()._clean_form()
        for name, words in list(self.cleaned_data.items()):
            if isinstance(words, str) and tells(words, self.references):
                self.add_error(name, "Leave the reference of the case or review out: every member reads this")


class SourceFields(forms.Form):
    """Where a recommendation comes from, where it is of no case and no review of ours."""

    source = forms.ChoiceField(
        label="Where does it come from?",
        choices=OF_OFFICE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it comes from"},
    )
    source_title = forms.CharField(
        label="Which one?",
        help_text="Like “Audit of strategy discussions, June 2026” or the title of the national review.",
        max_length=200,
        error_messages={"required": "Enter what it comes from"},
    )
    source_address = forms.URLField(
        label="Where it can be read", required=False, max_length=500, assume_scheme="https", widget=forms.URLInput
    )


class AboutFields(forms.Form):
    """What is said once of one recommendation or of several."""

    made_on = forms.DateField(
        label="When was it made?",
        widget=DateInput,
        error_messages={"required": "Enter the day on which it was made"},
    )
    organisations = forms.ModelMultipleChoiceField(
        None, label="For whom is it?", help_text=ORGANISATIONS_HELP, required=False, widget=forms.CheckboxSelectMultiple
    )
    themes = forms.ModelMultipleChoiceField(
        None, label="What is it about?", required=False, widget=forms.CheckboxSelectMultiple
    )

    def offer(self, partnership, *, now=None):
        """Today's members of ``partnership`` and the themes in use, and those that stand in ``now`` already."""
        organisations = Organisation.objects.members_of([partnership.pk], on=timezone.localdate())
        themes = Q(is_retired=False)
        if now is not None and now.pk:
            organisations |= Organisation.objects.filter(pk__in=now.organisations.values("pk"))
            themes |= Q(pk__in=now.themes.values("pk"))
        self.fields["organisations"].queryset = organisations.order_by("name")
        self.fields["themes"].queryset = Theme.objects.filter(themes)

    def clean_made_on(self):
        return refuse_future(self.cleaned_data["made_on"])


class AddForm(IdentityGuard, AboutFields, PlannerForm):
    """One or several: each line is one. ``of`` is the case or the review it comes from, or None."""

    submit_label = "Add"

    lines = forms.CharField(
        label="What is recommended?",
        help_text="One on each line, as many as there are. A number before it (“3.” or “R3:”) is kept as its ref.",
        max_length=20000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": "Enter what is recommended"},
    )
    measure = forms.CharField(
        label="How will we know that it made a difference?",
        help_text="What would be different for children or adults, and where it would show. You can add this later.",
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    field_order = ["source", "source_title", "source_address", "lines", "made_on", "measure", "organisations", "themes"]

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(partnership)

    def clean_lines(self):
        text = self.cleaned_data["lines"]
        count = len(read_lines(text))
        if not count:
            raise forms.ValidationError("Enter what is recommended, one on each line")
        if count > MOST_AT_ONCE:
            raise forms.ValidationError(
                f"These are {count} lines, and {MOST_AT_ONCE} is the most at once. Add them in two goes"
            )
        return text


class AddFromElsewhereForm(SourceFields, AddForm):
    pass


class PartnershipForm(PlannerForm):
    """For which of the offices one is in; asked only of who is in several."""

    submit_label = "Go on"

    partnership = forms.ModelChoiceField(
        None, label="For which partnership?", widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = Partnership.objects.of_office(user)


class RecommendationForm(LeadsNowhere, AboutFields, PlannerModelForm):
    """One recommendation as it stands. Where it comes from a case or a review, that is not asked again."""

    submit_label = "Save"

    class Meta:
        model = Recommendation
        fields = [
            "source",
            "source_title",
            "source_address",
            "ref",
            "text",
            "made_on",
            "measure",
            "organisations",
            "themes",
        ]
        labels = {
            "source": "Where does it come from?",
            "source_title": "Which one?",
            "source_address": "Where it can be read",
            "ref": "Ref",
            "text": "What is recommended?",
            "measure": "How will we know that it made a difference?",
        }
        help_texts = {"ref": "Its number in the report, if it has one."}
        widgets = {"source": forms.RadioSelect, "text": forms.Textarea, "measure": forms.Textarea({"rows": 3})}
        error_messages = {
            "text": {"required": "Enter what is recommended"},
            "source": {"required": "Choose where it comes from"},
        }

    def __init__(self, *args, knows_source, **kwargs):
        """``knows_source``: whether who writes is of the group that knows where it comes from."""
        super().__init__(*args, **kwargs)
        self.offer(self.instance.partnership, now=self.instance)
        if self.instance.is_of_group:
            for name in ("source", "source_title", "source_address"):
                del self.fields[name]
        else:
            self.fields["source"].choices = OF_OFFICE
            self.fields["source_title"].required = True
            self.fields["source_title"].error_messages["required"] = "Enter what it comes from"
        if self.instance.is_of_group and not knows_source:
            del self.fields["made_on"]


class AnswerForm(LeadsNowhere, PlannerModelForm):
    submit_label = "Save the answer"

    class Meta:
        model = Recommendation
        fields = ["answer", "answer_because", "answered_on"]
        labels = {"answer": "What is our answer?", "answer_because": "Why?", "answered_on": "When was that decided?"}
        help_texts = {
            "answer_because": "Needed where it is accepted in part or not to be done. The yearly report of an adults "
            "board says so too."
        }
        widgets = {"answer": forms.RadioSelect, "answer_because": forms.Textarea({"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["answer"]
        field.choices = [each for each in Recommendation.Answer.choices if each[0] != Recommendation.Answer.WAITING]
        field.error_messages["required"] = "Choose an answer"
        self.fields["answered_on"].required = True
        self.fields["answered_on"].error_messages["required"] = "Enter the day on which that was decided"
        if not self.instance.answered_on:
            self.initial["answered_on"] = timezone.localdate()

    def clean_answered_on(self):
        day = refuse_future(self.cleaned_data["answered_on"])
        if day < self.instance.made_on:
            raise forms.ValidationError("Enter a day that is not before the recommendation was made")
        return day

    def clean(self):
        cleaned = super().clean()
        reasons = {
            Recommendation.Answer.PART: "Say which part is not to be done, and why",
            Recommendation.Answer.DECLINED: "Say why it is not to be done",
        }
        if cleaned.get("answer") in reasons and not cleaned.get("answer_because"):
            self.add_error("answer_because", reasons[cleaned["answer"]])
        return cleaned


class ChoosePlanForm(PlannerForm):
    submit_label = "Go on"

    plan = forms.ModelChoiceField(None, label="Which plan?", widget=forms.RadioSelect, empty_label=None)

    def __init__(self, *args, plans, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans
        self.fields["plan"].error_messages["required"] = "Choose the plan"
        self.fields["plan"].label_from_instance = lambda plan: f"{plan} ({plan.get_status_display().lower()})"


class PutOnPlanForm(PlannerForm):
    """A new row of ``plan``, or one that is there."""

    submit_label = "Put it on the plan"

    NEW_DELIVERABLE, NEW_ACTIVITY, DELIVERABLE, ACTIVITY = "new-deliverable", "new-activity", "deliverable", "activity"
    NEEDS = {
        NEW_DELIVERABLE: {"priority": "Choose the priority in which it is to stand", "words": "Enter what is promised"},
        NEW_ACTIVITY: {
            "deliverable": "Choose the deliverable to which it belongs",
            "words": "Enter what is to be done",
        },
        DELIVERABLE: {"deliverable": "Choose the deliverable that carries it out"},
        ACTIVITY: {"activity": "Choose the activity that carries it out"},
    }

    how = forms.ChoiceField(
        label="What carries it out?",
        choices=[
            (NEW_DELIVERABLE, "A new deliverable"),
            (NEW_ACTIVITY, "A new activity of a deliverable"),
            (DELIVERABLE, "A deliverable that is on the plan already"),
            (ACTIVITY, "An activity that is on the plan already"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what carries it out"},
    )
    priority = forms.ModelChoiceField(
        None, label="Priority", required=False, help_text="For a new deliverable: where it stands."
    )
    deliverable = SearchField(
        Deliverable.objects.none(),
        label="Deliverable",
        required=False,
        help_text="For a new activity, or a deliverable that is there: type part of its name.",
    )
    activity = SearchField(
        Activity.objects.none(),
        label="Activity",
        required=False,
        help_text="For an activity that is there: type part of it.",
    )
    words = forms.CharField(
        label="What is to be done?",
        required=False,
        help_text="For a new row, as it is to stand on the plan. A published plan is read by everybody.",
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
    )
    timescale = forms.CharField(
        label="By when?", required=False, max_length=200, help_text="For a new activity, in your own words."
    )

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Deliverable.objects.in_plan().filter(priority__plan=plan, priority__retired_on=None)
        self.fields["priority"].queryset = Priority.objects.in_plan().filter(plan=plan).order_by("position")
        self.fields["deliverable"].queryset = rows.select_related("priority").order_by("priority__position", "position")
        self.fields["activity"].queryset = (
            Activity.objects.in_plan()
            .filter(deliverable__in=rows)
            .select_related("deliverable__priority")
            .order_by("deliverable__priority__position", "deliverable__position", "position")
        )
        self.fields["activity"].name_of = lambda row: f"{row.deliverable.full_ref} {row.letter}: {row}".strip()

    def clean(self):
        cleaned = super().clean()
        for name, words in self.NEEDS.get(cleaned.get("how"), {}).items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        return cleaned


class EvidenceForm(LeadsNowhere, PlannerForm):
    """What shows it, in words; with a file or a link where there is one."""

    submit_label = "Add the evidence"
    submit_kind = "secondary"
    trusted_fields = ("address",)

    words = forms.CharField(
        label="What does it show?",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter what it shows"},
    )
    upload = forms.FileField(
        label="File",
        required=False,
        help_text="A PDF, Word, Excel or PowerPoint file or a picture, of up to 10 MB. Leave out names of children "
        "and adults, in the file’s own name too.",
    )
    address = forms.URLField(
        label="Or a link", required=False, max_length=500, assume_scheme="https", widget=forms.URLInput
    )

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
        if cleaned.get("upload") and cleaned.get("address"):
            self.add_error("address", "Give a file or a link, not both. Add the second on its own")
        return cleaned


class ReCheckForm(LeadsNowhere, PlannerModelForm):
    submit_label = "Plan the re-check"

    class Meta:
        model = ReCheck
        fields = ["planned_on", "method"]
        labels = {"planned_on": "When do we look again?", "method": "How do we look?"}
        help_texts = {"method": "Like “Ten records read by two agencies” or “Ask twelve health visitors”."}
        error_messages = {
            "planned_on": {"required": "Enter the day by which it is looked at again"},
            "method": {"required": "Enter how you look"},
        }


class JudgeForm(LeadsNowhere, PlannerForm):
    """Whether it is embedded. What is not wholly so is looked at again."""

    submit_label = "Record the judgement"

    judgement = forms.ChoiceField(
        label="Is it embedded?",
        choices=ReCheck.Judgement.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is embedded"},
    )
    evidence = forms.CharField(
        label="What does that rest on?",
        help_text="What was looked at and what it showed. A judgement without this cannot be recorded.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Enter what the judgement rests on"},
    )
    on = forms.DateField(
        label="When was it looked at?", error_messages={"required": "Enter the day on which it was looked at"}
    )
    next_on = forms.DateField(
        label="When do we look again?",
        required=False,
        help_text="Needed where it is not embedded, or in part only.",
    )
    next_method = forms.CharField(
        label="How do we look then?", required=False, max_length=200, help_text="Leave this empty to look as before."
    )

    def __init__(self, *args, has_next, **kwargs):
        """``has_next``: whether another look is planned already."""
        super().__init__(*args, **kwargs)
        self.has_next = has_next
        self.initial.setdefault("on", timezone.localdate())

    def clean_on(self):
        return refuse_future(self.cleaned_data["on"])

    def clean(self):
        cleaned = super().clean()
        judgement, day, next_on = (cleaned.get(name) for name in ("judgement", "on", "next_on"))
        is_left = judgement in {ReCheck.Judgement.PARTLY, ReCheck.Judgement.NOT_YET}
        if is_left and not next_on and not self.has_next and "next_on" not in self.errors:
            self.add_error("next_on", "It is not wholly embedded yet: enter when you look again")
        if next_on and day and next_on <= day:
            self.add_error("next_on", "Enter a day after this look")
        return cleaned
