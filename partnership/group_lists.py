"""What pages about groups read: the list, the seats of a day, the session that young people lead."""

import django_filters
import django_tables2 as tables
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Count, IntegerField, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from partnership.lists import DayColumn, RecordFilter, RecordTable, own_partnerships
from partnership.meetings import year_of
from partnership.models import (
    Group,
    GroupMember,
    Meeting,
    Post,
    PostHolding,
    StandingItem,
    TermsOfReference,
)
from partnership.models.meetings import groups_seen_by
from partnership.standing import standing_of
from partnership.templatetags.components import long_date

Role = GroupMember.Role

# The list of groups


def groups_for_list(user, *, on):
    """Everything the list shows of each group. The closed come last, before them all on which one does not sit.

    Annotates ``is_mine``, ``chairs`` (names of today's), ``seat_count``, ``vacant_count`` and
    ``review_on`` (of the terms in force).
    """
    seats = GroupMember.objects.current(on=on).filter(group=OuterRef("pk"))
    terms = TermsOfReference.objects.agreed().filter(group=OuterRef("pk")).order_by("-version")
    visible = Group.objects.visible_to(user)
    return (
        Group.objects.filter(pk__in=visible.values("pk"))
        .select_related("parent")
        .prefetch_related("partnerships")
        .annotate(
            is_closed=Case(When(closed_on=None, then=False), default=True, output_field=BooleanField()),
            is_mine=Case(When(pk__in=standing_of(user).group_ids, then=True), default=False),
            chairs=chairs_on(on),
            seat_count=counted(seats),
            vacant_count=counted(seats.exclude(post__in=PostHolding.objects.current(on=on).values("post"))),
            review_on=Subquery(terms.values("next_review_on")[:1]),
        )
        .order_by("is_closed", "-is_mine", "name")
    )


def chairs_on(day):
    """The names of those who chair a group on ``day``, as a column of it."""
    posts = GroupMember.objects.current(on=day).filter(group=OuterRef(OuterRef("pk")), role=Role.CHAIR)
    holdings = PostHolding.objects.current(on=day).filter(post__in=posts.values("post")).order_by("user__name")
    return ArraySubquery(holdings.values("user__name"))


def groups_for_chart(groups, *, on):
    """Open ones of ``groups`` with ``chairs`` and their partnerships."""
    return groups.open().annotate(chairs=chairs_on(on)).prefetch_related("partnerships")


def counted(seats):
    """How many of ``seats``, as a column of their group."""
    counts = seats.order_by().values("group").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts, output_field=IntegerField()), Value(0))


class GroupTable(RecordTable):
    name = tables.Column("Group")
    kind = tables.Column("Kind")
    parent = tables.Column("Reports to", order_by="parent__name")
    of = tables.Column("Of", accessor="pk", orderable=False)
    chairs = tables.Column("Chair", empty_values=())
    seat_count = tables.Column("Seats", attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    vacant_count = tables.Column("Vacant", attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    review_on = DayColumn("Review terms by", empty_values=())

    class Meta(RecordTable.Meta):
        pass

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def render_name(self, record):
        mark = format_html(' <span class="meta">{}</span>', "You sit here") if record.is_mine else ""
        return format_html('<a href="{}">{}</a>{}', record.get_absolute_url(), record.name, mark)

    def value_name(self, record):
        return record.name

    def render_kind(self, record):
        closed = f", closed on {long_date(record.closed_on)}" if record.closed_on else ""
        return f"{record.get_kind_display()}{closed}"

    def render_of(self, record):
        partnerships = ((each.name, each.short_name) for each in record.partnerships.all())
        return format_html_join(" ", '<abbr class="area" title="{}">{}</abbr>', partnerships)

    def value_of(self, record):
        return ", ".join(each.short_name for each in record.partnerships.all())

    def render_chairs(self, record):
        if record.chairs or record.closed_on:
            return ", ".join(record.chairs)
        return format_html('<span class="late-text">{}</span>', "Vacant")

    def value_chairs(self, record):
        return ", ".join(record.chairs) or ("" if record.closed_on else "Vacant")

    def render_vacant_count(self, record):
        count = record.vacant_count
        return format_html('<strong class="late-text">{}</strong>', count) if count else "0"

    def value_vacant_count(self, record):
        return record.vacant_count

    def render_review_on(self, record):
        if record.closed_on:
            return ""
        if record.review_on is None:
            return format_html('<span class="quiet">{}</span>', "No date")
        is_late = record.review_on < self.on
        return format_html('<span class="{}">{}</span>', "late-text" if is_late else "", long_date(record.review_on))

    def value_review_on(self, record):
        return record.review_on


class GroupFilter(RecordFilter):
    search_fields = ("name", "purpose")
    partnership = django_filters.ModelChoiceFilter(
        label="Of", field_name="partnerships", queryset=own_partnerships, empty_label="Any partnership"
    )
    kind = django_filters.ChoiceFilter(label="Kind", choices=Group.Kind.choices, empty_label="Any kind")
    state = django_filters.ChoiceFilter(
        label="Open or closed",
        choices=[("open", "Open"), ("closed", "Closed")],
        empty_label="Both",
        method="in_state",
    )
    terms = django_filters.ChoiceFilter(
        label="Terms", choices=[("due", "Due to be looked at")], empty_label="Any", method="with_terms"
    )
    whose = django_filters.ChoiceFilter(
        label="Whose", choices=[("mine", "I sit there")], empty_label="Everyone’s", method="of_mine"
    )

    def in_state(self, groups, _name, state):
        return groups.filter(closed_on__isnull=state == "open")

    def with_terms(self, groups, _name, _due):
        return groups.filter(closed_on=None, review_on__lte=timezone.localdate())

    def of_mine(self, groups, _name, _mine):
        return groups.filter(is_mine=True)


# One group


def seats_on(group, day):
    """The seats of ``group`` on ``day``, with who held them then, under the names of that day.

    Each has ``holders`` (PostHoldings), ``title`` and ``organisation_name``; a deputy's ``deputy_for`` has its post.
    """
    posts = Post.objects.placed_on(day).with_holders(on=day)
    principals = GroupMember.objects.prefetch_related(Prefetch("post", Post.objects.placed_on(day)))
    return list(
        group.members.current(on=day)
        .in_order()
        .prefetch_related(Prefetch("post", posts), Prefetch("deputy_for", principals))
    )


def led_sessions(group, user, *, on):
    """The sessions of this year around ``group``: those it leads, and those others lead of its own meetings.

    Gives a list of (leader, board, meeting or None).
    """
    pairs = [(group, group.leads_session_of)] if group.leads_session_of_id else []
    pairs += [(leader, group) for leader in group.session_leaders.open()]
    if not pairs:
        return []
    year = year_of(group, on)
    meetings = (
        Meeting.objects.visible_to(user)
        .between(year.starts_on, year.ends_on)
        .exclude(status=Meeting.Status.CANCELLED)
        .filter(Q(led_by=group) | Q(group=group, led_by__isnull=False))
        .order_by("meets_on")
    )
    found = {(meeting.led_by_id, meeting.group_id): meeting for meeting in reversed(meetings)}
    seen = set(groups_seen_by(user).filter(pk__in=[board.pk for _, board in pairs]).values_list("pk", flat=True))
    return [(leader, board, found.get((leader.pk, board.pk))) for leader, board in pairs if board.pk in seen]


def standing_items_around(group, user):
    """What ``group`` asked to have on others' every agenda, and what others have on its own."""
    items = StandingItem.objects.filter(Q(asked_by=group) | Q(group=group, asked_by__isnull=False))
    return items.filter(group__in=groups_seen_by(user).values("pk")).select_related("group", "asked_by")
