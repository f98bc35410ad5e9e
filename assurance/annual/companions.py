"""What is published with an annual report: one page, Word, easy read, for children, in other languages.

Word and one page come from the proof. The others are brought as PDF, looked at where they can do no
harm, and kept as they came with what was found. Published, a companion's bytes never change.
"""

from django.db import transaction
from django.db.models import Prefetch
from django.urls import reverse

from assurance.annual.lacks import OFFICE, Missing
from assurance.annual.languages import NAMES, OWN, is_same
from assurance.models import AnnualReport, ReportCompanion
from partnership.confined import run_confined
from partnership.models import Document, PublishedFile
from partnership.publishing import CannotPublish, publish_file
from partnership.uploads import UnreadableFile

Kind = ReportCompanion.Kind
MADE = (Kind.SUMMARY, Kind.WORD)
BROUGHT = (Kind.EASY_READ, Kind.CHILDREN, Kind.LANGUAGE)
CHECK = "assurance.annual.companion_check"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OF_EARLIER = "It was brought for edition {}: check that nothing this edition corrects stands in it"
IN_WORDS = {Kind.SUMMARY: "on one page", Kind.EASY_READ: "in easy read", Kind.CHILDREN: "for children and young people",
            Kind.WORD: "as a Word document"}  # fmt: skip


# Bringing


def look_at(content, *, language):
    """(what stands against reading it, in words; how many pages). Raises UnreadableFile, saying what to do."""
    facts, _files = run_confined(CHECK, {}, [content])
    findings = list(facts["faults"])
    if facts["language"] and not is_same(facts["language"], language):
        findings.append(f"It says that it is in “{facts['language']}”, and was brought as {NAMES[language]}")
    return findings, facts["page_count"]


def bring(report, *, kind, language, filename, content, by, at, title=""):
    """Keep a PDF as the report's companion of that kind and language, in place of one that is not published.

    Raises UnreadableFile for what can't be taken, CannotPublish where such a one is published already.
    """
    findings, _pages = look_at(content, language=language)
    with transaction.atomic():
        return keep(
            report,
            kind=kind,
            language=language,
            title=title or title_of(report, kind, language),
            document=Document.keep(filename=filename, content=content, by=by),
            findings=findings,
            added_by=by,
            added_at=at,
        )


def keep(report, *, kind, language, **values):
    AnnualReport.objects.select_for_update(of=["self"], no_key=True).get(pk=report.pk)
    held = report.companions.filter(kind=kind, language=language).first()
    if held and held.is_published:
        raise CannotPublish(f"“{held}” is published already, and stays as it is. A correction is a new edition.")
    companion, _is_new = report.companions.update_or_create(kind=kind, language=language, defaults=values)
    return companion


def title_of(report, kind, language):
    """ "Annual report 2025–26 in easy read, Polish"."""
    words = [f"{report.title} {IN_WORDS[kind]}" if kind in IN_WORDS else report.title]
    if language != OWN:
        words.append(NAMES[language])
    return ", ".join(words)[:160]


@transaction.atomic
def remove(companion):
    """Take back what is not published. Raises CannotPublish where it is."""
    companion = ReportCompanion.objects.select_for_update(of=["self"]).get(pk=companion.pk)
    if companion.is_published:
        raise CannotPublish("It is published already, and stays as it is.")
    companion.delete()


def carry_companions(report, *, edition):
    """What was brought for ``report`` into its next edition, to be looked at again."""
    ReportCompanion.objects.bulk_create(
        ReportCompanion(
            report=edition,
            kind=each.kind,
            language=each.language,
            title=each.title,
            document_id=each.document_id,
            findings=[*without_earlier(each.findings), OF_EARLIER.format(report.edition)],
            added_by_id=each.added_by_id,
            added_at=each.added_at,
        )
        for each in report.companions.exclude(document=None)
    )


def without_earlier(findings):
    start = OF_EARLIER.partition("{}")[0]
    return [each for each in findings if not each.startswith(start)]


# Publishing


@transaction.atomic
def publish_companions(report, *, build, by, at):
    """Publish with the report what its proof ``build`` brought and what was brought for it; gives the files."""
    for kind, content in ((Kind.SUMMARY, build.summary), (Kind.WORD, build.word)):
        if content:
            report.companions.get_or_create(
                kind=kind,
                language=OWN,
                defaults={"title": title_of(report, kind, OWN), "added_by": by, "added_at": at},
            )
    waiting = report.companions.select_for_update(of=["self"]).filter(published_file=None).select_related("document")
    return [publish_one(report, companion, build=build, by=by, at=at) for companion in waiting]


@transaction.atomic
def publish_companion(companion, *, by, at):
    """Publish one that was brought after its report came out."""
    companion = ReportCompanion.objects.select_for_update(of=["self"]).select_related("document").get(pk=companion.pk)
    if companion.is_published:
        raise CannotPublish("It is published already.")
    if not companion.report.is_published:
        raise CannotPublish("The report itself is not published yet. It goes out with the report.")
    return publish_one(companion.report, companion, build=None, by=by, at=at)


def publish_one(report, companion, *, build, by, at):
    content, facts = what_it_holds(report, companion, build)
    earlier = earlier_file(companion)
    companion.published_file = publish_file(
        partnerships=report.partnerships.all(),
        kind=PublishedFile.Kind(companion.kind),
        title=companion.title,
        content=content,
        manifest={"report": report.pk, "edition": report.edition, "language": companion.language},
        by=by,
        at=at,
        supersedes=earlier,
        **facts,
    )
    companion.save(update_fields=["published_file"])
    return companion.published_file


def what_it_holds(report, companion, build):
    """(bytes, name and kind of the file, pages where they are known)."""
    if companion.document_id:
        content = bytes(companion.document.content)
        stem = f"{report.filename_stem}-{companion.kind}"
        name = stem if companion.language == OWN else f"{stem}-{companion.language}"
        return content, {"filename": f"{name}.pdf", "page_count": pages_of(content, companion)}
    if build is None:
        raise CannotPublish("It is made with the proof, and this report has none of it.")
    if companion.kind == Kind.WORD:
        return bytes(build.word), {"filename": f"{report.filename_stem}.docx", "content_type": WORD_TYPE}
    return bytes(build.summary), {"filename": f"{report.filename_stem}-one-page.pdf", "page_count": 1}


def pages_of(content, companion):
    """How many pages it has; None where it can't be counted any more."""
    try:
        return look_at(content, language=companion.language)[1]
    except UnreadableFile:
        return None


def earlier_file(companion):
    """The file of the same kind and language of the nearest earlier edition, which this one corrects."""
    report = companion.report.corrects
    while report is not None:
        held = report.companions.published().filter(kind=companion.kind, language=companion.language).first()
        if held:
            return PublishedFile.objects.without_content().get(pk=held.published_file_id)
        report = report.corrects
    return None


# Reading


def in_short(companion):
    """What it is, beside the name of its report: "Word", "Easy read, Polish", "Polish"."""
    words = [] if companion.kind == Kind.LANGUAGE else [companion.get_kind_display()]
    return ", ".join(
        words if companion.language == OWN else [*words, NAMES.get(companion.language, companion.language)]
    )


def with_companions(reports):
    """A queryset of reports, each with ``also``: what was published with it and can be downloaded."""
    return reports.prefetch_related(
        Prefetch("companions", ReportCompanion.objects.published().with_files(), to_attr="also")
    )


def published_with(report):
    """Those that everybody may have, without their bytes."""
    return report.companions.published().with_files()


def lacks_of_companions(report, *, on):
    """Those with something that stands against reading them with a screen reader."""
    for each in report.companions.filter(published_file=None).exclude(document=None):
        if each.findings:
            count = len(each.findings)
            what = (
                f"A file that everybody can read of: {each}. {count} {'thing stands' if count == 1 else 'things stand'}"
            )
            yield Missing(f"{what} against it", OFFICE, reverse("assurance:companion-list", args=[report.pk]))
