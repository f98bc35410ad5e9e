"""What the office decided of the evidence: all of last year's, of this year's about a third so far."""

from itertools import groupby

from assurance.annual.gathering import gather_evidence
from assurance.models import AnnualReport, ReportEvidence

Use, Shows = ReportEvidence.Use, ReportEvidence.Shows
# Of each kind how many last year's report takes; a list is read, a heap is not.
MOST_OF_A_KIND = {Shows.DIFFERENCE: 8, Shows.HOW_WELL: 4, Shows.HOW_MUCH: 3}
QUOTED_KINDS = ("voice", "highlight report")
MOST_QUOTES = 2
SO_FAR = {Shows.DIFFERENCE: 3, Shows.HOW_WELL: 1, Shows.HOW_MUCH: 0}


def decide_on_evidence(cast):
    """Last year's is decided: the best of each kind is in, voices are quoted, the rest is out. This year's is begun."""
    for report in AnnualReport.objects.prefetch_related("partnerships"):
        gather_evidence(report, on=cast.calendar.today)
        is_last = report.starts_on == cast.calendar.reported_year
        decide(cast, report, MOST_OF_A_KIND if is_last else SO_FAR, rest=Use.LEFT_OUT if is_last else Use.OFFERED)


def decide(cast, report, most, *, rest):
    by = cast.holders["manager"]
    for section in report.sections.prefetch_related("evidence"):
        filed = sorted(
            section.evidence.all(), key=lambda each: (each.shows, each.kind, -each.dated_on.toordinal(), each.pk)
        )
        quotes = 0
        for (shows, kind), group in groupby(filed, key=lambda each: (each.shows, each.kind)):
            for place, evidence in enumerate(group):
                if place >= most[shows]:
                    use, quote = rest, ""
                elif kind in QUOTED_KINDS and quotes < MOST_QUOTES:
                    use, quote = Use.QUOTED, said_in(evidence.text)
                    quotes += 1
                else:
                    use, quote = Use.ACCEPTED, ""
                if use != Use.OFFERED:
                    evidence.use, evidence.quote, evidence.used_by = use, quote, by
                    evidence.save(update_fields=["use", "quote", "used_by"])


def said_in(text):
    """What was said, without who said it: “A group of young parents: …”."""
    words = " ".join(text.split())
    _who, _colon, said = words.partition(": ")
    return said or words
