"""Lists of briefings and of learning points: their columns and what they can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils.html import format_html

from partnership.lists import DayColumn, PartnershipColumn, RecordFilter, RecordTable, own_partnerships
from partnership.templatetags.components import long_date, sentence_join
from reviews.models import Theme

PUBLISHED, DRAFT = "published", "draft"
RELEASED, HELD_BACK = "released", "held-back"


class BriefingTable(RecordTable):
    caption = "Briefings"
    title = tables.Column("Briefing", linkify=True)
    partnership = PartnershipColumn()
    published_at = tables.Column("Published", empty_values=())
    readers = tables.Column("Who can read it", accessor="is_public", orderable=False)

    def render_published_at(self, record):
        edition = f"edition {record.edition}" if record.edition > 1 else ""
        if record.is_published:
            return ", ".join(filter(None, [long_date(record.published_at), edition]))
        return format_html(
            '<span class="govuk-tag govuk-tag--grey">{}</span>', f"Draft of {edition}" if edition else "Draft"
        )

    def value_published_at(self, record):
        return record.published_at

    def render_readers(self, record):
        if record.is_restricted:
            return "The case review group"
        if not record.is_published:
            return "Those who write it"
        return "Everyone" if record.is_public else "People of the partnership"


class BriefingFilter(RecordFilter):
    search_fields = ("title", "background", "happened", "learning", "practice", "reflection")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="Published and drafts",
        choices=[(PUBLISHED, "Published"), (DRAFT, "Drafts")],
        method="in_state",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        standing = self.request.user.standing if self.request else None
        if standing and not standing.office_ids | standing.case_group_ids:
            del self.filters["state"]  # nobody else reads a draft

    def in_state(self, briefings, _name, state):
        return briefings.filter(published_at__isnull=state == DRAFT)


class LearningTable(RecordTable):
    caption = "Learning points"
    text = tables.Column("What we learned", linkify=True)
    source = tables.Column("From", accessor="pk", orderable=False)
    themes = tables.Column("Themes", orderable=False)
    known_on = DayColumn("Since")
    partnership = PartnershipColumn()

    def render_source(self, record):
        if record.is_restricted:
            return format_html('{} <span class="govuk-tag govuk-tag--grey">{}</span>', record.origin, "Not released")
        return f"{record.source_words} ({record.origin})" if record.origin else record.source_words

    def value_source(self, record):
        return record.origin if record.is_restricted else record.source_words

    def render_themes(self, value):
        return sentence_join(value.all())


class LearningFilter(RecordFilter):
    search_fields = ("text", "source_title", "label")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )
    themes = django_filters.ModelChoiceFilter(
        label="Theme", empty_label="Any theme", queryset=lambda request: Theme.objects.all()
    )
    year = django_filters.NumberFilter(label="Year it begins in", method="in_year", max_value=9999, min_value=1900)
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[(RELEASED, "Everybody may read"), (HELD_BACK, "Not released yet")],
        method="in_state",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request is not None and not self.request.user.standing.case_group_ids:
            del self.filters["state"]  # nobody else reads what is not released

    @property
    def form(self):
        form = super().form
        form.fields["year"].widget.attrs |= {"class": "govuk-input govuk-input--width-4", "inputmode": "numeric"}
        return form

    def in_year(self, points, _name, year):
        year = int(year)
        return points.filter(known_on__range=(f"{year}-04-01", f"{year + 1}-03-31"))

    def in_state(self, points, _name, state):
        is_free = Q(case=None, review=None) | Q(released_on__isnull=False)
        return points.filter(is_free) if state == RELEASED else points.exclude(is_free)
