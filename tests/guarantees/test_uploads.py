"""T7: a file that is malformed is refused with a sentence, in bounds, and leaves nothing behind.

Damaged, hostile and odd files (``hostile_files``) are brought through every door that takes a file, as the person who
may. What reads them is the product's own code in a child of its own (``readers``). What is taken is also looked at.
"""

import contextlib
import io
import re
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import time_machine
from django import forms
from django.db import transaction
from django.urls import reverse
from lxml import html

from partnership.confined import TOO_MUCH
from partnership.models import Document
from partnership.uploads import UnreadableFile
from reviews.models import CaseReading
from tests.guarantees import hostile_files
from tests.guarantees.access_table import DOORS
from tests.guarantees.ear import Ear
from tests.guarantees.figures import record
from tests.guarantees.filling import filled
from tests.guarantees.hostile_files import malformed
from tests.guarantees.readers import Readers
from tests.guarantees.test_access import rows_written
from tests.guarantees.walks import MORNING, browser
from tests.guarantees.whole_files import whole_files

pytestmark = pytest.mark.django_db

ROWS_OF_A_READING = 3  # itself, its event, and by whom
CPU_SECONDS, PEAK_BYTES = 10, 512 * 1024 * 1024
SHEETS, PLANS, PAPERS = (".xlsx", ".csv"), (".docx", ".xlsx", ".csv", ".pdf"), (".docx", ".pdf")
EVIDENCE = (".pdf", ".docx", ".xlsx")
WORDS_OF_A_MACHINE = re.compile(
    r"Traceback|\w(?:Exception|Error)\b|0x[0-9a-f]{4}|<class|/tmp/|/work/|None\b|\bat line \d"
)


@dataclass(frozen=True)
class Upload:
    """A door that takes files of ``kinds`` in ``field`` (as its name ends). ``said``: what else the form needs."""

    door: str
    role: str
    field: str
    kinds: tuple
    said: tuple = ()
    words: str = "Words"  # for each empty box
    is_read: bool = True  # in a process of its own; otherwise it is looked at and kept as it is


UPLOADS = [
    Upload("plans:import-upload", "office", "document", PLANS),
    Upload("plans:reimport-upload", "office", "document", PLANS),
    Upload("plans:update-import", "office", "document", (".xlsx", ".docx", ".csv")),
    Upload("partnership:people-import-upload", "office", "document", SHEETS),
    Upload("partnership:action-import-upload", "office", "document", SHEETS),
    Upload("partnership:paper-add", "office", "file", PAPERS),
    Upload("assurance:indicator-import", "office", "document", SHEETS),
    Upload("assurance:school-import", "office", "document", SHEETS),
    Upload("assurance:companion-add", "office", "upload", (".pdf",)),
    Upload("training:import", "office", "document", SHEETS, (("pasted", ""),)),
    Upload("training:practitioner-import", "office", "document", SHEETS, (("pasted", ""),)),
    Upload("training:record-import", "office", "document", SHEETS, (("pasted", ""),)),
    Upload("partnership:arrangements-change", "office", "upload", (".pdf",), is_read=False),
    Upload("plans:deliverable-update", "office", "files", EVIDENCE, is_read=False),
    Upload("plans:outcome-detail", "office", "upload", EVIDENCE, (("address", ""),), is_read=False),
    Upload("plans:outcome-judge", "office", "upload", EVIDENCE, (("address", ""), ("attach", "yes")), is_read=False),
    Upload("assurance:return-change", "partner", "files", EVIDENCE, is_read=False, words=""),
    Upload("reviews:recommendation-detail", "office", "upload", EVIDENCE, (("address", ""),), is_read=False),
    Upload("reviews:review-carry-over", "case_group_member", "upload", (".pdf",), is_read=False),
    Upload("reviews:draft-add", "case_group_member", "file", PAPERS, is_read=False),
    Upload("reviews:review-words", "case_group_member", "upload", (".pdf",), (("public_address", ""),), is_read=False),
]
ROOMS = {"assurance", "partnership", "plans", "reviews", "training"}
SHOWS_ONLY = {"ExampleForm"}  # on the page of our own components
QUICK = 4  # files at each door
MANY = 260


def place_of(upload, world):
    """The first situation in which this person may open this door."""
    door = next(door for door in DOORS if door.name == upload.door and door.get[upload.role] == "OK")
    return reverse(door.name, kwargs=door.place(world))


def form_on(client, upload, world):
    """(address, {field: text}, name of the file's field) of the form with the file, filled in."""
    url = place_of(upload, world)
    page = html.fromstring(client.get(url).content)
    field = next(name for name in page.xpath('//input[@type="file"]/@name') if name.endswith(upload.field))
    form = page.xpath(f'//form[.//input[@name="{field}"]]')[0]
    answers = filled(form, upload.words)
    said = {name: words for end, words in upload.said for name in ([n for n in answers if n.endswith(end)] or [end])}
    return form.get("action") or url, answers | said, field


@dataclass
class Verdict:
    """What became of one file: ``fault`` is what should not have been, or ""."""

    how: str
    said: str
    is_taken: bool = False
    fault: str = ""


def bring(client, form, filename, content, how):
    """Bring the file, and undo whatever came of it."""
    address, answers, field = form
    documents, before = Document.objects.count(), rows_but_readings()
    with transaction.atomic():
        file = io.BytesIO(content)
        file.name = filename  # as it came, and not as Django would mend it, or refuse it
        answer = client.post(address, {**answers, field: file})
        verdict = judge(client, answer, how, rows_but_readings() - before, Document.objects.count() - documents)
        transaction.set_rollback(True)
    return verdict


def rows_but_readings():
    """Rows written; who looks at a form about a case is written down also where it is refused."""
    return rows_written() - ROWS_OF_A_READING * CaseReading.objects.count()


def judge(client, answer, how, written, documents):
    if answer.status_code >= 500:
        return Verdict(how, "", fault=f"answered {answer.status_code}")
    if answer.status_code in {302, 303}:
        return look_at_it(client, Verdict(how, "Taken", is_taken=True), answer.url, documents)
    if answer.status_code == 200 or b"What we understood" in answer.content:  # with what is to be mended in it
        return Verdict(how, "Shown", is_taken=True)
    said = refusals_on(answer)
    verdict = Verdict(how, said, fault=fault_of(said))
    if answer.status_code != 422 and answer.status_code != 400:
        verdict.fault = f"answered {answer.status_code}"
    elif written or documents:
        verdict.fault = f"refused, and {written} rows and {documents} files written"
    return verdict


def look_at_it(client, verdict, url, documents):
    """What was taken can be shown."""
    page = client.get(url)
    if page.status_code not in {200, 302}:
        verdict.fault = f"taken, then {urlsplit(url).path} answered {page.status_code}"
    elif documents > 1:
        verdict.fault = f"{documents} files written for one"
    return verdict


def refusals_on(answer):
    """What the page says is wrong."""
    page = html.fromstring(answer.content)
    found = page.xpath('//*[contains(@class, "error-message") or contains(@class, "error-summary")]//text()')
    return " ".join(" ".join(found).split())


def fault_of(said):
    if not said:
        return "refused without a word"
    if WORDS_OF_A_MACHINE.search(said):
        return f"says in a machine’s words: {said[:200]}"
    return ""


@contextlib.contextmanager
def beckoning(ear):
    """Whatever asks for something from outside asks for it where somebody listens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hostile_files, "BECKON", ear.url)
        yield


def bring_many(world, count, seed, doors=UPLOADS):
    """Bring ``count`` files through each door: (verdicts, faults in words, what the children took, how often heard)."""
    verdicts, faults = [], []
    with time_machine.travel(MORNING, tick=False), Ear() as ear, beckoning(ear), Readers() as readers:
        for number, upload in enumerate(doors):
            client = browser(world, upload.role)
            form = form_on(client, upload, world)
            seeds = {kind: whole_files()[kind] for kind in upload.kinds}
            for filename, content, how in malformed(seeds, count, seed + number):
                taken_so_far = len(readers.taken)
                verdict = bring(client, form, filename, content, how)
                for taken in readers.taken[taken_so_far:]:
                    if taken.cpu_seconds > CPU_SECONDS or taken.peak_bytes > PEAK_BYTES:
                        much = f"{taken.cpu_seconds:.1f} s, {taken.peak_bytes >> 20} MB"
                        verdict.fault = verdict.fault or f"{taken.module} took {much}"
                verdicts.append(verdict)
                if verdict.fault:
                    faults.append(f"{upload.door} {how} {filename!r}: {verdict.fault}")
    return verdicts, faults, readers.taken, ear.heard


def tell(verdicts, faults, taken, heard):
    record(
        "T7",
        "{files:,} malformed or odd files at {worst_doors} doors: {refused:,} refused with a sentence, {server_errors} "
        "server errors or partial writes, {fetches} fetches from outside; at most {worst_cpu_seconds} s and "
        "{worst_megabytes} MB for one",
        files=len(verdicts),
        worst_doors=len(UPLOADS),
        refused=sum(not verdict.is_taken for verdict in verdicts),
        server_errors=len(faults),
        fetches=heard,
        worst_cpu_seconds=round(max((each.cpu_seconds for each in taken), default=0), 1),
        worst_megabytes=max((each.peak_bytes for each in taken), default=0) >> 20,
    )


def test_a_few_malformed_files_at_every_door(world):
    verdicts, faults, taken, heard = bring_many(world, QUICK, seed=7)
    tell(verdicts, faults, taken, heard)
    assert (faults, heard) == ([], 0)
    assert {each.is_taken for each in verdicts} == {True, False}


@pytest.mark.long
@pytest.mark.parametrize("number", range(len(UPLOADS)), ids=[upload.door for upload in UPLOADS])
def test_many_malformed_files_at_each_door(world, number):
    verdicts, faults, taken, heard = bring_many(world, MANY, seed=1_000 * number, doors=UPLOADS[number : number + 1])
    tell(verdicts, faults, taken, heard)
    print(*sorted({verdict.said for verdict in verdicts}), sep="\n")
    assert (faults, heard) == ([], 0)


@pytest.mark.parametrize("upload", [upload for upload in UPLOADS if upload.is_read], ids=lambda upload: upload.door)
def test_a_whole_file_is_read_in_a_process_of_its_own(world, upload):
    """Not in the server: otherwise the bounds above would bound nothing."""
    with Readers() as readers:
        client = browser(world, upload.role)
        with time_machine.travel(MORNING, tick=False):
            form = form_on(client, upload, world)
            name = f"plan{upload.kinds[0]}"
            verdicts = [bring(client, form, name, content, "whole") for content in whole_files()[upload.kinds[0]][:3]]
    assert len(readers.taken) == 3
    assert [verdict.said for verdict in verdicts if TOO_MUCH in verdict.said or verdict.fault] == []


def test_every_form_that_takes_a_file_stands_behind_one_of_these_doors(world, monkeypatch):
    def below(form):
        for each in form.__subclasses__():
            yield each
            yield from below(each)

    def takes_file(form):
        return any(isinstance(field, forms.FileField) for field in getattr(form, "base_fields", {}).values())

    def note(form, *args, **kwargs):
        shown.add(type(form))
        return begin(form, *args, **kwargs)

    shown, begin = set(), forms.BaseForm.__init__
    monkeypatch.setattr(forms.BaseForm, "__init__", note)
    with time_machine.travel(MORNING, tick=False):
        for upload in UPLOADS:
            browser(world, upload.role).get(place_of(upload, world))
    taking = {form for form in below(forms.BaseForm) if takes_file(form) and form.__module__.split(".")[0] in ROOMS}
    assert {form.__name__ for form in taking if not any(issubclass(each, form) for each in shown)} == SHOWS_ONLY


# Controls: with a guard off, the same test finds what got through.


def test_a_reader_without_its_last_net_is_found(world, monkeypatch):
    """A file read in the server itself, by what raises what it likes."""

    def read_here(module, question, files=(), **_):
        raise KeyError("xl/workbook.xml")

    monkeypatch.setattr("partnership.papers.run_confined", read_here)
    upload = next(each for each in UPLOADS if each.door == "partnership:paper-add")
    _verdicts, faults, _taken, _heard = bring_many(world, 4, seed=2, doors=[upload])
    assert [fault.rpartition(": ")[2] for fault in faults][:1] == ["answered 500"]


def test_a_file_that_is_kept_before_it_is_read_is_found(world, monkeypatch):
    def keep_first(upload, **_):
        Document.keep(filename="x", content=b"x", by=world.people["office"])
        raise UnreadableFile("No.")

    monkeypatch.setattr("partnership.people_importing.check_upload", keep_first)
    upload = next(each for each in UPLOADS if each.door == "partnership:people-import-upload")
    _verdicts, faults, _taken, _heard = bring_many(world, 1, seed=1, doors=[upload])
    assert [fault.rpartition(": ")[2].startswith("refused, and") for fault in faults] == [True]


def test_a_reader_that_takes_too_much_is_found(world, monkeypatch):
    monkeypatch.setitem(globals(), "PEAK_BYTES", 1024)
    upload = next(each for each in UPLOADS if each.door == "partnership:people-import-upload")
    _verdicts, faults, _taken, _heard = bring_many(world, 6, seed=1, doors=[upload])
    assert any("partnership.workbook_reading took" in fault for fault in faults)


def test_an_ear_hears():
    with Ear() as ear:
        socket.create_connection(("127.0.0.1", ear.port)).close()
        for _ in range(100):
            if ear.heard:
                break
            threading.Event().wait(0.01)
    assert ear.heard == 1
