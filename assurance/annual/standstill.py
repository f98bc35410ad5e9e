"""Little or no progress, and why: the section of a report that is drafted from the trail, for people to make theirs.

The trail is what plans keep of themselves: deliverables that stood still (``plans.standstill``, with the office's own
notes), priorities whose last rating worries, promises dropped, dates missed. Each piece brings the reason that
somebody gave, or says that nobody did. Drafting again never touches words that are there: it tells what is new.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from assurance.annual.writing import draft_of, keep_draft, page_of
from assurance.annual.year import Year
from assurance.models import AnnualReport, ReportSection, ReportSeen
from plans.course import read_courses
from plans.drift import capital, named
from plans.due_words import long
from plans.standstill import quoted, stood_still

CODE = "little-progress"  # of the rule
TITLE = "Little or no progress, and why"
TRAIL = "trail:"
NO_REASON = "No reason is on record."
DRAFTED, ADDED, KEPT, NOTHING = "drafted", "added", "kept", "nothing"


@dataclass(frozen=True)
class Piece:
    """One thing that did not move, in a paragraph or two. ``key``: what it is about; ``label``: for a list."""

    key: str
    label: str
    text: str
    url: str
    reasons: tuple = ()

    @property
    def mark(self):
        return hashlib.sha256(self.text.encode()).hexdigest()[:40]


# The section


def is_standstill(section):
    """The heading that rules ask for, else the report's own of that name."""
    if section.rule_id:
        return section.rule.code == CODE
    return section.title.lower().startswith("little or no progress")


def code_of(section):
    """The code of its heading's rule; of the report's own section on what did not move, that of such a rule."""
    if section.rule_id:
        return section.rule.code
    return CODE if is_standstill(section) else ""


def section_of(report, *, make=False):
    """The report's section on it, or None; ``make``: one of its own where its rules have no such heading."""
    sections = list(report.sections.select_related("rule"))
    found = next((section for section in sections if is_standstill(section)), None)
    if found or not make:
        return found
    with transaction.atomic():
        AnnualReport.objects.select_for_update(of=["self"], no_key=True).get(pk=report.pk)
        again = section_of(report)
        if again:
            return again
        last = report.sections.aggregate(last=Max("position"))["last"] or 0
        return ReportSection.objects.create(report=report, position=last + 1, title=TITLE)


# The pieces


def pieces_of(report, *, on):
    """Every Piece of the year as it stands ``on`` that day, or stood on its last: the plans' order, then what was
    dropped. Eight queries and two of the course's, however many there are."""
    year = Year.of(report)
    on = min(on, report.ends_on)
    plans = list(year.plans().select_related("scrutiny_group", "deciding_group"))
    reviews = {review.priority_id: review for review in year.decided_reviews()}
    found = []
    for course in read_courses(plans, on=on):
        still = {each.promise.pk: each for each in stood_still(course, on=on)}
        for aim in course.aims:
            of_aim = [of_standstill(still[promise.pk]) for promise in aim.promises if promise.pk in still]
            late = [of_missed(promise, on) for promise in aim.promises if promise.pk not in still]
            review = reviews.get(aim.pk)
            if review and review.decided_rating.worries and not of_aim:
                found.append(of_rating(aim, review))
            found += [*of_aim, *filter(None, late)]
    found += [of_dropped(each) for each in year.outcomes() if each.decision == each.Decision.DROPPED]
    return found


def of_standstill(still):
    promise = still.promise
    text = f"{promise.name}. {still.words}" if still.is_written else still.words
    return Piece(
        f"standstill:{promise.pk}",
        promise.name,
        text,
        reverse("plans:deliverable-detail", args=[promise.pk]),
        tuple(still.reasons),
    )


def of_rating(aim, review):
    why = [review.worsening_reason, review.decision_comments or review.scrutiny_comments]
    said = " ".join(quoted(text) + "." for text in why if text.strip()) or NO_REASON
    return Piece(
        f"rating:{aim.pk}:{review.round_id}",
        aim.heading,
        f"Priority {aim.heading} was rated {review.decided_rating} in {review.round}. {said}",
        "",
        (f"Rated {review.decided_rating} when last decided",),
    )


def of_missed(promise, on):
    """What was due and is not met, of a deliverable that moves otherwise; None where nothing is late."""
    missed = promise.missed(on)
    if not missed or (promise.rating and promise.rating.is_done):
        return None
    dates = " ".join(capital(f"{named(work)} was due on {long(mark.due_on)} and is not met.") for work, mark in missed)
    told = [answer.risk.strip() for answer in promise.said if answer.risk.strip()]
    why = f"What was in the way, in the lead’s words: {quoted(told[-1])}." if told else NO_REASON
    return Piece(
        f"missed:{promise.pk}",
        promise.name,
        f"{promise.name}. {dates} {why}",
        reverse("plans:deliverable-detail", args=[promise.pk]),
        ("A date was missed",),
    )


def of_dropped(decision):
    row = decision.deliverable
    why = decision.reason.strip() or NO_REASON
    return Piece(
        f"dropped:{row.pk}", row.title, f"We dropped {quoted(row.title)}. {why}", row.get_absolute_url(), ("Dropped",)
    )


# Drafting


def new_pieces(report, pieces):
    """Those that nobody has drafted from as they are now. One query."""
    seen = set(report.seen.filter(key__startswith=TRAIL).values_list("key", "value"))
    return [piece for piece in pieces if (f"{TRAIL}{piece.key}", piece.mark) not in seen]


@transaction.atomic
def draft(report, section, pieces, *, only, by, at):
    """Put ``pieces`` into the draft of ``by`` where no word is written yet, or ``only`` the one of that key at its end.

    Gives DRAFTED, ADDED, KEPT (there are words, so nothing was touched) or NOTHING (there is nothing to draft from).
    """
    page = page_of(section)
    kept = draft_of(report, page=page, by=by)
    answers = dict(kept.answers) if kept else {"standfirst": section.standfirst, "narrative": section.narrative}
    words = answers.get("narrative", "").strip()
    chosen = [piece for piece in pieces if piece.key == only] if only else pieces
    if not chosen:
        return NOTHING
    if words and not only:
        return KEPT
    joined = "\n\n".join(piece.text for piece in chosen)
    answers["narrative"] = f"{words}\n\n{joined}" if words else joined
    keep_draft(report, page=page, by=by, at=at, answers=answers)
    ReportSeen.objects.bulk_create(
        (ReportSeen(report=report, key=f"{TRAIL}{piece.key}"[:80], value=piece.mark, seen_at=at) for piece in chosen),
        ignore_conflicts=True,
    )
    return ADDED if only and words else DRAFTED
