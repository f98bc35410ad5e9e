"""Lists of practice reviews and of the register of reviewers, for the case review group alone."""

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import DayColumn, PartnershipColumn, RecordFilter, RecordTable
from partnership.templatetags.components import days_late, icon, long_date
from reviews.lists import partnerships_of_cases
from reviews.models import PracticeReview, Reviewer, Theme

UNDER_WAY, ENDED = "under-way", "ended"


class ReviewTable(RecordTable):
    caption = "Practice reviews"
    reference = tables.Column("Reference", linkify=True)
    title = tables.Column("What it is about")
    kind = tables.Column("Kind")
    partnership = PartnershipColumn()
    begun_on = DayColumn("Decided on")
    next = tables.Column("Next", accessor="pk", orderable=False)

    def render_next(self, record):
        if record.ended_on:
            words = "Published then" if record.is_carried_over else "Ended"
            return format_html("{} {}", words, long_date(record.ended_on))
        if not record.next_title:
            return format_html('<span class="quiet">{}</span>', "Nothing with a clock")
        is_late = record.next_due_on < timezone.localdate()
        return format_html(
            '<span class="when{}">{}<small>{}<span>{}</span></small></span>',
            " late" if is_late else "",
            record.next_title,
            icon("late" if is_late else "date"),
            due_words(record, is_late),
        )

    def value_next(self, record):
        if record.ended_on:
            return f"Ended {long_date(record.ended_on)}"
        if not record.next_title:
            return ""
        return f"{record.next_title}. {due_words(record, record.next_due_on < timezone.localdate())}"


def due_words(review, is_late):
    if is_late:
        return f"Was due {long_date(review.next_due_on)}: {days_late(review.next_due_on, timezone.localdate())}"
    return f"By {long_date(review.next_due_on)}"


class ReviewFilter(RecordFilter):
    search_fields = ("reference", "title")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=partnerships_of_cases
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="Under way and ended",
        choices=[(UNDER_WAY, "Under way"), (ENDED, "Ended")],
        method="in_state",
    )
    kind = django_filters.ChoiceFilter(label="Kind", empty_label="Any kind", choices=PracticeReview.Kind.choices)
    theme = django_filters.ModelChoiceFilter(
        label="Theme", empty_label="Any theme", field_name="themes", queryset=Theme.objects.all()
    )

    def in_state(self, reviews, _name, state):
        return reviews.under_way() if state == UNDER_WAY else reviews.exclude(ended_on=None)


class ReviewerTable(RecordTable):
    caption = "Reviewers"
    name = tables.Column("Name", linkify=True)
    works_for = tables.Column("Works for")
    background = tables.Column("What they know", orderable=False)
    partnership = tables.Column("Register of", order_by="partnership__name")
    led_count = tables.Column("Reviews led")
    is_available = tables.Column("Can be asked")

    def render_works_for(self, value):
        return value

    def render_is_available(self, value):
        return "Yes" if value else "Not at present"

    def value_is_available(self, value):
        return "Yes" if value else "Not at present"


class ReviewerFilter(RecordFilter):
    search_fields = ("name", "background", "works_for")

    partnership = django_filters.ModelChoiceFilter(
        label="Register of", empty_label="Any partnership", queryset=partnerships_of_cases
    )
    is_available = django_filters.ChoiceFilter(
        label="Can be asked", empty_label="Yes or no", choices=[("1", "Yes"), ("0", "Not at present")]
    )

    class Meta:
        model = Reviewer
        fields = []
