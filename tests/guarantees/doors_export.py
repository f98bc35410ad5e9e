"""Doors of a plan taken away as a spreadsheet or as data: see ``access_table.py``."""

from tests.guarantees.doors import GONE, MEMBERS, OK, closed, only, ours, page, public, record, signed_in

DOORS = [
    page("plans:plan-excel", signed_in(OK), record("plan"), "published"),
    page("plans:plan-excel", only(*MEMBERS), record("consulted_plan"), "out for comment"),
    page("plans:plan-excel", only("office", "advisor"), record("draft_plan"), "draft"),
    page("plans:plan-csv", signed_in(OK), record("plan"), "published"),
    page("plans:plan-csv", only("office", "advisor"), record("draft_plan"), "draft"),
    page("plans:version-excel", signed_in(OK), record("version_published"), "published"),
    page("plans:version-excel", only(*MEMBERS), record("version_out"), "sent out for comment"),
    page("plans:version-csv", signed_in(OK), record("version_published"), "published"),
    page("plans:version-csv", only(*MEMBERS), record("version_out"), "sent out for comment"),
    public("plans:public-plan-json", ours),
    public("plans:public-plan-json", closed, "not open to the public", GONE),
]
