"""What stands before the rows of the sample's plans: drivers, review dates, boards that share a priority."""

from assurance.sample import joint_plan, last_plan, next_plan, this_plan
from assurance.sample.people import EXECUTIVE
from partnership.models import MeetingDecision
from plans.front_matter import quarters_of, write_review_dates
from plans.models import PlanDriver

DECIDED = "decided"  # a driver that a meeting of the Executive decided

# Of each plan: (what drives it, what is printed as its source or DECIDED).
DRIVERS = {
    last_plan: [
        ("What young people in eight schools asked us to work on", "Survey of young people"),
        ("Four rapid reviews in two years that were about babies", "Learning report of the year before"),
    ],
    this_plan: [
        ("What 1,146 children and parents told us in the year before", "Voices of the year"),
        ("The yearly report that the law asks of us, and what it said was not done", "Annual report"),
        ("The Executive’s choice to do fewer things and finish them", DECIDED),
    ],
    joint_plan: [
        ("Two reviews, one of each board, about the same family", "Learning reports of both boards"),
        ("What 19 young people who turned 18 told both boards together", "Voices of the year"),
    ],
    next_plan: [
        ("Promises of this year that need another one", "What became of every promise"),
        ("The Executive’s wish to hear of differences made, not of meetings held", DECIDED),
    ],
}
LOOKED_AT = ["First quarter, and what young people say", "Half of the year", "Third quarter", "The whole year"]
# By the ref of a priority of this year's plan.
SHARED = {"3": "Community safety partnership"}


def load_front(plan, content):
    decisions = MeetingDecision.objects.filter(meeting__group__name=EXECUTIVE, meeting__meets_on__lt=plan.starts_on)
    decision = decisions.select_related("meeting__group").order_by("-meeting__meets_on", "-pk").first()
    for position, (text, source) in enumerate(DRIVERS[content], start=1):
        driver = PlanDriver(plan=plan, position=position, text=text, source_label=source)
        if source == DECIDED and decision is None:
            driver.source_label = EXECUTIVE
        elif source == DECIDED:
            meeting = decision.meeting
            driver.source_key = f"decision:{decision.pk}"
            driver.source_label = f"{meeting.group}, {meeting.meets_on:%-d %B %Y}, decision {decision.ref}"
        driver.save()
    write_review_dates(plan, dict(zip(quarters_of(plan), LOOKED_AT, strict=False)))
    if content is this_plan:
        for ref, boards in SHARED.items():
            plan.priorities.filter(ref=ref).update(joint_with=boards)
