"""Forms of a tracker that came back: the file, and what the office makes of each of its rows."""

from django import forms

from partnership.forms import PlannerForm
from plans.answering import WORDS
from plans.models import Update
from plans.responders import rows_of
from plans.tracker_importing import LONGEST_WORDS, WANTED, Answer, moves_of, with_activities

KEEP, TAKE = "keep", "take"
# Where a rule of answering speaks of a field that is not on the page.
SHOWN_AT = {"files": "rating", "done_on": "rating", "risk": "progress", "voice": "progress"}


class TrackerForm(PlannerForm):
    submit_label = "Read the tracker"

    document = forms.FileField(
        label="The tracker",
        help_text="An Excel workbook (.xlsx), a Word document (.docx) or a CSV file, at most 25 MB. It is only read: "
        "nothing is put into the round until you say yes.",
        error_messages={"required": "Choose the file that came back"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].widget.attrs["accept"] = ",".join(WANTED)


class RowForm(PlannerForm):
    """One row: which deliverable it is of, and its answer.

    ``row``: as it was staged; ``current`` and ``last``: what was answered in this round and before it, by deliverable.
    """

    deliverable = forms.TypedChoiceField(label="Which deliverable is it?", required=False, coerce=int, empty_value=None)
    rating = forms.TypedChoiceField(label="Rating", required=False, coerce=int, empty_value=None)
    progress = forms.CharField(
        label="What has happened", required=False, max_length=LONGEST_WORDS, widget=forms.Textarea({"rows": 3})
    )
    difference_made = forms.CharField(
        label="What difference it made", required=False, max_length=LONGEST_WORDS, widget=forms.Textarea({"rows": 2})
    )
    worse_reason = forms.CharField(
        label="Why it is worse", required=False, max_length=LONGEST_WORDS, widget=forms.Textarea({"rows": 2})
    )
    which = forms.ChoiceField(
        label="Answered already", required=False, choices=[(KEEP, "Keep what was sent"), (TAKE, "Take the tracker’s")]
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, number, row, deliverables, ratings, current, last, **kwargs):
        self.number, self.row = number, row
        self.deliverables = {each.pk: each for each in deliverables}
        self.ratings = {each.pk: each for each in ratings}
        self.believed = self.deliverables.get(row["deliverable"])
        self.current = current.get(row["deliverable"])
        self.last = last.get(row["deliverable"])
        initial = {name: row[name] for name in ("deliverable", "rating", "progress", "difference_made", "worse_reason")}
        initial |= {"which": KEEP, "seen": self.current.pk if self.current else None}
        super().__init__(*args, initial=initial, prefix=f"row-{number}", **kwargs)
        self.fields["deliverable"].choices = [
            ("", "Leave it out"),
            *((pk, str(each)[:110]) for pk, each in self.deliverables.items()),
        ]
        self.fields["rating"].choices = [("", "Choose one"), *((pk, each.word) for pk, each in self.ratings.items())]

    @property
    def is_left_out(self):
        return not self.chosen

    @property
    def chosen(self):
        """The deliverable that the row is of, as it was chosen, else as it is believed."""
        if not self.is_bound:
            return self.believed
        return self.deliverables.get(self.cleaned_data.get("deliverable")) if hasattr(self, "cleaned_data") else None

    @property
    def moves(self):
        return moves_of(self.row, self.chosen or self.believed) if self.chosen or self.believed else ([], [])

    @property
    def needs_more(self):
        """Whether the row should show the two reasons that only some ratings need."""
        rating = self.ratings.get(self.row["rating"])
        is_worse = rating and self.last and rating.is_worse_than(self.last.rating)
        typed = self.row["difference_made"] or self.row["worse_reason"]
        wrong = {"difference_made", "worse_reason"} & set(self.errors) if self.is_bound else None
        return bool(typed or is_worse or wrong or (rating and (rating.is_done or rating.needs_evidence)))

    def answer(self):
        """The ``Answer`` that the row comes to; None where it is left out."""
        cleaned, deliverable = self.cleaned_data, self.chosen
        if deliverable is None:
            return None
        words = {name: self.row.get(name, "") for name in WORDS}
        words |= {name: cleaned[name] for name in ("progress", "difference_made", "worse_reason")}
        is_believed = deliverable == self.believed
        return Answer(
            number=self.number,
            deliverable=deliverable,
            rating=self.ratings.get(cleaned["rating"]),
            words=words,
            done_on=forms.DateField(required=False).clean(self.row["done_on"]),
            moves=self.moves[0],
            take=cleaned["which"] == TAKE,
            seen=(cleaned["seen"] or 0) if is_believed else None,
        )

    def say(self, problems):
        """Put ``problems``, [(field, sentence)], beside their fields."""
        for name, said in problems:
            name = SHOWN_AT.get(name, name)
            self.add_error(name if name in self.fields else "deliverable", said)


def forms_of(staged, data=None, *, on):
    """A form for each row that was read. Seven queries, whatever their number."""
    round = staged.round
    deliverables = list(with_activities(rows_of(round, on=on)))
    current = round.updates.current().select_related("rating", "submitted_by")
    shared = {
        "deliverables": deliverables,
        "ratings": round.plan.ratings,
        "current": {each.deliverable_id: each for each in current},
        "last": last_words(round),
    }
    return [RowForm(data, number=number, row=row, **shared) for number, row in enumerate(staged.understood["rows"])]


def last_words(round):
    """{deliverable's key: its last update before the round}. One query."""
    before = Update.objects.current().filter(round__plan=round.plan_id, round__closes_on__lt=round.closes_on)
    return {each.deliverable_id: each for each in before.select_related("rating").order_by("round__closes_on")}
