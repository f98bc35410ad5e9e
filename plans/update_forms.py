"""The short form of an update."""

from django import forms

from partnership.forms import PlannerModelForm, RatingSelect
from plans.models import Rating, Update


class UpdateForm(PlannerModelForm):
    """One lead's words on one deliverable: a rating and four short boxes."""

    submit_label = "Submit update"

    class Meta:
        model = Update
        fields = ["rating", "progress", "difference_made", "risk", "voice"]
        labels = {
            "rating": "How is it going?",
            "progress": "What has happened?",
            "difference_made": "What difference has it made?",
            "risk": "What is in the way, and what are you doing about it?",
            "voice": "What have children and families said?",
        }
        help_texts = {
            "difference_made": "For whom, and how you know. Leave empty if it is too early to say.",
            "voice": "Their words or what you learnt from them. Never a name.",
        }
        error_messages = {
            "rating": {"required": "Choose how it is going"},
            "progress": {"required": "Enter what has happened since the last update"},
        }
        widgets = {
            "rating": RatingSelect,
            "progress": forms.Textarea(attrs={"rows": 3}),
            "difference_made": forms.Textarea(attrs={"rows": 3}),
            "risk": forms.Textarea(attrs={"rows": 3}),
            "voice": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, plan, last=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = last
        self.fields["rating"].queryset = Rating.objects.filter(key=plan.rating_key_id)

    def clean(self):
        cleaned = super().clean()
        rating = cleaned.get("rating")
        if rating is None:
            return cleaned
        if rating.is_done and not cleaned.get("difference_made"):
            self.add_error("difference_made", f"Say what difference it made. “{rating.word}” means that it is shown")
        if self.last and rating.position < self.last.rating.position and not cleaned.get("risk"):
            self.add_error("risk", f"Say what is in the way: it was {self.last.rating.word} last time")
        return cleaned
