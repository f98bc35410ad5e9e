"""Papers for a meeting: taken in, put in order, withdrawn, and made ready for a pack.

A paper is kept as it came. It is opened where it can do no harm (``partnership.confined``): once when it
is brought, so that whoever brings it learns at once what is wrong with it, and again for each pack.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from partnership.confined import run_confined
from partnership.meetings import may_still_be_written
from partnership.models import AgendaItem, Document, Paper
from partnership.publishing import sha256_of
from partnership.uploads import UnreadableFile, check_upload

WANTED = (".pdf", ".docx")
PROGRAMS = {".pdf": "partnership.paper_pdf", ".docx": "partnership.paper_word"}

NO_TAGS = "It has no headings or order for a screen reader, which reads each page as one paragraph."
A_SCAN = "It is a picture of pages: a screen reader finds no words in it."
NO_FONTS = "It does not bring its own fonts, so it may look different elsewhere."
LOST_PICTURES = "Some of its drawings are in a form that only Word can show."


# Taking in


def look_at(upload):
    """(bytes, remark) of a file that somebody brings (Django's UploadedFile); the remark may be "".

    Raises UnreadableFile, saying what to do, for what a pack could not take.
    """
    suffix = check_upload(upload, wanted=WANTED)
    content = upload.read()
    facts, _ = run_confined(PROGRAMS[suffix], {"prefix": ""}, [content])
    return content, remark_on(facts)


def remark_on(facts):
    """What a reader should know of a paper (the facts of ``paper_pdf`` or ``paper_word``), or ""."""
    if "html" in facts:
        return LOST_PICTURES if facts["lost_pictures"] else ""
    if facts["is_scan"]:
        return A_SCAN
    if not facts["is_tagged"]:
        return NO_TAGS
    return "" if facts["has_own_fonts"] else NO_FONTS


@transaction.atomic
def take_paper(item, *, title, filename, content, by):
    """(paper, whether it is new): the same bytes twice for one item are one paper.

    Raises ValidationError for a meeting that was cancelled or whose minutes are agreed.
    """
    item = AgendaItem.objects.select_for_update(of=["self"], no_key=True).select_related("meeting").get(pk=item.pk)
    if item.meeting:
        may_still_be_written(item.meeting)
    papers = item.papers.filter(withdrawn_at=None)
    same = papers.filter(document__sha256=sha256_of(content)).first()
    if same:
        return same, False
    document = Document.keep(filename=filename, content=content, by=by)
    last = papers.order_by("-position").values_list("position", flat=True).first()
    return item.papers.create(document=document, title=title, position=(last or 0) + 1, added_by=by), True


def same_elsewhere(paper):
    """Another item of the same meeting that has the same file, or None."""
    if paper.item.meeting_id is None:
        return None
    others = AgendaItem.objects.filter(meeting=paper.item.meeting_id).exclude(pk=paper.item_id)
    return others.filter(papers__withdrawn_at=None, papers__document__sha256=paper.document.sha256).first()


# Afterwards


@transaction.atomic
def withdraw_paper(paper, *, at):
    """Whether this withdrew it. It is kept, and is in no pack made from now on."""
    return bool(Paper.objects.filter(pk=paper.pk, withdrawn_at=None).update(withdrawn_at=at))


@transaction.atomic
def shift_paper(paper, *, up):
    """Swap ``paper`` with its neighbour; at the end it stays where it is."""
    AgendaItem.objects.select_for_update(of=["self"], no_key=True).get(pk=paper.item_id)
    papers = list(Paper.objects.filter(item=paper.item_id, withdrawn_at=None).order_by("position", "pk"))
    if paper not in papers:
        return
    place = papers.index(paper)
    other = place - 1 if up else place + 1
    if 0 <= other < len(papers):
        papers[place], papers[other] = papers[other], papers[place]
    for position, each in enumerate(papers, start=1):
        each.position = position
    Paper.objects.bulk_update(papers, ["position"])


# For a pack


@dataclass
class PackPaper:
    """A paper on its way into a pack. ``why_out`` says why it is not in; ``remark`` what to know of it."""

    item_number: int
    number: int
    title: str
    filename: str
    path: str
    document_id: object
    size: int
    content: bytes = b""
    facts: dict = field(default_factory=dict)
    files: list = field(default_factory=list)
    why_out: str = ""
    remark: str = ""

    @property
    def label(self):
        return f"Item {self.item_number}, paper {self.number}"

    @property
    def anchor(self):
        return f"paper-{self.item_number}-{self.number}"

    @property
    def is_pdf(self):
        return Path(self.filename).suffix.lower() == ".pdf"

    @property
    def is_in(self):
        return not self.why_out

    @property
    def page_count(self):
        return len(self.facts["sizes"]) if "sizes" in self.facts else None

    @property
    def described(self):
        """What both documents say of it, as plain values."""
        return {
            "label": self.label,
            "item_number": self.item_number,
            "anchor": self.anchor,
            "title": self.title,
            "filename": self.filename,
            "url": f"{settings.SITE_URL}{self.path}",
            "is_pdf": self.is_pdf,
            "is_in": self.is_in,
            "page_count": self.page_count,
            "said": self.why_out or self.remark,
        }

    def leave_out(self, why):
        self.why_out, self.content, self.facts, self.files = why, b"", {}, []

    def prepare(self, *, limits, on_wait):
        """Read it from the database and make it ready, or leave it out and say why."""
        self.content = bytes(Document.objects.values_list("content", flat=True).get(pk=self.document_id))
        program = PROGRAMS.get(Path(self.filename).suffix.lower())
        if program is None:
            self.leave_out("Only PDF and Word papers can be put into a pack.")
            return
        try:
            question = {"prefix": f"{self.anchor}-"}
            self.facts, self.files = run_confined(program, question, [self.content], limits=limits, on_wait=on_wait)
        except UnreadableFile as refusal:
            self.leave_out(str(refusal))
            return
        self.remark = remark_on(self.facts)
        if self.is_pdf:
            self.content = b""  # the pack takes what was made of it


def with_papers(content, papers):
    """``content`` of a pack with its papers beside their items, as they stand now."""
    described = [paper.described for paper in papers]
    agenda = []
    for item in content["agenda"]:
        own = [paper for paper in described if paper["item_number"] == item["number"]]
        agenda.append(item | {"papers": own, "is_awaited": item["needs_paper"] and not own})
    items = {item["number"]: item for item in content["agenda"]}
    return content | {
        "agenda": agenda,
        "papers": [paper | {"item": items[paper["item_number"]]} for paper in described],
        "has_papers_out": not all(paper["is_in"] for paper in described),
    }
