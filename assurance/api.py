"""Published annual reports and what people said as data."""

from django.db.models import Prefetch

from assurance.models import ReportCompanion, VoiceEntry
from assurance.published import published_of
from partnership.api import Resource, file_data, whole_address
from partnership.api_schema import FILE, address, day, number, perhaps, some, text, thing, truth, word

FEW_PEOPLE = 4  # as many or fewer are not counted in public


# Annual reports

COMPANION = thing(
    "The same report in another shape.",
    kind=word("Which", ReportCompanion.Kind.values),
    language=text("Its language, as en-GB"),
    title=text("What it is called"),
    file=FILE,
)
REPORT = thing(
    "One edition of an annual report.",
    key=number("Its key"),
    title=text("What it is called"),
    starts_on=day("The first day of its year"),
    ends_on=day("The last day of its year"),
    edition=number("Which edition; a correction is a new one"),
    corrects=perhaps(number("Key of the edition that this one corrects")),
    is_corrected=truth("Whether a later edition corrects this one"),
    changes=text("What this edition corrects, or empty"),
    in_short=text("The year in short, or empty"),
    page=address("It as a web page"),
    file=FILE,
    companions=some(COMPANION),
)


def report_rows(partnership, *, on):
    shown = ReportCompanion.objects.published().select_related("published_file")
    shown = shown.defer("published_file__content", "published_file__manifest")
    return published_of(partnership).prefetch_related(Prefetch("companions", shown, to_attr="shown_companions"))


def report_data(rows, partnership, *, on):
    return [
        {
            "key": each.pk,
            "title": each.title,
            "starts_on": each.starts_on,
            "ends_on": each.ends_on,
            "edition": each.edition,
            "corrects": each.corrects_id,
            "is_corrected": is_corrected(each),
            "changes": each.changes,
            "in_short": each.in_short,
            "page": whole_address("assurance:public-report", partnership.slug, each.pk),
            "file": file_data(each.published_file),
            "companions": [
                {
                    "kind": companion.kind,
                    "language": companion.language,
                    "title": companion.title,
                    "file": file_data(companion.published_file),
                }
                for companion in each.shown_companions
            ],
        }
        for each in rows
    ]


def is_corrected(report):
    """By an edition that is published; that one is being drafted is nobody's business yet."""
    later = getattr(report, "corrected_by", None)
    return later is not None and later.is_published


reports = Resource(
    "reports",
    "Annual reports",
    "Every edition of every annual report, the newest first, with its file, that file’s hash, and its other shapes.",
    REPORT,
    report_rows,
    report_data,
)


# You said, we did

VOICE = thing(
    "What people said and what was done about it.",
    key=number("Its key"),
    month=text("The month in which they were heard, as 2027-01", pattern=r"^\d{4}-\d{2}$"),
    people=word("Whose voice", VoiceEntry.People.values),
    who=text("Which group, never a name"),
    people_count=perhaps(number("How many they were; null where nobody counted or they were few")),
    said=text("What they said"),
    did=text("What was done, or empty"),
    not_done_because=text("Why nothing was done, or empty"),
    changed=text("What is different now, or empty"),
    page=address("The public page"),
)


def voice_rows(partnership, *, on):
    told = VoiceEntry.objects.published().answered().filter(partnerships=partnership)
    return told.order_by("-heard_on", "-pk")


def voice_data(rows, partnership, *, on):
    return [
        {
            "key": each.pk,
            "month": f"{each.heard_on:%Y-%m}",
            "people": each.people,
            "who": each.public_who,
            "people_count": each.people_count if each.people_count > FEW_PEOPLE else None,
            "said": each.public_quote,
            "did": each.public_did,
            "not_done_because": "" if each.public_did else each.public_because,
            "changed": each.public_changed if each.public_did else "",
            "page": whole_address("assurance:public-voices", partnership.slug),
        }
        for each in rows
    ]


voices = Resource(
    "voices",
    "You said, we did",
    "What children, adults and families said, what was done and what changed: the words that the office looked at.",
    VOICE,
    voice_rows,
    voice_data,
)
