"""Plans from PDFs: what is read of many looks, and hostile files to a sentence.

The looks are made with WeasyPrint from one invented plan, so what is in them is known.
"""

import io
import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.importer import UnreadablePlan, child, read_plan, read_plan_safely
from plans.importer.pdf import TORN, read_pdf
from plans.importer.pdf_lines import Line, begins_anew, joined
from plans.importer.pdf_marks import Word
from tests.plans.samples import odd_pdfs, pdfs

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared plans are not on this machine")
LEAST = 0.95


@pytest.fixture
def read(tmp_path):
    """Read the bytes of a PDF as a plan."""

    def read_bytes(content, filename="plan.pdf"):
        path = tmp_path / "plan.pdf"
        path.write_bytes(content)
        return read_plan(path, filename=filename)

    return read_bytes


@pytest.fixture(scope="module")
def ruled():
    return pdfs.pdf_of(**pdfs.LOOKS["ruled, headings on each page"])


# What is read


@needs_shared
def test_a_real_plan_is_read_as_people_read_it(tmp_path):
    found = tmp_path / "found.json"
    found.write_text(json.dumps(read_plan_safely(SHARED / "plans" / "llr-2021-22.pdf")), encoding="utf-8")
    expected = SHARED / "plans" / "llr-2021-22.expected.json"
    score = subprocess.run(
        [sys.executable, SHARED / "tools" / "score_plan.py", found, expected, "--pdf"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(score.stdout.split()[-1]) >= 0.95, score.stdout


@pytest.mark.parametrize("name", pdfs.LOOKS)
def test_a_plan_is_read_whatever_it_looks_like(name, read):
    share, missing, strange = pdfs.likeness(read(pdfs.pdf_of(**pdfs.LOOKS[name])))
    assert share >= LEAST, f"{share:.3f}\nnot found: {list(missing)}\nnot in it: {list(strange)}"


def test_the_measure_of_likeness_notices_what_is_lost(read, ruled):
    understood = read(ruled)
    understood["plan"]["priorities"][0]["deliverables"].pop()
    assert pdfs.likeness(understood)[0] < LEAST


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_pages_that_lie_on_their_side_are_read_as_they_are_seen(degrees, read, ruled):
    assert read(odd_pdfs.turned(ruled, degrees))["plan"] == read(ruled)["plan"]


def test_a_row_that_a_page_tore_is_made_whole_and_doubted(read):
    understood = read(pdfs.pdf_of(**pdfs.LOOKS["headings once, rows torn over small pages"]))
    assert TORN in [doubt["says"] for doubt in understood["doubts"]]
    assert TORN not in [d["says"] for d in read(pdfs.pdf_of(**pdfs.LOOKS["no rules, over small pages"]))["doubts"]]


def test_what_is_printed_on_every_page_is_left_out_and_said(read):
    understood = read(pdfs.pdf_of(**pdfs.LOOKS["headers and footers on each page"]))
    assert understood["notes"] == [
        "Printed on every page, and left out: Oakmere and Tarnside plan – official",
    ]
    assert "official" not in json.dumps(understood["plan"]["priorities"])


def test_two_columns_in_front_are_read_one_after_the_other(tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(pdfs.pdf_of(**pdfs.LOOKS["serif, two columns in front"]))
    texts = [block.text for block in read_pdf(path).blocks[1 : 2 + len(pdfs.FRONT)]]
    assert texts == [*pdfs.FRONT, pdfs.OFFICES]


def test_a_password_that_only_guards_printing_does_not_matter(read, ruled):
    assert read(odd_pdfs.locked(ruled, user=""))["plan"] == read(ruled)["plan"]


# Lines


def line(text, x=10):
    return Line([Word(text, x, x + 6 * len(text), 100, 10)])


@pytest.mark.parametrize(
    ("above", "below", "known", "whole"),
    [
        ("safe-", "guarding", {"safeguarding"}, "safeguarding"),
        ("safe-", "guarding", set(), "safeguarding"),
        ("multi-", "agency", set(), "multi-agency"),
        ("was-not-", "brought", {"was-not-brought"}, "was-not-brought"),
        ("2026-", "27", set(), "2026-27"),
        ("S-", "Council", set(), "S-Council"),
        ("sub\u2010", "group", set(), "subgroup"),
        ("July/", "August", set(), "July/August"),
        ("Chair of", "Office", set(), "Chair of Office"),
    ],
)
def test_words_parted_at_a_line_end_are_joined(above, below, known, whole):
    assert joined([line(above), line(below)], known) == whole


@pytest.mark.parametrize(
    ("above", "below", "is_new"),
    [
        ("Mar 2026", "June 2026", True),
        ("Mar 2026", "end of Nov 2026", True),
        ("monthly", "February 2027", True),
        ("from September", "2026", False),
        ("ready by Mar 2026", "and used", False),
        ("Oakmere Council", "TA: Manager", True),
    ],
)
def test_a_date_after_a_date_begins_anew(above, below, is_new):
    assert begins_anew(above, below) is is_new


# Files that can't be read, each answered with what to do

HOSTILE = {
    "a password": (lambda: odd_pdfs.locked(odd_pdfs.saved(odd_pdfs.blank())), "This PDF has a password."),
    "pictures of pages": (odd_pdfs.scan, "This PDF holds pictures of pages, not text."),
    "a form of Adobe's": (odd_pdfs.xfa, "This PDF is a form that only Adobe Reader can open."),
    "blank pages": (lambda: odd_pdfs.saved(odd_pdfs.blank(3)), "This PDF has no text."),
    "500 pages": (lambda: odd_pdfs.saved(odd_pdfs.blank(500)), "This PDF has 500 pages, far more than a plan."),
    "no pages": (lambda: b"%PDF-1.7\n" + bytes(1000), "This PDF is damaged."),
    "a tree that loops": (odd_pdfs.looped_tree, "This PDF has no text."),
    "a bomb": (odd_pdfs.bomb, "This document took too long to read."),
    "drawings of drawings": (odd_pdfs.doubling_forms, "This document took too long to read."),
    "far too many letters": (odd_pdfs.many_letters, "This document is far longer than a plan."),
    "far too many lines": (odd_pdfs.many_rules, "We found no plan table in this document."),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_pdf_that_cannot_be_read_is_answered_with_what_to_do(name, tmp_path):
    content, says = HOSTILE[name]
    path = tmp_path / "plan.pdf"
    path.write_bytes(content())
    with pytest.raises(UnreadablePlan) as refused:
        read_plan_safely(path)
    assert str(refused.value).startswith(says)
    assert len(str(refused.value)) < 170


def plain(content):
    """The same PDF with its streams unpacked, so that a changed byte reaches what they say."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(file, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return file.getvalue()


@given(
    places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=60),
    cut=st.integers(0, 10**6),
    is_plain=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_pdf_is_read_or_refused_in_a_sentence_of_its_own(places, cut, is_plain, ruled, tmp_path, capsys):
    content = bytearray(plain(ruled) if is_plain else ruled)
    for place, value in places:
        content[place % len(content)] = value
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF" + content[4 : cut % len(content) if cut % 3 == 0 else None])
    assert set(child.answer(path, "plan.pdf")) in ({"read"}, {"refused"})
    assert capsys.readouterr().err == ""  # what nobody foresaw would be written there


@given(content=st.binary(max_size=2_000))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_after_a_pdf_header_is_refused(content, tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF-1.7\n" + content)
    assert set(child.answer(path, "plan.pdf")) == {"refused"}
