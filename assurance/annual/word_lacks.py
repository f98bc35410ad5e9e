"""What the words of a report lack: texts, decisions on evidence, figures without a value, numbers that disagree."""

from collections import Counter

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse

from assurance.annual.figures import Figures, references
from assurance.annual.filing import fills_itself
from assurance.annual.lacks import LEADS, OFFICE, Missing
from assurance.annual.standstill import is_standstill
from assurance.annual.typed import numbers_in, references_typed, seen_values, typed_numbers
from assurance.models import ReportEvidence

Use = ReportEvidence.Use


def with_filed(sections):
    """``sections`` in order, with their rules and ``filed``: {use, shows, source_key, priority} of each piece."""
    evidence = ReportEvidence.objects.filter(section=OuterRef("pk")).order_by()
    said = JSONObject(use="use", shows="shows", source_key="source_key", priority="priority_id")
    filed = ArraySubquery(evidence.values(said=said))
    return sections.select_related("rule").annotate(filed=filed).order_by("position")


def lacks_of_words(report, sections, *, on):
    """Texts that nobody wrote, which are due when the year is over, and evidence that nobody decided on.

    ``sections`` of the report ``with_filed``.
    """
    due = {"is_due": on > report.ends_on, "part": "Words"}
    if not report.foreword.strip():
        url = reverse("assurance:foreword-change", args=[report.pk])
        yield Missing("The foreword", LEADS, url, "Write it, or put in what they send", **due)
    if not report.in_short.strip():
        url = reverse("assurance:in-short-change", args=[report.pk])
        yield Missing("The year in short", OFFICE, url, "Write it for the report on one page", **due)
    if not any(is_standstill(section) for section in sections):
        what = "A section on little or no progress, and why"
        url = f"{report.get_absolute_url()}#standstill"
        yield Missing(what, OFFICE, url, "Draft it from the trail", **due)
    for section in sections:
        write = reverse("assurance:section-change", args=[report.pk, section.pk])
        where = f"section {section.position}, {section.title}"
        if not section.narrative.strip():
            yield Missing(f"The narrative of {where}", OFFICE, write, "Write it beside its evidence", **due)
        elif not section.standfirst.strip():
            yield Missing(f"The opening sentence of {where}", OFFICE, write, "Say the main thing in 25 words", **due)
        uses = Counter(each["use"] for each in section.filed)
        offered, taken = uses[Use.OFFERED], uses[Use.ACCEPTED] + uses[Use.QUOTED]
        yield from lacks_of_evidence(report, section, where, offered=offered, taken=taken)


def lacks_of_evidence(report, section, where, *, offered, taken):
    """``offered``: how many pieces wait for a decision; ``taken``: how many are in the report."""
    url = reverse("assurance:report-evidence", args=[report.pk, section.pk])
    if offered:
        pieces = "1 piece" if offered == 1 else f"{offered} pieces"
        todo = "Take it, quote it or leave it out" if offered == 1 else "Take, quote or leave out each"
        yield Missing(f"A decision on {pieces} of evidence in {where}", OFFICE, url, todo, part="Evidence")
    elif fills_itself(section) and not taken:
        todo = "Record what there is where it belongs, or file evidence here from another section"
        yield Missing(f"Any evidence under {where}", OFFICE, url, todo, part="Evidence")


# Figures


def texts_of(report, sections):
    """(where it stands, its address, text) of every text in which figures may stand."""
    yield "the foreword", reverse("assurance:foreword-change", args=[report.pk]), report.foreword
    yield "the year in short", reverse("assurance:in-short-change", args=[report.pk]), report.in_short
    for section in sections:
        url = reverse("assurance:section-change", args=[report.pk, section.pk])
        yield f"section {section.position}", url, f"{section.standfirst}\n\n{section.narrative}"


def lacks_of_figures(report, *, sections=None, figures=None):
    """References without a value, and numbers typed by hand whose figure says something else by now.

    ``sections`` and ``figures`` of the report where they are at hand.
    """
    figures = figures or Figures.of(report)
    texts = list(texts_of(report, report.sections.all() if sections is None else sections))
    for where, url, text in texts:
        for words in references(text):
            figure = figures.find(words)
            if figure is None:
                todo = "Choose another from the list of figures"
                yield Missing(f"[[{words}]] in {where} is no figure of this year", OFFICE, url, todo, part="Figures")
            elif not figure.is_known:
                todo = "Record it where it belongs, or say it in other words"
                what = f"A value for {figure.form} in {where}: {figure.label}"
                yield Missing(what, OFFICE, figure.url, todo, part="Figures")
    for where, url, number in disagreeing(report, figures, texts):
        figure = number.figures[0]
        what = f"“{number.text}” in {where} no longer agrees: {figure.label}, now {figure.words}"
        yield Missing(what, OFFICE, f"{url}#reads", "Replace it by a live figure", part="Figures")


def disagreeing(report, figures, texts):
    """(where, address, Typed) of each number typed by hand that was a figure's value and no longer is.

    Only figures that once had such a value are read. All of them are where one of those has moved: another may
    say the same by now.
    """
    if not any(numbers_in(text) for *_, text in texts):
        return
    seen = seen_values(report)
    once = [figures.find(reference) for reference in references_typed((text for *_, text in texts), seen)]
    if not any_old(texts, [figure for figure in once if figure], seen):
        return
    every = figures.all()
    for where, url, text in texts:
        for number in typed_numbers(text, every, seen):
            if number.is_old:
                yield where, url, number


def any_old(texts, figures, seen):
    return any(number.is_old for *_, text in texts for number in typed_numbers(text, figures, seen))
