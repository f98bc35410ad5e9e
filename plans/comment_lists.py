"""The list of comments on a plan: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from partnership.lists import CommentedColumn, MomentColumn, RecordFilter, RecordTable, WordsColumn, in_paragraphs
from partnership.models import Organisation
from partnership.templatetags.components import long_date
from plans.models import PlanComment


class CommentTable(RecordTable):
    """Needs ``for_list``. ``may_answer``: whoever reads it answers comments."""

    caption = "Comments on the plan and what became of them"
    about = tables.Column("About", order_by=("deliverable", "priority", "made_at"))
    text = WordsColumn("Comment", orderable=False)
    made_by = tables.Column("From", accessor="made_by__name")
    organisation = tables.Column("For", accessor="organisation__name", visible=False)
    made_at = CommentedColumn("Made")
    version = tables.Column("On version", accessor="version__number", visible=False)
    outcome = tables.Column("What became of it", empty_values=())
    answer = tables.Column("Answer", visible=False)
    answered_by = tables.Column("Answered by", accessor="answered_by__name", visible=False)
    answered_at = MomentColumn("Answered", visible=False)

    def __init__(self, *args, may_answer=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_answer = may_answer

    def render_about(self, record):
        return format_html(
            '<a class="govuk-link" id="comment-{}" href="{}">{}</a>', record.pk, record.place_url, record.about
        )

    def value_about(self, record):
        return record.about

    def render_made_by(self, record):
        if record.organisation:
            return format_html('{}<br><span class="quiet">for {}</span>', record.made_by, record.organisation)
        return str(record.made_by)

    def value_made_by(self, record):
        return str(record.made_by)

    def render_outcome(self, record):
        url = reverse("plans:comment-answer", args=[record.pk])
        about = format_html(
            '<span class="govuk-visually-hidden"> the comment of {} on {}</span>', record.made_by, record.about
        )
        if not record.answered_at:
            link = format_html('<a class="govuk-link" href="{}">Answer{}</a>', url, about)
            return format_html("{}", link) if self.may_answer else "Not answered yet"
        change = format_html('<a class="govuk-link" href="{}">Change the answer{}</a>', url, about)
        return format_html(
            '<strong>{}</strong>{}<span class="quiet">{}, {}</span> {}',
            record.get_outcome_display(),
            in_paragraphs(record.answer),
            record.answered_by,
            long_date(record.answered_at),
            change if self.may_answer else "",
        )

    def value_outcome(self, record):
        return record.get_outcome_display() if record.answered_at else "Not answered yet"


class CommentFilter(RecordFilter):
    """``plan`` is the plan whose comments they are."""

    search_fields = ("text", "about", "answer", "made_by__name")

    answered = django_filters.ChoiceFilter(
        label="Answered",
        empty_label="Answered or not",
        choices=[("no", "Not answered yet"), ("yes", "Answered")],
        method="that_are_answered",
    )
    about = django_filters.ChoiceFilter(label="About", empty_label="Anything", method="that_are_about")
    organisation = django_filters.ModelChoiceFilter(
        label="For", empty_label="Anyone", queryset=Organisation.objects.none()
    )

    class Meta:
        model = PlanComment
        fields = ["words", "answered", "about", "organisation"]

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["about"].extra["choices"] = [
            ("plan", "The whole plan"),
            *[(str(each.pk), str(each)[:60]) for each in plan.priorities.order_by("position", "pk")],
        ]
        said_for = plan.comments.values("organisation")
        self.filters["organisation"].queryset = Organisation.objects.filter(pk__in=said_for).order_by("name")

    def that_are_answered(self, comments, _name, answered):
        return comments.filter(answered_at__isnull=answered == "no")

    def that_are_about(self, comments, _name, about):
        """On the plan as a whole, or on a priority and its rows."""
        if about == "plan":
            return comments.filter(priority=None, deliverable=None)
        return comments.filter(priority=about) | comments.filter(deliverable__priority=about)
