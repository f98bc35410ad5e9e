"""The short form of an update: one line of the page, and what the page shows of it."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import timedelta

from django import forms
from django.core.validators import URLValidator

from partnership.forms import LONGEST_ANSWER, PlannerForm
from plans.answering import WORDS, Line, Move, problems_of
from plans.cells import LONGEST_CELL, WrittenDay, read_in
from plans.timescale import describe

# Why dates move, in the words that leads use again and again. What they add of their own stands after it.
REASONS = [
    "Waiting for another agency",
    "Waiting for a decision",
    "Waiting for figures",
    "A post is vacant",
    "It took longer than planned",
]
LONGEST_DAY = 20  # characters of "30 September 2027", with room to spare
ONLY_HTTPS = "Enter a web address that starts with https://"
REPEATED = ["progress", "difference_made", "risk"]
MOVED = ["words", "day", "because", "why"]
LABELS = {
    "progress": "What has happened?",
    "difference_made": "What difference has it made?",
    "risk": "What is in the way?",
    "voice": "What did children or adults say?",
    "worse_reason": "Why is it worse than last time?",
}
HINTS = {
    "voice": "Their words or what you learnt from them. Never a name.",
    "worse_reason": "The plan’s people read it beside the rating.",
}


class UpdateForm(PlannerForm):
    """One lead's answer on one line. What makes it acceptable is ``plans.answering.problems_of``."""

    rating = forms.TypedChoiceField(
        label="How is it going?",
        required=False,
        error_messages={"invalid_choice": "Choose one of the ratings of this plan"},
    )
    progress = forms.CharField(label=LABELS["progress"], required=False, widget=forms.Textarea)
    difference_made = forms.CharField(label=LABELS["difference_made"], required=False, widget=forms.Textarea)
    risk = forms.CharField(label=LABELS["risk"], required=False, widget=forms.Textarea)
    voice = forms.CharField(label=LABELS["voice"], required=False, widget=forms.Textarea)
    worse_reason = forms.CharField(label=LABELS["worse_reason"], required=False, widget=forms.Textarea)
    done_on = WrittenDay(label="When was it done?", required=False)
    link = forms.CharField(label="Link to evidence", required=False, max_length=500)
    link_label = forms.CharField(label="What it shows", required=False, max_length=200)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, data, *, line):
        super().__init__(data)
        self.line = line
        by_key = {str(rating.pk): rating for rating in line.ratings}
        self.fields["rating"].choices = [(key, rating.word) for key, rating in by_key.items()]
        self.fields["rating"].coerce = by_key.get
        self.fields["rating"].empty_value = None
        for activity in line.activities:
            self.fields[f"date_{activity.pk}"] = forms.CharField(required=False, max_length=3)
            self.fields[f"words_{activity.pk}"] = forms.CharField(required=False, max_length=LONGEST_CELL)
            self.fields[f"why_{activity.pk}"] = forms.CharField(required=False, max_length=LONGEST_ANSWER)
            self.fields[f"day_{activity.pk}"] = forms.CharField(required=False, max_length=LONGEST_DAY)
            self.fields[f"because_{activity.pk}"] = forms.ChoiceField(
                required=False, choices=[("", "None of these"), *((each, each) for each in REASONS)]
            )

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link:
            URLValidator(schemes=["https"], message=ONLY_HTTPS)(link)
        return link

    def clean(self):
        cleaned = super().clean()
        # A link typed here and not added yet is evidence as soon as the answer is sent.
        has_evidence = bool(self.line.evidence or cleaned.get("link"))
        for name, said in problems_of(self.answers, last=self.line.last, has_evidence=has_evidence, on=self.line.on):
            if name not in self.errors:
                self.errors[name] = self.error_class([said])
        return cleaned

    @property
    def answers(self):
        """What ``send_line`` takes."""
        cleaned = self.cleaned_data
        return {name: cleaned.get(name) or "" for name in WORDS} | {
            "rating": cleaned.get("rating"),
            "done_on": cleaned.get("done_on"),
            "moves": [
                self._move(each, {name: cleaned.get(f"{name}_{each.pk}") or "" for name in MOVED})
                for each in self.line.activities
                if cleaned.get(f"date_{each.pk}") == "no"
            ],
        }

    def _move(self, activity, said):
        """What is written goes before the day that was chosen; a reason chosen goes before what is written of it."""
        why = ". ".join(filter(None, [said["because"], said["why"]]))
        return Move(activity.activity, said["words"] or said["day"], why)


def typed_of(data, line):
    """{field: words} that a page's ``data`` holds for a line, as they were typed; None where it is not in it."""
    start = prefix_of(line)
    found = {key.removeprefix(start): data[key].replace("\x00", "") for key in data if key.startswith(start)}
    return found or None


def from_last_time(line, values):
    """``values`` with what was said last time in the boxes that are empty. How it is going is judged anew."""
    said = values_of(line.last) if line.last else {}
    return values | {name: said.get(name, "") for name in REPEATED if not values.get(name, "").strip()}


def prefix_of(line):
    return f"d{line.pk}-"


def values_of(update):
    """The fields as they would be typed to send ``update`` again."""
    if update is None:
        return {}
    values = {name: getattr(update, name) for name in WORDS} | {"rating": str(update.rating_id)}
    if update.done_on:
        values["done_on"] = f"{update.done_on.day} {update.done_on:%B %Y}"
    for move in getattr(update, "moves", ()):
        values |= {
            f"date_{move.activity_id}": "no",
            f"words_{move.activity_id}": move.after_text,
            **dict(zip((f"because_{move.activity_id}", f"why_{move.activity_id}"), parts_of(move.reason), strict=True)),
        }
    return values


def parts_of(reason):
    """(the reason that was chosen, what was written of it), as ``UpdateForm`` puts them together."""
    chosen = next((each for each in REASONS if f"{reason}. ".startswith(f"{each}. ")), "")
    return (chosen, reason.removeprefix(chosen).removeprefix(". ")) if chosen else ("", reason)


@dataclass
class Box:
    """One question of a line, as its template draws it."""

    id: str
    name: str
    label: str
    value: str
    hint: str = ""
    error: str = ""

    @property
    def described_by(self):
        parts = [f"{self.id}-hint"] * bool(self.hint) + [f"{self.id}-error"] * bool(self.error)
        return " ".join(parts)


@dataclass
class DateQuestion:
    """Is an activity's date still right? With what a lead would put in its place."""

    line: object
    choice: Box
    words: Box
    day: Box
    because: Box
    why: Box
    reading: str
    days: list

    @property
    def is_no(self):
        return self.choice.value == "no"


@dataclass
class ShownLine:
    """A line of the page with what stands in its boxes: typed just now, kept as a draft, sent, or nothing yet.

    Plain values and no form: the page draws up to sixty lines of them. ``errors``: {field: sentence};
    ``other``: somebody else's answer that came in meanwhile.
    """

    line: Line
    values: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    other: object = None
    is_open: bool = True
    urls: dict = field(default_factory=dict)

    @property
    def said(self):
        """What is wrong with the line as a whole."""
        return self.errors.get("", "")

    @property
    def pk(self):
        return self.line.pk

    @property
    def prefix(self):
        return prefix_of(self.line)

    @property
    def seen(self):
        return self.line.current.pk if self.line.current else 0

    def box(self, name, label="", hint=""):
        key = self.prefix + name
        return Box(key, key, label, self.values.get(name, ""), hint, self.errors.get(name, ""))

    @property
    def short(self):
        return [self.box(name, LABELS[name]) for name in REPEATED]

    @property
    def may_start(self):
        """Whether last time's words may be changed into this time's: there are some, and nothing is typed yet."""
        return self.line.last is not None and not self.values.get("progress")

    @property
    def voice(self):
        return self.box("voice", LABELS["voice"], HINTS["voice"])

    @property
    def worse(self):
        return self.box("worse_reason", LABELS["worse_reason"], HINTS["worse_reason"])

    @property
    def done_on(self):
        return self.box("done_on", "When was it done?", "Like 15 October 2026. Leave it empty for today.")

    @property
    def rating(self):
        return self.box("rating", "How is it going?")

    @property
    def files(self):
        return self.box("files", "Add files", "PDF, Word, Excel, PowerPoint or a picture, up to 10 MB each.")

    @property
    def link(self):
        return self.box("link", "Or a link", "It starts with https://")

    @property
    def link_label(self):
        return self.box("link_label", "What it shows")

    @property
    def choices(self):
        """(rating, whether chosen, its classes as a choice): worse than last time, done."""
        last = self.line.last.rating if self.line.last else None
        for rating in self.line.ratings:
            classes = ["worse"] * rating.is_worse_than(last) + ["done"] * rating.is_done
            yield rating, self.values.get("rating") == str(rating.pk), " ".join(classes)

    @property
    def dates(self):
        for activity in self.line.activities:
            if not activity.is_asked:
                continue
            words = self.box(f"words_{activity.pk}", "Or in your own words", "For example “end of April”")
            day = self.box(f"day_{activity.pk}", "New date")
            said = words.value or day.value
            days = days_offered(activity, self.line)
            if any(words.value == offered for offered, _what in days):  # chosen then: to be chosen anew, not typed over
                day.value, words.value = words.value, ""
            yield DateQuestion(
                line=activity,
                choice=self.box(f"date_{activity.pk}", activity.asks),
                words=words,
                day=day,
                because=self.box(f"because_{activity.pk}", "Why it moved"),
                why=self.box(
                    f"why_{activity.pk}", "In your own words", "The plan shows the reason beside the old date"
                ),
                reading=reading_of(said, activity, self.line.plan) if said else "",
                days=days,
            )

    @property
    def problems(self):
        """(sentence, the id it goes to) for the summary."""
        return [(said, self._goes_to(name)) for name, said in self.errors.items()]

    def _goes_to(self, name):
        if name == "rating" and self.line.ratings:
            return f"{self.prefix}rating-{self.line.ratings[0].pk}"
        return self.prefix + name if name else f"line-{self.pk}"


def days_offered(activity, line):
    """[(a day in words, what it is)] after the date that stands and after today, the nearest first."""
    after = max(activity.last_due_on or line.on, line.on)
    found = {line.plan.ends_on: "the end of the plan"}
    looked_at = min((each.held_on for each in line.plan.review_dates.all() if each.held_on > after), default=after)
    found |= {looked_at: "when the plan is looked at", a_month_after(after): "a month later"}
    return [(f"{day.day} {day:%B %Y}", what) for day, what in sorted(found.items()) if day > after]


def a_month_after(day):
    """31 January gives 28 February, and 28 February 31 March: the end of a month stays one."""
    first = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    last, next_last = (monthrange(each.year, each.month)[1] for each in (day, first))
    return first.replace(day=next_last if day.day == last else min(day.day, next_last))


def reading_of(words, activity, plan):
    """What we make of a new date, and how far it is from the old one."""
    reading = read_in(plan, words[:LONGEST_CELL])
    said, new = describe(reading), max(reading.dates, default=None)
    if new is None or activity.last_due_on is None:
        return said
    days = (new - activity.last_due_on).days
    if not days:
        return f"{said}, the same day as now"
    many = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{said}, {many} {'later' if days > 0 else 'earlier'}"
