"""Deciding on evidence: in the report, quoted, left out, taken back; nobody undoes unknowingly what another decided.

What was taken prints as its source says it, until the report is frozen. Whether the source has changed since is
asked of the history, which keeps the words as they were when somebody took them.
"""

from dataclasses import dataclass

from django.db import transaction

from assurance.annual.gathering import FILED_FIELDS
from assurance.models import AnnualReport, ReportEvidence
from partnership.refusals import ChangedMeanwhile, NotNow

Use = ReportEvidence.Use
TAKEN = (Use.ACCEPTED, Use.QUOTED)
PUBLISHED = "This edition was published meanwhile. Nothing in it changes any more; a correction is a new edition."


WITHDRAWN = "This was withdrawn at its source meanwhile, so it can’t be in the report."


class NotAPart(Exception):
    """The words to be quoted are not in the evidence."""


@transaction.atomic
def decide(evidence, *, use, by, quote="", seen=""):
    """Keep what ``by`` decided of one thing. ``quote`` is a part of its words; empty quotes all of them.

    Pressing "in the report" again takes it as it is now, where its source has changed. ``seen``: the ``mark`` of
    what was on the page, or "". Raises NotAPart, NotNow, or ChangedMeanwhile where something else stands there now.
    """
    evidence = held(evidence)
    is_as_seen = not seen or seen == evidence.mark
    quote = part_of(evidence.text, quote) if use == Use.QUOTED else ""
    if (evidence.use, evidence.quote) == (use, quote):
        if not (is_as_seen and use in TAKEN and evidence.pk in words_when_taken([evidence])):
            return evidence
        evidence.use = Use.OFFERED
        evidence.save(update_fields=["use"])
    elif not is_as_seen:
        raise ChangedMeanwhile(evidence)
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
def file_under(evidence, section, *, by, seen=""):
    """Take ``evidence`` into the report under another heading of it; here it is left out. Gives the other row.

    What is in the report under that heading already stays as somebody took or quoted it. Raises as ``decide``.
    """
    evidence = held(evidence)
    if seen and seen != evidence.mark:
        raise ChangedMeanwhile(evidence)
    values = {field: getattr(evidence, field) for field in FILED_FIELDS}
    taken = {**values, "use": Use.ACCEPTED, "quote": "", "used_by": by}
    there, is_new = section.evidence.get_or_create(source_key=evidence.source_key, defaults=taken)
    if not is_new and not there.is_printed:
        for field, value in taken.items():
            setattr(there, field, value)
        there.save(update_fields=list(taken))
    evidence.use, evidence.quote, evidence.used_by = Use.LEFT_OUT, "", by
    evidence.save(update_fields=["use", "quote", "used_by"])
    return there


def held(evidence):
    """``evidence`` as it stands, for one person at a time to change. Raises NotNow."""
    hold(evidence.section.report_id)
    now = ReportEvidence.objects.select_for_update(of=["self"]).filter(pk=evidence.pk).first()
    if now is None:
        raise NotNow(WITHDRAWN)
    return now


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


MEANWHILE = {
    Use.OFFERED: "{} took back what was decided",
    Use.ACCEPTED: "{} took it into the report",
    Use.QUOTED: "{} quoted it",
    Use.LEFT_OUT: "{} left it out",
}


def what_changed(evidence, *, seen):
    """What happened to ``evidence`` since somebody saw it as ``seen``, in a sentence."""
    decision, _, _words = evidence.mark.partition("-")
    if seen.startswith(f"{decision}-"):
        return "Its words were changed at its source meanwhile. They stand here as they are now."
    return f"{MEANWHILE[evidence.use].format(evidence.used_by or 'Somebody')} meanwhile."


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
