"""Neighbouring partnerships of an invented nation, whole: all of their years in one transaction."""

import random
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction

from assurance.models import AssuranceLevel
from assurance.nation import records, returns
from partnership.models import Partnership, Rule, RuleSet
from partnership.nation.land import make_homes, slug_of
from partnership.nation.meetings import make_budget, make_meetings
from partnership.nation.rows import SOURCE, Rows, histories
from partnership.nation.words import Words
from partnership.row_security import all_rows
from plans.models import RatingKey
from plans.nation import make_plan, publish_plans
from reviews.nation import make_cases
from training.nation import make_courses, make_practitioners, make_training_year

YEAR_BEGINS = 4  # in April
RULE_SET = "wt2023"
SOURCES = ("sample", SOURCE)


@dataclass(frozen=True)
class Nation:
    """``years`` end with the one that runs on the day ``on``. The same ``seed`` gives the same content."""

    seed: int
    years: int
    on: date
    joint_of: int = 2  # of so many pairs of neighbours, one has a joint plan besides
    counts: dict = field(default_factory=dict, compare=False)

    @property
    def starts(self):
        """The first day of each year."""
        newest = date(self.on.year - (self.on.month < YEAR_BEGINS), YEAR_BEGINS, 1)
        return [newest.replace(year=newest.year - back) for back in reversed(range(self.years))]


def strangers():
    """Names of the partnerships here that neither the sample nor a nation brought."""
    made = histories()[Partnership._meta.db_table].objects.filter(
        pgh_label="insert", pgh_context__metadata__source__in=SOURCES
    )
    return list(
        Partnership.objects.exclude(pk__in=made.values("pgh_obj_id")).order_by("name").values_list("name", flat=True)
    )


def are_there(numbers):
    return Partnership.objects.filter(slug__in=[slug_of(number) for number in numbers]).exists()


def make_neighbours(nation, numbers):
    """Make the partnerships of these numbers, all or nothing; gives how many rows, without their history."""
    rng = random.Random(f"{nation.seed}-{numbers[0]}")  # noqa: S311  # nosec B311
    with all_rows(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        rows, words = Rows(rng), Words(rng)
        making = Making(nation, rows, words)
        homes = make_homes(numbers, rows=rows, words=words, begins_on=nation.starts[0], on=nation.on)
        for home in homes:
            making.make(home)
        if homes[1:] and (numbers[0] // 2) % nation.joint_of == 0:
            making.make_plans(homes)
        written = rows.flush()
        publish_plans(making.publishers, rows=rows)
        written += rows.flush()
    for label, count in rows.counts.items():
        nation.counts[label] = nation.counts.get(label, 0) + count
    return written


class Making:
    def __init__(self, nation, rows, words):
        self.nation, self.rows, self.words = nation, rows, words
        self.key = RatingKey.objects.usual()
        self.ratings = list(self.key.ratings.order_by("position").values_list("pk", flat=True))
        self.levels = list(
            AssuranceLevel.objects.filter(partnership=None, retired_on=None).values_list("pk", flat=True)
        )
        self.rule_set = RuleSet.objects.get(code=RULE_SET).pk
        headings = Rule.objects.filter(rule_set=self.rule_set, unit=Rule.Unit.HEADING).order_by("position")
        self.headings = list(headings.values_list("pk", "title"))
        self.publishers = {}

    def make_plans(self, homes):
        """A plan a year, each after the one before; gives the keys of each year's priorities."""
        before, priorities = None, []
        for year in self.nation.starts:
            before, of_year = make_plan(
                homes,
                year,
                key=self.key.pk,
                ratings=self.ratings,
                rows=self.rows,
                words=self.words,
                on=self.nation.on,
                follows=before,
            )
            self.publishers[before] = homes[0].manager
            priorities.append(of_year)
        return priorities

    def make(self, home):
        nation = self.nation
        told = {"rows": self.rows, "words": self.words}
        priorities = self.make_plans([home])
        indicators = records.make_indicators(home, **told)
        schools = returns.make_schools(home, **told)
        practitioners, courses = make_practitioners(home, **told), make_courses(home, **told)
        told["on"] = nation.on
        for year, of_year in zip(nation.starts, priorities, strict=True):
            make_meetings(home, year, **told)
            make_budget(home, year, **told)
            make_training_year(home, year, courses, practitioners, **told)
            make_cases(home, year, **told)
            records.make_values(home, year, indicators, **told)
            records.make_voices(home, year, of_year, **told)
            records.make_risks(home, year, of_year, **told)
            records.make_challenges(home, year, **told)
            records.make_timetable(home, year, of_year, **told)
            returns.make_request(home, year, self.levels, **told)
            returns.make_survey(home, year, schools, **told)
            returns.make_report(home, year, self.rule_set, self.headings, **told)
