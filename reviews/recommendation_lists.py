"""The register of recommendations: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from partnership.lists import DayColumn, RecordFilter, RecordTable, own_partnerships
from partnership.models import Organisation
from partnership.templatetags.components import days_late, icon, long_date, rating_tag
from reviews.models import ReCheck, Recommendation, Theme

LONGEST_TEXT = 160  # characters of a recommendation in its row; all of it in an export
NOWHERE, SOMEWHERE = "nowhere", "somewhere"
DUE, OVERDUE, NOT_PLANNED = "due", "overdue", "none"
RESTRICTED, SHARED = "restricted", "shared"


def shortened(text, most=LONGEST_TEXT):
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"


class RecommendationTable(RecordTable):
    caption = "Recommendations"
    text = tables.Column("Recommendation", orderable=False)
    source = tables.Column("From")
    known_on = DayColumn("Made")
    answer = tables.Column("Our answer", order_by=("answer", "answered_on"))
    is_planned = tables.Column("On a plan")
    evidence_count = tables.Column("Evidence")
    recheck_on = tables.Column("Re-check", empty_values=())
    judgement = tables.Column("Embedded?")

    def render_text(self, record):
        return format_html(
            '{}<a class="govuk-link" href="{}">{}{}</a>',
            format_html('<span class="restricted">{}</span> ', "Restricted") if record.is_restricted else "",
            record.get_absolute_url(),
            f"{record.ref} " if record.ref else "",
            shortened(record.text),
        )

    def value_text(self, record):
        restricted = "Restricted to the case review group. " if record.is_restricted else ""
        return f"{restricted}{record}"

    def render_source(self, record):
        return format_html('{}<br><span class="meta">{}</span>', *source_of(record))

    def value_source(self, record):
        return ": ".join(filter(None, source_of(record)))

    def render_answer(self, record):
        if record.answer == Recommendation.Answer.WAITING:
            return format_html('<span class="quiet">{}</span>', record.get_answer_display())
        return record.get_answer_display()

    def value_answer(self, record):
        return ": ".join(filter(None, [record.get_answer_display(), record.answer_because]))

    def render_is_planned(self, record):
        if not record.rows:
            return "" if record.is_declined else format_html('<span class="quiet">{}</span>', "Not yet")
        return format_html_join(
            "", '<p class="on-plan"><a class="govuk-link" href="{}">{}</a> {}</p>', self._rows(record)
        )

    def _rows(self, record):
        for action in record.rows:
            row = action.now
            state = "taken out" if action.taken_out else rating_tag(action.rating)
            yield row.get_absolute_url(), row.full_ref or shortened(row.title, 40), state

    def value_is_planned(self, record):
        return "\n".join(
            f"{action.now.priority.plan}, {action.now}: "
            + ("taken out" if action.taken_out else action.latest["word"] if action.latest else "not rated")
            for action in record.rows
        )

    def render_evidence_count(self, value):
        return {0: "", 1: "1 piece"}.get(value, f"{value} pieces")

    def value_evidence_count(self, value):
        return value

    def render_recheck_on(self, record):
        if not record.recheck_on or record.closed_on:
            return ""
        late = days_late(record.recheck_on, timezone.localdate())
        return format_html(
            '<span class="when{}">{}<small>{}<span>{}</span></small></span>',
            " late" if late else "",
            long_date(record.recheck_on),
            icon("late" if late else "date"),
            late or "Planned",
        )

    def value_recheck_on(self, record):
        return None if record.closed_on else record.recheck_on

    def render_judgement(self, value):
        return ReCheck.Judgement(value).label


def source_of(record):
    """(kind of source, which one) as this person may read it; ``origin`` is the group's alone."""
    return record.get_source_display(), " ".join(
        filter(None, [record.source_words, record.origin and f"({record.origin})"])
    )


def organisations_named(request):
    seen = Recommendation.objects.visible_to(request.user)
    return Organisation.objects.filter(
        pk__in=Recommendation.organisations.through.objects.filter(recommendation__in=seen.values("pk")).values(
            "organisation"
        )
    ).order_by("name")


def themes_in_use(request):
    return Theme.objects.filter(is_retired=False)


class RecommendationFilter(RecordFilter):
    # Never the case or the review: whoever found a released one by its reference would know where it comes from.
    search_fields = ("ref", "text", "source_title", "label", "measure", "answer_because")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )
    source = django_filters.ChoiceFilter(label="From", empty_label="Anywhere", choices=Recommendation.Source.choices)
    theme = django_filters.ModelChoiceFilter(
        label="Theme", empty_label="Any theme", queryset=themes_in_use, method="of_theme"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="For whom", empty_label="Anybody", queryset=organisations_named, method="for_organisation"
    )
    answer = django_filters.ChoiceFilter(
        label="Our answer", empty_label="Any answer", choices=Recommendation.Answer.choices
    )
    plan = django_filters.ChoiceFilter(
        label="On a plan",
        empty_label="Whether or not",
        choices=[(NOWHERE, "Nobody has put it on a plan"), (SOMEWHERE, "On a plan")],
        method="on_plan",
    )
    judgement = django_filters.ChoiceFilter(
        label="Embedded?", empty_label="Any judgement", choices=ReCheck.Judgement.choices
    )
    recheck = django_filters.ChoiceFilter(
        label="Re-check",
        empty_label="Any",
        choices=[(DUE, "Planned"), (OVERDUE, "Overdue"), (NOT_PLANNED, "None planned")],
        method="with_recheck",
    )
    year = django_filters.ChoiceFilter(label="Year", empty_label="Any year", method="of_year")
    shown_to = django_filters.ChoiceFilter(
        label="Who may read it",
        empty_label="All",
        choices=[(RESTRICTED, "The case review group alone"), (SHARED, "Every member")],
        method="in_sight_of",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request is not None and not self.request.user.standing.case_group_ids:
            del self.filters["shown_to"]
        this_year = timezone.localdate().year
        self.filters["year"].extra["choices"] = [
            (str(year), str(year)) for year in range(this_year, this_year - 12, -1)
        ]

    def of_theme(self, found, _name, theme):
        return found.filter(pk__in=Recommendation.themes.through.objects.filter(theme=theme).values("recommendation"))

    def for_organisation(self, found, _name, organisation):
        """What is for it by name, and what is for all of us."""
        named = Recommendation.organisations.through.objects
        is_for_it = Q(pk__in=named.filter(organisation=organisation).values("recommendation"))
        return found.filter(is_for_it | ~Q(pk__in=named.values("recommendation")))

    def on_plan(self, found, _name, where):
        if where == SOMEWHERE:
            return found.filter(is_planned=True)
        return found.filter(is_planned=False).exclude(answer=Recommendation.Answer.DECLINED)

    def with_recheck(self, found, _name, which):
        waiting = found.filter(closed_on=None)
        if which == NOT_PLANNED:
            return waiting.filter(recheck_on=None)
        if which == OVERDUE:
            return waiting.filter(recheck_on__lt=timezone.localdate())
        return waiting.exclude(recheck_on=None)

    def of_year(self, found, _name, year):
        return found.filter(known_on__year=year)

    def in_sight_of(self, found, _name, whom):
        return found.restricted() if whom == RESTRICTED else found.shared()
