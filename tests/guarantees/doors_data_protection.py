"""Doors of what is held about people: see ``access_table.py``."""

from tests.guarantees.doors import GONE, INVALID, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

LOOKS_AFTER_IT = only("office", "administrator", "stranger", otherwise=REFUSED)
OURS = only("office", "administrator")
OF_THE_INSTALLATION = only("administrator")


def kind_of_ours(code):
    return lambda world: {"whose": world.partnership.slug, "kind": code}


def of_installation(world):
    return {"whose": "installation", "kind": "invitations"}


def after(answers, answer):
    return {role: answer if each == OK else each for role, each in answers.items()}


def asked(name, answers, place, situation=""):
    """A page with a form: shown, and an empty answer sent back."""
    return Door(name, situation, answers, after(answers, INVALID), place)


RETENTION = [
    page("partnership:retention-list", LOOKS_AFTER_IT),
    page("partnership:retention-run-list", LOOKS_AFTER_IT),
    page("partnership:retention-kind", OURS, kind_of_ours("imports")),
    page("partnership:retention-kind", OURS, kind_of_ours("cases"), "of cases: without a number"),
    page("partnership:retention-kind", OF_THE_INSTALLATION, of_installation, "of the installation"),
    asked("partnership:retention-change", OURS, kind_of_ours("imports")),
    Door(
        "partnership:retention-change",
        "of what the product does by itself",
        signed_in(GONE),
        signed_in(GONE),
        lambda world: {"whose": "installation", "kind": "sign-ins"},
    ),
    Door("partnership:retention-apply", "", signed_in(METHOD), after(OURS, MOVED), kind_of_ours("imports")),
    asked("partnership:retention-hold", OURS, kind_of_ours("imports")),
    asked("partnership:retention-hold", OURS, kind_of_ours("everything"), "everything"),
    asked("partnership:hold-lift", OURS, record("legal_hold")),
]


def a_person(world):
    return {"kind": "colleague", "key": str(world.people["lead"].pk)}


# Nobody is the second person to themselves, and the office did not appoint who has left.
KNOWN = only("office", "administrator", "case_group_member")
SUBJECTS = [
    page(
        "partnership:subject-list",
        only("office", "administrator", "stranger", "case_group_member", otherwise=REFUSED),
    ),
    page("partnership:subject-detail", KNOWN, a_person),
    asked("partnership:subject-copy", KNOWN | {"case_group_member": REFUSED}, a_person),
    asked("partnership:subject-case-copy", KNOWN | {"office": REFUSED, "administrator": REFUSED}, a_person),
    page("partnership:subject-copy-detail", only("office"), record("subject_copy")),
    page("partnership:subject-copy-file", only("office", answer=MOVED), record("subject_copy")),
    asked("partnership:subject-erase", KNOWN | {"case_group_member": REFUSED}, a_person),
]
ERASURES = [
    page("partnership:erasure-list", LOOKS_AFTER_IT),
    page("partnership:erasure-detail", OURS, record("erasure")),
    Door(
        "partnership:erasure-confirm",
        "",
        signed_in(METHOD),
        only("office", answer=MOVED) | {"administrator": REFUSED},
        record("erasure"),
    ),
    Door("partnership:erasure-withdraw", "", signed_in(METHOD), after(OURS, INVALID), record("erasure")),
]

DOORS = [
    page("partnership:data-protection", LOOKS_AFTER_IT),
    page("partnership:data-map", LOOKS_AFTER_IT),
    page("partnership:impact-annex", OURS, lambda world: {"whose": world.partnership.slug}),
    *RETENTION,
    *SUBJECTS,
    *ERASURES,
]
