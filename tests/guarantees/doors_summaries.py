"""Doors of agency summaries, of the rapid review and of what is decided: see ``access_table.py``.

The case review group asks, the contact of each agency answers on one page, and to all others none of it exists.
"""

from partnership.models import Membership
from tests.guarantees.doors import GONE, INVALID, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

GROUP = only("case_group_member")
NOBODY_YET = only("case_group_member", answer=REFUSED)


def post(answer):
    return only("case_group_member", answer=answer)


def partner_of_case(world):
    """The one statutory partner; nobody of it sits in the group."""
    statutory = Membership.objects.get(partnership=world.case.partnership, role=Membership.Role.STATUTORY)
    return {"pk": world.case.pk, "organisation_pk": statutory.organisation_id}


def no_partner(world):
    return {"pk": world.case.pk, "organisation_pk": world.other_summary.organisation_id}


# The member of the group may know of a summary, and reads none before it is sent.
def of_contact(contact, answer):
    return only(contact, answer=answer) | {"case_group_member": REFUSED}


CASE, SUMMARY, OTHER = record("case"), record("summary"), record("other_summary")

DOORS = [
    Door("reviews:summary-add", "", GROUP, post(INVALID), CASE),
    Door("reviews:summaries-ask", "all are asked", post(MOVED), post(MOVED), CASE),
    Door("reviews:summaries-chase", "", signed_in(METHOD), post(MOVED), CASE),
    Door("reviews:summary-detail", "of one agency", of_contact("partner", OK), of_contact("partner", MOVED), SUMMARY),
    Door(
        "reviews:summary-detail",
        "of another",
        of_contact("other_partner", OK),
        of_contact("other_partner", MOVED),
        OTHER,
    ),
    Door(
        "reviews:summary-remove",
        "",
        signed_in(METHOD),
        post(MOVED) | {"other_partner": REFUSED},
        OTHER,
    ),
    Door("reviews:summary-contact", "", GROUP | {"partner": REFUSED}, post(INVALID) | {"partner": REFUSED}, SUMMARY),
    Door("reviews:summary-ask", "", GROUP | {"partner": REFUSED}, post(INVALID) | {"partner": REFUSED}, SUMMARY),
    Door(
        "reviews:summary-send-back",
        "",
        GROUP | {"partner": REFUSED},
        post(INVALID) | {"partner": REFUSED},
        SUMMARY,
    ),
    Door("reviews:summary-paper", "", GROUP | {"partner": REFUSED}, post(INVALID) | {"partner": REFUSED}, SUMMARY),
    Door("reviews:rapid-review-change", "", GROUP, post(MOVED), CASE),
    page("reviews:rapid-review-pdf", GROUP, CASE),
    page("reviews:rapid-review-word", GROUP, CASE),
    Door("reviews:advice-add", "no advisor sits in the group", NOBODY_YET, NOBODY_YET, CASE),
    Door("reviews:decision-add", "of a partner", NOBODY_YET, NOBODY_YET, partner_of_case),
    Door("reviews:decision-add", "of no partner", signed_in(GONE), signed_in(GONE), no_partner),
    Door("reviews:case-dispute-add", "nobody differs", post(MOVED), post(MOVED), CASE),
    Door("reviews:review-begin", "nothing is decided", post(MOVED), post(MOVED), CASE),
]
