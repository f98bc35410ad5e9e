"""The words and rules of the forms about plans and the cycle."""

from django import forms
from django.conf import settings

from partnership.forms import PlannerForm, PlannerModelForm, RatingSelect
from partnership.models import Group, Partnership, Post
from partnership.uploads import kinds_in_words
from plans.importer import READERS
from plans.models import PriorityReview, Rating, Update, UpdateRound

KINDS = kinds_in_words(tuple(READERS))


class ImportForm(PlannerForm):
    """A plan as its office keeps it, and the partnerships that it is the plan of."""

    submit_label = "Read the plan"

    document = forms.FileField(
        label="Your plan",
        help_text=KINDS[0].upper()
        + KINDS[1:]
        + ", at most 25 MB. It is only read: nothing is changed until you say yes.",
        error_messages={"required": "Choose the file that holds the plan"},
    )
    partnerships = forms.ModelMultipleChoiceField(
        Partnership.objects.none(),
        label="Whose plan is it?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick both where two partnerships share one plan.",
        error_messages={"required": "Choose the partnership whose plan this is"},
    )

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnerships"].queryset = partnerships
        self.fields["partnerships"].initial = partnerships
        self.fields["document"].widget.attrs["accept"] = ",".join(READERS)

    def clean_document(self):
        document = self.cleaned_data["document"]
        if document.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError("This file is larger than 25 MB. Save it without pictures and try again.")
        return document


class RoundForm(PlannerModelForm):
    """Open a turn of the cycle."""

    submit_label = "Open the round"

    class Meta:
        model = UpdateRound
        fields = [
            "name",
            "starts_on",
            "ends_on",
            "opens_on",
            "closes_on",
            "proposals_due_on",
            "decisions_due_on",
        ]
        labels = {
            "name": "What is the round called?",
            "starts_on": "First day it asks about",
            "ends_on": "Last day it asks about",
            "opens_on": "Day it opens",
            "closes_on": "Last day to answer",
            "proposals_due_on": "When are ratings proposed by?",
            "decisions_due_on": "When are they decided by?",
        }
        help_texts = {
            "name": "The leads see this name, for example “October to December 2026”.",
            "closes_on": "Leads are reminded before this day, and once after it.",
        }

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", "The last day must be after the first")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "The last day to answer must not be before the round opens")
        proposed, decided = cleaned.get("proposals_due_on"), cleaned.get("decisions_due_on")
        if proposed and decided and decided < proposed:
            self.add_error("decisions_due_on", "Ratings are proposed before they are decided")
        return cleaned


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
