"""One return as its page shows it: each question and standard with what stands there, last time's, what is missing.

Returns that are answered together are one sheet: what several partnerships ask is one line of it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import groupby

from django.db.models import F, Q

from assurance.models import Answer, Assessment, Question, Return, ReturnEvidence, Standard
from partnership.templatetags.components import long_date, sentence_join

LINES_ON_ONE_PAGE = 12  # of a longer return each section is a page of its own
QUESTION, STANDARD = "q", "s"


def score_in_words(score, scale, points):
    """ "Mostly met", or "65 %" of a scale without words. ``points``: {score: ScalePoint}."""
    if score is None:
        return ""
    point = points.get(score)
    return point.word if point else f"{score.normalize():f}{' ' * bool(scale.unit)}{scale.unit}"


@dataclass(frozen=True)
class Last:
    """What the organisation said to the same question or standard before, and to what request."""

    row: object
    asked_in: str
    words: str = ""


@dataclass
class Line:
    """One question or standard. ``record``: the return that holds what is said to it; ``saved``: its row there."""

    kind: str
    row: object
    record: Return
    section: str
    number: str
    saved: object = None
    last: Last | None = None
    evidence: list = field(default_factory=list)
    also: list = field(default_factory=list)
    points: dict = field(default_factory=dict)

    @property
    def key(self):
        return f"{self.kind}{self.row.pk}"

    @property
    def is_question(self):
        return self.kind == QUESTION

    @property
    def title(self):
        return f"{self.number}. {self.row.text}" if self.is_question else f"{self.row.code} {self.row.text}"

    @property
    def is_required(self):
        return not self.is_question or self.row.is_required

    @property
    def wants_evidence(self):
        return self.row.wants_evidence if self.is_question else bool(self.row.evidence_wanted)

    @property
    def scale(self):
        return self.row.standard_set.scale

    @property
    def version(self):
        return self.saved.version if self.saved else 0

    @property
    def missing(self):
        """What is still wanted before the return is whole, in words; nothing where nothing is."""
        if not self.is_required:
            return ""
        if self.is_question:
            return "" if self.saved and self.saved.text else f"Answer “{self.row.text}”"
        if self.saved and self.saved.is_not_applicable:
            return "" if self.saved.reason else f"Say why {self.row.code} does not apply to you"
        return "" if self.saved and self.saved.score is not None else f"Score {self.row.code} {self.row.text}"

    @property
    def is_answered(self):
        if self.is_question:
            return bool(self.saved and self.saved.text)
        return not self.missing

    @property
    def score_words(self):
        return score_in_words(self.saved.score, self.scale, self.points) if self.saved else ""

    @property
    def improvements(self):
        return list(self.saved.improvements.all()) if self.saved and not self.is_question else []

    @property
    def seen(self):
        """What a page says it showed: the version, and the words by which an untouched box is known again."""
        return f"{self.version}-{digest(values_of(self))}"

    @property
    def mark(self):
        """Changes with everything that is signed off for this line."""
        improvements = [(each.text, each.lead, str(each.due_on)) for each in self.improvements]
        return digest([self.version, sorted(str(each.pk) for each in self.evidence), improvements])


def values_of(line):
    """{field: words} as a page shows what was saved."""
    saved = line.saved
    if line.is_question:
        return {"text": saved.text if saved else ""}
    if saved is None:
        return {"score": "", "reason": "", "evidence": ""}
    score = "na" if saved.is_not_applicable else figure(saved.score)
    return {"score": score, "reason": saved.reason, "evidence": saved.evidence}


def figure(value):
    return "" if value is None else f"{value.normalize():f}"


def digest(values):
    return sha256(repr(values).encode()).hexdigest()[:12]


@dataclass
class Section:
    title: str
    number: int
    lines: list

    @property
    def asked_count(self):
        return sum(line.is_required for line in self.lines)

    @property
    def answered_count(self):
        return sum(line.is_required and line.is_answered for line in self.lines)


@dataclass
class Sheet:
    """``joined``: the returns that are answered together with ``record``."""

    record: Return
    joined: list
    lines: list

    @cached_property
    def sections(self):
        found = groupby(self.lines, key=lambda line: line.section)
        return [Section(title, number, list(lines)) for number, (title, lines) in enumerate(found, start=1)]

    @property
    def asked_count(self):
        return sum(line.is_required for line in self.lines)

    @property
    def answered_count(self):
        return sum(line.is_required and line.is_answered for line in self.lines)

    @property
    def gaps(self):
        return [line for line in self.lines if line.missing]

    @property
    def is_long(self):
        return len(self.lines) > LINES_ON_ONE_PAGE

    @property
    def marks(self):
        """{line's key: mark}: what somebody looked at before they signed it."""
        return {line.key: line.mark for line in self.lines}

    @property
    def last_saved(self):
        """The row that was saved last, or None."""
        saved = [line.saved for line in self.lines if line.saved and line.saved.updated_at]
        return max(saved, key=lambda row: row.updated_at, default=None)

    def line(self, key):
        return next((line for line in self.lines if line.key == key), None)


def read_sheet(record, *, with_joined=True, with_last=True):
    """The sheet of ``record`` (with its request and organisation). The same number of queries however much is asked."""
    joined = list(joined_to(record)) if with_joined else []
    records = [record, *joined]
    lines = _question_lines(records) + _standard_lines(records)
    _fill(lines, records)
    if with_last:
        say_last(lines, record)
    return Sheet(record, joined, lines)


def line_of(record, *, question=None, standard=None):
    """One line by itself, as it is saved while somebody types; what stands there is not read yet."""
    if question:
        return Line(QUESTION, question, record, "", "")
    points = {point.value: point for point in standard.standard_set.scale.points.all()}
    return Line(STANDARD, standard, record, "", standard.code, points=points)


def read_saved(line):
    """What stands in a line by itself: read only where nothing is saved, as whoever saves reads it under a lock."""
    record, row = line.record, line.row
    rows = record.answers.filter(question=row) if line.is_question else record.assessments.filter(standard=row)
    line.saved = rows.select_related("updated_by").first()


def joined_to(record):
    """The drafts that are answered in ``record``."""
    drafts = record.answered_with.filter(submitted_at=None, withdrawn_at=None)
    return drafts.select_related("request", "organisation").prefetch_related("request__partnerships").order_by("pk")


def asked_alike(question):
    """By what a question is known again in another request: the set it came from, else its words."""
    if question.asked_from_id:
        return question.asked_from_id
    return " ".join(question.text.casefold().split())


def whose(record):
    """The partnerships that ask for it, in their short names."""
    return sentence_join([partnership.short_name for partnership in record.request.partnerships.all()])


def _question_lines(records):
    by_request = defaultdict(list)
    for question in Question.objects.filter(request__in=[each.request_id for each in records]).order_by("position"):
        by_request[question.request_id].append(question)
    lines, known = [], {}
    for record in records:
        for question in by_request[record.request_id]:
            shared = known.get(asked_alike(question))
            if shared and shared.record is not record:
                shared.also.append((record, question))
                if question.is_required:
                    shared.row.is_required = True
                continue
            section = question.section or "Questions"
            if record is not records[0]:
                section = f"Asked by {whose(record)} alone"
            line = Line(QUESTION, question, record, section, str(len(lines) + 1))
            known.setdefault(asked_alike(question), line)
            lines.append(line)
    return lines


def _standard_lines(records):
    sets = {}
    for record in records:
        if record.request.standards_id:
            sets.setdefault(record.request.standards_id, []).append(record)
    if not sets:
        return []
    standards = (
        Standard.objects.filter(standard_set__in=sets)
        .select_related("standard_set__scale")
        .prefetch_related("standard_set__scale__points")
        .order_by("standard_set", "position", "pk")
    )
    lines, order = [], list(sets)
    for standard in sorted(standards, key=lambda each: order.index(each.standard_set_id)):
        first, *others = sets[standard.standard_set_id]
        section = standard.section or standard.standard_set.title
        if len(sets) > 1:
            section = f"{standard.standard_set.title}: {section}"
        points = {point.value: point for point in standard.standard_set.scale.points.all()}
        also = [(each, standard) for each in others]
        lines.append(Line(STANDARD, standard, first, section, standard.code, also=also, points=points))
    return lines


def _fill(lines, records):
    answers = Answer.objects.filter(record__in=records).select_related("updated_by")
    saved = {(row.record_id, QUESTION, row.question_id): row for row in answers}
    if any(not line.is_question for line in lines):
        rows = Assessment.objects.filter(record__in=records).select_related("updated_by")
        for row in rows.prefetch_related("improvements"):
            saved[row.record_id, STANDARD, row.standard_id] = row
    evidence = defaultdict(list)
    shown = ReturnEvidence.objects.filter(record__in=records, removed_at=None).select_related("document", "added_by")
    for each in shown.defer("document__content"):
        kind, pk = (QUESTION, each.question_id) if each.question_id else (STANDARD, each.standard_id)
        evidence[each.record_id, kind, pk].append(each)
    for line in lines:
        place = line.record.pk, line.kind, line.row.pk
        line.saved, line.evidence = saved.get(place), evidence[place]


def say_last(lines, record):
    """Find what the organisation said last time: the newest submitted for an earlier day, by question or standard."""
    before = {
        "record__organisation": record.organisation_id,
        "record__submitted_at__isnull": False,
        "record__request__due_on__lt": record.request.due_on,
    }
    newest = F("record__request__due_on").desc()
    questions = [line for line in lines if line.is_question]
    asked = Q(question__asked_from__in={line.row.asked_from_id for line in questions} - {None})
    asked |= Q(question__text__in={line.row.text for line in questions})
    found = {}
    said = Answer.objects.filter(asked, **before).exclude(text="").select_related("question", "record__request")
    for answer in said.order_by(newest):
        for key in {answer.question.asked_from_id, answer.question.text} - {None}:
            found.setdefault(key, answer)
    for line in questions:
        answer = found.get(line.row.asked_from_id) or found.get(line.row.text)
        if answer:
            line.last = Last(answer, str(answer.record.request), answer.text)
    _say_last_scores([line for line in lines if not line.is_question], before, newest)


def _say_last_scores(lines, before, newest):
    if not lines:
        return
    ids = {line.row.pk for line in lines} | {line.row.same_as_id for line in lines} - {None}
    rows = Assessment.objects.filter(standard__in=ids, **before).select_related(
        "standard__standard_set__scale", "record__request"
    )
    found = {}
    for row in rows.prefetch_related("standard__standard_set__scale__points").order_by(newest):
        found.setdefault(row.standard_id, row)
    for line in lines:
        row = found.get(line.row.pk) or found.get(line.row.same_as_id)
        if row:
            scale = row.standard.standard_set.scale
            points = {point.value: point for point in scale.points.all()}
            words = "Did not apply" if row.is_not_applicable else score_in_words(row.score, scale, points)
            line.last = Last(row, str(row.record.request), words)


# What was said, for good


def content_of(sheet):
    """The sheet as a copy keeps it: words alone, which JSON can hold. Evidence by its key, label and hash."""
    record = sheet.record
    request = record.request
    standards = request.standards
    return {
        "title": request.title,
        "introduction": request.introduction,
        "due_on": record.due_on.isoformat(),
        "organisation": record.organisation.name,
        "partnerships": [partnership.name for partnership in request.partnerships.all()],
        "standards": {"title": str(standards), "source": standards.source} if standards else None,
        "sections": [
            {"title": section.title, "lines": [_content_of_line(line) for line in section.lines]}
            for section in sheet.sections
        ],
    }


def _content_of_line(line):
    files = [
        {
            "key": str(each.pk),
            "label": each.label,
            "file": each.document.filename if each.document else "",
            "sha256": each.document.sha256 if each.document else "",
            "address": each.address,
        }
        for each in line.evidence
    ]
    said = {
        "key": line.key,
        "title": line.title,
        "files": files,
        "is_still_true": bool(line.saved and line.saved.is_still_true),
        "is_answered": line.is_answered,
    }
    if line.is_question:
        return said | {"answer": line.saved.text if line.saved else "", "last_words": ""}
    saved = line.saved
    return said | {
        "is_standard": True,
        "score": figure(saved.score) if saved else "",
        "score_words": line.score_words,
        "last_words": line.last.words if line.last else "",
        "is_not_applicable": bool(saved and saved.is_not_applicable),
        "reason": saved.reason if saved else "",
        "answer": saved.evidence if saved else "",
        "improvements": [
            {"text": each.text, "lead": each.lead, "due_on": long_date(each.due_on)} for each in line.improvements
        ],
    }
