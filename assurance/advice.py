"""What the independent advisor looked at, said and asked, what was answered, and their other traces."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assurance.challenges import add_challenge
from assurance.models import AdvisorNote, AnnualReport, Audit, Challenge, Inspection, QuarterlyReport, Return, Scrutiny
from assurance.models.scrutiny import ScrutinyComment
from partnership.deadlines import READERS, as_deadlines
from partnership.models import Dispute, Group, Meeting, Post, PostHolding
from partnership.templatetags.components import long_date
from plans.models import PlanComment

OFFERED = timedelta(days=400)  # how long ago what is offered to be named as looked at may be
MOST_OF_A_KIND = 60
TO_ANSWER = timedelta(days=14)  # at least, from the day on which a note is made a challenge


# What a note is about


@dataclass(frozen=True)
class Source:
    """The record that was looked at. ``key`` as a note keeps it, like "audit:12"."""

    key: str
    label: str
    url: str


def meetings(user):
    """Never those of a case review group: who reads a note need not know of them."""
    return Meeting.objects.visible_to(user).exclude(group__kind=Group.Kind.CASE_REVIEW).select_related("group")


def returns(user):
    submitted = Return.objects.visible_to(user).exclude(submitted_at=None)
    return submitted.select_related("request", "organisation")


def quarters(user):
    return QuarterlyReport.objects.visible_to(user).select_related("round__plan")


# By the word with which keys begin: (heading, the records that a person may see, the field that dates them).
SOURCES = {
    "meeting": ("Meetings", meetings, "meets_on"),
    "audit": ("Audits", lambda user: Audit.objects.visible_to(user), "asked_on"),
    "inspection": ("Inspections", lambda user: Inspection.objects.visible_to(user), "starts_on"),
    "return": ("Returns", returns, "submitted_at__date"),
    "quarter": ("How are we doing?", quarters, "round__ends_on"),
    "report": ("Annual reports", lambda user: AnnualReport.objects.of_person(user), "ends_on"),
}


def sources_offered(user, *, on):
    """[(heading, [(key, label)])] of what this person may name as looked at, the newest first. One query a kind."""
    found = []
    for kind, (heading, seen_by, day) in SOURCES.items():
        dated = seen_by(user).filter(**{f"{day}__range": (on - OFFERED, on)}).distinct()
        records = dated.order_by(f"-{day}", "-pk")[:MOST_OF_A_KIND]
        if records:
            found.append((heading, [(f"{kind}:{record.pk}", str(record)) for record in records]))
    return found


def sources_of(notes, user):
    """{key: Source} of what these notes are about, as far as ``user`` may see it. A query for each kind there is."""
    keys = {}
    for note in notes:
        kind, _, pk = note.source_key.partition(":")
        if kind in SOURCES and pk.isdecimal():
            keys.setdefault(kind, set()).add(int(pk))
    found = {}
    for kind, pks in keys.items():
        _heading, seen_by, _day = SOURCES[kind]
        for record in seen_by(user).filter(pk__in=pks):
            key = f"{kind}:{record.pk}"
            found[key] = Source(key, str(record), record.get_absolute_url())
    return found


# What is done with a note


@transaction.atomic
def answer_note(note, *, answer, by, on):
    """Keep what is answered. Mended later, it stays answered on the day it first was."""
    note.answer, note.answered_by, note.answered_on = answer, by, note.answered_on or on
    note.save(update_fields=["answer", "answered_by", "answered_on"])


@transaction.atomic
def make_challenge(note, *, on):
    """Raise what was asked as a challenge, which is answered there; pressed twice, it is one.

    Whoever is asked has two weeks at least. An answer that was no answer goes with it as evidence.
    """
    note = AdvisorNote.objects.select_for_update(of=["self"], no_key=True).get(pk=note.pk)
    if note.challenge is None:
        answered = f"\n\nAnswered on {long_date(note.answered_on)}: {note.answer}" if note.answered_on else ""
        note.challenge, _is_new = add_challenge(
            note.partnership,
            priorities=note.priorities.all(),
            title=note.looked_at,
            raised_on=on,
            by_words="The independent advisor",
            to_organisation=note.to_organisation,
            to_group=note.to_group,
            issue=note.asked,
            evidence=f"{note.said}{answered}",
            answer_due_on=max(note.answer_due_on, on + TO_ANSWER),
        )
        note.save(update_fields=["challenge"])
    return note.challenge


def share_note(note, *, on):
    """Every member may read it; ``on`` None: no longer."""
    note.shared_on = on
    note.save(update_fields=["shared_on"])


def close_note(note, *, difference, on):
    """Say what came of it; ``on`` None opens it again, and what was said stays."""
    note.difference, note.closed_on = difference, on
    note.save(update_fields=["difference", "closed_on"])


# What is due


def answers(on):
    """What the advisor asked and nobody has answered, from the organisation or the group.

    No chair above hears of it: a note is for those inside and whoever is asked.
    """
    return as_deadlines(
        AdvisorNote.objects.waiting().exclude(answer_due_on=None),
        key="advisor-note",
        kind="Answer to the advisor",
        due_on="answer_due_on",
        title="asked",
        url_name="assurance:advisor-note-answer",
        partnership="partnership",
        organisation="to_organisation",
        group="to_group",
        audience=READERS,
        look_name="assurance:independent-scrutiny",
    )


# Other traces of the advisor


@dataclass(frozen=True)
class Trace:
    """Something the advisor said elsewhere: where, what, and what was answered; None where nobody answers there."""

    on: date
    where: str
    about: str
    said: str
    answer: str | None
    url: str


def traces(user, *, first=None, last=None):
    """What advisors said elsewhere that ``user`` may see, from ``first`` to ``last`` (or ever), the newest first.

    Advice in disputes, for those involved alone; challenges; comments on plans and on returns. Four queries.
    """
    found = [*_in_disputes(user), *_challenges(user), *_on_plans(user), *_on_returns(user)]
    within = [trace for trace in found if (not first or trace.on >= first) and (not last or trace.on <= last)]
    return sorted(within, key=lambda trace: trace.on, reverse=True)


def said_by_advisor(person, **of):
    """The condition that the person in that field is, or was, an advisor; ``of``: of which partnerships."""
    return Exists(PostHolding.objects.filter(user=OuterRef(person), post__duty=Post.Duty.ADVISOR, **of))


def _in_disputes(user):
    for dispute in Dispute.objects.visible_to(user).exclude(advice="").exclude(advice_on=None):
        yield Trace(
            dispute.advice_on,
            "Advice in a dispute",
            str(dispute),
            dispute.advice,
            dispute.advice_answer,
            dispute.get_absolute_url(),
        )


def _challenges(user):
    """Those made of a note, and those that say so of themselves: whoever raises one writes who it was."""
    words = Q(by_words__icontains="advisor") | Q(by_words__icontains="scrutineer")
    for challenge in Challenge.objects.visible_to(user).filter(words | Q(advisor_note__isnull=False)):
        yield Trace(
            challenge.raised_on,
            "Challenge",
            str(challenge),
            challenge.issue,
            challenge.answer,
            challenge.get_absolute_url(),
        )


def _on_plans(user):
    theirs = said_by_advisor("made_by", post__partnerships__plans=OuterRef("plan"))
    for comment in PlanComment.objects.visible_to(user).filter(theirs).select_related("plan"):
        yield Trace(
            timezone.localdate(comment.made_at),
            "Comment on a plan",
            f"{comment.plan}: {comment.about}",
            comment.text,
            comment.answer,
            comment.get_absolute_url(),
        )


def _on_returns(user):
    theirs = said_by_advisor("said_by", post__partnerships=OuterRef("scrutiny__partnership"))
    own = Scrutiny.objects.visible_to(user).values("pk")
    related = "scrutiny__partnership", "scrutiny__record__request", "scrutiny__record__organisation"
    for comment in ScrutinyComment.objects.filter(theirs, scrutiny__in=own).select_related(*related):
        yield Trace(
            timezone.localdate(comment.said_at),
            "Comment on a return",
            str(comment.scrutiny.record),
            comment.text,
            None,
            comment.scrutiny.get_absolute_url(),
        )
