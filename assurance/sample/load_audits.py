"""Rows of audits: neglect, told a year ago and looked at again; return conversations, which agencies grade now."""

from datetime import timedelta
from decimal import Decimal

from assurance.audits import grading, moderating, planning, telling
from assurance.models import AuditAnswer, AuditFinding, AuditGrade, Scale, TimetableEntry
from assurance.sample import audits as said
from assurance.sample.load_returns import people_of
from assurance.sample.people import SCRUTINY
from reviews.models import Theme
from reviews.recommendations import answer_recommendation

TOLD_THEN, TOLD_NOW, ASKED_NOW, GRADES_DUE = -340, -24, -12, 9
WEEKS_TO_GRADE, DAYS_TO_TELL = 28, 15


def load_audits(cast, plan):
    """``plan``: the one that is running, whose priority on neglect the audits are about."""
    first = plan_neglect(cast, plan)
    then = {"cases": said.CASES_THEN, "agreed": said.AGREED_THEN, "findings": said.FINDINGS_THEN}
    carry_out(cast, first, days=TOLD_THEN, summary=said.SUMMARY_THEN, recommended=said.RECOMMENDED_THEN, **then)
    again = planning.look_again(first)
    again.how_chosen = "Five children of different ages, drawn by lot from those whose plan names neglect."
    again.save()
    now = {"cases": said.CASES_NOW, "agreed": said.AGREED_NOW, "findings": said.FINDINGS_NOW}
    carry_out(cast, again, days=TOLD_NOW, summary=said.SUMMARY_NOW, recommended=said.RECOMMENDED_NOW, **now)
    because = "Looked at again: children’s days are described now. What is left is in the second audit."
    telling.close_audit(first, because=because, on=cast.calendar.day(TOLD_NOW))
    ask_about_conversations(cast, again)


def plan_neglect(cast, plan):
    audit, _is_new = planning.plan_audit(
        partnerships=cast.both,
        themes=Theme.objects.filter(title__in=said.THEMES),
        priorities=[priority for priority in plan.priorities.all() if priority.ref == said.PRIORITY],
        title=said.NEGLECT,
        question=said.QUESTION,
        how_chosen="Four children whose plan named neglect, two in each area.",
        group=cast.groups[SCRUTINY],
        scale=Scale.objects.get(partnership=None, name=said.SCALE),
    )
    rows = [
        {"pk": None, "section": section, "text": text, "guidance": guidance}
        for section, questions in said.TOOL
        for text, guidance in questions
    ]
    return planning.keep_tool(audit, rows)


def cases_of(cast, cases):
    return [
        {
            "pk": None,
            "reference": reference,
            "about": about,
            "organisations": [cast.agencies[agency] for agency in agencies],
        }
        for reference, about, agencies in cases
    ]


def carry_out(cast, audit, *, days, cases, agreed, findings, summary, recommended):
    """From the cases to members being told ``days`` from today."""
    told_on = cast.calendar.day(days)
    moderated_on = told_on - timedelta(days=DAYS_TO_TELL)
    due_on = moderated_on - timedelta(days=DAYS_TO_TELL)
    audit.records_from, audit.records_to = due_on - timedelta(days=365), due_on - timedelta(days=WEEKS_TO_GRADE)
    audit.grades_due_on = due_on
    audit.save()
    planning.keep_cases(audit, cases_of(cast, cases))
    audit = planning.ask_agencies(audit, on=due_on - timedelta(days=WEEKS_TO_GRADE))
    at = cast.calendar.moment(due_on, hour=11)
    chair, manager = cast.holders["scrutiny-chair"], cast.holders["manager"]
    sections = [*audit.sections.all(), None]
    for case, grades, (_reference, _about, agencies) in zip(audit.cases.all(), agreed, cases, strict=True):
        for number, agency in enumerate(agencies):
            given = [min(grade + said.HARDER.get(number, 0) * (grade % 2), 4) for grade in grades]
            fill(cast, case.gradings.get(organisation=cast.agencies[agency]), agency, given, at=at)
        words = {
            section and section.pk: (Decimal(grade), said.AGREED_BECAUSE)
            for section, grade in zip(sections, grades, strict=True)
        }
        moderating.agree_grades(case, words, by=chair, at=cast.calendar.moment(moderated_on, hour=14))
    audit = moderating.end_moderation(audit, meeting=None, on=moderated_on)
    kept = [
        moderating.keep_finding(
            audit, AuditFinding(audit=audit), kind=kind, text=text, seen_in=seen_in, training_need=need
        )
        for kind, text, seen_in, need in findings
    ]
    concern = next(finding for finding in kept if finding.kind == AuditFinding.Kind.CONCERN)
    text, measure = recommended
    recommendation, _is_new = moderating.recommend(
        concern, partnership=cast.partnerships["AV"], text=text, measure=measure, organisations=[], on=told_on
    )
    answer_recommendation(recommendation, answer="accepted", because="", on=told_on, by=manager)
    re_audit_on = told_on + timedelta(days=365)
    telling.tell_members(audit, summary=summary, re_audit_on=re_audit_on, by=manager, on=told_on)


def fill(cast, grading_record, agency, grades, *, at, submits=True):
    """One agency's answers and ``grades`` (of each section and of the whole), and submitted."""
    by = people_of(cast, agency)[0]
    audit = grading_record.case.audit
    sections = list(audit.sections.prefetch_related("questions"))
    questions = [question for section in sections for question in section.questions.all()]
    kept = {"grading": grading_record, "version": 1, "updated_by": by, "updated_at": at}
    AuditAnswer.objects.bulk_create(
        AuditAnswer(question=question, answer=answer, evidence=evidence, **kept)
        for question, (answer, evidence) in zip(questions, said.EVIDENCE, strict=False)
    )
    AuditGrade.objects.bulk_create(
        AuditGrade(
            section=section,
            score=grade,
            reasons=said.REASONS[grade],
            good_practice=said.GOOD if section and section.position == 1 and grade < 3 else "",
            **kept,
        )
        for section, grade in zip([*sections, None], grades, strict=False)
    )
    if submits:
        grading.submit_grading(grading_record, by=by, at=at)


def ask_about_conversations(cast, like):
    """An audit under way, of the next quarter's entry: some have submitted, one has begun, one is silent."""
    entry = TimetableEntry.objects.filter(title=said.CONVERSATIONS).first()
    audit, _is_new = planning.plan_audit(
        partnerships=cast.both,
        priorities=[entry.priority] if entry and entry.priority else [],
        title=said.CONVERSATIONS,
        question="Is every child who comes back asked what happened, and is anything different afterwards?",
        how_chosen="Every tenth child who was missing last quarter.",
        group=cast.groups[SCRUTINY],
        scale=like.scale,
        timetable_entry=entry,
        grades_due_on=cast.calendar.day(GRADES_DUE),
    )
    planning.begin_tool(audit, like)
    planning.keep_cases(audit, cases_of(cast, said.CASES_TO_GRADE))
    planning.ask_agencies(audit, on=cast.calendar.day(ASKED_NOW))
    cases = {case.reference: case for case in audit.cases.all()}
    at = cast.calendar.moment(cast.calendar.day(-3), hour=15)
    for number, (reference, agency) in enumerate(said.HAVE_SUBMITTED):
        record = cases[reference].gradings.get(organisation=cast.agencies[agency])
        fill(cast, record, agency, said.AGREED_NOW[number], at=at)
    for reference, agency in said.HAVE_BEGUN:
        record = cases[reference].gradings.get(organisation=cast.agencies[agency])
        fill(cast, record, agency, [2], at=at, submits=False)
