"""What stands against reading a PDF with a screen reader is found, and nothing where there is nothing."""

import io

import pikepdf
import pytest

from partnership.pdf import render_pdf
from partnership.pdf_structure import elements_under, faults_in

SOUND = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>A report</title></head><body>
<h1>A report</h1><h2>What we did</h2><p>Words and <a href="https://example.org/">a link</a>.</p>
<ul><li>One</li><li>Another</li></ul>
<dl><div><dt>Lead</dt><dd>A post</dd></div> <div><dt>Round</dt><dd>A quarter</dd></div></dl>
<table><caption>Table 1</caption><thead><tr><th scope="col">Place</th><th scope="col">Count</th></tr></thead>
<tbody><tr><th scope="row">Ashford</th><td>3</td></tr></tbody></table>
<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" role="img"><title>Three bars</title>
<rect width="5" height="5"/></svg></figure></body></html>"""


@pytest.fixture(scope="module")
def sound():
    return render_pdf(SOUND, assets={}).content


def test_a_sound_document_has_no_faults(sound):
    assert faults_in(sound) == []


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ("<h2>", "<h3>", "A heading skips a level"),
        ("<h1>A report</h1>", "", "The first heading is not of the first level"),
        (' scope="col"', "", ""),
        ('lang="en-GB"', "", "It does not say which language it is in"),
        ("<title>A report</title>", "", "It has no title"),
        ("<title>Three bars</title>", "", "A picture has no words that say what it shows"),
    ],
)
def test_a_fault_of_the_words_is_found(was, now, fault):
    assert faults_in(render_pdf(SOUND.replace(was, now), assets={}).content) == ([fault] if fault else [])


def broken(content, harm):
    """``content`` after ``harm(pdf)``."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        harm(pdf)
        pdf.save(made)
    return made.getvalue()


def element(pdf, kind):
    return next(each for each in elements_under(pdf.Root.StructTreeRoot) if str(each.S) == kind)


def untag(pdf):
    del pdf.Root.StructTreeRoot


def lose_headers(pdf):
    for each in elements_under(element(pdf, "/Table")):
        if str(each.S) == "/TH":
            each.S = pikepdf.Name.TD


def lose_scope(pdf):
    header = element(pdf, "/TH")
    for key in ("/A", "/ID"):
        if key in header:
            del header[key]


def draw_beside_the_tags(pdf):
    pdf.pages[0].contents_add(b"0 0 10 10 re f")


def lose_letters(pdf):
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == pikepdf.Name.FontDescriptor:
            for key in ("/FontFile2", "/FontFile3"):
                if key in item:
                    del item[key]


def put_words_in_a_list(pdf):
    element(pdf, "/LI").S = pikepdf.Name.P


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (untag, "It has no tags"),
        (lose_headers, "A table has no header cells"),
        (lose_scope, "does not say what it heads"),
        (draw_beside_the_tags, "Something on a page is in no tag"),
        (lose_letters, "are not in the file"),
        (put_words_in_a_list, "A list holds something beside its items"),
    ],
)
def test_a_fault_of_the_structure_is_found(sound, harm, fault):
    found = faults_in(broken(sound, harm))
    assert found and all(fault in each for each in found)


def test_many_pages_want_bookmarks(sound):
    def grow(pdf):
        for _ in range(4):
            pdf.pages.append(pdf.pages[0])
        if "/Outlines" in pdf.Root:
            del pdf.Root.Outlines

    assert "It has no bookmarks" in faults_in(broken(sound, grow))


def test_what_is_no_pdf_or_is_locked_is_said(sound):
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(sound)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="owner", user="user"))
    assert faults_in(locked.getvalue()) == ["It is locked with a password"]
    assert faults_in(b"PK not a PDF") == ["It can’t be opened as a PDF"]
