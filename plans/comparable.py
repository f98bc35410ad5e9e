"""What may be compared with what: versions and working copies, and why rows left a plan."""

from dataclasses import dataclass
from functools import cached_property

from partnership.rules import is_advisor, is_office
from partnership.templatetags.components import long_date
from plans.models import Activity, CarryDecision, Deliverable, Plan, PlanVersion, Priority
from plans.snapshots import take_snapshot

NOW = "now"

# The working copy between two versions is its office's and its advisor's.
sees_working_copy = is_office | is_advisor


@dataclass(frozen=True)
class Stand:
    """A plan as it stood in a version, or with ``version`` None as it stands now. ``code`` is what an address says."""

    code: str
    plan: Plan
    version: PlanVersion | None = None

    @property
    def name(self):
        return f"Version {self.version.number}" if self.version else "Now"

    @property
    def label(self):
        if self.version is None:
            return "As it stands now"
        return f"{self.name}, {self.version.get_stage_display().lower()} {long_date(self.version.made_at)}"

    @property
    def years(self):
        return f"{self.plan.starts_on.year} to {self.plan.ends_on.year}"

    @property
    def made_at(self):
        return self.version.made_at if self.version else None

    def snapshot(self):
        """Read when it is asked for: lists of versions go without."""
        return self.version.snapshot if self.version else take_snapshot(self.plan)


class Stands:
    """What a person may compare on the page of ``plan``: its own stands first, then those of related plans.

    Plans are related that share a partnership.
    """

    def __init__(self, user, plan):
        related = Plan.partnerships.through.objects.filter(partnership__in=plan.partnership_ids).values("plan")
        versions = PlanVersion.objects.visible_to(user).filter(plan__in=related).without_snapshot().newest_first()
        plans = Plan.objects.visible_to(user).filter(pk__in=related).prefetch_related("partnerships")
        of_plan = {}
        for version in versions:
            of_plan.setdefault(version.plan_id, []).append(version)
        self.plan, self.groups = plan, []
        for each in sorted(plans, key=lambda other: (other.pk != plan.pk, -other.starts_on.toordinal(), -other.pk)):
            stands = [Stand(str(version.pk), each, version) for version in of_plan.get(each.pk, [])]
            if sees_working_copy(user, each):
                stands.insert(0, Stand(NOW if each.pk == plan.pk else f"{NOW}-{each.pk}", each))
            if stands:
                self.groups.append((each, stands))

    @cached_property
    def by_code(self):
        return {stand.code: stand for _plan, stands in self.groups for stand in stands}

    def usual(self):
        """(before, after): the newest version and the one before it; else what there is, or None for both."""
        own = [stand for stand in self.by_code.values() if stand.plan.pk == self.plan.pk]
        versions = [stand for stand in own if stand.version]
        if len(versions) > 1:
            return versions[1], versions[0]
        others = [stand for stand in self.by_code.values() if stand not in own]
        if versions and len(own) > 1:
            return versions[0], own[0]
        return (others[0], own[0]) if own and others else (None, None)


def is_related(one, other):
    """Whether two plans share a partnership."""
    return bool(one.partnership_ids & other.partnership_ids)


def reasons_of(before, after):
    """{(what, key): a sentence} on why rows of ``before`` (a Stand) are not in ``after``. Three queries at most."""
    if before.plan.pk != after.plan.pk:
        decisions = CarryDecision.objects.filter(plan=after.plan.pk, deliverable__priority__plan=before.plan.pk)
        return {
            (
                "deliverable",
                each.deliverable_id,
            ): f"{each.get_decision_display()}{': ' * bool(each.reason)}{each.reason}"
            for each in decisions.exclude(decision=CarryDecision.Decision.CARRIED)
        }
    within = {
        "priority": Priority.objects.filter(plan=before.plan.pk),
        "deliverable": Deliverable.objects.filter(priority__plan=before.plan.pk),
        "activity": Activity.objects.filter(deliverable__priority__plan=before.plan.pk),
    }
    reasons = {}
    for what, rows in within.items():
        retired = rows.exclude(retired_on=None).exclude(retired_reason="")
        if after.made_at:
            retired = retired.filter(retired_on__lte=after.made_at.date())
        for key, reason in retired.values_list("pk", "retired_reason"):
            reasons[what, key] = f"Taken out because: {reason}"
    return reasons


def choices_of(groups, *, own):
    """``Stands.groups`` as choices, grouped by plan. A closed box shows no group, so other plans' say their years."""
    return [(plan.title, [choice_of(each, is_own=plan.pk == own.pk) for each in stands]) for plan, stands in groups]


def choice_of(stand, *, is_own):
    return stand.code, stand.label if is_own else f"{stand.years}: {stand.label}"
