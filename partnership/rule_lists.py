"""The lists of rule sets and of a set's rules, for everybody who is signed in."""

import django_filters
import django_tables2 as tables
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from partnership.lists import DayColumn, NumberColumn, RecordFilter, RecordTable
from partnership.models import Rule, RuleSet
from partnership.templatetags.components import icon, long_date

CLOCK, HEADING = "clock", Rule.Unit.HEADING.value
DUTY, RECIPIENT = Rule.Unit.DUTY.value, Rule.Unit.RECIPIENT.value
KINDS = [
    (CLOCK, "Clock"),
    (HEADING, "Heading of the yearly report"),
    (DUTY, "Duty for a plan"),
    (RECIPIENT, "Recipient of the yearly report"),
]
TO_BE_VERIFIED = "To be verified"
READ, UNREAD = "read", "unread"


def rule_sets_for_list(user):
    """With ``rule_count`` and ``unread_count``, those that count from the latest day first."""
    return (
        RuleSet.objects.visible_to(user)
        .select_related("partnership")
        .annotate(
            rule_count=Count("rules"),
            unread_count=Count("rules", filter=Q(rules__verified_on=None)),
        )
        .order_by("-audience", "-in_force_from", "-code")
    )


class RuleSetTable(RecordTable):
    caption = "Rule sets"
    title = tables.Column("Rule set", linkify=True)
    partnership = tables.Column("Whose", empty_values=(), accessor="partnership", order_by="partnership__name")
    audience = tables.Column("For")
    published_on = DayColumn("Published")
    in_force_from = DayColumn("Counts from", empty_values=())
    in_force_until = DayColumn("Until")
    rule_count = NumberColumn("Rules")
    unread_count = NumberColumn("To be verified")

    def render_partnership(self, value):
        return value or "Law and guidance"

    value_partnership = render_partnership

    def render_in_force_from(self, value, record):
        if record.is_own:
            return "When a report is started with it"
        return long_date(value) if value else format_html('<span class="late-text">{}</span>', "Not yet")

    def value_in_force_from(self, value):
        return value


class RuleSetFilter(RecordFilter):
    search_fields = ("title", "note", "rules__title", "rules__words", "rules__source")
    audience = django_filters.ChoiceFilter(label="For", empty_label="Everyone", choices=RuleSet.Audience.choices)


def rules_for_list(rule_set):
    """Clocks, headings, duties and recipients, each in their order; ``kind`` is one of ``KINDS``."""
    ranks = [
        When(unit__in=Rule.CLOCKS, then=Value(0)),
        When(unit=Rule.Unit.HEADING, then=Value(1)),
        When(unit=Rule.Unit.DUTY, then=Value(2)),
    ]
    return rule_set.rules.annotate(
        rank=Case(*ranks, default=Value(3), output_field=IntegerField()),
    ).order_by("rank", "position", "code")


class RuleTable(RecordTable):
    caption = "Rules"
    title = tables.Column("Rule")
    kind = tables.Column("Kind", accessor="rank", order_by="rank")
    span = tables.Column("When", empty_values=(), order_by=("unit", "number"))
    source = tables.Column("Where it stands")
    verified_on = DayColumn("Read there", empty_values=())
    change = tables.Column("Change", accessor="pk", orderable=False, exclude_from_export=True)

    def __init__(self, *args, may_change, is_own, **kwargs):
        self.is_own = is_own
        super().__init__(*args, **kwargs)
        if not may_change:
            self.columns.hide("change")

    def render_title(self, record):
        note = format_html('<br><span class="meta">{}</span>', record.words) if record.words else ""
        if record.evidence:
            note += format_html('<br><span class="meta">What counts as evidence: {}</span>', record.evidence)
        return format_html('<span id="rule-{}">{}</span>{}', record.pk, record.title, note)

    def value_title(self, record):
        evidence = f"What counts as evidence: {record.evidence}" if record.evidence else ""
        return ". ".join(filter(None, [record.title, record.words, evidence]))

    def render_kind(self, value):
        return KINDS[value][1]

    value_kind = render_kind

    def render_span(self, record):
        if record.is_clock:
            return record.span
        if record.unit == Rule.Unit.RECIPIENT and record.number:
            days = "1 day" if record.number == 1 else f"{record.number} days"
            return f"within {days} of {record.counted_from or 'publication'}"
        return record.counted_from

    value_span = render_span

    def render_verified_on(self, value):
        if value:
            return long_date(value)
        return format_html('<span class="late-text">{} {}</span>', icon("tbc"), TO_BE_VERIFIED)

    def value_verified_on(self, value):
        return value or TO_BE_VERIFIED

    def render_change(self, record):
        if self.is_own:
            return render_to_string("partnership/own_rule_acts.html", {"rule": record}, request=self.request)
        return format_html(
            '<a href="{}">Change<span class="govuk-visually-hidden"> {}</span></a>',
            reverse("partnership:rule-change", args=[record.pk]),
            record.title,
        )


class RuleFilter(RecordFilter):
    search_fields = ("title", "words", "evidence", "source", "counted_from")
    kind = django_filters.ChoiceFilter(label="Kind", empty_label="Any kind", choices=KINDS, method="of_kind")
    verified = django_filters.ChoiceFilter(
        label="Read there",
        empty_label="Read or not",
        choices=[(READ, "Read"), (UNREAD, TO_BE_VERIFIED)],
        method="is_read",
    )

    def of_kind(self, rules, _name, kind):
        return rules.filter(unit__in=Rule.CLOCKS) if kind == CLOCK else rules.filter(unit=kind)

    def is_read(self, rules, _name, verified):
        return rules.filter(verified_on__isnull=verified == UNREAD)


def in_words(count):
    """ "3 open dates"."""
    return f"{count} open date{'' if count == 1 else 's'}"
