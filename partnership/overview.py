"""What of the partnership itself wants looking at: counts, each with the list that it counts.

The page of the partnership shows them to all its people, the office desk to the office. A count is
of what this person may know of, as its list is.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.urls import reverse
from django.utils.http import urlencode

from partnership.heartbeats import RETENTION
from partnership.models import (
    Arrangements,
    BudgetYear,
    Group,
    Heartbeat,
    Meeting,
    MeetingAction,
    Partnership,
    Post,
    TermsOfReference,
)
from partnership.money import statement
from partnership.standing import standing_of

NEXT_MEETINGS = 4


@dataclass(frozen=True)
class Figure:
    """So many of something; ``words`` begin after the number."""

    count: int
    words: str
    url: str


def figures_for(user, *, on):
    """The Figures of ``user``'s partnerships that are not nought."""
    found = [
        vacancies(user, on=on),
        late_actions(user, on=on),
        terms_to_review(user, on=on),
        meetings_to_write_up(user, on=on),
        arrangements_to_review(user, on=on),
        *reasons_missing(user, on=on),
        *over_their_time(user),
    ]
    return [figure for figure in found if figure.count]


def vacancies(user, *, on):
    count = Post.objects.visible_to(user).vacant(on=on).count()
    return Figure(
        count, plural(count, "post that nobody holds", "posts that nobody holds"), to("post-list", vacant="yes")
    )


def late_actions(user, *, on):
    count = MeetingAction.objects.visible_to(user).overdue(on=on).count()
    return Figure(count, plural(count, "late action", "late actions"), to("action-list", state="late"))


def terms_to_review(user, *, on):
    in_force = TermsOfReference.objects.in_force().filter(next_review_on__lte=on)
    groups = Group.objects.visible_to(user).open().filter(pk__in=in_force.values("group"))
    count = groups.count()
    words = plural(count, "group whose terms are due to be looked at", "groups whose terms are due to be looked at")
    return Figure(count, words, to("group-list", terms="due"))


def meetings_to_write_up(user, *, on):
    count = Meeting.objects.visible_to(user).planned().filter(meets_on__lt=on).count()
    words = plural(count, "meeting that nobody has written up", "meetings that nobody has written up")
    return Figure(count, words, to("meeting-list", status="planned", last=(on - timedelta(days=1)).isoformat()))


def arrangements_to_review(user, *, on):
    """Those in force: a version that another has replaced is looked at no more."""
    visible = Arrangements.objects.visible_to(user).with_standing(on=on)
    due = list(visible.filter(version=F("in_force_version"), review_on__lte=on))
    words = plural(len(due), "partnership’s arrangements due for review", "partnerships’ arrangements due for review")
    url = due[0].get_absolute_url() if len(due) == 1 else to("arrangements-list", status="published")
    return Figure(len(due), words, url)


def reasons_missing(user, *, on):
    """For the office: of each budget of the year that runs, the contributions that changed and nobody says why."""
    office_ids = standing_of(user).office_ids
    visible = BudgetYear.objects.visible_to(user)
    running = visible.filter(partnerships__in=office_ids, starts_on__lte=on, ends_on__gte=on).distinct()
    for budget in running.prefetch_related("partnerships"):
        told = statement(budget, among=visible)
        count = sum(given.lacks_reason for given in told.given)
        words = plural(count, "contribution changed without a reason", "contributions changed without a reason")
        yield Figure(count, words, budget.get_absolute_url())


def next_meetings(user, *, on):
    meetings = Meeting.objects.visible_to(user).planned().filter(meets_on__gte=on)
    return meetings.select_related("group")[:NEXT_MEETINGS]


def plural(count, one, many):
    return one if count == 1 else many


def to(name, **asked):
    return f"{reverse(f'partnership:{name}')}?{urlencode(asked)}"


def over_their_time(user):
    """For the office: the kinds of record that the last night found over their time, and that wait for its yes."""
    standing = standing_of(user)
    if not standing.office_ids:
        return
    night = Heartbeat.objects.filter(name=RETENTION).values_list("outcome", flat=True).first()
    waiting = (night or {}).get("waiting", {})
    if not waiting:
        return
    slugs = Partnership.objects.filter(pk__in=standing.office_ids).values_list("slug", flat=True)
    count = sum(len(waiting.get(slug, ())) for slug in slugs)
    words = plural(
        count,
        "kind of record is over its time and waits for your yes",
        "kinds of record are over their time and wait for your yes",
    )
    yield Figure(count, words, to("retention-list"))
