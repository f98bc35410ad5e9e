"""The table and filter of organisations: who was a member on a day, in which role, under which name."""

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Prefetch
from django.utils.html import format_html, format_html_join

from partnership.lists import RecordFilter, RecordTable
from partnership.models import FormerOrganisation, Membership, Nomination, Organisation, Partnership, Post
from partnership.templatetags.components import long_date

SHOWN_PEOPLE = 3
VACANT = "Vacant"
DAY_BOX = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DayForm(forms.Form):
    """The day as it was on, in the browser's own box for a date."""

    on = forms.DateField(label="As it was on", required=False, widget=DAY_BOX)


def day_asked(request, *, today):
    """The day in the address; today where there is none, or where it is no date."""
    form = DayForm(request.GET)
    return (form.is_valid() and form.cleaned_data["on"]) or today


def partnerships_of_request(request):
    return partnerships_seen_by(request.user)


def partnerships_seen_by(user):
    """Those whose members this person sees: their own, or all for an administrator."""
    standing = user.standing
    if standing.is_administrator:
        return Partnership.objects.all()
    return Partnership.objects.filter(pk__in=standing.partnership_ids)


def with_parts(organisations, *, memberships, on):
    """Prefetch what a line shows of each: ``parts`` (of ``memberships``) and who speaks for it on a day.

    ``posts_then`` are those that were its own and still are, ``posts_moved`` those that a merger has
    moved since, ``nominations_then`` its nominees.
    """
    posts = Post.objects.open(on=on).select_related("organisation").with_holders(on=on)
    moved_later = FormerOrganisation.objects.filter(to_on__gte=on)
    earliest = moved_later.order_by("post_id", "to_on").distinct("post_id")
    moved = FormerOrganisation.objects.filter(pk__in=earliest.values("pk"))
    nominations = Nomination.objects.current(on=on)
    return organisations.prefetch_related(
        Prefetch("memberships", memberships.select_related("partnership"), to_attr="parts"),
        Prefetch("posts", posts.exclude(pk__in=moved_later.values("post")), to_attr="posts_then"),
        Prefetch("former_posts", moved.prefetch_related(Prefetch("post", posts)), to_attr="posts_moved"),
        Prefetch("nominations", nominations.prefetch_related(Prefetch("post", posts)), to_attr="nominations_then"),
    )


def representation(organisation):
    """Who spoke for it that day: (name, title, is nominee) of every holder; whether it had a post at all."""
    posts = [*organisation.posts_then, *(row.post for row in organisation.posts_moved if row.post)]
    people = [
        (holding.user.name, post.title, False)
        for post in sorted(posts, key=lambda post: (not post.duty, post.title))
        for holding in post.current_holdings
    ]
    people += [
        (holding.user.name, f"nominee, {nomination.post}", True)
        for nomination in organisation.nominations_then
        for holding in nomination.post.current_holdings
    ]
    return people, bool(posts or organisation.nominations_then)


def grouped(memberships, words):
    """[(partnerships, what ``words`` says of their membership)], those of which it says the same together."""
    found = {}
    for membership in memberships:
        found.setdefault(words(membership), []).append(membership.partnership)
    return [(partnerships, said) for said, partnerships in found.items()]


class PartsColumn(tables.Column):
    """One fact of each membership, behind the short names of those partnerships of which it is so.

    ``is_tagged`` has them there even where it is so of all.
    """

    def __init__(self, header, words, *, is_tagged=False, **kwargs):
        self.words, self.is_tagged = words, is_tagged
        super().__init__(header, accessor="parts", orderable=False, **kwargs)

    def lines(self, memberships):
        """[(partnerships to name, words)], without those of which nothing is known."""
        found = grouped(memberships, self.words)
        is_named = self.is_tagged or len(found) > 1
        return [(partnerships if is_named else [], said) for partnerships, said in found if said]

    def render(self, value):
        lines = ((tags_of(partnerships), said) for partnerships, said in self.lines(value))
        return format_html_join("", '<span class="lead">{} {}</span>', lines)

    def value(self, value):
        lines = (
            (", ".join(partnership.short_name for partnership in partnerships), said)
            for partnerships, said in self.lines(value)
        )
        return "; ".join(f"{names}: {said}" if names else said for names, said in lines)


def tags_of(partnerships):
    return format_html_join(
        " ", '<abbr class="area" title="{}">{}</abbr>', ((each.name, each.short_name) for each in partnerships)
    )


class OrganisationTable(RecordTable):
    """Needs ``named_on`` and ``with_parts``."""

    name = tables.Column(
        "Organisation", accessor="name_then", order_by="name_then", linkify=lambda record: record.get_absolute_url()
    )
    kind = tables.Column("Kind")
    role = PartsColumn("Role", Membership.get_role_display, is_tagged=True)
    since = PartsColumn("Since", lambda membership: long_date(membership.from_on))
    until = PartsColumn("Until", lambda membership: long_date(membership.to_on))
    people = tables.Column("Represented by", empty_values=(), orderable=False)

    def __init__(self, *args, is_today, **kwargs):
        self.is_today = is_today
        super().__init__(*args, **kwargs)

    class Meta(RecordTable.Meta):
        model = Organisation
        fields = ("name", "kind", "role", "since", "until", "people")
        order_by = "name"

    def render_people(self, record):
        people, has_post = representation(record)
        lines = format_html_join(
            "",
            '<span class="lead">{} <span class="meta">{}</span></span>',
            ((who, what) for who, what, _ in people[:SHOWN_PEOPLE]),
        )
        more = len(people) - SHOWN_PEOPLE
        if more > 0:
            return format_html('{}<span class="meta">and {} more</span>', lines, more)
        if people:
            return lines
        words = self.absence(has_post=has_post)
        return format_html('<span class="{}">{}</span>', "late-text" if words == VACANT else "quiet", words)

    def value_people(self, record):
        people, has_post = representation(record)
        said = "; ".join(f"{who} ({what})" for who, what, _ in people)
        return said or self.absence(has_post=has_post)

    def absence(self, *, has_post):
        """Why nobody stands there. Of the past only what was recorded is known."""
        if not self.is_today:
            return "Nobody recorded"
        return VACANT if has_post else "Nobody named"


class OrganisationFilter(RecordFilter):
    """Narrows members by one and the same membership: its partnership, its role, its day.

    The queryset holds the members of the day already, so ``on`` is only asked and checked here.
    """

    search_fields = ("name", "former_names__name")
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any", queryset=partnerships_of_request, method="of_membership"
    )
    kind = django_filters.ChoiceFilter(label="Kind", empty_label="Any", choices=Organisation.Kind.choices)
    role = django_filters.ChoiceFilter(
        label="Role", empty_label="Any", choices=Membership.Role.choices, method="of_membership"
    )
    on = django_filters.DateFilter(label="As it was on", widget=DAY_BOX, method="of_membership")

    class Meta:
        model = Organisation
        fields = []

    def __init__(self, *args, memberships, **kwargs):
        self.memberships = memberships
        super().__init__(*args, **kwargs)

    def of_membership(self, queryset, _name, _value):
        """Left to ``filter_queryset``, which asks all of one membership at once."""
        return queryset

    def filter_queryset(self, queryset):
        asked = {name: self.form.cleaned_data.get(name) for name in ("partnership", "role")}
        memberships = self.memberships.filter(**{name: value for name, value in asked.items() if value})
        return super().filter_queryset(queryset).filter(pk__in=memberships.values("organisation"))
