"""Which figures of evaluations are told, and which not because they would say what one person answered.

Figures of one stage at one event are told once its questions are closed there, so that nobody can watch an answer
arrive, and from the policy's ``fewest_answers`` on. The same answer can be told of several groups of people: of those
who answered before and after, of all who answered after. A group is told only where no sum or difference of what is
told of that answer is about fewer people: of six who answered after, five of whom answered before too, the five are
told and the six are not, or the sixth would be. What closed first is decided first and stays told.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations

from training.models import Evaluation
from training.models.evaluations import MANAGER_DAYS

Stage = Evaluation.Stage
FEWEST = 5


@dataclass(frozen=True)
class Group:
    """The people of one event of whom something could be told from ``closes_on`` on, and of which answers it speaks."""

    name: str
    people: frozenset
    closes_on: date
    answers: tuple


LEARNED, KEPT, USEFULNESS, CHANGED = "learned", "kept", "usefulness", "changed"
MANAGER, AGREES = "manager", "agrees"


def told_groups(rows, *, on, fewest):
    """``{name: people}`` of the groups of one event that are told; ``rows``: ``{stage: {place: row}}``.

    Decided in the order in which they closed, so that a later answer never takes back what was told. Whoever asks for
    more than five is told less, and never of other groups: nobody learns more by asking for five and then for seven.
    """
    groups = sorted(groups_in(rows), key=lambda group: group.closes_on)
    groups = [group for group in groups if group.closes_on < on]
    told = apart(groups, FEWEST)
    return told if fewest <= FEWEST else apart([group for group in groups if group.name in told], fewest)


def apart(groups, fewest):
    """``{name: people}`` of those that can be told one after another."""
    told, groups_of = {}, defaultdict(list)
    for group in groups:
        if len(group.people) < fewest:
            continue
        if all(tells_of_enough([*groups_of[answer], group.people], fewest) for answer in group.answers):
            told[group.name] = group.people
            for answer in group.answers:
                groups_of[answer].append(group.people)
    return told


def groups_in(rows):
    """Of those that close on one day the first is decided first: what changed in the same people says most."""
    closes_on = {stage: max(row.closes_on for row in own.values()) for stage, own in rows.items()}
    said = {stage: whole_answers(rows.get(stage, {})) for stage in Stage}
    if Stage.AFTER in rows:
        both, closed = said[Stage.BEFORE] & said[Stage.AFTER], closes_on[Stage.AFTER]
        yield Group(USEFULNESS, said[Stage.AFTER], closed, (USEFULNESS,))
        yield Group(LEARNED, both, max(closed, closes_on.get(Stage.BEFORE, closed)), (Stage.BEFORE, Stage.AFTER))
        yield Group(Stage.AFTER, said[Stage.AFTER], closed, (Stage.AFTER,))
    if Stage.LATER in rows:
        closed, managed_until = closes_on[Stage.LATER], closes_on[Stage.LATER] + MANAGER_DAYS
        with_manager = frozenset(
            place for place in said[Stage.LATER] if rows[Stage.LATER][place].manager_answered_at is not None
        )
        yield Group(CHANGED, said[Stage.LATER], closed, (CHANGED,))
        yield Group(KEPT, said[Stage.BEFORE] & said[Stage.LATER], closed, (Stage.BEFORE, Stage.LATER))
        yield Group(Stage.LATER, said[Stage.LATER], closed, (Stage.LATER,))
        yield Group(Stage.BEFORE, said[Stage.BEFORE], closed, (Stage.BEFORE,))
        yield Group(MANAGER, with_manager, managed_until, (MANAGER,))
        yield Group(AGREES, with_manager, managed_until, (CHANGED,))


def whole_answers(rows):
    return frozenset(place for place, row in rows.items() if is_whole(row))


def is_whole(row):
    """Whether every question was answered whose answer is a figure."""
    figures = {Stage.BEFORE: (), Stage.AFTER: (row.usefulness,), Stage.LATER: (row.changed,)}[row.stage]
    return bool(row.answered_at and row.confidence and all(figures))


def tells_of_enough(groups, fewest):
    """Whether nothing that adds up and takes away what is told of ``groups`` is about fewer than ``fewest`` people.

    People in the same groups cannot be told apart. A combination of the groups that is nought for all but some few of
    them exists where the groups, without those few, say less than with them.
    """
    alike = Counter(tuple(person in group for group in groups) for person in frozenset().union(*groups))
    sizes = list(alike.values())
    columns = [[Fraction(is_in) for is_in in memberships] for memberships in alike]
    whole = rank(columns)
    for length in range(1, len(columns) + 1):
        for few in combinations(range(len(columns)), length):
            if sum(sizes[place] for place in few) < fewest:
                rest = [column for place, column in enumerate(columns) if place not in few]
                if rank(rest) < whole:
                    return False
    return True


def rank(vectors):
    """How many of ``vectors`` say something that the others do not."""
    vectors, found = [list(each) for each in vectors], 0
    for place in range(len(vectors[0]) if vectors else 0):
        first = next((each for each in vectors if each[place]), None)
        if first is None:
            continue
        found += 1
        vectors = [
            [a - b * each[place] / first[place] for a, b in zip(each, first, strict=True)]
            for each in vectors
            if each is not first
        ]
    return found
