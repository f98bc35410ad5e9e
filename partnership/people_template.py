"""The empty spreadsheet that an office fills in: headings, lists of the words we know, how to fill it in."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from partnership.models import GroupMember, Membership, Organisation
from partnership.people_sheet import OUR_HEADINGS
from partnership.sheets import MOST_ROWS

CHOICES = {"kind": Organisation.Kind, "membership": Membership.Role, "role": GroupMember.Role}
WIDTHS = {"organisation": 38, "post": 34, "name": 26, "email": 34, "group": 38, "from_on": 16}
WIDTH = 28
HOW_TO = {
    "organisation": "As it calls itself. Leave it empty for a post of the partnership itself, such as an "
    "independent chair: then name the group.",
    "kind": "Only for a new organisation. Empty means relevant agency.",
    "membership": "Its part in the partnership, only for a new organisation. Empty means relevant agency.",
    "post": "The role, not the person: Head of Safeguarding. One row for each seat that the post has.",
    "name": "Whoever holds the post now. Leave name and e-mail empty if it is vacant.",
    "email": "Their own address at work. It tells people of one name apart.",
    "group": "A group that is in the product already, by its full name. Leave it empty for a post without a seat.",
    "role": "Empty means member.",
    "from_on": "The day on which they began, like 1 April 2025. Leave it empty if you don’t know.",
}
EXAMPLES = {
    "organisation": "Lantern Family Trust",
    "kind": "Voluntary organisation",
    "membership": "Relevant agency",
    "post": "Safeguarding manager",
    "name": "Greta Holloway",
    "email": "greta.holloway@example.org",
    "group": "Learning and Development Subgroup",
    "role": "Member",
    "from_on": "1 April 2025",
}


def write_template():
    """The bytes of an .xlsx."""
    book = Workbook()
    _write_list(book.active)
    _write_how_to(book.create_sheet("How to fill it in"), book.create_sheet("Words"))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write_list(sheet):
    sheet.title = "People"
    sheet.append(list(OUR_HEADINGS.values()))
    sheet.freeze_panes = "A2"
    for index, column in enumerate(OUR_HEADINGS, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = WIDTHS.get(column, WIDTH)
        sheet.cell(1, index).font = Font(bold=True)
        if column in CHOICES:
            words = get_column_letter(list(CHOICES).index(column) + 1)
            rows = f"Words!${words}$2:${words}${len(CHOICES[column].labels) + 1}"
            offer = DataValidation(type="list", formula1=rows, allow_blank=True, showErrorMessage=False)
            offer.add(f"{letter}2:{letter}{MOST_ROWS}")
            sheet.add_data_validation(offer)


def _write_how_to(sheet, words):
    """One line a column. Not the headings in a row, or it could be read as the list itself."""
    for row, (heading, width) in enumerate(
        zip(("Column", "What to write", "For example"), (26, 80, 36), strict=True), 1
    ):
        sheet.cell(1, row, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(row)].width = width
    for column, heading in OUR_HEADINGS.items():
        sheet.append([heading, HOW_TO[column], EXAMPLES[column]])
        sheet.cell(sheet.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    for index, (column, choices) in enumerate(CHOICES.items(), start=1):
        words.cell(1, index, f"{OUR_HEADINGS[column]}: words we know").font = Font(bold=True)
        words.column_dimensions[get_column_letter(index)].width = 52
        for row, label in enumerate(choices.labels, start=2):
            words.cell(row, index, label)
