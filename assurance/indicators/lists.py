"""The register as a list: what stands, which way it moved, what is late."""

import django_filters
import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

from assurance.indicators import stale
from assurance.indicators.charts import spark_of
from assurance.indicators.comments import unexplained_of
from assurance.indicators.moves import WORDS, judged_series, judgement_of
from assurance.indicators.small_numbers import figures_of
from assurance.indicators.words import number, short_period
from assurance.models import Indicator
from partnership.lists import RecordFilter, RecordTable, own_partnerships
from partnership.models import Organisation
from partnership.standing import standing_of
from plans.models import Priority

HIDDEN = "Hidden"
BADLY_WORDED = {"concern": "late-text"}


class Known:
    """What the figures of many indicators come to for one person: read once, when it is first asked for."""

    def __init__(self, indicators, user):
        self.indicators, self.user = indicators, user
        self._figures = None

    def figures(self, indicator):
        if self._figures is None:
            self._figures = figures_of(self.indicators, self.user)
        return self._figures.get(indicator.pk, [])

    def newest(self, indicator):
        """The newest figure of the whole, or of the first area; None without any."""
        found = judged_series(indicator, self.figures(indicator))
        return found[0].figures[-1] if found else None

    def judgement(self, indicator):
        return judgement_of(indicator, self.figures(indicator))


def known_of(request):
    """``Known`` of all indicators that whoever asks may see; the same one throughout a request."""
    if not hasattr(request, "known_figures"):
        request.known_figures = Known(Indicator.objects.visible_to(request.user), request.user)
    return request.known_figures


class IndicatorTable(RecordTable):
    """Needs ``with_next_figure`` and ``select_related("owner")``."""

    caption = "Indicators"
    title = tables.Column("Indicator", linkify=True, order_by=("ref", "title"))
    owner = tables.Column("Answers for it", order_by="owner__name")
    newest = tables.Column("Newest figure", empty_values=(), orderable=False)
    movement = tables.Column("Movement", empty_values=(), orderable=False)
    target = tables.Column("Target")
    late = tables.Column("Next figure", empty_values=(), order_by="next_due_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = timezone.localdate()

    @property
    def known(self):
        return known_of(self.request)

    def render_title(self, record):
        return str(record)

    def render_newest(self, record):
        figure = self.known.newest(record)
        if figure is None:
            return format_html('<span class="quiet">{}</span>', "None yet")
        when = short_period(figure.starts_on, figure.ends_on)
        said = HIDDEN if figure.value is None else number(record, figure.value)
        return format_html('{} <span class="meta">{}</span>', said, when)

    def value_newest(self, record):
        figure = self.known.newest(record)
        if figure is None:
            return ""
        return HIDDEN if figure.value is None else number(record, figure.value)

    def render_movement(self, record):
        judgement = self.known.judgement(record)
        spark = render_to_string(
            "assurance/indicator_spark.html", {"spark": spark_of(record, self.known.figures(record))}
        )
        words = format_html('<span class="{}">{}</span>', BADLY_WORDED.get(judgement, "quiet"), WORDS[judgement])
        return format_html('<span class="movement">{}{}</span>', spark, words)

    def value_movement(self, record):
        return WORDS[self.known.judgement(record)]

    def render_target(self, record, value):
        return number(record, value)

    def value_target(self, record, value):
        return value

    def render_late(self, record):
        if record.retired_on:
            return format_html('<span class="quiet">{}</span>', "No longer followed")
        late = stale.in_words(record, on=self.on)
        if late:
            return format_html('<span class="late-text">{}</span>', late)
        when = short_period(record.next_starts_on, record.next_ends_on)
        return format_html(
            '{} <span class="meta">due {}</span>', when, f"{record.next_due_on.day} {record.next_due_on:%B %Y}"
        )

    def value_late(self, record):
        return "No longer followed" if record.retired_on else record.next_due_on


def unexplained(indicators, user, *, on):
    """Those that moved and of which nobody said why, of those whose small numbers this person may see."""
    standing = standing_of(user)
    values = unexplained_of(partnership_ids=standing.wide_ids, organisation_ids=standing.organisation_ids, on=on)
    return indicators.filter(pk__in=values.values("indicator"))


def owners_of_request(request):
    return Organisation.objects.filter(indicators__in=Indicator.objects.visible_to(request.user)).distinct()


def priorities_of_request(request):
    served = Indicator.objects.visible_to(request.user).values("priorities")
    return Priority.objects.visible_to(request.user).filter(pk__in=served).select_related("plan")


class IndicatorFilter(RecordFilter):
    search_fields = ("ref", "title", "definition", "unit_words", "owner__name")
    LATE, IN_TIME, UNEXPLAINED, RETIRED, ALL = "late", "in-time", "unexplained", "retired", "all"

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )
    priority = django_filters.ModelChoiceFilter(
        label="Priority", empty_label="Any priority", queryset=priorities_of_request, field_name="priorities"
    )
    owner = django_filters.ModelChoiceFilter(
        label="Answers for it", empty_label="Any organisation", queryset=owners_of_request
    )
    movement = django_filters.ChoiceFilter(
        label="Movement", empty_label="Any", choices=list(WORDS.items()), method="that_moved"
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="Those followed",
        choices=[
            (LATE, "Figure late"),
            (IN_TIME, "Figure not late"),
            (UNEXPLAINED, "Moved, and nobody said why"),
            (RETIRED, "No longer followed"),
            (ALL, "All"),
        ],
        method="in_state",
    )

    class Meta:
        model = Indicator
        fields = []

    @property
    def qs(self):
        """Those no longer followed are there only if somebody asks for them."""
        is_asked = self.is_bound and self.data.get("state") in (self.RETIRED, self.ALL)
        return super().qs if is_asked else super().qs.in_use()

    def that_moved(self, indicators, _name, judgement):
        known = known_of(self.request)
        return indicators.filter(pk__in=[each.pk for each in indicators if known.judgement(each) == judgement])

    def in_state(self, indicators, _name, state):
        today = timezone.localdate()
        return {
            self.LATE: indicators.filter(next_due_on__lt=today),
            self.IN_TIME: indicators.filter(next_due_on__gte=today),
            self.UNEXPLAINED: unexplained(indicators, self.request.user, on=today),
            self.RETIRED: indicators.exclude(retired_on=None),
            self.ALL: indicators,
        }[state]
