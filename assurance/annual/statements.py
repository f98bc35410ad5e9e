"""The independent scrutineer's statement on the year: written by advisors alone, given for good, answered, printed.

A draft is for advisors. What was given stays in its words and its number; the next stands beside it.
"""

from django.db import transaction
from django.urls import reverse

from assurance.annual.contributions import lock_report
from assurance.annual.lacks import OFFICE, Missing
from assurance.models import AdvisorNote, AnnualReport, ReportEvidence, ScrutinyStatement
from assurance.printed import paragraphs
from partnership.refusals import ChangedMeanwhile, NotNow
from partnership.templatetags.components import long_date

ADVISOR = "Independent advisor"


def draft_of(report):
    """The statement that is being written, or None."""
    return report.scrutiny_statements.filter(given_at=None).first()


def last_given(report):
    return report.scrutiny_statements.given().order_by("-number").first()


@transaction.atomic
def keep_draft(statement, *, by, at):
    """Save what the form put into ``statement``, a new one with the next number."""
    if statement._state.adding:
        lock_report(statement.report)
        numbers = statement.report.scrutiny_statements.values_list("number", flat=True)
        statement.number = max(numbers, default=0) + 1
        statement.written_by, statement.begun_at = by, at
    statement.save()
    return statement


def gaps_of(statement):
    """What it wants before it can be given, as sentences."""
    wanted = [
        (statement.words, "Write the statement"),
        (statement.conclusion, "Say in one sentence what it comes to"),
        (statement.by_line, "Say whose it is: name and role"),
    ]
    return [words for value, words in wanted if not value.strip()]


@transaction.atomic
def give_statement(report, *, seen, at):
    """Give the draft to the partnership for good. ``seen``: (conclusion, words, by line) as they were read before.

    Raises ChangedMeanwhile where another advisor changed or gave it, NotNow where something is missing.
    """
    rows = report.scrutiny_statements.select_for_update(no_key=True)
    statement = rows.filter(given_at=None).first()
    if statement is None or (statement.conclusion, statement.words, statement.by_line) != seen:
        raise ChangedMeanwhile(statement)
    if gaps := gaps_of(statement):
        raise NotNow(". ".join(gaps))
    statement.given_at = at
    statement.save(update_fields=["given_at"])
    return statement


@transaction.atomic
def answer_statement(statement, *, answer, by, at):
    """Keep what the partnership answers; the words answered never change."""
    statement.answer, statement.answered_by, statement.answered_at = answer, by, at
    statement.save(update_fields=["answer", "answered_by", "answered_at"])
    return statement


# Beside the words


def notes_of_year(user, report):
    """What advisors looked at in the year, as far as ``user`` may read it, the oldest first."""
    notes = AdvisorNote.objects.visible_to(user).filter(
        partnership__in=report.partnership_ids, looked_on__range=(report.starts_on, report.ends_on)
    )
    return notes.order_by("looked_on", "pk")


def evidence_of_year(report):
    """[(section, its evidence)] of what is filed in the report, without what was left out. Two queries."""
    filed = ReportEvidence.objects.filter(section__report=report).exclude(use=ReportEvidence.Use.LEFT_OUT)
    by_section = {}
    for evidence in filed.order_by("section__position", "dated_on", "pk"):
        by_section.setdefault(evidence.section_id, []).append(evidence)
    return [(section, by_section[section.pk]) for section in report.sections.all() if section.pk in by_section]


def statement_before(report):
    """What was given last for the report before, with its answer; or None."""
    earlier = AnnualReport.objects.filter(partnerships__in=report.partnership_ids, ends_on__lt=report.ends_on)
    given = ScrutinyStatement.objects.given().filter(report__in=earlier.values("pk"))
    return given.select_related("report").order_by("-report__ends_on", "-report__edition", "-number").first()


# What the report prints and lacks


def statement_content(report):
    """The last one given, as it is printed; or None. ``answer`` are paragraphs, empty before anybody answered."""
    statement = last_given(report)
    if statement is None:
        return None
    return {
        "conclusion": statement.conclusion,
        "paragraphs": paragraphs(statement.words),
        "by_line": statement.by_line,
        "answer": paragraphs(statement.answer),
    }


def lacks_of_statement(report, *, on):
    """That it is not given, or not answered. Whether one is being written is the advisor's own affair."""
    url = reverse("assurance:statement-detail", args=[report.pk])
    statement = last_given(report)
    if statement is None:
        day = report.statement_due_on
        due = f", {'late, ' if day < on else ''}due {long_date(day)}" if day else ""
        yield Missing(f"The independent scrutiny statement{due}", ADVISOR, url)
    elif not statement.answer.strip():
        yield Missing("An answer to the independent scrutiny statement", OFFICE, url)


def carry_statement(report, *, edition):
    """The last one given for ``report`` into its next edition, with its answer."""
    statement = last_given(report)
    if statement:
        statement.pk, statement.number, statement.report = None, 1, edition
        statement._state.adding = True
        statement.save()
