"""Made-up things for the page that shows every component in every state (templates/design.html).

A new small part is put there first, then used on a page.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import django_filters
import django_tables2 as tables
from django import forms
from django.core.paginator import Paginator
from django.forms.models import ModelChoiceIteratorValue

from partnership.forms import PlannerForm, RatingSelect
from partnership.lists import DayColumn, NumberColumn, PoundsColumn, RecordFilter, RecordTable
from partnership.models import Organisation

TODAY = datetime.date(2027, 1, 12)


@dataclass(frozen=True)
class ExampleRating:
    code: str
    word: str
    meaning: str
    token: str
    shape: str


BLUE = ExampleRating("B", "Blue", "done, difference shown", "blue", "square")
GREEN = ExampleRating("G", "Green", "on track", "green", "circle")
AMBER = ExampleRating("A", "Amber", "at risk", "amber", "triangle")
RED = ExampleRating("R", "Red", "off track", "red", "diamond")
PAUSED = ExampleRating("P", "Paused", "by decision of the board", "grey", "circle")


@dataclass(frozen=True)
class ExamplePoint:
    label: str
    rating: ExampleRating | None
    is_proposed: bool = False
    url: str = ""


@dataclass(frozen=True)
class ExampleBuild:
    """A file while a worker makes it, as in ``partnership.builds``; ``total_count`` is 0 until it is known."""

    heading: str
    step: str
    done_count: int
    total_count: int

    def get_absolute_url(self):
        return "#being-made"


@dataclass(frozen=True)
class ExampleMessage:
    level_tag: str
    words: str

    def __str__(self):
        return self.words


@dataclass(frozen=True)
class ExampleFile:
    title: str
    filename: str
    size: int
    page_count: int | None = None

    def get_absolute_url(self):
        return "#files"


@dataclass(frozen=True)
class ExampleLine:
    """A row of the list of deadlines."""

    due_on: datetime.date
    title: str
    is_late: bool
    said: str
    action: str


class ExampleRatingForm(PlannerForm):
    """The question of a priority review; its choices say which rating they are, as those of a ModelChoiceField do."""

    rating = forms.ChoiceField(
        label="How is it going?",
        widget=RatingSelect,
        choices=[(ModelChoiceIteratorValue(each.code, each), each.word) for each in (BLUE, GREEN, AMBER, RED, PAUSED)],
        error_messages={"required": "Choose how it is going"},
    )


class ExampleForm(PlannerForm):
    """One field of each kind."""

    submit_label = "Send my answer"

    title = forms.CharField(label="Name of the audit", max_length=60)
    held_on = forms.DateField(label="When was it held?", help_text="For example 27 3 2027, or 27 March 2027")
    happened = forms.CharField(label="What has happened?", widget=forms.Textarea, help_text="Two or three sentences")
    lead = forms.ChoiceField(label="Lead", choices=[("", "---------"), ("1", "Designated Doctor"), ("2", "Chair")])
    still_right = forms.ChoiceField(
        label="Is 28 February 2027 still right?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No, it needs a new date")],
    )
    areas = forms.MultipleChoiceField(
        label="Areas",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("av", "Ashford Vale"), ("mb", "Millbrook")],
    )
    evidence = forms.FileField(label="Evidence", help_text="PDF or Word, up to 25 MB")
    email = forms.EmailField(label="E-mail address", required=False)
    agreed = forms.BooleanField(label="The group has agreed these words")


class ExampleTable(RecordTable):
    """One column of each kind."""

    caption = "Contributions"
    name = tables.Column("Organisation")
    since = DayColumn("Member since")
    amount = PoundsColumn(verbose_name="Contribution")
    people = NumberColumn("People")
    note = tables.Column("Note", orderable=False)


class ExampleFilter(RecordFilter):
    search_fields = ("name",)
    kind = django_filters.ChoiceFilter(label="Kind", empty_label="Any kind", choices=Organisation.Kind.choices)
    first = django_filters.DateFilter(label="From", field_name="valid_from")


def example_list():
    """What a RecordList puts into the context of its page; nothing is asked of the database."""
    rows = [
        {
            "name": "Ashford Vale County Council",
            "since": TODAY,
            "amount": Decimal("58200.00"),
            "people": 12,
            "note": "",
        },
        {"name": "Lantern Family Trust", "since": None, "amount": Decimal("900.50"), "people": 1, "note": "In kind"},
    ]
    table = ExampleTable(rows, order_by="-amount")
    return {
        "table": table,
        "filter": ExampleFilter({}, queryset=Organisation.objects.none()),
        "row_count": len(rows),
        "page_obj": table.paginate().page,
    }


def unanswered():
    return ExampleForm(auto_id="id_a_%s", cancel_url="#forms")


def with_errors():
    given = {"held_on_day": "31", "held_on_year": "2027", "email": "nobody", "areas": ["av"]}
    return ExampleForm(given, {}, auto_id="id_b_%s", cancel_url="#forms")


def examples():
    """The context of design.html."""
    return {
        "ratings": [BLUE, GREEN, AMBER, RED, PAUSED, None],
        "amber": AMBER,
        "green": GREEN,
        "points": [
            ExamplePoint("Jan–Mar", None),
            ExamplePoint("Apr–Jun", GREEN, url="#ratings"),
            ExamplePoint("Jul–Sep", RED, url="#ratings"),
            ExamplePoint("Oct–Dec", AMBER, is_proposed=True, url="#ratings"),
        ],
        "lines": [
            ExampleLine(datetime.date(2027, 1, 8), "Comments on the report", True, "4 days late", "Comment"),
            ExampleLine(
                datetime.date(2027, 1, 22),
                "Update your 5 lines of the plan",
                False,
                "In 8 working days. 2 of 5 answered",
                "Carry on",
            ),
        ],
        "files": [
            ExampleFile("Annual report 2025 to 2026", "annual-report.pdf", 1_230_000, 48),
            ExampleFile("Voice of fathers, summary", "voice.docx", 340_000),
        ],
        "crumbs": [("Ashford Vale and Millbrook", "#"), ("Plans", "#"), ("2026 to 2027", None)],
        "page_obj": Paginator(range(120), 10).page(3),
        "late_on": datetime.date(2027, 1, 8),
        "today": TODAY,
        "list": example_list(),
        "names": ["Ashford Vale", "Millbrook", "St Brannoc"],
        "chosen": ExampleRatingForm({"rating": "G"}, auto_id="id_c_%s"),
        "unchosen": ExampleRatingForm({}, auto_id="id_d_%s"),
        "builds": [
            ExampleBuild("The report waits for its turn", "Waiting", 0, 0),
            ExampleBuild("The report is being made", "Page 31 of 48", 31, 48),
        ],
        "said": [
            ExampleMessage("success", "Your update was sent"),
            ExampleMessage("info", "The round closes on Friday"),
            ExampleMessage("error", "The file was not taken. Save it as PDF and try again"),
        ],
        "demo_frame": {"is_demo": True},
        "office": {"office_email": "office@example.org"},
        "unanswered": unanswered(),
        "with_errors": with_errors(),
    }
