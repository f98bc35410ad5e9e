"""Who answers in a round: each deliverable's people on a day, and whoever cannot be asked, in words.

People are those who today hold the posts, chair the groups or represent the organisations that lead; of
a closed round, those of the day it was closed. They are counted by person, and by the group or
organisation for which they answer.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q
from django.utils import timezone

from partnership.deadlines import Owner, People
from partnership.models import GroupMember, Reminder
from partnership.models.people import CHAIRS
from plans.models import Deliverable, DeliverableLead

UNLINKED = ("nobody-0", "Not linked to a post, group or organisation")
OTHERS = ("others-0", "Posts of no group or organisation")


@dataclass
class Line:
    """One deliverable of a round. ``answerers``: (circle, Recipient) pairs; ``missing``: who cannot be asked."""

    deliverable: object
    update: object
    answerers: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    circles: dict = field(default_factory=dict)

    @property
    def key(self):
        return self.deliverable.pk

    @property
    def people(self):
        """{person's key: Recipient}, each once."""
        found = {}
        for _circle, recipient in self.answerers:
            found.setdefault(recipient.user.pk, recipient)
        return found

    @property
    def person_keys(self):
        return {f"person-{pk}" for pk in self.people}

    @property
    def is_silent(self):
        return self.update is None


@dataclass
class Tally:
    """How one person, or one group or organisation, stands in a round."""

    key: str
    name: str
    note: str = ""
    lines: list = field(default_factory=list)
    told: str = ""

    @property
    def silent(self):
        return [line for line in self.lines if line.is_silent]

    @property
    def answered_count(self):
        return len(self.lines) - len(self.silent)

    @property
    def late_count(self):
        return sum(line.update.is_late for line in self.lines if line.update)

    @property
    def can_be_asked(self):
        return any(line.answerers for line in self.silent)


class Responders:
    """Everybody who answers in ``round`` on a day, in ten queries however many there are."""

    def __init__(self, round, *, on):
        self.round = round
        day = timezone.localdate(round.closed_at) if round.closed_at else on
        deliverables = list(rows_of(round, on=day))
        leads = [lead for row in deliverables for lead in row.leads.all() if is_of(lead, round)]
        owners = {lead.pk: owner_of(lead) for lead in leads}
        people = People(set(owners.values()), on=day)
        circles = circles_of(leads, people, on=day)
        self.lines = []
        for row in deliverables:
            line = Line(row, row.round_updates[0] if row.round_updates else None)
            for lead in row.leads.all():
                if lead.pk in owners:
                    add_answerers(line, circles[lead.pk], people.behind(owners[lead.pk]))
            if not row.leads.all():
                line.missing.append("Nobody is named as its lead.")
            if not line.circles:
                line.circles[UNLINKED[0]] = UNLINKED[1]
            self.lines.append(line)
        self.by_key = {line.key: line for line in self.lines}

    @property
    def silent(self):
        return [line for line in self.lines if line.is_silent]

    @property
    def answered(self):
        return [line for line in self.lines if not line.is_silent]

    def by_circle(self):
        """A Tally of each group and organisation, those with the most silence first."""
        tallies = {}
        for line in self.lines:
            for key, name in line.circles.items():
                tallies.setdefault(key, Tally(key, name)).lines.append(line)
        return sorted(tallies.values(), key=lambda each: (-len(each.silent), each.key == UNLINKED[0], each.name))

    def by_person(self):
        """A Tally of each person, those with the most silence first."""
        tallies = {}
        for line in self.lines:
            for pk, recipient in line.people.items():
                tally = tallies.setdefault(pk, Tally(f"person-{pk}", recipient.user.name, recipient.why))
                tally.lines.append(line)
        return sorted(tallies.values(), key=lambda each: (-len(each.silent), each.name))

    def told(self):
        """{(deliverable's key, person's key): the last Reminder} of this round. One query."""
        prefix = f"update:{self.round.pk}:"
        rows = Reminder.objects.filter(deadline_key__startswith=prefix).exclude(state=Reminder.State.SUPPRESSED)
        found = {}
        for row in rows.select_related("message", "asked_by").order_by("planned_at", "pk"):
            found[int(row.deadline_key.removeprefix(prefix)), row.recipient_id] = row
        return found

    def pairs_of(self, who):
        """The (deadline key, person's key) pairs that ``who`` ("all", "group-5", "person-12") means; None: all.

        Raises LookupError where nobody of that name answers here.
        """
        if who == "all":
            return None
        kind, _, _key = who.partition("-")
        pairs = {
            (f"update:{self.round.pk}:{line.key}", recipient.user.pk)
            for line in self.silent
            for circle, recipient in line.answerers
            if who == (f"person-{recipient.user.pk}" if kind == "person" else circle)
        }
        known = {tally.key for tally in (self.by_person() if kind == "person" else self.by_circle())}
        if who not in known:
            raise LookupError(who)
        return pairs


def rows_of(round, *, on):
    """The deliverables that the round asks about; of a closed one also those that left the plan since.

    ``round_updates``: the current update in the round, as a list.
    """
    updates = round.updates.current().select_related("rating", "submitted_by")
    there = Q(retired_on=None, priority__retired_on=None)
    if round.closed_at:
        there = (Q(retired_on=None) | Q(retired_on__gt=on)) & (
            Q(priority__retired_on=None) | Q(priority__retired_on__gt=on)
        )
    return (
        Deliverable.objects.filter(there, priority__plan=round.plan_id)
        .select_related("priority__plan")
        .prefetch_related(
            Prefetch("leads", DeliverableLead.objects.select_related("post__organisation", "group", "partnership")),
            Prefetch("updates", updates, to_attr="round_updates"),
        )
        .order_by("priority__position", "position", "pk")
    )


def is_of(lead, round):
    """Where another leads in each partnership, only those of the plan's own count."""
    return lead.partnership_id is None or lead.partnership_id in round.partnership_ids


def owner_of(lead):
    return Owner(lead.text, lead.post_id, lead.group_id, lead.organisation_id)


def circles_of(leads, people, *, on):
    """{lead's key: {circle's key: its name}}: the group that answers or that the post chairs, else its organisation."""
    posts = {lead.post_id for lead in leads} - {None}
    chaired = defaultdict(dict)
    seats = GroupMember.objects.current(on=on).filter(post__in=posts, role__in=CHAIRS).select_related("group")
    for seat in seats.order_by("group__name"):
        chaired[seat.post_id][f"group-{seat.group_id}"] = seat.group.name
    return {lead.pk: _circles_of_one(lead, people, chaired) for lead in leads}


def _circles_of_one(lead, people, chaired):
    if lead.group_id:
        return {f"group-{lead.group_id}": people.groups[lead.group_id].name}
    if lead.organisation_id:
        return {f"organisation-{lead.organisation_id}": people.organisations[lead.organisation_id].name}
    if lead.post_id:
        organisation = people.posts[lead.post_id].organisation
        of_it = {f"organisation-{organisation.pk}": organisation.name} if organisation else dict([OTHERS])
        return chaired[lead.post_id] or of_it
    return dict([UNLINKED])


def add_answerers(line, circles, behind):
    told, absent = behind
    line.circles |= circles
    line.answerers += [(circle, recipient) for circle in circles for recipient in told]
    line.missing += [words for words in absent if words not in line.missing]
