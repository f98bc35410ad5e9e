"""What the words of a report lack: texts, decisions on evidence, figures without a value, numbers that disagree."""

from django.db.models import Count, Q
from django.urls import reverse

from assurance.annual.figures import Figures, references
from assurance.annual.lacks import LEADS, OFFICE, Missing
from assurance.annual.standstill import section_of
from assurance.annual.typed import seen_values, typed_numbers
from assurance.models import ReportEvidence

OFFERED = Q(evidence__use=ReportEvidence.Use.OFFERED)
TAKEN = Q(evidence__use__in=[ReportEvidence.Use.ACCEPTED, ReportEvidence.Use.QUOTED])


def lacks_of_words(report, *, on):
    """Texts that nobody wrote. They are due when the year is over. Two queries."""
    due = {"is_due": on > report.ends_on, "part": "Words"}
    if not report.foreword.strip():
        url = reverse("assurance:foreword-change", args=[report.pk])
        yield Missing("The foreword", LEADS, url, "Write it, or put in what they send", **due)
    if not report.in_short.strip():
        url = reverse("assurance:in-short-change", args=[report.pk])
        yield Missing("The year in short", OFFICE, url, "Write it for the report on one page", **due)
    if section_of(report) is None:
        what = "A section on little or no progress, and why"
        url = f"{report.get_absolute_url()}#standstill"
        yield Missing(what, OFFICE, url, "Draft it from the trail", **due)
    sections = report.sections.annotate(
        evidence_count=Count("evidence"), offered_count=Count("evidence", OFFERED), taken_count=Count("evidence", TAKEN)
    ).order_by("position")
    for section in sections:
        write = reverse("assurance:section-change", args=[report.pk, section.pk])
        where = f"section {section.position}, {section.title}"
        if not section.narrative.strip():
            yield Missing(f"The narrative of {where}", OFFICE, write, "Write it beside its evidence", **due)
        elif not section.standfirst.strip():
            yield Missing(f"The opening sentence of {where}", OFFICE, write, "Say the main thing in 25 words", **due)
        yield from lacks_of_evidence(report, section, where)


def lacks_of_evidence(report, section, where):
    """``section`` has its counts."""
    url = reverse("assurance:report-evidence", args=[report.pk, section.pk])
    if section.offered_count:
        pieces = "1 piece" if section.offered_count == 1 else f"{section.offered_count} pieces"
        todo = "Take it, quote it or leave it out" if section.offered_count == 1 else "Take, quote or leave out each"
        yield Missing(f"A decision on {pieces} of evidence in {where}", OFFICE, url, todo, part="Evidence")
    elif section.rule_id and not section.taken_count:
        todo = "Record what there is where it belongs, or file evidence here from another section"
        yield Missing(f"Any evidence under {where}", OFFICE, url, todo, part="Evidence")


# Figures


def texts_of(report):
    """(where it stands, its address, text) of every text in which figures may stand. One query."""
    yield "the foreword", reverse("assurance:foreword-change", args=[report.pk]), report.foreword
    yield "the year in short", reverse("assurance:in-short-change", args=[report.pk]), report.in_short
    for section in report.sections.all():
        url = reverse("assurance:section-change", args=[report.pk, section.pk])
        yield f"section {section.position}", url, f"{section.standfirst}\n\n{section.narrative}"


def lacks_of_figures(report):
    """References without a value, and numbers typed by hand whose figure says something else by now."""
    figures = Figures.of(report)
    texts = list(texts_of(report))
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

    Nothing is read where nothing was ever shown to a writer.
    """
    seen = seen_values(report)
    if not seen:
        return
    every = figures.all()
    for where, url, text in texts:
        for number in typed_numbers(text, every, seen):
            if number.is_old:
                yield where, url, number
