"""The learning needs analysis of a year: begun, needs found and ranked, each decided, settled.

Settled, it stands and members read it; it can be opened again, which its history keeps. What is asked of members,
groups and practitioners is in ``needs_asking``; what other rooms offer is put to it from above (``take_offers``).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import pghistory
from django.db import transaction
from django.db.models import Count, Max, Q

from partnership.models import Partnership
from partnership.refusals import ChangedMeanwhile, NotNow
from partnership.templatetags.components import long_date, sentence_join
from training.models import COMING, Event, LearningNeed, NeedLeftOut, NeedsAnalysis, PlaceStatus

Decision = LearningNeed.Decision
MOST_TITLE, MOST_TOPIC = 200, 200
CARRIED = [Decision.UNMET, Decision.PARTLY]
NAMED = 5  # needs by their topic, where more would fill the page


def locked(analysis):
    """Nobody else changes it, its needs or their order before this ends. Raises NotNow where it is settled."""
    held = NeedsAnalysis.objects.select_for_update(of=["self"], no_key=True).get(pk=analysis.pk)
    if held.settled_on:
        raise NotNow("This analysis is settled. Open it again first.")
    return held


# A year's analysis


def last_day_of_year(starts_on):
    """The day before the same day a year later."""
    leap = starts_on.month == 2 and starts_on.day == 29
    return date(starts_on.year + 1, starts_on.month, 28 if leap else starts_on.day) - timedelta(days=1)


def year_name(starts_on, ends_on):
    """ "2027–28", or "2027" of a year that ends in the one it began in."""
    if starts_on.year == ends_on.year:
        return str(starts_on.year)
    return f"{starts_on.year}–{ends_on.year % 100:02d}"


def next_year(partnership, *, on):
    """(first day, last day) of the year after the last that was analysed; the next financial year where none was."""
    latest = NeedsAnalysis.objects.filter(partnership=partnership).aggregate(last=Max("ends_on"))["last"]
    if latest:
        starts_on = latest + timedelta(days=1)
    else:
        month = partnership.financial_year_starts_month
        starts_on = date(on.year + (on >= date(on.year, month, 1)), month, 1)
    return starts_on, last_day_of_year(starts_on)


def before(analysis):
    """The partnership's analysis of the year before, or None."""
    earlier = NeedsAnalysis.objects.filter(partnership=analysis.partnership_id, starts_on__lt=analysis.starts_on)
    return earlier.order_by("-starts_on").first()


@transaction.atomic
def begin_analysis(partnership, *, starts_on, is_carried=True, **fields):
    """(the analysis of the year from ``starts_on``, whether it is new), with what was left unmet the year before.

    Each need that is carried forward says so, and why it was left. Sent twice, it is one.
    """
    Partnership.objects.select_for_update(of=["self"], no_key=True).get(pk=partnership.pk)
    analysis, is_new = NeedsAnalysis.objects.get_or_create(
        partnership=partnership, starts_on=starts_on, defaults=fields
    )
    earlier = before(analysis) if is_new and is_carried else None
    if earlier:
        carry_forward(earlier, analysis)
    return analysis, is_new


def carry_forward(earlier, analysis):
    left = earlier.needs.filter(decision__in=CARRIED).order_by("position", "pk")
    for position, need in enumerate(left, start=1):
        met = "only partly met" if need.decision == Decision.PARTLY else "left unmet"
        said = f"Carried forward from “{earlier}”, where it was {met}: {need.reasons}"
        LearningNeed.objects.create(
            analysis=analysis,
            position=position,
            topic=need.topic,
            why="\n\n".join(filter(None, [said, need.why])),
            source=need.source,
            source_key=need.source_key,
            source_title=need.source_title,
            source_url=need.source_url,
            audience=need.audience,
            level=need.level,
            urgency=need.urgency,
            priority=need.priority,
        )


def open_words(needs):
    """The topics of ``needs``, as a sentence names them."""
    topics = [f"“{need.topic}”" for need in needs[:NAMED]]
    if len(needs) > NAMED:
        topics.append(f"{len(needs) - NAMED} more")
    return sentence_join(topics)


@transaction.atomic
def settle(analysis, *, on):
    """Freeze it and let every member read it. Raises NotNow, naming them, while needs are not decided."""
    held = locked(analysis)
    if held.closes_on and held.closes_on >= on:
        raise NotNow(
            f"Questions are open until {long_date(held.closes_on)}. Settle it after that, or change the last day."
        )
    if not held.needs.exists():
        raise NotNow("There is no need in it yet. Add what people have to learn first.")
    undecided = list(held.needs.undecided())
    if undecided:
        raise NotNow(f"Decide first how each need is met, or why not. Not decided: {open_words(undecided)}.")
    held.settled_on = on
    with pghistory.context(reason="Settled: members read it"):
        held.save(update_fields=["settled_on"])
    return held


@transaction.atomic
def open_again(analysis):
    """It can be changed again, and members read it no longer. The history keeps that it was settled, and as what."""
    held = NeedsAnalysis.objects.select_for_update(of=["self"], no_key=True).get(pk=analysis.pk)
    if held.settled_on:
        held.settled_on = None
        with pghistory.context(reason="Opened again"):
            held.save(update_fields=["settled_on"])
    return held


# Its needs


def next_position(analysis):
    return (analysis.needs.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def add_need(analysis, **fields):
    """(the need at the end of the ranks, whether it is new): the same topic for the same people twice is one."""
    held = locked(analysis)
    same = held.needs.filter(
        topic__iexact=fields["topic"], audience__iexact=fields.get("audience", ""), source_key=""
    ).first()
    if same:
        return same, False
    return held.needs.create(position=next_position(held), **fields), True


@transaction.atomic
def take_out(need):
    """Take it out; wishes that were under it are without a need again. Its history stays."""
    analysis = locked(need.analysis)
    LearningNeed.objects.filter(pk=need.pk).delete()
    renumber(analysis, list(analysis.needs.all()))


def renumber(analysis, needs):
    """Give ``needs`` the ranks from 1 on in their order; only what moves is written."""
    moved = []
    for position, need in enumerate(needs, start=1):
        if need.position != position:
            need.position = position
            moved.append(need)
    for need in moved:
        need.save(update_fields=["position"])


@transaction.atomic
def move_need(need, steps):
    """Rank it ``steps`` higher (below nought) or lower."""
    analysis = locked(need.analysis)
    needs = list(analysis.needs.all())
    at = next((place for place, each in enumerate(needs) if each.pk == need.pk), None)
    if at is not None:
        moving = needs.pop(at)
        needs.insert(max(0, min(len(needs), at + steps)), moving)
    renumber(analysis, needs)


@transaction.atomic
def rank_needs(analysis, ranks, *, seen):
    """Order the needs by ``ranks`` ({key: number typed}); of one number whichever stood higher before comes first,
    but for one that was moved there. Raises ChangedMeanwhile where they are not as ``seen`` (keys in order)."""
    analysis = locked(analysis)
    needs = list(analysis.needs.all())
    if [need.pk for need in needs] != list(seen):
        raise ChangedMeanwhile(needs)
    places = {need.pk: place for place, need in enumerate(needs, start=1)}

    def rank(need):
        """What was typed; a need that moves up goes before whatever stands there, one that moves down after it."""
        typed, place = ranks[need.pk], places[need.pk]
        return (typed, (typed > place) - (typed < place), place)

    renumber(analysis, sorted(needs, key=rank))


@transaction.atomic
def decide(need, *, decision, courses, reasons):
    """How it is met: by which courses, partly, or not at all and why. The database refuses the last without a why."""
    locked(need.analysis)
    need = LearningNeed.objects.select_for_update(of=["self"]).get(pk=need.pk)
    need.decision, need.reasons = decision, reasons
    need.save(update_fields=["decision", "reasons"])
    need.courses.set(courses)
    return need


# What other records offer


@dataclass(frozen=True)
class Offer:
    """What one record says that people have to learn. ``key``: its kind and number, by which it is taken once.

    ``is_lasting``: each year's analysis is asked anew, as of a priority or a risk; else it is offered in one year.
    """

    key: str
    source: str
    topic: str
    why: str
    seen_in: str
    url: str
    dated_on: date
    is_lasting: bool = False
    priority_id: int | None = None

    @property
    def columns(self):
        """As a row of needs holds it."""
        return {
            "source": self.source,
            "topic": shortened(self.topic, MOST_TOPIC),
            "why": self.why.strip(),
            "source_key": self.key,
            "source_title": shortened(self.seen_in, MOST_TITLE),
            "source_url": self.url if len(self.url) <= MOST_TITLE else "",
            "priority_id": self.priority_id,
        }


def shortened(text, most):
    """``text`` in one line, ended between two words where it is longer than ``most``."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"


def still_to_offer(analysis, offers):
    """Those of ``offers`` that nobody has taken or left out, for this year or (of what is not lasting) another."""
    of_partnership = {"analysis__partnership": analysis.partnership_id}
    known, own = set(), set()
    for model in (LearningNeed, NeedLeftOut):
        rows = model.objects.filter(**of_partnership).exclude(source_key="").order_by()
        for key, year in rows.values_list("source_key", "analysis"):
            known.add(key)
            if year == analysis.pk:
                own.add(key)
    return [each for each in offers if each.key not in (own if each.is_lasting else known)]


@transaction.atomic
def take_offers(analysis, offers):
    """Make a need of each; gives how many are new. Taken by two at once, each is one need."""
    held = locked(analysis)
    there = set(held.needs.exclude(source_key="").values_list("source_key", flat=True))
    position, new = next_position(held), 0
    for offer in offers:
        if offer.key not in there:
            held.needs.create(position=position + new, **offer.columns)
            new += 1
    return new


@transaction.atomic
def leave_out(analysis, offers, *, on):
    """They are not offered to this analysis any more."""
    held = locked(analysis)
    NeedLeftOut.objects.bulk_create(
        [
            NeedLeftOut(analysis=held, source_key=each.key, title=shortened(each.topic, MOST_TITLE), left_out_on=on)
            for each in offers
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def offer_again(analysis, pk):
    """Undo ``leave_out`` of one; whether there was anything to undo."""
    count, _ = locked(analysis).left_out.filter(pk=pk).delete()
    return bool(count)


# Against need


@dataclass(frozen=True)
class Held:
    """What was held, or is to be, of one course within a stretch of days."""

    planned: int = 0
    held: int = 0
    places: int = 0
    booked: int = 0
    attended: int = 0

    def __add__(self, other):
        return Held(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Met:
    """A need (``with_asked``) and what was done about it within a stretch of days. ``courses``: (course, its Held)."""

    need: LearningNeed
    courses: list
    held: Held

    @property
    def left(self):
        """Why it was left unmet, or what is left of it; "" where courses meet it."""
        return self.need.reasons if self.need.decision in CARRIED else ""


def held_by_course(course_ids, *, starts_on, ends_on, on):
    """{course: Held} of events of those days that were not cancelled. One query."""
    days = Q(starts_at__date__range=(starts_on, ends_on))
    events = Event.objects.not_cancelled().filter(days, course__in=course_ids).order_by()
    rows = events.annotate(
        booked=Count("places", filter=Q(places__status__in=COMING)),
        attended=Count("places", filter=Q(places__status=PlaceStatus.ATTENDED)),
    ).values_list("course", "starts_at__date", "capacity", "booked", "attended")
    found = defaultdict(Held)
    for course, day, places, booked, attended in rows:
        is_past = day < on
        found[course] += Held(int(not is_past), int(is_past), places, booked, attended)
    return found


def met_of(needs, *, starts_on, ends_on, on):
    """A Met for each of ``needs`` within those days, in their order. Three queries for however many."""
    needs = list(needs.with_asked().select_related("analysis", "priority").prefetch_related("courses"))
    ids = {course.pk for need in needs for course in need.courses.all()}
    held = held_by_course(ids, starts_on=starts_on, ends_on=ends_on, on=on) if ids else {}
    found = []
    for need in needs:
        courses = [(course, held.get(course.pk, Held())) for course in need.courses.all()]
        found.append(Met(need, courses, sum((each for _course, each in courses), Held())))
    return found


def against_need(analysis, *, on):
    """What the year of ``analysis`` did about each of its needs."""
    needs = analysis.needs.order_by("position", "pk")  # what is counted has no order of its own
    return met_of(needs, starts_on=analysis.starts_on, ends_on=analysis.ends_on, on=on)


def needs_of(partnership, starts_on, ends_on, *, on=None):
    """A Met for each need of the settled analyses whose year shares a day with this stretch; for figures and reports.

    What was held counts within the stretch alone. ``on``: the day from which events are still to come; the end of the
    stretch where it is not given.
    """
    needs = LearningNeed.objects.filter(
        analysis__partnership=partnership,
        analysis__settled_on__isnull=False,
        analysis__starts_on__lte=ends_on,
        analysis__ends_on__gte=starts_on,
    ).order_by("analysis__starts_on", "position", "pk")
    return met_of(needs, starts_on=starts_on, ends_on=ends_on, on=on or ends_on + timedelta(days=1))
