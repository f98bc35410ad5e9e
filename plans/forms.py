"""The form that says who the leads are."""

from django import forms

from partnership.forms import PlannerForm
from partnership.models import Group, Post


class LeadForm(PlannerForm):
    """Which post or group each lead of an imported plan is: one question for each wording."""

    submit_label = "Save who leads"

    def __init__(self, *args, plan, texts, **kwargs):
        super().__init__(*args, **kwargs)
        ids = plan.partnership_ids
        posts = Post.objects.of_partnerships(ids).select_related("organisation")
        groups = Group.objects.filter(partnerships__in=ids, closed_on=None).distinct()
        choices = [
            ("none", "Not linked yet"),
            ("Groups (their chair answers)", [(f"group:{g.pk}", g.name) for g in groups]),
            ("Posts", [(f"post:{post.pk}", str(post)) for post in posts]),
        ]
        for n, (text, chosen) in enumerate(texts.items()):
            self.fields[f"lead_{n}"] = forms.ChoiceField(label=text, choices=choices, initial=chosen or "none")
        self.texts = list(texts)

    def links(self):
        """{words: ("post" or "group", pk) or None} as answered."""
        found = {}
        for n, text in enumerate(self.texts):
            kind, _, pk = self.cleaned_data[f"lead_{n}"].partition(":")
            found[text] = (kind, int(pk)) if pk else None
        return found
