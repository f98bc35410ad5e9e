"""The list of comments on a draft of the annual report: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html

from assurance.models import ConsultationComment
from partnership.lists import CommentedColumn, MomentColumn, RecordFilter, RecordTable, WordsColumn
from partnership.models import Organisation

Result = ConsultationComment.Result


class CommentTable(RecordTable):
    """Needs ``for_list``. ``may_answer``: whoever reads it answers comments; ``may_change``: keys of one's own."""

    caption = "Comments on the draft and what was done"
    about = tables.Column("About", order_by=("section__position", "made_at"))
    words = WordsColumn("Comment", orderable=False)
    said_by = tables.Column("From")
    organisation = tables.Column("For", accessor="organisation__name", visible=False)
    made_at = CommentedColumn("Made")
    result = tables.Column("What was done", empty_values=())
    answer = tables.Column("Answer", visible=False)
    answered_by = tables.Column("Answered by", accessor="answered_by__name", visible=False)
    answered_at = MomentColumn("Answered", visible=False)

    def __init__(self, *args, may_answer=False, may_change=frozenset(), **kwargs):
        super().__init__(*args, **kwargs)
        self.may_answer, self.may_change = may_answer, may_change

    def render_about(self, record):
        return format_html('<span id="comment-{}">{}</span>', record.pk, record.about)

    def value_about(self, record):
        return record.about

    def render_result(self, record):
        context = {
            "comment": record,
            "may_answer": self.may_answer,
            "may_change": record.pk in self.may_change and not record.answered_at,
        }
        return render_to_string("assurance/comment_done.html", context, request=self.request)

    def value_result(self, record):
        return record.get_result_display() if record.answered_at else "Not answered yet"


class CommentExport(CommentTable):
    """The same with who answered and for whom it was said, for a spreadsheet."""

    organisation = tables.Column("For", accessor="organisation__name")
    answer = tables.Column("Answer")
    answered_by = tables.Column("Answered by", accessor="answered_by__name")
    answered_at = MomentColumn("Answered")


class CommentFilter(RecordFilter):
    """``consultation`` is the one whose comments they are."""

    search_fields = ("words", "said_by", "answer")

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
    result = django_filters.ChoiceFilter(label="What was done", empty_label="Anything", choices=Result.choices)

    class Meta:
        model = ConsultationComment
        fields = ["words", "answered", "about", "organisation", "result"]

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["about"].extra["choices"] = [
            ("whole", "The whole report"),
            *[(str(each.pk), f"{each.position}. {each.title}"[:60]) for each in consultation.report.sections.all()],
            ("removed", "A heading that was removed since"),
        ]
        said_for = consultation.comments.visible_to(self.request.user).values("organisation")
        self.filters["organisation"].queryset = Organisation.objects.filter(pk__in=said_for).order_by("name")

    def that_are_answered(self, comments, _name, answered):
        return comments.filter(answered_at__isnull=answered == "no")

    def that_are_about(self, comments, _name, about):
        if about in ("whole", "removed"):
            gone = comments.filter(section=None)
            return gone.filter(heading="") if about == "whole" else gone.exclude(heading="")
        return comments.filter(section=about)
