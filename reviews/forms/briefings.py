"""Forms of a briefing: begun, written, published; and of the plan by which it is spread."""

from datetime import timedelta

from django import forms

from partnership.forms import PlannerForm, PlannerModelForm, SearchField
from partnership.models import Organisation, Partnership, Post
from reviews.briefings import PARTS, WRITTEN, agencies_asked, word_count_of
from reviews.forms.identities import IdentityGuard
from reviews.models import Briefing, DisseminationStep, LearningPoint
from reviews.releasing import tell_tales, tells

USUAL_DAYS = timedelta(days=42)
LONGEST = timedelta(days=366)
ROWS = {"happened": 6, "learning": 8, "practice": 8, "resources": 3}


class BeginForm(IdentityGuard, PlannerModelForm):
    """``partnerships``: those in which this person may begin one."""

    submit_label = "Begin the briefing"

    class Meta:
        model = Briefing
        fields = ["partnership", "title"]
        labels = {"partnership": "For whom?", "title": "What is it called?"}
        help_texts = {"title": "What it is about, in a few words that say nothing of who, like “Bruises on babies”."}
        error_messages = {
            "title": {"required": "Enter what it is called"},
            "partnership": {"required": "Choose the partnership it is for"},
        }
        widgets = {"partnership": forms.RadioSelect}

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = Partnership.objects.filter(pk__in=partnerships)
        if len(partnerships) == 1:
            self.fields["partnership"].initial = next(iter(partnerships))
            self.fields["partnership"].widget = forms.HiddenInput()


class BeginForReviewForm(IdentityGuard, PlannerModelForm):
    submit_label = "Begin the briefing"

    class Meta:
        model = Briefing
        fields = ["title"]
        labels = {"title": "What is it called?"}
        help_texts = {"title": "Everybody reads it once it is published. It says nothing of who, where or when."}
        error_messages = {"title": {"required": "Enter what it is called"}}


class PointChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, point):
        return point.text


class BriefingForm(IdentityGuard, PlannerModelForm):
    """The whole of a draft on one page; it may be as empty as it is until it is published."""

    submit_label = "Save"

    learning_points = PointChoice(
        LearningPoint.objects.none(),
        label="Which learning points does it take up?",
        help_text="They are shown beside it once it is published; one that its group has not released is not.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Briefing
        fields = ["title", *Briefing.PARTS, *Briefing.QUESTIONS, "learning_points"]
        labels = {
            "title": "Title",
            "thoughts": "The first question",
            "embed": "The second question",
            "team_plan": "The third question",
        } | {part.name: part.heading for part in PARTS}
        help_texts = {part.name: part.guidance for part in PARTS}
        error_messages = {"title": {"required": "Enter what it is called"}}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        for part in PARTS:
            self.fields[part.name].widget.attrs["rows"] = ROWS.get(part.name, 4)
        for name in Briefing.QUESTIONS:
            self.fields[name].widget.attrs["rows"] = 2
        self.fields["learning_points"].queryset = LearningPoint.objects.visible_to(user).filter(
            partnership=self.instance.partnership_id
        )

    @property
    def part_fields(self):
        """(part, its field, how many words it has now) in the order of reading."""
        return [(part, self[part.name], len((self[part.name].value() or "").split())) for part in PARTS]

    @property
    def question_fields(self):
        return [self[name] for name in Briefing.QUESTIONS]

    @property
    def word_count(self):
        return word_count_of(self.instance)


class PublishForm(PlannerForm):
    """Whether the public reads it, and which agencies say what they did with it, by when. ``on``: today."""

    submit_label = "Publish the briefing"

    is_public = forms.BooleanField(
        label="On the partnership’s public page too",
        help_text="Without this only people of the partnership who sign in can read it.",
        required=False,
    )
    agencies = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Which agencies say what they did with it?",
        help_text="Whoever represents an agency finds it in My work, is reminded, and answers in a minute.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due_on = forms.DateField(label="By when?", required=False)
    is_checked = forms.BooleanField(
        label="I have read the whole of it, and nobody can be known from it",
        help_text="Neither by a name nor by putting an age, a place, a date and a family together.",
        error_messages={"required": "Read it once more, and tick this when nobody can be known from it"},
    )

    def __init__(self, *args, briefing, on, **kwargs):
        self.on, self.briefing = on, briefing
        asked = agencies_asked(briefing.partnership, on=on)
        answered = set()
        if briefing.supersedes_id:
            answered = set(
                briefing.supersedes.receipts.exclude(submitted_at=None).values_list("organisation", flat=True)
            )
        initial = {
            "is_public": briefing.is_public,
            "agencies": [each.pk for each in asked if each.pk not in answered],
            "due_on": on + USUAL_DAYS,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["agencies"].queryset = asked

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on <= self.on:
            raise forms.ValidationError("Enter a day after today: nobody can answer before")
        if due_on and due_on > self.on + LONGEST:
            raise forms.ValidationError("Enter a day within a year from today")
        return due_on

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("agencies") and "due_on" in cleaned and not cleaned["due_on"]:
            self.add_error("due_on", "Enter the day by which these agencies answer")
        if self.briefing.review_id:
            self._refuse_references()
        return cleaned

    def _refuse_references(self):
        """Nothing goes out that names the case or the review behind it."""
        references = tell_tales(self.briefing).references
        for name in ("title", *WRITTEN):
            if found := tells(getattr(self.briefing, name), references):
                self.add_error(None, f"“{found}” leads to the case. Take it out of what is written first")


# How it is spread


class StepForm(IdentityGuard, PlannerModelForm):
    submit_label = "Save"

    lead_post = SearchField(
        Post.objects.none(),
        label="Who does it?",
        required=False,
        help_text="Type part of a post’s name. Whoever holds it then is reminded once the briefing is published.",
    )

    class Meta:
        model = DisseminationStep
        fields = ["audience", "channel", "lead_post", "due_on"]
        labels = {"audience": "To whom?", "channel": "How?", "due_on": "By when?"}
        help_texts = {
            "audience": "Like “Health visitors in both areas”.",
            "channel": "Like “Ten minutes in each team meeting”.",
        }
        error_messages = {
            "audience": {"required": "Enter who is to hear of it"},
            "channel": {"required": "Enter how they hear of it"},
            "due_on": {"required": "Enter the day by which it is done"},
        }

    def __init__(self, *args, briefing, **kwargs):
        super().__init__(*args, **kwargs)
        posts = Post.objects.of_partnerships({briefing.partnership_id}).filter(closed_on=None)
        self.fields["lead_post"].queryset = posts.select_related("organisation")


class StepDoneForm(IdentityGuard, PlannerModelForm):
    """When it was done, how many heard of it, what came of it. ``on``: today."""

    submit_label = "Save"

    class Meta:
        model = DisseminationStep
        fields = ["done_on", "reached", "note"]
        labels = {
            "done_on": "When was it done?",
            "reached": "How many people did it reach?",
            "note": "What came of it?",
        }
        help_texts = {
            "done_on": "Leave this empty if it is not done after all.",
            "reached": "About as many is enough.",
            "note": "What people asked, what they will do, who still has to hear of it.",
        }
        widgets = {"note": forms.Textarea({"rows": 3})}

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)
        self.fields["reached"].widget.attrs |= {"inputmode": "numeric", "class": "govuk-input--width-5"}
        self.fields["reached"].error_messages["max_value"] = "Enter a number that people could believe"

    def clean_done_on(self):
        done_on = self.cleaned_data["done_on"]
        if done_on and done_on > self.on:
            raise forms.ValidationError("Enter today or a day before: it is done only then")
        return done_on

    def clean(self):
        cleaned = super().clean()
        if "done_on" in cleaned and not cleaned["done_on"] and (cleaned.get("reached") or cleaned.get("note")):
            self.add_error("done_on", "Enter the day on which it was done")
        return cleaned
