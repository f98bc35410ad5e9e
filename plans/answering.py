"""Answering a round: what is due from a person, what makes an answer acceptable, and sending it.

A ``Line`` is one deliverable in its plan's newest round that takes answers. Pages, the link in a mail and
a tracker that comes back send through ``send_line`` and ``repeat_line`` and nothing else, so that the same
rules hold for all of them: ``problems_of``.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q
from django.utils import timezone

from partnership.standing import standing_of
from partnership.templatetags.components import sentence_join
from plans.cells import read_in
from plans.deputies import giver_to
from plans.due_words import due_words
from plans.models import (
    Activity,
    DateMove,
    Deliverable,
    DeliverableLead,
    Evidence,
    Milestone,
    Rating,
    Update,
    UpdateDraft,
    UpdateRound,
)
from plans.rounds import RoundClosed, last_update, submit_update

# The words of an answer. ``rating``, ``done_on`` and ``moves`` are the rest of it.
WORDS = ["progress", "difference_made", "risk", "voice", "worse_reason"]
LONGEST_DRAFT = 20_000  # characters in one box; what is longer stays in the browser until it is shortened


class AnsweredMeanwhile(Exception):
    """Somebody sent an answer that the sender has not seen. ``update`` is theirs; nothing of it is lost."""

    def __init__(self, update):
        self.update = update
        super().__init__(f"{update.submitted_by} has answered this meanwhile.")


class NotAsked(Exception):
    """The deliverable is in its plan no more, so nobody is asked about it. The message says so."""


@dataclass(frozen=True)
class Move:
    """A lead says that an activity's date no longer holds: the words they would have, and why."""

    activity: Activity
    words: str
    reason: str


@dataclass(frozen=True)
class ActivityLine:
    """An activity as a line shows it. ``due``: its DueWords. ``asks``: the question about its date."""

    activity: Activity
    due: object
    last_due_on: object

    @property
    def pk(self):
        return self.activity.pk

    @property
    def is_asked(self):
        """Whether anything is left of it: a day that was met needs no other."""
        return self.due.icon != "tick"

    @property
    def asks(self):
        words = " ".join(self.activity.timescale_text.split())
        if self.activity.timescale_kind == Activity.Kind.CONTINUOUS:
            return "Still ongoing, with no end date?"
        if self.last_due_on and self.activity.timescale_kind == Activity.Kind.DATE:
            return f"Is {self.last_due_on.day} {self.last_due_on:%B %Y} still right?"
        return f"Is “{words}” still right?" if words else "It has no date yet. Is that still so?"


@dataclass
class Line:
    """One deliverable in one round, for the person who answers it.

    ``last``: what was said in an earlier round; ``current``: the answer that stands in this one, with its
    ``moves``; ``draft``: what this person typed and did not send; ``why``: as whom they are asked.
    """

    deliverable: Deliverable
    round: UpdateRound
    on: object
    last: Update | None = None
    current: Update | None = None
    draft: UpdateDraft | None = None
    evidence: list = field(default_factory=list)
    activities: list = field(default_factory=list)
    ratings: list = field(default_factory=list)
    why: str = ""

    @property
    def pk(self):
        return self.deliverable.pk

    @property
    def plan(self):
        return self.round.plan

    @property
    def is_late(self):
        return self.on > self.round.closes_on

    @property
    def is_answered(self):
        return self.current is not None

    @property
    def may_repeat(self):
        """Whether "same as last time" means anything: there was one, rated by the key that the plan has now."""
        return can_be_repeated(self.last, self.plan)

    @property
    def days_late(self):
        return max((each.due.days_late for each in self.activities), default=0)


# Reading


def lines_due(user, *, on):
    """Every ``Line`` that ``user`` may answer on that day, as lead or as deputy: late ones too, answered ones too.

    Those of the plan whose round ends first come first. The same number of queries for any number of lines.
    """
    answered_by = DeliverableLead.objects.filter(deliverable=OuterRef("pk")).answered_by(user, on=on)
    deliverables = Deliverable.objects.open().filter(Exists(answered_by))
    lines = lines_of(deliverables, by=user, on=on)
    _say_why(lines, user, on=on)
    return lines


def line_of(deliverable, *, by, on):
    """The ``Line`` of one deliverable as ``by`` would answer it, or None where no round takes answers."""
    return next(iter(lines_of(Deliverable.objects.filter(pk=deliverable.pk), by=by, on=on)), None)


def lines_of(deliverables, *, by, on, rounds=None):
    """The lines of ``deliverables`` (a queryset). ``rounds``: else those that take answers on that day."""
    if rounds is None:
        rounds = UpdateRound.objects.newest_answerable_on(on)
    rounds = {
        round.plan_id: round
        for round in rounds.filter(plan__in=deliverables.values("priority__plan"))
        .select_related("plan")
        .prefetch_related("plan__partnerships", "plan__review_dates")
    }
    rows = deliverables.filter(priority__plan__in=rounds.keys()).select_related("priority")
    lines = [Line(deliverable=row, round=rounds[row.priority.plan_id], on=on) for row in rows]
    lines.sort(key=lambda line: (line.round.closes_on, line.plan.pk, *_place(line.deliverable)))
    _fill(lines, by=by, on=on)
    return lines


def _place(row):
    return row.priority.position, row.priority_id, row.position, row.pk


def _fill(lines, *, by, on):
    keys = [line.pk for line in lines]
    round_ids = {line.round.pk for line in lines}
    ratings = defaultdict(list)
    for rating in Rating.objects.filter(key__in={line.plan.rating_key_id for line in lines}):
        ratings[rating.key_id].append(rating)
    updates = defaultdict(list)
    said = Update.objects.current().filter(deliverable__in=keys).select_related("rating", "round", "submitted_by")
    moves = DateMove.objects.filter(decided_at=None)
    for update in said.prefetch_related(Prefetch("date_moves", moves, to_attr="moves")).order_by("-round__closes_on"):
        updates[update.deliverable_id].append(update)
    drafts = {
        (draft.deliverable_id, draft.round_id): draft
        for draft in UpdateDraft.objects.filter(author=by, deliverable__in=keys, round__in=round_ids)
    }
    evidence = defaultdict(list)
    shown = Evidence.objects.filter(removed_at=None, deliverable__in=keys, round__in=round_ids)
    for each in shown.select_related("document").defer("document__content"):
        evidence[each.deliverable_id, each.round_id].append(each)
    activities = _activities(keys, {line.pk: line.plan for line in lines}, on=on)
    for line in lines:
        of_line = updates[line.pk]
        line.current = next((each for each in of_line if each.round_id == line.round.pk), None)
        line.last = next((each for each in of_line if each.round.closes_on < line.round.closes_on), None)
        line.draft = drafts.get((line.pk, line.round.pk))
        line.evidence = evidence[line.pk, line.round.pk]
        line.activities = activities[line.pk]
        line.ratings = ratings[line.plan.rating_key_id]


def _activities(keys, plans, *, on):
    found = defaultdict(list)
    rows = Activity.objects.in_plan().filter(deliverable__in=keys).order_by("deliverable", "position")
    for row in rows.prefetch_related(Prefetch("milestones", Milestone.objects.order_by("position"), to_attr="stops")):
        days = [(stop.due_on, stop.met_on) for stop in row.stops]
        due = due_words(row.timescale_kind, days, on=plans[row.deliverable_id].judged_on(on))
        last = max((day for day, _met in days if day), default=None)
        found[row.deliverable_id].append(ActivityLine(row, due, last))
    return found


def _say_why(lines, user, *, on):
    """As whom: the words of the lead that is the person's own; else the names of those for whom they answer."""
    leads = DeliverableLead.objects.filter(deliverable__in=[line.pk for line in lines])
    words, givers = {}, defaultdict(list)
    mine = set(leads.of_standing(standing_of(user)).values_list("pk", flat=True))
    for lead in leads.annotate(giver=giver_to(user, on=on)).order_by("deliverable", "position"):
        if lead.pk in mine:
            words.setdefault(lead.deliverable_id, lead.text)
        elif lead.giver and lead.giver not in givers[lead.deliverable_id]:
            givers[lead.deliverable_id].append(lead.giver)
    for line in lines:
        line.why = words.get(line.pk) or f"for {sentence_join(givers[line.pk])}"


@dataclass(frozen=True)
class Progress:
    """How far a person is with one round. ``saved_at``: when they last typed something not sent, or None."""

    plan: str
    round_name: str
    asked: int
    answered: int
    saved_at: object


def progress_of(user, *, on):
    """{round's key: Progress} of the rounds that take answers from ``user``. Two queries."""
    answered_by = DeliverableLead.objects.filter(deliverable=OuterRef("pk")).answered_by(user, on=on)
    said = Update.objects.filter(deliverable=OuterRef("pk"), round=OuterRef("round"))
    rows = (
        Deliverable.objects.open()
        .filter(Exists(answered_by), priority__plan__rounds__in=UpdateRound.objects.newest_answerable_on(on))
        .annotate(round=F("priority__plan__rounds"))
        .annotate(is_answered=Exists(said))
        .values_list("round", "priority__plan__title", "priority__plan__rounds__name", "is_answered")
    )
    names, asked, answered = {}, defaultdict(int), defaultdict(int)
    for round, *name, is_answered in rows:
        names[round] = name
        asked[round] += 1
        answered[round] += is_answered
    drafts = UpdateDraft.objects.filter(author=user.pk, round__in=asked.keys()).order_by()
    saved = dict(drafts.values_list("round").annotate(Max("saved_at")))
    return {round: Progress(*names[round], count, answered[round], saved.get(round)) for round, count in asked.items()}


# What makes an answer acceptable


def can_be_repeated(last, plan):
    return last is not None and last.rating.key_id == plan.rating_key_id


def problems_of(answers, *, last, has_evidence, on):
    """[(field, sentence)] of what must be mended before an answer counts; forms and ``send_line`` both ask it.

    ``answers``: rating, the words, ``done_on``, ``moves`` (of Move); ``last``: the update before, or None.
    """
    rating, found = answers.get("rating"), []
    moves = {f"words_{move.activity.pk}": move for move in answers.get("moves", ())}
    if rating is None:
        found.append(("rating", "Choose how it is going"))
    if not answers.get("progress"):
        found.append(("progress", "Enter what has happened since the last update"))
    if rating and not answers.get("difference_made"):
        if rating.is_done:
            found.append(("difference_made", f"Say what difference it made. “{rating.word}” means that it is shown"))
        elif rating.needs_evidence:
            found.append(("difference_made", f"Say what difference it made, which “{rating.word}” needs"))
    if rating and rating.needs_evidence and not has_evidence:
        found.append(("files", f"Add a file or a link that shows the difference. “{rating.word}” needs one"))
    if rating and last and rating.is_worse_than(last.rating) and not answers.get("worse_reason"):
        found.append(("worse_reason", f"Say why it is worse: it was {last.rating.word} last time"))
    if answers.get("done_on") and answers["done_on"] > on:
        found.append(("done_on", "Enter the day it was done, which cannot be after today"))
    for name, move in moves.items():
        if not move.words:
            found.append((name, "Enter the new date, in any words"))
        elif " ".join(move.words.split()) == " ".join(move.activity.timescale_text.split()):
            found.append((name, "This is the date that the plan has now. Enter the new one"))
        if not move.reason:
            found.append((name.replace("words_", "why_"), "Say why the date moves"))
    return found


# Sending


@transaction.atomic
def send_line(deliverable, *, round, by, at, answers, came_by=Update.Way.PAGE, seen=None):
    """Record ``by``'s answer for the round; (the update, whether it is new).

    ``answers``: rating, progress, difference_made, risk, voice, worse_reason, done_on, moves (a list of Move).
    ``seen``: the key of the answer that stood when the page was shown, 0 for none; None does not ask. The same
    answer sent twice is one. Raises RoundClosed, NotAsked, AnsweredMeanwhile, and ValidationError
    {field: sentence}.
    """
    on = timezone.localdate(at)
    round, current = _begin(deliverable, round, on=on)
    last = last_update(deliverable, before=round)
    answers = dict.fromkeys(WORDS, "") | {"done_on": None, "moves": []} | answers
    rating = answers["rating"]
    if rating and rating.is_done:
        answers["done_on"] = answers["done_on"] or on
    else:
        answers["done_on"] = None
    has_evidence = deliverable.evidence.filter(round=round, removed_at=None).exists()
    problems = problems_of(answers, last=last, has_evidence=has_evidence, on=on)
    if problems:
        raise ValidationError({name: said for name, said in reversed(problems)})
    if current and _is_same(current, answers):
        _forget(deliverable, round, by)
        return current, False
    if seen is not None and (current.pk if current else 0) != seen:
        raise AnsweredMeanwhile(current)
    moves = answers.pop("moves")
    if last is None or not rating.is_worse_than(last.rating):
        answers["worse_reason"] = ""
    update = submit_update(deliverable, round=round, by=by, on=on, at=at, came_by=came_by, **answers)
    for move in moves:
        _ask_for(move, update, round.plan)
    _forget(deliverable, round, by)
    return update, True


@transaction.atomic
def repeat_line(deliverable, *, round, by, at, came_by=Update.Way.PAGE, seen=None):
    """“Same as last time”: the last words and rating stand for this round too; (the update, whether it is new).

    What was a reason to be worse then is none now, and a day it was done on stays. Raises LookupError where
    there is nothing to repeat, and what ``send_line`` raises.
    """
    on = timezone.localdate(at)
    round, current = _begin(deliverable, round, on=on)
    last = last_update(deliverable, before=round)
    if not can_be_repeated(last, round.plan):
        raise LookupError("There is no earlier answer to repeat.")
    if current and current.is_unchanged:
        return current, False
    if seen is not None and (current.pk if current else 0) != seen:
        raise AnsweredMeanwhile(current)
    words = {name: getattr(last, name) for name in ["progress", "difference_made", "risk", "voice", "done_on"]}
    update = submit_update(
        deliverable, round=round, by=by, on=on, at=at, came_by=came_by, rating=last.rating, is_unchanged=True, **words
    )
    _forget(deliverable, round, by)
    return update, True


def _begin(deliverable, round, *, on):
    """The round as it is now and the answer that stands in it; nobody else answers until this transaction ends."""
    row = Deliverable.objects.select_for_update(of=["self"]).select_related("priority__plan").get(pk=deliverable.pk)
    round = UpdateRound.objects.select_for_update(of=["self"], no_key=True).get(pk=round.pk)
    round.plan = row.priority.plan
    if row.is_retired or row.priority.is_retired:
        raise NotAsked(f"“{row.title}” has left the plan, so nobody is asked about it any more.")
    if not row.priority.plan.is_running or row.priority.plan_id != round.plan_id:
        raise RoundClosed(round)
    if not round.is_answerable(on=on):
        raise RoundClosed(round)
    current = row.updates.in_round(round).current().select_related("rating", "submitted_by").first()
    return round, current


def _is_same(update, answers):
    words = all(getattr(update, name) == answers[name] for name in WORDS if name != "worse_reason")
    asked = {(move.activity_id, move.after_text, move.reason) for move in update.date_moves.filter(decided_at=None)}
    wanted = {(move.activity.pk, move.words, move.reason) for move in answers["moves"]}
    is_rated = update.rating_id == answers["rating"].pk and update.done_on == answers["done_on"]
    return words and is_rated and asked == wanted and not update.is_unchanged


def _ask_for(move, update, plan):
    activity = Activity.objects.get(pk=move.activity.pk, deliverable=update.deliverable_id)
    before = activity.milestones.aggregate(last=Max("due_on"))["last"]
    DateMove.objects.create(
        update=update,
        activity=activity,
        before_text=activity.timescale_text,
        before_due_on=before,
        after_text=move.words,
        after_due_on=max(read_in(plan, move.words).dates, default=None),
        reason=move.reason,
    )


def _forget(deliverable, round, by):
    UpdateDraft.objects.filter(deliverable=deliverable, round=round, author=by).delete()


# Drafts


def save_draft(deliverable, *, round, by, at, answers):
    """Keep what was typed, as it was typed: {field: words}. Nothing typed leaves nothing; the draft, or None.

    Raises RoundClosed, and ValueError where a box holds more than a draft takes.
    """
    if not round.is_answerable(on=timezone.localdate(at)):
        raise RoundClosed(round)
    answers = {name: value.replace("\x00", "") for name, value in answers.items()}
    longest = max((len(value) for value in answers.values()), default=0)
    if longest > LONGEST_DRAFT:
        raise ValueError(
            f"One answer has {longest:,} characters, more than we can keep. Shorten it to 5,000, or add it as a file."
        )
    if is_blank(answers):
        _forget(deliverable, round, by)
        return None
    draft, _made = UpdateDraft.objects.update_or_create(
        deliverable=deliverable, round=round, author=by, defaults={"answers": answers, "saved_at": at}
    )
    return draft


def is_blank(answers):
    """Whether nothing was typed or chosen: that a date is still right is how the page begins."""
    return not any(
        value.strip() for name, value in answers.items() if not (name.startswith("date_") and value == "yes")
    )


# Who waits for a date


def moves_waiting(plan):
    """The dates that leads of ``plan`` ask for and the office has not answered, the oldest first."""
    return (
        DateMove.objects.waiting()
        .filter(Q(update__round__plan=plan), activity__retired_on=None, activity__deliverable__retired_on=None)
        .select_related("activity__deliverable__priority", "update__submitted_by", "update__round")
        .order_by("update__submitted_at", "pk")
    )
