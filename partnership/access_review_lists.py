"""The lines of a review of access: their columns, and what narrows them."""

import django_filters
import django_tables2 as tables
from django.utils.html import format_html, format_html_join

from partnership.accounts.reviewing import cannot_answer
from partnership.lists import MomentColumn, RecordFilter, RecordTable
from partnership.models import AccessReviewLine

STEP = [("yes", "Set up"), ("no", "None")]
CAME = [("yes", "At least once"), ("no", "Never")]


class AccessLineTable(RecordTable):
    user = tables.Column("Who", order_by="user__name")
    posts = tables.Column("Holds", orderable=False)
    last_signed_in_at = MomentColumn("Last signed in", empty_values=())
    has_second_step = tables.Column("Second step")
    decision = tables.Column("Answer", empty_values=())
    note = tables.Column("In words", orderable=False)

    class Meta(RecordTable.Meta):
        caption = "People in this review"
        sequence = ("user", "posts", "last_signed_in_at", "has_second_step", "decision", "note")

    def __init__(self, *args, review, reader, office, **kwargs):
        super().__init__(*args, **kwargs)
        self.review, self.reader, self.office = review, reader, office

    def render_user(self, record):
        name = format_html('<a href="{}">{}</a>', record.user.get_absolute_url(), record.user)
        if self.review.closed_at or cannot_answer(record, self.reader, office=self.office):
            return name
        return format_html(
            '<span class="tick"><input type="checkbox" name="line" value="{}" id="line-{}" form="answer"'
            ' aria-label="{}"> {}</span>',
            record.pk,
            record.pk,
            record.user.name,
            name,
        )

    def value_user(self, record):
        return record.user.name

    def render_posts(self, value):
        return format_html_join("", '<span class="lead">{}</span>', ((each,) for each in value.split("\n")))

    def value_posts(self, value):
        return value

    def render_last_signed_in_at(self, record):
        if record.last_signed_in_at is None:
            return format_html('<span class="late-text">{}</span>', "Never")
        return MomentColumn().render(record.last_signed_in_at)

    def value_last_signed_in_at(self, record):
        return record.last_signed_in_at

    def render_has_second_step(self, value):
        return "Set up" if value else "None"

    value_has_second_step = render_has_second_step

    def render_decision(self, record):
        if record.decision:
            return format_html('{} <span class="meta">by {}</span>', record.get_decision_display(), record.decided_by)
        return format_html('{} <span class="meta">{}</span>', record.get_decision_display(), self.why_not(record))

    def why_not(self, record):
        return "" if self.review.closed_at else cannot_answer(record, self.reader, office=self.office)

    def value_decision(self, record):
        by = f" by {record.decided_by}" if record.decided_by else ""
        return f"{record.get_decision_display()}{by}"


class AccessLineFilter(RecordFilter):
    search_fields = ("user__name", "posts", "note")

    answer = django_filters.ChoiceFilter(
        label="Answer",
        empty_label="Any",
        choices=[("open", "Not looked at yet"), *[each for each in AccessReviewLine.Decision.choices if each[0]]],
        method="by_answer",
    )
    came = django_filters.ChoiceFilter(label="Signed in", empty_label="Either", choices=CAME, method="by_coming")
    step = django_filters.ChoiceFilter(label="Second step", empty_label="Either", choices=STEP, method="by_step")

    class Meta:
        model = AccessReviewLine
        fields = []

    def by_answer(self, queryset, name, answer):
        return queryset.filter(decision="" if answer == "open" else answer)

    def by_coming(self, queryset, name, answer):
        return queryset.filter(last_signed_in_at__isnull=answer == "no")

    def by_step(self, queryset, name, answer):
        return queryset.filter(has_second_step=answer == "yes")
