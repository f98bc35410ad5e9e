"""The board pack: asked for by one press, made by a worker, kept as it was made.

A worker claims it (``partnership.builds``), makes each paper ready by itself, lays everything out and
joins it (``pack_pdf``), and makes the same as a Word document (``pack_word``). A paper that cannot be
put in is left out with a sentence; it never breaks the pack. All of it ends within ``SECONDS``.
"""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from partnership.attendance import answers_for, heat_map
from partnership.builds import Pages, run_claimed
from partnership.confined import Limits, run_confined
from partnership.frame import joined_names
from partnership.house_style import darkened, house_colours, name_lines
from partnership.models import BoardPack, Meeting, Paper
from partnership.pack_pdf import lay_out_pack
from partnership.papers import PackPaper, with_papers
from partnership.pdf import PdfProblem
from partnership.templatetags.components import days_late, long_date
from partnership.uploads import UnreadableFile

SECONDS_FOR_PAPERS = 90
SECONDS_FOR_A_PAPER = 20
MOST_BYTES = 100 * 1024 * 1024  # of all papers together
MOST_PAGES = 600  # of all papers that are PDFs
WORD_LIMITS = Limits(cpu_seconds=30, wall_seconds=40, memory_bytes=1_500_000_000)
A_YEAR = timedelta(days=365)

NO_TIME = "There was no time left for it: the papers before it took too long to read. Ask for the pack again."
TOO_HEAVY = "With it the pack would be larger than 100 MB."
TOO_LONG = f"With it the pack would have more than {MOST_PAGES} pages of papers."
NOT_IN_WORD = "The Word document could not take it in as it is; it stands in the PDF."


# Asking


@transaction.atomic
def request_pack(meeting, *, by):
    """Ask for a pack of ``meeting``; one that is under way already is the answer."""
    Meeting.objects.select_for_update(of=["self"], no_key=True).get(pk=meeting.pk)
    under_way = meeting.packs.under_way().first()
    return under_way or meeting.packs.create(requested_by=by, step="Waiting for a worker")


# Making


def run_pack(pack_id):
    """Make the pack that waits; of any other nothing. Gives whether this call made it."""
    return run_claimed(BoardPack, pack_id, make)


def make(claim):
    meeting = Meeting.objects.select_related("group").get(packs=claim.build_id)
    papers = papers_of(meeting)
    prepare_papers(papers, claim)
    content = pack_content(meeting, now=timezone.localtime())
    pdf = lay_out_pack(content, papers, claim=claim, on_page=Pages(claim, pages_expected(meeting, papers)))
    claim.say("Making the Word document", pdf.page_count, pdf.page_count)
    word = make_word(content, papers, claim)
    claim.keep(pdf, word=word, word_size=len(word), left_out=remarks(papers))


def papers_of(meeting):
    """The papers that stand, in the agenda's order, each with its numbers."""
    places = {key: number for number, key in enumerate(items_in_order(meeting).values_list("pk", flat=True), start=1)}
    found = Paper.objects.filter(item__meeting=meeting, withdrawn_at=None).select_related("document")
    papers, counted = [], {}
    for paper in found.defer("document__content").order_by("item__position", "item", "position", "pk"):
        counted[paper.item_id] = counted.get(paper.item_id, 0) + 1
        papers.append(
            PackPaper(
                item_number=places[paper.item_id],
                number=counted[paper.item_id],
                title=paper.title,
                filename=paper.document.filename,
                path=reverse("partnership:paper-download", args=[paper.pk]),
                document_id=paper.document_id,
                size=paper.document.size,
            )
        )
    return papers


def items_in_order(meeting):
    return meeting.items.order_by("position", "pk")


def prepare_papers(papers, claim):
    """Make each ready, as far as time and room go."""
    stop_at = time.monotonic() + SECONDS_FOR_PAPERS
    room, pages = MOST_BYTES, MOST_PAGES
    for number, paper in enumerate(papers, start=1):

        def say(number=number):
            claim.say(f"Reading paper {number} of {len(papers)}", number - 1, len(papers))

        say()
        left = stop_at - time.monotonic()
        if left < 1:
            paper.leave_out(NO_TIME)
            continue
        if paper.size > room:
            paper.leave_out(TOO_HEAVY)
            continue
        paper.prepare(limits=Limits(wall_seconds=min(left, SECONDS_FOR_A_PAPER)), on_wait=say)
        if paper.is_in and paper.is_pdf and paper.page_count > pages:
            paper.leave_out(TOO_LONG)
        if paper.is_in:
            room -= paper.size
            pages -= paper.page_count or 0


def pages_expected(meeting, papers):
    """As many as last time; for a first pack a guess."""
    last = meeting.packs.done().values_list("page_count", flat=True).first()
    return last or 5 + sum(1 + (paper.page_count or 3) for paper in papers if paper.is_in)


def remarks(papers):
    """What a reader should know: each paper that is not in, and each that not everybody can read."""
    return [
        {"label": paper.label, "title": paper.title, "is_in": paper.is_in, "said": paper.why_out or paper.remark}
        for paper in papers
        if paper.why_out or paper.remark
    ]


def make_word(content, papers, claim):
    """The pack as a Word document; where a paper breaks the joining, it is made without papers."""
    brought = [paper for paper in papers if paper.is_in and not paper.is_pdf]
    say = lambda: claim.say("Making the Word document")  # noqa: E731
    for attached in (brought, []):
        question = {"pack": with_papers(content, papers), "papers": [paper.anchor for paper in attached]}
        files = [paper.content for paper in attached]
        try:
            answer, [word] = run_confined("partnership.pack_word", question, files, limits=WORD_LIMITS, on_wait=say)
        except UnreadableFile as fault:
            problem = fault
            continue
        missing = set(answer["missing"]) | {paper.anchor for paper in brought if paper not in attached}
        for paper in brought:
            if paper.anchor in missing:
                paper.remark = paper.remark or NOT_IN_WORD
        return word
    raise PdfProblem(f"The Word document could not be made. {problem}")


# What is in it


def pack_content(meeting, *, now):
    """All that both documents say, as plain values. ``now``: the moment, in local time."""
    group = meeting.group
    partnerships = list(group.partnerships.all())
    name = joined_names([partnership.name for partnership in partnerships])
    colour = partnerships[0].house_colour if partnerships else "#5b2459"
    return {
        "name": name,
        "name_lines": name_lines(name),
        "house": house_colours(darkened(colour)),
        "group": group.name,
        "title": meeting.title or group.name,
        "is_named": bool(meeting.title),
        "day": f"{meeting.meets_on:%A} {long_date(meeting.meets_on)}",
        "short_day": long_date(meeting.meets_on),
        "times": times_of(meeting),
        "venue": meeting.venue,
        "link": meeting.link,
        "status": meeting.status,
        "made": f"{long_date(now)} at {now:%H:%M}",
        "made_on": now.date().isoformat(),
        "office": {"email": partnerships[0].office_email if partnerships else ""},
        "agenda": agenda_of(meeting),
        "last": last_meeting_of(meeting),
        "actions": actions_of(group, on=now.date()),
        "attendance": attendance_of(meeting),
    }


def times_of(meeting):
    if meeting.starts_at is None:
        return ""
    starts = clock(meeting.starts_at)
    return f"{starts} to {clock(meeting.ends_at)}" if meeting.ends_at else f"From {starts}"


def clock(time_of_day):
    """ "2pm", "9.30am"."""
    words = format_date(time_of_day, "g.i") if time_of_day.minute else format_date(time_of_day, "g")
    return f"{words}{'am' if time_of_day.hour < 12 else 'pm'}"


def agenda_of(meeting):
    """Each item with its time, as long as every item before it says how long it is."""
    at = datetime.combine(meeting.meets_on, meeting.starts_at) if meeting.starts_at else None
    lines = []
    for number, item in enumerate(items_in_order(meeting).select_related("lead_post__organisation"), start=1):
        lines.append(
            {
                "number": number,
                "time": clock(at.time()) if at else "",
                "minutes": item.minutes,
                "title": item.title,
                "kind": item.get_kind_display(),
                "asked": item.asked,
                "lead": item.lead_post.title if item.lead_post else "",
                "lead_organisation": lead_organisation(item),
                "needs_paper": item.needs_paper,
            }
        )
        at = at + timedelta(minutes=item.minutes) if at and item.minutes else None
    return lines


def lead_organisation(item):
    post = item.lead_post
    return post.organisation.name if post and post.organisation_id else ""


def last_meeting_of(meeting):
    """What the group's last meeting before this one said and decided; None where it is the first."""
    before = Meeting.objects.held().filter(group=meeting.group, meets_on__lt=meeting.meets_on)
    last = before.select_related("group").order_by("-meets_on").first()
    if last is None:
        return None
    answers = answers_for(last)
    by_status = {}
    for answer in answers:
        who = f"{answer.name} ({answer.who})" if answer.who else answer.name
        by_status.setdefault(answer.status_words, []).append(who)
    return {
        "day": long_date(last.meets_on),
        "is_agreed": last.has_agreed_minutes,
        "agreed_on": long_date(last.minutes_agreed_on),
        "attendance": [
            {"status": status, "who": by_status[status]}
            for status in ("Present", "Deputy", "Apologies", "No response")
            if status in by_status
        ],
        "also_there": last.also_there,
        "items_said": [
            {
                "number": number,
                "title": item.title,
                "paragraphs": [line.strip() for line in item.discussion.splitlines() if line.strip()],
            }
            for number, item in enumerate(items_in_order(last), start=1)
        ],
        "decisions": [
            {
                "ref": decision.ref,
                "text": decision.text,
                "reason": decision.reason,
                "item": decision.item.title if decision.item else "",
            }
            for decision in last.decisions.select_related("item")
        ],
    }


def actions_of(group, *, on):
    """The open action log, the earliest day first."""
    actions = group.actions.open().with_latest_update().select_related("lead_post", "lead_group", "lead_organisation")
    return [
        {
            "ref": action.ref,
            "text": action.text,
            "lead": str(action.lead or "Nobody yet"),
            "due": long_date(action.due_on),
            "late": days_late(action.due_on, on),
            "latest": action.latest_text or "",
            "latest_on": long_date(action.latest_at),
        }
        for action in actions.order_by("due_on", "pk")
    ]


def attendance_of(meeting):
    """Who was there in the year before this meeting; None where there was none."""
    found = heat_map(meeting.group, first=meeting.meets_on - A_YEAR, last=meeting.meets_on - timedelta(days=1))
    if not found.held_count:
        return None
    return {
        "days": [{"day": format_date(each.meets_on, "j M"), "year": each.meets_on.year} for each in found.meetings],
        "lines": [
            {
                "name": line.name,
                "cells": [{"letter": cell.letter, "words": cell.words} for cell in line.cells],
                "there": f"{line.there_count} of {line.asked_count}",
                "is_seldom_there": line.is_seldom_there,
            }
            for line in found.lines
        ],
        "key": [f"{letter} {words.lower()}" for letter, words in key_of(found)],
    }


def key_of(found):
    """The letters that stand in the table, with their words."""
    return sorted({(cell.letter, cell.words) for line in found.lines for cell in line.cells})
