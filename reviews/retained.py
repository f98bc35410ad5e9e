"""How long this app keeps what it holds: see ``partnership.data_protection.declaring``."""

from partnership.data_protection.declaring import (
    BEHIND_CASES,
    End,
    Kind,
    Records,
)
from reviews.deletion import delete_again, was_ever_deleted
from reviews.models import Case

RETAINED = [
    Kind(
        "cases",
        "Case records, reviews of them and who read them",
        why="An inquiry, a court or the person whom it is about may ask for them decades later.",
        counted_from="the day on which the case was closed",
        end=End.BY_HAND,
        source="The Independent Inquiry into Child Sexual Abuse asked that such records be kept for 75 years. "
        "Your own agreement as joint controllers may say otherwise for other cases.",
        months=900,
        floor=300,
        floor_because="A person who was a child then can ask, claim or complain as an adult.",
        behind=BEHIND_CASES,
        records=(Records(Case.objects.all, "closed_on", "partnership"),),
        delete_again=delete_again,
        was_deleted=was_ever_deleted,
    ),
]
