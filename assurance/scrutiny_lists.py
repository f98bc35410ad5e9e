"""The returns that one partnership was given, with what it made of each: columns and what they are narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from assurance.models import AssuranceLevel
from assurance.scrutiny import JUDGED, LEFT, NARROWED, NEW_EDITION, UNANSWERED
from partnership.lists import DayColumn, NumberColumn, RecordFilter, RecordTable
from partnership.templatetags.components import long_date, rating_tag


class ScrutinyTable(RecordTable):
    """Of ``returns_given``. ``levels``: {key: level}; ``slug``: whose judgements they are."""

    caption = "Returns and what is made of them"
    organisation = tables.Column("Organisation", order_by="organisation__name")
    given_at = DayColumn("Given")
    level = tables.Column("Judgement", empty_values=(), order_by="judged_at")
    judged_at = DayColumn("Judged")
    comment_count = NumberColumn("Comments")
    open_action_count = tables.Column("Actions", empty_values=(), orderable=False)
    responded_at = tables.Column("Organisation told", empty_values=())

    levels, slug = {}, ""

    def render_organisation(self, record):
        asked = self.request.GET.copy()
        for name in ("sort", "page", "export"):
            asked.pop(name, None)
        query = f"?{asked.urlencode()}" if asked else ""
        address = reverse("assurance:scrutiny-detail", args=[record.pk, self.slug]) + query
        return format_html('<a href="{}">{}</a>', address, record.organisation.name)

    def value_organisation(self, record):
        return record.organisation.name

    def render_given_at(self, record):
        again = f", edition {record.edition_given}" if record.edition_given > 1 else ""
        return f"{long_date(record.given_at)}{again}"

    def value_given_at(self, record):
        return timezone.localdate(record.given_at)

    def render_level(self, record):
        level = self.levels.get(record.level)
        if level is None:
            return "Not judged yet"
        if record.is_given_again:
            return format_html('{}<br><span class="meta">{}</span>', rating_tag(level), "Given again since")
        return rating_tag(level)

    def value_level(self, record):
        return str(self.levels.get(record.level, "Not judged yet"))

    def value_judged_at(self, record):
        return timezone.localdate(record.judged_at) if record.judged_at else ""

    def render_open_action_count(self, record):
        return f"{record.open_action_count} open of {record.action_count}" if record.action_count else "None"

    def render_responded_at(self, record):
        if record.responded_at is None:
            return "Not yet"
        read = f", read {long_date(record.read_at)}" if record.read_at else ", not read yet"
        return f"{long_date(record.responded_at)}{read}"

    def value_responded_at(self, record):
        return timezone.localdate(record.responded_at) if record.responded_at else "Not yet"


def levels_of_request(request):
    """Every level by which the partnership of the address may have judged."""
    slug = request.resolver_match.kwargs.get("slug")
    return AssuranceLevel.objects.filter(Q(partnership=None) | Q(partnership__slug=slug)).order_by("position", "pk")


class ScrutinyFilter(RecordFilter):
    search_fields = ("organisation__name",)

    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[
            (LEFT, "Left to judge"),
            (JUDGED, "Judged"),
            (NEW_EDITION, "Given again since they were judged"),
            (UNANSWERED, "Judged, organisation not told"),
        ],
        method="in_state",
    )
    level = django_filters.ModelChoiceFilter(
        label="Judgement", empty_label="Any judgement", queryset=levels_of_request, method="of_level"
    )

    def in_state(self, returns, _name, state):
        return returns.filter(NARROWED[state])

    def of_level(self, returns, _name, level):
        return returns.filter(level=level.pk)
