"""The data map as a spreadsheet: a line for each kind of thing that a record holds."""

import tablib

from partnership.data_protection.map import kind_of, personal
from partnership.data_protection.periods import in_months

HEADINGS = [
    "Part", "Record", "What it holds", "Fields", "Whose", "Why", "Why it may be held", "How long", "Counted from",
    "Who sees it", "With history", "When a person is erased",
]  # fmt: skip
REPLACED = "Names and addresses are replaced"


def sheet_of_map():
    sheet = tablib.Dataset(headers=HEADINGS, title="Data map")
    for line in personal():
        part, kind = line.part, kind_of(line.part)
        for category, fields in line.in_words:
            sheet.append(
                [
                    part.title,
                    line.name,
                    category,
                    ", ".join(fields),
                    part.whose,
                    part.why,
                    part.basis,
                    in_months(kind.months),
                    kind.counted_from,
                    part.seen_by,
                    "Yes" if line.history else "No",
                    part.stays or REPLACED,
                ]  # fmt: skip
            )
    return sheet
