"""What came of a survey: who has answered by phase and area, counts and shares by question, what is weak."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q
from tablib import Dataset

from assurance.models import SchoolAnswer, SchoolQuestion, SchoolReturn
from assurance.schools.answering import choices_of, said_in_words, written

Kind = SchoolQuestion.Kind

NO_PHASE = "No phase named"
WEAK_AT = Decimal("0.5")  # of the way from the worst to the best score
WEAKEST_SHOWN = 5
MOST_WORDS = 50  # answers in words on the page; the Excel file has them all


def per_cent(part, whole):
    """ "43%" of 3 of 7; "–" of none."""
    return f"{round(100 * part / whole)}%" if whole else "–"


# Who has answered


@dataclass
class Cell:
    """Schools of one phase and area: how many were asked, have answered, are excused. ``area``: (key, name)."""

    asked: int = 0
    answered: int = 0
    excused: int = 0
    area: tuple = ()

    @property
    def waiting(self):
        return self.asked - self.answered - self.excused

    @property
    def share(self):
        """Of those that are not excused."""
        return per_cent(self.answered, self.asked - self.excused)

    def add(self, other):
        self.asked += other.asked
        self.answered += other.answered
        self.excused += other.excused


@dataclass
class Turnout:
    """``rows``: [(phase, [Cell of each area], Cell of all)]; ``columns``: a Cell of all phases for each area."""

    rows: list
    columns: list
    total: Cell


def turnout(survey):
    """Who has answered ``survey``, by phase and area: one query."""
    counts = (
        SchoolReturn.objects.filter(survey=survey)
        .order_by()
        .values_list("school__phase", "school__area", "school__area__name")
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=Q(submitted_at__isnull=False)),
            excused=Count("pk", filter=Q(excused_on__isnull=False, submitted_at=None)),
        )
    )
    cells, areas = {}, {}
    for phase, area, name, asked, answered, excused in counts:
        areas[area] = name
        cells[phase, area] = Cell(asked, answered, excused)
    ordered = sorted(areas.items(), key=lambda item: item[1])
    rows, columns, total = [], [Cell(area=area) for area in ordered], Cell()
    for phase in sorted({phase for phase, _area in cells}, key=phase_order):
        line, own = [], Cell()
        for column in columns:
            cell = cells.get((phase, column.area[0]), Cell())
            cell.area = column.area
            line.append(cell)
            own.add(cell)
            column.add(cell)
        rows.append((phase, line, own))
        total.add(own)
    return Turnout(rows, columns, total)


PHASES = (
    "Nursery",
    "Primary",
    "Middle deemed primary",
    "Middle deemed secondary",
    "Secondary",
    "16 plus",
    "All-through",
)


def phase_order(phase):
    """As children grow; what is named otherwise after them, and no phase last."""
    return (not phase, PHASES.index(phase) if phase in PHASES else len(PHASES), phase)


# What they said


@dataclass
class Result:
    """One question. ``choices``: [(words, count, share)]; ``by_phase``: [(phase, answered, [(words, share)])].

    ``weak``: how many score below the middle of the scale; ``total`` and ``middle`` (median) of numbers, in words.
    """

    question: object
    answered: int
    choices: list
    by_phase: list
    weak: int = 0
    is_score: bool = False
    total: str = ""
    middle: str = ""

    @property
    def weak_share(self):
        return per_cent(self.weak, self.answered)


def results_of(survey):
    """A Result for each question, of the answers that were submitted: two queries and those of the scales."""
    questions = list(survey.questions.select_related("scale").prefetch_related("scale__points"))
    counts = defaultdict(lambda: defaultdict(Counter))
    given = SchoolAnswer.objects.filter(record__survey=survey, record__submitted_at__isnull=False)
    given = given.exclude(Q(value="") & Q(text=""))
    for question, phase, value, count in (
        given.order_by().values_list("question", "record__school__phase", "value").annotate(count=Count("pk"))
    ):
        counts[question][phase][value] += count
    return [result_of(question, counts[question.pk]) for question in questions]


def result_of(question, by_phase):
    """``by_phase``: {phase: Counter of values}."""
    if question.kind == Kind.TEXT:
        return Result(question, sum(each.total() for each in by_phase.values()), [], [])
    by_phase = {phase: Counter({v: n for v, n in values.items() if v}) for phase, values in by_phase.items()}
    values = sum(by_phase.values(), Counter())
    result = Result(question, values.total(), [], [], is_score=question.kind == Kind.SCORE)
    if question.kind == Kind.NUMBER:
        result.total, result.middle = sum_and_middle(values)
        return result
    keys = [value for value, _words in choices_of(question)] or sorted(values, key=Decimal)
    result.choices = [
        (said_in_words(question, value), values[value], per_cent(values[value], result.answered)) for value in keys
    ]
    result.by_phase = [
        (
            phase or NO_PHASE,
            own.total(),
            [(said_in_words(question, value), per_cent(own[value], own.total())) for value in keys],
        )
        for phase, own in sorted(by_phase.items(), key=lambda item: phase_order(item[0]))
        if own.total()
    ]
    if result.is_score:
        result.weak = sum(n for value, n in values.items() if question.scale.share(Decimal(value)) < WEAK_AT)
    return result


def sum_and_middle(values):
    """(sum, median) in words of {number as text: how often}."""
    numbers = sorted(Decimal(value) for value, count in values.items() for _each in range(count))
    if not numbers:
        return "", ""
    half = len(numbers) // 2
    middle = numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2
    return written(sum(numbers)), written(middle)


def weakest(results):
    """The standards that most schools find themselves weak in, the weakest first."""
    weak = [result for result in results if result.is_score and result.weak]
    return sorted(weak, key=lambda result: -result.weak / result.answered)[:WEAKEST_SHOWN]


def words_of(survey):
    """{question's key: [(school, words)]} of what was written, the first of each; one query."""
    given = SchoolAnswer.objects.filter(record__survey=survey, record__submitted_at__isnull=False).exclude(text="")
    found = defaultdict(list)
    for question, school, text in given.order_by("record__school__name").values_list(
        "question", "record__school__name", "text"
    ):
        if len(found[question]) < MOST_WORDS:
            found[question].append((school, text))
    return dict(found)


def as_dataset(survey):
    """Every school asked in a row, with each answer that was submitted: for Excel and CSV."""
    questions = list(survey.questions.select_related("scale").prefetch_related("scale__points"))
    headers = ["URN", "School", "Area", "Phase", "Trust", "Answer", "Answered by", "Submitted"]
    for question in questions:
        if question.kind != Kind.TEXT:
            headers.append(question.text)
        headers.append(f"{question.text} (words)" if question.kind != Kind.TEXT else question.text)
    data = Dataset(title=survey.title, headers=headers)
    said = defaultdict(dict)
    given = SchoolAnswer.objects.filter(record__survey=survey, record__submitted_at__isnull=False)
    for record, question, value, text in given.order_by().values_list("record", "question", "value", "text"):
        said[record][question] = (value, text)
    returns = survey.returns.select_related("school__area").order_by("school__name", "school__urn")
    for record in returns:
        school = record.school
        row = [school.urn, school.name, school.area.name, school.phase, school.trust, state_in_words(record)]
        row += [record.answered_by, record.submitted_at]
        for question in questions:
            value, text = said[record.pk].get(question.pk, ("", ""))
            if question.kind != Kind.TEXT:
                row.append(Decimal(value) if question.kind == Kind.NUMBER and value else said_in_words(question, value))
            row.append(text)
        data.append(row)
    return data


def state_in_words(record):
    if record.submitted_at:
        return "Submitted"
    return "Excused" if record.excused_on else "Not submitted"
