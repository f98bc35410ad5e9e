"""What the doors of data protection lead to."""

from datetime import UTC, datetime

from partnership.models import Erasure, LegalHold, SubjectCopy

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def data_protection_of(partnership, people, office):
    """A hold, an erasure that another office asked for, and a copy that waits for a worker."""
    return {
        "subject_copy": SubjectCopy.objects.create(
            subject_kind="colleague",
            subject_key=str(people["lead"].pk),
            because="They asked for it.",
            requested_by=people["office"],
        ),
        "legal_hold": LegalHold.objects.create(
            partnership=partnership, kind="learners", because="An inquiry.", placed_by=office, placed_at=NOW
        ),
        "erasure": Erasure.objects.create(
            partnership=partnership,
            subject_kind="colleague",
            subject_key=str(people["lead"].pk),
            because="They asked for it.",
            asked_by=people["administrator"],
            asked_at=NOW,
        ),
    }
