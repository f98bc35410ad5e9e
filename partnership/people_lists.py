"""The lists of posts and of people: their columns, and what narrows them."""

from datetime import timedelta

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from partnership.accounts.ways_in import STATES, in_state, way_in_words
from partnership.lists import DayColumn, RecordFilter, RecordTable
from partnership.models import Group, Organisation, Post, PostHolding
from partnership.organisation_lists import partnerships_of_request
from partnership.standing import standing_of
from partnership.templatetags.components import long_date

YES_OR_NO = [("yes", "Yes"), ("no", "No")]


def administers_accounts(user):
    standing = standing_of(user)
    return standing.is_administrator or bool(standing.office_ids)


def organisations_of_request(request):
    return Organisation.objects.visible_to(request.user)


def groups_of_request(request):
    return Group.objects.filter(pk__in=Group.objects.visible_to(request.user).values("pk"))


def seat_words(seat):
    """ "Executive (chair)"."""
    part = "" if seat.role == "member" else f" ({seat.get_role_display().lower()})"
    return f"{seat.group}{part}"


def vacancy_words(last_held_on, *, on):
    """Since when nobody holds a post. Ended during today counts as today."""
    if last_held_on is None:
        return "Vacant: nobody has held it yet"
    return f"Vacant since {long_date(vacant_from(last_held_on, on=on))}"


def vacant_from(last_held_on, *, on):
    return min(last_held_on + timedelta(days=1), on)


# Posts


class PostTable(RecordTable):
    title = tables.Column("Post", linkify=True)
    organisation = tables.Column(order_by="organisation__name")
    duty = tables.Column()
    held_by = tables.Column(order_by="first_holder", empty_values=())
    since = DayColumn(empty_values=(), order_by="held_since")
    seats = tables.Column(orderable=False, empty_values=())

    class Meta(RecordTable.Meta):
        caption = "Posts"
        sequence = ("title", "organisation", "duty", "held_by", "since", "seats")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()

    def render_duty(self, record):
        return record.get_duty_display() if record.duty else ""

    value_duty = render_duty

    def render_held_by(self, record):
        if not record.current_holdings:
            if not record.is_open(on=self.today):
                return "Closed"
            return format_html('<span class="late-text">{}</span>', vacancy_words(record.last_held_on, on=self.today))
        return format_html_join("", '<span class="lead">{}</span>', ((each.user,) for each in record.current_holdings))

    def value_held_by(self, record):
        return ", ".join(str(holding.user) for holding in record.current_holdings)

    def value_since(self, record):
        return min((holding.from_on for holding in record.current_holdings if holding.from_on), default=None)

    def render_since(self, record):
        return long_date(self.value_since(record))

    def render_seats(self, record):
        return format_html_join("", '<span class="lead">{}</span>', ((seat_words(each),) for each in record.seats_now))

    def value_seats(self, record):
        return "; ".join(seat_words(seat) for seat in record.seats_now)


class PostFilter(RecordFilter):
    search_fields = ("title", "organisation__name")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any", queryset=partnerships_of_request, method="in_partnership"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="Organisation", empty_label="Any", queryset=organisations_of_request
    )
    group = django_filters.ModelChoiceFilter(
        label="Sits in", empty_label="Any group", queryset=groups_of_request, method="in_group"
    )
    duty = django_filters.ChoiceFilter(
        label="Duty", empty_label="Any", choices=[choice for choice in Post.Duty.choices if choice[0]]
    )
    vacant = django_filters.ChoiceFilter(label="Vacant", empty_label="Either", choices=YES_OR_NO, method="by_vacancy")
    closed = django_filters.ChoiceFilter(
        label="Closed posts", empty_label="Left out", choices=[("yes", "Only these")], method="by_closing"
    )

    class Meta:
        model = Post
        fields = []

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("closed"):
            return queryset
        return queryset.open(on=timezone.localdate())

    def with_words(self, queryset, name, words):
        """Every word in the title, the organisation or the name of whoever holds it."""
        holdings = PostHolding.objects.current(on=timezone.localdate())
        for word in words.split():
            held = Q(pk__in=holdings.filter(user__name__icontains=word).values("post"))
            queryset = queryset.filter(Q(title__icontains=word) | Q(organisation__name__icontains=word) | held)
        return queryset

    def in_partnership(self, queryset, name, partnership):
        return queryset.filter(pk__in=Post.objects.of_partnerships([partnership.pk]).values("pk"))

    def in_group(self, queryset, name, group):
        return queryset.filter(pk__in=group.members.current(on=timezone.localdate()).values("post"))

    def by_vacancy(self, queryset, name, answer):
        vacant = Post.objects.vacant(on=timezone.localdate()).values("pk")
        return queryset.filter(pk__in=vacant) if answer == "yes" else queryset.exclude(pk__in=vacant)

    def by_closing(self, queryset, name, answer):
        return queryset.filter(closed_on__lt=timezone.localdate())


# People


class PersonTable(RecordTable):
    name = tables.Column(linkify=True)
    email = tables.Column("E-mail address")
    posts = tables.Column("Posts", orderable=False, empty_values=())
    is_active = tables.Column("Account", order_by=("-is_active", "last_login", "name"))
    second_step = tables.Column("Second step", accessor="has_second_step")

    class Meta(RecordTable.Meta):
        caption = "People"
        sequence = ("name", "email", "posts", "is_active", "second_step")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = timezone.now()

    def render_email(self, record):
        return record.email if record.is_ours else ""

    value_email = render_email

    def render_posts(self, record):
        if not record.holdings_now:
            return format_html('<span class="quiet">{}</span>', "None now")
        return format_html_join(
            "", '<span class="lead">{}</span>', ((self.words(each),) for each in record.holdings_now)
        )

    def value_posts(self, record):
        return "; ".join(self.words(holding) for holding in record.holdings_now)

    def words(self, holding):
        is_to_come = holding.from_on and holding.from_on > timezone.localdate()
        return f"{holding.post}, from {long_date(holding.from_on)}" if is_to_come else str(holding.post)

    def render_is_active(self, record):
        return way_in_words(record, at=self.now) if record.is_ours else ""

    value_is_active = render_is_active

    def render_second_step(self, record):
        return "" if not record.is_ours else "Yes" if record.has_second_step else "None"

    value_second_step = render_second_step


class PersonFilter(RecordFilter):
    search_fields = ("name",)

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any", queryset=partnerships_of_request, method="in_partnership"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="Organisation", empty_label="Any", queryset=organisations_of_request, method="in_organisation"
    )
    without = django_filters.ChoiceFilter(
        label="Without a post", empty_label="Either", choices=YES_OR_NO, method="without_post"
    )
    account = django_filters.ChoiceFilter(label="Account", empty_label="Any", choices=STATES, method="by_account")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not administers_accounts(self.request.user):
            del self.filters["account"]

    def by_account(self, queryset, name, state):
        """Of those whose accounts the reader administers."""
        return in_state(queryset.filter(is_ours=True), state)

    def with_words(self, queryset, name, words):
        """Every word in the name, or in the address of those whose addresses the reader sees."""
        for word in words.split():
            queryset = queryset.filter(Q(name__icontains=word) | Q(is_ours=True, email__icontains=word))
        return queryset

    def holding(self, posts):
        holdings = PostHolding.objects.not_over(on=timezone.localdate())
        return holdings.filter(post__in=posts.values("pk")).values("user")

    def in_partnership(self, queryset, name, partnership):
        return queryset.filter(pk__in=self.holding(Post.objects.of_partnerships([partnership.pk])))

    def in_organisation(self, queryset, name, organisation):
        return queryset.filter(pk__in=self.holding(organisation.posts.all()))

    def without_post(self, queryset, name, answer):
        holders = self.holding(Post.objects.visible_to(self.request.user))
        return queryset.exclude(pk__in=holders) if answer == "yes" else queryset.filter(pk__in=holders)
