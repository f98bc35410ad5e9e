"""The forms of a priority's two stages: proposal and decision."""

from partnership.forms import PlannerModelForm, RatingSelect
from plans.models import PriorityReview, Rating


class ProposalForm(PlannerModelForm):
    """Stage 1 of the sector's review form: the scrutiny group."""

    submit_label = "Propose this rating"

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
        help_texts = {"worsening_reason": "Both groups see it."}
        widgets = {"proposed_rating": RatingSelect}

    def __init__(self, *args, previous=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.previous = previous
        rating = self.fields["proposed_rating"]
        rating.queryset = Rating.objects.filter(key=self.instance.plan.rating_key_id)
        rating.required = True
        rating.error_messages["required"] = "Choose the rating that your group proposes"
        self.fields["scrutiny_comments"].required = True
        self.fields["scrutiny_comments"].error_messages["required"] = "Enter what the group said"
        for name in ["worsening_reason", "scrutiny_comments", "scrutiny_recommendations", "scrutiny_risks"]:
            self.fields[name].widget.attrs["rows"] = 3

    def clean(self):
        cleaned = super().clean()
        rating = cleaned.get("proposed_rating")
        worse = rating and self.previous and rating.position < self.previous.position
        if worse and not cleaned.get("worsening_reason"):
            self.add_error("worsening_reason", f"Say why it is worse than {self.previous.word}, last round’s rating")
        return cleaned


class DecisionForm(PlannerModelForm):
    """Stage 2: the deciding group's rating beside the one proposed."""

    submit_label = "Record the decision"

    class Meta:
        model = PriorityReview
        fields = ["decided_rating", "decision_reason", "decision_comments", "decision_risks"]
        labels = {
            "decided_rating": "Rating decided",
            "decision_reason": "If it differs from the one proposed, why?",
            "decision_comments": "Comments",
            "decision_risks": "Risks and what reduces them",
        }
        help_texts = {"decision_reason": "Both groups see it."}
        widgets = {"decided_rating": RatingSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rating = self.fields["decided_rating"]
        rating.queryset = Rating.objects.filter(key=self.instance.plan.rating_key_id)
        rating.required = True
        rating.error_messages["required"] = "Choose the rating that your group decided"
        for name in ["decision_reason", "decision_comments", "decision_risks"]:
            self.fields[name].widget.attrs["rows"] = 3

    def clean(self):
        cleaned = super().clean()
        rating, proposed = cleaned.get("decided_rating"), self.instance.proposed_rating
        if rating and proposed and rating != proposed and not cleaned.get("decision_reason"):
            self.add_error("decision_reason", f"Say why: you chose {rating.word}, {proposed.word} was proposed")
        return cleaned
