"""How long this app keeps what it holds: see ``partnership.data_protection.declaring``."""

from partnership.data_protection.declaring import End, Kind, Records
from plans.models import ReviewDraft, UpdateDraft, UpdateImport, UpdateLink, UpdateLinkUse

OWN_SCHEDULE = "No law says. Enough to look back on the year; your organisation’s own schedule may say otherwise."

RETAINED = [
    Kind(
        "plan-drafts",
        "Drafts of updates and reviews",
        why="So that nothing typed is lost while a round is open.",
        counted_from="when it was last typed in",
        end=End.DELETE,
        source="Data minimisation: UK GDPR article 5(1)(c). Nobody sends a draft a year later.",
        months=12,
        records=(
            Records(UpdateDraft.objects.all, "saved_at", "round__plan__partnerships"),
            Records(ReviewDraft.objects.all, "saved_at", "round__plan__partnerships"),
        ),
    ),
    Kind(
        "update-links",
        "Links to answer without a password, and who used them",
        why="So that misuse of a link can be found.",
        counted_from="when the link ran out",
        end=End.DELETE,
        source=OWN_SCHEDULE,
        months=12,
        floor=3,
        floor_because="Misuse is often found weeks later; article 32 asks that it can be looked into.",
        records=(
            Records(
                UpdateLink.objects.all,
                "expires_at",
                parts=lambda keys: [UpdateLinkUse.objects.filter(link__in=keys)],
            ),
        ),
    ),
    Kind(
        "update-imports",
        "Spreadsheets of updates",
        why="Until it is sure that they were read rightly.",
        counted_from="when they came",
        end=End.DELETE,
        source=OWN_SCHEDULE,
        months=24,
        records=(Records(UpdateImport.objects.all, "created_at", "round__plan__partnerships", document="document"),),
    ),
]
