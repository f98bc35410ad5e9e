"""One invented plan in the many shapes in which offices keep theirs in Excel, made when a test needs them.

``SHAPES`` names them: each function answers with (an openpyxl Workbook, the plan that it says). Nobody in it
exists. What a shape cannot say (a number, who else takes part) is left out of its plan.
"""

import copy
import zipfile
from datetime import date

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

TITLE = "Ashford Vale and Millbrook business plan April 2026 to March 2027 (v2.1)"
BOLD = Font(bold=True)


def activity(text, timescale, kind="date", *days):
    return {"text": text, "timescale_text": timescale, "kind": kind, "dates": list(days)}


def deliverable(ref, title, leads, activities, others=(), evidence=()):
    return {
        "ref": ref,
        "title": title,
        "leads": [{"partnership": area, "text": text} for area, text in leads],
        "other_partnerships": list(others),
        "evidence_measures": list(evidence),
        "activities": activities,
    }


def invented_plan():
    front_door = deliverable(
        "1.1",
        "One front door for parents of a new baby",
        [("AV", "Head of early help"), ("MB", "Early help manager")],
        [
            activity("Agree the form that both areas use", "June 2026", "date", "2026-06-30"),
            activity("Train the duty teams", "October 2026", "date", "2026-10-31"),
            activity("Ask twenty parents how it went", "March 2027", "date", "2027-03-31"),
        ],
        ["Maternity voices partnership", "Adult mental health forum"],
        ["Families wait less than ten days"],
    )
    safer_sleep = deliverable(
        "1.2",
        "Advice on safer sleep at every first visit",
        [(None, "Chair of the Health Reference Group")],
        [
            activity("Print the leaflet in six languages", "September 2026", "date", "2026-09-30"),
            activity("Check that midwives hand it out", "Throughout the year", "continuous"),
        ],
        [],
        ["Audit of first visits", "Parents remember the advice"],
    )
    first_hour = deliverable(
        "2.1",
        "The first hour after a child is missed",
        [(None, "Missing children coordinator")],
        [
            activity("Write down who rings whom", "May 2026", "date", "2026-05-31"),
            activity("Practise it in one exercise", "November 2026", "date", "2026-11-30"),
        ],
        ["Community safety partnership"],
        ["Every call within the hour"],
    )
    return_talk = deliverable(
        "2.2",
        "A talk with each child who comes back",
        [("AV", "Youth service manager"), ("MB", "Head of participation")],
        [activity("Find somebody whom the child chooses", "To be confirmed", "unset")],
        [],
        ["Talks within three days"],
    )
    hearing = deliverable(
        "3.1",
        "Young people sit in when we choose next year’s work",
        [(None, "Participation leads of both councils")],
        [
            activity("Invite the two youth forums", "July 2026", "date", "2026-07-31"),
            activity("Meet with them twice", "September 2026\nJanuary 2027", "dates", "2026-09-30", "2027-01-31"),
            activity("Tell them what came of it", "February 2027", "date", "2027-02-28"),
        ],
        [],
        ["They say that it was worth coming"],
    )
    return {
        "title": TITLE,
        "period_start": "2026-04-01",
        "period_end": "2027-03-31",
        "version": "v2.1",
        "priorities": [
            {
                "ref": "1",
                "title": "The first year of life",
                "rationale": ["Two reviews were about babies", "Half of new parents moved here in the last year"],
                "outcomes": ["Parents know whom to ask", "Babies are seen by somebody who knows them"],
                "deliverables": [front_door, safer_sleep],
            },
            {
                "ref": "2",
                "title": "Children who go missing",
                "rationale": ["More children go missing from care than three years ago"],
                "outcomes": ["Each child is looked for at once"],
                "deliverables": [first_hour, return_talk],
            },
            {
                "ref": "3",
                "title": "Hearing young people",
                "rationale": ["They told us that nobody asks"],
                "outcomes": ["Our work is chosen with them"],
                "deliverables": [hearing],
            },
        ],
    }


def without(plan, *fields, front=()):
    """``plan`` without what a shape has no place for: fields of a deliverable ("ref", "others"), ``front`` of all."""
    plan = copy.deepcopy(plan)
    names = {"others": "other_partnerships", "evidence": "evidence_measures"}
    for name in front:
        plan[name] = None
    for priority in plan["priorities"]:
        for name in {"rationale", "outcomes"} & set(fields):
            priority[name] = []
        if "priority ref" in fields:
            priority["ref"] = None
        for row in priority["deliverables"]:
            for name in {"others", "evidence"} & set(fields):
                row[names[name]] = []
            if "ref" in fields:
                row["ref"] = None
    return plan


# Pieces


def put(sheet, row, values, *, first=1, bold=False):
    for column, value in enumerate(values, start=first):
        if value not in (None, ""):
            cell = sheet.cell(row, column, value)
            if bold:
                cell.font = BOLD
    return row + 1


def leads_of(row):
    leads = row["leads"]
    return "\n".join(
        f"{each['partnership']}: {each['text']}" if each["partnership"] else each["text"] for each in leads
    )


def cells_of(row, work, columns):
    """A row of the table: one cell for each of ``columns``."""
    values = {
        "ref": row["ref"],
        "deliverable": row["title"],
        "numbered": f"{row['ref'].split('.')[-1]}. {row['title']}" if row["ref"] else row["title"],
        "lead": leads_of(row),
        "others": "\n".join(row["other_partnerships"]),
        "evidence": "\n".join(row["evidence_measures"]),
        "activity": work["text"],
        "timescale": work["timescale_text"],
        "": None,
    }
    return [values[column] for column in columns]


def rows_of(sheet, at, priority, columns, *, first=1, merge=(), repeat=False, blank=()):
    """A row for each activity. Cells of the promise are merged downwards, said again, or left empty below."""
    own = {"ref", "deliverable", "numbered", "lead", "others", "evidence"}
    for row in priority["deliverables"]:
        top = at
        for work in row["activities"]:
            values = cells_of(row, work, columns)
            if at > top and not repeat:
                values = [None if name in own else value for name, value in zip(columns, values, strict=True)]
            at = put(sheet, at, values, first=first)
        for column, name in enumerate(columns, start=first):
            if name in own and name in merge and at - top > 1:
                sheet.merge_cells(start_row=top, end_row=at - 1, start_column=column, end_column=column)
    return at


def real_dates(sheet, column, shown="mmm yyyy"):
    """Put real dates for months in words."""
    months = {f"{date(2026, month, 1):%B}": month for month in range(1, 13)}
    for [cell] in sheet.iter_rows(min_col=column, max_col=column):
        word, _, year = str(cell.value or "").partition(" ")
        if word in months and year.isdigit():
            day = date(int(year), months[word], 1)
            cell.value, cell.number_format = day, shown


def numbered_deliverables(plan):
    """Numbers as they stand in a title, "1." and "2." under each priority."""
    plan = copy.deepcopy(plan)
    for priority in plan["priorities"]:
        for row in priority["deliverables"]:
            row["ref"] = row["ref"].split(".")[1]
    return plan


# Shapes


def sheet_for_each_priority():
    """A cover, then a sheet each: its title, why, the table with cells merged downwards, what should come of it."""
    plan, book = numbered_deliverables(without(invented_plan(), "evidence")), Workbook()
    cover = book.active
    cover.title = "Plan"
    put(cover, 1, [TITLE], bold=True)
    put(cover, 3, ["Two areas wrote this plan together after asking three hundred parents."])
    for priority in plan["priorities"]:
        sheet = book.create_sheet(f"{priority['ref']} {priority['title'][:20]}")
        at = put(sheet, 1, [f"{priority['ref']}. {priority['title']}"], bold=True)
        at = put(sheet, at, ["Rationale:"], bold=True)
        for text in priority["rationale"]:
            at = put(sheet, at, [f"• {text}"])
        at = put(sheet, at + 1, ["Key Deliverables", "Lead", "Other partnerships", "Activity", "Timescale"], bold=True)
        columns = ["numbered", "lead", "others", "activity", "timescale"]
        at = rows_of(sheet, at, priority, columns, merge=("numbered", "lead", "others"))
        real_dates(sheet, 5)
        at = put(sheet, at + 1, ["Outcome statements"], bold=True)
        for text in priority["outcomes"]:
            at = put(sheet, at, [f"• {text}"])
    return book, plan


def one_table_said_again():
    """One table to sort and filter: priority, promise and lead are said again in each row; a sheet of outcomes."""
    plan, book = without(invented_plan(), "others"), Workbook()
    sheet = book.active
    sheet.title = "Tracker"
    put(sheet, 1, [TITLE], bold=True)
    headings = ["Priority", "Ref", "Deliverable", "Lead agency", "Success measures", "Action", "Due date", "BRAG"]
    at = put(sheet, 3, headings)
    for priority in plan["priorities"]:
        columns = ["", "ref", "deliverable", "lead", "evidence", "activity", "timescale"]
        top = at
        at = rows_of(sheet, at, priority, columns, repeat=True)
        for row in range(top, at):
            sheet.cell(row, 1, f"{priority['ref']}. {priority['title']}")
    real_dates(sheet, 7, "d mmmm yyyy")
    days_of_months(sheet, 7)
    aside = book.create_sheet("Outcomes")
    at = put(aside, 1, ["Priority", "Section", "Text"])
    for priority in plan["priorities"]:
        name = f"{priority['ref']}. {priority['title']}"
        for text in priority["rationale"]:
            at = put(aside, at, [name, "Rationale", text])
        for text in priority["outcomes"]:
            at = put(aside, at, [name, "What will success look like?", text])
    return book, plan


def days_of_months(sheet, column):
    """A real date that shows its day is that day: put the last of the month."""
    for [cell] in sheet.iter_rows(min_col=column, max_col=column):
        if hasattr(cell.value, "year"):
            value = cell.value
            following = date(value.year + value.month // 12, value.month % 12 + 1, 1)
            cell.value = date.fromordinal(following.toordinal() - 1)


def banners_across_one_table():
    """Each priority under a row merged across the only table."""
    plan, book = without(invented_plan(), "others", "rationale", "outcomes"), Workbook()
    sheet = book.active
    put(sheet, 1, [TITLE], bold=True)
    sheet.merge_cells("A1:F1")
    at = put(sheet, 2, ["No.", "What we will do", "Who leads", "How will we know", "Key actions", "By when"], bold=True)
    for priority in plan["priorities"]:
        put(sheet, at, [f"Priority {priority['ref']}: {priority['title']}"])
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=6)
        columns = ["ref", "deliverable", "lead", "evidence", "activity", "timescale"]
        at = rows_of(sheet, at + 1, priority, columns, merge=("ref", "deliverable", "lead"))
    return book, plan


def bold_lines_and_headings_again():
    """Bold lines that are not merged, an empty row before each, and the headings under every one of them."""
    plan, book = without(invented_plan(), "ref", "evidence", "rationale", "outcomes"), Workbook()
    sheet = book.active
    sheet.title = "Plan 26-27"
    at = put(sheet, 1, [TITLE], bold=True)
    for priority in plan["priorities"]:
        at = put(sheet, at + 1, [f"{priority['ref']}. {priority['title']}"], bold=True)
        at = put(sheet, at, ["Objective", "Responsible", "Other agencies", "Tasks", "Deadline"], bold=True)
        at = rows_of(
            sheet,
            at,
            priority,
            ["deliverable", "lead", "others", "activity", "timescale"],
            merge=("deliverable", "lead", "others"),
        )
    return book, plan


def many_in_one_cell():
    """One row a promise; activities and dates are lines of one cell each, with the bullets of a symbol font."""
    plan, book = without(invented_plan(), "rationale", "outcomes"), Workbook()
    plan["priorities"][2]["deliverables"][0]["activities"].pop(1)  # two dates for one line of three can't be told
    sheet = book.active
    put(sheet, 1, [TITLE])
    headings = ["Theme", "Reference", "Key deliverable", "Leads", "Partners", "Measures", "Activities", "Timescales"]
    at = put(sheet, 4, headings)
    for priority in plan["priorities"]:
        top = at
        for row in priority["deliverables"]:
            works = [f"\uf0b7 {each['text']}" for each in row["activities"]]
            whens = [each["timescale_text"] for each in row["activities"]]
            values = [None, row["ref"], row["title"], leads_of(row), "\n".join(row["other_partnerships"])]
            values += ["\n".join(row["evidence_measures"]), "\n".join(works), "\n".join(whens)]
            at = put(sheet, at, values)
        sheet.cell(top, 1, f"Theme {priority['ref']}: {priority['title']}")
        sheet.merge_cells(start_row=top, end_row=at - 1, start_column=1, end_column=1)
    return book, plan


def names_of_sheets():
    """The sheets' names are the priorities; no Activity column, so that each row is one promise."""
    plan, book = without(invented_plan(), "others", "rationale", "outcomes"), Workbook()
    cover = book.active
    cover.title = "Cover"
    put(cover, 2, [TITLE], bold=True)
    for priority in plan["priorities"]:
        sheet = book.create_sheet(f"{priority['ref']}. {priority['title']}"[:31])
        at = put(
            sheet,
            1,
            ["Ref no.", "In 2026/27 we will", "Outcome/Evidence measure", "Who will lead?", "Timescale", "Progress"],
        )
        for row in priority["deliverables"]:
            last = row["activities"][-1]
            values = [
                row["ref"],
                row["title"],
                "\n".join(row["evidence_measures"]),
                leads_of(row),
                last["timescale_text"],
            ]
            at = put(sheet, at, values)
            row["activities"] = [{**last, "text": row["title"]}]
    return book, plan


def numbers_as_numbers():
    """Numbers are real numbers ("1.1" is 1.1), and the second half of the plan has none."""
    plan, book = without(invented_plan(), "others", "rationale", "outcomes"), Workbook()
    for row in plan["priorities"][2]["deliverables"]:
        row["ref"] = None
    sheet = book.active
    put(sheet, 1, [TITLE])
    at = put(
        sheet, 3, ["#", "Priority area", "Objectives", "Owner", "Measure of success", "Actions required", "Target date"]
    )
    for priority in plan["priorities"]:
        top = at
        at = rows_of(
            sheet, at, priority, ["ref", "", "deliverable", "lead", "evidence", "activity", "timescale"], repeat=True
        )
        for row in range(top, at):
            sheet.cell(row, 2, f"{priority['ref']}. {priority['title']}")
            if sheet.cell(row, 1).value:
                sheet.cell(row, 1).value = float(sheet.cell(row, 1).value)
    return book, plan


def details_beside_labels():
    """What the plan is called stands beside labels; the table begins in column B, with headings two rows high."""
    plan, book = without(invented_plan(), "evidence", "rationale", "outcomes"), Workbook()
    plan["title"], plan["version"] = "Joint delivery plan", "2.1"
    sheet = book.active
    put(sheet, 2, ["Plan title:", "Joint delivery plan"], first=2)
    put(sheet, 3, ["Period:", "April 2026 to March 2027"], first=2)
    put(sheet, 4, ["Version:", 2.1], first=2)
    put(sheet, 6, ["Ref", "Priority", "Deliverable", "Lead", "Other partners", "Steps", "When"], first=2, bold=True)
    for column in range(2, 9):
        sheet.merge_cells(start_row=6, end_row=7, start_column=column, end_column=column)
    at = 8
    for priority in plan["priorities"]:
        top = at
        columns = ["ref", "", "deliverable", "lead", "others", "activity", "timescale"]
        at = rows_of(sheet, at, priority, columns, first=2, merge=("deliverable", "lead", "others", "ref"))
        sheet.cell(top, 3, f"Priority {priority['ref']} – {priority['title']}")
        sheet.merge_cells(start_row=top, end_row=at - 1, start_column=3, end_column=3)
    return book, plan


def columns_nobody_foresaw():
    """The columns in another order, among others that nobody knows; a letter of another alphabet in a name."""
    plan, book = without(invented_plan(), "evidence", "rationale", "outcomes"), Workbook()
    sheet = book.active
    put(sheet, 1, [TITLE])
    headings = [
        "By when?",
        "Lead(s)",
        "Cost centre",
        "Priority",
        "Action ref",
        "Workstream",
        "Board sponsor",
        "Activity",
    ]
    at = put(sheet, 2, [*headings, "Links"])
    for priority in plan["priorities"]:
        top = at
        columns = ["timescale", "lead", "", "", "ref", "deliverable", "", "activity", "others"]
        at = rows_of(sheet, at, priority, columns, repeat=True)
        for row in range(top, at):
            sheet.cell(row, 4, f"{priority['ref']}. {priority['title']}")
            sheet.cell(row, 2).value = sheet.cell(row, 2).value.replace("MB:", "M\u0412:")
        sheet.cell(top, 3, f"CC{top}")
        sheet.cell(top, 7, "Director of public health")
    return book, plan


def headings_on_the_first_sheet_only():
    """Later sheets go on without headings; a title stands on every sheet."""
    plan, book = without(invented_plan(), "evidence", "others", "rationale", "outcomes"), Workbook()
    for number, priority in enumerate(plan["priorities"]):
        sheet = book.active if not number else book.create_sheet()
        sheet.title = f"P{priority['ref']}"
        at = put(sheet, 1, [TITLE], bold=True)
        at = put(sheet, at, [f"Priority {priority['ref']}: {priority['title']}"], bold=True)
        if not number:
            at = put(sheet, at, ["Ref", "Commitment", "Lead officer", "Action", "Timeframe"], bold=True)
        at = rows_of(
            sheet,
            at,
            priority,
            ["ref", "deliverable", "lead", "activity", "timescale"],
            merge=("ref", "deliverable", "lead"),
        )
    return book, plan


def empty_cells_below():
    """The promise is written once and the cells below it are left empty, not merged; labels beside texts above."""
    plan, book = without(invented_plan(), "others", "evidence"), Workbook()
    cover = book.active
    cover.title = "About"
    put(cover, 1, [TITLE], bold=True)
    for priority in plan["priorities"]:
        sheet = book.create_sheet(f"Priority {priority['ref']}")
        put(sheet, 1, [f"Priority {priority['ref']}: {priority['title']}"], bold=True)
        put(sheet, 2, ["Why is this a priority?", "\n".join(priority["rationale"])])
        put(sheet, 3, ["Outcomes", "\n".join(priority["outcomes"])])
        at = put(sheet, 5, ["Ref", "Key deliverables", "Lead/s", "Activity", "Timescale"])
        rows_of(sheet, at, priority, ["ref", "deliverable", "lead", "activity", "timescale"])
    return book, plan


def among_other_sheets():
    """Beside the plan a register of risks, a list of telephone numbers and a sheet of choices that is hidden."""
    book, plan = banners_across_one_table()
    risks = book.create_sheet("Risk register", 0)
    put(risks, 1, ["Risk", "Owner", "Likelihood", "Mitigating actions", "Due date"])
    put(risks, 2, ["Nobody applies", "Business manager", 3, "Advertise twice", "June 2026"])
    people = book.create_sheet("Who is who")
    put(people, 1, ["Name", "Telephone", "Office"])
    put(people, 2, ["Reception", "01632 960 001", "Old Mill"])
    choices = book.create_sheet("Choices")
    put(choices, 1, ["Red", "Amber", "Green"])
    choices.sheet_state = "hidden"
    return book, plan


def days_and_hidden_rows():
    """Days in the order of this country, real and typed; a row that a filter hides; a comment on a cell."""
    book, plan = one_table_said_again()
    sheet = book["Tracker"]
    for [cell] in sheet.iter_rows(min_row=4, min_col=7, max_col=7):
        if hasattr(cell.value, "year"):
            if cell.row % 2:
                cell.value = f"{cell.value:%d/%m/%Y}"
            else:
                cell.number_format = "dd/mm/yyyy"
    sheet.row_dimensions[5].hidden = True
    sheet["C4"].comment = Comment("Ask the new head of service", "Office")
    return book, plan


def empty_rows_between():
    """An empty row after each promise and a key of colours under the table."""
    plan, book = without(invented_plan(), "others", "rationale", "outcomes"), Workbook()
    sheet = book.active
    put(sheet, 1, [TITLE], bold=True)
    at = put(sheet, 3, ["Priority", "Ref", "Aim", "Lead", "Impact", "How we will do it", "Completion date"], bold=True)
    for priority in plan["priorities"]:
        for row in priority["deliverables"]:
            top = at
            columns = ["", "ref", "deliverable", "lead", "evidence", "activity", "timescale"]
            at = rows_of(sheet, at, {"deliverables": [row]}, columns, merge=("ref", "deliverable", "lead"))
            sheet.cell(top, 1, f"{priority['ref']}. {priority['title']}")
            at += 1
    put(sheet, at + 1, ["Last looked at on 3 May 2026 by the business office."])
    return book, plan


SHAPES = [
    sheet_for_each_priority,
    one_table_said_again,
    banners_across_one_table,
    bold_lines_and_headings_again,
    many_in_one_cell,
    names_of_sheets,
    numbers_as_numbers,
    details_beside_labels,
    columns_nobody_foresaw,
    headings_on_the_first_sheet_only,
    empty_cells_below,
    among_other_sheets,
    days_and_hidden_rows,
    empty_rows_between,
]


# Files that openpyxl cannot write


def with_parts(path, changes):
    """Change parts of a saved workbook: {name: bytes, or what becomes of the bytes that are there}."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts[name]) if callable(change) else change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path
