"""The words and rules of the forms about advice, decisions, a dispute and the beginning of a practice review."""

from django import forms

from partnership.forms import DateField, PlannerForm
from partnership.models import Organisation, Post, User
from partnership.templatetags.components import long_date
from reviews.decisions import REVIEW_OF, offices_of, outcomes_of
from reviews.forms.identities import IdentityGuard
from reviews.models import PracticeReview


def outcome_choices(case):
    return [(outcome.value, outcome.label) for outcome in outcomes_of(case)]


class JudgementForm(IdentityGuard, PlannerForm):
    """An outcome with its reasons, on a day that is not to come."""

    outcome = forms.ChoiceField(label="What is to follow?", widget=forms.RadioSelect)
    reasons = forms.CharField(
        label="Why?",
        help_text="What the decision rests on, in a few sentences. It goes into the rapid review as it stands here.",
        widget=forms.Textarea,
        error_messages={"required": "Enter the reasons"},
    )
    day = DateField(error_messages={"required": "Enter the day"})

    def __init__(self, *args, case, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["outcome"].choices = outcome_choices(case)
        if self.initial.get("day") is None:
            self.initial["day"] = on

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.on:
            raise forms.ValidationError("Enter today or an earlier day")
        return day


class AdviceForm(JudgementForm):
    submit_label = "Keep the advice"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].label = "What do you advise?"
        self.fields["outcome"].error_messages["required"] = "Choose what you advise"
        self.fields["day"].label = "When was it given?"


class DecisionForm(JudgementForm):
    """A partner's decision. Who records it for somebody else says who said it."""

    submit_label = "Record the decision"

    decided_by = forms.ModelChoiceField(
        User.objects.none(),
        label="Who decided?",
        help_text="The partner’s representative, who said so in the meeting.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who said it"},
    )
    late_because = forms.CharField(label="Why is it late?", widget=forms.Textarea({"rows": 2}), required=False)
    standing = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, line, by, late_since, **kwargs):
        standing = line.standing
        before = {}
        if standing:
            before = {"outcome": standing.outcome, "reasons": standing.reasons, "standing": str(standing.pk)}
        super().__init__(*args, initial={**before, "decided_by": by.pk}, **kwargs)
        self.by = by
        self.fields["outcome"].label = f"What does {line.organisation} decide?"
        self.fields["outcome"].error_messages["required"] = "Choose the decision"
        self.fields["day"].label = "When was it decided?"
        if line.representatives == [by]:
            del self.fields["decided_by"]
        else:
            people = [person.pk for person in line.representatives]
            self.fields["decided_by"].queryset = User.objects.filter(pk__in=people).order_by("name")
        if late_since:
            self.fields[
                "late_because"
            ].help_text = f"Needed once all have decided: it was due on {long_date(late_since)}."
        else:
            del self.fields["late_because"]

    @property
    def who_decided(self):
        return self.cleaned_data.get("decided_by", self.by)

    def show_standing(self, decision):
        """The page that comes back has seen ``decision``."""
        self.has_conflict = True
        self.data = self.data.copy()
        self.data["standing"] = str(decision.pk)


class DisputeForm(PlannerForm):
    """Who raises it, and which post of the office leads it. Its words say nothing of the case, so none are asked."""

    submit_label = "Take it to the dispute process"

    raised_by = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Which partner raises it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the partner that raises it"},
    )
    office_post = forms.ModelChoiceField(
        Post.objects.none(),
        label="Who leads it in the business office?",
        help_text="The dispute has its own page, for its own people. It says nothing of this case.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the post that leads it"},
    )

    def __init__(self, *args, case, verdict, on, **kwargs):
        super().__init__(*args, **kwargs)
        partners = [decision.organisation_id for decision in verdict.decided]
        self.fields["raised_by"].queryset = Organisation.objects.filter(pk__in=partners).order_by("name")
        offices = offices_of(case, on=on)
        self.fields["office_post"].queryset = offices
        if len(offices) == 1:
            self.initial["office_post"] = offices[0].pk


class BeginReviewForm(IdentityGuard, PlannerForm):
    """What the practice review is called, and when it was decided on."""

    submit_label = "Begin the review"

    kind = forms.ChoiceField(label="What kind of review?", widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Local reference",
        max_length=20,
        help_text="Of the review, like AV-LR-3. Never a name.",
        error_messages={"required": "Enter a local reference"},
    )
    title = forms.CharField(
        label="Title",
        max_length=160,
        help_text="What it is about, without anything that says who.",
        error_messages={"required": "Enter a title"},
    )
    begun_on = DateField(
        label="When was it decided on?",
        help_text="The time for the review is counted from this day.",
        error_messages={"required": "Enter the day on which it was decided on"},
    )

    trusted_fields = ("reference",)

    def __init__(self, *args, case, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.case, self.on = case, on
        kinds = [REVIEW_OF[outcome] for outcome in outcomes_of(case) if outcome in REVIEW_OF]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]

    def clean_reference(self):
        reference = self.cleaned_data["reference"].strip()
        of_partnership = PracticeReview.objects.filter(partnership=self.case.partnership_id)
        if of_partnership.filter(reference__iexact=reference).exists():
            raise forms.ValidationError("Another review has this reference. Enter one that is free")
        return reference

    def clean_begun_on(self):
        day = self.cleaned_data["begun_on"]
        if day > self.on:
            raise forms.ValidationError("Enter today or an earlier day")
        return day
