"""Doors of a plan's stages, its versions and the comments on it: see ``access_table.py``."""

from tests.guarantees.doors import CONFLICT, INVALID, MEMBERS, MOVED, OK, REFUSED, Door, only, page, signed_in

# A published plan is seen by all who sign in, a draft by those inside; both are led on by the office alone.
PUBLISHED = only("office", otherwise=REFUSED)
DRAFT = only("office") | {"advisor": REFUSED}
OUT = only(*MEMBERS, answer=REFUSED) | {"office": OK}


def answered(answers, answer):
    """``answers``, with ``answer`` where the page would be shown."""
    return {role: answer if each == OK else each for role, each in answers.items()}


def of(name):
    return lambda world: {"pk": getattr(world, name).pk}


def about(plan, kind, name):
    return lambda world: {"pk": getattr(world, plan).pk, "kind": kind, "row_pk": getattr(world, name).pk}


def stage(name, situation, answers, plan, *, get=OK, post=INVALID):
    return Door(name, situation, answered(answers, get), answered(answers, post), of(plan))


DOORS = [
    stage("plans:plan-consult", "draft", DRAFT, "draft_plan"),
    stage("plans:plan-consult", "out for comment", OUT, "consulted_plan"),
    stage("plans:plan-consult", "published", PUBLISHED, "plan", get=MOVED, post=MOVED),
    stage("plans:plan-approve", "draft", DRAFT, "draft_plan"),
    stage("plans:plan-approve", "out for comment", OUT, "consulted_plan"),
    stage("plans:plan-approve", "published", PUBLISHED, "plan", get=MOVED, post=MOVED),
    stage("plans:plan-publish", "draft", DRAFT, "draft_plan"),
    stage("plans:plan-publish", "out for comment", OUT, "consulted_plan"),
    stage("plans:plan-publish", "published as it stands", PUBLISHED, "plan", get=MOVED, post=CONFLICT),
    stage("plans:plan-redraft", "draft", DRAFT, "draft_plan", get=MOVED, post=MOVED),
    stage("plans:plan-redraft", "out for comment", OUT, "consulted_plan"),
    stage("plans:plan-close", "draft", DRAFT, "draft_plan", get=MOVED, post=MOVED),
    stage("plans:plan-close", "published", PUBLISHED, "plan"),
    stage("plans:plan-reopen", "published", PUBLISHED, "plan", get=MOVED, post=MOVED),
    stage("plans:plan-groups", "draft", DRAFT, "draft_plan"),
    stage("plans:plan-groups", "published", PUBLISHED, "plan"),
    page("plans:plan-changes", DRAFT, of("draft_plan"), "draft"),
    page("plans:plan-changes", PUBLISHED, of("plan"), "published"),
    page("plans:version-list", only("office", "advisor"), of("draft_plan"), "draft"),
    page("plans:version-list", only(*MEMBERS), of("consulted_plan"), "out for comment"),
    page("plans:version-list", signed_in(OK), of("plan"), "published"),
    page("plans:version-detail", only(*MEMBERS), of("version_out"), "sent out for comment"),
    page("plans:version-detail", signed_in(OK), of("version_published"), "published"),
    page("plans:comment-list", only("office", "advisor"), of("draft_plan"), "draft"),
    page("plans:comment-list", only(*MEMBERS), of("consulted_plan"), "out for comment"),
    page("plans:comment-list", only(*MEMBERS, otherwise=REFUSED), of("plan"), "published"),
    Door(
        "plans:comment-add",
        "out for comment",
        only(*MEMBERS),
        only(*MEMBERS, answer=INVALID),
        about("consulted_plan", "plan", "consulted_plan"),
    ),
    Door(
        "plans:comment-add",
        "draft",
        only("office", "advisor", answer=MOVED),
        only("office", "advisor", answer=INVALID),
        about("draft_plan", "deliverable", "draft_deliverable"),
    ),
    Door(
        "plans:comment-add",
        "published",
        only(*MEMBERS, answer=MOVED, otherwise=REFUSED),
        only(*MEMBERS, answer=INVALID, otherwise=REFUSED),
        about("plan", "deliverable", "led_deliverable"),
    ),
    Door("plans:comment-answer", "", OUT, answered(OUT, INVALID), of("plan_comment")),
]
