"""Doors of a version's documents and of the plan's public pages: see ``access_table.py``."""

from tests.guarantees.doors import (
    GONE,
    MEMBERS,
    METHOD,
    MOVED,
    REFUSED,
    Door,
    closed,
    only,
    ours,
    page,
    public,
    record,
    signed_in,
)


def priority_of(name):
    return lambda world: ours(world) | {"pk": getattr(world, name).priorities.first().pk}


def file_of(kind):
    return lambda world: {"pk": world.plan_document.pk, "kind": kind}


DOORS = [
    Door(
        "plans:document-make",
        "of a version sent out for comment",
        signed_in(METHOD),
        only(*MEMBERS, answer=MOVED),
        record("version_out"),
    ),
    Door(
        "plans:document-make",
        "of a published version",
        signed_in(METHOD),
        only(*MEMBERS, answer=MOVED, otherwise=REFUSED),
        record("version_published"),
    ),
    page("plans:document-detail", only(*MEMBERS), record("plan_document")),
    page("plans:document-download", only(*MEMBERS), file_of("pdf"), "the PDF"),
    page("plans:document-download", only(*MEMBERS), file_of("word"), "the Word document"),
    page("plans:document-download", signed_in(GONE), file_of("html"), "what it never was"),
    public("plans:public-versions", ours),
    public("plans:public-versions", closed, "not open to the public", GONE),
    public("plans:public-priority", priority_of("plan"), "of the published plan"),
    public("plans:public-priority", priority_of("draft_plan"), "of a draft", GONE),
    public(
        "plans:public-priority",
        lambda world: closed(world) | {"pk": world.plan.priorities.first().pk},
        "of a partnership not open to the public",
        GONE,
    ),
]
