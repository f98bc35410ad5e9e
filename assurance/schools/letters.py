"""The letter to the head and to the chair of governors of each school that has not answered, on paper and by mail."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.template.loader import render_to_string
from django.utils import timezone
from docx import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.shared import Cm, Pt

from assurance.models import SchoolLetters, SchoolMail, SchoolReturn, SchoolSurvey
from partnership.builds import Pages, run_claimed
from partnership.house_style import darkened, house_colours
from partnership.lists import plain
from partnership.pack_word import dress
from partnership.pdf import Limits, render_pdf
from partnership.templatetags.components import long_date

Kind, Reader = SchoolMail.Kind, SchoolMail.Reader

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
ROWS_AT_ONCE = 500
# A letter takes 0.1 s, and a task may run for 300 s (CELERY_TASK_TIME_LIMIT).
PDF_LIMITS = Limits(cpu_seconds=220, wall_seconds=240)
MOST_SCHOOLS = 400  # of one run, with two letters each
LETTERS_BETWEEN_WORDS = 50

FIELD = re.compile(r"\{([^{}]*)\}")
FIELDS = {
    "school": "the name of the school",
    "survey": "the title of the survey",
    "sent": "the day it was sent",
    "due": "the day the answers were due",
}
DEFAULT_LETTER = """We asked {school} to answer “{survey}” on {sent}, by {due}. We have had no answer.

The survey is how we know that children are kept safe in every school of our area. Safeguarding partners may ask for \
information that they need for this under section 16H of the Children Act 2004.

Please see to it that the answers reach us within ten working days, or write to us what keeps the school from \
answering. If your school has answered on paper in the last few days, this letter has crossed with it."""


class NobodyToWriteTo(Exception):
    """Every school has answered or is excused."""


def unknown_fields(text):
    """What stands in braces in ``text`` and is none of ``FIELDS``, in order."""
    return [name for name in dict.fromkeys(FIELD.findall(text)) if name.strip() not in FIELDS]


# One letter


@dataclass(frozen=True)
class Letter:
    """What one letter says. ``lines``: of the address, in a window envelope."""

    key: object
    lines: list
    salutation: str
    heading: str
    paragraphs: list
    closing: str
    signed_by: str


def letter_to(record, reader):
    """The letter of ``record.survey`` to that ``reader`` of its school."""
    survey, school = record.survey, record.school
    values = {
        "school": school.name,
        "survey": survey.title,
        "sent": long_date(survey.sent_on) or "the day it was sent",
        "due": long_date(survey.due_on),
    }
    text = FIELD.sub(lambda found: values.get(found[1].strip(), found[0]), survey.letter or DEFAULT_LETTER)
    name, role = reader_of(school, reader)
    is_known = bool(name)
    return Letter(
        key=record.pk,
        lines=[plain(line) for line in [name, role, school.name, *address_lines(school)] if line],
        salutation=plain(f"Dear {name}" if is_known else f"Dear {role[:1].lower()}{role[1:]}"),
        heading=plain(survey.title),
        paragraphs=[plain(" ".join(part.split())) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()],
        closing="Yours sincerely" if is_known else "Yours faithfully",
        signed_by=plain(survey.letter_signed_by),
    )


def reader_of(school, reader):
    """(name, what they are): the name is empty where we do not know it."""
    if reader == Reader.CHAIR:
        return school.chair_name, "Chair of governors"
    return school.head_name, school.head_title or "Head teacher"


def address_lines(school):
    return [school.street, school.locality, school.town, school.county, school.postcode]


# Asking for them


def silent(survey):
    """Returns of schools that were asked and neither answered nor were excused, in the order of the post."""
    returns = SchoolReturn.objects.waiting().filter(survey=survey)
    return returns.select_related("school", "survey__partnership").order_by("school__name", "school__urn")


@transaction.atomic
def request_letters(survey, *, by, at):
    """Ask for the letters on paper; a run that is under way is the answer. Raises NobodyToWriteTo.

    Of more than ``MOST_SCHOOLS`` those come first that have had the fewest.
    """
    survey = SchoolSurvey.objects.select_for_update(of=["self"], no_key=True).get(pk=survey.pk)
    under_way = survey.letter_runs.under_way().first()
    if under_way:
        return under_way
    turn = next_turn(survey)
    on_paper = Count("mails", filter=Q(mails__kind=Kind.LETTER, mails__address=""))
    next_ones = silent(survey).annotate(letters=on_paper).order_by("letters", "school__name")[:MOST_SCHOOLS]
    rows = make_rows(next_ones, turn, lambda school, reader: "", by=by, at=at)
    return survey.letter_runs.create(turn=turn, letter_count=len(rows), requested_by=by, step="Waiting for a worker")


@transaction.atomic
def mail_letters(survey, *, turn, by, at):
    """The same by mail, to each reader whose address is known; gives how many wait to leave.

    ``turn`` is the one that the page offered: a second press sends nothing. Raises NobodyToWriteTo.
    """
    survey = SchoolSurvey.objects.select_for_update(of=["self"], no_key=True).get(pk=survey.pk)
    if turn != next_turn(survey):
        return 0
    return len(make_rows(silent(survey), turn, mail_address, by=by, at=at, is_mail=True))


def mail_address(school, reader):
    return school.chair_email if reader == Reader.CHAIR else school.head_email


def make_rows(returns, turn, address_of, *, by, at, is_mail=False):
    rows = [
        SchoolMail(record=record, kind=Kind.LETTER, turn=turn, reader=reader, address=address, made_by=by, made_at=at)
        for record in returns
        for reader in (Reader.HEAD, Reader.CHAIR)
        if (address := address_of(record.school, reader)) or not is_mail
    ]
    if not rows:
        raise NobodyToWriteTo
    return SchoolMail.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def next_turn(survey):
    mailed = SchoolMail.objects.filter(record__survey=survey, kind=Kind.LETTER).aggregate(last=Max("turn"))["last"]
    made = survey.letter_runs.aggregate(last=Max("turn"))["last"]
    return max(mailed or 0, made or 0) + 1


# Making them


def run_letters(run_id):
    """Make the letters that wait; of any other run nothing. Gives whether this call made them."""
    return run_claimed(SchoolLetters, run_id, make)


def make(claim):
    run = SchoolLetters.objects.select_related("survey__partnership").get(pk=claim.build_id)
    rows = SchoolMail.objects.filter(record__survey=run.survey, kind=Kind.LETTER, turn=run.turn, address="")
    rows = rows.select_related("record__school", "record__survey__partnership")
    rows = list(rows.order_by("record__school__name", "record__school__urn", "-reader"))
    letters = [letter_to(row.record, row.reader) for row in rows]
    claim.say("Laying out the letters", 0, len(letters))
    on = timezone.localdate()
    house, partnership = house_of(run.survey), run.survey.partnership
    context = {"letters": letters, "partnership": partnership, "survey": run.survey, "on": on}
    html = render_to_string("assurance/print/school_letters.html", context)
    pdf = render_pdf(html, assets=print_assets(house), on_progress=Pages(claim, len(letters)), limits=PDF_LIMITS)
    word = make_word(letters, partnership=partnership, title=run.survey.title, on=on, claim=claim)
    with transaction.atomic():
        now = timezone.now()
        SchoolMail.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_at=now, sent_at=now)
        claim.keep(pdf, word=word, word_size=len(word), letter_count=len(letters))


def house_of(survey):
    return house_colours(darkened(survey.partnership.house_colour))


def print_assets(house):
    css = render_to_string("assurance/print/school_letters.css", {"house": house})
    fonts = {f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))}
    return {"school_letters.css": css.encode()} | fonts


def make_word(letters, *, partnership, title, on, claim=None):
    """One letter a page, to be changed and printed. The address stands where a window envelope shows it."""
    document = WordDocument()
    dress(document, title=plain(title), author=plain(partnership.name), brand=darkened(partnership.house_colour))
    settle(document, partnership)
    for number, letter in enumerate(letters):
        if claim and number % LETTERS_BETWEEN_WORDS == 0:
            claim.say("Making the Word document", number, len(letters))
        write_letter(document, letter, partnership=partnership, on=on, is_first=number == 0)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def settle(document, partnership):
    section = document.sections[0]
    section.top_margin, section.header_distance = Cm(4.8), Cm(1.4)
    document.styles["Normal"].paragraph_format.space_after = Pt(9)
    head = section.header.paragraphs[0]
    head.add_run(plain(partnership.name)).bold = True
    for line in filter(None, [partnership.office_email, partnership.office_phone]):
        head.add_run(f"\n{plain(line)}")


def write_letter(document, letter, *, partnership, on, is_first):
    address = document.add_paragraph()
    if not is_first:
        address.paragraph_format.page_break_before = True
    for number, line in enumerate(letter.lines):
        run = address.add_run(line)
        if number + 1 < len(letter.lines):
            run.add_break(WD_BREAK.LINE)
    address.paragraph_format.space_after = Pt(max(24, 130 - 14 * len(letter.lines)))
    document.add_paragraph(long_date(on))
    document.add_paragraph(letter.salutation)
    document.add_paragraph().add_run(letter.heading).bold = True
    for words in letter.paragraphs:
        document.add_paragraph(words)
    document.add_paragraph(letter.closing).paragraph_format.space_after = Pt(48)
    document.add_paragraph("\n".join(filter(None, [letter.signed_by, plain(partnership.name)])))
