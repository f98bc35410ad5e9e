"""What the independent advisor looked at, as a list: its columns and what it can be narrowed to."""

from datetime import date, timedelta

import django_filters
import django_tables2 as tables
from django.template.defaultfilters import linebreaks_filter
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from assurance.models import AdvisorNote
from assurance.models.timetable import FIRST_MONTH, year_of
from partnership.lists import DayColumn, RecordFilter, RecordTable, own_partnerships
from partnership.models import Organisation
from partnership.templatetags.components import days_late, long_date

YEARS_BACK = 6


class WordsColumn(tables.Column):
    """What somebody wrote, with its paragraphs."""

    def render(self, value):
        return linebreaks_filter(value)

    def value(self, value):
        return value


class AdvisorNoteTable(RecordTable):
    """Needs ``for_pages``. What is asked stands with its answer; an export has a column for each."""

    caption = "What the independent advisor looked at"
    looked_at = tables.Column("What was looked at")
    said = WordsColumn("What was said", orderable=False)
    asked = tables.Column("Asked and answered", order_by="answer_due_on", empty_values=())
    difference = WordsColumn("Difference it made", orderable=False)
    looked_on = DayColumn("When", visible=False)
    kind = tables.Column("How", visible=False)
    put_to = tables.Column("Asked of", visible=False, orderable=False)
    answer_due_on = DayColumn("Answer asked by", visible=False)
    answer = tables.Column("Answer", visible=False)
    answered_on = DayColumn("Answered", visible=False)
    closed_on = DayColumn("Closed", visible=False)

    def render_looked_at(self, record):
        shared = "" if record.shared_on else mark_safe("<br>Not shared with members")
        return format_html(
            '<a href="{}">{}</a><br><span class="meta govuk-!-font-weight-regular">{}. {}{}</span>',
            record.get_absolute_url(),
            record.looked_at,
            long_date(record.looked_on),
            record.get_kind_display(),
            shared,
        )

    def value_looked_at(self, record):
        return record.looked_at

    def render_asked(self, record):
        if not record.asked:
            return format_html('<span class="quiet">{}</span>', "Nothing was asked")
        asked = linebreaks_filter(record.asked)
        return format_html('{}<p class="meta">{}</p>{}', asked, *self.reply(record))

    def reply(self, record):
        """(of whom it is asked, and by when or since when; the answer)."""
        if record.challenge_id:
            return f"{record.put_to}. It is a challenge now, {record.challenge.ref}", ""
        if record.answered_on:
            answered = f"{record.put_to}, answered on {long_date(record.answered_on)}"
            return answered, linebreaks_filter(record.answer)
        late = "" if record.closed_on else days_late(record.answer_due_on, timezone.localdate())
        waiting = format_html("{}, asked by {}", record.put_to, long_date(record.answer_due_on))
        return waiting, format_html('<p class="late-text">Not answered, {}</p>', late) if late else ""

    def value_asked(self, record):
        return record.asked


def years(request=None):
    """Plan years, from this one back: ("2026", "2026 to 2027")."""
    this = year_of(timezone.localdate())
    return [(str(year), f"{year} to {year + 1}") for year in range(this, this - YEARS_BACK, -1)]


def organisations_asked(request):
    """The organisations of which something is asked in what this person may see."""
    asked = AdvisorNote.objects.visible_to(request.user).exclude(to_organisation=None).values("to_organisation")
    return Organisation.objects.filter(pk__in=asked).order_by("name")


class AdvisorNoteFilter(RecordFilter):
    search_fields = ("looked_at", "said", "asked", "answer", "difference")

    WAITING, LATE, ANSWERED, OPEN, CLOSED = "waiting", "late", "answered", "open", "closed"

    year = django_filters.ChoiceFilter(label="Year", empty_label="Every year", choices=years, method="in_year")
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )
    kind = django_filters.ChoiceFilter(label="How", empty_label="Any way", choices=AdvisorNote.Kind)
    organisation = django_filters.ModelChoiceFilter(
        label="Asked of", empty_label="Anybody", queryset=organisations_asked, field_name="to_organisation"
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[
            (WAITING, "Waiting for an answer"),
            (LATE, "Not answered in time"),
            (ANSWERED, "Answered, to be read"),
            (OPEN, "Open"),
            (CLOSED, "Closed"),
        ],
        method="in_state",
    )

    @property
    def days(self):
        """(the first, the last day) of the year that it is narrowed to; two None where it is not."""
        year = self.form.cleaned_data.get("year") if self.is_bound and self.form.is_valid() else ""
        return first_and_last(int(year)) if year else (None, None)

    def in_year(self, notes, _name, year):
        first, last = first_and_last(int(year))
        return notes.filter(looked_on__range=(first, last))

    def in_state(self, notes, _name, state):
        if state == self.LATE:
            return notes.unanswered(on=timezone.localdate())
        if state == self.CLOSED:
            return notes.exclude(closed_on=None)
        return {self.WAITING: notes.waiting, self.ANSWERED: notes.answered, self.OPEN: notes.open}[state]()


def first_and_last(year):
    """The first and the last day of the plan year that begins in ``year``."""
    return date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1) - timedelta(days=1)
