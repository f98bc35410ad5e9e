"""One agency's page for one case: each question of the tool and each grade, what stands there, what is missing."""

from dataclasses import dataclass, field

from assurance.models import AuditAnswer, AuditGrade, AuditGrading, AuditQuestion, AuditSection
from assurance.return_sheet import digest, figure, score_in_words

QUESTION, GRADE = "q", "g"
WORDS = {QUESTION: ("answer", "evidence"), GRADE: ("score", "reasons", "good_practice")}
IN_ALL = "The case as a whole"


@dataclass
class Line:
    """A question, or the grade of a section (``row`` None: of the case as a whole). ``saved``: its row, or None."""

    kind: str
    row: object
    scale: object
    points: dict
    saved: object = None

    @property
    def key(self):
        return f"{self.kind}{self.row.pk if self.row else 0}"

    @property
    def is_question(self):
        return self.kind == QUESTION

    @property
    def title(self):
        if self.is_question:
            return self.row.text
        return f"Your grade: {self.row.title if self.row else IN_ALL}"

    @property
    def version(self):
        return self.saved.version if self.saved else 0

    @property
    def values(self):
        """{field: words} as a page shows what was saved."""
        if self.saved is None:
            return dict.fromkeys(WORDS[self.kind], "")
        said = {name: getattr(self.saved, name) for name in WORDS[self.kind]}
        return said | {"score": figure(said["score"])} if "score" in said else said

    @property
    def seen(self):
        """What a page says it showed: the version, and the words by which an untouched box is known again."""
        return f"{self.version}-{digest(self.values)}"

    @property
    def missing(self):
        """What is still wanted before it can be submitted, in words; nothing where nothing is."""
        values = self.values
        if self.is_question:
            if not values["answer"]:
                return f"Answer “{self.row.text}”"
            if values["answer"] != AuditAnswer.Answer.NOT_APPLICABLE and not values["evidence"]:
                return f"Say what the record shows: “{self.row.text}”"
            return ""
        named = f"“{self.row.title}”" if self.row else "the case as a whole"
        if not values["score"]:
            return f"Grade {named}"
        return "" if values["reasons"] else f"Say why you gave {named} this grade"

    @property
    def words(self):
        """What was answered, in words: "Partly", "Good"."""
        if self.saved is None:
            return ""
        if self.is_question:
            return self.saved.get_answer_display()
        return score_in_words(self.saved.score, self.scale, self.points)

    @property
    def point(self):
        return self.points.get(self.saved.score) if self.saved and not self.is_question else None


@dataclass
class Part:
    """A section of the tool with its questions and its grade, or the case as a whole with its grade alone."""

    section: AuditSection | None
    questions: list = field(default_factory=list)
    grade: Line | None = None

    @property
    def title(self):
        return self.section.title if self.section else IN_ALL

    @property
    def lines(self):
        return [*self.questions, self.grade]


@dataclass
class Sheet:
    grading: AuditGrading
    parts: list

    @property
    def lines(self):
        return [line for part in self.parts for line in part.lines]

    @property
    def gaps(self):
        return [line for line in self.lines if line.missing]

    @property
    def asked_count(self):
        return len(self.lines)

    @property
    def answered_count(self):
        return sum(not line.missing for line in self.lines)

    @property
    def last_saved(self):
        saved = [line.saved for line in self.lines if line.saved and line.saved.updated_at]
        return max(saved, key=lambda row: row.updated_at, default=None)

    @property
    def mark(self):
        """Changes with everything that is submitted."""
        return digest([(line.key, line.version) for line in self.lines])

    def line(self, key):
        return next((line for line in self.lines if line.key == key), None)


def read_sheet(grading):
    """The sheet of ``grading``; the same number of queries however long the tool is."""
    return read_sheets([grading])[grading.pk]


def read_sheets(gradings):
    """{grading's key: Sheet} of gradings of one audit."""
    gradings = list(gradings)
    if not gradings:
        return {}
    scale = gradings[0].case.audit.scale
    points = {point.value: point for point in scale.points.all()}
    sections = list(
        AuditSection.objects.filter(audit=gradings[0].case.audit_id)
        .prefetch_related("questions")
        .order_by("position", "pk")
    )
    answers = AuditAnswer.objects.filter(grading__in=gradings).select_related("updated_by")
    answers = {(row.grading_id, row.question_id): row for row in answers}
    grades = AuditGrade.objects.filter(grading__in=gradings).select_related("updated_by")
    grades = {(row.grading_id, row.section_id): row for row in grades}
    return {
        grading.pk: Sheet(
            grading,
            [
                Part(
                    section,
                    [
                        Line(QUESTION, question, scale, points, answers.get((grading.pk, question.pk)))
                        for question in (section.questions.all() if section else ())
                    ],
                    Line(GRADE, section, scale, points, grades.get((grading.pk, section and section.pk))),
                )
                for section in [*sections, None]
            ],
        )
        for grading in gradings
    }


def line_of(grading, *, question=None, section=None):
    """One line by itself, as it is saved while somebody types: of ``question``, or the grade of ``section`` or none."""
    scale = grading.case.audit.scale
    points = {point.value: point for point in scale.points.all()}
    if question:
        saved = AuditAnswer.objects.filter(grading=grading, question=question)
        return Line(QUESTION, question, scale, points, saved.select_related("updated_by").first())
    saved = AuditGrade.objects.filter(grading=grading, section=section)
    return Line(GRADE, section, scale, points, saved.select_related("updated_by").first())


def questions_of(audit_id):
    return AuditQuestion.objects.filter(section__audit=audit_id)
