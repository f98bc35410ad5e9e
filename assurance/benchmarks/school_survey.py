"""Two thousand schools surveyed in one run: a national file read, mails by SMTP to a server here, letters made.

What it makes is committed, as mails leave in transactions of their own: it runs last, in a database thrown away.
"""

import csv
import io
import logging
import smtplib
import socket
import time
from datetime import timedelta
from email import message_from_bytes

from aiosmtpd.controller import Controller
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.benchmarks.figures import Figure
from assurance.benchmarks.plan_page import make_office
from assurance.models import SchoolMail, SchoolQuestion, SchoolReturn
from assurance.schools.importing import confirm_schools, stage_schools
from assurance.schools.letters import PDF_LIMITS, house_of, letter_to, make_word, print_assets, silent
from assurance.schools.mailing import send_waiting
from assurance.schools.surveys import add_question, make_survey, send_survey
from partnership.mail_queue import BATCH
from partnership.models import Area
from partnership.pdf import render_pdf

SCHOOLS, OF_THE_NATION, OTHER_COLUMNS = 2_000, 27_000, 110
SILENT = 400  # get a letter to the head and one to the chair


def school_survey():
    """The file, the asking, the mails against bare SMTP, the letters."""
    office, (partnership, _other) = make_office()
    partnership.areas.add(Area.objects.create(name="Measured Vale", code="E06000001"))
    now = timezone.now()
    content = national_file()
    staged, reading = timed(lambda: stage_schools(upload(content), partnership=partnership, by=office))
    (_counts, queries), bringing = timed(lambda: counted(lambda: confirm_schools(staged, by=office, at=now)))
    figures = [
        Figure(
            f"{SCHOOLS:,} schools brought from the national file",
            queries,
            f"{len(content) / 1e6:.0f} MB with {OF_THE_NATION:,} schools: read in {reading:.1f} s, those of one area "
            f"brought in {bringing:.1f} s",
            unit=" queries",
        )
    ]
    survey = make_survey(partnership=partnership, title="Measured survey", due_on=now.date() + timedelta(days=20))
    add_question(survey, SchoolQuestion(text="Are children safe?", kind=SchoolQuestion.Kind.YES_NO))
    address_all(partnership)
    (_sent, queries), asking = timed(
        lambda: counted(lambda: send_survey(survey, by=office, at=now, on=timezone.localdate(now)))
    )
    figures.append(Figure(f"{SCHOOLS:,} schools asked by one press", queries, f"{asking:.1f} s", unit=" queries"))
    return [*figures, *mails(), letters(survey)]


def timed(do):
    began = time.perf_counter()
    return do(), time.perf_counter() - began


def counted(do):
    with CaptureQueriesContext(connection) as asked:
        answer = do()
    return answer, len(asked)


def national_file():
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    heads = ["URN", "LA (name)", "EstablishmentName", "EstablishmentStatus (name)", "PhaseOfEducation (name)"]
    heads += ["Street", "Town", "Postcode", "HeadFirstName", "HeadLastName", "GSSLACode (name)"]
    writer.writerow(heads + [f"Other {n}" for n in range(OTHER_COLUMNS)])
    for n in range(OF_THE_NATION):
        code = "E06000001" if n < SCHOOLS else "E06000002"
        row = [100_000 + n, "Somewhere", f"Measured School {n}", "Open", "Primary", "1 School Lane", "Town", "AB1 2CD"]
        writer.writerow([*row, "Ada", "Akande", code] + ["Not ap"] * OTHER_COLUMNS)
    return text.getvalue().encode("cp1252")


def upload(content):
    return SimpleUploadedFile("national.csv", content)


def address_all(partnership):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assurance_school SET head_email = 'head' || urn || '@example.org' WHERE area_id = %s",
            [partnership.areas.get().pk],
        )


class Sink:
    """A mail server that takes everything and keeps to whom it was."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's own name)
        self.messages.append(envelope)
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def mails():
    sink = Sink()
    host, port = "127.0.0.1", free_port()
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller = Controller(sink, hostname=host, port=port)
    controller.start()
    try:
        smtp = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": host, "EMAIL_PORT": port}
        with override_settings(**smtp):
            (sent, queries), ours = timed(lambda: counted(send_all))
        addresses = {envelope.rcpt_tos[0] for envelope in sink.messages}
        if not len(addresses) == len(sink.messages) == sent == SCHOOLS:
            raise RuntimeError(f"{len(sink.messages)} mails arrived at {len(addresses)} addresses.")
        numbers = {message_from_bytes(envelope.content)["Message-ID"] for envelope in sink.messages}
        if len(numbers) != SCHOOLS or SchoolMail.objects.filter(sent_at=None).exists():
            raise RuntimeError("The ledger does not account for all that arrived.")
        _done, bare = timed(lambda: send_bare(host, port, list(sink.messages)))
    finally:
        controller.stop()
    return [
        Figure(
            f"{SCHOOLS:,} mails by SMTP, each once ÷ bare SMTP of the same bytes",
            ours / bare,
            f"{sent:,} in {ours:.1f} s",
        ),
        Figure(f"a batch of {BATCH} mails", queries / (SCHOOLS / BATCH), unit=" queries"),
    ]


def send_all():
    sent = 0
    while taken := send_waiting():
        sent += taken
    return sent


def send_bare(host, port, envelopes):
    with smtplib.SMTP(host, port) as server:
        for envelope in envelopes:
            server.sendmail(envelope.mail_from, envelope.rcpt_tos, envelope.content)


def letters(survey):
    keys = survey.returns.order_by("pk").values_list("pk", flat=True)[SILENT:]
    SchoolReturn.objects.filter(pk__in=list(keys)).update(submitted_at=timezone.now())
    written = [letter_to(record, reader) for record in silent(survey) for reader in ("head", "chair")]
    partnership, on = survey.partnership, timezone.localdate()
    context = {"letters": written, "partnership": partnership, "survey": survey, "on": on}
    html = render_to_string("assurance/print/school_letters.html", context)
    pdf, laying = timed(lambda: render_pdf(html, assets=print_assets(house_of(survey)), limits=PDF_LIMITS))
    word, writing = timed(lambda: make_word(written, partnership=partnership, title=survey.title, on=on))
    return Figure(
        "letters to silent schools as PDF ÷ as Word",
        laying / writing,
        f"{len(written)} letters to {SILENT} schools: {pdf.page_count} pages of PDF in {laying:.1f} s, Word "
        f"({len(word) / 1e3:.0f} kB) in {writing:.1f} s",
    )
