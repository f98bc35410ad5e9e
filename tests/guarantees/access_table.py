"""Who gets what at every address: the promise of design.md, section 6, one row a situation.

``test_access.py`` opens every door (``doors.py`` says what one is) as everyone, and fails for an
address that has no door and for a door that has no address. A new page begins here.
"""

from tests.guarantees import (
    doors_action_import,
    doors_arrangements,
    doors_calendar,
    doors_carrying,
    doors_cases,
    doors_comparing,
    doors_correcting,
    doors_deputies,
    doors_documents,
    doors_drift,
    doors_editor,
    doors_emergency,
    doors_export,
    doors_groups,
    doors_health,
    doors_highlights,
    doors_learning,
    doors_links,
    doors_meetings,
    doors_money,
    doors_organisations,
    doors_packs,
    doors_people,
    doors_practice,
    doors_practitioners,
    doors_recommendations,
    doors_reimporting,
    doors_reminders,
    doors_requests,
    doors_returns,
    doors_reviews,
    doors_rounds,
    doors_rules,
    doors_schools,
    doors_scrutiny,
    doors_standards,
    doors_summaries,
    doors_timetable,
    doors_updates,
    doors_versions,
    doors_writing,
)
from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    METHOD,
    MOVED,
    OK,
    REFUSED,
    Door,
    closed,
    everyone,
    history,
    only,
    ours,
    page,
    public,
    record,
    review,
    signed_in,
)

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
    page("partnership:overview", signed_in(OK)),
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

PLANS = [
    page("plans:plan-list", signed_in(OK)),
    page("plans:plan-detail", only(*MEMBERS, otherwise=MOVED), record("plan"), "published"),
    page("plans:plan-detail", only("office", "advisor"), record("draft_plan"), "draft"),
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
    Door("plans:round-detail", "", only(*MEMBERS), only(*MEMBERS, answer=METHOD), record("round_open")),
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

TRAINING = [
    page("training:event-list", signed_in(OK)),
    page("training:event-detail", only(*MEMBERS), record("event")),
]

RETURNS = [
    page("assurance:my-work", signed_in(OK)),
    page("assurance:desk", only("office", "stranger", otherwise=REFUSED)),
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
    *doors_reminders.DOORS,
    *PLANS,
    *CYCLE,
    *doors_cases.DOORS,
    *TRAINING,
    *RETURNS,
    *REPORTS,
    *doors_organisations.DOORS,
    *doors_people.DOORS,
    *doors_practice.DOORS,
    *doors_practitioners.DOORS,
    *doors_recommendations.DOORS,
    *doors_reimporting.DOORS,
    *doors_health.DOORS,
    *doors_groups.DOORS,
    *doors_meetings.DOORS,
    *doors_action_import.DOORS,
    *doors_packs.DOORS,
    *doors_documents.DOORS,
    *doors_money.DOORS,
    *doors_arrangements.DOORS,
    *doors_calendar.DOORS,
    *doors_writing.DOORS,
    *doors_versions.DOORS,
    *doors_editor.DOORS,
    *doors_emergency.DOORS,
    *doors_export.DOORS,
    *doors_carrying.DOORS,
    *doors_highlights.DOORS,
    *doors_learning.DOORS,
    *doors_comparing.DOORS,
    *doors_deputies.DOORS,
    *doors_links.DOORS,
    *doors_correcting.DOORS,
    *doors_drift.DOORS,
    *doors_standards.DOORS,
    *doors_requests.DOORS,
    *doors_returns.DOORS,
    *doors_timetable.DOORS,
    *doors_updates.DOORS,
    *doors_reviews.DOORS,
    *doors_rounds.DOORS,
    *doors_rules.DOORS,
    *doors_schools.DOORS,
    *doors_scrutiny.DOORS,
    *doors_summaries.DOORS,
]
