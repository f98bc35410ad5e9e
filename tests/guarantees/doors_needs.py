"""Doors of the learning needs analysis: see ``access_table.py``.

``needs_analysis`` is in the making and its questions are open; ``needs_settled`` is last year's. ``needs_invitation``
asks the partner's organisation, ``needs_invitation_people`` its practitioners.
"""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    METHOD,
    MOVED,
    OK,
    REFUSED,
    Door,
    everyone,
    history,
    only,
    page,
    record,
    signed_in,
)
from training.links import NEEDS, token_of

RUNNERS = ("office", "training_coordinator")
READERS = only(*RUNNERS, "advisor")
WRITERS = READERS | {"advisor": REFUSED}
SETTLED = only(*MEMBERS)
# The stranger is an office of its own.
ADDERS = signed_in(REFUSED) | dict.fromkeys((*RUNNERS, "stranger"), OK)
ASKED = only("partner") | dict.fromkeys(RUNNERS, REFUSED)
MAY_NOT = only(*MEMBERS, answer=REFUSED)


def written(answer):
    return WRITERS | dict.fromkeys(RUNNERS, answer)


def settled(answer):
    """Of the settled one: members may know of it, and only whoever runs training is told that it stands."""
    return MAY_NOT | dict.fromkeys(RUNNERS, answer)


ANALYSIS = record("needs_analysis")
LAST_YEARS = record("needs_settled")


def need(world):
    return {"pk": world.needs_analysis.pk, "need_pk": world.learning_need.pk}


def need_of_last_year(world):
    return {"pk": world.needs_settled.pk, "need_pk": world.needs_settled.needs.get().pk}


def invitation(world):
    return {"pk": world.needs_analysis.pk, "invitation_pk": world.needs_invitation.pk}


def wish(world):
    return {"pk": world.needs_analysis.pk, "wish_pk": world.needs_wish.pk}


def left_out(world):
    return {"pk": world.needs_analysis.pk, "left_pk": 0}


def link(name):
    return lambda world: {"token": token_of(NEEDS, getattr(world, name))}


def old_link(world):
    return {"token": NEEDS.signer.sign(f"{world.needs_invitation.pk.hex}.9")}


def form(name, place=ANALYSIS, answer=INVALID, situation=""):
    return Door(f"training:{name}", situation, WRITERS, written(answer), place)


def button(name, place, answer=MOVED):
    return Door(f"training:{name}", "", signed_in(METHOD), written(answer), place)


def stands(name, place=LAST_YEARS):
    return Door(f"training:{name}", "settled", settled(MOVED), settled(MOVED), place)


DOORS = [
    page("training:needs-list", signed_in(OK)),
    Door("training:needs-begin", "", ADDERS, ADDERS | dict.fromkeys((*RUNNERS, "stranger"), INVALID)),
    page("training:needs-detail", READERS, ANALYSIS),
    page("training:needs-detail", SETTLED, LAST_YEARS, "settled"),
    page("training:needs-detail", signed_in(GONE), lambda world: {"pk": 0}, "of none"),
    *(page(f"training:needs-{kind}", READERS, ANALYSIS) for kind in ("pdf", "word", "excel")),
    *(page(f"training:needs-{kind}", SETTLED, LAST_YEARS, "settled") for kind in ("pdf", "word", "excel")),
    form("needs-change"),
    stands("needs-change"),
    form("needs-settle", situation="while questions are open"),
    stands("needs-settle"),
    Door("training:needs-open-again", "", signed_in(METHOD), settled(MOVED), LAST_YEARS),
    form("needs-rank"),
    stands("needs-rank"),
    form("needs-add"),
    stands("needs-add"),
    page("training:needs-need", READERS, need),
    page("training:needs-need", SETTLED, need_of_last_year, "settled"),
    form("needs-need-change", need),
    stands("needs-need-change", need_of_last_year),
    form("needs-need-decide", need),
    form("needs-need-take-out", need, MOVED),
    form("needs-invitations"),
    stands("needs-invitations"),
    button("needs-mail-all", ANALYSIS),
    *(button(f"needs-{name}", invitation) for name in ("link", "given", "mail", "take-back")),
    form("needs-wishes"),
    stands("needs-wishes"),
    button("needs-unplace", wish, GONE),  # it is under no need
    Door("training:needs-answer", "", ASKED, ASKED | {"partner": INVALID}, record("needs_invitation")),
    Door("training:needs-answer", "its practitioners’", ASKED, ASKED, record("needs_invitation_people")),
    Door("training:needs-open", "", everyone(OK), everyone(INVALID), link("needs_invitation")),
    Door("training:needs-open", "practitioners’", everyone(OK), everyone(INVALID), link("needs_invitation_people")),
    Door("training:needs-open", "an old link", everyone(GONE), everyone(GONE), old_link),
    Door("assurance:needs-offers", "", WRITERS, written(INVALID), ANALYSIS),
    Door("assurance:needs-offers", "settled", settled(MOVED), settled(MOVED), LAST_YEARS),
    Door("assurance:needs-offer-again", "", signed_in(METHOD), written(MOVED), left_out),
    page("partnership:record-history", READERS, history("training.needsanalysis", "needs_analysis"), "of needs"),
    page("partnership:record-history", READERS, history("training.learningneed", "learning_need"), "of a need"),
    page(
        "partnership:record-history",
        MAY_NOT | dict.fromkeys((*RUNNERS, "advisor"), OK),
        history("training.needsanalysis", "needs_settled"),
        "of needs that are settled",
    ),
]
