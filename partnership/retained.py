"""How long this app keeps what it holds: see ``partnership.data_protection.declaring``."""

from django.db.models import Max

from partnership.data_protection.declaring import (
    ACCESS_REVIEW,
    CLAIMS,
    ERASED,
    End,
    Kind,
    Records,
)
from partnership.models import (
    AccessReview,
    AccessReviewLine,
    AccountEvent,
    ActionImport,
    BoardPack,
    Bounce,
    CalendarFeed,
    ExitPack,
    ExitPackPart,
    Invitation,
    Message,
    MessageAttempt,
    PeopleImport,
    Reminder,
    SubjectCopy,
    User,
)
from partnership.models.people import holders_in
from partnership.personal_data import RECORD


def who_have_left():
    """People whose last post is over, with ``left_on``, who have an account and are not erased."""
    return (
        User.objects.filter(is_administrator=False)
        .exclude(email__endswith=ERASED)
        .exclude(holdings__to_on=None)
        .annotate(left_on=Max("holdings__to_on"))
    )


def of_partnerships(people, partnership_ids):
    return people.filter(pk__in=holders_in(partnership_ids))


RETAINED = [
    Kind(
        "record",
        "Plans, meetings, decisions, returns and reports, with who made them",
        why=RECORD,
        counted_from="when it was published or decided",
        end=End.KEEP,
        source="What a public body decided and published is its record; see section 16K of the Children Act 2004 for "
        "arrangements and reports. Who had a part in it stands with it.",
    ),
    Kind(
        "people",
        "People who have left",
        why="Claims and inquiries ask who was answerable at the time.",
        counted_from="the end of their last post",
        end=End.ERASE,
        source=CLAIMS,
        months=72,
        floor=12,
        floor_because="The yearly review of access must still be able to see who left.",
        records=(Records(who_have_left, "left_on", of_partnerships),),
    ),
    Kind(
        "sign-ins",
        "Who signed in, from where, and what failed",
        why="Misuse is often found months later.",
        counted_from="the day on which it happened",
        end=End.DELETE,
        source="A year covers a yearly review of access; UK GDPR article 32 asks that a breach can be looked into.",
        months=12,
        is_fixed=True,
        records=(Records(AccountEvent.objects.all, "at"),),
    ),
    Kind(
        "invitations",
        "Invitations",
        why="To see who let somebody in.",
        counted_from="the day on which it ran out",
        end=End.DELETE,
        source=ACCESS_REVIEW,
        months=12,
        records=(Records(Invitation.objects.all, "expires_at"),),
    ),
    Kind(
        "access-reviews",
        "Yearly reviews of access",
        why="To show that they were done.",
        counted_from="the day on which a review was closed",
        end=End.DELETE,
        source=CLAIMS,
        months=72,
        records=(
            Records(
                AccessReview.objects.all,
                "closed_at",
                "partnership",
                parts=lambda keys: [AccessReviewLine.objects.filter(review__in=keys)],
            ),
        ),
    ),
    Kind(
        "imports",
        "Spreadsheets of people and actions",
        why="Until it is sure that they were read rightly.",
        counted_from="when they came",
        end=End.DELETE,
        source="No law says. A year is long enough to find a row that was read wrongly.",
        months=12,
        records=(
            Records(PeopleImport.objects.all, "created_at", "partnership", document="document"),
            Records(ActionImport.objects.all, "created_at", "group__partnerships", document="document"),
        ),
    ),
    Kind(
        "made-files",
        "Packs of papers made as one file",
        why="To read on a train. Its papers stay with the meeting, and it can be made again.",
        counted_from="the day of the meeting",
        end=End.DELETE,
        source="No law says. Two years covers the minutes and what came of them.",
        months=24,
        records=(Records(BoardPack.objects.all, "meeting__meets_on", "meeting__group__partnerships"),),
    ),
    Kind(
        "subject-copies",
        "Copies of what is held about somebody",
        why="Until it is fetched. The product deletes it after seven days by itself.",
        counted_from="the day on which it was asked for",
        end=End.DELETE,
        source="UK GDPR article 5(1)(c) and (e): no more and no longer than needed.",
        months=1,
        is_fixed=True,
        records=(Records(SubjectCopy.objects.all, "requested_at"),),
    ),
    Kind(
        "exit-packs",
        "Exit packs",
        why="To see who took everything of a partnership. The archive itself is deleted after seven days.",
        counted_from="the day on which it was asked for",
        end=End.DELETE,
        source="A year covers a yearly review of access.",
        months=12,
        records=(
            Records(
                ExitPack.objects.all,
                "requested_at",
                "partnership",
                parts=lambda keys: [ExitPackPart.objects.filter(pack__in=keys)],
            ),
        ),
    ),
    Kind(
        "feeds",
        "Calendar subscriptions that were ended",
        why="To see who could read a calendar.",
        counted_from="the day on which it was ended",
        end=End.DELETE,
        source=ACCESS_REVIEW,
        months=12,
        records=(Records(CalendarFeed.objects.all, "revoked_at"),),
    ),
    Kind(
        "reminders",
        "Reminders and who was told",
        why="To show that somebody was told of what is now overdue.",
        counted_from="the day of the message",
        end=End.DELETE,
        source="No law says. Two years covers a plan’s year and its report.",
        months=24,
        floor=3,
        floor_because="Within a quarter a reminder that was sent must not be sent again.",
        records=(
            Records(
                Message.objects.all,
                "day",
                parts=lambda keys: [
                    MessageAttempt.objects.filter(message__in=keys),
                    Reminder.objects.filter(message__in=keys),
                ],
            ),
        ),
    ),
    Kind(
        "bounces",
        "Addresses from which mail came back",
        why="Until somebody has put the address right.",
        counted_from="the day on which it was put right",
        end=End.DELETE,
        source="No law says. A year is enough to see whether it happens again.",
        months=12,
        records=(Records(Bounce.objects.all, "cleared_at"),),
    ),
]
