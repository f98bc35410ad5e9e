"""Duties of law and guidance that a plan can promise to meet, put into it as deliverables."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max

from partnership.models import Rule
from partnership.templatetags.components import long_date
from plans.cells import read_in, write_dates
from plans.models import Activity, Deliverable, Plan, Priority
from plans.writing import lock

TITLE = "What the law asks of us every year"
# Editions that are about one kind of partnership alone, by how their code begins; any other is for both.
ONLY_FOR = {"wt": Plan.Audience.CHILDREN, "care-act": Plan.Audience.ADULTS}


@dataclass(frozen=True)
class Offered:
    """A duty, and the deliverable that promises to meet it, if any does."""

    rule: Rule
    promised: Deliverable | None

    @property
    def where(self):
        """The place where it stands, and whether somebody has read it there."""
        read = f"read on {long_date(self.rule.verified_on)}" if self.rule.verified_on else "to be verified"
        return f"{self.rule.source}, {read}."

    @property
    def usually(self):
        """What is usually done about it, and when."""
        when = f" ({self.rule.counted_from})" if self.rule.counted_from else ""
        return f"{self.rule.words}{when}."


@dataclass(frozen=True)
class Edition:
    rule_set: object
    duties: list
    is_shown: bool = False  # opened on the page: the newest of which somebody has read anything

    @property
    def open(self):
        """Those that the plan does not promise."""
        return [each for each in self.duties if each.promised is None]


def editions_for(plan):
    """The editions that have duties for such a plan, the newest first. Two queries."""
    promised = {
        row.duty.code: row
        for row in Deliverable.objects.in_plan()
        .filter(priority__plan=plan, priority__retired_on=None)
        .exclude(duty=None)
        .select_related("duty", "priority")
    }
    rules = Rule.objects.filter(unit=Rule.Unit.DUTY).select_related("rule_set").order_by("-rule_set__code", "position")
    editions = {}
    for rule in rules:
        if is_about(plan, rule.rule_set.code):
            edition = editions.setdefault(rule.rule_set_id, Edition(rule.rule_set, []))
            edition.duties.append(Offered(rule, promised.get(rule.code)))
    found = list(editions.values())
    newest = next((each for each in found if any(duty.rule.verified_on for duty in each.duties)), None)
    return [replace(each, is_shown=each is newest) for each in found]


def is_about(plan, code):
    audience = next((audience for start, audience in ONLY_FOR.items() if code.startswith(start)), None)
    return audience is None or plan.audience in (audience, Plan.Audience.BOTH)


@transaction.atomic
def add_duties(plan, priority, rules):
    """A deliverable for each of ``rules`` in ``priority``, or without one in the priority of duties.

    What the plan promises already is left out, so a second yes adds nothing. Gives the new deliverables.
    """
    lock(plan)
    promised = set(
        Deliverable.objects.in_plan()
        .filter(priority__plan=plan, priority__retired_on=None)
        .exclude(duty=None)
        .values_list("duty__code", flat=True)
    )
    wanted = [rule for rule in rules if rule.code not in promised]
    if not wanted:
        return []
    priority = priority or priority_of_duties(plan)
    last = priority.deliverables.aggregate(last=Max("position"))["last"] or 0
    is_numbered = bool(priority.ref) and not priority.deliverables.in_plan().exclude(ref__regex=r"^\d+$").exists()
    return [
        add_duty(plan, priority, rule, position, ref=str(position) if is_numbered else "")
        for position, rule in enumerate(wanted, start=last + 1)
    ]


def add_duty(plan, priority, rule, position, *, ref):
    """The deliverable with the rule's title, and one activity: what is usually done, and when."""
    deliverable = Deliverable.objects.create(priority=priority, position=position, ref=ref, title=rule.title, duty=rule)
    if rule.words:
        activity = Activity(deliverable=deliverable, position=1, text=rule.words, timescale_text=rule.counted_from)
        activity.save()
        write_dates(activity, read_in(plan, rule.counted_from))
    return deliverable


def priority_of_duties(plan):
    """The plan's priority of that name, or a new one at its end with the next number."""
    there = plan.priorities.in_plan().filter(title=TITLE).first()
    if there:
        return there
    refs = [ref for ref in plan.priorities.in_plan().exclude(is_cross_cutting=True).values_list("ref", flat=True)]
    ref = str(max(map(int, refs), default=0) + 1) if all(ref.isdecimal() for ref in refs) else ""
    last = plan.priorities.aggregate(last=Max("position"))["last"] or 0
    return Priority.objects.create(plan=plan, position=last + 1, ref=ref, title=TITLE)
