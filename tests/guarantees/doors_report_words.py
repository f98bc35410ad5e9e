"""Doors of the annual report's words, drafts and list of what is missing: see ``access_table.py``.

The office writes while the report is not published; advisor and lead partners read.
"""

from tests.guarantees.doors import METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

DRAFT, PUBLISHED = record("annual_report"), record("published_report")
READ_ONLY = only("advisor", answer=REFUSED)


def office(answer):
    return READ_ONLY | {"office": answer}


def draft_of(name, page):
    return lambda world: {"pk": getattr(world, name).pk, "page": page}


DOORS = [
    page("assurance:report-missing", only("office", "advisor"), DRAFT, "not published"),
    page("assurance:report-missing", only("office", "advisor", otherwise=REFUSED), PUBLISHED, "published"),
    Door("assurance:in-short-change", "not published", office(OK), office(MOVED), DRAFT),
    Door("assurance:in-short-change", "published", signed_in(REFUSED), signed_in(REFUSED), PUBLISHED),
    Door("assurance:foreword-change", "published", signed_in(REFUSED), signed_in(REFUSED), PUBLISHED),
    Door(
        "assurance:report-draft",
        "not published",
        signed_in(METHOD),
        office(MOVED),
        draft_of("annual_report", "foreword"),
    ),
    Door(
        "assurance:report-draft",
        "published",
        signed_in(METHOD),
        signed_in(REFUSED),
        draft_of("published_report", "foreword"),
    ),
    Door("assurance:standstill-draft", "not published", signed_in(METHOD), office(MOVED), DRAFT),
    Door("assurance:standstill-draft", "published", signed_in(METHOD), signed_in(REFUSED), PUBLISHED),
]
