"""The words and rules of the forms about arrangements."""

from django import forms

from partnership.arrangements import waiting_partners
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Arrangements, ArrangementsChange, Endorsement, Partnership
from partnership.uploads import UnreadableFile, check_upload


class StartForm(PlannerForm):
    """Whose next version is written."""

    submit_label = "Start the next version"

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Whose arrangements are they?",
        widget=forms.RadioSelect,
        help_text="It starts with the words of the last version. One that is in hand already is opened instead.",
        error_messages={"required": "Choose the partnership"},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        partnerships = Partnership.objects.of_office(user)
        self.fields["partnership"].queryset = partnerships
        if len(partnerships) == 1:
            self.fields["partnership"].initial = partnerships[0]


class ArrangementsForm(PlannerModelForm):
    """What a draft says of itself, and its document."""

    submit_label = "Save"

    upload = forms.FileField(
        label="The document",
        required=False,
        help_text="A PDF, at most 25 MB. It is kept as it is; a new one takes the place of the one before.",
    )

    class Meta:
        model = Arrangements
        fields = ["title", "summary", "in_force_from", "review_on"]
        labels = {
            "title": "What are the arrangements called?",
            "summary": "What do they say, in plain words?",
            "in_force_from": "From when are they in force?",
            "review_on": "When will they be looked at again?",
        }
        help_texts = {
            "title": "As on the cover of the document, without the version.",
            "summary": "For everyone who reads the public page: who works together, and how. Leave a line empty "
            "between paragraphs.",
            "in_force_from": "Needed before the safeguarding partners are asked to endorse them.",
            "review_on": "Published arrangements are looked at every year.",
        }
        error_messages = {
            "title": {"required": "Enter what the arrangements are called"},
            "summary": {"required": "Enter what the arrangements say, in plain words"},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["accept"] = ".pdf"
        if self.instance.document_id:
            self.fields["upload"].label = "A new document in place of the one kept"

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload:
            try:
                check_upload(upload, wanted=(".pdf",))
            except UnreadableFile as problem:
                raise forms.ValidationError(str(problem)) from None
        return upload

    def clean(self):
        cleaned = super().clean()
        starts, review = cleaned.get("in_force_from"), cleaned.get("review_on")
        if starts and review and review <= starts:
            self.add_error("review_on", "Enter a day after the arrangements have come into force")
        return cleaned


class ChangeForm(PlannerModelForm):
    """One thing that a version changes."""

    submit_label = "Save the change"

    class Meta:
        model = ArrangementsChange
        fields = ["what", "reason", "timescale"]
        labels = {"what": "What changes?", "reason": "Why?", "timescale": "By when is it carried out?"}
        help_texts = {
            "what": "One change. It is shown on the public page and reported in the annual report.",
            "timescale": "In your own words: “From September 2027”.",
        }
        error_messages = {
            "what": {"required": "Enter what changes"},
            "reason": {"required": "Enter why it changes: a change is published with its reason"},
            "timescale": {"required": "Enter by when it is carried out"},
        }


class TakeBackForm(PlannerForm):
    submit_label = "Take it back"
    submit_kind = "warning"

    reason = forms.CharField(
        label="Why is it taken back?",
        widget=forms.Textarea,
        help_text="The safeguarding partners read this: they will be asked again.",
        error_messages={"required": "Enter why it is taken back"},
    )


class OwnEndorsementForm(PlannerForm):
    """A lead safeguarding partner stands behind it. ``posts`` are theirs, one for each organisation waiting."""

    post = forms.ModelChoiceField(
        None,
        label="For which organisation?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the organisation for which you endorse it"},
    )

    def __init__(self, *args, posts, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        field.queryset = posts
        field.label_from_instance = lambda post: str(post.organisation)
        self.posts = list(posts)
        if len(self.posts) == 1:
            field.initial = self.posts[0]
            field.widget = forms.HiddenInput()


class PaperEndorsementForm(PlannerModelForm):
    """What was signed on paper, as the office writes it down."""

    submit_label = "Keep the endorsement"

    class Meta:
        model = Endorsement
        fields = ["organisation", "name", "post_title", "endorsed_on"]
        widgets = {"organisation": forms.RadioSelect}
        labels = {
            "organisation": "Which safeguarding partner?",
            "name": "Who signed?",
            "post_title": "What is their post?",
            "endorsed_on": "When did they sign?",
        }
        help_texts = {"post_title": "For example: Chief constable"}
        error_messages = {
            "organisation": {"required": "Choose the safeguarding partner who endorsed it"},
            "name": {"required": "Enter who signed"},
            "post_title": {"required": "Enter their post"},
            "endorsed_on": {"required": "Enter the day on which they signed"},
        }

    def __init__(self, *args, arrangements, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        waiting = waiting_partners(arrangements, on=on)
        self.fields["organisation"].queryset = waiting
        if len(waiting) == 1:
            self.initial["organisation"] = waiting[0]
        self.fields["organisation"].error_messages["invalid_choice"] = (
            "Choose a safeguarding partner who has not endorsed it yet"
        )

    def clean_endorsed_on(self):
        day = self.cleaned_data["endorsed_on"]
        if day > self.on:
            raise forms.ValidationError("Enter today or an earlier day: this has not been signed yet")
        return day


class PublishForm(PlannerForm):
    """``waiting``: the safeguarding partners who have not endorsed it; with any, a reason is wanted."""

    submit_label = "Publish"

    without = forms.CharField(
        label="Why is it published before everyone has endorsed it?",
        widget=forms.Textarea,
        help_text="This is shown on the public page.",
        error_messages={"required": "Enter why it is published without them, or wait until they have endorsed it"},
    )

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        if not waiting:
            del self.fields["without"]
