"""What submitted returns say of standards, with what a panel made of it, whatever edition they were asked in.

A standard is known through its editions by the first of its line (``roots``).
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from assurance.models import Assessment, ModeratedScore, Standard, StandardSet
from assurance.standards import roots_of


@dataclass(frozen=True)
class Said:
    """One standard in one return: what stands, and what the organisation said itself where a panel changed it."""

    score: Decimal | None
    is_not_applicable: bool
    is_moderated: bool = False
    own_score: Decimal | None = None
    own_is_not_applicable: bool = False
    assessment_id: int | None = None

    @property
    def is_answered(self):
        return self.is_not_applicable or self.score is not None


UNANSWERED = Said(None, False)


class SetFamily:
    """The editions of a set that this person may see, each tied to the one before, and their standards; two queries."""

    def __init__(self, user, standard_set):
        sets = StandardSet.objects.visible_to(user).exclude(published_on=None).select_related("scale")
        found = {each.pk: each for each in sets}
        roots = roots_of({each.pk: each.follows_id for each in found.values()})
        self.sets = {key: each for key, each in found.items() if roots[key] == roots.get(standard_set.pk)}
        self.standards = list(Standard.objects.filter(standard_set__in=self.sets))
        self.roots = roots_of({each.pk: each.same_as_id for each in self.standards})
        self.of_set = defaultdict(list)
        for standard in self.standards:
            self.of_set[standard.standard_set_id].append(standard)


class SelfScores:
    """What ``returns`` (with their request) say, in two queries. ``partnership_ids``: whose panels are heard."""

    def __init__(self, returns, family, *, partnership_ids):
        self.family = family
        keys = {record.pk for record in returns}
        self.said = defaultdict(dict)
        columns = ("pk", "record", "standard", "score", "is_not_applicable")
        rows = Assessment.objects.filter(record__in=keys, standard__in=family.roots).order_by()
        for pk, record, standard, score, is_not_applicable in rows.values_list(*columns):
            self.said[record][family.roots[standard]] = Said(score, is_not_applicable, assessment_id=pk)
        closed = ModeratedScore.objects.filter(
            assessment__record__in=keys, panel__partnership__in=partnership_ids, panel__closed_at__isnull=False
        )
        columns = ("panel__request", "assessment", "score", "is_not_applicable")
        self.moderated = {
            (request, assessment): (score, is_not_applicable)
            for request, assessment, score, is_not_applicable in closed.order_by("panel__closed_at").values_list(
                *columns
            )
        }

    def of(self, record):
        """{first of the line: Said} of every standard that ``record`` was asked."""
        source = self.said[record.pk]
        asked = self.family.of_set[record.request.standards_id]
        roots = [self.family.roots[standard.pk] for standard in asked]
        return {root: self._heard(record, source.get(root, UNANSWERED)) for root in roots}

    def words(self):
        """{assessment: what was written beside its score}; one query."""
        keys = [said.assessment_id for of_record in self.said.values() for said in of_record.values()]
        rows = Assessment.objects.filter(pk__in=keys).values("pk", "standard", "evidence", "reason")
        return {row["pk"]: row for row in rows.order_by()}

    def _heard(self, record, said):
        moderated = self.moderated.get((record.request_id, said.assessment_id))
        if moderated is None or moderated == (None, False):
            return said
        score, is_not_applicable = moderated
        return Said(score, is_not_applicable, True, said.score, said.is_not_applicable, said.assessment_id)
