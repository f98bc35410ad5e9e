"""The register of voices as a list: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from assurance.models import VoiceEntry
from assurance.models.timetable import first_of_quarter, quarter_after
from assurance.models.voice import STAGES
from assurance.timetable import name_of_quarter
from assurance.voices import known_priorities
from partnership.lists import DayColumn, NumberColumn, PartnershipsColumn, RecordFilter, RecordTable, own_partnerships
from partnership.models import Group, Organisation
from partnership.templatetags.components import long_date

QUARTERS = 12
NOT_YET = mark_safe('<span class="quiet">Not said yet</span>')
UNANSWERED, NO_CHANGE = "unanswered", "no-change"


def heard_words(entry):
    """ "14 people, a survey, 12 November 2026"."""
    count = entry.people_count
    people = f"{count} {'person' if count == 1 else 'people'}, " if count else ""
    return f"{people}{entry.get_how_display().lower()}, {long_date(entry.heard_on)}"


class VoiceTable(RecordTable):
    """What was said, done and changed stand beside each other; the rest is for an export. Needs ``entries_of``."""

    caption = "Who was heard, what they said, what was done, what changed"
    who = tables.Column("Who was heard", order_by="-heard_on")
    said = tables.Column("They said", orderable=False)
    did = tables.Column("We did", orderable=False, empty_values=())
    changed = tables.Column("What changed", orderable=False, empty_values=())
    priorities = tables.Column("Priorities", accessor="shown_priorities", orderable=False, empty_values=())
    stage = tables.Column("How far it is", visible=False, accessor="stage_words")
    people = tables.Column("Whose voice", visible=False)
    people_count = NumberColumn("How many", visible=False)
    how = tables.Column("How", visible=False)
    heard_on = DayColumn("Heard", visible=False)
    organisation = tables.Column("Who listened", visible=False)
    group = tables.Column("For which group", visible=False)
    did_on = DayColumn("Done", visible=False)
    changed_on = DayColumn("Seen to have changed", visible=False)
    partnerships = PartnershipsColumn(visible=False)
    is_public = tables.Column("Public", visible=False)

    def render_who(self, record):
        return format_html(
            '<a href="{}">{}</a><br><span class="small meta voice-facts">{}</span>{}',
            record.get_absolute_url(),
            record.who,
            heard_words(record),
            mark_safe('<br><span class="small">Public</span>') if record.is_public else "",
        )

    def value_who(self, record):
        return record.who

    def render_said(self, value):
        return format_html('<span class="voice-words">{}</span>', value)

    def value_said(self, value):
        return value

    def render_did(self, record):
        if record.did:
            return format_html('<span class="voice-words">{}</span>', record.did)
        if record.not_done_because:
            return format_html(
                '<strong>Nothing, because:</strong> <span class="voice-words">{}</span>', record.not_done_because
            )
        if record.pk in self.late_ids:
            return mark_safe('<span class="late-text">Nobody has said what was done</span>')
        return NOT_YET

    def value_did(self, record):
        return record.did or (f"Nothing, because: {record.not_done_because}" if record.not_done_because else "")

    def render_changed(self, record):
        if record.changed:
            return format_html('<span class="voice-words">{}</span>', record.changed)
        return NOT_YET if record.did else ""

    def value_changed(self, record):
        return record.changed

    def render_priorities(self, record):
        return ", ".join(map(str, record.shown_priorities))

    def value_priorities(self, record):
        return self.render_priorities(record)

    def value_people_count(self, value):
        return value or ""

    @property
    def late_ids(self):
        """The entries without an answer for too long; asked once for the whole page."""
        if not hasattr(self, "_late_ids"):
            late = VoiceEntry.objects.visible_to(self.request.user).unanswered(on=timezone.localdate())
            self._late_ids = set(late.values_list("pk", flat=True))
        return self._late_ids


def priorities_named(request):
    used = VoiceEntry.objects.visible_to(request.user).values("priorities")
    is_used = Q(pk__in=used) | Q(carried_from__in=used) | Q(carried_from__carried_from__in=used)
    known = known_priorities(request.user).filter(is_used)
    return known.select_related("plan").order_by("-plan__starts_on", "plan", "position")


def organisations_that_listened(request):
    return Organisation.objects.filter(pk__in=VoiceEntry.objects.visible_to(request.user).values("organisation"))


def groups_that_listened(request):
    return Group.objects.filter(pk__in=VoiceEntry.objects.visible_to(request.user).values("group"))


def quarters():
    """The quarters of three years, this one first."""
    now = first_of_quarter(timezone.localdate())
    days = [quarter_after(now, -n) for n in range(QUARTERS)]
    return [(day.isoformat(), name_of_quarter(day)) for day in days]


class PriorityFilter(django_filters.ModelChoiceFilter):
    @property
    def field(self):
        field = super().field
        field.label_from_instance = lambda priority: f"{priority.plan}: {priority}"
        return field


class VoiceFilter(RecordFilter):
    search_fields = ("who", "said", "did", "not_done_because", "changed")

    stage = django_filters.ChoiceFilter(
        label="How far it is",
        empty_label="All",
        choices=[
            *STAGES.items(),
            (UNANSWERED, "Without an answer for too long"),
            (NO_CHANGE, "Done long ago, no change told"),
        ],
        method="at_stage",
    )
    priority = PriorityFilter(
        label="Priority", empty_label="Any priority", queryset=priorities_named, method="of_priority"
    )
    people = django_filters.ChoiceFilter(
        label="Whose voice", empty_label="Anybody’s", choices=VoiceEntry.People.choices
    )
    how = django_filters.ChoiceFilter(label="How", empty_label="Any way", choices=VoiceEntry.How.choices)
    organisation = django_filters.ModelChoiceFilter(
        label="Who listened", empty_label="Any organisation", queryset=organisations_that_listened
    )
    group = django_filters.ModelChoiceFilter(
        label="For which group", empty_label="Any group", queryset=groups_that_listened
    )
    quarter = django_filters.ChoiceFilter(
        label="Quarter", empty_label="Any quarter", choices=quarters, method="in_quarter"
    )
    public = django_filters.ChoiceFilter(
        label="Public",
        empty_label="Public or not",
        choices=[("yes", "Public"), ("no", "Not public")],
        method="is_told",
    )
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships, method="of_partnership"
    )

    def at_stage(self, entries, _name, stage):
        today = timezone.localdate()
        if stage == UNANSWERED:
            return entries.unanswered(on=today)
        return entries.without_change(on=today) if stage == NO_CHANGE else entries.at_stage(stage)

    def of_priority(self, entries, _name, priority):
        return entries.of_priorities([priority])

    def in_quarter(self, entries, _name, day):
        first = parse_date(day)
        return entries.filter(heard_on__gte=first, heard_on__lt=quarter_after(first))

    def is_told(self, entries, _name, wanted):
        return entries.filter(is_public=wanted == "yes")

    def of_partnership(self, entries, _name, partnership):
        return entries.of_partnerships([partnership.pk])
