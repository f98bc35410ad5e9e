"""Who gets what at every address: the promise of design.md, section 6, one row a situation.

A ``Door`` is one address (by its URL's name) in one situation; it says what each role is answered
for GET and for POST. ``test_access.py`` opens every door as everyone, and fails for an address that
has no door and for a door that has no address. A new page begins here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

OK = "OK"  # 200
LOGIN = "LOGIN"  # sent to sign in
GONE = "GONE"  # 404: may not know whether it exists
REFUSED = "REFUSED"  # 403: may know, may not do
MOVED = "MOVED"  # sent on after doing it, or because it is elsewhere
METHOD = "METHOD"  # 405: this address does not take this method
INVALID = "INVALID"  # 422: let in, and asked to mend the form

ROLES = [
    "anonymous",
    "office",
    "chair",
    "lead",
    "partner",
    "other_partner",
    "case_group_member",
    "advisor",
    "administrator",
    "executive_chair",
    "scrutiny_chair",
    "training_coordinator",
    "stranger",
    "leaver",
]
# Signed in, without any part in our partnerships: an administrator, another partnership's office
# and somebody whose posts have ended.
OUTSIDERS = ["administrator", "stranger", "leaver"]
MEMBERS = [role for role in ROLES if role not in ["anonymous", *OUTSIDERS]]


def everyone(answer):
    return dict.fromkeys(ROLES, answer)


def signed_in(answer):
    """``answer`` for all who signed in; the public is sent to sign in."""
    return everyone(answer) | {"anonymous": LOGIN}


def only(*roles, answer=OK, otherwise=GONE):
    """``answer`` for these roles, ``otherwise`` for all others who signed in."""
    return signed_in(otherwise) | dict.fromkeys(roles, answer)


@dataclass(frozen=True)
class Door:
    """``place`` takes the world and gives the arguments of the address."""

    name: str
    situation: str
    get: dict
    post: dict
    place: Callable = field(default=lambda world: {})
    body: Callable = field(default=lambda world: {})

    def __str__(self):
        return f"{self.name} ({self.situation})" if self.situation else self.name


def public(name, place=lambda world: {}, situation="", answer=OK):
    """A page for everyone, which only shows."""
    return Door(name, situation, everyone(answer), everyone(METHOD), place)


def page(name, get, place=lambda world: {}, situation="", post=METHOD):
    """A page for people signed in, which only shows."""
    return Door(name, situation, get, signed_in(post), place)


def ours(world):
    return {"slug": world.partnership.slug}


def closed(world):
    return {"slug": world.closed_partnership.slug}


def record(name, key="pk"):
    """The place of ``world.<name>``."""
    return lambda world: {key: getattr(world, name).pk}


def history(model, name):
    return lambda world: {"model": model, "pk": str(getattr(world, name).pk)}


def review(world):
    return {"pk": world.review.priority_id, "round_pk": world.review.round_id}


HOME_AND_ACCOUNTS = [
    Door(
        "partnership:home",
        "",
        everyone(MOVED) | {"anonymous": OK},
        everyone(METHOD),
    ),
    Door(
        "partnership:sign-in",
        "",
        everyone(MOVED) | {"anonymous": OK},
        everyone(MOVED) | {"anonymous": OK},
    ),
    Door("partnership:sign-out", "", everyone(METHOD), everyone(MOVED)),
    Door("partnership:demo-sign-in", "nobody named", everyone(METHOD), everyone(GONE)),
    public("partnership:health"),
    public("partnership:help"),
    public("partnership:accessibility"),
    public("partnership:privacy"),
    page("partnership:design", signed_in(OK)),
]

PUBLIC = [
    public("partnership:public-home", ours),
    public("partnership:public-home", closed, "not open to the public", GONE),
    public("partnership:house-style", ours),
    public("partnership:house-style", closed, "not open to the public", GONE),
    public("partnership:public-structure", ours),
    public("partnership:public-structure", closed, "not open to the public", GONE),
    public("plans:public-plan", ours),
    public("plans:public-plan", closed, "not open to the public", GONE),
    public("training:public-programme", ours),
    public("training:public-programme", closed, "not open to the public", GONE),
    public("assurance:public-report-list", ours),
    public("assurance:public-report-list", closed, "not open to the public", GONE),
    public(
        "assurance:public-report",
        lambda world: ours(world) | {"pk": world.published_report.pk},
        "published",
    ),
    public(
        "assurance:public-report",
        lambda world: ours(world) | {"pk": world.annual_report.pk},
        "not published",
        GONE,
    ),
    public("partnership:file-download", record("published_file")),
]

GROUPS_AND_ADMINISTRATION = [
    page("partnership:group-list", signed_in(OK)),
    page("partnership:group-detail", only(*MEMBERS), record("group")),
    page("partnership:administration", only("administrator", otherwise=REFUSED)),
]

HISTORY = [
    page(
        "partnership:record-history",
        only(*MEMBERS, otherwise=REFUSED),
        history("plans.deliverable", "led_deliverable"),
        "of a published plan",
    ),
    page(
        "partnership:record-history",
        only("office") | {"advisor": OK},
        history("plans.plan", "draft_plan"),
        "of a draft plan",
    ),
    page(
        "partnership:record-history",
        only("case_group_member"),
        history("reviews.case", "case"),
        "of a case",
    ),
    page(
        "partnership:record-history",
        only("partner"),
        history("assurance.return", "draft_return"),
        "of a draft return",
    ),
    page(
        "partnership:record-history",
        signed_in(GONE),
        history("partnership.user", "somebody"),
        "of what is not on the list",
    ),
]

REMINDERS = [
    Door(
        "partnership:reminder-list",
        "",
        only("office", "stranger", otherwise=REFUSED),
        only("office", "stranger", answer=MOVED, otherwise=REFUSED),
    ),
    page("partnership:outbox", signed_in(OK)),
    page("partnership:outbox-mail", signed_in(OK), record("mail")),
]

PLANS = [
    page("plans:plan-list", signed_in(OK)),
    page("plans:plan-detail", signed_in(OK), record("plan"), "published"),
    page("plans:plan-detail", only("office", "advisor"), record("draft_plan"), "draft"),
    Door(
        "plans:plan-publish",
        "published",
        only("office", otherwise=REFUSED),
        only("office", otherwise=REFUSED, answer=INVALID),
        record("plan"),
    ),
    Door(
        "plans:plan-publish",
        "draft",
        only("office") | {"advisor": REFUSED},
        only("office", answer=INVALID) | {"advisor": REFUSED},
        record("draft_plan"),
    ),
    Door(
        "plans:plan-leads",
        "published",
        only("office", otherwise=REFUSED),
        only("office", otherwise=REFUSED, answer=INVALID),
        record("plan"),
    ),
    Door(
        "plans:plan-leads",
        "draft",
        only("office") | {"advisor": REFUSED},
        only("office", answer=MOVED) | {"advisor": REFUSED},
        record("draft_plan"),
    ),
    Door(
        "plans:round-open",
        "published",
        only("office", otherwise=REFUSED),
        only("office", otherwise=REFUSED, answer=INVALID),
        record("plan"),
    ),
    Door(
        "plans:round-open",
        "draft",
        only("office", answer=MOVED) | {"advisor": REFUSED},
        only("office", answer=MOVED) | {"advisor": REFUSED},
        record("draft_plan"),
    ),
    Door(
        "plans:import-upload",
        "",
        only("office", "stranger", otherwise=REFUSED),
        only("office", "stranger", otherwise=REFUSED, answer=INVALID),
    ),
    page("plans:import-preview", only("office"), record("staged"), "waiting"),
    Door(
        "plans:import-confirm",
        "waiting",
        signed_in(METHOD),
        only("office", answer=MOVED),
        record("staged"),
    ),
]

CYCLE = [
    page(
        "plans:deliverable-detail",
        only(*MEMBERS, otherwise=REFUSED),
        record("led_deliverable"),
        "of a published plan",
    ),
    page(
        "plans:deliverable-detail",
        only("office", "advisor"),
        record("draft_deliverable"),
        "of a draft plan",
    ),
    Door(
        "plans:deliverable-update",
        "led by lead’s post",
        only("office", "lead", otherwise=REFUSED),
        only("office", "lead", otherwise=REFUSED, answer=INVALID),
        record("led_deliverable"),
    ),
    Door(
        "plans:deliverable-update",
        "led by chair’s group",
        only("office", "chair", otherwise=REFUSED),
        only("office", "chair", otherwise=REFUSED, answer=INVALID),
        record("group_deliverable"),
    ),
    Door(
        "plans:milestone-meet",
        "led by lead’s post",
        signed_in(METHOD),
        only("office", "lead", answer=MOVED, otherwise=REFUSED),
        record("led_milestone"),
    ),
    page("plans:round-detail", only(*MEMBERS), record("round_open")),
    page("plans:review-detail", only(*MEMBERS), review),
    Door(
        "plans:review-propose",
        "",
        only(*MEMBERS, answer=REFUSED) | {"scrutiny_chair": OK},
        only(*MEMBERS, answer=REFUSED) | {"scrutiny_chair": INVALID},
        review,
    ),
    Door(
        "plans:review-decide",
        "",
        only(*MEMBERS, answer=REFUSED) | {"executive_chair": OK},
        only(*MEMBERS, answer=REFUSED) | {"executive_chair": INVALID},
        review,
    ),
]

CASES = [
    Door(
        "reviews:case-list",
        "",
        only("case_group_member"),
        only("case_group_member", answer=METHOD),
    ),
    page("reviews:case-detail", only("case_group_member"), record("case")),
]

TRAINING = [
    page("training:event-list", signed_in(OK)),
    page("training:event-detail", only(*MEMBERS), record("event")),
]

RETURNS = [
    page("assurance:my-work", signed_in(OK)),
    page("assurance:desk", only("office", "stranger", otherwise=REFUSED)),
    page("assurance:return-list", signed_in(OK)),
    page("assurance:return-detail", only("partner"), record("draft_return"), "draft"),
    page(
        "assurance:return-detail",
        only("other_partner", "office", "advisor"),
        record("submitted_return"),
        "submitted",
    ),
    Door(
        "assurance:return-change",
        "draft",
        only("partner"),
        only("partner", answer=MOVED),
        record("draft_return"),
        body=lambda world: {"action": "save"},
    ),
    Door(
        "assurance:return-change",
        "submitted",
        only("office", "advisor", answer=REFUSED) | {"other_partner": MOVED},
        only("office", "advisor", answer=REFUSED) | {"other_partner": MOVED},
        record("submitted_return"),
        body=lambda world: {"action": "submit"},
    ),
]


def section_of(name):
    """The place of a section of the report ``world.<name>``."""
    return lambda world: {"pk": getattr(world, name).pk, "section_pk": getattr(world, name).sections.first().pk}


# What is read by those inside, and done by the office alone.
OFFICE_ALONE = only("advisor", answer=REFUSED)

REPORTS = [
    page("assurance:report-list", signed_in(OK)),
    Door(
        "assurance:report-start",
        "",
        only("office", "stranger", otherwise=REFUSED),
        only("office", "stranger", otherwise=REFUSED, answer=INVALID),
    ),
    page("assurance:report-detail", only("office", "advisor"), record("annual_report"), "not published"),
    page(
        "assurance:report-detail",
        only("office", "advisor", otherwise=REFUSED),
        record("published_report"),
        "published",
    ),
    page("assurance:report-preview", only("office", "advisor"), record("annual_report"), "not published"),
    page(
        "assurance:report-preview",
        only("office", "advisor", otherwise=REFUSED),
        record("published_report"),
        "published",
    ),
    Door(
        "assurance:section-change",
        "not published",
        OFFICE_ALONE | {"office": OK},
        OFFICE_ALONE | {"office": MOVED},
        section_of("annual_report"),
    ),
    Door(
        "assurance:section-change",
        "published",
        signed_in(REFUSED),
        signed_in(REFUSED),
        section_of("published_report"),
    ),
    Door(
        "assurance:foreword-change",
        "not published",
        OFFICE_ALONE | {"office": OK},
        OFFICE_ALONE | {"office": MOVED},
        record("annual_report"),
    ),
    Door(
        "assurance:report-gather",
        "not published",
        signed_in(METHOD),
        OFFICE_ALONE | {"office": MOVED},
        record("annual_report"),
    ),
    Door("assurance:report-gather", "published", signed_in(METHOD), signed_in(REFUSED), record("published_report")),
    Door(
        "assurance:report-build",
        "not published",
        signed_in(METHOD),
        OFFICE_ALONE | {"office": MOVED},
        record("annual_report"),
    ),
    Door("assurance:report-build", "published", signed_in(METHOD), signed_in(REFUSED), record("published_report")),
    page("assurance:build-detail", only("office", "advisor"), record("build")),
    page("assurance:build-proof", only("office", "advisor"), record("build")),
    Door(
        "assurance:report-publish",
        "not published",
        OFFICE_ALONE | {"office": OK},
        OFFICE_ALONE | {"office": INVALID},
        record("annual_report"),
    ),
    Door("assurance:report-publish", "published", signed_in(REFUSED), signed_in(REFUSED), record("published_report")),
    Door(
        "assurance:report-edition",
        "not published",
        only("office", "advisor", answer=REFUSED),
        only("office", "advisor", answer=REFUSED),
        record("annual_report"),
    ),
    Door(
        "assurance:report-edition",
        "published",
        signed_in(REFUSED) | {"office": OK},
        signed_in(REFUSED) | {"office": INVALID},
        record("published_report"),
    ),
]

DOORS = [
    *HOME_AND_ACCOUNTS,
    *PUBLIC,
    *GROUPS_AND_ADMINISTRATION,
    *HISTORY,
    *REMINDERS,
    *PLANS,
    *CYCLE,
    *CASES,
    *TRAINING,
    *RETURNS,
    *REPORTS,
]
