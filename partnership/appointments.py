"""Who holds a post from which day to which: one edit here changes the holder everywhere.

Groups, leads, returns and reminders belong to posts, so nothing else is written when a chair changes.
Every process locks the post first, so that two offices at once can't both put somebody into it.
"""

from dataclasses import dataclass
from datetime import timedelta

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.accounts.leaving import cut_off, cut_off_without_posts, switch_off
from partnership.models import Organisation, Partnership, Post, PostHolding, User
from partnership.templatetags.components import long_date

ONE_DAY = timedelta(days=1)


class CannotAppoint(Exception):
    """The message is for the person: what is in the way and what to do. ``field`` is where it belongs."""

    def __init__(self, message, field=None):
        super().__init__(message)
        self.field = field


def vacancy_count(partnership_ids, *, on):
    """How many posts of these partnerships nobody holds on that day."""
    return Post.objects.of_partnerships(partnership_ids).vacant(on=on).count()


def person_of(email, name):
    """Whoever has this address, in whichever partnership; otherwise a new person who can't sign in yet."""
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        pass
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name)
    except IntegrityError:  # somebody else made them in this moment
        return User.objects.get_by_natural_key(email)


@transaction.atomic
def make_post(post, *, partnerships, by):
    """Save a new ``post``. Refuses a second one of the same title in the same place, as a double press makes it.

    Raises CannotAppoint.
    """
    if post.organisation_id:
        Organisation.objects.select_for_update(no_key=True).get(pk=post.organisation_id)
        there = Post.objects.filter(organisation=post.organisation)
    else:
        list(Partnership.objects.select_for_update(no_key=True).filter(pk__in=partnerships).order_by("pk"))
        there = Post.objects.filter(organisation=None, partnerships__in=partnerships)
    if there.filter(title__iexact=post.title, closed_on=None).exists():
        raise CannotAppoint(
            "There is such a post already. If several people hold it at once, say so on its page", "title"
        )
    with pghistory.context(user=by.pk):
        post.save()
        post.partnerships.set(partnerships)
    return post


# Appointing


def whose_time_ends(post, *, user, from_on, to_on=None):
    """The holdings whose last day becomes the day before ``from_on`` if ``user`` is appointed from then.

    ``user`` is None for somebody who isn't here yet. Raises CannotAppoint.
    """
    if to_on and to_on < from_on:
        raise CannotAppoint("Enter a last day that is not before the first", "to_on")
    if post.closed_on and (to_on is None or to_on > post.closed_on):
        raise CannotAppoint(f"This post closes on {long_date(post.closed_on)}: choose days before then", "from_on")
    overlapping = list(post.holdings.overlapping(from_on, to_on).select_related("user").order_by("from_on"))
    for holding in overlapping:
        if user and holding.user_id == user.pk:
            raise CannotAppoint(f"{holding.user} holds this post already{when_in_words(holding)}", "email")
    if post.is_shared:
        return []
    for holding in overlapping:
        if holding.from_on and holding.from_on >= from_on:
            raise CannotAppoint(
                f"{holding.user} holds this post{when_in_words(holding)}, and one person can hold it at a time. "
                "Choose days that are still free, or end that first",
                "from_on",
            )
    return overlapping


def when_in_words(holding):
    """ " from 1 April 2025 to 31 March 2027", as much of it as is known."""
    words = f" from {long_date(holding.from_on)}" if holding.from_on else ""
    return f"{words} to {long_date(holding.to_on)}" if holding.to_on else words


@transaction.atomic
def appoint(post, *, user, from_on, to_on=None, expected=None, by):
    """``user`` holds ``post`` from a day (to a day, if that is known); whoever held it leaves the day before.

    ``expected``: keys of the holdings that ``by`` was told would end; others are not ended unseen.
    Asking twice appoints once. Raises CannotAppoint, and has then changed nothing.
    """
    post = locked(post)
    same = post.holdings.filter(user=user, from_on=from_on, to_on=to_on).first()
    if same:
        return same
    leaving = whose_time_ends(post, user=user, from_on=from_on, to_on=to_on)
    if expected is not None and {holding.pk for holding in leaving} != set(expected):
        raise CannotAppoint(
            "Who holds this post was changed by somebody else while you looked. Check it again", "from_on"
        )
    with pghistory.context(user=by.pk):
        for holding in leaving:
            holding.to_on = from_on - ONE_DAY
            holding.save(update_fields=["to_on"])
        return post.holdings.create(user=user, from_on=from_on, to_on=to_on)


def locked(post):
    """``post`` as it is now, for this transaction alone to change."""
    return Post.objects.select_for_update(no_key=True).get(pk=post.pk)


# Leaving


@transaction.atomic
def end_holding(holding, *, to_on, at, by):
    """The last day of a holding. A day that has come takes access away now (``at``), a later one after it.

    With the last thing that somebody holds their sessions end too, and all else by which they could come in.

    Raises CannotAppoint.
    """
    post = locked(holding.post)
    holding = post.holdings.select_related("user").get(pk=holding.pk)
    if holding.from_on and to_on < holding.from_on:
        raise CannotAppoint(
            f"{holding.user} began on {long_date(holding.from_on)}: choose that day or a later one", "to_on"
        )
    others = post.holdings.exclude(pk=holding.pk).overlapping(holding.from_on or to_on, to_on)
    next_one = others.filter(from_on__gt=holding.from_on or to_on).select_related("user").order_by("from_on").first()
    if next_one and not post.is_shared:
        raise CannotAppoint(
            f"{next_one.user} holds this post{when_in_words(next_one)}: choose a day before that", "to_on"
        )
    holding.to_on = to_on
    holding.ended_at = at if to_on <= timezone.localdate(at) else None
    with pghistory.context(user=by.pk):
        holding.save(update_fields=["to_on", "ended_at"])
        if holding.ended_at:
            cut_off_without_posts([holding.user_id], on=timezone.localdate(at), at=at, by=by)
    return holding


@transaction.atomic
def take_back(holding, *, on, by):
    """An appointment that has not begun never does. Raises CannotAppoint if it has begun."""
    locked(holding.post)
    holding = PostHolding.objects.select_related("user").get(pk=holding.pk)
    if holding.from_on is None or holding.from_on <= on:
        raise CannotAppoint(f"{holding.user} holds this post already: enter their last day")
    with pghistory.context(user=by.pk):
        holding.delete()


@dataclass(frozen=True)
class Leaving:
    """What ends if a person leaves: holdings of today, holdings to come, and the posts that nobody holds then."""

    ending: list
    coming: list
    vacant: list


def leaving(person, *, on, by):
    """What ``leave`` would end: all that is ``by``'s to give away."""
    holdings = person.holdings.not_over(on=on).select_related("post__organisation").order_by("post__title")
    if not by.standing.is_administrator:
        posts = Post.objects.within(by.standing.office_ids, on=on)
        holdings = holdings.filter(post__in=posts.values("pk"))
    holdings = list(holdings)
    ending = [holding for holding in holdings if holding.from_on is None or holding.from_on <= on]
    of_others = PostHolding.objects.current(on=on).exclude(user=person)
    held = set(of_others.filter(post__in=[each.post_id for each in ending]).values_list("post", flat=True))
    return Leaving(
        ending=ending,
        coming=[holding for holding in holdings if holding not in ending],
        vacant=[holding.post for holding in ending if holding.post_id not in held],
    )


@transaction.atomic
def leave(person, *, at, by):
    """End everything of ``person``'s that is ``by``'s to end, now; with nothing left their account is switched off.

    Gives the Leaving that was carried out.
    """
    on = timezone.localdate(at)
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    posts = person.holdings.not_over(on=on).values("post")
    list(Post.objects.select_for_update(no_key=True).filter(pk__in=posts).order_by("pk"))
    left = leaving(person, on=on, by=by)
    with pghistory.context(user=by.pk):
        PostHolding.objects.filter(pk__in=[holding.pk for holding in left.coming]).delete()
        PostHolding.objects.filter(pk__in=[holding.pk for holding in left.ending]).update(to_on=on, ended_at=at)
        if not person.is_administrator and not person.holdings.not_over(on=on).exists():
            switch_off(person, at=at, by=by, because="Left")
        else:
            cut_off([person.pk], at=at, by=by, because="Left")
    return left
