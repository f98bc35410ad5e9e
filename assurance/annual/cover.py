"""The cover report with which a draft of the annual report goes before a scrutiny committee.

Its headings are those of the partnership's last cover report, or else the usual ones. What the records know is drafted
under each; nothing is ever drafted over words that stand.
"""

from django.db import transaction
from django.db.models import Max

from assurance.annual.cover_facts import draft_of, tables_of
from assurance.annual.year import Year
from assurance.models import CoverBuild, CoverReport, CoverSection
from assurance.printed import paragraphs
from partnership.frame import joined_names
from partnership.house_style import house_colours, name_lines
from partnership.templatetags.components import long_date, sentence_join

USUAL_HEADINGS = (
    "Purpose of report",
    "Policy framework and previous decisions",
    "Background",
    "Progress",
    "Changes to the arrangements",
    "Forward plans",
    "Independent scrutiny",
    "Proposals",
    "Resource implications",
    "Timetable for decisions",
    "Consultation",
    "Equality and human rights implications",
    "Crime and disorder implications",
    "Environmental implications",
    "Partnership working and associated issues",
    "Conclusion",
    "Background papers",
    "Circulation",
    "Officers to contact",
    "List of appendices",
)
# Of what stands at the end of such a report, paragraphs are not numbered.
UNNUMBERED = ("background papers", "officer", "appendi")


# Beginning and writing


@transaction.atomic
def begin_cover(consultation, *, by, at):
    """The cover report of ``consultation``, with headings and what the records know; one there is the answer."""
    cover, is_new = CoverReport.objects.get_or_create(
        consultation=consultation,
        defaults={
            "title": f"{consultation.report}: draft for comment"[:200],
            "report_of": "",
            "begun_by": by,
            "begun_at": at,
        },
    )
    if is_new:
        last = last_cover(cover)
        headings = list(last.sections.values_list("heading", flat=True)) if last else USUAL_HEADINGS
        cover.report_of = (last.report_of if last else "") or joined_names(names_of(consultation.report))
        cover.save(update_fields=["report_of"])
        for position, heading in enumerate(headings, start=1):
            CoverSection.objects.create(cover=cover, position=position, heading=heading)
        draft_again(cover)
    return cover


def names_of(report):
    return [partnership.name for partnership in report.partnerships.all()]


def last_cover(cover):
    """The newest other cover report of the same partnerships, to the same committee if there is one."""
    report = cover.consultation.report
    found = (
        CoverReport.objects.filter(consultation__report__partnerships__in=report.partnership_ids)
        .exclude(pk=cover.pk)
        .order_by("-begun_at", "-pk")
    )
    same = found.filter(consultation__name=cover.consultation.name)
    return same.first() or found.first()


def locked(cover):
    """``cover``; nobody else changes its headings before this ends."""
    return CoverReport.objects.select_for_update(of=["self"], no_key=True).get(pk=cover.pk)


@transaction.atomic
def draft_again(cover):
    """How many empty headings have words now. Words that stand are left alone."""
    cover = locked(cover)
    written = 0
    for section in cover.sections.all():
        words = "" if section.words.strip() else draft_of(cover, section.heading)
        if words:
            section.words = words
            section.save(update_fields=["words"])
            written += 1
    return written


@transaction.atomic
def add_section(cover, *, heading, words):
    """A heading at the end. The same sent twice is one."""
    cover = locked(cover)
    last = cover.sections.aggregate(last=Max("position"))["last"] or 0
    there = cover.sections.filter(heading=heading, words=words).first()
    return there or cover.sections.create(heading=heading, words=words, position=last + 1)


@transaction.atomic
def move_section(section, *, up):
    """One place up or down; at either end it stays."""
    sections = list(locked(section.cover).sections.all())
    place = [each.pk for each in sections].index(section.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(sections):
        sections[place], sections[other] = sections[other], sections[place]
    for position, each in enumerate(sections, start=1):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])


@transaction.atomic
def remove_section(section):
    """Take a heading out; the history keeps its words."""
    locked(section.cover)
    CoverSection.objects.filter(pk=section.pk).delete()


# Making its files


@transaction.atomic
def request_cover_build(cover, *, by):
    """Ask for the files of ``cover``; those under way are the answer."""
    cover = locked(cover)
    return cover.builds.under_way().first() or CoverBuild.objects.create(
        cover=cover, requested_by=by, step="Waiting for a worker"
    )


def cover_content(cover, *, on):
    """All that the cover report prints, as plain data, dated ``on``. Paragraphs are numbered through the whole."""
    consultation = cover.consultation
    report = consultation.report
    partnerships = list(report.partnerships.all())
    name = joined_names([partnership.name for partnership in partnerships])
    return {
        "committee": consultation.name,
        "meets": long_date(consultation.meets_on) if consultation.meets_on else "",
        "report_of": cover.report_of,
        "title": cover.title,
        "years": report.years,
        "name": name,
        "name_lines": name_lines(name),
        "house": house_colours(partnerships[0].house_colour),
        "dated": long_date(on),
        "dated_on": on.isoformat(),
        "sections": numbered(cover, Year.of(report)),
    }


def numbered(cover, year):
    """[{heading, anchor, blocks: [{number, text} or {items}], tables}]; empty headings say that nothing is written."""
    found, number = [], 0
    for section in cover.sections.all():
        is_counted = not section.heading.casefold().startswith(UNNUMBERED)
        blocks = []
        for block in paragraphs(section.words) or [{"text": "None."}]:
            if "text" in block and is_counted:
                number += 1
                block = {"number": number, **block}
            blocks.append(block)
        found.append(
            {
                "heading": section.heading,
                "anchor": f"c{len(found) + 1}",
                "blocks": blocks,
                "tables": tables_of(section.heading, year),
            }
        )
    return found


def still_empty(cover):
    """The headings without a word, in one sentence; or empty."""
    headings = [section.heading for section in cover.sections.all() if not section.words.strip()]
    return sentence_join(f"“{heading}”" for heading in headings)
