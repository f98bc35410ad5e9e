"""Where a plan drifts: what nobody says aloud and the rows show.

Each rule is a small function of plain values (``plans.course``) that gives what it Found, or None. It
reads no database and no clock, and never a colour: whether a rating is done, the worst or says well is
asked of the plan's own key. ``drift_of`` asks every rule of every row and gives each Line one
step that the office can take.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.urls import reverse

from partnership.templatetags.components import sentence_join
from plans.due_words import days_late, long
from plans.models import DriftNote, Plan

SILENT_ROUNDS = 2
BAD_ROUNDS = 2
SAME_ROUNDS = 3
MOVED = 2
REVIEWS_LOOKED_AT = 2  # rounds: an older review that was never held will not be held any more

NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


@dataclass(frozen=True)
class Day:
    """When a rule is asked: the day, the rounds that are over, the oldest first, and the key's ratings, worst first."""

    on: date
    past: list = field(default_factory=list)
    ratings: list = field(default_factory=list)

    def is_worst(self, rating):
        """The lowest of the key that worries: "not begun" may stand below it and is no such judgement."""
        worst = next((each for each in self.ratings if each.worries), None)
        return worst is not None and rating.pk == worst.pk


@dataclass(frozen=True)
class Found:
    """``since``: None where nothing says. ``about``: the record that the step is about, if not the row itself."""

    why: str
    since: date | None = None
    about: object = None


# Rules of a deliverable


def silent(promise, aim, day):
    """Asked in the last rounds, and no answer came."""
    asked = day.past[-SILENT_ROUNDS:]
    if len(asked) < SILENT_ROUNDS or not any(lead.is_reached for lead in promise.leads):
        return None
    last = promise.last
    if last and last.round.closes_on >= asked[0].closes_on:
        return None
    missed = [each for each in day.past if not last or each.closes_on > last.round.closes_on]
    who = sentence_join([lead.named for lead in promise.leads if lead.is_reached])
    ever = f"The last answer came on {long(last.on)}." if last else "No answer has ever come."
    return Found(
        f"No answer from {who} in {counted(len(missed), 'round')}. {ever}",
        since=last.on if last else missed[0].opens_on,
    )


def nobody(promise, aim, day):
    """No lead is named, or what is named reaches nobody."""
    if not promise.leads:
        return Found("No lead is named, so nobody is asked.")
    said, lost = [], [lead for lead in promise.leads if not lead.is_reached]
    for lead in lost:
        if not lead.is_linked:
            said.append(f"“{lead.text}” is not linked to a post or a group, so nobody is asked.")
        else:
            said.append(f"“{lead.text}” {vacant(lead)}, so nobody is asked.")
    if not said:
        return None
    since = [lead.vacant_since for lead in lost if lead.vacant_since]
    return Found(" ".join(said), since=min(since) if since else None, about=lost[0])


def vacant(lead):
    if lead.vacant_since is None:
        return "has no chair" if lead.group_id else "is vacant"
    lack = "has had no chair" if lead.group_id else "has been vacant"
    return f"{lack} since {long(lead.vacant_since)}"


def well_but_late(promise, aim, day):
    """Rated well, and something is past its day. Of a lead who has fallen silent since, that is what is said."""
    if silent(promise, aim, day):
        return None
    missed = promise.missed(day.on)
    if not missed or not promise.rating or promise.rating.is_done or not promise.rating.says_well:
        return None
    work, mark = missed[0]
    others = f", and {counted(len(missed) - 1, 'other milestone')} too" if len(missed) > 1 else ""
    return Found(
        f"{rated(promise)}, yet {named(work)} was due on {long(mark.due_on)}: "
        f"{days_late((day.on - mark.due_on).days)}{others}.",
        since=mark.due_on,
    )


def done_but_open(promise, aim, day):
    """Rated done, and activities with a day of their own are not met."""
    if not promise.rating or not promise.rating.is_done:
        return None
    open_works = [work for work in promise.works if work.promised and not work.is_met]
    if not open_works:
        return None
    names = sentence_join([named(work) for work in open_works[:3]])
    more = f" and {counted(len(open_works) - 3, 'more')}" if len(open_works) > 3 else ""
    is_or_are = "is" if len(open_works) == 1 else "are"
    return Found(f"{rated(promise)}, yet {names}{more} {is_or_are} not met.", since=promise.last.on)


def worst_without_action(promise, aim, day):
    """The worst rating round after round, and no review of the priority asks for anything."""
    streak = []
    for answer in reversed(promise.said):
        if not day.is_worst(answer.rating):
            break
        streak.insert(0, answer)
    if len(streak) < BAD_ROUNDS:
        return None
    since = streak[0].round.closes_on
    if any(verdict.actions for verdict in aim.verdicts.values() if verdict.round.closes_on >= since):
        return None
    return Found(
        f"Rated {streak[-1].rating} in {counted(len(streak), 'round')} in a row, "
        "and no review of the priority has an action in its log.",
        since=streak[0].on,
        about=streak[-1].round,
    )


def moved_twice(promise, aim, day):
    """A date that was moved, or asked to move, twice or more."""
    works = [work for work in promise.works if len(work.moves_that_count()) >= MOVED]
    if not works:
        return None
    said = []
    for work in works:
        moves = work.moves_that_count()
        steps = [moves[0].before, *(move.after for move in moves)]
        waits = ", which is asked for and not agreed yet" if moves[-1].is_waiting else ""
        said.append(f"{named(work)} was moved {times(len(moves))}: {', then '.join(steps)}{waits}.")
    waiting = [move for work in works for move in work.moves_that_count() if move.is_waiting]
    first = min(move.asked_on for work in works for move in work.moves_that_count())
    return Found(capital(" ".join(said)), since=first, about=waiting[-1] if waiting else None)


def all_met(promise, aim, day):
    """Everything is met, and nobody says that it is done."""
    if not promise.works or not all(work.is_met for work in promise.works):
        return None
    if promise.rating and promise.rating.is_done:
        return None
    last = max(mark.met_on for mark in promise.promised)
    count = len(promise.works)
    whole = {1: "Its one activity is", 2: "Both activities are"}
    what = whole.get(count, f"All {number(count)} activities are")
    rating = f"it is rated {promise.rating}" if promise.rating else "it is not rated"
    return Found(f"{what} met, the last on {long(last)}, yet {rating}.", since=last)


def worst_but_on_time(promise, aim, day):
    """The worst rating, and every day so far was kept."""
    if not promise.rating or not day.is_worst(promise.rating) or promise.missed(day.on):
        return None
    met = [mark for mark in promise.promised if mark.met_on]
    if not met or all_met(promise, aim, day) or any(work.moves_that_count() for work in promise.works):
        return None
    whole = {1: "the one milestone that was due is met", 2: "both milestones that were due are met"}
    kept = whole.get(len(met), f"all {number(len(met))} milestones that were due are met")
    return Found(f"{rated(promise)}, yet {kept}. What is in the way is not in its dates.", since=promise.last.on)


def done_unshown(promise, aim, day):
    """Rated done, and nothing shows what difference it made."""
    if not promise.rating or not promise.rating.is_done:
        return None
    has_words = any(answer.difference_made.strip() for answer in promise.said)
    if promise.evidence_count or (has_words and not promise.rating.needs_evidence):
        return None
    lack = "nothing is attached that shows it" if has_words else "no update says what difference it made"
    return Found(f"{rated(promise)}, yet {lack}.", since=promise.last.on, about=promise if has_words else None)


def same_words(promise, aim, day):
    """The same words, round after round."""
    said = promise.said[-SAME_ROUNDS:]
    if len(said) < SAME_ROUNDS or said[-1].rating.is_done:
        return None
    words = {" ".join(answer.progress.casefold().split()) for answer in said}
    if len(words) > 1 and not all(answer.is_unchanged for answer in said[1:]):
        return None
    streak = len(said)
    for answer in reversed(promise.said[:-SAME_ROUNDS]):
        if " ".join(answer.progress.casefold().split()) not in words:
            break
        streak += 1
    return Found(
        f"The same words in {counted(streak, 'round')} in a row: “{shortened(said[-1].progress)}”",
        since=promise.said[-streak].on,
    )


# Rules of a priority and of an outcome statement


def review_late(aim, day):
    """A rating that should have been proposed or decided by now."""
    for round in reversed([each for each in day.past if each.proposals_due_on][-REVIEWS_LOOKED_AT:]):
        verdict = aim.verdicts.get(round.pk)
        is_proposed = bool(verdict and verdict.proposed_on)
        due_on = round.decisions_due_on if is_proposed else round.proposals_due_on
        if (verdict and verdict.decided_on) or due_on is None or due_on >= day.on:
            continue
        verb = "decided" if is_proposed else "proposed"
        return Found(
            f"The rating of {round} was to be {verb} by {long(due_on)}: {days_late((day.on - due_on).days)}.",
            since=due_on,
            about=round,
        )
    return None


def unjudged(outcome, day):
    """No judgement in the last rounds."""
    asked = day.past[-SILENT_ROUNDS:]
    last = outcome.last
    if len(asked) < SILENT_ROUNDS or (last and last.round.closes_on >= asked[0].closes_on):
        return None
    ever = f"It was last judged on {long(last.on)}" if last else "It has never been judged"
    since = last.on if last else day.past[0].closes_on
    return Found(f"{ever}: {counted(len(_after(day.past, last)), 'round')} without a judgement.", since=since)


def unshown(outcome, day):
    """Judged shown or partly shown, with nothing to show it by."""
    last = outcome.last
    if last is None or last.level not in {"shown", "partly"} or outcome.evidence_count:
        return None
    words = "shown" if last.level == "shown" else "partly shown"
    return Found(f"Judged {words} in {last.round}, and no evidence is attached.", since=last.on, about=last.round)


def _after(rounds, last):
    return [each for each in rounds if not last or each.closes_on > last.round.closes_on]


# Words


def counted(count, noun):
    """ "one round", "three rounds", "12 rounds"."""
    if count == 1 or noun == "more":
        return f"{number(count)} {noun}"
    return f"{number(count)} {noun[:-1]}ies" if noun.endswith("y") else f"{number(count)} {noun}s"


def number(count):
    return NUMBERS.get(count, str(count))


def times(count):
    return {1: "once", 2: "twice"}.get(count, f"{number(count)} times")


def rated(promise):
    return f"Rated {promise.rating} in {promise.last.round}"


def named(work):
    return f"“{shortened(work.text.rstrip('.'))}”"


def shortened(text, most=90):
    """The first words of ``text``, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0].rstrip(',;:.')} …"


def capital(text):
    return text[:1].upper() + text[1:]


# What the office sees


@dataclass(frozen=True)
class Step:
    """The one thing to do. ``data``: what a press sends (a POST); None for a link."""

    label: str
    url: str
    data: dict | None = None


@dataclass(frozen=True)
class Kind:
    """A rule as the page names it. ``code`` is kept in addresses and in what is set aside."""

    code: str
    title: str
    rule: object


@dataclass(frozen=True)
class Line:
    """One thing that drifts: what, since when, why we say so, one step."""

    kind: Kind
    plan: object
    what: str
    url: str
    why: str
    since: date | None
    step: Step
    row_pk: int

    @property
    def key(self):
        """What it is set aside by: the same rule of the same row."""
        return f"{self.kind.code}:{self.row_pk}"


OF_PROMISES = [
    Kind("silent", "No answer", silent),
    Kind("nobody", "Nobody is asked", nobody),
    Kind("well-but-late", "Rated well, and late", well_but_late),
    Kind("done-but-open", "Rated done, and not finished", done_but_open),
    Kind("worst", "Off track, and no action agreed", worst_without_action),
    Kind("moved", "Date moved again", moved_twice),
    Kind("all-met", "Finished, and not rated done", all_met),
    Kind("on-time", "Dates kept, and rated the worst", worst_but_on_time),
    Kind("done-unshown", "Done, and no difference shown", done_unshown),
    Kind("same-words", "The same words again", same_words),
]
OF_AIMS = [Kind("review-late", "Rating not given in time", review_late)]
OF_OUTCOMES = [
    Kind("unjudged", "Outcome not judged", unjudged),
    Kind("unshown", "Outcome without evidence", unshown),
]
KINDS = {kind.code: kind for kind in [*OF_PROMISES, *OF_AIMS, *OF_OUTCOMES]}


def drift_of(course, *, on):
    """Every Line of a plan, rule by rule, the oldest first, set aside or not. Nothing before a plan runs, nor after."""
    if not course.plan.is_running:
        return []
    day = Day(on, course.past(on), course.ratings)
    steps = Steps(course, on=on)
    found = []
    for aim in course.aims:
        for kind in OF_AIMS:
            found.append((kind, aim.heading, steps.aim_url(aim), aim, aim, kind.rule(aim, day)))
        for outcome in aim.outcomes:
            for kind in OF_OUTCOMES:
                url = reverse("plans:outcome-detail", args=[outcome.pk])
                found.append((kind, outcome.text, url, aim, outcome, kind.rule(outcome, day)))
        for promise in aim.promises:
            for kind in OF_PROMISES:
                url = steps.promise_url(promise)
                found.append((kind, promise.name, url, aim, promise, kind.rule(promise, aim, day)))
    lines = [
        Line(kind, course.plan, what, url, each.why, each.since, steps.of(kind, row, aim, each), row.pk)
        for kind, what, url, aim, row, each in found
        if each
    ]
    order = list(KINDS)
    return sorted(lines, key=lambda line: (order.index(line.kind.code), line.since or date.max))


class Steps:
    """The one step for each rule, as the plan stands on a day."""

    def __init__(self, course, *, on):
        self.plan = course.plan
        self.round = course.answerable(on)

    def promise_url(self, promise):
        return reverse("plans:deliverable-detail", args=[promise.pk])

    def aim_url(self, aim):
        return f"{self.plan.get_absolute_url()}#priority-{aim.pk}"

    def of(self, kind, row, aim, found):
        return getattr(self, kind.code.replace("-", "_"), self.look)(row, aim, found)

    def look(self, row, aim, found):
        """The update where one can be written now, else the deliverable."""
        if self.round:
            return Step("Open the update", reverse("plans:deliverable-update", args=[row.pk]))
        return Step("Open the deliverable", self.promise_url(row))

    def silent(self, row, aim, found):
        if self.round is None:
            return Step("Open a round", reverse("plans:round-open", args=[self.plan.pk]))
        asked = {key for lead in row.leads for key in lead.responders}
        if len(asked) > 1:
            return Step("Chase the leads", self.round.get_absolute_url())
        return Step("Chase the lead", reverse("plans:round-chase", args=[self.round.pk]), {"who": asked.pop()})

    def nobody(self, row, aim, found):
        lead = found.about
        if lead is None:
            return Step(
                "Name a lead", reverse("plans:cell-change", args=[self.plan.pk, "deliverable", row.pk, "leads"])
            )
        if lead.post_id:
            return Step("Fill the post", reverse("partnership:post-appoint", args=[lead.post_id]))
        if lead.group_id:
            return Step("Name a chair", reverse("partnership:group-detail", args=[lead.group_id]))
        return Step("Link the lead", reverse("plans:plan-leads", args=[self.plan.pk]))

    def worst(self, row, aim, found):
        return Step("Open the review", reverse("plans:review-detail", args=[aim.pk, found.about.pk]))

    review_late = worst

    def moved(self, row, aim, found):
        if found.about:
            return Step("Decide on the date", reverse("plans:date-move-decide", args=[found.about.pk]))
        return self.look(row, aim, found)

    def done_unshown(self, row, aim, found):
        label = "Attach evidence" if found.about else "Say what changed"
        return Step(label, self.look(row, aim, found).url)

    def unjudged(self, row, aim, found):
        return Step("Judge the outcome", reverse("plans:outcome-judge", args=[row.pk]))

    def unshown(self, row, aim, found):
        return Step("Attach evidence", reverse("plans:outcome-detail", args=[row.pk]))


# What is set aside


@dataclass(frozen=True)
class Drift:
    """A plan's ``lines``; ``asides``: pairs of a line that was set aside and its note."""

    lines: list
    asides: list


def parted(lines, notes):
    """The Drift of ``lines`` (of any plans) by ``notes`` that are in force."""
    notes = {(note.plan_id, note.key): note for note in notes}
    kept = [line for line in lines if (line.plan.pk, line.key) not in notes]
    asides = [(line, notes[line.plan.pk, line.key]) for line in lines if (line.plan.pk, line.key) in notes]
    return Drift(kept, asides)


@transaction.atomic
def set_aside(plan, *, key, reason, until, by, at):
    """Let one line of drift be until a day. Set aside again, the later word counts; the earlier is in the history."""
    Plan.objects.select_for_update(of=["self"], no_key=True).get(pk=plan.pk)
    values = {"reason": reason, "until": until, "set_by": by, "set_at": at}
    note, _made = DriftNote.objects.update_or_create(plan=plan, key=key, defaults=values)
    return note


def take_back(plan, *, key):
    """Have a line of drift on the list again; whether it was set aside."""
    deleted, _of = plan.drift_notes.filter(key=key).delete()
    return bool(deleted)
