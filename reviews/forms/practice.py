"""The words and rules of the forms about practice reviews: terms, reviewer, family, drafts, older reviews."""

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from partnership.forms import DateField, PlannerForm, PlannerModelForm
from partnership.models import Partnership
from partnership.templatetags.components import long_date
from partnership.uploads import UnreadableFile, check_upload
from reviews.forms.identities import IdentityGuard
from reviews.models import Appointment, Case, FamilyStep, PracticeReview, Reviewer, Theme
from reviews.practice import involved_of

NOT_YET = "Enter today or an earlier day"
REFERENCE_HELP = "As in your register, without a name: for example AV-LR-3."
TITLE_HELP = "What it is about, with nothing that says who."


def not_later(day, on):
    if day and day > on:
        raise forms.ValidationError(NOT_YET)
    return day


def checked(upload, wanted):
    """``upload`` if it is a safe file of a kind that is ``wanted``, or nothing."""
    if upload:
        try:
            check_upload(upload, wanted=wanted)
        except UnreadableFile as problem:
            raise forms.ValidationError(str(problem)) from None
    return upload


def partnerships_of_group(user):
    """Those in whose case review group somebody sits; whoever may only look for a few hours begins nothing."""
    return Partnership.objects.filter(pk__in=user.standing.own_case_group_ids).order_by("name")


def offer_partnerships(form, user):
    """Those of the person's case review groups; where there is one, it is chosen."""
    field = form.fields["partnership"]
    field.queryset = partnerships_of_group(user)
    if len(field.queryset) == 1:
        field.initial = field.queryset[0]
        form.initial.setdefault("partnership", field.initial.pk)


def offer_themes(field, chosen=()):
    field.queryset = Theme.objects.filter(is_retired=False) | Theme.objects.filter(pk__in=[each.pk for each in chosen])


def fits(kind, partnership):
    """Whether a review of that kind is held by such a partnership: children's or adults'."""
    is_adults = kind in PracticeReview.ADULTS
    return partnership.kind not in ("children", "adults") or is_adults == (partnership.kind == "adults")


class StartForm(IdentityGuard, PlannerModelForm):
    """A thematic or national review, or another that no decision on a case began here."""

    submit_label = "Begin the review"
    trusted_fields = ("reference",)

    begun_on = DateField(
        label="When was it decided on?",
        help_text="The six months are counted from this day.",
        error_messages={"required": "Enter the day on which it was decided on"},
    )

    class Meta:
        model = PracticeReview
        fields = ["partnership", "kind", "reference", "title", "cases"]
        widgets = {
            "partnership": forms.RadioSelect,
            "kind": forms.RadioSelect,
            "cases": forms.CheckboxSelectMultiple,
        }
        labels = {
            "partnership": "Whose review is it?",
            "kind": "What kind of review is it?",
            "reference": "Local reference",
            "title": "What is it about?",
            "cases": "Which cases does it look at?",
        }
        help_texts = {
            "kind": "Both kinds of safeguarding adults review are statutory: Care Act 2014, section 44.",
            "reference": REFERENCE_HELP,
            "title": TITLE_HELP,
            "cases": "None, where it looks at a theme.",
        }
        error_messages = {
            "partnership": {"required": "Choose whose review it is"},
            "kind": {"required": "Choose the kind of review"},
            "reference": {"required": "Enter a local reference"},
            "title": {"required": "Enter what it is about"},
        }

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        offer_partnerships(self, user)
        kinds = [choice for choice in PracticeReview.Kind.choices if choice[0] != PracticeReview.Kind.SCR]
        groups = self.fields["partnership"].queryset
        self.fields["kind"].choices = [choice for choice in kinds if any(fits(choice[0], each) for each in groups)]
        self.fields["cases"].queryset = Case.objects.visible_to(user).open()

    def clean_begun_on(self):
        return not_later(self.cleaned_data["begun_on"], self.on)

    def clean(self):
        cleaned = super().clean()
        partnership, kind = cleaned.get("partnership"), cleaned.get("kind")
        if partnership and kind and not fits(kind, partnership):
            self.add_error("kind", f"Choose a kind of review that {partnership} holds")
        if partnership and any(case.partnership_id != partnership.pk for case in cleaned.get("cases") or ()):
            self.add_error("cases", f"Choose cases of {partnership} alone")
        return cleaned


class ReviewForm(IdentityGuard, PlannerModelForm):
    """What the review is to find out, and how."""

    submit_label = "Save"

    class Meta:
        model = PracticeReview
        fields = ["title", "terms", "method", "period", "themes", "cases"]
        widgets = {"themes": forms.CheckboxSelectMultiple, "cases": forms.CheckboxSelectMultiple}
        labels = {
            "title": "What is it about?",
            "terms": "What is it to find out?",
            "method": "How is it done?",
            "period": "What time does it look at?",
            "themes": "Under which themes is it counted?",
            "cases": "Which cases does it look at?",
        }
        help_texts = {
            "title": TITLE_HELP,
            "terms": "The questions it is to answer. Leave a line empty between them.",
            "method": "For example: meetings with practitioners, records of five agencies.",
            "period": "For example: the two years before the notification.",
            "themes": "The public list can be narrowed to them.",
        }
        error_messages = {"title": {"required": "Enter what it is about"}}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offer_themes(self.fields["themes"], self.instance.themes.all())
        cases = Case.objects.visible_to(user).filter(partnership=self.instance.partnership_id)
        self.fields["cases"].queryset = cases
        if not cases:
            del self.fields["cases"]


class EndForm(IdentityGuard, PlannerForm):
    submit_label = "End the review"
    submit_kind = "warning"

    because = forms.CharField(
        label="Why does it end without a publication of ours?",
        widget=forms.Textarea,
        help_text="For example: the national Panel publishes it. What is still open of its stages is left out.",
        error_messages={"required": "Enter why it ends without being published"},
    )


# The reviewer


class ReviewerForm(PlannerModelForm):
    """Somebody in the register. Professionals are named here; nobody else is."""

    class Meta:
        model = Reviewer
        fields = ["partnership", "name", "email", "background", "works_for", "is_available", "note"]
        widgets = {"partnership": forms.RadioSelect}
        labels = {
            "partnership": "In whose register?",
            "name": "Name",
            "background": "What do they know, and what have they done?",
            "works_for": "Which organisation do they work for?",
            "is_available": "Can be asked to lead a review",
            "note": "What do we know of their work?",
        }
        help_texts = {
            "works_for": "Leave this empty for somebody independent. A review that involves this organisation says so.",
            "note": "Read by the case review group alone.",
        }
        error_messages = {
            "partnership": {"required": "Choose in whose register"},
            "name": {"required": "Enter their name"},
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            offer_partnerships(self, user)
        else:
            del self.fields["partnership"]


class AppointmentForm(PlannerModelForm):
    """Who leads the review, and what they declared before. A conflict is judged, or nobody is appointed."""

    submit_label = "Appoint"

    class Meta:
        model = Appointment
        fields = ["reviewer", "appointed_on", "conflicts", "conflicts_judged"]
        labels = {
            "reviewer": "Who leads it?",
            "appointed_on": "When were they appointed?",
            "conflicts": "What interests did they declare?",
            "conflicts_judged": "Why is that no obstacle?",
        }
        help_texts = {
            "conflicts": "Work for an agency involved, earlier reviews of it, ties to people who work there. "
            "Leave this empty if they declared none.",
            "conflicts_judged": "Who looked at it, and what makes the review independent all the same.",
        }
        error_messages = {
            "reviewer": {"required": "Choose the reviewer"},
            "appointed_on": {"required": "Enter the day on which they were appointed"},
        }

    def __init__(self, *args, review, agencies, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on, self.agencies = on, agencies
        reviewers = Reviewer.objects.filter(partnership=review.partnership_id)
        if self.instance._state.adding:
            self.fields["reviewer"].queryset = reviewers.filter(is_available=True)
            self.fields["reviewer"].help_text = format_html(
                '<a href="{}?review={}">Add somebody to the register</a> who is not in this list.',
                reverse("reviews:reviewer-add"),
                review.pk,
            )
            self.instance.review, self.instance.partnership_id = review, review.partnership_id
        else:
            del self.fields["reviewer"]
            self.submit_label = "Save"

    def clean_appointed_on(self):
        return not_later(self.cleaned_data["appointed_on"], self.on)

    def clean(self):
        cleaned = super().clean()
        reviewer = cleaned.get("reviewer") or (None if self.instance._state.adding else self.instance.reviewer)
        conflicts, judged = cleaned.get("conflicts"), cleaned.get("conflicts_judged")
        involved = involved_of(reviewer, self.agencies) if reviewer else None
        if involved and not conflicts:
            self.add_error(
                "conflicts",
                f"{reviewer} works for {involved}, which is involved. Enter that as an interest, "
                "or appoint somebody else",
            )
        if conflicts and not judged:
            self.add_error("conflicts_judged", "Enter why it is no obstacle, or appoint somebody else")
        return cleaned


class AppointmentEndForm(PlannerModelForm):
    submit_label = "End the appointment"
    submit_kind = "warning"

    class Meta:
        model = Appointment
        fields = ["ended_on", "ended_because"]
        labels = {"ended_on": "When does it end?", "ended_because": "Why?"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].required = self.fields["ended_because"].required = True
        self.fields["ended_on"].error_messages["required"] = "Enter the day on which it ends"
        self.fields["ended_because"].error_messages["required"] = "Enter why it ends"

    def clean_ended_on(self):
        day = self.cleaned_data["ended_on"]
        if day and day < self.instance.appointed_on:
            raise forms.ValidationError(f"Enter {long_date(self.instance.appointed_on)} or a later day")
        return day


# The family


class FamilyStepForm(IdentityGuard, PlannerModelForm):
    """One thing that was offered or done, on its day, or why it was not. Never who they are."""

    submit_label = "Save"

    class Meta:
        model = FamilyStep
        fields = ["kind", "done_on", "not_done_because", "note"]
        widgets = {"kind": forms.RadioSelect}
        labels = {
            "kind": "What is it about?",
            "done_on": "When was it done?",
            "not_done_because": "Or why was it not?",
            "note": "What came of it?",
        }
        help_texts = {
            "done_on": "Leave this empty if it was not done.",
            "note": "Without a name, and without anything else that says who they are.",
        }
        error_messages = {"kind": {"required": "Choose what it is about"}}

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_done_on(self):
        return not_later(self.cleaned_data["done_on"], self.on)

    def clean(self):
        cleaned = super().clean()
        if {"done_on", "not_done_because"} & self.errors.keys():
            return cleaned
        if not cleaned.get("done_on") and not cleaned.get("not_done_because"):
            self.add_error("done_on", "Enter the day on which it was done, or below why it was not")
        elif cleaned.get("done_on") and cleaned.get("not_done_because"):
            self.add_error("not_done_because", "Leave this empty, or take out the day on which it was done")
        return cleaned


# Drafts


class DraftForm(IdentityGuard, PlannerForm):
    submit_label = "Add the draft"

    file = forms.FileField(
        label="The draft",
        help_text="A Word document (.docx) or a PDF, at most 25 MB. It is kept as it came, for this group alone.",
        error_messages={"required": "Choose the Word document or PDF"},
    )
    note = forms.CharField(label="What is new in it?", widget=forms.Textarea, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".docx,.pdf"

    def clean_file(self):
        return checked(self.cleaned_data["file"], (".docx", ".pdf"))


# Older reviews


class CarryOverForm(IdentityGuard, PlannerForm):
    """A review that was published before the partnership worked here."""

    submit_label = "Put it on the public list"
    trusted_fields = ("address", "reference")

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Whose review was it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose review it was"},
    )
    kind = forms.ChoiceField(
        label="What kind of review was it?", choices=PracticeReview.Kind.choices, initial=PracticeReview.Kind.SCR
    )
    reference = forms.CharField(
        label="Local reference",
        max_length=20,
        help_text=f"{REFERENCE_HELP} Not made public.",
        error_messages={"required": "Enter a local reference"},
    )
    title = forms.CharField(
        label="Under which title was it published?",
        max_length=160,
        error_messages={"required": "Enter the title under which it was published"},
    )
    published_on = DateField(
        label="When was it published?", error_messages={"required": "Enter the day on which it was published"}
    )
    summary = forms.CharField(
        label="What did it find, in short?",
        widget=forms.Textarea,
        help_text="A few sentences for the public page.",
        error_messages={"required": "Enter in short what it found"},
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.none(), label="Under which themes?", widget=forms.CheckboxSelectMultiple, required=False
    )
    upload = forms.FileField(
        label="The report",
        required=False,
        help_text="A PDF, at most 25 MB. Its properties and comments are taken out, its pages stay.",
    )
    address = forms.URLField(
        label="Or where can it be read?",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="A web address, for example in the national repository.",
    )

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        offer_partnerships(self, user)
        offer_themes(self.fields["themes"])
        self.fields["upload"].widget.attrs["accept"] = ".pdf"

    def clean_published_on(self):
        return not_later(self.cleaned_data["published_on"], self.on)

    def clean_upload(self):
        return checked(self.cleaned_data["upload"], (".pdf",))

    def clean(self):
        cleaned = super().clean()
        partnership, reference = cleaned.get("partnership"), cleaned.get("reference")
        if PracticeReview.objects.filter(partnership=partnership, reference=reference).exists():
            self.add_error("reference", f"{reference} is in the list already. Enter another reference")
        if not {"upload", "address"} & self.errors.keys() and not cleaned.get("upload") and not cleaned.get("address"):
            self.add_error("upload", "Choose the PDF, or enter below where it can be read")
        return cleaned
