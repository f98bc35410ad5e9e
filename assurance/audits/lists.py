"""The list of audits: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.utils.html import format_html

from assurance.models import Audit
from partnership.lists import DayColumn, PartnershipsColumn, RecordFilter, RecordTable, own_partnerships


class AuditTable(RecordTable):
    """Needs ``partnerships``, and the group and the audit before."""

    caption = "Audits"
    title = tables.Column("Theme", linkify=True)
    partnerships = PartnershipsColumn()
    group = tables.Column("Carried out by", accessor="group__name")
    state = tables.Column("How far it is", accessor="state", orderable=False)
    grades_due_on = DayColumn("Grades due")
    released_on = DayColumn("Told to members")
    re_audit_on = DayColumn("Look again")

    def render_title(self, record):
        again = format_html(' <span class="meta">Again</span>') if record.re_audit_of_id else ""
        return format_html("{}{}", record.title, again)

    def value_title(self, record):
        return f"{record.title} (again)" if record.re_audit_of_id else record.title

    def render_state(self, value):
        return value.label

    def value_state(self, value):
        return value.label


class AuditFilter(RecordFilter):
    search_fields = ("title", "question")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships, method="of_partnership"
    )
    state = django_filters.ChoiceFilter(
        label="How far it is", empty_label="Any", choices=Audit.State.choices, method="in_state"
    )

    def of_partnership(self, audits, _name, partnership):
        return audits.of_partnerships([partnership.pk])

    def in_state(self, audits, _name, state):
        return audits.in_state(state)
