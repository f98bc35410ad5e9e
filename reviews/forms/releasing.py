"""Releasing what comes of a case or a review: one by one, or together what is left of a review that is public."""

from django import forms
from django.db.models import prefetch_related_objects
from django.forms.utils import ErrorDict

from partnership.forms import PlannerForm, PlannerModelForm
from reviews.forms.identities import IdentityGuard
from reviews.models import LearningPoint, Recommendation
from reviews.releasing import READ_BY_OTHERS, label_tells, tell_tales, tells, words_of_others

LABEL = "What do others read as its source?"
LABEL_HELP = (
    "Something that leads to nobody, like “A local review, 2026”. Not the reference of the case or review, and not "
    "what it was about."
)
LABEL_REQUIRED = "Enter what others read as its source"
TEXT_HELP = "Nothing in it may say which child, adult or family it was."
CHECKED = "I have read this as somebody who knows the family would"
CHECKED_REQUIRED = "Read it once more, and tick this when nobody can be known from it"


class ReleasedWords(IdentityGuard):
    """Refuses a label and words that lead to the case. ``others``: what else members will read, [(what, words)]."""

    others = ()

    def __init__(self, *args, tales=None, **kwargs):
        """``tales`` of the record, where they were read already."""
        super().__init__(*args, **kwargs)
        self.tales = tales or tell_tales(self.instance)
        if "label" in self.fields:
            self.fields["label"].required = True
            self.fields["label"].error_messages["required"] = LABEL_REQUIRED
            self.initial["label"] = self.initial["label"] or usual_label(self.tales)

    def clean(self):
        cleaned = super().clean()
        refuse_telling_label(self, self.tales)
        for name in ("text", "measure"):
            found = tells(cleaned.get(name) or "", self.tales.references)
            if found:
                self.add_error(name, f"Leave out “{found}”: it leads to the case")
        for what, words in self.others:
            found = tells(words, self.tales.references)
            if found:
                self.add_error(None, f"{what}: “{words}” names {found}. Change that first, then release it")
        return cleaned


def refuse_telling_label(form, tales):
    found = label_tells(form.cleaned_data.get("label") or "", tales)
    if found:
        form.add_error("label", f"Leave out “{found}”: it leads to the case. Choose words that lead nowhere")


def usual_label(tales):
    """The title under which the review is public, as far as a label holds it."""
    most = Recommendation._meta.get_field("label").max_length
    title = next(iter(tales.titles), "")
    return title if len(title) <= most else ""


class ReleaseForm(ReleasedWords, PlannerModelForm):
    """A recommendation, as others will read it."""

    submit_label = "Show me what members will read"

    class Meta:
        model = Recommendation
        fields = ["label", "text", "measure"]
        labels = {
            "label": LABEL,
            "text": "The recommendation, as others read it",
            "measure": "How will we know that it made a difference?",
        }
        help_texts = {"label": LABEL_HELP, "text": TEXT_HELP}
        widgets = {"text": forms.Textarea, "measure": forms.Textarea({"rows": 3})}
        error_messages = {"text": {"required": "Enter what others read"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        prefetch_related_objects([self.instance], *READ_BY_OTHERS)
        self.others = words_of_others(self.instance)


class ReleasePointForm(ReleasedWords, PlannerModelForm):
    """A learning point, as others will read it."""

    submit_label = "Release it"

    is_checked = forms.BooleanField(label=CHECKED, error_messages={"required": CHECKED_REQUIRED})

    class Meta:
        model = LearningPoint
        fields = ["label", "text"]
        labels = {"label": LABEL, "text": "The learning point, as others read it"}
        help_texts = {"label": LABEL_HELP, "text": TEXT_HELP}
        error_messages = {"text": {"required": "Enter what others read"}}
        widgets = {"text": forms.Textarea({"rows": 3})}

    def extra_values(self):
        return {"is_checked": False}


# Together


class RowMixin(ReleasedWords):
    """One of several that are released under one label: what is not ticked is not looked at.

    ``published``: the words of recommendations that the public reads already, which are ticked.
    """

    def __init__(self, *args, published=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_released"] = forms.BooleanField(
            label="Release it",
            required=False,
            initial=self.instance.text.strip() in published,
        )
        self.order_fields(["is_released", *self.fields])

    @property
    def is_ticked(self):
        return bool(self.is_bound and self["is_released"].data)

    def full_clean(self):
        if not self.is_bound or self.is_ticked:
            return super().full_clean()
        self._errors, self.cleaned_data = ErrorDict(), {}
        return None

    @property
    def words(self):
        """{name: what others will read}."""
        return {name: self.cleaned_data[name] for name in ("text", "measure") if name in self.cleaned_data}


class RecommendationRow(RowMixin, ReleaseForm):
    class Meta(ReleaseForm.Meta):
        fields = ["text", "measure"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.measure:
            del self.fields["measure"]


class PointRow(RowMixin, ReleasePointForm):
    is_checked = None

    class Meta(ReleasePointForm.Meta):
        fields = ["text"]

    def extra_values(self):
        return {}


class TogetherForm(IdentityGuard, PlannerForm):
    """What is left of a review, a row for each; ``rows`` are checked with it."""

    submit_label = "Release what is ticked"

    label = forms.CharField(
        label="What do others read as their source?", max_length=120, error_messages={"required": LABEL_REQUIRED}
    )
    is_checked = forms.BooleanField(
        label="I have read what is ticked as somebody who knows the family would",
        error_messages={"required": CHECKED_REQUIRED},
    )

    def __init__(self, data=None, *, left, published, **kwargs):
        """``left`` is not empty; ``published`` are the words of recommendations that the public reads already."""
        super().__init__(data, **kwargs)
        self.tales = tell_tales(next(iter(left)))
        self.fields["label"].initial = usual_label(self.tales)
        self.fields["label"].help_text = (
            "The title under which the review is public, or something that leads to nobody." if self.tales.titles
            else LABEL_HELP
        )  # fmt: skip
        given = {"tales": self.tales, "published": published}
        self.recommendations = [
            RecommendationRow(data, instance=each, prefix=f"recommendation-{each.pk}", **given)
            for each in left.recommendations
        ]
        self.points = [PointRow(data, instance=each, prefix=f"point-{each.pk}", **given) for each in left.points]

    @property
    def rows(self):
        return [*self.recommendations, *self.points]

    def clean(self):
        cleaned = super().clean()
        refuse_telling_label(self, self.tales)
        if not any(row.is_ticked for row in self.rows):
            self.add_error(None, "Tick what is to be released, or leave all of it with the group below")
        return cleaned

    def is_valid(self):
        return all([super().is_valid(), *[row.is_valid() for row in self.rows]])

    @property
    def status(self):
        return max([super().status, *[row.status for row in self.rows]], key=SEVERITY.index)

    @property
    def is_done_already(self):
        """All that was ticked has been released since the page was opened: it was pressed twice."""
        was_ticked = any(value and name.endswith("-is_released") for name, value in self.data.items())
        return was_ticked and not any(row.is_ticked for row in self.rows)

    @property
    def chosen(self):
        """[(record, {name: words})] of what is ticked."""
        return [(row.instance, row.words) for row in self.rows if row.is_ticked]


SEVERITY = [200, 422, 409]


class KeepRestForm(IdentityGuard, PlannerForm):
    """Why what was not released stays with the group."""

    submit_label = "Leave the rest with the group"
    submit_kind = "secondary"

    because = forms.CharField(
        label="Why does the rest stay with the group?",
        widget=forms.Textarea({"rows": 2}),
        help_text="The group is reminded of it no more. It can be released later all the same.",
        error_messages={"required": "Enter why it stays with the group"},
    )
