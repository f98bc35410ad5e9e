"""The list of who has answered in a round: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Subquery
from django.utils.html import format_html, format_html_join

from partnership.lists import RecordFilter, RecordTable
from partnership.templatetags.components import long_date, rating_tag, sentence_join
from plans.models import Update

ANSWERED, SILENT, LATE, NOBODY = "answered", "silent", "late", "nobody"
STATES = [
    (SILENT, "Not answered"),
    (ANSWERED, "Answered"),
    (LATE, "Answered late"),
    (NOBODY, "Nobody who can be asked"),
]


def with_answers(deliverables, round):
    """Annotate ``answered_at`` and ``rating_position`` of the current update in the round."""
    updates = Update.objects.current().filter(deliverable=OuterRef("pk"), round=round)
    return deliverables.annotate(
        answered_at=Subquery(updates.values("submitted_at")[:1]),
        rating_position=Subquery(updates.values("rating__position")[:1]),
        is_late=Exists(updates.filter(is_late=True)),
    )


class AnswerTable(RecordTable):
    """Needs ``with_answers`` and ``who`` (Responders)."""

    caption = "Who has answered"
    title = tables.Column("Deliverable", linkify=True, order_by=("priority__position", "position"))
    leads = tables.Column("Lead", orderable=False, empty_values=())
    people = tables.Column("Who answers today", orderable=False, empty_values=())
    answered_at = tables.Column("Answered", empty_values=())
    rating = tables.Column("Rating", order_by="rating_position", empty_values=())

    def __init__(self, *args, who, **kwargs):
        self.who = who
        super().__init__(*args, **kwargs)

    def line_of(self, record):
        return self.who.by_key[record.pk]

    def render_title(self, record):
        return str(record)

    def value_title(self, record):
        return str(record)

    def render_leads(self, record):
        names = ((str(lead),) for lead in self.line_of(record).deliverable.leads.all())
        return format_html_join("", '<span class="lead">{}</span>', names)

    def value_leads(self, record):
        return "; ".join(str(lead) for lead in self.line_of(record).deliverable.leads.all())

    def render_people(self, record):
        line = self.line_of(record)
        people = ((each.user.name,) for each in line.people.values())
        missing = ((words,) for words in line.missing)
        return format_html(
            "{}{}",
            format_html_join("", '<span class="lead">{}</span>', people),
            format_html_join("", '<span class="lead quiet">{}</span>', missing),
        )

    def value_people(self, record):
        line = self.line_of(record)
        return "; ".join([*(each.user.name for each in line.people.values()), *line.missing])

    def render_answered_at(self, record):
        update = self.line_of(record).update
        if update is None:
            return format_html('<span class="quiet">{}</span>', "Not answered")
        late = format_html(' <span class="late">{}</span>', "Late") if update.is_late else ""
        return format_html(
            '<span class="nowrap">{}</span>{}<span class="lead meta">{}</span>',
            when(update),
            late,
            by_words(update, record, self),
        )

    def value_answered_at(self, record):
        update = self.line_of(record).update
        if update is None:
            return "Not answered"
        return f"{when(update)}{', late' if update.is_late else ''}, {by_words(update, record, self)}"

    def render_rating(self, record):
        update = self.line_of(record).update
        return rating_tag(update.rating) if update else ""

    def value_rating(self, record):
        update = self.line_of(record).update
        return update.rating.word if update else ""


def when(update):
    return long_date(update.submitted_at)


def by_words(update, record, table):
    """ "by Delia Marchetti"; of one that came in a document, on whose behalf."""
    if update.came_by != Update.Way.IMPORT:
        return f"by {update.submitted_by}"
    leads = sentence_join([str(lead) for lead in table.line_of(record).deliverable.leads.all()])
    return f"read from a document by {update.submitted_by}" + (f" on behalf of {leads}" if leads else "")


class AnswerFilter(RecordFilter):
    """Needs ``who`` (Responders): groups and people are those of the round."""

    search_fields = ("title", "ref", "leads__text")

    state = django_filters.ChoiceFilter(label="Answer", empty_label="Any", choices=STATES, method="in_state")
    circle = django_filters.ChoiceFilter(label="Group or organisation", empty_label="Any", method="of_circle")
    person = django_filters.ChoiceFilter(label="Person", empty_label="Anybody", method="of_person")

    def __init__(self, *args, who, **kwargs):
        self.who = who
        super().__init__(*args, **kwargs)
        by_name = sorted(who.by_circle(), key=lambda each: each.name)
        self.filters["circle"].extra["choices"] = [(each.key, each.name) for each in by_name]
        people = sorted(who.by_person(), key=lambda each: each.name)
        self.filters["person"].extra["choices"] = [(each.key, each.name) for each in people]

    def in_state(self, rows, _name, state):
        keep = {
            ANSWERED: lambda line: not line.is_silent,
            SILENT: lambda line: line.is_silent,
            LATE: lambda line: line.update and line.update.is_late,
            NOBODY: lambda line: line.is_silent and not line.answerers,
        }[state]
        return rows.filter(pk__in=[line.key for line in self.who.lines if keep(line)])

    def of_circle(self, rows, _name, circle):
        return rows.filter(pk__in=[line.key for line in self.who.lines if circle in line.circles])

    def of_person(self, rows, _name, person):
        return rows.filter(pk__in=[line.key for line in self.who.lines if person in line.person_keys])
