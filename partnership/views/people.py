"""Posts, who holds them, and the people: appointing, ending, leaving."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted, may
from partnership.accounts.addresses import address_changed
from partnership.accounts.freshness import asks_again
from partnership.accounts.ways_in import with_ways_in
from partnership.appointments import (
    ONE_DAY,
    CannotAppoint,
    appoint,
    end_holding,
    leave,
    leaving,
    make_post,
    person_of,
    take_back,
)
from partnership.lists import RecordList
from partnership.models import Group, GroupMember, Post, PostHolding, User
from partnership.models.people import holders_in
from partnership.people_forms import AppointForm, EndForm, NewPostForm, PersonForm, PostForm
from partnership.people_lists import PersonFilter, PersonTable, PostFilter, PostTable, vacant_from
from partnership.standing import standing_of
from partnership.templatetags.components import long_date
from partnership.views.person_accounts import panel_of
from partnership.whole_numbers import whole_number

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])

POSTS = "partnership:post-list"
PEOPLE = "partnership:person-list"


def may_make_posts(user):
    """There is no record yet to ask: any office makes posts, and an administrator."""
    standing = standing_of(user)
    return standing.is_administrator or bool(standing.office_ids)


def seats_seen_by(user, *, on):
    """Seats of today in groups that this person may know of. An administrator knows the structure."""
    seats = GroupMember.objects.current(on=on).select_related("group").in_order()
    if standing_of(user).is_administrator:
        return seats
    return seats.filter(group__in=Group.objects.visible_to(user).values("pk"))


# Posts


class PostList(RecordList):
    """The posts of one's partnerships; the vacant ones are counted first."""

    table_class, filterset_class = PostTable, PostFilter
    template_name = "partnership/post_list.html"
    export_name = "posts"

    def get_queryset(self):
        today = timezone.localdate()
        user = self.request.user
        holdings = PostHolding.objects.current(on=today).filter(post=OuterRef("pk")).order_by("from_on")
        return (
            Post.objects.visible_to(user)
            .select_related("organisation")
            .with_holders(on=today)
            .with_last_day(on=today)
            .prefetch_related(Prefetch("group_memberships", seats_seen_by(user, on=today), to_attr="seats_now"))
            .annotate(
                first_holder=Subquery(holdings.values("user__name")[:1]),
                held_since=Subquery(holdings.values("from_on")[:1]),
            )
            .order_by("title", "organisation__name", "pk")
        )

    def get_context_data(self, **kwargs):
        user = self.request.user
        vacant = Post.objects.visible_to(user).vacant(on=timezone.localdate())
        return super().get_context_data(vacant_count=vacant.count(), may_add=may_make_posts(user), **kwargs)


@require_safe
def post_detail(request, pk):
    """Who holds it, who held it, where it sits, and what follows from holding it."""
    post = get_permitted(request.user, Post, "view", pk=pk)
    today = timezone.localdate()
    holdings = list(post.holdings.select_related("user").order_by("-from_on"))
    now = [each for each in holdings if not each.is_over(on=today) and (not each.from_on or each.from_on <= today)]
    past = latest_first(holdings, on=today)
    may_change = may(request.user, "change", post)
    context = {
        "post": post,
        "crumbs": [("Posts", reverse(POSTS)), (post.title, None)],
        "now": now,
        "coming": sorted((each for each in holdings if each not in now + past), key=lambda each: each.from_on),
        "past": past,
        "is_open": post.is_open(on=today),
        "vacant_from": vacant_from(past[0].to_on, on=today) if past else None,
        "seats": list(
            post.group_memberships.filter(pk__in=seats_seen_by(request.user, on=today))
            .select_related("group")
            .in_order()
        ),
        "partnerships": list(post.partnerships.all()),
        "may_change": may_change,
        "is_elsewhere_too": not may_change and bool(standing_of(request.user).office_ids & post.partnership_ids),
    }
    return render(request, "partnership/post_detail.html", context)


def latest_first(holdings, *, on):
    """Those that are over, beginning with the one that ended last."""
    return sorted((each for each in holdings if each.is_over(on=on)), key=lambda each: each.to_on, reverse=True)


@asks_and_answers
def add_post(request):
    if not may_make_posts(request.user):
        raise PermissionDenied
    form = NewPostForm(
        request.POST or None,
        user=request.user,
        asked={name: whole_number(request.GET.get(name)) for name in ("organisation", "partnership")}
        | {"duty": request.GET.get("duty")},
        cancel_url=reverse(POSTS),
    )
    if form.is_valid():
        try:
            post = make_post(form.save(commit=False), partnerships=form.cleaned_data["partnerships"], by=request.user)
        except CannotAppoint as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, "Added. Nobody holds it yet: say who does")
            return redirect(post)
    context = {"form": form, "crumbs": [("Posts", reverse(POSTS)), ("Add a post", None)]}
    return render(request, "partnership/post_add.html", context, status=form.status)


@asks_and_answers
def change_post(request, pk):
    post = get_permitted(request.user, Post, "change", pk=pk)
    form = PostForm(request.POST or None, instance=post, user=request.user, cancel_url=post.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, "Saved")
        return redirect(post)
    context = {"post": post, "form": form, "crumbs": crumbs_of(post, "Change")}
    return render(request, "partnership/post_change.html", context, status=form.status)


@asks_again
@asks_and_answers
def appoint_to_post(request, pk):
    """Who, and from when; then the same again in words, with whose time ends; then yes."""
    post = get_permitted(request.user, Post, "change", pk=pk)
    form = AppointForm(
        request.POST or None,
        post=post,
        user=request.user,
        initial={"from_on": timezone.localdate()},
        cancel_url=post.get_absolute_url(),
    )
    context = {"post": post, "form": form, "crumbs": crumbs_of(post, "Appoint")}
    if form.is_valid() and "mend" not in request.POST:
        if "yes" not in request.POST:
            return render(request, "partnership/post_appoint_check.html", {**context, **what_would_change(form)})
        try:
            return carry_out(request, form)
        except CannotAppoint as problem:
            form.add_error(problem.field, str(problem))
    return render(
        request,
        "partnership/post_appoint.html",
        {
            **context,
            "now": post.holdings.current(on=timezone.localdate()).select_related("user"),
        },
        status=form.status,
    )


def what_would_change(form):
    """For the page before the yes: in words, and as it was typed."""
    from_on, today = form.cleaned_data["from_on"], timezone.localdate()
    seats = seats_seen_by(form.user, on=today).filter(post=form.post)
    return {
        "ending": form.ending,
        "last_day": from_on - ONE_DAY,
        "is_past": from_on <= today,
        "seats": seats,
        "partnerships": form.post.partnerships.all(),
        "typed": [(name, value) for name, value in form.data.items() if name.startswith(tuple(form.fields))],
    }


def carry_out(request, form):
    """Appoint as the page before the yes said."""
    data, post = form.cleaned_data, form.post
    holding = appoint(
        post,
        user=person_of(data["email"], data["name"]),
        from_on=data["from_on"],
        to_on=data["to_on"],
        expected={whole_number(pk) for pk in request.POST.getlist("ending")} - {None},
        by=request.user,
    )
    messages.success(request, f"{holding.user} holds this post from {long_date(holding.from_on)}")
    if not holding.user.is_active:
        messages.warning(request, f"The account of {holding.user} is switched off: switch it on again on their page")
    elif holding.user.last_login is None:
        messages.info(request, f"{holding.user} has never signed in: invite them on their page")
    return redirect(post)


@asks_and_answers
def end(request, pk):
    """They leave this post. One that has not begun is taken back."""
    holding = get_permitted(request.user, PostHolding, "change", pk=pk)
    today, post = timezone.localdate(), holding.post
    if holding.is_over(on=today):
        messages.info(request, f"{holding.user}’s time in this post is over already")
        return redirect(post)
    is_to_come = holding.from_on is not None and holding.from_on > today
    form = EndForm(request.POST or None, initial={"to_on": holding.to_on or today}, cancel_url=post.get_absolute_url())
    try:
        if request.method == "POST" and is_to_come and "take_back" in request.POST:
            take_back(holding, on=today, by=request.user)
            messages.success(request, f"Taken back: {holding.user} is not appointed")
            return redirect(post)
        if form.is_valid():
            ended = end_holding(holding, to_on=form.cleaned_data["to_on"], at=timezone.now(), by=request.user)
            messages.success(request, ended_words(ended, today))
            return redirect(post)
    except CannotAppoint as problem:
        form.add_error(problem.field, str(problem))
    context = {
        "holding": holding,
        "post": post,
        "form": form,
        "is_to_come": is_to_come,
        "crumbs": crumbs_of(post, "End"),
    }
    return render(request, "partnership/holding_end.html", context, status=form.status)


def ended_words(holding, today):
    if holding.to_on <= today:
        return f"{holding.user} no longer holds this post. What it gave them is gone now"
    return f"{holding.user} holds this post until {long_date(holding.to_on)}, and no longer"


def crumbs_of(post, here):
    return [("Posts", reverse(POSTS)), (post.title, post.get_absolute_url()), (here, None)]


# People


def people_seen_by(user):
    """With ``is_ours``: whether ``user`` may see the address, as their office or an administrator."""
    standing = standing_of(user)
    people = User.objects.visible_to(user)
    if standing.is_administrator:
        return people.annotate(is_ours=Exists(User.objects.all()))
    ours = User.objects.filter(pk=OuterRef("pk"), pk__in=holders_in(standing.office_ids))
    return people.annotate(is_ours=Exists(ours))


class PersonList(RecordList):
    """The people of one's partnerships, with what they hold and are to hold."""

    table_class, filterset_class = PersonTable, PersonFilter
    template_name = "partnership/person_list.html"
    export_name = "people"

    def get_queryset(self):
        user = self.request.user
        holdings = (
            PostHolding.objects.not_over(on=timezone.localdate())
            .filter(post__in=Post.objects.visible_to(user).values("pk"))
            .select_related("post__organisation")
            .order_by("post__title")
        )
        return (
            with_ways_in(people_seen_by(user))
            .prefetch_related(Prefetch("holdings", holdings, to_attr="holdings_now"))
            .order_by("name", "pk")
        )

    def get_table_kwargs(self):
        return {} if may_make_posts(self.request.user) else {"exclude": ("email", "is_active", "second_step")}

    def get_context_data(self, **kwargs):
        standing = standing_of(self.request.user)
        may_invite = bool(standing.office_ids) or standing.is_administrator
        return super().get_context_data(may_import=bool(standing.office_ids), may_invite=may_invite, **kwargs)


@require_safe
def person_detail(request, pk):
    """What somebody holds, is to hold and held, in the partnerships of whoever looks."""
    person = get_permitted(request.user, User, "view", pk=pk)
    today = timezone.localdate()
    holdings = (
        person.holdings.filter(post__in=Post.objects.visible_to(request.user).values("pk"))
        .select_related("post__organisation")
        .prefetch_related(
            Prefetch("post__group_memberships", seats_seen_by(request.user, on=today), to_attr="seats_now")
        )
    )
    context = {
        "person": person,
        "crumbs": [("People", reverse(PEOPLE)), (person.name, None)],
        "is_ours": person == request.user or people_seen_by(request.user).filter(pk=pk, is_ours=True).exists(),
        "holdings": [each for each in holdings if not each.is_over(on=today)],
        "past": sorted(
            (each for each in holdings if each.is_over(on=today)), key=lambda each: each.to_on, reverse=True
        ),
        "today": today,
        "may_change": may(request.user, "change", person),
        "may_leave": may(request.user, "leave", person),
        "account": panel_of(request, person),
    }
    return render(request, "partnership/person_detail.html", context)


@asks_again
@asks_and_answers
@transaction.atomic
def change_person(request, pk):
    person = get_permitted(request.user, User, "view", pk=pk)
    if not may(request.user, "change", person):
        if may(request.user, "leave", person):  # their office, but not of all that they hold
            context = {"person": person, "crumbs": crumbs_to(person, "Change")}
            return render(request, "partnership/person_refused.html", context, status=403)
        raise PermissionDenied
    form = PersonForm(request.POST or None, instance=person, user=request.user, cancel_url=person.get_absolute_url())
    address = form.initial["email"]
    if form.is_valid() and form.save_or_say():
        messages.success(request, "Saved")
        if person.email != address and address_changed(
            person, before=address, by=request.user, at=timezone.now(), request=request
        ):
            messages.info(request, f"Their invitation went to {address} and is good no more: invite them again")
        return redirect(person)
    context = {"person": person, "form": form, "crumbs": crumbs_to(person, "Change")}
    return render(request, "partnership/person_change.html", context, status=form.status)


@asks_again
@asks_and_answers
def leave_everything(request, pk):
    """Said before the yes: what ends, and which posts nobody holds then."""
    person = get_permitted(request.user, User, "leave", pk=pk)
    if request.method == "POST":
        left = leave(person, at=timezone.now(), by=request.user)
        messages.success(request, f"{person} has left. {vacant_words(left.vacant)}")
        return redirect(person)
    today = timezone.localdate()
    foreseen = leaving(person, on=today, by=request.user)
    prefetch_related_objects(
        foreseen.vacant,
        Prefetch("group_memberships", seats_seen_by(request.user, on=today), to_attr="seats_now"),
    )
    context = {
        "person": person,
        "leaving": foreseen,
        "crumbs": crumbs_to(person, "Leaves"),
    }
    return render(request, "partnership/person_leave.html", context)


def vacant_words(posts):
    if not posts:
        return "No post is vacant through it"
    return "1 post is vacant now" if len(posts) == 1 else f"{len(posts)} posts are vacant now"


def crumbs_to(person, here):
    return [("People", reverse(PEOPLE)), (person.name, person.get_absolute_url()), (here, None)]
