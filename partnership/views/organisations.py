"""Organisations, their memberships and nominees; partnerships and areas."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted, may
from partnership.glossary import add_usual_terms
from partnership.lists import RecordList
from partnership.memberships import (
    add_organisation,
    change_membership,
    end_nomination,
    join,
    nominate,
)
from partnership.mergers import AlreadySucceeded, plan_succession, rename, succeed
from partnership.models import Area, Group, GroupMember, Membership, Nomination, Organisation, Partnership, Post
from partnership.models.organisations import valid_on
from partnership.organisation_forms import (
    AreaForm,
    MembershipAddForm,
    MembershipForm,
    NominationEndForm,
    NomineeForm,
    OrganisationAddForm,
    OrganisationForm,
    PartnershipForm,
    RenameForm,
    SucceedForm,
    partnerships_to_run,
)
from partnership.organisation_lists import (
    DayForm,
    OrganisationFilter,
    OrganisationTable,
    day_asked,
    partnerships_seen_by,
    with_parts,
)
from partnership.panels import organisation_panels
from partnership.public import find_partnership, public_page
from partnership.searching.shown import folded
from partnership.standing import standing_of
from partnership.templatetags.components import long_date

may_be_written = require_http_methods(["GET", "HEAD", "POST"])
FORM_PAGE = "partnership/organisation_form.html"
NO_CHANGE = "Nothing was changed"


# Pages that show


class OrganisationList(RecordList):
    """The members of one's partnerships on a day, today unless another is asked for."""

    table_class, filterset_class = OrganisationTable, OrganisationFilter
    template_name = "partnership/organisation_list.html"
    export_name = "members"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.today = timezone.localdate()
        self.day = day_asked(request, today=self.today)

    @property
    def memberships(self):
        return Membership.objects.visible_to(self.request.user).current(on=self.day)

    def get_filterset_kwargs(self, filterset_class):
        return {**super().get_filterset_kwargs(filterset_class), "memberships": self.memberships}

    def get_table_kwargs(self):
        return {"is_today": self.day == self.today}

    def get_queryset(self):
        members = Organisation.objects.filter(pk__in=self.memberships.values("organisation"))
        return with_parts(members.named_on(self.day).order_by("name_then"), memberships=self.memberships, on=self.day)

    def get_context_data(self, **kwargs):
        own = partnerships_to_run(self.request.user)
        return super().get_context_data(
            day=self.day,
            is_today=self.day == self.today,
            year_end=last_year_end(self.today),
            partnerships=partnerships_seen_by(self.request.user),
            own_ids=set(own.values_list("pk", flat=True)),
            **kwargs,
        )


def last_year_end(today):
    """The last 31 March before today."""
    end = today.replace(month=3, day=31)
    return end if end < today else end.replace(year=end.year - 1)


@require_safe
def organisation_detail(request, pk):
    """All that is known of one organisation: what it was called, where it belongs, who stands for it."""
    organisation = get_permitted(request.user, Organisation, "view", pk=pk)
    today = timezone.localdate()
    posts = list(organisation.posts.open(on=today).with_holders(on=today).order_by("title"))
    seats = Prefetch(
        "members",
        GroupMember.objects.current(on=today).filter(post__in=posts).in_order().select_related("post"),
        to_attr="seats_then",
    )
    groups = Group.objects.visible_to(request.user).filter(pk__in=seated_groups(posts, on=today))
    memberships = organisation.memberships.visible_to(request.user).select_related("partnership")
    nominations = organisation.nominations.select_related("post__organisation").order_by(
        F("to_on").desc(nulls_first=True)
    )
    holders = Prefetch("post", Post.objects.select_related("organisation").with_holders(on=today))
    own_ids = set(partnerships_to_run(request.user).values_list("pk", flat=True))
    context = {
        "organisation": organisation,
        "crumbs": crumbs((organisation.name, None)),
        "names": names_over_time(organisation),
        "predecessors": organisation.predecessors.order_by("to_on", "name"),
        "successor": organisation.successor,
        "memberships": memberships.order_by("partnership__name", F("from_on").asc(nulls_first=True)),
        "own_ids": own_ids,
        "posts": posts,
        "moved_posts": organisation.former_posts.select_related("post__organisation").order_by("post__title"),
        "nominations": nominations.prefetch_related(holders),
        "speaks_for": Organisation.objects.visible_to(request.user).filter(
            valid_on(today, "nominations__"), nominations__post__in=posts
        ),
        "groups": groups.prefetch_related(seats).order_by("name"),
        "today": today,
        "may_change": may(request.user, "change", organisation),
        "may_office": may(request.user, "office", organisation),
        "panels": organisation_panels(organisation, request.user, on=today),
    }
    return render(request, "partnership/organisation_detail.html", context)


def seated_groups(posts, *, on):
    return GroupMember.objects.current(on=on).filter(post__in=posts).values("group")


def names_over_time(organisation):
    """[(name, first day or None, last day or None)], the present name first."""
    names, name, to_on = [], organisation.name, organisation.to_on
    for former in organisation.former_names.all():
        names.append((name, former.to_on + timedelta(days=1), to_on))
        name, to_on = former.name, former.to_on
    return [*names, (name, organisation.from_on, to_on)]


def crumbs(*further):
    return [("Organisations", reverse("partnership:organisation-list")), *further]


# Pages of one form


def carry_out(form, command, *args, **answers):
    """What ``command`` gives; None where it refuses, with its words at the form's fields.

    Two presses of one button meet in the database: the second is told so.
    """
    try:
        with transaction.atomic():
            return command(*args, **answers)
    except ValidationError as refused:
        for name, words in refused.message_dict.items():
            form.add_error(name if name in form.fields else None, words)
    except IntegrityError:
        form.add_error(None, "Somebody has just saved the same. Look whether it is there before you try again")
    return None


def form_page(request, form, *, heading, lede="", trail=()):
    """The page of ``form``; ``trail`` are the breadcrumbs above it."""
    context = {"form": form, "heading": heading, "lede": lede, "crumbs": [*trail, (heading, None)]}
    return render(request, FORM_PAGE, context, status=form.status)


def page_about(request, organisation, form, **words):
    return form_page(request, form, trail=crumbs((organisation.name, organisation.get_absolute_url())), **words)


@may_be_written
def organisation_add(request):
    """A new organisation with its first membership."""
    if not partnerships_to_run(request.user).exists():
        raise PermissionDenied
    form = OrganisationAddForm(
        request.POST or None, user=request.user, cancel_url=reverse("partnership:organisation-list")
    )
    if form.is_valid():
        organisation = carry_out(form, add_organisation, **form.cleaned_data)
        if organisation:
            messages.success(request, f"{organisation} is a member. Next, say which posts it has")
            return redirect(organisation)
    return form_page(
        request,
        form,
        heading="Add an organisation",
        lede="An agency that becomes a member. If another took over from one that is here, open that one and merge it.",
        trail=crumbs(),
    )


@may_be_written
def organisation_change(request, pk):
    organisation = get_permitted(request.user, Organisation, "change", pk=pk)
    url = organisation.get_absolute_url()
    form = OrganisationForm(request.POST or None, instance=organisation, cancel_url=url)
    if form.is_valid() and carry_out(form, form.save):
        messages.success(request, f"{organisation} is saved")
        return redirect(url)
    kept = Organisation.objects.get(pk=pk)
    return page_about(request, kept, form, heading=f"Change {kept}")


@may_be_written
def organisation_rename(request, pk):
    organisation = get_permitted(request.user, Organisation, "change", pk=pk)
    form = RenameForm(request.POST or None, cancel_url=organisation.get_absolute_url())
    if form.is_valid():
        renamed = carry_out(form, rename, organisation, on=timezone.localdate(), **form.cleaned_data)
        if renamed:
            messages.success(request, f"It is called {renamed} from {long_date(form.cleaned_data['from_on'])}")
            return redirect(renamed)
    return page_about(
        request,
        organisation,
        form,
        heading=f"New name for {organisation}",
        lede="The organisation stays the same and only its name changes. Pages of earlier days keep the old name. "
        "If another organisation takes over, merge it instead.",
    )


@may_be_written
def organisation_succeed(request, pk):
    """Merge it into another: first what will happen is shown, then it is done."""
    organisation = get_permitted(request.user, Organisation, "change", pk=pk)
    if organisation.successor_id:
        return already_merged(request, organisation)
    form = SucceedForm(
        request.POST or None,
        user=request.user,
        organisation=organisation,
        cancel_url=organisation.get_absolute_url(),
    )
    plan = None
    if form.is_valid():
        answers = {"successor": form.chosen, "from_on": form.cleaned_data["from_on"], "on": timezone.localdate()}
        try:
            if request.POST.get("action") == "merge":
                successor = carry_out(form, succeed, organisation, **answers)
                if successor:
                    messages.success(request, f"{organisation} is merged into {successor}")
                    return redirect(successor)
            elif request.POST.get("action") != "mend":
                plan = carry_out(form, plan_succession, organisation, **answers)
        except AlreadySucceeded:
            return already_merged(request, organisation)
    context = {
        "organisation": organisation,
        "form": form,
        "plan": plan,
        "shown_memberships": shown_moves(request.user, plan) if plan else [],
        "crumbs": crumbs((organisation.name, organisation.get_absolute_url()), ("Merge", None)),
    }
    return render(request, "partnership/organisation_succeed.html", context, status=form.status)


def shown_moves(user, plan):
    """The moves of memberships that this person may know of."""
    seen = set(partnerships_seen_by(user).values_list("pk", flat=True))
    return [move for move in plan.memberships if move.old.partnership_id in seen]


def already_merged(request, organisation):
    organisation.refresh_from_db()
    messages.info(request, f"{organisation} is already merged into {organisation.successor}. {NO_CHANGE}")
    return redirect(organisation)


# Memberships and nominees


@may_be_written
def membership_add(request, pk):
    organisation = get_permitted(request.user, Organisation, "office", pk=pk)
    form = MembershipAddForm(request.POST or None, user=request.user, cancel_url=organisation.get_absolute_url())
    if form.is_valid():
        membership = carry_out(form, join, organisation, **form.cleaned_data)
        if membership:
            messages.success(request, f"{organisation} is a member of {membership.partnership}")
            return redirect(organisation)
    return page_about(request, organisation, form, heading="Add a membership")


@may_be_written
def membership_change(request, pk):
    membership = get_permitted(request.user, Membership, "change", pk=pk)
    organisation = membership.organisation
    form = MembershipForm(request.POST or None, instance=membership, cancel_url=organisation.get_absolute_url())
    if form.is_valid():
        changed = carry_out(form, change_membership, membership, **form.answers)
        if changed:
            messages.success(request, f"The membership of {membership.partnership} is saved")
            return redirect(organisation)
    return page_about(request, organisation, form, heading=f"Membership of {membership.partnership}")


@may_be_written
def nomination_add(request, pk):
    organisation = get_permitted(request.user, Organisation, "office", pk=pk)
    today = timezone.localdate()
    form = NomineeForm(
        request.POST or None,
        user=request.user,
        on=today,
        initial={"from_on": today},
        cancel_url=organisation.get_absolute_url(),
    )
    if form.is_valid():
        nomination = carry_out(form, nominate, organisation, **form.cleaned_data)
        if nomination:
            messages.success(request, f"{nomination.post} speaks for {organisation}")
            return redirect(organisation)
    return page_about(
        request,
        organisation,
        form,
        heading=f"Who speaks for {organisation}?",
        lede="One post may speak for several organisations at meetings, as one person does for several districts. "
        "Whoever holds the post speaks.",
    )


@may_be_written
def nomination_end(request, pk):
    nomination = get_permitted(request.user, Nomination, "change", pk=pk)
    organisation = nomination.organisation
    form = NominationEndForm(
        request.POST or None,
        initial={"to_on": nomination.to_on or timezone.localdate()},
        cancel_url=organisation.get_absolute_url(),
    )
    if form.is_valid():
        ended = carry_out(form, end_nomination, nomination, **form.cleaned_data)
        if ended:
            messages.success(request, f"{nomination.post} speaks for {organisation} until {long_date(ended.to_on)}")
            return redirect(organisation)
    return page_about(
        request,
        organisation,
        form,
        heading="End a nomination",
        lede=f"{nomination.post} speaks for {organisation}. After the last day nobody does, until you name somebody.",
    )


# Partnerships and areas


@may_be_written
def partnership_change(request, pk):
    partnership = get_permitted(request.user, Partnership, "change", pk=pk)
    form = PartnershipForm(
        request.POST or None, instance=partnership, cancel_url=reverse("partnership:organisation-list")
    )
    if form.is_valid() and carry_out(form, form.save):
        messages.success(request, f"{partnership} is saved. Its public pages show a new colour within the hour")
        return redirect("partnership:partnership-change", partnership.pk)
    return partnership_page(request, form, heading="Change the partnership", partnership=Partnership.objects.get(pk=pk))


@may_be_written
def partnership_add(request):
    refuse_all_but_administrators(request.user)
    form = PartnershipForm(request.POST or None, cancel_url=reverse("partnership:administration"))
    if form.is_valid():
        form.instance.slug = free_slug(form.cleaned_data["name"])
        if carry_out(form, begin_partnership, form):
            messages.success(request, f"{form.instance} is here. Next comes the post of its business office")
            return redirect("assurance:getting-started", form.instance.pk)
    return partnership_page(request, form, heading="Add a partnership")


def begin_partnership(form):
    """Save the new partnership with what each begins with."""
    partnership = form.save()
    add_usual_terms(partnership)
    return partnership


def partnership_page(request, form, *, heading, partnership=None):
    trail = [("Administration", reverse("partnership:administration"))]
    if not request.user.is_administrator:
        trail = crumbs()
    context = {"form": form, "heading": heading, "partnership": partnership, "crumbs": [*trail, (heading, None)]}
    return render(request, "partnership/partnership_change.html", context, status=form.status)


def free_slug(name):
    """The address of a partnership's public pages, from its name: never changed afterwards."""
    slug = slugify(name)[:40].strip("-") or "partnership"
    taken = set(Partnership.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return slug if slug not in taken else next(each for each in numbered if each not in taken)


def refuse_all_but_administrators(user):
    if not standing_of(user).is_administrator:
        raise PermissionDenied


@require_safe
def area_list(request):
    refuse_all_but_administrators(request.user)
    areas = Area.objects.prefetch_related("partnerships")
    context = {
        "areas": areas,
        "crumbs": [("Administration", reverse("partnership:administration")), ("Areas", None)],
    }
    return render(request, "partnership/area_list.html", context)


@may_be_written
def area_add(request):
    refuse_all_but_administrators(request.user)
    form = AreaForm(request.POST or None, cancel_url=reverse("partnership:area-list"))
    if form.is_valid() and carry_out(form, form.save):
        messages.success(request, f"{form.instance} is in the list")
        return redirect("partnership:area-list")
    trail = [
        ("Administration", reverse("partnership:administration")),
        ("Areas", reverse("partnership:area-list")),
    ]
    return form_page(request, form, heading="Add an area", trail=trail)


# For everyone


@login_not_required
@require_safe
def public_members(request, slug):
    """Who belongs to a public partnership, by role, today or on an earlier day."""
    partnership = find_partnership(slug)
    today = timezone.localdate()
    day = day_asked(request, today=today)
    form = DayForm(request.GET if "on" in request.GET else None, initial={"on": today})
    named = Prefetch("organisation", Organisation.objects.named_on(day))
    memberships = Membership.objects.current(on=day).filter(partnership=partnership).prefetch_related(named)
    by_role = {}
    for membership in sorted(memberships, key=lambda each: folded(each.organisation.name_then)):
        by_role.setdefault(membership.role, []).append(membership.organisation)
    roles = [(role, *PUBLIC_WORDS[role], by_role[role]) for role in Membership.Role.values if role in by_role]
    return public_page(
        request,
        partnership,
        "partnership/public_members.html",
        roles=roles,
        day=day,
        is_today=day == today,
        form=form,
        year_end=last_year_end(today),
    )


# The heading of each role, and what it means, for readers who know none of our words.
PUBLIC_WORDS = {
    Membership.Role.STATUTORY: (
        "Statutory safeguarding partners",
        "The organisations that the law holds answerable, each as much as the others.",
    ),
    Membership.Role.RELEVANT: (
        "Relevant agencies",
        "Organisations that the safeguarding partners have named because of their work.",
    ),
    Membership.Role.VIRTUAL: (
        "Virtual members",
        "They read what is decided and give assurance in writing, and come when they are needed.",
    ),
    Membership.Role.COMMISSIONER: (
        "Members through their commissioner",
        "Whoever pays for their services speaks for them.",
    ),
    Membership.Role.REFERENCE: (
        "Members through a reference group",
        "A group of organisations like them sends somebody who speaks for all.",
    ),
    Membership.Role.OBSERVER: (
        "Participant observers",
        "They are there and may speak, and decide nothing.",
    ),
}
