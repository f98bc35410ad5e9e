"""The words of the rapid review: the five purposes that guidance gives it, and whether it matters nationally."""

from django import forms

from partnership.forms import PlannerModelForm
from reviews.forms.identities import IdentityGuard
from reviews.models import RapidReview

PURPOSES = ("facts", "immediate_action", "improvements", "context", "next_steps", "national_view")


class RapidReviewForm(IdentityGuard, PlannerModelForm):
    """Working Together 2023, chapter 5. Anything may still be empty."""

    class Meta:
        model = RapidReview
        fields = PURPOSES
        labels = {
            "facts": "What is known",
            "immediate_action": "What was done at once",
            "improvements": "What could be better",
            "context": "Context, identity and inequality",
            "next_steps": "What happens next",
            "national_view": "Whether it matters nationally",
        }
        help_texts = {
            "facts": "The facts of the case, as far as they can be readily established.",
            "immediate_action": "Action that was needed at once, so that children or adults are safe and learning is "
            "shared.",
            "improvements": "What could be better in how agencies keep people safe, and who should look at it.",
            "context": "Who the child, the adult or the family is without saying who: culture, religion, disability, "
            "poverty. Whether racism or inequality played a part.",
            "next_steps": "What follows, and whether a practice review is to be held.",
            "national_view": "What may be complex or of importance to other places, so that the Panel can decide.",
        }
        widgets = {name: forms.Textarea({"rows": 6}) for name in PURPOSES}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            for name in PURPOSES:
                self.fields[name].required = True  # "(optional)" at each of six boxes would say nothing
