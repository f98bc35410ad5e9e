"""The tracker of a round: the plan's rows with empty columns, for a chair who would rather answer in Excel.

A row for each activity, the cells of a deliverable merged downwards, as in the plan itself. What is typed in
it comes back through ``plans.tracker_importing``, by the code at each row's end whatever else was changed.
"""

import io

from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from partnership.lists import plain
from partnership.templatetags.components import long_date
from plans.plan_excel import BOLD, HEAD, LINE_HEIGHT, MOST_HEIGHT, TITLE, line_count, put

ANSWER = PatternFill("solid", fgColor="FFFBE6")
# Heading, width, whether it is of the activity and not of the whole deliverable, whether the chair fills it.
COLUMNS = [
    ("Ref", 8, False, False),
    ("Deliverable", 40, False, False),
    ("Lead", 26, False, False),
    ("Last time", 34, False, False),
    ("Rating", 12, False, True),
    ("Progress", 46, False, True),
    ("In the way", 34, False, True),
    ("Difference made", 34, False, True),
    ("Voice of the child", 34, False, True),
    ("Why it is worse", 26, False, True),
    ("Done on", 16, False, True),
    ("Activity", 40, True, False),
    ("Timescale", 20, True, False),
    ("New date", 18, True, True),
    ("Why the date moves", 26, True, True),
    ("Row code", 10, False, False),
]
HOW = (
    "Fill in the yellow columns and send the file back. Leave the last column as it is. A new date and its "
    "reason stand beside the activity that they are of."
)
TOP = 4  # the first row under the headings
LONGEST_LIST = 250  # characters of a list of choices, which Excel ends at 255


def code_of(deliverable):
    return f"D{deliverable.pk}"


def make_tracker(round, rows, *, ratings):
    """The bytes of an .xlsx file. ``rows``: (deliverable with its leads and ``activities_shown``, its last update)."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Tracker"
    put(sheet, 1, 1, f"{round.plan.title}: {round.name}, answers by {long_date(round.closes_on)}", TITLE)
    put(sheet, 2, 1, HOW)
    for at in (1, 2):
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(COLUMNS))
    for number, (heading, width, _of_activity, is_answer) in enumerate(COLUMNS, start=1):
        put(sheet, 3, number, heading, BOLD, ANSWER if is_answer else HEAD)
        sheet.column_dimensions[get_column_letter(number)].width = width
    at, priority = TOP, None
    for row, last in rows:
        if row.priority_id != priority:
            priority = row.priority_id
            put(sheet, at, 1, str(row.priority), BOLD)
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(COLUMNS))
            at += 1
        at = write_row(sheet, at, row, last)
    offer_ratings(sheet, ratings, last=at)
    sheet.freeze_panes = f"C{TOP}"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.properties.title = plain(f"{round.plan.title}, {round.name}")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write_row(sheet, top, row, last):
    """The rows of one deliverable from ``top`` on; gives the row after them."""
    activities = list(row.activities_shown) or [None]
    words = {
        "Ref": row.full_ref,
        "Deliverable": row.title,
        "Lead": "\n".join(str(lead) for lead in row.leads.all()),
        "Last time": f"{last.rating.word}: {last.progress}"[:600] if last else "",
        "Row code": code_of(row),
    }
    tallest = max(line_count(words[heading], width) for heading, width, *_ in COLUMNS if words.get(heading))
    for offset, activity in enumerate(activities):
        of_activity = {"Activity": activity.text, "Timescale": activity.timescale_text} if activity else {}
        lines = 1
        for number, (heading, width, is_own, is_answer) in enumerate(COLUMNS, start=1):
            said = of_activity.get(heading, "") if is_own else words.get(heading, "") if offset == 0 else ""
            put(sheet, top + offset, number, said, fill=ANSWER if is_answer else None)
            lines = max(lines, line_count(said, width) if is_own and said else 1)
        tall = max(lines, -(-tallest // len(activities)))
        sheet.row_dimensions[top + offset].height = min(tall * LINE_HEIGHT, MOST_HEIGHT)
    if len(activities) > 1:
        for number, (_heading, _width, is_own, _is_answer) in enumerate(COLUMNS, start=1):
            if not is_own:
                end = top + len(activities) - 1
                sheet.merge_cells(start_row=top, end_row=end, start_column=number, end_column=number)
    return top + len(activities)


def offer_ratings(sheet, ratings, *, last):
    """A list to choose the rating from, where its words fit into one."""
    words = ",".join(rating.word.replace(",", " ").replace('"', "") for rating in ratings)
    if not words or len(words) > LONGEST_LIST:
        return
    letter = get_column_letter(1 + [heading for heading, *_ in COLUMNS].index("Rating"))
    choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=False)
    choice.add(f"{letter}{TOP}:{letter}{max(last, TOP)}")
    sheet.add_data_validation(choice)
