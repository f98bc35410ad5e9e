"""The evidence of one section as a page shows it: narrowed, grouped by what it shows and by kind, counted."""

from dataclasses import dataclass

import django_filters
from django.db.models import Case, Count, IntegerField, Q, Value, When

from assurance.models import ReportEvidence
from partnership.lists import RecordFilter
from plans.models import Priority

Use, Shows = ReportEvidence.Use, ReportEvidence.Shows
ORDER = [Shows.DIFFERENCE, Shows.HOW_WELL, Shows.HOW_MUCH]
HEADINGS = {
    Shows.DIFFERENCE: "What difference it made",
    Shows.HOW_WELL: "How well it was done",
    Shows.HOW_MUCH: "How much was done",
}
A_PAGE = 60

# Where a thing comes from, by the word that its key begins with.
SOURCES = {
    "plan": ("The plan and its cycle", ["update", "reviews", "judgement", "promise", "outcome", "standstill"]),
    "groups": ("Groups and meetings", ["highlight", "meetings", "attendance", "decision", "action", "education"]),
    "voice": ("Voices", ["voice"]),
    "data": ("Indicators", ["indicator"]),
    "members": ("Members", ["request", "returns", "moderation", "practitioners", "schools", "contribution"]),
    "scrutiny": (
        "Audits, inspections and challenge",
        ["audit", "finding", "inspection", "challenge", "advice", "risk"],
    ),
    "reviews": (
        "Reviews and learning",
        [
            "recommendation",
            "recheck",
            "learning",
            "briefing",
            "agency-learning",
            "publication",
            "reviews-ongoing",
        ],
    ),
    "training": ("Training", ["course", "training-"]),
    "money": ("Money", ["budget"]),
    "arrangements": ("Arrangements", ["arrangements-change"]),
}


class EvidenceFilter(RecordFilter):
    search_fields = ("text", "reference", "kind")
    kind = django_filters.ChoiceFilter(label="Kind", empty_label="Any kind", choices=())
    priority = django_filters.ModelChoiceFilter(
        label="Priority", empty_label="Any priority", queryset=Priority.objects.none()
    )
    source = django_filters.ChoiceFilter(
        label="From",
        empty_label="Anywhere",
        choices=[(code, words) for code, (words, _keys) in SOURCES.items()],
        method="from_source",
    )

    class Meta:
        model = ReportEvidence
        fields = []

    def __init__(self, *args, section, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = section.evidence.order_by("kind").values_list("kind", flat=True).distinct()
        self.filters["kind"].extra["choices"] = [(kind, kind.capitalize()) for kind in kinds]
        named = section.evidence.exclude(priority=None).values("priority")
        self.filters["priority"].queryset = Priority.objects.filter(pk__in=named)

    def from_source(self, evidence, _name, source):
        _words, keys = SOURCES[source]
        begins = Q()
        for key in keys:
            begins |= Q(source_key=key) | Q(source_key__startswith=key if key.endswith("-") else f"{key}:")
        return evidence.filter(begins)


def in_order(evidence):
    """What shows a difference first; within that by kind, the newest first."""
    rank = [When(shows=shows, then=Value(place)) for place, shows in enumerate(ORDER)]
    return (
        evidence.annotate(rank=Case(*rank, output_field=IntegerField()))
        .select_related("priority", "used_by")
        .order_by("rank", "kind", "-dated_on", "pk")
    )


EVERYTHING = "all"


def state_of(asked, counts):
    """Which are shown, a ``Use`` or ``EVERYTHING``: as the address asks, or what is undecided while there is some."""
    known = {code: count for code, _words, count in counts}
    if asked in known or asked == EVERYTHING:
        return asked
    return Use.OFFERED.value if known[Use.OFFERED.value] else EVERYTHING


@dataclass
class Kind:
    """Evidence of one kind that stands together. ``left_count``: how much of the kind nobody has decided on."""

    name: str
    shows: str
    items: list
    left_count: int


def groups_of(evidence, left):
    """[(heading, [Kind])] of ``evidence`` in its order; ``left`` is what ``left_of`` gives."""
    groups = {}
    for each in evidence:
        kinds = groups.setdefault(each.shows, {})
        of_kind = Kind(each.kind, each.shows, [], left.get((each.shows, each.kind), 0))
        kinds.setdefault(each.kind, of_kind).items.append(each)
    return [(HEADINGS[shows], list(kinds.values())) for shows, kinds in groups.items()]


def counts_of(section):
    """[(code, words, count)] of each way to decide."""
    counted = dict(section.evidence.order_by().values_list("use").annotate(count=Count("pk")))
    return [(use.value, use.label, counted.get(use.value, 0)) for use in Use]


def left_of(section):
    """``{(what it shows, kind): how much of it nobody has decided on}``."""
    rows = section.evidence.undecided().order_by().values_list("shows", "kind").annotate(count=Count("pk"))
    return {(shows, kind): count for shows, kind, count in rows}
