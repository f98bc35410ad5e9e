"""A plan as an Excel workbook and as CSV: to be sorted, printed, sent on, and brought back.

The workbook opens on the table as it stands on paper: a row for each activity, the cells of a promise merged
downwards, each priority under a row across. A sheet before it says what the plan is, one after it why each
priority is there. ``plans.importer`` reads it back as the same plan, so that a partnership can always leave
with its plan and come back with it. The CSV is the table alone, every cell said again in every row.
"""

import csv
import io
import re
from dataclasses import dataclass

from django.utils.dateparse import parse_date
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from partnership.lists import BYTE_ORDER_MARK, RECKONED, harmless, plain
from partnership.templatetags.components import long_date
from plans.by_hand import together
from plans.columns import ORDER, USUAL_HEADINGS, Column
from plans.importer.columns import FIELDS, all_columns, plain_heading
from plans.importer.headings import label_of
from plans.importer.own import DRIVERS, HASH, REVIEW_DATES, SHARED
from plans.snapshots import hash_of, plan_of, table_of
from plans.table import filled_columns

WIDTHS = {"ref": 8, "promise": 42, "measures": 32, "leads": 34, "others": 26, "activity": 54, "timescale": 24}
LINE_HEIGHT, MOST_HEIGHT = 15, 409  # points; more Excel does not allow
BOLD, TITLE = Font(bold=True), Font(bold=True, size=16)
WRAPPED = Alignment(wrap_text=True, vertical="top")
HEAD, ACROSS = PatternFill("solid", fgColor="DDDDDD"), PatternFill("solid", fgColor="F0F0F0")
RULE = Border(*[Side("thin", color="999999")] * 4)
BULLET = re.compile(r"^[•–-]\s+")
POINT = "   • "  # a line under an activity's first: further in, or it would be an activity of its own


def make_workbook(snapshot, *, number):
    """``snapshot`` (see ``plans.snapshots``) as the bytes of an .xlsx file. ``number``: its version."""
    content = Content(snapshot, number)
    book = Workbook()
    write_about(book.active, content)
    write_table(book.create_sheet("Plan"), content)
    write_reasons(book.create_sheet("Priorities"), content)
    book.active = 1
    book.properties.title = plain(f"{content.plan.title}, version {number}")
    book.properties.creator = plain(content.plan.whose)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def make_csv(snapshot):
    """The table of ``snapshot`` as text: priority, and every column, in every row."""
    content = Content(snapshot, "")
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["Priority", *[column.heading for column in content.columns]])
    for priority in content.table.priorities:
        for row in priority.deliverables:
            for line in lines_of(row):
                cells = [line.words(column.code) for column in content.columns]
                writer.writerow([harmless(cell) for cell in [priority.heading, *cells]])
    return BYTE_ORDER_MARK + file.getvalue()


class Content:
    """The plan, its table and the columns in which it is written: those it chose, and others that hold anything."""

    def __init__(self, snapshot, number):
        self.snapshot, self.number = snapshot, number
        self.plan = plan_of(snapshot)
        self.table = table_of(snapshot, on=parse_date(snapshot["plan"]["starts_on"]))
        filled = filled_columns(self.table) - {"rating"}
        headings = {code: USUAL_HEADINGS[code] for code in filled} | self.table.headings
        self.columns = [Column(code, readable(code, headings[code])) for code in ORDER if code in headings]


def readable(code, heading):
    """``heading``, with the usual one beside it where nobody else would know what it means."""
    column = next(each for each in all_columns() if each.field == FIELDS[code])
    if column.knows(plain_heading(heading)) == 2:
        return heading
    return USUAL_HEADINGS[code] if code == "ref" else f"{heading} ({USUAL_HEADINGS[code].lower()})"


@dataclass(frozen=True)
class RowLine:
    """One row of the table: a promise and one of its activities (or none). ``lead``: this activity's own."""

    row: object
    activity: object = None
    lead: object = None

    def words(self, code):
        if code == "promise":
            under = [f"Duty: {self.row.duty}"] if self.row.duty else []
            return "\n".join(filter(None, [self.row.title, self.row.description, *under]))
        if code == "leads":
            return leads_in_lines([self.lead] if self.lead else self.row.leads)
        if code == "activity":
            return self._activity()
        if code == "timescale":
            return together(self.activity.timescale_text, self.activity.by_hand) if self.activity else ""
        return {
            "ref": self.row.ref,
            "measures": "\n".join(self.row.evidence_measures),
            "others": "\n".join(self.row.other_partnerships),
        }[code]

    def _activity(self):
        lines = [line.strip() for line in (self.activity.text if self.activity else "").splitlines() if line.strip()]
        if not lines:
            return ""
        own = self.activity.lead
        is_said = self.lead is not None or not own or [own] == [lead.text for lead in self.row.leads]
        first = lines[0] if is_said else f"{lines[0]} ({own})"
        return "\n".join([first, *(POINT + BULLET.sub("", line) for line in lines[1:])])


def leads_in_lines(leads):
    """One a line; a list, where one has no area: a name alone above another would be a partnership's."""
    is_list = len(leads) > 1 and not all(lead.area for lead in leads)
    return "\n".join(f"• {lead_words(lead)}" if is_list else lead_words(lead) for lead in leads)


def lead_words(lead):
    return f"{lead.area}: {lead.text}" if lead.area else lead.text


def lines_of(row):
    """The rows of a promise. Where each activity has a lead of its own, they stand beside each."""
    by_text = {lead.text: lead for lead in row.leads}
    own = [activity.lead for activity in row.activities]
    is_each = len(by_text) > 1 and set(own) == by_text.keys()
    return [RowLine(row, each, by_text[each.lead] if is_each else None) for each in row.activities] or [RowLine(row)]


# Sheets


def write_about(sheet, content):
    """What the plan is. Priorities that run through all the others stand here: they promise nothing of their own."""
    sheet.title = "About"
    plan, snapshot = content.plan, content.snapshot
    sheet.column_dimensions["A"].width = 120
    lines = [
        (plan.title, TITLE),
        (f"Of: {whose(snapshot)}", None),
        (f"Period: {long_date(plan.starts_on)} to {long_date(plan.ends_on)}", None),
        (f"Version: {content.number}", None),
        *((line, None) for line in plan.introduction.splitlines()),
    ]
    if snapshot["drivers"]:
        lines.append((DRIVERS, BOLD))
        lines += [(f"• {with_source(each)}", None) for each in snapshot["drivers"]]
    if snapshot["review_dates"]:
        lines.append((REVIEW_DATES, BOLD))
        lines += [(f"• {review_words(each)}", None) for each in snapshot["review_dates"]]
    for priority in snapshot["priorities"]:
        if is_only_text(priority):
            lines += through_all(priority)
    lines.append((f"{HASH}: {hash_of(snapshot)}", None))
    for words, font in lines:
        if words.strip():
            put(sheet, sheet.max_row + (sheet.max_row > 1 or sheet["A1"].value is not None), 1, words.strip(), font)


def whose(snapshot):
    """Each partnership with its short name, which stands before its leads."""
    named = [f"{each['name']} ({each['short_name']})" for each in snapshot["plan"]["partnerships"]]
    return " and ".join(named) or snapshot["plan"]["whose"]


def with_source(each):
    return f"{each['text']} ({each['source']})" if each["source"] else each["text"]


def review_words(each):
    return ": ".join(filter(None, [long_date(parse_date(each["day"])), each["label"]]))


def is_only_text(priority):
    return priority["is_cross_cutting"] and not priority["deliverables"]


def through_all(priority):
    title = priority["title"]
    named = title if "cross" in title.casefold() and "cutting" in title.casefold() else f"Cross-cutting: {title}"
    lines = [(named, BOLD), *((line, None) for line in priority["note"].splitlines())]
    if priority["rationale"]:
        lines += [("Rationale", BOLD), *((f"• {with_source(each)}", None) for each in priority["rationale"])]
    if priority["outcomes"]:
        lines += [(heading_of_outcomes(priority), BOLD), *((f"• {text}", None) for text in priority["outcomes"])]
    return lines


def heading_of_outcomes(priority):
    """What the plan calls its outcomes, with the usual word beside it where nobody else would know what is meant."""
    heading = priority["outcomes_heading"] or "Outcome statement"
    return heading if label_of(heading) == "outcomes" else f"{heading} (outcomes)"


def write_table(sheet, content):
    """The plan as it stands on paper, its headings always in sight."""
    last = len(content.columns)
    put(sheet, 1, 1, content.plan.title, TITLE)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=last)
    for number, column in enumerate(content.columns, start=1):
        put(sheet, 2, number, column.heading, BOLD, HEAD)
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS[column.code]
    at = 3
    for priority, source in zip(content.table.priorities, content.snapshot["priorities"], strict=True):
        if is_only_text(source):
            continue
        put(sheet, at, 1, priority.heading, BOLD, ACROSS)
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=last)
        at += 1
        for row in priority.deliverables:
            at = write_promise(sheet, at, row, content.columns)
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def write_promise(sheet, top, row, columns):
    """The rows of one promise from ``top`` on; gives the row after them."""
    lines = lines_of(row)
    own_columns = {"activity", "timescale", "leads"} if lines[0].lead else {"activity", "timescale"}
    own, shared = [1] * len(lines), 1
    for number, column in enumerate(columns, start=1):
        is_shared = column.code not in own_columns
        tall = [line_count(line.words(column.code), WIDTHS[column.code]) for line in lines]
        if is_shared:
            shared = max(shared, tall[0])
        else:
            own = [max(pair) for pair in zip(own, tall, strict=True)]
        for at, line in enumerate(lines, start=top):
            words = line.words(column.code) if at == top or not is_shared else ""
            if column.code == "promise" and words:
                put_promise(sheet, at, number, row.title, words)
            else:
                put(sheet, at, number, words)
        if is_shared and len(lines) > 1:
            # Its cells are empty and have their borders; ``merge_cells`` makes each again, which took most of the time.
            bottom = top + len(lines) - 1
            sheet.merged_cells.add(CellRange(min_col=number, max_col=number, min_row=top, max_row=bottom))
    own[-1] += max(0, shared - sum(own))  # Excel leaves no room by itself for what stands in merged cells
    for at, count in enumerate(own, start=top):
        sheet.row_dimensions[at].height = min(count * LINE_HEIGHT, MOST_HEIGHT)
    return top + len(lines)


def line_count(words, width):
    """About how many lines ``words`` take in a column of so many characters."""
    return sum(-(-max(len(line), 1) // width) for line in words.split("\n"))


def write_reasons(sheet, content):
    """Why each priority is there and what should come of it: a row for each."""
    for number, (heading, width) in enumerate([("Priority", 42), ("Section", 28), ("Text", 90)], start=1):
        put(sheet, 1, number, heading, BOLD, HEAD)
        sheet.column_dimensions[get_column_letter(number)].width = width
    at = 2
    for priority, source in zip(content.table.priorities, content.snapshot["priorities"], strict=True):
        if is_only_text(source):
            continue
        said = [("Note", line) for line in source["note"].splitlines() if line.strip()]
        said += [("Note", f"{SHARED}{'; '.join(source['joint_with'])}")] if source["joint_with"] else []
        said += [("Rationale", with_source(each)) for each in source["rationale"]]
        said += [(heading_of_outcomes(source), text) for text in source["outcomes"]]
        for section, text in said:
            for number, words in enumerate([priority.heading, section, text], start=1):
                put(sheet, at, number, words)
            at += 1
    sheet.freeze_panes = "A2"


def put(sheet, row, column, words, font=None, fill=None):
    """Words and nothing else: what looks like a formula is none."""
    cell = sheet.cell(row, column)
    words = plain(words)
    if words:
        cell.value = words
        cell.data_type, cell.quotePrefix = "s", words.startswith(RECKONED)
    cell.alignment, cell.border = WRAPPED, RULE if sheet.title != "About" else Border()
    if font:
        cell.font = font
    if fill:
        cell.fill = fill


def put_promise(sheet, row, column, title, words):
    """The title in bold, so that it can be told from what stands under it."""
    put(sheet, row, column, words, BOLD)
    title, words = plain(title), plain(words)
    rest = words.removeprefix(title)
    if rest:
        cell = sheet.cell(row, column)
        cell.value = CellRichText(TextBlock(InlineFont(b=True), title), TextBlock(InlineFont(b=False), rest))
        cell.font = Font()
