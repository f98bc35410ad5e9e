"""Deciding on evidence: in the report, quoted, left out, taken back; the later press wins, the history shows both.

What was taken prints as its source says it, until the report is frozen. Whether the source has changed since is
asked of the history, which keeps the words as they were when somebody took them.
"""

from dataclasses import dataclass

from django.db import transaction

from assurance.annual.gathering import FILED_FIELDS
from assurance.models import AnnualReport, ReportEvidence
from partnership.refusals import NotNow

Use = ReportEvidence.Use
TAKEN = (Use.ACCEPTED, Use.QUOTED)
PUBLISHED = "This edition was published meanwhile. Nothing in it changes any more; a correction is a new edition."


class NotAPart(Exception):
    """The words to be quoted are not in the evidence."""


@transaction.atomic
def decide(evidence, *, use, by, quote=""):
    """Keep what ``by`` decided of one thing. ``quote`` is a part of its words; empty quotes all of them.

    Pressing "in the report" again takes it as it is now, where its source has changed. Raises NotAPart, or NotNow.
    """
    hold(evidence.section.report_id)
    evidence = ReportEvidence.objects.select_for_update(of=["self"]).get(pk=evidence.pk)
    quote = part_of(evidence.text, quote) if use == Use.QUOTED else ""
    if (evidence.use, evidence.quote) == (use, quote):
        if use in TAKEN and evidence.pk in words_when_taken([evidence]):
            evidence.use = Use.OFFERED
            evidence.save(update_fields=["use"])
        else:
            return evidence
    evidence.use, evidence.quote, evidence.used_by = use, quote, by
    evidence.save(update_fields=["use", "quote", "used_by"])
    return evidence


@transaction.atomic
def decide_all(section, *, kind, shows, last, use, by):
    """The same for everything undecided of one kind that was there, up to the key ``last``; gives how many."""
    hold(section.report_id)
    left = section.evidence.undecided().filter(kind=kind, shows=shows, pk__lte=last)
    return left.update(use=use, quote="", used_by=by)


@transaction.atomic
def file_under(evidence, section, *, by):
    """Take ``evidence`` into the report under another heading of it; here it is left out. Gives the other row."""
    hold(section.report_id)
    evidence = ReportEvidence.objects.select_for_update(of=["self"]).get(pk=evidence.pk)
    values = {field: getattr(evidence, field) for field in FILED_FIELDS}
    there, _is_new = section.evidence.update_or_create(
        source_key=evidence.source_key, defaults={**values, "use": Use.ACCEPTED, "quote": "", "used_by": by}
    )
    evidence.use, evidence.quote, evidence.used_by = Use.LEFT_OUT, "", by
    evidence.save(update_fields=["use", "quote", "used_by"])
    return there


def hold(report_id):
    """Lock the report, so that it is not published meanwhile. Raises NotNow where it was."""
    if AnnualReport.objects.select_for_update(of=["self"], no_key=True).get(pk=report_id).is_published:
        raise NotNow(PUBLISHED)


def part_of(text, quote):
    """``quote`` on one line, "" where it is all of ``text``. Raises NotAPart where it is not in it."""
    whole, part = on_one_line(text), on_one_line(quote).strip("“”\"' ")
    if part not in whole:
        raise NotAPart
    return "" if part == whole else part


def on_one_line(words):
    return " ".join(words.split())


# What the history says


def words_when_taken(evidence):
    """``{key: the words as they were when somebody took them}``, of those whose words are others now. One query."""
    taken = {each.pk: each for each in evidence if each.use in TAKEN}
    events = ReportEvidence.pgh_event_model.objects.filter(pgh_obj__in=list(taken)).order_by("pgh_id")
    then, use_before = {}, {}
    for key, use, text in events.values_list("id", "use", "text"):
        if use_before.get(key) != use:
            then[key] = text
        use_before[key] = use
    return {key: words for key, words in then.items() if words != taken[key].text}


@dataclass(frozen=True)
class Gone:
    """Something that was in the report and was withdrawn at its source."""

    reference: str
    kind: str
    text: str
    at: object


def gone_from(section):
    """Every ``Gone`` of a section that has not come back, the last first. One query."""
    here = section.evidence.values("source_key")
    events = ReportEvidence.pgh_event_model.objects.filter(section=section.pk, pgh_label="delete", use__in=TAKEN)
    rows = events.exclude(source_key__in=here).order_by("-pgh_id")
    return [Gone(each.reference, each.kind, each.text, each.pgh_created_at) for each in rows]
