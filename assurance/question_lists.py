"""Sets of questions as a list: the columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils.html import format_html

from assurance.models import QuestionSet
from partnership.lists import NumberColumn, RecordFilter, RecordTable, own_partnerships
from partnership.templatetags.components import long_date


class QuestionSetTable(RecordTable):
    """Needs ``question_count``."""

    caption = "Question sets"
    title = tables.Column("Set", linkify=True)
    partnership = tables.Column("Whose", order_by="partnership__name", empty_values=())
    about = tables.Column("What it is for", orderable=False)
    question_count = NumberColumn("Questions")
    retired_on = tables.Column("Offered", empty_values=())

    def render_partnership(self, record):
        return str(record.partnership) if record.partnership_id else "Everybody’s"

    def render_retired_on(self, record):
        if record.retired_on:
            return format_html('<span class="quiet">Not since {}</span>', long_date(record.retired_on))
        return "Yes"

    def value_retired_on(self, record):
        return f"Not since {long_date(record.retired_on)}" if record.retired_on else "Yes"


class QuestionSetFilter(RecordFilter):
    search_fields = ("title", "about", "questions__text")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any", queryset=own_partnerships, method="of_partnership"
    )
    state = django_filters.ChoiceFilter(
        label="Which", empty_label="All", choices=[("offered", "Offered"), ("retired", "Retired")], method="in_state"
    )

    class Meta:
        model = QuestionSet
        fields = []

    def of_partnership(self, sets, _name, partnership):
        """Its own and everybody's."""
        return sets.filter(Q(partnership=partnership) | Q(partnership=None))

    def in_state(self, sets, _name, state):
        return sets.filter(retired_on__isnull=state == "offered")
