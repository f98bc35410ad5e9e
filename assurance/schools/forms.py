"""Forms of the register, the survey and its letter."""

from django import forms
from django.utils import timezone

from assurance.models import QuestionSet, Scale, School, SchoolQuestion, SchoolReturn, SchoolSurvey, StandardSet
from assurance.schools.letters import FIELDS, unknown_fields
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Partnership
from partnership.templatetags.components import sentence_join

Kind = SchoolQuestion.Kind


class SchoolForm(PlannerModelForm):
    """What the office knows better than the national file."""

    submit_label = "Save"

    class Meta:
        model = School
        fields = ["head_name", "head_title", "head_email", "chair_name", "chair_email", "telephone", "status"]
        labels = {
            "head_name": "Head’s name",
            "head_title": "What the head is called",
            "head_email": "Head’s e-mail",
            "chair_name": "Name of the chair of governors",
            "chair_email": "E-mail of the chair of governors",
            "telephone": "Telephone",
            "status": "Status",
        }
        help_texts = {
            "head_name": "With the title, as it stands on an envelope: Mrs Ada Akande. Empty where you don’t know it.",
            "head_title": "Like Principal. Empty means head teacher.",
            "head_email": "The survey goes here. A role’s address, like head@school.example, outlasts its holder.",
        }


class SchoolImportForm(PlannerForm):
    submit_label = "Read the file"

    document = forms.FileField(
        label="The file",
        help_text="The national establishment file as it was downloaded (.csv), or your own list with URNs and "
        "e-mails (.csv or .xlsx). At most 25 MB. It is only read: nothing changes until you say yes.",
        error_messages={"required": "Choose the file that holds the schools"},
    )
    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Whose schools are they?",
        widget=forms.RadioSelect,
        help_text="Schools of other areas are left out.",
        error_messages={"required": "Choose the partnership whose schools these are"},
    )

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        offer_partnerships(self, partnerships)
        self.fields["document"].widget.attrs["accept"] = ".csv,.xlsx"


def offer_partnerships(form, partnerships):
    form.fields["partnership"].queryset = partnerships
    if len(partnerships) == 1:
        form.fields["partnership"].initial = partnerships[0]


NO_TITLE = {"required": "Enter what the survey is called"}
NO_DAY = {"required": "Enter the day by which schools should answer"}


class SurveyForm(PlannerForm):
    """A new survey and what it is made from."""

    submit_label = "Make the survey"

    title = forms.CharField(
        label="Title",
        max_length=160,
        help_text="Like “Schools’ safeguarding survey 2026 to 2027”",
        error_messages=NO_TITLE,
    )
    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Which partnership asks?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the partnership that asks"},
    )
    due_on = forms.DateField(label="By when should schools answer?", error_messages=NO_DAY)
    introduction = forms.CharField(
        label="What schools read first",
        required=False,
        widget=forms.Textarea,
        help_text="Why you ask, what becomes of the answers. It stands in the mail and above the questions.",
    )
    standards = forms.ModelChoiceField(
        StandardSet.objects.none(),
        label="Standards they measure themselves against",
        required=False,
        help_text="Each becomes a question with a score. Sets that are asked of schools and published stand here.",
    )
    question_sets = forms.ModelMultipleChoiceField(
        QuestionSet.objects.none(),
        label="Questions of a set",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="You can add questions of your own next, and take out what you don’t want.",
    )

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        offer_partnerships(self, partnerships)
        ids = [each.pk for each in partnerships]
        published = StandardSet.objects.offered_to(ids).filter(published_on__isnull=False)
        self.fields["standards"].queryset = published.filter(asked_of=StandardSet.AskedOf.SCHOOLS)
        self.fields["question_sets"].queryset = QuestionSet.objects.offered_to(ids)

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_due_on(self):
        if self.cleaned_data["due_on"] <= timezone.localdate():
            raise forms.ValidationError("Choose a day that is still to come")
        return self.cleaned_data["due_on"]

    def clean(self):
        cleaned = super().clean()
        partnership = cleaned.get("partnership")
        for name in ("standards", "question_sets"):
            chosen = cleaned.get(name) or []
            for each in [chosen] if name == "standards" and chosen else chosen:
                if partnership and each.partnership_id not in (None, partnership.pk):
                    self.add_error(name, f"“{each}” belongs to another partnership. Choose one of {partnership}’s")
        return cleaned


class SurveyChangeForm(PlannerModelForm):
    submit_label = "Save"

    class Meta:
        model = SchoolSurvey
        fields = ["title", "introduction", "due_on"]
        labels = {
            "title": "Title",
            "introduction": "What schools read first",
            "due_on": "By when should schools answer?",
        }
        error_messages = {"title": NO_TITLE, "due_on": NO_DAY}

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())


class QuestionForm(PlannerModelForm):
    submit_label = "Save the question"

    class Meta:
        model = SchoolQuestion
        fields = ["text", "guidance", "section", "kind", "scale", "is_required"]
        labels = {
            "text": "Question",
            "guidance": "Guidance",
            "section": "Section",
            "kind": "How is it answered?",
            "scale": "On which scale?",
            "is_required": "It must be answered",
        }
        help_texts = {
            "section": "Questions of one section stand together under this heading.",
            "scale": "Only for a score.",
            "guidance": "What you want to know, and what need not be said.",
        }
        widgets = {"kind": forms.RadioSelect}
        error_messages = {"text": {"required": "Enter the question"}}

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scale"].queryset = Scale.objects.offered_to([partnership.pk])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == Kind.SCORE and not cleaned.get("scale") and "scale" not in self.errors:
            self.add_error("scale", "Choose the scale on which schools score themselves")
        if cleaned.get("kind") != Kind.SCORE:
            cleaned["scale"] = None
        return cleaned


class LetterForm(PlannerModelForm):
    submit_label = "Save the letter"

    class Meta:
        model = SchoolSurvey
        fields = ["letter", "letter_signed_by"]
        labels = {"letter": "The letter", "letter_signed_by": "Who signs it?"}
        help_texts = {"letter_signed_by": "Name and post, like “Dr Ruth Fallon, independent chair”."}
        widgets = {"letter": forms.Textarea(attrs={"rows": 14})}
        error_messages = {"letter": {"required": "Enter what the letter says"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["letter"].required = True
        fields = [f"{{{name}}} ({what})" for name, what in FIELDS.items()]
        self.fields["letter"].help_text = (
            "Leave a line empty between paragraphs. The address, the date, “Dear …” and “Yours …” are put in for "
            f"each reader. These are filled in for each school: {sentence_join(fields)}."
        )

    def clean_letter(self):
        unknown = unknown_fields(self.cleaned_data["letter"])
        if unknown:
            known = sentence_join([f"{{{name}}}" for name in FIELDS])
            raise forms.ValidationError(f"We know no {{{unknown[0]}}}: write one of {known}, or take the braces out")
        return self.cleaned_data["letter"]


class ExcuseForm(PlannerModelForm):
    submit_label = "Excuse this school"

    class Meta:
        model = SchoolReturn
        fields = ["excused_because"]
        labels = {"excused_because": "Why is it not asked any more?"}
        help_texts = {"excused_because": "Like “Closes in July” or “Answered for by its trust”. Kept with the survey."}
        error_messages = {"excused_because": {"required": "Enter why it is not asked any more"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["excused_because"].required = True


class SignForm(PlannerForm):
    """Who answers for the school."""

    answered_by = forms.CharField(
        label="Your name and post",
        max_length=160,
        help_text="Like “Sam Okoro, designated safeguarding lead”.",
        error_messages={"required": "Enter your name and post"},
    )
