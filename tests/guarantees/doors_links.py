"""Doors of the signed link: see ``access_table.py``. Nobody in it has opened one; test_update_links.py has."""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    METHOD,
    MOVED,
    OK,
    REFUSED,
    Door,
    everyone,
    only,
    page,
    record,
    signed_in,
)

BY_ANOTHER = everyone(REFUSED) | {"anonymous": OK, "lead": MOVED}
HOLDER_AND_OFFICE = ("office", "lead")


def by_link(name, place=lambda world: {}, *, get=METHOD, post=GONE):
    """What only a browser may open that has opened a link."""
    return Door(name, "", everyone(get), everyone(post), place)


def one_activity(world):
    row = world.led_deliverable
    return {"pk": row.pk, "activity_pk": row.activities.first().pk}


DOORS = [
    by_link("plans:answer", get=GONE, post=METHOD),
    by_link("plans:answer-send", get=GONE),
    by_link("plans:answer-send-one", record("led_deliverable"), get=GONE),
    by_link("plans:answer-same", record("led_deliverable"), get=GONE),
    by_link("plans:answer-draft", record("led_deliverable"), get=GONE),
    by_link("plans:answer-words", one_activity, get=GONE),
    by_link("plans:answer-evidence-add", record("led_deliverable"), get=GONE),
    by_link("plans:answer-evidence-remove", record("staged"), get=GONE),
    by_link("plans:answer-close"),
    Door("plans:answer-open", "", BY_ANOTHER, everyone(METHOD), lambda world: {"token": world.link_token}),
    Door("plans:answer-begin", "without a link", everyone(METHOD), everyone(GONE)),
    Door("plans:answer-again", "", everyone(OK), everyone(INVALID)),
    page("plans:link-list", signed_in(OK)),
    page("plans:link-detail", only(*HOLDER_AND_OFFICE), record("update_link")),
    Door(
        "plans:link-revoke",
        "",
        signed_in(METHOD),
        only(*HOLDER_AND_OFFICE, answer=MOVED),
        record("update_link"),
    ),
    Door("plans:links-revoke", "", signed_in(METHOD), signed_in(MOVED)),
]
