"""The risk register as a list: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import F
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.html import format_html

from assurance.models import Risk
from assurance.risks import called, matrices_of
from partnership.lists import DayColumn, NumberColumn, PartnershipsColumn, RecordFilter, RecordTable, own_partnerships
from partnership.meeting_forms import LeadField
from partnership.templatetags.components import days_late, long_date, rating_tag
from plans.models import Plan, Priority

OVERDUE, WORSE, CLOSED, ALL = "overdue", "worse", "closed", "all"


class OfOneColumn(PartnershipsColumn):
    """The one partnership whose a record is. Select ``partnership``."""

    def __init__(self, **kwargs):
        super().__init__(**{"accessor": "partnership", "orderable": True, "order_by": "partnership__name", **kwargs})

    def render(self, value):
        return format_html('<abbr class="area" title="{}">{}</abbr>', value.name, value.short_name)

    def value(self, value):
        return value.name


class RiskTable(RecordTable):
    """Needs ``with_latest`` and ``matrices``: the words of each risk's partnership."""

    caption = "Risk register"
    ref = tables.Column("Ref", order_by=("ref_length", "ref"))
    title = tables.Column("Risk")
    score = NumberColumn("Score", empty_values=())
    band = tables.Column("Called", accessor="score", orderable=False, empty_values=())
    trend = tables.Column("Since the look before", accessor="score_before", orderable=False, empty_values=())
    lead = tables.Column("Who answers", orderable=False, empty_values=())
    next_review_on = DayColumn("Looked at next", empty_values=())
    partnership = OfOneColumn()

    def render_title(self, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)

    def value_title(self, record):
        return record.title

    def render_score(self, record):
        return "" if record.score is None else record.score

    def band_of(self, record):
        return self.matrices[record.partnership_id].band(record.score)

    def render_band(self, record):
        return rating_tag(self.band_of(record))

    def value_band(self, record):
        band = self.band_of(record)
        return band.word if band else "Not looked at"

    def render_trend(self, record):
        return moved(record.score, record.score_before)

    def render_lead(self, record):
        return str(record.lead or "Nobody yet")

    def render_next_review_on(self, record):
        if record.closed_on:
            return f"Closed {long_date(record.closed_on)}"
        late = days_late(record.next_review_on, timezone.localdate())
        day = long_date(record.next_review_on)
        return format_html('{} <span class="late-text">{}</span>', day, late) if late else day

    def value_next_review_on(self, record):
        return "Closed" if record.closed_on else record.next_review_on


class RiskExport(RiskTable):
    """The same with all that the page of a risk says, for a spreadsheet."""

    likelihood = tables.Column("Likelihood")
    impact = tables.Column("Impact")
    cause = tables.Column("Why it could happen")
    effect = tables.Column("What would follow")
    category = tables.Column("Kind")
    controls = tables.Column("What holds it now")
    treatment = tables.Column("Treatment")
    raised_on = DayColumn("Raised")
    reviewed_on = DayColumn("Looked at last")
    closed_because = tables.Column("Why it is closed")


def moved(score, before):
    """ "Worse, it was 6"; empty where it was looked at once."""
    if score is None or before is None:
        return ""
    if score == before:
        return "The same"
    return f"{'Worse' if score > before else 'Better'}, it was {before}"


def linked_priorities(request):
    """Priorities that this person may see and that a risk they may read is linked to."""
    risks = Risk.objects.visible_to(request.user)
    links = Risk.priorities.through.objects.filter(risk__in=risks.values("pk"))
    plans = Plan.objects.visible_to(request.user)
    found = Priority.objects.filter(pk__in=links.values("priority"), plan__in=plans.values("pk"))
    return found.order_by("-plan__starts_on", "plan", "position")


def leads_of_risks(risks):
    """[(value, name)] of who answers for them."""
    led = risks.select_related("lead_post", "lead_group", "lead_organisation").only(
        "lead_post__title", "lead_group__name", "lead_organisation__name"
    )
    found = {LeadField.value_for(risk): str(risk.lead) for risk in led.order_by() if risk.lead}
    return sorted(found.items(), key=lambda each: each[1])


class RiskFilter(RecordFilter):
    """Open risks, unless the address asks for closed ones too."""

    search_fields = ("ref", "title", "cause", "effect", "controls", "category")

    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="Open",
        choices=[
            (OVERDUE, "Overdue to be looked at"),
            (WORSE, "Worse than before"),
            (CLOSED, "Closed"),
            (ALL, "Open and closed"),
        ],
        method="in_state",
    )
    band = django_filters.ChoiceFilter(label="Called", empty_label="Any band", method="in_band")
    lead = django_filters.ChoiceFilter(label="Who answers", empty_label="Anybody", method="led_by")
    priority = django_filters.ModelChoiceFilter(
        label="Priority", empty_label="Any priority", queryset=linked_priorities, method="about_priority"
    )
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        self.matrices = matrices_of(sorted(user.standing.partnership_ids))
        words = {band.word: band.lowest for matrix in self.matrices.values() for band in matrix.bands}
        self.filters["band"].extra["choices"] = [(word, word) for word in sorted(words, key=words.get, reverse=True)]
        self.filters["lead"].extra["choices"] = leads_of_risks(Risk.objects.visible_to(user))
        if len(user.standing.partnership_ids) < 2:
            del self.filters["partnership"]

    @property
    def state_asked(self):
        """One of the choices of ``state``, or empty."""
        if not self.is_bound:
            return ""
        self.form.is_valid()
        return self.form.cleaned_data.get("state") or ""

    @property
    def qs(self):
        return super().qs if self.state_asked else super().qs.open()

    def in_state(self, risks, _name, state):
        today = timezone.localdate()
        if state == OVERDUE:
            return risks.overdue(on=today)
        if state == WORSE:
            return risks.open().filter(score__gt=F("score_before"))
        return risks if state == ALL else risks.exclude(closed_on=None)

    def in_band(self, risks, _name, word):
        return risks.filter(called(word, self.matrices))

    def led_by(self, risks, _name, value):
        kind, _, pk = value.partition(":")
        return risks.filter(**{LeadField.FIELDS[kind]: pk})

    def about_priority(self, risks, _name, priority):
        return risks.filter(pk__in=Risk.priorities.through.objects.filter(priority=priority).values("risk"))


def register(user):
    """What this person may read of the register, the highest score first, as the table needs it."""
    return (
        Risk.objects.visible_to(user)
        .with_latest()
        .annotate(ref_length=Length("ref"))
        .select_related("partnership", "lead_post__organisation", "lead_group", "lead_organisation")
        .order_by(F("score").desc(nulls_last=True), "partnership__name", "ref_length", "ref")
    )
