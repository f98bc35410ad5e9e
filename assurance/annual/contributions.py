"""What agencies write for an annual report: asked with a day, drafted by themselves, submitted, given back, printed.

Whatever changes a contribution holds its row locked. A draft is read here for its own organisation alone; nothing
that the report prints, and nothing that the office is shown, comes from one.
"""

from dataclasses import dataclass, field
from hashlib import sha256

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from assurance.annual.lacks import OFFICE, Missing
from assurance.models import AnnualReport, Answer, ContributionDraft, ReportContribution, Return
from assurance.printed import paragraphs
from partnership.deadlines import deadlines
from partnership.models import Membership
from partnership.refusals import ChangedMeanwhile
from partnership.reminders.chasing import chase
from partnership.row_security import all_rows
from partnership.templatetags.components import long_date

ASKED_AT_FIRST = [Membership.Role.STATUTORY, Membership.Role.RELEVANT]
KEY = "report-contribution"


@dataclass(frozen=True)
class Question:
    """One of the three that every organisation is asked. ``name``: its field."""

    name: str
    title: str
    hint: str
    is_required: bool = True


QUESTIONS = [
    Question("did", "What did you do?", "The two or three things that mattered most, not all of them."),
    Question(
        "difference",
        "What difference did it make, and how do you know?",
        "For children, adults or families. A figure, an audit, or what somebody said. If you do not know yet, say so.",
    ),
    Question("ahead", "What is still hard, and what comes next?", "What you could not do, and why.", False),
]
NAMES = [question.name for question in QUESTIONS]


class AlreadySubmitted(Exception):
    """A colleague submitted it, so nothing in it can change."""


class NoLongerAsked(Exception):
    """The office withdrew the question, or the report is published."""


class HasGaps(Exception):
    """``questions``: those that must be answered and are not."""

    def __init__(self, questions):
        self.questions = questions
        super().__init__("Something is not answered yet.")


# Asking


@transaction.atomic
def ask_organisations(report, organisations, *, asks, due_on, by, at):
    """Ask each of them for its part; the contributions that are asked by this. Who is asked already stays as asked.

    One that was withdrawn is asked again, and what it had drafted is still there.
    """
    lock_report(report)
    there = {each.organisation_id: each for each in report.contributions.select_for_update(no_key=True)}
    asked = []
    for organisation in organisations:
        contribution = there.get(organisation.pk)
        if contribution is None:
            contribution = ReportContribution(report=report, organisation=organisation)
        elif contribution.withdrawn_at is None:
            continue
        contribution.asks, contribution.due_on, contribution.withdrawn_at = asks, due_on, None
        contribution.asked_by, contribution.asked_at = by, at
        contribution.save()
        asked.append(contribution)
    return asked


def lock_report(report):
    """So that two presses at once happen one after the other."""
    return AnnualReport.objects.select_for_update(no_key=True).get(pk=report.pk)


def chase_contributions(report, *, by, now, on, only=None):
    """Ask those who have not answered, beside the usual reminders; gives ``partnership.reminders.chasing.Chased``."""
    waiting = report.contributions.outstanding()
    if only is not None:
        waiting = waiting.filter(pk__in=[each.pk for each in only])
    keys = {f"{KEY}:{pk}" for pk in waiting.values_list("pk", flat=True)}
    return chase(deadlines(on=on, keys=keys) if keys else [], by=by, now=now)


@transaction.atomic
def move_day(contribution, *, due_on, because, by):
    """Another day for one organisation, for a reason that stands in its history."""
    contribution = locked(contribution)
    refuse_submitted(contribution)
    contribution.due_on = due_on
    with pghistory.context(user=by.pk, reason=because):
        contribution.save(update_fields=["due_on"])
    return contribution


def why_this_day(contribution):
    """The reason for which its day was changed to the one that stands, or ""."""
    moved = contribution.events.filter(due_on=contribution.due_on, withdrawn_at=None, pgh_context__isnull=False)
    last = moved.filter(pgh_context__metadata__has_key="reason").order_by("-pgh_id").first()
    return last.pgh_context.metadata["reason"] if last else ""


@transaction.atomic
def withdraw_contribution(contribution, *, because, by, at):
    """The organisation is not asked any more. What it drafted stays its own; it may be asked again.

    Raises ValidationError where it was submitted: what an agency said is not taken out of a report so.
    """
    contribution = locked(contribution)
    refuse_submitted(contribution)
    contribution.withdrawn_at = contribution.withdrawn_at or at
    with pghistory.context(user=by.pk, reason=because):
        contribution.save(update_fields=["withdrawn_at"])
    return contribution


def refuse_submitted(contribution):
    if contribution.submitted_at:
        raise ValidationError(f"{contribution.organisation} has answered already, so this stays as it is.")


def locked(contribution):
    rows = ReportContribution.objects.select_for_update(of=["self"], no_key=True)
    return rows.select_related("report", "organisation").get(pk=contribution.pk)


# Writing


def mark(words):
    """A few letters that tell whether an answer is still what a page showed."""
    return sha256(words.encode()).hexdigest()[:12]


def takes_words(contribution):
    """Whether its organisation may still write."""
    return not (contribution.submitted_at or contribution.withdrawn_at or contribution.report.is_published)


def open_contribution(contribution):
    """It, locked. Raises AlreadySubmitted, NoLongerAsked."""
    contribution = locked(contribution)
    if contribution.submitted_at:
        raise AlreadySubmitted
    if not takes_words(contribution):
        raise NoLongerAsked
    return contribution


def draft_of(contribution):
    """What its own people have typed; an empty one, not saved, before the first word."""
    found = ContributionDraft.objects.filter(contribution=contribution).select_related("saved_by").first()
    return found or ContributionDraft(contribution=contribution, answers={}, version=0)


@transaction.atomic
def save_draft(contribution, typed, *, by, at):
    """(the draft, the names of answers that were not saved, because a colleague wrote other words meanwhile).

    ``typed``: {name: (words, the ``mark`` of what the page showed)}. A box left as it was shown overwrites nothing, so
    that two people who write different answers do not disturb each other. Raises what ``open_contribution`` raises.
    """
    contribution = open_contribution(contribution)
    draft = draft_of(contribution)
    new, refused = {}, []
    for name, (words, seen) in typed.items():
        standing = draft.answers.get(name, "")
        if words == standing or mark(words) == seen:
            continue
        if seen != mark(standing):
            refused.append(name)
        else:
            new[name] = words
    if new:
        draft.answers = draft.answers | new
        draft.version += 1
        draft.saved_by, draft.saved_at = by, at
        draft.save()
    return draft, refused


@transaction.atomic
def submit_contribution(contribution, *, version, by, at):
    """Give what is drafted to the partnership. ``version``: of the draft that was read before.

    Raises HasGaps, ChangedMeanwhile, and what ``open_contribution`` raises.
    """
    contribution = open_contribution(contribution)
    draft = draft_of(contribution)
    if draft.version != version:
        raise ChangedMeanwhile(draft)
    if gaps := gaps_of(draft):
        raise HasGaps(gaps)
    for name in NAMES:
        setattr(contribution, name, draft.answers.get(name, "").strip())
    contribution.printed = ""
    contribution.submitted_by, contribution.submitted_at = by, at
    contribution.save()
    return contribution


def gaps_of(draft):
    return [each for each in QUESTIONS if each.is_required and not draft.answers.get(each.name, "").strip()]


# What the office does with what was submitted


@transaction.atomic
def give_back(contribution, *, because, at):
    """Make it a draft again, which its organisation changes and submits anew. Raises ValidationError.

    The words go back into the draft and leave the report, and with them the shortened text, which was of these words.
    """
    contribution = locked(contribution)
    if contribution.submitted_at is None:
        raise ValidationError(f"{contribution.organisation} has it already.")
    with all_rows():  # the office may put words into a draft that it may not read
        ContributionDraft.objects.update_or_create(
            contribution=contribution,
            defaults={"answers": {name: getattr(contribution, name) for name in NAMES}},
            create_defaults={
                "answers": {name: getattr(contribution, name) for name in NAMES},
                "saved_by": contribution.submitted_by,
                "saved_at": contribution.submitted_at,
            },
        )
    contribution.did = contribution.difference = contribution.ahead = contribution.printed = ""
    contribution.submitted_by = contribution.submitted_at = None
    contribution.returned_because, contribution.returned_at = because, at
    contribution.save()
    return contribution


def written(contribution):
    """Its words as the organisation wrote them, one answer after the other."""
    return "\n\n".join(filter(None, (getattr(contribution, name).strip() for name in NAMES)))


def printed_text(contribution):
    return contribution.printed.strip() or written(contribution)


# Beside the boxes


def last_contribution(contribution):
    """What the organisation, or one merged into it, submitted for the report before; or None."""
    own = Q(organisation=contribution.organisation_id) | Q(organisation__successor=contribution.organisation_id)
    earlier = AnnualReport.objects.filter(
        partnerships__in=contribution.partnership_ids, ends_on__lt=contribution.report.ends_on
    )
    found = ReportContribution.objects.submitted().filter(own, report__in=earlier.values("pk"))
    return found.select_related("report").order_by("-report__ends_on", "-report__edition", "pk").first()


@dataclass
class Said:
    """A return of the year, with the answers that could be a start."""

    title: str
    submitted_at: object
    answers: list = field(default_factory=list)


def said_in_returns(contribution, year):
    """What the organisation said to questions of returns that it submitted in the year. One query."""
    own = Return.objects.filter(organisation=contribution.organisation_id).exclude(submitted_at=None)
    answers = Answer.objects.filter(record__in=own.filter(request__in=year.requests().values("pk")).values("pk"))
    found = {}
    for answer in (
        answers.exclude(text="")
        .select_related("record__request", "question")
        .order_by("-record__submitted_at", "record", "question__position", "pk")
    ):
        record = answer.record
        found.setdefault(record.pk, Said(record.request.title, record.submitted_at)).answers.append(answer)
    return list(found.values())


# What the report prints and lacks


def contributions_content(report):
    """Each organisation's part as it is printed, by name."""
    return [
        {"organisation": each.organisation.name, "paragraphs": paragraphs(printed_text(each))}
        for each in report.contributions.submitted().select_related("organisation").order_by("organisation__name", "pk")
    ]


def lacks_of_contributions(report, *, on):
    """Nobody was asked yet, or who was and has not answered."""
    asked = list(report.contributions.asked().select_related("organisation").order_by("due_on", "organisation__name"))
    url = reverse("assurance:contribution-list", args=[report.pk])
    if not asked:
        yield Missing("Contributions of agencies: nobody has been asked yet", OFFICE, url)
    for each in asked:
        if each.submitted_at is None:
            due = f"{'late, ' if each.due_on < on else ''}due {long_date(each.due_on)}"
            yield Missing(f"The contribution of {each.organisation.name}, {due}", each.organisation.name, url)


def carry_contributions(report, *, edition):
    """What was submitted for ``report`` into its next edition, as it was submitted."""
    ReportContribution.objects.bulk_create(
        ReportContribution(
            report=edition,
            **{
                each.attname: getattr(contribution, each.attname)
                for each in ReportContribution._meta.concrete_fields
                if not each.primary_key and each.name != "report"
            },
        )
        for contribution in report.contributions.submitted()
    )
