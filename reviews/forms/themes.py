"""The form for a theme that cases and learning are counted under."""

from django import forms
from django.db.models import Max

from partnership.forms import PlannerModelForm
from reviews.forms.identities import IdentityGuard
from reviews.models import Theme


class ThemeForm(IdentityGuard, PlannerModelForm):
    """A new theme. It comes last among those of its kind."""

    submit_label = "Add the theme"

    audience = forms.ChoiceField(
        label="For whom?",
        required=False,
        choices=[("", "Children and adults"), ("children", "Children"), ("adults", "Adults")],
    )

    class Meta:
        model = Theme
        fields = ["title", "kind", "audience"]
        labels = {"title": "The theme", "kind": "What does it say?"}
        widgets = {"kind": forms.RadioSelect}
        error_messages = {
            "title": {"required": "Enter the theme"},
            "kind": {"required": "Choose what it says"},
        }

    def clean_title(self):
        title = " ".join(self.cleaned_data["title"].split())
        if Theme.objects.filter(title__iexact=title).exists():
            raise forms.ValidationError("This theme is there already. If it is offered no more, offer it again")
        return title

    def save(self, commit=True):
        self.instance.position = (Theme.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        return super().save(commit)
