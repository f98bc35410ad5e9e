"""Rows of cases and practice reviews: Ashford Vale's case review group alone learns that they exist."""

from assurance.sample.load_practice import load_practice
from assurance.sample.load_summaries import load_summaries
from assurance.sample.reviews import CASES
from partnership.models import Area
from reviews.cases import find_not_met, open_case, record_stage
from reviews.models import Theme
from reviews.panel import answer_letter, keep_letter


def load_reviews(cast):
    """Cases of Ashford Vale: one at its beginning, one late, one under review, one closed."""
    for row in CASES:
        load_case(cast, row)
    load_summaries(cast)
    load_practice(cast)


def load_case(cast, row):
    day, partnership = cast.calendar.day, cast.partnerships["AV"]
    case = open_case(
        partnership=partnership,
        aware_on=day(row["aware"]),
        themes=Theme.objects.filter(title__in=row["themes"]),
        agencies=[cast.agencies[name] for name in row.get("agencies", [])],
        area=Area.objects.filter(partnerships=partnership).first(),
        reference=row["reference"],
        category=row["category"],
        summary=row["summary"],
    )
    stages = {stage.code: stage for stage in case.stages.all()}
    for code, done in row["stages"].items():
        record_stage(stages[code], done_on=day(done), late_because=row.get("late", "Bank holidays lay in between."))
    for letter in row.get("letters", []):
        load_letter(case, letter, day=day)
    if "not_met" in row:
        closed, because = row["not_met"]
        find_not_met(case, closed_on=day(closed), because=because)


def load_letter(case, row, *, day):
    letter = keep_letter(
        case,
        received_on=day(row["received"]),
        view=row["view"],
        words=row["words"],
        points=[point for point, _response in row["points"]],
    )
    given = [response for _point, response in row["points"]]
    responses = {point.pk: response for point, response in zip(letter.points.all(), given, strict=True)}
    answered = row.get("answered")
    answer_letter(
        letter,
        responses=responses,
        answered_on=None if answered is None else day(answered),
        late_because="Bank holidays lay in between.",
    )
