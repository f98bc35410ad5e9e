"""What is added to a world to see whether anybody outside learns of it: see ``test_twin_worlds.py``."""

import uuid
from datetime import UTC, date, datetime

from partnership.models import Message, Reminder, ReminderPause
from reviews.models import (
    CaseDeletion,
    CaseHold,
    PartnerDecision,
    PracticeReview,
    ReCheck,
    Recommendation,
    RecommendationAction,
    Theme,
)
from tests.factories import (
    AgencySummaryFactory,
    AgendaItemFactory,
    BriefingFactory,
    CaseFactory,
    DisseminationStepFactory,
    LearningPointFactory,
    MeetingActionFactory,
    MeetingFactory,
    PanelLetterFactory,
    PracticeReviewFactory,
    ReCheckFactory,
    RecommendationFactory,
    ReviewerFactory,
)

CANARY = "Canary-7f3a"


def more_restricted(world):
    """Five cases with all that comes of one, late and due soon, to which no role of the world belongs but the group.

    And more of the case that the world has: a summary, a letter, a decision, a recommendation, a lesson, a look.
    """
    partnership = world.partnership
    member = world.people["case_group_member"]
    somebody, agency = world.somebody, world.organisation
    for number in range(5):
        case = CaseFactory(
            partnership=partnership,
            reference=f"{CANARY}-{number}",
            category=f"{CANARY} category",
            summary=f"{CANARY} summary",
            aware_on=date(2026, 12, 7),
            notified_on=date(2026, 12, 21) if number else None,
        )
        fill(case, agency, somebody, member)
    fill(world.case, agency, somebody, member)
    world.case.note_reading(by=member)
    world.case.panel_reference = CANARY
    world.case.save()
    CaseFactory(
        partnership=partnership,
        reference=f"{CANARY}-old",
        closed_on=date(1990, 1, 8),
        closed_because=f"{CANARY} long ago",
    )
    keep_and_delete(partnership, member, somebody)
    review = PracticeReviewFactory(
        partnership=partnership,
        reference=f"{CANARY}-LR",
        title=f"{CANARY} review",
        cases=[case],
        begun_on=date(2026, 7, 20),
    )
    PracticeReview.objects.filter(pk=world.practice_review.pk).update(terms=f"{CANARY} terms")
    ReviewerFactory(partnership=partnership, name=f"{CANARY} reviewer")
    briefing = BriefingFactory(partnership=partnership, title=f"{CANARY} briefing", review=review)
    DisseminationStepFactory(briefing=briefing, audience=f"{CANARY} audience", due_on=date(2027, 1, 13))
    meet(world, member)
    lead_back(world, case, member)
    remind(world, member)


def keep_and_delete(partnership, member, somebody):
    """Cases whose time is up: one that is held, one whose deletion somebody asked for, one that is gone."""
    over = [
        CaseFactory(
            partnership=partnership,
            reference=f"{CANARY}-over-{number}",
            closed_on=date(1940, 1, 8),
            closed_because=f"{CANARY} long ago",
        )
        for number in range(2)
    ]
    moment = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
    CaseHold.objects.create(
        partnership=partnership, case=over[0], because=f"{CANARY} hold", placed_by=member, placed_at=moment
    )
    asked = {"partnership": partnership, "asked_by": somebody, "asked_at": moment, "under": f"{CANARY} years"}
    CaseDeletion.objects.create(case=over[1].pk, because=f"{CANARY} because", **asked)
    CaseDeletion.objects.create(
        case=uuid.uuid4(), because=f"{CANARY} gone", confirmed_by=member, confirmed_at=moment, **asked
    )


def fill(case, agency, somebody, member):
    """What comes of a case."""
    partnership = case.partnership
    AgencySummaryFactory(case=case, organisation=agency, contact=somebody, due_on=date(2027, 1, 13))
    PanelLetterFactory(case=case, words=f"{CANARY} letter")
    PartnerDecision.objects.create(
        partnership=partnership,
        case=case,
        organisation=agency,
        outcome="local",
        reasons=f"{CANARY} reasons",
        decided_on=date(2027, 1, 11),
        decided_by=member,
        recorded_by=member,
    )
    recommendation = RecommendationFactory(
        partnership=partnership, source="local", source_title="", case=case, text=f"{CANARY} recommendation"
    )
    ReCheckFactory(recommendation=recommendation, planned_on=date(2027, 1, 13), method=f"{CANARY} method")
    ReCheck.objects.create(
        recommendation=recommendation,
        planned_on=date(2027, 1, 4),
        method=f"{CANARY} method",
        done_on=date(2027, 1, 4),
        judgement="not-yet",
        evidence=f"{CANARY} evidence",
        judged_by=member,
    )
    RecommendationFactory(
        partnership=partnership,
        source="local",
        source_title="",
        case=case,
        text=f"{CANARY} declined",
        organisations=[agency],
        answer="declined",
        answer_because=f"{CANARY} because",
        answered_on=date(2027, 1, 6),
    )
    LearningPointFactory(
        partnership=partnership, source_title="", case=case, text=f"{CANARY} lesson", themes=Theme.objects.all()[:3]
    )


def meet(world, member):
    """The group's own meetings, with what it looks at, decides and has done about it."""
    group = world.case_meeting.group
    post = member.holdings.get().post
    MeetingFactory(group=group, title=f"{CANARY} meeting", meets_on=date(2027, 1, 19))
    AgendaItemFactory(
        meeting=world.case_meeting,
        title=f"{CANARY} item",
        lead_post=post,
        needs_paper=True,
        paper_due_on=date(2027, 1, 14),
    )
    world.case_meeting.decisions.create(ref=f"{CANARY}-D", text=f"{CANARY} decision")
    MeetingActionFactory(group=group, text=f"{CANARY} action", lead_post=post, due_on=date(2027, 1, 5))


def lead_back(world, case, member):
    """What was released keeps its day and its case to the group; rows of a plan, which of them the group asked for."""
    released = Recommendation.objects.filter(pk=world.released_recommendation.pk)
    released.update(made_on=date(2026, 10, 5), case=case)
    RecommendationFactory(
        partnership=world.partnership,
        source="local",
        source_title="",
        case=world.case,
        text=f"{CANARY} of last year",
        answer="accepted",
        answered_on=date(2026, 2, 2),
    )
    hidden = world.hidden_recommendation
    RecommendationAction.objects.create(recommendation=hidden, deliverable=world.led_deliverable, linked_by=member)
    ReCheck.objects.create(
        recommendation=hidden,
        planned_on=date(2026, 12, 1),
        method=f"{CANARY} method",
        done_on=date(2026, 12, 10),
        judgement="partly",
        evidence=f"{CANARY} evidence",
        judged_by=member,
    )


def remind(world, member):
    """That the group was told of something restricted, by the ledger, and that it put something off."""
    message = Message.objects.create(
        recipient=member,
        day=date(2027, 1, 11),
        idem_key=f"{CANARY}-mail",
        state=Message.State.ACCEPTED,
        accepted_at=datetime(2027, 1, 11, 8, 0, tzinfo=UTC),
    )
    Reminder.objects.create(
        deadline_key="rapid-review:00000000-0000-4000-8000-00000000000c",
        due_on=date(2027, 1, 13),
        step=-1,
        recipient=member,
        state=Reminder.State.DONE,
        is_restricted=True,
        partnership_ids=[world.partnership.pk],
        message=message,
    )
    ReminderPause.objects.create(
        deadline_key="rapid-review:00000000-0000-4000-8000-00000000000d",
        due_on=date(2027, 1, 14),
        recipient=member,
        reason=f"{CANARY} pause",
        made_by=member,
        made_at=datetime(2027, 1, 11, 9, 0, tzinfo=UTC),
        is_restricted=True,
        partnership_ids=[world.partnership.pk],
    )
