"""Seven-minute briefings: written, published with a receipt asked of each agency, corrected by a new edition.

What a briefing says is put together once (``content_of``): the page, the PDF and the Word document are three
ways of setting it. Nothing in it comes from the case or the review behind it but the words themselves.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from partnership.house_style import FALLBACK, darkened
from partnership.models import Membership, Organisation, PublishedFile
from partnership.paragraphs import blocks_of
from partnership.publishing import publish_file
from partnership.refusals import NotNow
from partnership.templatetags.components import long_date
from reviews.briefing_pdf import make_pdf
from reviews.models import Briefing, DisseminationStep, Receipt

WORDS_A_MINUTE = 140  # read aloud or with thought: 980 words in seven minutes
MOST_WORDS = 1000


@dataclass(frozen=True)
class Part:
    """One of the six parts: its heading for readers, what helps to write it, and about how many words it takes."""

    name: str
    heading: str
    guidance: str
    words: int


PARTS = (
    Part(
        "background",
        "Background",
        "Why this matters to people who have never heard of it: how often it happens, to whom, what the law or our "
        "guidance says. Nothing by which anybody could be known.",
        120,
    ),
    Part(
        "happened",
        "What happened",
        "The pattern and not the family: what was seen, by which kinds of service, and where it was lost. No name, "
        "age in months, place, date or family make-up that fits one family alone.",
        180,
    ),
    Part(
        "learning",
        "What we learned",
        "Three or four points, each in a sentence that a busy person could repeat. Say what worked, too.",
        250,
    ),
    Part(
        "practice",
        "What to do",
        "What somebody does differently tomorrow: what to ask, to write down, to share, and whom to ring. Begin each "
        "line with a dash to make a list.",
        220,
    ),
    Part(
        "reflection",
        "To think about",
        "What makes this hard in real work, and what helps. Two or three sentences.",
        100,
    ),
    Part(
        "resources",
        "Where to find more",
        "Our procedures, training and helplines, each with where to find it.",
        50,
    ),
)
# The three questions for a team, in the order in which a manager asks them.
QUESTIONS = {
    "thoughts": "What do we think: where have we seen this in our own work?",
    "embed": "What will we do, so that this becomes how we work?",
    "team_plan": "How will we know in three months that we do it?",
}
WRITTEN = (*Briefing.PARTS, *Briefing.QUESTIONS)


# What it says


def word_count_of(briefing):
    return sum(len(getattr(briefing, name).split()) for name in WRITTEN)


def minutes_of(count):
    """Minutes of reading of so many words, at least one."""
    return max(1, round(count / WORDS_A_MINUTE))


def length_in_words(count):
    """ "820 words: about six minutes to read" as figures, said honestly where it is too long."""
    minutes = minutes_of(count)
    said = f"{count} word{'' if count == 1 else 's'}: about {minutes} minute{'' if minutes == 1 else 's'} to read"
    return f"{said}. Seven minutes are {MOST_WORDS} words, so it is too long" if count > MOST_WORDS else said


def content_of(briefing):
    """The whole of it as plain data: the same words give the same PDF and the same Word document."""
    count = word_count_of(briefing)
    colour = briefing.partnership.house_colour
    return {
        "title": briefing.title,
        "whose": briefing.partnership.name,
        "edition": briefing.edition,
        "published": long_date(briefing.published_at),
        "length": f"{minutes_of(count)} minute{'' if minutes_of(count) == 1 else 's'} to read",
        "parts": [
            {
                "name": part.name,
                "heading": part.heading,
                "blocks": [vars(block) for block in blocks_of(getattr(briefing, part.name))],
            }
            for part in PARTS
            if getattr(briefing, part.name).strip()
        ],
        "questions": [getattr(briefing, name).strip() for name in QUESTIONS if getattr(briefing, name).strip()],
        "brand": darkened(colour or FALLBACK),
    }


# From a draft to what stands


def begin_briefing(*, partnership, title, review=None):
    """A draft with its three questions as they are usually asked."""
    return Briefing.objects.create(partnership=partnership, review=review, title=title, **QUESTIONS)


def missing_from(briefing):
    """Headings of what a briefing can't go out without and does not have yet."""
    needed = [part for part in PARTS if part.name in ("background", "learning", "practice")]
    return [part.heading for part in needed if not getattr(briefing, part.name).strip()]


def agencies_asked(partnership, *, on):
    """Who is asked what they did with it: the partnership's statutory partners and relevant agencies on a day."""
    members = Membership.objects.current(on=on).filter(
        partnership=partnership, role__in=[Membership.Role.STATUTORY, Membership.Role.RELEVANT]
    )
    return Organisation.objects.filter(pk__in=members.values("organisation")).order_by("name")


@transaction.atomic
def publish_briefing(briefing, *, agencies, due_on, is_public, by, at, on):
    """Freeze ``briefing``, typeset it, and ask ``agencies`` what they did with it by ``due_on``.

    ``at`` is the moment and ``on`` its day. The plan to spread it goes on from an edition to the next, and so does
    what agencies said of the one before: they are asked again only where they are among ``agencies``. What is not
    meant for the public is kept in no file that everyone may read. Raises NotNow, PdfProblem.
    """
    held = (
        Briefing.objects.select_for_update(of=["self"], no_key=True).select_related("partnership").get(pk=briefing.pk)
    )
    if held.is_published:
        raise NotNow("Somebody has just published it.")
    if missing := missing_from(held):
        raise NotNow(f"Write something under “{missing[0]}” first.")
    held.is_public, held.published_at, held.published_by = is_public, at, by
    if is_public:
        held.pdf = _published_pdf(held, by=by, at=at)
    held.save()
    if held.supersedes_id:
        DisseminationStep.objects.filter(briefing=held.supersedes_id).update(briefing=held)
    Receipt.objects.bulk_create(
        Receipt(briefing=held, organisation=agency, asked_on=on, due_on=due_on) for agency in agencies
    )
    return held


def _published_pdf(briefing, *, by, at):
    content = content_of(briefing)
    pdf = make_pdf(content)
    earlier = briefing.supersedes.pdf if briefing.supersedes_id else None
    return publish_file(
        partnerships=[briefing.partnership],
        kind=PublishedFile.Kind.BRIEFING,
        title=briefing.title,
        filename=filename_of(briefing, "pdf"),
        content=pdf.content,
        page_count=pdf.page_count,
        manifest=content,
        supersedes=earlier,
        by=by,
        at=at,
    )


@transaction.atomic
def correct_briefing(briefing):
    """The draft of the next edition, with the words of this one; the one there is already, where it was begun."""
    held = Briefing.objects.select_for_update(of=["self"], no_key=True).get(pk=briefing.pk)
    if not held.is_published:
        raise NotNow("It is not published yet. Change the draft.")
    begun = Briefing.objects.filter(supersedes=held).first()
    if begun and begun.is_published:
        raise NotNow("There is a later edition already.")
    if begun:
        return begun
    words = {name: getattr(held, name) for name in ("title", "partnership", "review", "is_public", *WRITTEN)}
    draft = Briefing.objects.create(**words, edition=held.edition + 1, supersedes=held)
    draft.learning_points.set(held.learning_points.all())
    return draft


def earlier_editions(briefing):
    """Keys of the editions that ``briefing`` replaced, the newest first."""
    before = dict(
        Briefing.objects.filter(partnership=briefing.partnership_id, supersedes__isnull=False).values_list(
            "pk", "supersedes"
        )
    )
    keys, key = [], briefing.pk
    while key := before.get(key):
        keys.append(key)
    return keys


def filename_of(briefing, ending):
    """ "briefing-safer-sleep-edition-2.pdf": its own title and nothing of where it comes from."""
    edition = f"-edition-{briefing.edition}" if briefing.edition > 1 else ""
    state = "" if briefing.is_published else "-draft"
    return f"briefing-{slugify(briefing.title)[:80]}{edition}{state}.{ending}"
