"""How long this app keeps what it holds: see ``partnership.data_protection.declaring``."""

from partnership.data_protection.declaring import (
    CLAIMS,
    End,
    Kind,
    Records,
)
from training.models import Evaluation, Place, Practitioner, TrainingImport, TrainingMail

RETAINED = [
    Kind(
        "learners",
        "Learners, their places and what they are trained in",
        why="Certificates can be shown, and an organisation can prove that its people were trained.",
        counted_from="the day on which they left their organisation",
        end=End.ERASE,
        source=CLAIMS,
        months=72,
        records=(Records(Practitioner.objects.all, "left_on", "organisation__partnerships"),),
    ),
    Kind(
        "access-needs",
        "What learners need to take part",
        why="So that the room, the food and the papers suit them on the day.",
        counted_from="the end of the event",
        end=End.CLEAR,
        source="It may tell of health; UK GDPR article 5(1)(c) and (e): no longer than it is needed.",
        months=3,
        records=(
            Records(
                lambda: Place.objects.exclude(needs=""),
                "event__ends_at",
                "event__course__partnerships",
                clears={"needs": ""},
            ),
        ),
    ),
    Kind(
        "evaluations",
        "What single learners said of their training",
        why="To see over some years what training helps. Figures and summaries stay.",
        counted_from="the last day to answer",
        end=End.CLEAR,
        source="No law says. Three years shows how a course changes.",
        months=36,
        records=(
            Records(
                lambda: Evaluation.objects.exclude(words="", hindered="", manager_words="", manager_email=""),
                "closes_on",
                "place__event__course__partnerships",
                clears={"words": "", "hindered": "", "manager_words": "", "manager_email": ""},
            ),
        ),
    ),
    Kind(
        "training-mails",
        "Addresses to which mails about training went",
        why="To see why somebody was not told.",
        counted_from="when the mail was made",
        end=End.DELETE,
        source="No law says. A year is long enough to look into a complaint.",
        months=12,
        records=(Records(TrainingMail.objects.all, "made_at"),),
    ),
    Kind(
        "training-imports",
        "Spreadsheets of training",
        why="Until it is sure that they were read rightly.",
        counted_from="when they came",
        end=End.DELETE,
        source="No law says. A year is long enough to find a row that was read wrongly.",
        months=12,
        records=(Records(TrainingImport.objects.all, "created_at", "partnership", document="document"),),
    ),
]
