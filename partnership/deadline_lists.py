"""The list of everything due: what comes from many tables, so its rows are a list and no queryset."""

from dataclasses import dataclass
from datetime import date

import django_filters
import django_tables2 as tables
from django.conf import settings
from django.utils.html import format_html

from partnership.calendars import ALL, MINE, OwnerNames, choices_of_whose, due_of, words_for_whose
from partnership.deadlines import with_rules
from partnership.lists import MOST_WORDS, UNBROKEN, DayColumn, RecordFilter, RecordTable, partnership_tags
from partnership.models import Partnership
from partnership.standing import standing_of
from partnership.templatetags.components import days_late, long_date

LATE, TO_COME = "late", "to-come"


@dataclass(frozen=True)
class Due:
    """One line of the list. ``late`` is "4 days late", or nothing."""

    key: str
    due_on: date
    late: str
    title: str
    url: str
    whose: str
    kind: str
    kind_word: str
    partnerships: tuple
    why: str

    @property
    def of(self):
        return ", ".join(each.name for each in self.partnerships)


class WhatIsDue:
    """What somebody may know is due, read when it is known what of it is asked for."""

    model = None  # a filter asks: it is of no one table

    def __init__(self, user, *, on):
        self.user, self.on = user, on

    def rows(self, whose, *, until=None):
        """Late first, then as it comes. ``whose`` as in ``calendars.due_of``."""
        standing = standing_of(self.user)
        due = with_rules(due_of(whose, standing, on=self.on, until=until))
        names = OwnerNames(due)
        partnerships = Partnership.objects.in_bulk({key for each in due for key in each.partnership_ids})
        return [
            Due(
                key=each.key,
                due_on=each.due_on,
                late=days_late(each.due_on, self.on),
                title=each.title,
                url=each.url_for(standing),
                whose=names.of(each),
                kind=each.kind,
                kind_word=each.key.partition(":")[0],
                partnerships=tuple(sorted(map(partnerships.get, each.partnership_ids), key=str)),
                why=each.why,
            )
            for each in due
        ]


class DeadlineTable(RecordTable):
    caption = "Everything due"
    title = tables.Column("What")
    due_on = DayColumn("Due")
    whose = tables.Column("Whose")
    kind = tables.Column("Kind")
    partnerships = tables.Column("Of", order_by="of", attrs=UNBROKEN)
    why = tables.Column("Why that day", visible=False)  # few dates are counted by a rule: on the page it stands below
    late = tables.Column("Late", visible=False)

    def render_title(self, record):
        link = format_html('<a class="govuk-link" href="{}">{}</a>', record.url, record.title)
        return format_html('{}<br><span class="meta">{}</span>', link, record.why) if record.why else link

    def value_title(self, record):
        return record.title

    def render_due_on(self, record):
        if not record.late:
            return long_date(record.due_on)
        return format_html('{}<br><span class="late-text">{}</span>', long_date(record.due_on), record.late)

    def value_due_on(self, record):
        return record.due_on

    def render_partnerships(self, value):
        return partnership_tags(value)

    def value_partnerships(self, record):
        return record.of


class DeadlineFilter(RecordFilter):
    """Narrows ``WhatIsDue`` to a list of its rows."""

    search_fields = ("title", "whose", "kind", "of", "why")

    whose = django_filters.ChoiceFilter(label="Whose", empty_label="Everything")
    kind = django_filters.ChoiceFilter(
        label="Kind",
        empty_label="All kinds",
        choices=[(word, words) for word, (words, _is_duty) in settings.DEADLINE_KINDS.items()],
    )
    when = django_filters.ChoiceFilter(
        label="When", empty_label="Late or to come", choices=[(LATE, "Late only"), (TO_COME, "To come only")]
    )
    first = django_filters.DateFilter(label="From")
    last = django_filters.DateFilter(label="To")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = words_for_whose(self.request.user)
        self.filters["whose"].extra["choices"] = [(MINE, "Mine"), *choices_of_whose(self.found)]

    @property
    def qs(self):
        self.is_valid()
        asked = self.form.cleaned_data if self.is_bound else {}
        whose = asked.get("whose") or ALL
        rows = self.queryset.rows(self.found.get(whose, whose), until=asked.get("last"))
        return [row for row in rows if self._fits(row, asked)]

    def _fits(self, row, asked):
        kind, when, first = asked.get("kind"), asked.get("when"), asked.get("first")
        return (
            (not kind or row.kind_word == kind)
            and (not when or bool(row.late) == (when == LATE))
            and (not first or row.due_on >= first)
            and self._has_words(row, asked.get("words"))
        )

    def _has_words(self, row, words):
        """Every word somewhere in ``search_fields``."""
        if not words:
            return True
        text = " ".join(getattr(row, field) for field in self.search_fields).casefold()
        return all(word in text for word in words.casefold().split()[:MOST_WORDS])
