"""The meeting that agrees grades: each agency's grade beside the others', what differs, and what is agreed."""

from dataclasses import dataclass

from django.db import transaction

from assurance.audits.planning import locked
from assurance.audits.sheets import IN_ALL
from assurance.models import AuditCase, AuditGrade, AuditGrading, AuditModeration, AuditSection
from assurance.return_sheet import score_in_words
from reviews.models import Recommendation
from reviews.recommendations import add_recommendations


class HasNoAgreement(Exception):
    """Cases that agencies graded and of which no grade is agreed for the whole. ``cases``: those."""

    def __init__(self, cases):
        self.cases = cases
        super().__init__("The meeting has not agreed every case.")


class GradesStand(Exception):
    """Members were told, or the audit is closed: agreed grades no longer change."""


@dataclass(frozen=True)
class Given:
    """One agency's grade of one section of one case."""

    organisation: object
    words: str
    point: object
    reasons: str
    good_practice: str
    score: object
    grading_id: int


@dataclass(frozen=True)
class Cell:
    """One section (None: the case as a whole) of one case. ``agreed``: an AuditModeration, or None."""

    case: AuditCase
    section: AuditSection | None
    given: tuple
    agreed: AuditModeration | None
    agreed_words: str
    agreed_point: object

    @property
    def title(self):
        return self.section.title if self.section else IN_ALL

    @property
    def key(self):
        return self.section.pk if self.section else 0

    @property
    def differs(self):
        return len({each.score for each in self.given}) > 1

    @property
    def is_all_one(self):
        return len(self.given) > 1 and not self.differs


@dataclass(frozen=True)
class CaseRow:
    """A case with a Cell for each section and, last, for the whole. ``submitted``: AuditGradings of it."""

    case: AuditCase
    cells: tuple
    submitted: tuple

    @property
    def in_all(self):
        return self.cells[-1]

    @property
    def differing_count(self):
        return sum(cell.differs for cell in self.cells)

    @property
    def agreed_count(self):
        return sum(cell.agreed is not None for cell in self.cells)


def read_matrix(audit, *, case=None):
    """A CaseRow for each case of ``audit``, or for ``case`` alone. Nothing that was not submitted is in it."""
    points = {point.value: point for point in audit.scale.points.all()}
    sections = [*audit.sections.all(), None]
    cases = [case] if case else list(audit.cases.all())
    gradings = AuditGrading.objects.submitted().filter(case__in=cases).select_related("organisation")
    gradings = list(gradings.order_by("organisation__name", "pk"))
    grades = {(row.grading_id, row.section_id): row for row in AuditGrade.objects.filter(grading__in=gradings)}
    rows = AuditModeration.objects.filter(case__in=cases).select_related("moderated_by")
    agreed = {(row.case_id, row.section_id): row for row in rows}

    def given_in(own, section_id):
        for grading in own:
            grade = grades.get((grading.pk, section_id))
            if grade and grade.score is not None:
                words = score_in_words(grade.score, audit.scale, points)
                point = points.get(grade.score)
                said = grade.reasons, grade.good_practice, grade.score
                yield Given(grading.organisation, words, point, *said, grading.pk)

    def cell_of(each, section, own):
        section_id = section.pk if section else None
        row = agreed.get((each.pk, section_id))
        words = score_in_words(row.score, audit.scale, points) if row else ""
        return Cell(each, section, tuple(given_in(own, section_id)), row, words, points.get(row.score) if row else None)

    found = []
    for each in cases:
        own = tuple(grading for grading in gradings if grading.case_id == each.pk)
        found.append(CaseRow(each, tuple(cell_of(each, section, own) for section in sections), own))
    return found


@transaction.atomic
def agree_grades(case, grades, *, by, at):
    """Write what the meeting agreed of one case: {section's key or None: (score or None, reasons)}.

    Without a score what was agreed is taken back. Raises GradesStand.
    """
    audit = locked(case.audit)
    if audit.released_on or audit.closed_on:
        raise GradesStand
    standing = {row.section_id: row for row in case.moderations.all()}
    for section_id, (score, reasons) in grades.items():
        row = standing.get(section_id)
        if score is None:
            if row:
                row.delete()
        elif row is None:
            case.moderations.create(
                section_id=section_id, score=score, reasons=reasons, moderated_by=by, moderated_at=at
            )
        elif (row.score, row.reasons) != (score, reasons):
            row.score, row.reasons = score, reasons
            row.moderated_by, row.moderated_at = by, at
            row.save()


@transaction.atomic
def end_moderation(audit, *, meeting, on):
    """The grades are agreed: agencies change nothing any more. Ended twice, it is ended once.

    Raises HasNoAgreement, GradesStand.
    """
    audit = locked(audit)
    if audit.released_on or audit.closed_on:
        raise GradesStand
    graded = audit.cases.filter(gradings__submitted_at__isnull=False).distinct()
    left = graded.exclude(pk__in=AuditModeration.objects.filter(case__audit=audit, section=None).values("case"))
    if left:
        raise HasNoAgreement(list(left))
    audit.meeting, audit.moderated_on = meeting, on
    audit.save(update_fields=["meeting", "moderated_on"])
    return audit


# What it found


@transaction.atomic
def keep_finding(audit, finding, **fields):
    """Add a finding, or change one. One that says the same already is the answer to a second press."""
    audit = locked(audit)
    if finding.pk is None:
        same = audit.findings.filter(**fields).first()
        if same:
            return same
        finding.position = audit.findings.count() + 1
    for name, value in fields.items():
        setattr(finding, name, value)
    finding.save()
    return finding


@transaction.atomic
def recommend(finding, *, partnership, text, measure, organisations, on):
    """(the recommendation, whether it is new), of the same themes as the audit, joined to the finding."""
    audit = finding.audit
    [recommendation], new_count = add_recommendations(
        [("", text)],
        partnership=partnership,
        source=Recommendation.Source.AUDIT,
        source_title=audit.title,
        made_on=on,
        measure=measure,
        themes=audit.themes.all(),
        organisations=organisations,
    )
    finding.recommendations.add(recommendation)
    return recommendation, bool(new_count)
