"""What is to follow from a case: the independent advisor advises, each safeguarding partner decides.

A partner decides through somebody who represents it and sits in the case review group. What was said stays: later
advice and a corrected decision stand beside it. Where partners differ the partnership's own way of settling disputes
takes it on, and learns nothing of the case.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from partnership.access import may
from partnership.arrangements import statutory_partners
from partnership.disputes import office_posts, raise_dispute, set_people
from partnership.models import Group, GroupMember, Organisation, Post, PostHolding, User
from partnership.refusals import NotNow
from reviews.cases import held_open, record_stage
from reviews.clock import MEETING
from reviews.models import ADULTS_OUTCOMES, CHILDREN_OUTCOMES, Advice, Case, Outcome, PartnerDecision, PracticeReview

DISPUTE_TITLE = "A decision on which the safeguarding partners differ"
DISPUTE_ABOUT = (
    "The safeguarding partners could not agree on a decision that is theirs to take together. Those who decide know "
    "what it is about and have each given their reasons; nothing of it belongs here."
)
# The practice review that follows from an outcome.
REVIEW_OF = {
    Outcome.LOCAL: PracticeReview.Kind.LOCAL,
    Outcome.THEMATIC: PracticeReview.Kind.THEMATIC,
    Outcome.NATIONAL: PracticeReview.Kind.NATIONAL,
    Outcome.SAR_MANDATORY: PracticeReview.Kind.SAR_MANDATORY,
    Outcome.SAR_DISCRETIONARY: PracticeReview.Kind.SAR_DISCRETIONARY,
}


def outcomes_of(case):
    """What can follow from ``case``: a referral is of an adult, an incident of a child."""
    return ADULTS_OUTCOMES if case.kind == Case.Kind.REFERRAL else CHILDREN_OUTCOMES


# On the case page


def section_of(case, user, *, on):
    """What the case page shows of advice and decisions, and what ``user`` may do there."""
    lines = lines_of(case, on=on)
    for line in lines:
        line.may_decide = may_decide(user, case, line)
    verdict = Verdict(lines)
    dispute = case.disputes.select_related("dispute").first()
    decides = case.closed_on is None and may(user, "decide", case)
    begun = list(case.reviews.visible_to(user).order_by("reference"))
    return {
        "advice": list(case.advice.select_related("given_by")),
        "may_advise": case.closed_on is None and may(user, "advise", case),
        "verdict": verdict,
        "dispute": dispute,
        "sees_dispute": bool(dispute and may(user, "view", dispute.dispute)),
        "may_dispute": decides and verdict.differs and not (dispute and not dispute.dispute.settled_on),
        "begun": begun,
        "may_begin": decides and verdict.outcome in REVIEW_OF and not begun,
        "is_open": case.closed_on is None,
        "is_adults": case.kind == Case.Kind.REFERRAL,
    }


# Who decides


@dataclass
class Line:
    """One safeguarding partner. ``standing``: its decision, or None; ``earlier``: those it superseded, newest first.

    ``may_decide``: whether the reader of the page decides for it.
    """

    organisation: Organisation
    representatives: list
    standing: PartnerDecision | None = None
    earlier: list = field(default_factory=list)
    may_decide: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the lines come to. ``outcome``: the one on which all partners agree, else None."""

    lines: list

    @property
    def decided(self):
        return [line.standing for line in self.lines if line.standing]

    @property
    def waiting(self):
        return [line.organisation for line in self.lines if not line.standing]

    @property
    def is_complete(self):
        return bool(self.lines) and not self.waiting

    @property
    def differs(self):
        return len({decision.outcome for decision in self.decided}) > 1

    @property
    def outcome(self):
        return Outcome(self.decided[0].outcome) if self.is_complete and not self.differs else None

    @property
    def by_outcome(self):
        """[(outcome, organisations)] in the order in which the partners stand."""
        found = {}
        for decision in self.decided:
            found.setdefault(decision.get_outcome_display(), []).append(decision.organisation)
        return list(found.items())


def partners_of(partnership_id, *, on):
    """The statutory safeguarding partners of a partnership on a day, each with its ``heir``."""
    return statutory_partners(partnership_id, on=on).with_heir().order_by("name")


def seats_of(partnership_id, *, on):
    """The seats of the case review group on a day; an observer sees no case, an advisor decides none."""
    groups = Group.objects.filter(kind=Group.Kind.CASE_REVIEW, partnerships=partnership_id)
    quiet = [GroupMember.Role.OBSERVER, GroupMember.Role.ADVISOR]
    return GroupMember.objects.current(on=on).filter(group__in=groups).exclude(role__in=quiet)


def representatives_of(partners, partnership_id, *, on):
    """{partner's key: [people]} who represent each of ``partners`` and sit in the case review group on a day."""
    held = PostHolding.objects.current(on=on).filter(user__is_active=True)
    # Asked of each person: a list of all who sit would be made anew for each, where nothing was counted yet.
    theirs = held.filter(user=OuterRef("user"))
    seated = theirs.filter(post__in=seats_of(partnership_id, on=on).values("post"))
    advisors = theirs.filter(post__duty=Post.Duty.ADVISOR, post__partnerships=partnership_id)
    of_partners = held.filter(
        Exists(seated), ~Exists(advisors), post__organisation__in={each.heir for each in partners}
    )
    found = {}
    for heir, user in of_partners.order_by("user__name", "user").values_list("post__organisation", "user").distinct():
        found.setdefault(heir, []).append(user)
    people = User.objects.in_bulk({user for users in found.values() for user in users})
    return {each.pk: [people[user] for user in found.get(each.heir, [])] for each in partners}


def lines_of(case, *, on):
    """A ``Line`` for each safeguarding partner of the day, and for one that decided while it was one. Four queries."""
    decided = {}
    rows = case.decisions.select_related("organisation", "decided_by", "recorded_by").order_by("-recorded_at")
    for decision in rows:
        decided.setdefault(decision.organisation_id, []).append(decision)
    partners = list(partners_of(case.partnership_id, on=on))
    people = representatives_of(partners, case.partnership_id, on=on)
    lines = [Line(each, people[each.pk]) for each in partners]
    known = {each.pk for each in partners}
    lines += [Line(found[0].organisation, []) for key, found in decided.items() if key not in known]
    for line in lines:
        found = decided.get(line.organisation.pk, [])
        line.standing = next((each for each in found if each.superseded_by_id is None), None)
        line.earlier = [each for each in found if each.superseded_by_id]
    return lines


def chairs(user, case):
    """Whether ``user`` chairs the case review group of the case's partnership."""
    groups = Group.objects.filter(kind=Group.Kind.CASE_REVIEW, partnerships=case.partnership_id)
    return bool(user.standing.chaired_group_ids) and groups.filter(pk__in=user.standing.chaired_group_ids).exists()


def may_decide(user, case, line):
    """Whether ``user`` decides for the partner of ``line``, or records as the chair what its representative said."""
    if case.closed_on or case.partnership_id in user.standing.advisor_ids:
        return False
    return bool(line.representatives) and (user in line.representatives or chairs(user, case))


# Advising and deciding


class DecidedMeanwhile(Exception):
    """A decision that its writer has not seen stands. ``decision`` is that one."""

    def __init__(self, decision):
        self.decision = decision
        super().__init__(f"{decision.recorded_by} has recorded a decision meanwhile.")


@transaction.atomic
def advise(case, *, outcome, reasons, given_on, by):
    """Keep what the independent advisor advises, once. What was advised before stays beside it."""
    held_open(case)
    last = case.advice.first()
    if last and (last.outcome, last.reasons, last.given_on, last.given_by) == (outcome, reasons, given_on, by):
        return last
    return Advice.objects.create(
        case=case,
        partnership_id=case.partnership_id,
        outcome=outcome,
        reasons=reasons,
        given_on=given_on,
        given_by=by,
    )


@transaction.atomic
def decide(case, organisation, *, outcome, reasons, decided_on, decided_by, by, on, seen="", late_because=""):
    """Keep what ``organisation`` decided through ``decided_by``; ``by`` is that person or the group's chair.

    A decision that stood before is superseded: ``seen`` is its key, or DecidedMeanwhile is raised. The same one sent
    twice is one. When the last partner has decided, the decision meeting is done: raises
    ``reviews.cases.LateNeedsReason`` where it is late and nobody said why. Raises NotNow where nobody of that name may
    decide for it on the day ``on``.
    """
    held_open(case)
    line = next((each for each in lines_of(case, on=on) if each.organisation == organisation), None)
    if line is None or not may_decide(by, case, line):
        raise NotNow("Only a representative of this partner in the group decides for it, or the chair records it.")
    if decided_by not in line.representatives or (decided_by != by and not chairs(by, case)):
        raise NotNow(f"{decided_by} does not represent {organisation} in the group.")
    standing = line.standing
    if standing and is_same(standing, outcome, reasons, decided_on, decided_by):
        return standing
    if standing and str(standing.pk) != seen:
        raise DecidedMeanwhile(standing)
    decision = PartnerDecision(
        case=case,
        partnership_id=case.partnership_id,
        organisation=organisation,
        outcome=outcome,
        reasons=reasons,
        decided_on=decided_on,
        decided_by=decided_by,
        recorded_by=by,
    )
    # The one before steps back first: only one can stand. The key that it names comes before this ends.
    case.decisions.filter(organisation=organisation, superseded_by=None).update(superseded_by=decision.pk)
    decision.save(force_insert=True)
    settle_meeting(case, on=on, late_because=late_because)
    return decision


def is_same(decision, *said):
    return (decision.outcome, decision.reasons, decision.decided_on, decision.decided_by) == said


def late_since(case, *, on):
    """The day by which the decision meeting was due, where that is past and it has not been; or None."""
    waiting = case.stages.filter(code=MEETING, done_on=None, not_needed_because="", late_because="")
    stage = waiting.with_clock().first()
    return stage.due_on if stage and stage.due_on and stage.due_on < on else None


def settle_meeting(case, *, on, late_because):
    """The decision meeting is done on the day on which the last of the partners decided."""
    stage = case.stages.filter(code=MEETING, done_on=None, not_needed_because="").first()
    verdict = Verdict(lines_of(case, on=on))
    if stage and verdict.is_complete:
        day = max(decision.decided_on for decision in verdict.decided)
        record_stage(stage, done_on=day, late_because=late_because or stage.late_because)


# Where they differ


@transaction.atomic
def take_to_dispute(case, *, raised_by, office_post, by, on):
    """Begin a dispute between the partners, in words that say nothing of the case; gives the ``Dispute``.

    Its people are ``office_post``, which leads it, and the posts through which the partners decided.
    """
    held_open(case)
    verdict = Verdict(lines_of(case, on=on))
    if not verdict.differs:
        raise NotNow("The partners do not differ, so there is nothing to settle.")
    if case.disputes.filter(dispute__settled_on=None).exists():
        raise NotNow("This is with the dispute process already.")
    others = [decision.organisation for decision in verdict.decided if decision.organisation != raised_by]
    dispute = raise_dispute(
        partnership=case.partnership,
        title=DISPUTE_TITLE,
        about=DISPUTE_ABOUT,
        raised_by=raised_by,
        raised_with=others,
        raised_on=on,
        by=by,
        on=on,
    )
    set_people(dispute, posts=[office_post, *posts_of(verdict.decided, on=on)], on=on)
    case.disputes.create(partnership_id=case.partnership_id, dispute=dispute, begun_on=on)
    return dispute


def posts_of(decisions, *, on):
    """The posts by which those who decided represent their partner on a day."""
    represents = Q()
    heirs = Organisation.objects.with_heir().in_bulk({each.organisation_id for each in decisions})
    for each in decisions:
        represents |= Q(user=each.decided_by_id, post__organisation=heirs[each.organisation_id].heir)
    return Post.objects.filter(pk__in=PostHolding.objects.current(on=on).filter(represents).values("post"))


def offices_of(case, *, on):
    """The posts of the business office that can lead a dispute on a day."""
    return office_posts(case.partnership_id, on=on).select_related("organisation").order_by("title", "pk")
