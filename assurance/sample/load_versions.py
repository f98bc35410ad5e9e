"""The stages of the sample's plans, taken by the product's own commands, each on its day."""

from datetime import timedelta

from assurance.sample import versions as content
from assurance.sample.people import EXECUTIVE
from plans.cells import read_in, write_dates
from plans.models import Activity, Deliverable
from plans.versions import (
    add_comment,
    answer_comment,
    approve_plan,
    close_plan,
    publish_plan,
    send_for_comment,
)

DAYS_TO_COMMENT = 21
DAYS_TO_ANSWER = 8


def load_last_versions(cast, plan):
    """Sent out in winter, approved and published in spring, changed in autumn, closed at its end."""
    days = _days_of(plan)
    final = [_activity(plan, change[0]) for change in (content.LAST_AT_FIRST, content.LAST_AS_PUBLISHED)]
    at_first, as_published = [(each, each.text, each.timescale_text) for each in final]
    _write(cast, plan, *content.LAST_AT_FIRST)
    _write(cast, plan, *content.LAST_AS_PUBLISHED)
    send_out(cast, plan, on=days["sent"], asked=content.LAST_ASKED, comments=content.LAST_COMMENTS)
    _put_back(plan, *at_first)
    _approve(cast, plan, on=days["approved"], number="1.0")
    _publish(cast, plan, on=days["published"], number="1.0")
    _put_back(plan, *as_published)
    changed_on = plan.starts_on + timedelta(days=178)
    publish_plan(
        plan,
        by=cast.holders["manager"],
        at=cast.calendar.moment(changed_on, hour=10),
        number="1.1",
        reason=content.LAST_REASON,
        group=cast.groups[EXECUTIVE],
        on=changed_on - timedelta(days=6),
    )
    closed_at = cast.calendar.moment(min(plan.ends_on + timedelta(days=12), cast.calendar.today), hour=11)
    close_plan(plan, by=cast.holders["manager"], at=closed_at, words=content.LAST_WORDS)


def load_this_versions(cast, plan):
    """Approved by the Executive and published before its year began."""
    days = _days_of(plan)
    _approve(cast, plan, on=days["approved"], number="1.0")
    _publish(cast, plan, on=days["published"], number="1.0")


def load_joint_versions(cast, plan):
    """Approved and published in the week before the children's plan."""
    days = _days_of(plan)
    _approve(cast, plan, on=days["approved"] - timedelta(days=7), number="1.0")
    _publish(cast, plan, on=days["published"] - timedelta(days=7), number="1.0")


def load_next_versions(cast, plan):
    """Out for comment since last week; two comments are answered."""
    sent_on = cast.calendar.today - timedelta(days=8)
    send_out(cast, plan, on=sent_on, asked=content.NEXT_ASKED, comments=content.NEXT_COMMENTS)


def _days_of(plan):
    return {
        "sent": plan.starts_on - timedelta(days=62),
        "approved": plan.starts_on - timedelta(days=20),
        "published": plan.starts_on - timedelta(days=13),
    }


def send_out(cast, plan, *, on, asked, comments):
    """Send ``plan`` out for comment from the day ``on``, and keep what was said and answered."""
    moment, manager = cast.calendar.moment, cast.holders["manager"]
    until = on + timedelta(days=DAYS_TO_COMMENT)
    send_for_comment(plan, by=manager, at=moment(on, hour=9), until=until, reason=asked)
    for each in comments:
        kind, row = _row_of(plan, each)
        said_on = on + timedelta(days=each.day)
        comment = add_comment(
            plan,
            kind=kind,
            row=row,
            text=each.text,
            organisation=cast.agencies.get(each.agency),
            by=cast.holders[each.by],
            at=moment(said_on, hour=16, minute=10 + each.day),
        )
        if each.answer:
            answered_on = said_on + timedelta(days=min(each.day, DAYS_TO_ANSWER) // 2)
            at = moment(answered_on, hour=17)
            answer_comment(comment, outcome=each.outcome, answer=each.answer, by=manager, at=at)


def _row_of(plan, said):
    if said.row:
        return "deliverable", _deliverable(plan, said.row)
    if said.priority:
        return "priority", plan.priorities.get(ref=said.priority)
    return "plan", plan


def _deliverable(plan, ref):
    priority, number = ref.split(".")
    return Deliverable.objects.get(priority__plan=plan, priority__ref=priority, ref=number)


def _activity(plan, ref):
    return Activity.objects.get(deliverable=_deliverable(plan, ref))


def _write(cast, plan, ref, text, timescale):
    written = cast.calendar.words(timescale, years=(plan.starts_on.year, plan.ends_on.year))
    _put_back(plan, _activity(plan, ref), text, written)


def _put_back(plan, activity, text, timescale):
    activity.text, activity.timescale_text = text, timescale
    write_dates(activity, read_in(plan, timescale))


def _approve(cast, plan, *, on, number):
    at = cast.calendar.moment(on, hour=15)
    approve_plan(plan, by=cast.holders["manager"], at=at, group=cast.groups[EXECUTIVE], on=on, number=number)


def _publish(cast, plan, *, on, number):
    publish_plan(plan, by=cast.holders["manager"], at=cast.calendar.moment(on, hour=10), number=number)
