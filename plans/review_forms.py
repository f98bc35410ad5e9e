"""The forms of a priority's two stages: proposal and decision; its action log; a decision put right."""

from django import forms
from django.core import signing
from django.utils import timezone

from partnership.forms import PlannerForm, PlannerModelForm, RatingSelect
from plans.models import PriorityReview, Rating

BOTH_SEE_IT = "Both groups see it."


class StageForm(PlannerModelForm):
    """What both stages share: guarded from the first word on, and begun again from a ``draft``.

    A draft remembers what its writer was shown, so that what somebody else has written since is still found.
    """

    rating_field = ""
    remembered = ("seen",)  # hidden fields by which a stale answer is known

    def __init__(self, data=None, *, instance, draft=None, **kwargs):
        answers = dict(draft.answers) if draft else {}
        self.draft = draft
        typed = {name: value for name, value in answers.items() if name not in self.remembered}
        super().__init__(data, instance=instance, initial=typed, **kwargs)
        if "seen" not in self.fields:
            self.guard()
        rating = self.fields[self.rating_field]
        rating.queryset = Rating.objects.filter(key=self.instance.plan.rating_key_id).order_by("-position")
        rating.required = True
        for name in self.remembered:
            if answers.get(name):
                self.fields[name].initial = answers[name]
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3
        self.helper.form_tag = False

    @property
    def answers_changed(self):
        """The record's fields that the answers would change."""
        return [name for name in self.changed_data if name in self.Meta.fields]

    @property
    def is_as_recorded(self):
        """Whether the draft says nothing but what stands in the record."""
        names = [name for name in self.draft.answers if name in self.fields and name not in self.remembered]
        return not any(
            self.fields[name].has_changed(self.values_now().get(name) or "", self.draft.answers[name]) for name in names
        )


class ProposalForm(StageForm):
    """Stage 1 of the sector's review form: the scrutiny group. ``last`` is the review of the round before, or None."""

    submit_label = "Propose this rating"
    rating_field = "proposed_rating"

    became = forms.CharField(
        label="What became of last round’s recommendations?",
        help_text="It goes into the action log with today’s date.",
        required=False,
        widget=forms.Textarea,
    )

    class Meta:
        model = PriorityReview
        fields = [
            "proposed_rating",
            "worsening_reason",
            "scrutiny_comments",
            "scrutiny_recommendations",
            "scrutiny_risks",
        ]
        labels = {
            "proposed_rating": "Rating proposed",
            "worsening_reason": "If it is worse than last round, why?",
            "scrutiny_comments": "Comments",
            "scrutiny_recommendations": "Recommendations",
            "scrutiny_risks": "Risks and what reduces them",
        }
        help_texts = {"worsening_reason": BOTH_SEE_IT}
        widgets = {"proposed_rating": RatingSelect}

    def __init__(self, *args, last=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = last
        self.fields["proposed_rating"].error_messages["required"] = "Choose the rating that your group proposes"
        self.fields["scrutiny_comments"].required = True
        self.fields["scrutiny_comments"].error_messages["required"] = "Enter what the group said"
        if last and last.scrutiny_recommendations:
            self.order_fields(["became"])
        else:
            del self.fields["became"]

    def clean(self):
        cleaned = super().clean()
        rating = cleaned.get("proposed_rating")
        before = self.last.decided_rating if self.last else None
        if rating and rating.is_worse_than(before) and not cleaned.get("worsening_reason"):
            self.add_error("worsening_reason", f"Say why it is worse than {before.word}, last round’s rating")
        return cleaned


class DecisionForm(StageForm):
    """Stage 2: the deciding group's rating beside the one proposed, as it was read."""

    submit_label = "Record the decision"
    rating_field = "decided_rating"
    remembered = ("seen", "proposal")

    proposal = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = PriorityReview
        fields = ["decided_rating", "decision_reason", "decision_comments", "decision_risks"]
        labels = {
            "decided_rating": "Rating decided",
            "decision_reason": "If it differs from the one proposed, why?",
            "decision_comments": "Comments",
            "decision_risks": "Risks and what reduces them",
        }
        help_texts = {"decision_reason": BOTH_SEE_IT}
        widgets = {"decided_rating": RatingSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rating = self.fields["decided_rating"]
        rating.error_messages["required"] = "Choose the rating that your group decided"
        proposal = self.fields["proposal"]
        proposal.initial = proposal.initial or self.proposal_now

    @property
    def proposal_now(self):
        """A mark of the proposal as it stands."""
        at = self.instance.proposed_at
        return signing.Signer(salt="proposal").signature(at.isoformat()) if at else ""

    def clean(self):
        cleaned = super().clean()
        rating, proposed = cleaned.get("decided_rating"), self.instance.proposed_rating
        if self.is_proposal_new(cleaned.pop("proposal", "")):
            self.has_conflict = True
            self.add_error(
                "decided_rating",
                f"The proposal changed while you were writing: {self.instance.proposed_by} now proposes "
                f"{proposed.word}. Read it again, then record the decision. Your own words are still here",
            )
        elif rating and proposed and rating != proposed and not cleaned.get("decision_reason"):
            self.add_error("decision_reason", f"Say why: you chose {rating.word}, {proposed.word} was proposed")
        return cleaned

    def is_proposal_new(self, shown):
        """Whether the proposal is another than the one that was read; from now on this one was."""
        if not shown or not self.proposal_now or shown == self.proposal_now:
            return False
        self.data = self.data.copy()
        self.data[self.add_prefix("proposal")] = self.proposal_now
        return True


class CorrectionForm(DecisionForm):
    """What was decided in truth, and what was wrong about the record."""

    submit_label = "Correct the decision"

    because = forms.CharField(
        label="What was recorded wrongly?",
        help_text="It stands beside both decisions for ever.",
        widget=forms.Textarea,
        error_messages={"required": "Enter what was recorded wrongly"},
    )

    field_order = ["because"]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.answers_changed:
            self.add_error("decided_rating", "Nothing is changed. Choose what was decided, or leave the decision")
        return cleaned


class ActionForm(PlannerForm):
    """One line of the action log. ``first_on`` and ``today``: the days between which it can have been agreed."""

    submit_label = "Add to the log"
    submit_kind = "secondary"

    agreed_on = forms.DateField(label="Day", error_messages={"required": "Enter the day on which it was agreed"})
    text = forms.CharField(
        label="Action",
        help_text="What will be done, and by whom.",
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Enter the action"},
    )

    def __init__(self, *args, first_on, today=None, **kwargs):
        self.first_on, self.today = first_on, today or timezone.localdate()
        super().__init__(*args, **kwargs)
        self.fields["agreed_on"].initial = self.today

    def clean_agreed_on(self):
        day = self.cleaned_data["agreed_on"]
        if day > self.today:
            raise forms.ValidationError("Enter a day that has been: an action is logged once it is agreed")
        if day < self.first_on:
            raise forms.ValidationError(f"Enter a day of this plan, from {self.first_on:%-d %B %Y} on")
        return day
