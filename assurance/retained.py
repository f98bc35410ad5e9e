"""How long this app keeps what it holds: see ``partnership.data_protection.declaring``."""

from assurance.models import (
    IndicatorImport,
    PractitionerMark,
    PractitionerReply,
    QuarterlyDraft,
    ReportDraft,
    ReportMail,
    School,
    SchoolImport,
    SchoolMail,
)
from partnership.data_protection.declaring import (
    End,
    Kind,
    Records,
)

LOOK_BACK = "No law says. Two years is enough to look into a complaint about who was told."

RETAINED = [
    Kind(
        "report-drafts",
        "Drafts of reports",
        why="So that nothing typed is lost while a report is written.",
        counted_from="when it was last typed in",
        end=End.DELETE,
        source="Data minimisation: UK GDPR article 5(1)(c). A report is written within a year.",
        months=18,
        records=(
            Records(ReportDraft.objects.all, "saved_at", "report__partnerships"),
            Records(QuarterlyDraft.objects.all, "saved_at", "report__round__plan__partnerships"),
        ),
    ),
    Kind(
        "report-mails",
        "Addresses to which reports were sent",
        why="That a report was sent on time can be shown. To whom and when stays with the report.",
        counted_from="when the mail was made",
        end=End.DELETE,
        source=LOOK_BACK,
        months=24,
        records=(Records(ReportMail.objects.all, "made_at", "recipient__report__partnerships"),),
    ),
    Kind(
        "surveys",
        "Single replies of practitioners",
        why="To compare one survey with the next. Nobody’s name stands in them.",
        counted_from="the day of the reply",
        end=End.DELETE,
        source="No law says. Six years shows three surveys beside each other.",
        months=72,
        records=(
            Records(
                PractitionerReply.objects.all,
                "replied_on",
                "invitation__survey__partnership",
                parts=lambda keys: [PractitionerMark.objects.filter(reply__in=keys)],
            ),
        ),
    ),
    Kind(
        "school-contacts",
        "Heads and chairs of schools that have closed",
        why="Until what was asked of the school is settled.",
        counted_from="the day on which the school closed",
        end=End.CLEAR,
        source="UK GDPR article 5(1)(d) and (e): nobody is written to there any more.",
        months=12,
        records=(
            Records(
                lambda: School.objects.exclude(head_name="", head_email="", chair_name="", chair_email=""),
                "closed_on",
                clears={"head_name": "", "head_title": "", "head_email": "", "chair_name": "", "chair_email": ""},
            ),
        ),
    ),
    Kind(
        "school-mails",
        "Addresses to which schools were written",
        why="To see why a school was not asked.",
        counted_from="when the mail was made",
        end=End.DELETE,
        source=LOOK_BACK,
        months=24,
        records=(Records(SchoolMail.objects.all, "made_at", "record__survey__partnership"),),
    ),
    Kind(
        "assurance-imports",
        "Lists of schools and figures that came as files",
        why="Until it is sure that they were read rightly.",
        counted_from="when they came",
        end=End.DELETE,
        source="No law says. A year is long enough to find a row that was read wrongly.",
        months=12,
        records=(
            Records(IndicatorImport.objects.all, "created_at", "partnership", document="document"),
            Records(SchoolImport.objects.all, "created_at", "partnership", document="document"),
        ),
    ),
]
