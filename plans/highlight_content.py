"""What a highlight report says: as things stand for a draft, as they stood then for a submitted one.

``gather`` gives values that JSON can hold, which a submission freezes; ``content_of`` gives them to the
page, the print and Word alike, so that all three say the same.
"""

from dataclasses import dataclass, field

from django.db.models import Q

from partnership.attendance import SPEAK_FOR_THEMSELVES, heat_map
from partnership.models import GroupMember, Meeting, MeetingAction, MeetingDecision, PostHolding
from partnership.templatetags.components import long_date, sentence_join
from plans.models import Deliverable, DeliverableLead, HighlightReport, Milestone

# Field, heading, what it is for.
SECTIONS = {
    "achievements": ("Achievements", "What the group did, and what came of it."),
    "difference_made": ("Difference made", "For whom, and how you know."),
    "voice": ("Voice of {whose}", "What you heard, and what you did about it."),
    "risks": ("Risks and what is done about them", "What is in the way, and who is dealing with it."),
    "escalations": ("To be escalated", "What this group can’t settle, and what you ask for."),
    "next_period": ("Next period", "What the group will do by the next report."),
}
# Which of an update's answers is offered for which section.
OFFERED_FROM = {
    "achievements": "progress",
    "difference_made": "difference_made",
    "voice": "voice",
    "risks": "risk",
}
MOST_TO_COME = 12
WHOSE = {"children": "children", "adults": "adults", "both": "children and adults"}


def heading_of(section, plan):
    return SECTIONS[section][0].format(whose=WHOSE[plan.audience])


# Putting it together


def deliverables_of(group, plan, *, on):
    """What ``group`` answers for: led by itself or by a post that has a seat in it, in the plan's order."""
    seats = GroupMember.objects.current(on=on).filter(group=group).exclude(role__in=SPEAK_FOR_THEMSELVES)
    leads = DeliverableLead.objects.filter(Q(group=group) | Q(post__in=seats.values("post")))
    return (
        Deliverable.objects.in_plan()
        .filter(priority__plan=plan, priority__retired_on=None, pk__in=leads.values("deliverable"))
        .select_related("priority")
        .order_by("priority__position", "position", "pk")
    )


def gather(report, *, on):
    """Everything the report says, as values for JSON. Of a case review group's meetings nothing, not even a date."""
    plan = report.round.plan
    lines = list(lines_of(report))
    there = {line.deliverable_id for line in lines}
    said = {
        "group": report.group.name,
        "chair": chair_of(report.group, on=on),
        "round": report.round.name,
        "period": f"{long_date(report.round.starts_on)} to {long_date(report.round.ends_on)}",
        "plan": plan.title,
        "whose": plan.whose,
        "sections": [
            {"name": name, "heading": heading_of(name, plan), "text": getattr(report, name).strip()}
            for name in SECTIONS
        ],
        "lines": [line_words(line) for line in lines],
        "left_out": [str(each) for each in deliverables_of(report.group, plan, on=on) if each.pk not in there],
        **promised_before(report),
        **facts_of(report.group, report.round, on=on),
    }
    if report.submitted_at:
        said |= {
            "submitted_to": report.submitted_to.name,
            "submitted_by": report.submitted_by.name,
            "submitted_on": long_date(report.submitted_at),
        }
    return said


def lines_of(report):
    """The lines in the chair's order, else the plan's, with what they show of their deliverables."""
    return report.lines.select_related("deliverable__priority", "rating").order_by(
        "position", "deliverable__priority__position", "deliverable__position", "pk"
    )


def line_words(line):
    rating = line.rating
    return {
        "deliverable": line.deliverable_id,
        "ref": line.deliverable.full_ref,
        "title": line.deliverable.title,
        "priority": str(line.deliverable.priority),
        "rating": rating and {name: getattr(rating, name) for name in ("code", "word", "meaning", "token", "shape")},
        "progress": line.progress.strip(),
    }


def chair_of(group, *, on):
    """The names of whoever chairs the group on a day, or ""."""
    seats = GroupMember.objects.current(on=on).filter(group=group, role=GroupMember.Role.CHAIR)
    holdings = PostHolding.objects.current(on=on).filter(post__in=seats.values("post"))
    return ", ".join(holdings.order_by("user__name").values_list("user__name", flat=True))


def promised_before(report):
    """What the group's last report said it would do next, and which report that was."""
    last = (
        HighlightReport.objects.submitted()
        .current()
        .filter(group=report.group, round__closes_on__lt=report.round.closes_on)
        .exclude(next_period="")
        .select_related("round")
        .order_by("-round__closes_on")
        .first()
    )
    return {"promised": last.next_period.strip(), "promised_in": last.round.name} if last else {}


def facts_of(group, round, *, on):
    """The round's period as the group's own records have it: meetings, who came, decisions, the action log."""
    if group.is_restricted:
        return {"is_restricted": True}
    first, last = round.starts_on, round.ends_on
    seen = heat_map(group, first=first, last=last)
    decisions = MeetingDecision.objects.filter(
        meeting__group=group, meeting__meets_on__range=(first, last), meeting__status=Meeting.Status.HELD
    )
    actions = MeetingAction.objects.filter(group=group)
    still_open = actions.open().select_related("lead_post", "lead_group", "lead_organisation").order_by("due_on", "pk")
    return {
        "held": [long_date(each.meets_on) for each in seen.meetings if not each.is_cancelled],
        "cancelled": [{"day": long_date(each.meets_on), "reason": each.cancelled_reason} for each in seen.cancelled],
        "unwritten_count": seen.to_come_count,
        "attendance": [
            {
                "name": each.name,
                "there": each.there_count,
                "asked": each.asked_count,
                "is_seldom": each.is_seldom_there,
            }
            for each in seen.lines
            if each.asked_count
        ],
        "decisions": [
            {"ref": each.ref, "text": each.text, "day": long_date(each.meeting.meets_on)}
            for each in decisions.select_related("meeting").order_by("meeting__meets_on", "pk")
        ],
        "actions": [
            {
                "ref": each.ref,
                "text": each.text,
                "lead": str(each.lead or ""),
                "due": long_date(each.due_on),
                "is_late": each.is_late(on=on),
            }
            for each in still_open
        ],
        "closed_count": actions.filter(closed_on__range=(first, last)).count(),
    }


# Reading it


@dataclass(frozen=True)
class RatingThen:
    """A rating as it was called when the report was written."""

    code: str
    word: str
    meaning: str
    token: str
    shape: str


@dataclass(frozen=True)
class Content:
    """What ``gather`` gave, for templates: ``said`` and a few words and figures made of it."""

    report: object
    said: dict
    lines: list = field(default_factory=list)

    @property
    def is_draft(self):
        return self.report.submitted_at is None

    @property
    def rating_counts(self):
        """(rating or None, how many lines have it), worst first as they come; no rating last."""
        counts = {}
        for line in self.lines:
            key = line["rating"]
            counts[key] = counts.get(key, 0) + 1
        return sorted(counts.items(), key=lambda pair: (pair[0] is None, pair[0].code if pair[0] else ""))

    @property
    def counts_words(self):
        """ "4 deliverables: 1 amber, 2 green, 1 not rated"."""
        total = len(self.lines)
        if not total:
            return "No deliverables"
        parts = [f"{count} {rating.word.lower() if rating else 'not rated'}" for rating, count in self.rating_counts]
        return f"{total} deliverable{'s' if total > 1 else ''}: {', '.join(parts)}"

    @property
    def sections(self):
        return self.said["sections"]

    @property
    def standing_words(self):
        """ "Submitted to the Executive on 14 January 2027 by Ruth Adeyinka-Cole. Edition 2: the figure was wrong." """
        said = self.said
        if self.is_draft:
            words = "Draft, not submitted."
        else:
            words = f"Submitted to the {said['submitted_to']} on {said['submitted_on']} by {said['submitted_by']}."
        if self.report.edition == 1:
            return words
        reason = said.get("reason") or self.report.frozen.get("reason", "")
        return f"{words} Edition {self.report.edition}. Why: {reason}"

    @property
    def left_out_words(self):
        """ "Left out by the group: 1.2 Safer sleep advice." or ""."""
        left_out = self.said.get("left_out")
        return f"Left out by the group: {'; '.join(left_out)}." if left_out else ""

    @property
    def meeting_words(self):
        """What happened to the period's meetings, a sentence each."""
        said = self.said
        if said.get("is_restricted"):
            return ["What a case review group meets about is for its own members, so nothing of it stands here."]
        held = said["held"]
        words = []
        if held:
            words.append(f"Held: {sentence_join(held)}.")
        words += [f"Cancelled: {each['day']}. {each['reason']}" for each in said["cancelled"]]
        if said["unwritten_count"]:
            words.append(f"Not written up yet: {said['unwritten_count']}.")
        return words or ["No meeting was planned in this period."]

    @property
    def late_count(self):
        return sum(each["is_late"] for each in self.said.get("actions", []))

    @property
    def name(self):
        """ "Learning and Development Subgroup, October to December 2026"."""
        return f"{self.said['group']}, {self.said['round']}"


def content_of(report, *, on):
    """The report's Content: frozen where it was submitted, else as things stand on a day."""
    said = report.frozen if report.submitted_at else gather(report, on=on)
    lines = [{**line, "rating": line["rating"] and RatingThen(**line["rating"])} for line in said["lines"]]
    return Content(report, said, lines)


# What may be taken from the updates


@dataclass(frozen=True)
class Offer:
    """Words that one press puts into a section. ``key`` names them in the form."""

    key: str
    source: str
    words: str
    is_used: bool


def offers_for(report, deliverables, updates):
    """{section: its Offers}: the updates' answers and, for the next period, what falls due then.

    ``updates`` are the current ones of the round, by the key of their deliverable.
    """
    offers = {}
    for section, answer in OFFERED_FROM.items():
        there = getattr(report, section)
        offers[section] = [
            Offer(f"{section}:{updates[each.pk].pk}", each.full_ref or each.title, words, words in there)
            for each in deliverables
            if each.pk in updates and (words := getattr(updates[each.pk], answer).strip())
        ]
    offers["next_period"] = [
        Offer(f"next_period:m{each.pk}", each.activity.deliverable.full_ref, words, words in report.next_period)
        for each in milestones_to_come(report, deliverables)
        if (words := words_of(each))
    ]
    return offers


def milestones_to_come(report, deliverables):
    """Milestones not met that fall due in as many days after the period as it had."""
    round = report.round
    length = round.ends_on - round.starts_on
    return (
        Milestone.objects.that_can_be_missed()
        .filter(
            activity__deliverable__in=deliverables,
            activity__retired_on=None,
            met_on=None,
            due_on__gt=round.ends_on,
            due_on__lte=round.ends_on + length,
        )
        .select_related("activity__deliverable__priority")
        .order_by("due_on", "pk")[:MOST_TO_COME]
    )


def words_of(milestone):
    label = f" ({milestone.label})" if milestone.label else ""
    return f"{milestone.activity.text.strip().rstrip('.')}{label}, by {long_date(milestone.due_on)}."


@dataclass(frozen=True)
class Difference:
    """A deliverable of which the update says otherwise than the report's line does; ``line`` None: it has none."""

    deliverable: Deliverable
    line: object
    update: object
    is_since: bool

    @property
    def sent_words(self):
        """ "Delia Marchetti, 13 January 2027, after you began"."""
        words = f"{self.update.submitted_by}, {long_date(self.update.submitted_at)}"
        return f"{words}, after you began" if self.is_since else words


def differences(report, deliverables, updates):
    """What filling again would change: lines left out or new, and those whose update says otherwise."""
    lines = {line.deliverable_id: line for line in lines_of(report)}
    found = []
    for each in deliverables:
        line, update = lines.get(each.pk), updates.get(each.pk)
        if line and (update is None or (line.rating_id, line.progress) == (update.rating_id, update.progress)):
            continue
        is_since = bool(update and update.submitted_at > report.begun_at)
        found.append(Difference(each, line, update, is_since))
    return found
