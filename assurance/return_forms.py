"""The forms in which an organisation answers: one for each question and standard, and what a page draws of them."""

from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.validators import URLValidator

from assurance.return_sheet import Line, digest, figure, values_of
from partnership.forms import PlannerForm
from partnership.models import User
from partnership.templatetags.components import long_date
from partnership.whole_numbers import whole_number
from plans.cells import WrittenDay

LONGEST = 20_000  # characters of one answer: some agencies write four pages
ONLY_HTTPS = "Enter a web address that starts with https://"
NOT_APPLICABLE = "na"
WORDS = {"q": ["text"], "s": ["score", "reason", "evidence"]}
TO_DO = ["todo", "who", "when"]


def long_words(label, *, required=False, error=None):
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea,
        error_messages={"required": error} if error else None,
    )


class AnswerForm(PlannerForm):
    """The words to one question; a draft may have none."""

    text = long_words("Your answer")

    def __init__(self, data, *, line):
        super().__init__(data)
        self.line = line

    @property
    def said(self):
        return {"text": self.cleaned_data["text"]}


class AssessmentForm(PlannerForm):
    """What is said for one standard: a score of its scale or that it does not apply, and what shows it."""

    score = forms.CharField(label="Score", required=False, max_length=20)
    reason = long_words("Why does it not apply to you?")
    evidence = long_words("What shows it?")

    def __init__(self, data, *, line):
        super().__init__(data)
        self.line = line

    def clean_score(self):
        typed = self.cleaned_data["score"].replace("%", "").strip()
        if typed in ("", NOT_APPLICABLE):
            return typed or None
        try:
            score = Decimal(typed)
        except InvalidOperation:
            raise forms.ValidationError(scale_asks(self.line)) from None
        if not score.is_finite() or not self.line.scale.takes(score):
            raise forms.ValidationError(scale_asks(self.line))
        return score

    @property
    def said(self):
        score = self.cleaned_data["score"]
        is_not_applicable = score == NOT_APPLICABLE
        return {
            "score": None if is_not_applicable else score,
            "is_not_applicable": is_not_applicable,
            "reason": self.cleaned_data["reason"] if is_not_applicable else "",
            "evidence": self.cleaned_data["evidence"],
        }


def scale_asks(line):
    """What a score may be, as a sentence that says what to do."""
    scale = line.scale
    if line.points:
        return "Choose one of the scores of this scale"
    step = f" in steps of {figure(scale.step)}" if scale.step != 1 else ""
    unit = " per cent" if scale.unit == "%" else ""
    return f"Enter a number{unit} from {figure(scale.lowest)} to {figure(scale.highest)}{step}"


class ToDoForm(PlannerForm):
    """What an organisation will do to meet a standard, and by when."""

    todo = long_words("What will you do?", required=True, error="Enter what you will do")
    who = forms.CharField(label="Who does it?", required=False, max_length=160)
    when = WrittenDay(
        label="By when?", error_messages={"required": "Enter the day by which it is done, like 31 March 2027"}
    )

    @property
    def said(self):
        cleaned = self.cleaned_data
        return {"text": cleaned["todo"], "lead": cleaned["who"], "due_on": cleaned["when"]}


class LinkForm(PlannerForm):
    link = forms.CharField(label="Or a link", required=False, max_length=500)
    label = forms.CharField(label="What it shows", required=False, max_length=200)

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link:
            URLValidator(schemes=["https"], message=ONLY_HTTPS)(link)
        return link


class DoneForm(PlannerForm):
    """An improvement that is done."""

    submit_label = "It is done"

    outcome = long_words("What came of it?", required=True, error="Say what came of it. If nothing did, say that")


# Signing off


class SignerForm(PlannerForm):
    """Who is asked to sign the return off: somebody of the organisation with an account."""

    submit_label = "Ask them to sign it off"

    signer = forms.ModelChoiceField(
        label="Who signs it off?",
        queryset=User.objects.none(),
        empty_label="Choose a person",
        help_text="A senior person of your organisation. They get a reminder and read everything first.",
        error_messages={"required": "Choose who signs it off"},
    )

    def __init__(self, data=None, *, colleagues, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["signer"].queryset = colleagues


class SignedForm(PlannerForm):
    """The name and post of a senior person without an account here, who signed it off elsewhere."""

    submit_label = "Submit the return"

    signed_off_by = forms.CharField(
        label="Who signed it off?",
        help_text="Name and post of a senior person who has no account here, like “Jo Marsh, chief nurse”.",
        max_length=160,
        error_messages={"required": "Enter who signed it off, with their post"},
    )


class SendBackForm(PlannerForm):
    submit_label = "Send it back"
    submit_kind = "secondary"

    note = long_words("What should be changed?", required=True, error="Say what should be changed")


# What a page draws


def typed_of(data, line):
    """{field: words} that ``data`` holds for a line, as they were typed; empty where it is not in it."""
    start = f"{line.key}-"
    typed = {
        name.removeprefix(start): data[name].replace("\x00", "").replace("\r\n", "\n").strip()
        for name in data
        if name.startswith(start)
    }
    if typed.pop("na", None):
        typed["score"] = NOT_APPLICABLE
    return typed


def seen_of(typed):
    """(the version, the digest of the words) that a page said it showed."""
    version, _, words = typed.get("seen", "").partition("-")
    return whole_number(version, otherwise=0), words


def is_touched(line, typed):
    """Whether somebody changed what the page showed: a box left alone overwrites nothing."""
    names = WORDS[line.kind]
    words = {name: typed.get(name, "") for name in names}
    return words != values_of(line) and digest(words) != seen_of(typed)[1]


@dataclass
class Box:
    """One box of a line, as its template draws it."""

    id: str
    label: str
    value: str
    hint: str = ""
    error: str = ""

    @property
    def name(self):
        return self.id

    @property
    def described_by(self):
        return " ".join([f"{self.id}-hint"] * bool(self.hint) + [f"{self.id}-error"] * bool(self.error))


class Boxes:
    """The boxes of a line (``line``), with what stands in them (``values``) and what is wrong (``errors``)."""

    @property
    def key(self):
        return self.line.key

    def box(self, name, label, hint=""):
        return Box(f"{self.key}-{name}", label, self.values.get(name, ""), hint, self.errors.get(name, ""))


@dataclass
class ShownLine(Boxes):
    """A line with what stands in its boxes: typed just now or saved. Plain values: a page has up to sixty of them.

    ``errors``: {field: sentence}; ``other``: what a colleague saved meanwhile, of which ``values`` is not part, and
    ``before`` what stood there before both.
    """

    line: Line
    values: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    other: object = None
    before: object = None

    @property
    def text(self):
        return self.box("text", "Your answer")

    @property
    def score(self):
        return self.box("score", "Score", "" if self.line.points else scale_asks(self.line))

    @property
    def reason(self):
        return self.box("reason", "Why does it not apply to you?")

    @property
    def shows(self):
        return self.box("evidence", "What shows it?", self.line.row.evidence_wanted)

    @property
    def files(self):
        return self.box("files", "Add files", "PDF, Word, Excel, PowerPoint or a picture, up to 10 MB each.")

    @property
    def link(self):
        return self.box("link", "Or a link", "It starts with https://")

    @property
    def label(self):
        return self.box("label", "What it shows")

    @property
    def todo(self):
        return self.box("todo", "What will you do?")

    @property
    def who(self):
        return self.box("who", "Who does it?", "A role, never a name")

    @property
    def when(self):
        return self.box("when", "By when?", "Like 31 March 2027")

    @property
    def is_not_applicable(self):
        return self.values.get("score") == NOT_APPLICABLE

    @property
    def choices(self):
        """(id, value, ScalePoint, whether chosen, what it means here) of each score in words, the best first."""
        scale = self.line.scale
        points = sorted(self.line.points.items(), reverse=scale.best == scale.Best.HIGHEST)
        for value, point in points:
            score = figure(value)
            meaning = self.line.row.descriptors.get(score) or point.meaning
            yield f"{self.key}-score-{score}", score, point, self.values.get("score") == score, meaning

    @property
    def may_repeat(self):
        """Whether “still true” can take last time's words: there are some, and nothing stands here yet."""
        last = self.line.last
        if last is None or any(self.values.get(name) for name in WORDS[self.line.kind]):
            return False
        return self.line.is_question or bool(repeated(self.line))

    @property
    def other_words(self):
        """What a colleague saved, in words."""
        return self._words_of(self.other)

    @property
    def before_words(self):
        """What stood there when this person began, in words."""
        return self._words_of(self.before)

    def _words_of(self, row):
        if row is None:
            return ""
        if self.line.is_question:
            return row.text
        score = "Does not apply" if row.is_not_applicable else replace(self.line, saved=row).score_words
        return "\n".join(filter(None, [score, row.reason, row.evidence]))

    @property
    def saved_words(self):
        saved = self.line.saved
        return f"{saved.updated_by}, {long_date(saved.updated_at)}" if saved and saved.updated_by else ""

    @property
    def problems(self):
        return [(said, self._goes_to(name)) for name, said in self.errors.items()]

    def _goes_to(self, name):
        if name == "score" and self.line.points:
            return next(self.choices)[0]
        return f"{self.key}-{name}" if name else f"line-{self.key}"


def repeated(line):
    """What “still true” would save: last time's words; no score where the scale is another now."""
    last = line.last.row
    if line.is_question:
        return {"text": last.text}
    said = {"is_not_applicable": last.is_not_applicable, "reason": last.reason, "evidence": last.evidence}
    is_same_scale = last.standard.standard_set.scale_id == line.row.standard_set.scale_id
    return said | {"score": last.score} if is_same_scale and (last.score is not None or last.is_not_applicable) else {}


def shown(line, *, values=None, errors=None, other=None):
    """A line for its page: what was typed goes before what was saved."""
    return ShownLine(line, values_of(line) | (values or {}), errors or {}, other)
