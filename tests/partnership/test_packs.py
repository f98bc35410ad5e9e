"""Board packs: asked for once, made once, whatever is among the papers."""

import io
from datetime import UTC, date, datetime, time, timedelta

import docx
import page
import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from partnership import pack_pdf, packs
from partnership.builds import Claim, LeaseLost
from partnership.confined import Limits
from partnership.models import ActionUpdate, AgendaItem, Attendance, BoardPack, MeetingDecision
from partnership.packs import pack_content, request_pack, run_pack
from partnership.papers import A_SCAN, NO_TAGS, take_paper
from partnership.pdf import Pdf
from partnership.tasks import resume_board_packs
from tests import paper_samples as samples
from tests.factories import AgendaItemFactory, AttendanceFactory, MeetingActionFactory

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def address(name, pk):
    return reverse(f"partnership:{name}", args=[pk])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def bring(meeting, office):
    """``bring(title, filename, content)``: a paper with an item of its own."""

    def bring(title, filename, content):
        position = meeting.items.count() + 1
        item = AgendaItemFactory(meeting=meeting, title=f"About {title}", position=position)
        return take_paper(item, title=title, filename=filename, content=content, by=office)[0]

    return bring


@pytest.fixture
def make(meeting, office):
    """``make()``: a pack of ``meeting``, as the worker makes it."""

    def make():
        pack = request_pack(meeting, by=office)
        assert run_pack(pack.pk)
        pack.refresh_from_db()
        assert (pack.state, pack.problem) == ("done", "")
        return pack

    return make


@pytest.fixture
def quick(monkeypatch):
    """No layout and no Word: what is made is counted."""
    made = []

    def lay_out(content, papers, *, claim, on_page):
        made.append(content)
        return Pdf(b"%PDF-1.7 a pack", 3, 0.1)

    monkeypatch.setattr(packs, "lay_out_pack", lay_out)
    monkeypatch.setattr(packs, "make_word", lambda content, papers, claim: b"PK a pack")
    return made


def opened(pack):
    return pikepdf.open(io.BytesIO(bytes(pack.pdf)))


def bookmarks(pdf):
    """(depth, title, page number from 1), in order."""
    numbers = {each.obj.objgen: number for number, each in enumerate(pdf.pages, start=1)}
    found = []

    def walk(items, depth):
        for item in items:
            aim = item.destination
            found.append((depth, str(item.title), numbers[aim[0].objgen]))
            walk(item.children, depth + 1)

    with pdf.open_outline() as outline:
        walk(outline.root, 0)
    return found


def failures(content, tmp_path):
    """The rules of PDF/UA-1 that it breaks."""
    path = tmp_path / "pack.pdf"
    path.write_bytes(content)
    checked = page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1)
    assert checked.rules.total == 104
    return sorted({failure.rule_id for failure in checked.failures})


# Asked for, and made


def test_a_pack_that_is_under_way_is_the_answer(meeting, office, chair, quick):
    first, second = request_pack(meeting, by=office), request_pack(meeting, by=chair)
    assert first == second
    assert [run_pack(first.pk), run_pack(first.pk)] == [True, False]
    assert len(quick) == 1
    assert request_pack(meeting, by=office) != first


def test_a_pack_left_behind_by_a_killed_worker_is_taken_up(meeting, office, quick):
    pack = request_pack(meeting, by=office)
    Claim.take(BoardPack, pack.pk)
    resume_board_packs()
    assert BoardPack.objects.get().state == "running"
    BoardPack.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    resume_board_packs()
    resume_board_packs()
    assert (BoardPack.objects.get().state, len(quick)) == ("done", 1)


def test_a_worker_whose_lease_is_in_other_hands_writes_nothing(meeting, office, quick, monkeypatch):
    pack = request_pack(meeting, by=office)

    def lose_the_lease(papers, claim):
        BoardPack.objects.update(lease_until=timezone.now() + timedelta(hours=1))
        with pytest.raises(LeaseLost):
            claim.say("still here")
        claim.say("and again")

    monkeypatch.setattr(packs, "prepare_papers", lose_the_lease)
    assert run_pack(pack.pk) is False
    assert BoardPack.objects.get().state == "running"


# The PDF


def test_a_pack_of_well_made_papers_conforms_to_pdf_ua(bring, make, held_meeting, tmp_path):
    bring("How are we doing?", "how.pdf", samples.tagged_pdf(pages=2))
    bring("What fathers say", "fathers.docx", samples.word())
    bring("Annual report", "report.pdf", samples.tagged_pdf("Annual report", pages=3))
    pack = make()
    assert failures(bytes(pack.pdf), tmp_path) == []
    assert pack.left_out == []


def test_papers_stand_in_the_agendas_order_with_bookmarks_and_page_numbers(bring, make, meeting):
    bring("How are we doing?", "how.pdf", samples.tagged_pdf(pages=2))
    bring("A poster", "poster.pdf", samples.untagged_pdf(size=(842, 595)))
    bring("What fathers say", "fathers.docx", samples.word())
    pack = make()
    pdf = opened(pack)
    assert bookmarks(pdf) == [
        (0, "Learning and Development Subgroup 9 March 2027", 1),
        (1, "Agenda", 2),
        (1, "Open actions", 3),
        (1, "Item 1, paper 1: How are we doing?", 4),
        (2, "How are we doing?", 5),
        (3, "Part 1", 6),
        (1, "Item 2, paper 1: A poster", 7),
        (1, "Item 3, paper 1: What fathers say", 9),
        (2, "What fathers say", 9),
        (2, "Whom we asked", 9),
        (3, "How", 9),
    ]
    assert (len(pdf.pages), pack.page_count) == (9, 9)
    sizes = [tuple(round(float(side)) for side in each.mediabox[2:]) for each in pdf.pages]
    assert sizes == [(595, 842)] * 7 + [(842, 595), (595, 842)]


def test_headings_run_through_the_whole_pack_and_skip_no_level(bring, make):
    bring("How are we doing?", "how.pdf", samples.tagged_pdf(pages=2))
    bring("What fathers say", "fathers.docx", samples.word())
    found = []

    def walk(element):
        if str(element.S) in {f"/H{level}" for level in range(1, 7)}:
            found.append(str(element.S)[1:])
        for kid in element.get("/K", []):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                walk(kid)

    pdf = opened(make())
    for top in pdf.Root.StructTreeRoot.K:
        walk(top)
    assert found == ["H1", "H2", "H2", "H2", "H3", "H4", "H2", "H3", "H3", "H4"]


def test_what_cannot_be_put_in_is_left_out_with_a_sentence_and_breaks_nothing(bring, make, tmp_path):
    bring("Locked", "locked.pdf", samples.locked_pdf())
    bring("Damaged", "damaged.pdf", b"%PDF-1.7 nothing")
    bring("Bomb", "bomb.pdf", samples.bomb_pdf())
    bring("No document", "x.docx", b"PK\x03\x04")
    bring("A spreadsheet", "x.xlsx", b"PK\x03\x04")
    bring("Acting", "acting.pdf", samples.acting_pdf())
    bring("A scan", "scan.pdf", samples.scan_pdf())
    pack = make()
    said = {each["title"]: (each["is_in"], each["said"].split(".")[0]) for each in pack.left_out}
    assert list(said) == ["Locked", "Damaged", "Bomb", "No document", "A spreadsheet", "Acting", "A scan"]
    assert [is_in for is_in, _ in said.values()] == [False] * 5 + [True] * 2
    assert said["Locked"] == (False, "This PDF has a password")
    assert said["Damaged"] == (False, "This PDF is damaged")
    assert said["A spreadsheet"] == (False, "Only PDF and Word papers can be put into a pack")
    assert (said["Acting"][1], said["A scan"][1]) == (NO_TAGS.split(".")[0], A_SCAN.split(".")[0])
    assert [title for _, title, _ in bookmarks(opened(pack))][-2:] == [
        "Item 6, paper 1: Acting",
        "Item 7, paper 1: A scan",
    ]
    assert b"CANARY" not in bytes(pack.pdf)
    assert "PDFUA1-ID-PART-001" in failures(bytes(pack.pdf), tmp_path)  # it does not say that it conforms


def test_a_word_paper_that_cannot_be_laid_out_is_found_and_left_out(bring, make, monkeypatch):
    bring("What fathers say", "fathers.docx", samples.word())
    bring("Endless", "endless.docx", samples.word("Endless"))
    render = pack_pdf.render_pdf

    def stumble(html, **how):
        if "<h3>Endless</h3>" in html:
            raise pack_pdf.PdfProblem("The document needs more than 60 seconds of computing.")
        return render(html, **how)

    monkeypatch.setattr(pack_pdf, "render_pdf", stumble)
    pack = make()
    assert [(each["title"], each["is_in"], each["said"]) for each in pack.left_out] == [
        ("Endless", False, pack_pdf.TOO_HARD)
    ]


def test_papers_that_come_too_late_or_are_too_large_are_left_out(bring, make, quick, monkeypatch):
    bring("First", "a.pdf", samples.untagged_pdf(pages=3))
    bring("Second", "b.pdf", samples.untagged_pdf(pages=2))
    for name, value, words in [
        ("MOST_PAGES", 4, packs.TOO_LONG),
        ("MOST_BYTES", 1, packs.TOO_HEAVY),
        ("SECONDS_FOR_PAPERS", 0, packs.NO_TIME),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(packs, name, value)
            assert words in [each["said"] for each in make().left_out]


def test_a_withdrawn_paper_is_not_in(bring, make, quick):
    paper = bring("Withdrawn", "a.pdf", samples.scan_pdf())
    paper.withdrawn_at = NOW
    paper.save()
    assert make().left_out == []


# What it says


def test_a_pack_says_what_the_meeting_needs(meeting, held_meeting, lead, chair, hospital):
    meeting.starts_at, meeting.ends_at, meeting.venue = time(14), time(16, 30), "County Hall"
    meeting.save()
    AgendaItemFactory(meeting=meeting, title="Welcome", minutes=5, position=1)
    AgendaItemFactory(
        meeting=meeting, title="Safer sleep", kind="decision", asked="Agree it", position=2,
        lead_post=lead.holdings.get().post, needs_paper=True,
    )  # fmt: skip
    AgendaItemFactory(meeting=meeting, title="Anything else", position=3)
    item = AgendaItemFactory(meeting=held_meeting, title="Courses", discussion="They are full.\n\nTwo more are wanted.")
    MeetingDecision.objects.create(meeting=held_meeting, item=item, ref="D1", text="Two more.", reason="They are full.")
    AttendanceFactory(meeting=held_meeting, organisation=hospital, status=Attendance.Status.DEPUTY, who="Owen Tarrant")
    action = MeetingActionFactory(group=meeting.group, ref="LD-1", text="Book a room", due_on=date(2027, 1, 4))
    MeetingActionFactory(group=meeting.group, ref="LD-2", closed_on=date(2027, 1, 4), outcome="Done")
    ActionUpdate.objects.create(action=action, text="Rung twice.", said_by=chair, said_at=NOW)

    content = pack_content(meeting, now=NOW)
    assert (content["day"], content["times"], content["venue"]) == (
        "Tuesday 9 March 2027",
        "2pm to 4.30pm",
        "County Hall",
    )
    assert [(each["time"], each["title"], each["kind"], each["lead"]) for each in content["agenda"]] == [
        ("2pm", "Welcome", "For information", ""),
        ("2.05pm", "Safer sleep", "For decision", "Head of Midwifery"),
        ("", "Anything else", "For information", ""),
    ]
    last = content["last"]
    assert (last["day"], last["is_agreed"]) == ("10 November 2026", False)
    assert last["items_said"] == [
        {"number": 1, "title": "Courses", "paragraphs": ["They are full.", "Two more are wanted."]}
    ]
    assert last["decisions"] == [{"ref": "D1", "text": "Two more.", "reason": "They are full.", "item": "Courses"}]
    assert {"status": "Deputy", "who": ["St Brannoc’s Hospital Trust (Owen Tarrant)"]} in last["attendance"]
    assert [(each["ref"], each["late"], each["latest"]) for each in content["actions"]] == [
        ("LD-1", "8 days late", "Rung twice.")
    ]
    assert [(line["name"], line["there"]) for line in content["attendance"]["lines"]] == [
        ("St Brannoc’s Hospital Trust", "1 of 1")
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_pack_of_three_asks_the_database_the_same_as_of_one(meeting, held_meeting, count, django_assert_num_queries):
    for number in range(count):
        item = AgendaItemFactory(meeting=held_meeting)
        AgendaItemFactory(meeting=meeting)
        MeetingDecision.objects.create(meeting=held_meeting, item=item, ref=f"D{number}", text="Yes")
        MeetingActionFactory(group=meeting.group)
        AttendanceFactory(meeting=held_meeting)
    meeting = type(meeting).objects.select_related("group").get(pk=meeting.pk)
    with django_assert_num_queries(QUERIES_OF_CONTENT):
        pack_content(meeting, now=NOW)


QUERIES_OF_CONTENT = 19


# Word


def test_the_word_document_says_the_same_and_names_pdf_papers(bring, make, meeting, held_meeting):
    bring("What fathers say", "fathers.docx", samples.word())
    pdf = bring("A poster", "poster.pdf", samples.untagged_pdf(pages=2))
    pack = make()
    document = docx.Document(io.BytesIO(bytes(pack.word)))
    headings = [each.text for each in document.paragraphs if each.style.name in {"Heading 1", "Heading 2", "Heading 3"}]
    assert headings == [
        "Agenda",
        "Minutes of 10 November 2026, to be agreed",
        "Who was there",
        "Decisions",
        "Open actions",
        "Item 1, paper 1: What fathers say",
        "What fathers say",
        "Whom we asked",
        "How",
        "Item 2, paper 1: A poster",
        "Attendance over the year",
    ]
    words = [each.text for each in document.paragraphs]
    assert "Forty fathers." in words
    assert any("This paper is a PDF (poster.pdf, 2 pages)." in each for each in words)
    links = [each.target_ref for each in document.part.rels.values() if each.is_external]
    assert links == [f"http://localhost:8000{pdf.get_absolute_url()}"]
    heads = [table.rows[0]._tr.trPr is not None for table in document.tables[:2]]
    assert heads == [True, True]
    assert pack.word_size == len(pack.word)


def test_a_word_paper_brings_nothing_from_outside(bring, make):
    def reach_out(document):
        image = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        relation = document.part.relate_to("https://canary.example.org/x.png", image, is_external=True)
        picture = next(document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"))
        picture.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}link", relation)
        paragraph = document.add_paragraph()
        for text in ("INCLUDEPICTURE https://canary.example.org/y.png", "DDEAUTO canary"):
            instruction = docx.oxml.OxmlElement("w:instrText")
            instruction.text = text
            paragraph.add_run()._r.append(instruction)

    content = samples.word(fill=reach_out)
    assert b"canary" in unpacked(content)  # the control
    bring("Reaching", "reaching.docx", content)
    assert b"canary" not in unpacked(bytes(make().word))


def unpacked(content):
    package = docx.opc.package.OpcPackage.open(io.BytesIO(content))
    rels = b"".join(str(each.target_ref).encode() for each in package.main_document_part.rels.values())
    return rels + package.main_document_part.blob


def test_a_paper_that_breaks_the_word_document_costs_only_itself(bring, make, monkeypatch):
    bring("What fathers say", "fathers.docx", samples.word())
    run, asked = packs.run_confined, []

    def killed_once(module, question, files, **how):
        asked.append(question["papers"])
        if question["papers"]:
            how["limits"] = Limits(wall_seconds=0.01)
        return run(module, question, files, **how)

    monkeypatch.setattr(packs, "run_confined", killed_once)
    pack = make()
    assert asked == [["paper-1-1"], []]
    assert [(each["title"], each["is_in"], each["said"]) for each in pack.left_out] == [
        ("What fathers say", True, packs.NOT_IN_WORD)
    ]


# The pages


def test_one_press_makes_a_pack_and_shows_how_far_it_is(
    meeting, client_of, chair, quick, django_capture_on_commit_callbacks
):
    client = client_of(chair)
    assert "No pack has been made yet" in text_of(client.get(address("pack-list", meeting.pk)))
    with django_capture_on_commit_callbacks() as callbacks:
        response = client.post(address("pack-list", meeting.pk))
    pack = BoardPack.objects.get()
    assert response.url == pack.get_absolute_url()
    BoardPack.objects.update(state="running", step="Reading paper 2 of 8", done_count=1, total_count=8)
    part = text_of(client.get(response.url, headers={"HX-Request": "true"}))
    assert part.strip().startswith('<div class="stack" id="progress"')
    assert [
        'hx-trigger="every 1s"' in part,
        "Reading paper 2 of 8" in part,
        '<progress max="8" value="1">' in part,
    ] == [True] * 3
    assert "See how far it is" in text_of(client.get(address("pack-list", meeting.pk)))
    assert client.get(address("pack-pdf", pack.pk)).url == pack.get_absolute_url()
    BoardPack.objects.update(state="queued")
    [callback] = callbacks
    callback()
    done = text_of(client.get(response.url, headers={"HX-Request": "true"}))
    assert ["hx-trigger" in done, address("pack-pdf", pack.pk) in done, address("pack-word", pack.pk) in done] == [
        False,
        True,
        True,
    ]


def test_a_pack_is_given_as_files(meeting, office, client_of, partner, stranger, quick):
    pack = request_pack(meeting, by=office)
    run_pack(pack.pk)
    pdf, word = (client_of(partner).get(address(name, pack.pk)) for name in ("pack-pdf", "pack-word"))
    assert (pdf.content, word.content) == (b"%PDF-1.7 a pack", b"PK a pack")
    name = "learning-and-development-subgroup-2027-03-09-board-pack"
    assert pdf["Content-Disposition"] == f'attachment; filename="{name}.pdf"'
    assert word["Content-Disposition"] == f'attachment; filename="{name}.docx"'
    assert [client_of(stranger).get(address(name, pack.pk)).status_code for name in ("pack-pdf", "pack-word")] == [
        404
    ] * 2


def test_the_pages_say_what_is_not_in_and_what_not_everybody_can_read(bring, client_of, chair, meeting, quick):
    bring("Locked", "locked.pdf", samples.locked_pdf())
    bring("A scan", "scan.pdf", samples.scan_pdf())
    pack = request_pack(meeting, by=chair)
    run_pack(pack.pk)
    shown = text_of(client_of(chair).get(pack.get_absolute_url()))
    assert shown.index("Not in this pack") < shown.index("Item 1, paper 1: Locked") < shown.index("Not everybody can")
    assert shown.index("Not everybody can") < shown.index("Item 2, paper 1: A scan")
    listed = text_of(client_of(chair).get(address("pack-list", meeting.pk)))
    assert '<td role="cell" data-l="Left out">Locked</td>' in listed


def test_the_list_says_what_is_awaited_and_what_came_since(bring, client_of, chair, meeting, quick, agenda_item):
    run_pack(request_pack(meeting, by=chair).pk)
    bring("Late", "late.pdf", samples.scan_pdf())
    listed = text_of(client_of(chair).get(address("pack-list", meeting.pk)))
    assert "1 paper came since the last pack was made" in listed
    assert f'Papers still wanted: <a class="govuk-link" href="{agenda_item.get_absolute_url()}">' in listed


@pytest.mark.parametrize("kind", ["pack-list", "pack-detail", "pack-pdf", "pack-word", "paper-download"])
def test_nothing_of_a_case_review_group_shows_to_anyone_else(
    kind, case_meeting, case_group_member, client_of, office, partner, advisor, other_case_group_member, administrator
):
    item = AgendaItem.objects.create(group=case_meeting.group, meeting=case_meeting, title="Canary")
    paper, _ = take_paper(item, title="Canary", filename="a.pdf", content=b"%PDF-", by=case_group_member)
    pack = BoardPack.objects.create(
        meeting=case_meeting, requested_by=case_group_member, state="done", pdf=b"%PDF", word=b"PK"
    )
    keys = {"pack-list": case_meeting.pk, "paper-download": paper.pk}
    url = address(kind, keys.get(kind, pack.pk))
    others = (office, partner, advisor, other_case_group_member, administrator)
    assert [client_of(user).get(url).status_code for user in others] == [404] * 5
    assert client_of(case_group_member).get(url).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_the_same_for_one_and_for_three(
    meeting, office, client_of, count, django_assert_num_queries
):
    for _ in range(count):
        BoardPack.objects.create(meeting=meeting, requested_by=office, state="done", pdf=b"%PDF")
        AgendaItemFactory(meeting=meeting, needs_paper=True)
    client = client_of(office)
    client.get(address("pack-list", meeting.pk))
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(address("pack-list", meeting.pk))
    with django_assert_num_queries(QUERIES_OF_PACK):
        client.get(BoardPack.objects.first().get_absolute_url())


QUERIES_OF_LIST = 13
QUERIES_OF_PACK = 11
