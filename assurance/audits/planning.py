"""Planning an audit: what it is about, its tool, its anonymous cases, and asking the agencies that know them.

Whatever changes an audit holds its row locked, so that what two people do at once happens one after the other.
"""

from django.db import transaction

from assurance.audits.usual import STARTER_TOOL
from assurance.models import Audit, AuditCase, AuditGrading, AuditQuestion, AuditSection
from assurance.timetable import lock_partnerships
from partnership.row_security import all_rows

MANY = ("partnerships", "themes", "priorities")


class AlreadyAsked(Exception):
    """Agencies were asked, so what they answer to stands."""


class CannotAsk(Exception):
    """Something is missing before agencies can be asked. ``problems``: what, in sentences that say what to do."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("The audit is not ready.")


def locked(audit):
    """``audit`` as it is now; nobody else changes it before this transaction ends."""
    return Audit.objects.select_for_update(of=["self"], no_key=True).get(pk=audit.pk)


@transaction.atomic
def plan_audit(*, partnerships, themes=(), priorities=(), **fields):
    """(the audit, whether it is new): one that is planned already with the same words is the answer to a second press.

    ``fields``: those of Audit.
    """
    ids = {partnership.pk for partnership in partnerships}
    lock_partnerships(ids)
    for same in Audit.objects.filter(**fields, asked_on=None, closed_on=None).prefetch_related("partnerships"):
        if same.partnership_ids == ids:
            return same, False
    audit = Audit.objects.create(**fields)
    for name, records in zip(MANY, (partnerships, themes, priorities), strict=True):
        getattr(audit, name).set(records)
    return audit, True


# The tool


def tool_of(audit):
    """The sections in their order, each with its ``questions`` prefetched. Two queries."""
    return list(audit.sections.prefetch_related("questions"))


def rows_of_tool(audit):
    """The tool as rows of a form: [{pk, section, text, guidance}]."""
    return [
        {"pk": question.pk, "section": section.title, "text": question.text, "guidance": question.guidance}
        for section in tool_of(audit)
        for question in section.questions.all()
    ]


@transaction.atomic
def keep_tool(audit, rows):
    """Make ``rows`` (as ``rows_of_tool``; ``pk`` None for a new one) the tool. Raises AlreadyAsked.

    Questions under one heading are one section; sections stand in the order in which they are named first.
    """
    audit = locked(audit)
    if audit.asked_on:
        raise AlreadyAsked
    sections = {section.title.casefold(): section for section in audit.sections.all()}
    there = {question.pk: question for question in AuditQuestion.objects.filter(section__audit=audit)}
    titles = list({row["section"].casefold(): row["section"] for row in reversed(rows)}.values())[::-1]
    kept = []
    for position, title in enumerate(titles, start=1):
        section = sections.get(title.casefold()) or AuditSection(audit=audit)
        keep(section, title=title, position=position)
        kept.append(section.pk)
        own = [row for row in rows if row["section"].casefold() == title.casefold()]
        for number, row in enumerate(own, start=1):
            question = there.pop(row["pk"], None) or AuditQuestion()
            keep(question, section_id=section.pk, position=number, text=row["text"], guidance=row["guidance"])
    for gone in there.values():
        gone.delete()
    for gone in audit.sections.exclude(pk__in=kept):
        gone.delete()
    return audit


def keep(record, **values):
    """Save ``record`` where it is new or one of ``values`` changed."""
    if record.pk is None or any(getattr(record, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def begin_tool(audit, former=None):
    """Fill an empty tool from that of a ``former`` audit, or from the starter. Raises AlreadyAsked."""
    if former is None:
        rows = [(section, text, guidance) for section, questions in STARTER_TOOL for text, guidance in questions]
    else:
        rows = [(row["section"], row["text"], row["guidance"]) for row in rows_of_tool(former)]
    there = rows_of_tool(audit)
    known = {(row["section"].casefold(), row["text"].casefold()) for row in there}
    new = [
        {"pk": None, "section": section, "text": text, "guidance": guidance}
        for section, text, guidance in rows
        if (section.casefold(), text.casefold()) not in known
    ]
    return keep_tool(audit, there + new)


# The cases


def rows_of_cases(audit):
    """The cases as rows of a form: [{pk, reference, about, organisations (keys)}]. Two queries."""
    return [
        {
            "pk": case.pk,
            "reference": case.reference,
            "about": case.about,
            "organisations": sorted(grading.organisation_id for grading in case.gradings.all()),
        }
        for case in audit.cases.prefetch_related("gradings")
    ]


@transaction.atomic
def keep_cases(audit, rows):
    """Make ``rows`` (as ``rows_of_cases``; ``organisations`` are Organisations) the cases. Raises AlreadyAsked.

    Once agencies were asked none of the cases goes, but another agency may be asked, and one that has not submitted
    is asked no longer. What an agency submitted stays. Raises AlreadyAsked once the meeting has agreed the grades.
    """
    audit = locked(audit)
    if audit.moderated_on or audit.closed_on:
        raise AlreadyAsked
    there = {case.pk: case for case in audit.cases.all()}
    kept = []
    for position, row in enumerate(rows, start=1):
        case = there.get(row["pk"]) or AuditCase(audit=audit)
        keep(case, reference=row["reference"], about=row["about"], position=position)
        kept.append(case.pk)
        ask_whom(case, {organisation.pk for organisation in row["organisations"]})
    gone = audit.cases.exclude(pk__in=kept)
    if audit.asked_on and gone.exists():
        raise AlreadyAsked
    with all_rows():  # what an agency drafted goes with the case, though whoever takes it out may not read it
        for case in gone:
            case.delete()
    return audit


def ask_whom(case, ids):
    """Ask these organisations about ``case``, and no longer others that have not submitted."""
    asked = set(case.gradings.values_list("organisation", flat=True))
    for organisation in sorted(ids - asked):
        AuditGrading.objects.create(case=case, organisation_id=organisation)
    with all_rows():
        for grading in case.gradings.filter(organisation__in=asked - ids, submitted_at=None):
            grading.delete()


# Asking


def problems_before_asking(audit, *, on):
    """What is missing before agencies can be asked, in sentences."""
    problems = []
    if not AuditQuestion.objects.filter(section__audit=audit).exists():
        problems.append("Build the tool: agencies need at least one question")
    cases = list(audit.cases.prefetch_related("gradings"))
    if not cases:
        problems.append("List the cases that are looked at")
    problems += [f"Choose the agencies that know {case}" for case in cases if not case.gradings.all()]
    if audit.grades_due_on is None:
        problems.append("Say by when agencies grade the cases")
    elif audit.grades_due_on < on:
        problems.append("Choose a day for the grades that has not passed")
    return problems


@transaction.atomic
def ask_agencies(audit, *, on):
    """Ask every agency that knows a case. Asked twice, they are asked once. Raises CannotAsk."""
    audit = locked(audit)
    if audit.asked_on is None:
        problems = problems_before_asking(audit, on=on)
        if problems:
            raise CannotAsk(problems)
        audit.asked_on = on
        audit.save(update_fields=["asked_on"])
    return audit


# Again


@transaction.atomic
def look_again(audit):
    """The audit that looks at it again, with the same tool, for the same people; planned once."""
    audit = locked(audit)
    planned = audit.re_audits.filter(asked_on=None, closed_on=None).first()
    if planned:
        return planned
    again = Audit.objects.create(
        title=audit.title,
        question=audit.question,
        how_chosen=audit.how_chosen,
        group=audit.group if audit.group and audit.group.closed_on is None else None,
        scale=audit.scale,
        re_audit_of=audit,
    )
    for name in MANY:
        getattr(again, name).set(getattr(audit, name).all())
    begin_tool(again, audit)
    return again
