"""Questions as rows of a form: of a set, or of a request. Written, put in order and taken out without a script."""

import hashlib

from django import forms

from assurance.models import QuestionSet
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Partnership
from partnership.whole_numbers import whole_number

MOST_QUESTIONS = 80
SPARE_ROWS = 3
CHANGED = (
    "Somebody changed these {noun} while you were writing. Your own are still here: save again to keep them, "
    "or open the page anew to see theirs"
)


class QuestionRow(PlannerForm):
    """One question; a row without words is none."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place = forms.IntegerField(
        label="Place",
        min_value=1,
        max_value=99,
        required=False,
        error_messages={"invalid": "Enter the place as a whole number, like 3"},
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-2"}),
    )
    section = forms.CharField(label="Heading it stands under", max_length=120, required=False)
    text = forms.CharField(label="Question", max_length=300, required=False, widget=forms.Textarea({"rows": "2"}))
    guidance = forms.CharField(label="Guidance", required=False, widget=forms.Textarea({"rows": "2"}))
    is_required = forms.BooleanField(label="It must be answered", required=False)
    wants_evidence = forms.BooleanField(label="We want evidence with it", required=False)
    is_voice = forms.BooleanField(label="It is about the voice of children or adults", required=False)
    remove = forms.BooleanField(label="Take this question out", required=False)

    def __init__(self, *args, has_sections, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_sections:
            del self.fields["section"]
        if not self.initial.get("text"):
            del self.fields["remove"]

    @property
    def is_new(self):
        return not self.initial.get("text")

    @property
    def stays(self):
        return bool(self.cleaned_data.get("text")) and not self.cleaned_data.get("remove")

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())

    def clean(self):
        cleaned = super().clean()
        if "text" in self.errors or cleaned.get("text") or cleaned.get("remove"):
            return cleaned
        if self.initial.get("text"):
            self.add_error("text", "Enter the question, or tick “Take this question out”")
        elif cleaned.get("guidance"):
            self.add_error("text", "Enter the question to which this guidance belongs")
        return cleaned


class QuestionRows:
    """The rows of a page: ``questions`` (dicts as ``QuestionRow`` shows them, in order) and some to spare.

    ``is_wanted``: at least one question must be there. Who saves over what somebody else changed meanwhile is told
    first (``has_conflict``).
    """

    row_class = QuestionRow
    noun = "questions"

    def __init__(self, data=None, *, questions, has_sections=False, is_wanted=True, spare=SPARE_ROWS):
        rows = [dict(each) for each in questions]
        self.is_bound, self.is_wanted, self.has_sections = data is not None, is_wanted, has_sections
        self.problem, self.has_conflict = "", False
        self.mark = hashlib.sha256(repr(rows).encode()).hexdigest()[:20]
        self.shown = data.get("mark") if self.is_bound else self.mark
        known = {str(row["pk"]): row for row in rows if row.get("pk")}
        if self.is_bound:  # the rows as they were sent, whatever stands now
            sent = [data.get(f"q{number}-pk", "") for number in range(self.count_of(data))]
            rows = [known.get(pk, {}) for pk in sent]
        else:
            rows += [{}] * spare
        self.forms = []
        for number, row in enumerate(rows[: MOST_QUESTIONS + SPARE_ROWS]):
            initial = {"place": number + 1, "is_required": True, **row}
            self.forms.append(self.row(data, prefix=f"q{number}", initial=initial))
        self.known = known

    def row(self, data, **given):
        return self.row_class(data, has_sections=self.has_sections, **given)

    @staticmethod
    def count_of(data):
        return min(whole_number(data.get("rows"), otherwise=0), MOST_QUESTIONS + SPARE_ROWS)

    def __iter__(self):
        return iter(self.forms)

    def __len__(self):
        return len(self.forms)

    @property
    def numbered(self):
        """(number from 1, form) of questions that are there; the spare ones stand apart."""
        return [(number, form) for number, form in enumerate(self.forms, start=1) if not form.is_new]

    @property
    def spare(self):
        return [form for form in self.forms if form.is_new]

    def is_valid(self):
        if self.shown is None:
            self.problem = f"Nothing of the {self.noun} came here, so nothing is changed. Open the page again"
        elif not all([form.is_valid() for form in self.forms]):
            self.problem = f"Mend the {self.noun} that are marked below"
        elif len(self.values()) > MOST_QUESTIONS:
            self.problem = f"Ask {MOST_QUESTIONS} {self.noun} or fewer"
        elif self.is_wanted and not self.values():
            self.problem = "Write at least one question"
        elif self.shown != self.mark:
            self.problem, self.has_conflict = CHANGED.format(noun=self.noun), True
        return not self.problem

    def values(self):
        """The questions that there will be, in their order; the ``pk`` of one that is not there any more is new."""
        moved = []
        for number, form in enumerate(self.forms, start=1):
            place = form.cleaned_data.get("place") or number
            # Moved up it goes before what stood there, moved down behind it.
            moved.append((place, (place > number) - (place < number), number, form))
        questions = []
        for *_order, form in sorted(moved, key=lambda each: each[:3]):
            if form.stays:
                values = {name: form.cleaned_data[name] for name in form.fields if name not in ("place", "remove")}
                questions.append(values | {"pk": values["pk"] if str(values["pk"]) in self.known else None})
        return questions


class QuestionSetForm(PlannerModelForm):
    """What a set is called and for. ``owners``: whose it may be, for a new one."""

    class Meta:
        model = QuestionSet
        fields = ["partnership", "title", "about", "source"]
        labels = {
            "partnership": "Whose set is it?",
            "title": "What is the set called?",
            "about": "What is it for?",
            "source": "Where do its questions come from?",
        }
        help_texts = {
            "partnership": "",
            "title": "Its questions stand under this heading in a request.",
            "source": "The guidance or framework, so that the next person can look it up.",
        }
        error_messages = {
            "partnership": {"required": "Choose whose set it is"},
            "title": {"required": "Enter what the set is called"},
        }
        widgets = {"about": forms.Textarea({"rows": "2"})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False
        mine = Partnership.objects.of_office(user)
        field = self.fields["partnership"]
        field.queryset = mine
        field.required = not user.standing.is_administrator
        field.empty_label = "Everybody’s: it is offered to all" if user.standing.is_administrator else "Choose one"
        if self.instance.pk or (field.required and len(mine) == 1):
            self.instance.partnership_id = self.instance.partnership_id or (None if self.instance.pk else mine[0].pk)
            del self.fields["partnership"]

    def clean_title(self):
        title = " ".join(self.cleaned_data["title"].split())
        owner = self.cleaned_data.get("partnership") if "partnership" in self.fields else self.instance.partnership
        same = QuestionSet.objects.filter(partnership=owner, title__iexact=title).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError("There is a set of this title already. Choose another, or change that one")
        return title
