"""The published plan, for everyone: the latest published version as it was frozen, never the plan as it stands.

What the office changes afterwards is theirs until they publish again. Only how a priority was judged
comes from today, because it is decided after the plan was: decided ratings, no proposals, no leads' words.
"""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.db.models.fields.json import KT
from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from partnership.languages import public_path
from partnership.models import Partnership
from partnership.public import find_partnership, public_page
from plans.models import PlanDocument, PlanVersion, PriorityReview, Rating, UpdateRound
from plans.outcome_marks import outcomes_of
from plans.snapshots import plan_of, table_of
from plans.table import StripPoint

ROUNDS_SHOWN = 4


# What is published


def published_versions(partnership):
    """The latest published version of each of its plans, with ``begins``: the plan's first day, as it was written."""
    newest = PlanVersion.objects.published().filter(plan__partnerships=partnership)
    newest = newest.order_by("plan_id", "-made_at", "-pk").distinct("plan_id")
    return newest.found_first().annotate(begins=KT("snapshot__plan__starts_on"))


def published_plan(partnership, *, on):
    """The version of the plan of the day; before the first begins, of the one that is coming. None if there is none."""
    versions = published_versions(partnership).order_by("-begins", "-pk")
    return versions.filter(begins__lte=on.isoformat()).first() or versions.last()


# The partnership's home page


@dataclass(frozen=True)
class PlanPart:
    """A plan's part of the partnership's public home page. ``plan`` is what ``plan_of`` gives."""

    plan: SimpleNamespace
    priorities: list


@dataclass(frozen=True)
class PublicPriority:
    """A priority with its last decided rating (or None) and the name of the round it was decided for."""

    key: int
    heading: str
    outcomes: list
    rating: Rating | None
    rated_in: str


def plan_part(partnership, *, on):
    """The current plan with each priority's last decided rating; None while nothing is published."""
    version = published_plan(partnership, on=on)
    if version is None:
        return None
    return PlanPart(plan_of(version.snapshot), with_decided_ratings(version.snapshot))


def with_decided_ratings(snapshot):
    """The priorities of ``snapshot`` as PublicPriority. One query, whatever their number."""
    last = {review.priority_id: review for review in decided_reviews(keys_of(snapshot))}
    return [
        PublicPriority(
            key=row["key"],
            heading=f"{row['ref']}. {row['title']}" if row["ref"] else row["title"],
            outcomes=row["outcomes"],
            rating=last[row["key"]].decided_rating if row["key"] in last else None,
            rated_in=last[row["key"]].round.name if row["key"] in last else "",
        )
        for row in snapshot["priorities"]
    ]


def keys_of(snapshot):
    return [row["key"] for row in snapshot["priorities"]]


def decided_reviews(keys):
    """What was decided of these priorities, the oldest round first."""
    reviews = PriorityReview.objects.decided().filter(priority__in=keys)
    return reviews.select_related("decided_rating", "round").order_by("round__closes_on", "pk")


# The plan


@login_not_required
@require_safe
def current_plan(request, slug):
    """The whole table of the published plan, as on paper."""
    partnership = find_partnership(slug)
    today = timezone.localdate()
    version = published_plan(partnership, on=today)
    if version is None:
        return public_page(request, partnership, "plans/public_plan.html", plan=None)
    snapshot = version.snapshot
    rounds = closed_rounds(version, on=today)[-ROUNDS_SHOWN:]
    table = judged_table(snapshot, rounds)
    return public_page(
        request,
        partnership,
        "plans/public_plan.html",
        plan=plan_of(snapshot),
        version=version,
        snapshot=snapshot,
        review_dates=[each | {"day": parse_date(each["day"])} for each in snapshot["review_dates"]],
        key=key_of(snapshot, table),
        table=table,
        rounds=rounds,
        partners=Partnership.objects.published().filter(plans=version.plan_id).exclude(pk=partnership.pk),
        document=document_of(version),
        earlier_count=PlanVersion.objects.published().filter(plan=version.plan_id).count() - 1,
    )


def closed_rounds(version, *, on):
    """The plan's rounds that have closed, oldest first."""
    return list(UpdateRound.objects.filter(plan=version.plan_id, closes_on__lt=on).order_by("closes_on"))


def judged_table(snapshot, rounds):
    """The version's table, with how each priority was judged in ``rounds``. Nothing in it is late."""
    table = table_of(snapshot, on=date.min)
    decided = {(each.priority_id, each.round_id): each.decided_rating for each in decided_reviews(keys_of(snapshot))}
    for priority in table.priorities:
        priority.strip = [
            StripPoint(each.short_name, decided.get((priority.pk, each.pk)), is_proposed=False, url="")
            for each in rounds
        ]
    return table


def key_of(snapshot, table):
    """The ratings of the version, best first, and those of another key by which a priority was judged."""
    key = [SimpleNamespace(**rating) for rating in snapshot["ratings"]]
    words = {(each.code, each.word) for each in key}
    given = {point.rating for priority in table.priorities for point in priority.strip if point.rating}
    return key + sorted((each for each in given if (each.code, each.word) not in words), key=lambda each: each.pk)


def with_files(documents):
    """Documents of versions with the files published from them, without the bytes of any."""
    files = documents.filter(earlier=None).select_related("published_pdf", "published_word")
    names = [f"{kind}__{field}" for kind in ("published_pdf", "published_word") for field in ("content", "manifest")]
    return files.defer("pdf", "word", *names)


def document_of(version):
    """The document of a version, its files published or on their way; None where none was asked for."""
    return with_files(PlanDocument.objects.filter(version=version)).first()


# One priority


@login_not_required
@require_safe
def priority(request, slug, pk):
    """One priority of a published plan: what will be different, what is promised, how it was judged."""
    partnership = find_partnership(slug)
    today = timezone.localdate()
    version = published_versions(partnership).filter(snapshot__priorities__contains=[{"key": pk}]).first()
    if version is None:
        raise Http404
    snapshot = version.snapshot
    current = published_plan(partnership, on=today)
    table = table_of(snapshot, on=date.min)
    place = keys_of(snapshot).index(pk)
    shown = table.priorities[place]
    reviews = {review.round_id: review for review in decided_reviews([pk])}
    return public_page(
        request,
        partnership,
        "plans/public_priority.html",
        description=" ".join(shown.outcomes) or shown.note or shown.heading,
        plan=plan_of(snapshot),
        version=version,
        is_current=version.pk == current.pk,
        priority=shown,
        outcomes=[each for each in outcomes_of(snapshot) if each.priority == pk],
        source=snapshot["priorities"][place],
        table=table,
        judged=[(each, reviews.get(each.pk)) for each in reversed(closed_rounds(version, on=today))],
        before=table.priorities[place - 1] if place else None,
        after=table.priorities[place + 1] if place + 1 < len(table.priorities) else None,
        crumbs=[("Our plan", reverse("plans:public-plan", args=[slug])), (shown.heading, None)],
    )


# Versions


@login_not_required
@require_safe
def version_list(request, slug):
    """Every version that was ever published, with what changed and why, and its files."""
    partnership = find_partnership(slug)
    documents = with_files(PlanDocument.objects.exclude(published_pdf=None))
    versions = (
        PlanVersion.objects.published()
        .filter(plan__partnerships=partnership)
        .annotate(
            title=KT("snapshot__plan__title"),
            begins=KT("snapshot__plan__starts_on"),
            ends=KT("snapshot__plan__ends_on"),
        )
        .without_snapshot()
        .select_related("approved_by")
        .prefetch_related(Prefetch("documents", documents, to_attr="published_documents"))
        .order_by("-made_at", "-pk")
    )
    plans = {}
    for version in versions:
        plans.setdefault(version.plan_id, []).append(version)
    groups = [
        {"title": own[0].title, "begins": parse_date(own[0].begins), "ends": parse_date(own[0].ends), "versions": own}
        for own in plans.values()
    ]
    return public_page(
        request,
        partnership,
        "plans/public_versions.html",
        groups=sorted(groups, key=lambda group: group["begins"], reverse=True),
        crumbs=[(gettext("Our plan"), reverse("plans:public-plan", args=[slug])), (gettext("Versions"), None)],
    )


patterns = [
    path("p/<slug:slug>/plan/", current_plan, name="public-plan"),
    public_path("p/<slug:slug>/plan/versions/", version_list, name="public-versions"),
    path("p/<slug:slug>/plan/priorities/<int:pk>/", priority, name="public-priority"),
]
