"""How the partnership met, for the annual report: meetings and attendance, decisions, actions, arrangements.

Nothing of a case review group's meetings, decisions or actions is read here, and no dispute.
"""

from collections import Counter

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from assurance.annual.money import HOW_MUCH, HOW_WELL, Fact
from partnership.attendance import SPEAK_FOR_THEMSELVES, Expected, heat_maps
from partnership.models import Arrangements, GroupMember, Meeting, Partnership
from partnership.templatetags.components import long_date, sentence_join

# Meetings and who was there


def facts_of_meetings(year):
    """Of each group how often it met, what was moved or cancelled and why, and which organisations came."""
    meetings = year.meetings().exclude(status=Meeting.Status.PLANNED).prefetch_related("moves")
    of_group = {}
    for meeting in meetings:
        of_group.setdefault(meeting.group, []).append(meeting)
    maps = heat_maps(list(of_group), first=year.starts_on, last=year.ends_on)
    for group, found in of_group.items():
        yield Fact(
            source_key=f"meetings:{group.pk}",
            reference=f"MT-{group.pk}",
            kind="meetings",
            text=f"{group.name}: {how_often(found)}",
            shows=HOW_MUCH,
            dated_on=found[-1].meets_on,
            address=reverse("partnership:group-meetings", args=[group.pk]),
        )
        text = who_came(maps[group])
        if text:
            yield Fact(
                source_key=f"attendance:{group.pk}",
                reference=f"AT-{group.pk}",
                kind="attendance",
                text=f"{group.name}: {text}",
                shows=HOW_WELL,
                dated_on=found[-1].meets_on,
                address=reverse("partnership:group-meetings", args=[group.pk]),
            )


def how_often(meetings):
    """ "3 meetings held, 1 cancelled, 1 moved. Cancelled, 4 May 2026: snow. Moved from … to …: the chair was ill." """
    held = [meeting for meeting in meetings if not meeting.is_cancelled]
    cancelled = [meeting for meeting in meetings if meeting.is_cancelled]
    moves = [move for meeting in meetings for move in meeting.moves.all()]
    counts = [f"{len(held)} meeting{'' if len(held) == 1 else 's'} held"]
    counts += [f"{len(some)} {what}" for some, what in ((cancelled, "cancelled"), (moves, "moved")) if some]
    said = [with_reason(f"Cancelled, {long_date(each.meets_on)}", each.cancelled_reason) for each in cancelled]
    said += [
        with_reason(f"Moved from {long_date(move.was_on)} to {long_date(move.now_on)}", move.reason) for move in moves
    ]
    return " ".join([f"{', '.join(counts)}.", *said])


def who_came(heat_map):
    """ "there at 3 of 4 meetings, itself or by a deputy: …" for every organisation that was expected."""
    lines = [line for line in heat_map.lines if line.asked_count]
    if not lines:
        return ""
    there = "; ".join(f"{line.name} {line.there_count} of {line.asked_count}" for line in lines)
    seldom = sentence_join(line.name for line in heat_map.seldom_there)
    return f"meetings at which each organisation or its deputy was there: {there}." + (
        f" Seldom there: {seldom}." if seldom else ""
    )


# Decisions and actions


def facts_of_decisions(year):
    for decision in year.meeting_decisions():
        meeting = decision.meeting
        yield Fact(
            source_key=f"decision:{decision.pk}",
            reference=decision.ref,
            kind="decision",
            text=with_reason(
                f"{meeting.group.name}, {long_date(meeting.meets_on)}: {one_line(decision.text)}", decision.reason
            ),
            shows=HOW_MUCH,
            dated_on=meeting.meets_on,
            address=meeting.get_absolute_url(),
        )


def facts_of_actions(year):
    """Actions that were closed, with what came of each."""
    for action in year.closed_actions():
        yield Fact(
            source_key=f"action:{action.pk}",
            reference=action.ref,
            kind="action",
            text=f"{action.group.name}: {one_line(action.text)}. What came of it: {one_line(action.outcome)}.",
            shows=HOW_WELL,
            dated_on=action.closed_on,
            address=action.get_absolute_url(),
        )


# Arrangements


def facts_of_arrangements(year):
    """What published versions changed in the year, why, and by when it is carried out."""
    for change in year.arrangement_changes():
        version = change.arrangements
        text = with_reason(
            f"{version.partnership.name}, version {version.version}: {one_line(change.what)}", change.reason
        )
        yield Fact(
            source_key=f"arrangements-change:{change.pk}",
            reference=f"AR-{version.version}.{change.position}",
            kind="arrangements",
            text=f"{text} By when: {one_line(change.timescale)}.",
            shows=HOW_WELL,
            dated_on=timezone.localdate(version.published_at),
            address=version.get_absolute_url(),
        )


def with_reason(sentence, reason):
    """ "Cancelled, 4 May 2026: snow." """
    reason = one_line(reason)
    return f"{sentence}. Why: {reason}." if reason else f"{sentence}."


def one_line(words):
    """``words`` without line breaks and without the stop that the sentence around them brings."""
    return " ".join(words.split()).rstrip(".")


# What is missing


def lacks_of_meetings(year, *, on):
    """(what, where) of each group whose past meetings nobody wrote up, or whose attendance nobody kept.

    A group in which no organisation has a seat, such as young people's, has no attendance to keep.
    """
    planned, held = Meeting.Status.PLANNED, Meeting.Status.HELD
    spoken_for = ("post__organisation", "post__former_organisations", "post__nominations")
    of_organisations = Q(*((f"{path}__isnull", False) for path in spoken_for), _connector=Q.OR)
    seats = GroupMember.objects.filter(of_organisations, group=OuterRef("group"))
    unkept = Q(status=held, attendance=None) & Exists(seats.exclude(role__in=SPEAK_FOR_THEMSELVES))
    silent = Q(status=planned, meets_on__lt=on) | unkept
    meetings = list(year.meetings().filter(silent))
    yield from each_group("Whether {} of {} happened", [each for each in meetings if each.status == planned])
    held_ones = [each for each in meetings if each.status == held]
    yield from each_group("Attendance at {} of {}", that_expect_somebody(held_ones))


def that_expect_somebody(meetings):
    """Those of ``meetings`` at which an organisation has a seat."""
    if not meetings:
        return []
    expected = Expected(*{meeting.group for meeting in meetings})
    return [meeting for meeting in meetings if expected.of(meeting.group).on(meeting.meets_on)]


def each_group(words, meetings):
    counts = Counter(meeting.group for meeting in meetings)
    for group, count in counts.items():
        number = "1 meeting" if count == 1 else f"{count} meetings"
        yield words.format(number, group.name), reverse("partnership:group-meetings", args=[group.pk])


def lacks_of_arrangements(year):
    """(what, where) for each partnership that looked at its arrangements neither in the year nor needed to."""
    still_good = Arrangements.objects.in_force(on=year.ends_on).filter(review_on__gt=year.ends_on)
    partnerships = Partnership.objects.filter(pk__in=year.partnership_ids)
    for published in (year.arrangements(), still_good):
        partnerships = partnerships.exclude(pk__in=published.order_by().values("partnership"))
    for partnership in partnerships:
        what = f"The yearly look at the arrangements of {partnership.name}: no version was published in the year"
        yield what, reverse("partnership:arrangements-list")
