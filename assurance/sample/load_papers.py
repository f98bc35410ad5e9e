"""Papers for the next meetings, as people would bring them, and a board pack that waits for the worker."""

import io
from datetime import timedelta

import docx
import pikepdf
from django.utils import timezone
from pikepdf import Dictionary, Name

from assurance.sample import people
from assurance.sample.papers import PAPERS
from partnership.models import AgendaItem, Document, Meeting, Paper
from partnership.packs import request_pack

DAYS_AGO = 2


def load_papers(cast):
    """Each with its item; one is withdrawn, one is a PDF without tags, and one that is wanted is missing."""
    moment = cast.calendar.moment(cast.calendar.day(-DAYS_AGO))
    counted = {}
    for each in PAPERS:
        item = next_item(cast, each)
        if item is None:
            continue
        by = cast.holders[each.by]
        document = Document.keep(filename=each.filename, content=content_of(cast, each), by=by)
        counted[item.pk] = counted.get(item.pk, 0) + 1
        paper = Paper.objects.create(
            item=item, document=document, title=each.title, position=counted[item.pk], added_by=by
        )
        withdrawn_at = moment + timedelta(hours=1) if each.is_withdrawn else None
        Paper.objects.filter(pk=paper.pk).update(added_at=moment, withdrawn_at=withdrawn_at)
    meeting = next_meeting(cast, people.EXECUTIVE)
    if meeting:
        request_pack(meeting, by=cast.holders["manager"])


def next_meeting(cast, group):
    planned = Meeting.objects.planned().filter(group=cast.groups[group], meets_on__gt=timezone.localdate())
    return planned.order_by("meets_on").first()


def next_item(cast, each):
    return AgendaItem.objects.filter(meeting=next_meeting(cast, each.group), title=each.item).first()


def content_of(cast, each):
    return bars(each) if each.bars else word(cast, each)


def word(cast, each):
    document = docx.Document()
    document.core_properties.title = each.title
    for heading, paragraphs in each.parts:
        document.add_heading(heading, 1)
        for text in paragraphs:
            document.add_paragraph(cast.calendar.words(text))
    if each.table:
        document.add_heading("In figures", 1)
        table = document.add_table(rows=0, cols=len(each.table[0]), style="Table Grid")
        for row in each.table:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def bars(each):
    """One page in landscape, drawn as a spreadsheet prints it: no tags for a screen reader."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(842, 595))
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(helvetica)))
    drawn = [text_at(60, 530, 20, each.title)]
    for number, (label, amount) in enumerate(each.bars):
        left = 70 + number * 145
        drawn.append(f"0.29 0.42 0.55 rg {left} 90 90 {amount} re f 0 g")
        drawn += [text_at(left, 96 + amount, 12, f"{amount},000 pounds"), text_at(left, 68, 12, label)]
    page.Contents = pdf.make_stream("\n".join(drawn).encode())
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def text_at(left, bottom, size, words):
    return f"BT /F1 {size} Tf {left} {bottom} Td ({words}) Tj ET"
