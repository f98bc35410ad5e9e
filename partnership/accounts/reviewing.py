"""The yearly review of access: who may come in, and whether they still should.

Nobody answers for themselves, and an office does not answer for itself: the lines of those who hold a duty of the
business office are for its lead safeguarding partners or an administrator.
"""

from django.db import transaction
from django.utils import timezone

from partnership.accounts.ways_in import with_ways_in
from partnership.appointments import end_holding
from partnership.models import AccessReview, AccessReviewLine, Partnership, Post, PostHolding, User
from partnership.refusals import NotNow
from partnership.standing import standing_of

Decision = AccessReviewLine.Decision

ONESELF = "Nobody answers for themselves: somebody else of the office does, or an administrator"
OF_OFFICE = (
    "{} is of the business office: a lead safeguarding partner or an administrator answers for them, not the office"
)
NOT_YOURS = "{} is for the office to answer for, or an administrator"
MAY_NOT_END = "A lead safeguarding partner can’t end posts: ask an administrator to end those of {}"
ELSEWHERE = "{} of {} brings something in another partnership too: only an administrator can end it"
SAY_WHAT = "Say in a few words what was changed"
CLOSED = "This review is closed"


@transaction.atomic
def begin_review(partnership, *, due_on, by, at):
    """A line for each person who holds or is to hold a post of ``partnership``. Pressed twice it is one review."""
    Partnership.objects.select_for_update(of=["self"], no_key=True).get(pk=partnership.pk)
    standing = AccessReview.objects.filter(partnership=partnership, closed_at=None).first()
    if standing:
        return standing
    review = AccessReview.objects.create(partnership=partnership, begun_by=by, begun_at=at, due_on=due_on)
    held = holdings_in(partnership, on=timezone.localdate(at)).select_related("post__organisation")
    posts = {}
    for holding in held.order_by("post__title"):
        posts.setdefault(holding.user_id, []).append(str(holding.post))
    AccessReviewLine.objects.bulk_create(
        AccessReviewLine(
            review=review,
            user=person,
            posts="\n".join(posts[person.pk]),
            last_signed_in_at=person.last_login,
            has_second_step=person.has_second_step,
        )
        for person in with_ways_in(User.objects.filter(pk__in=posts))
    )
    return review


def holdings_in(partnership, *, on):
    posts = Post.objects.of_partnerships([partnership.pk])
    return PostHolding.objects.not_over(on=on).filter(post__in=posts.values("pk"))


def office_of(partnership, *, on):
    """Keys of those who hold a duty of its business office."""
    held = holdings_in(partnership, on=on).filter(post__duty=Post.Duty.OFFICE, post__partnerships=partnership)
    return set(held.values_list("user", flat=True))


def cannot_answer(line, user, *, office):
    """Why ``user`` may not answer this line, in a sentence; "" where they may. ``office``: see ``office_of``."""
    standing = standing_of(user)
    if line.user_id == user.pk:
        return ONESELF
    if standing.is_administrator:
        return ""
    partnership = line.review.partnership_id
    if line.user_id in office:
        return "" if partnership in standing.lead_partner_ids else OF_OFFICE.format(line.user)
    return "" if partnership in standing.office_ids else NOT_YOURS.format(line.user)


@transaction.atomic
def answer_lines(review, keys, *, decision, note, by, at):
    """Answer these lines alike: how many were answered, and in words why others were not.

    "Ended" ends what the person holds in this partnership, now. An answer can be changed until the review is closed,
    but what was ended stays ended.
    """
    review = AccessReview.objects.select_for_update(of=["self"], no_key=True).get(pk=review.pk)
    if review.closed_at:
        raise NotNow(CLOSED)
    if decision == Decision.CHANGED and not note:
        raise NotNow(SAY_WHAT)
    on = timezone.localdate(at)
    office = office_of(review.partnership, on=on)
    lines = review.lines.filter(pk__in=keys).select_related("user", "review").select_for_update(of=["self"])
    answered, problems = 0, []
    for line in lines.order_by("pk"):
        try:
            with transaction.atomic():
                answer(line, decision=decision, note=note, office=office, by=by, at=at)
        except NotNow as problem:
            problems.append(str(problem))
        else:
            answered += 1
    return answered, problems


def answer(line, *, decision, note, office, by, at):
    if problem := cannot_answer(line, by, office=office):
        raise NotNow(problem)
    if decision == Decision.ENDED:
        end_all(line, by=by, at=at)
    line.decision, line.note, line.decided_by, line.decided_at = decision, note, by, at
    line.save(update_fields=["decision", "note", "decided_by", "decided_at"])


def end_all(line, *, by, at):
    """What the person holds in the review's partnership; what has not begun is taken back with the same words."""
    on, partnership = timezone.localdate(at), line.review.partnership
    standing = standing_of(by)
    if not standing.is_administrator and partnership.pk not in standing.office_ids:
        raise NotNow(MAY_NOT_END.format(line.user))
    for holding in holdings_in(partnership, on=on).filter(user=line.user).select_related("post", "user"):
        if not standing.is_administrator and not holding.is_within(standing.office_ids, on=on):
            raise NotNow(ELSEWHERE.format(holding.post, line.user))
        if holding.from_on and holding.from_on > on:
            holding.delete()
        else:
            end_holding(holding, to_on=on, at=at, by=by)


@transaction.atomic
def close_review(review, *, by, at):
    """It is over once each line is answered. Raises NotNow; closing twice changes nothing."""
    review = AccessReview.objects.select_for_update(of=["self"], no_key=True).get(pk=review.pk)
    if review.closed_at:
        return review
    open_count = review.lines.filter(decision=Decision.OPEN).count()
    if open_count:
        raise NotNow(f"{open_count} of {review.lines.count()} people are not looked at yet")
    review.closed_by, review.closed_at = by, at
    review.save(update_fields=["closed_by", "closed_at"])
    return review
