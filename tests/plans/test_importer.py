"""The plan importer: a Word document to a plan, with its doubts; hostile files to a sentence.

Some tests read the real plans in /work/shared and skip where that folder is absent.
"""

import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import plans.importer
from partnership import uploads
from plans.importer import UnreadablePlan, child, read_plan, read_plan_safely
from plans.importer.columns import plain_heading
from plans.importing import confirm_import, stage_import
from plans.management.commands.make_sample_plan import SAMPLE
from plans.models import Activity
from tests.plans.samples import documents
from tests.plans.samples.documents import HEADINGS, small_plan

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared plans are not on this machine")


@pytest.fixture
def read(tmp_path):
    """Read a python-docx document as a plan."""

    def read_document(document, filename="plan.docx"):
        path = tmp_path / "plan.docx"
        document.save(path)
        return read_plan(path, filename=filename)

    return read_document


def row(deliverable="1. Guide", lead="Office", others="", activity="Write it", timescale="June 2026"):
    return [deliverable, lead, others, activity, timescale]


def deliverables(understood):
    return understood["plan"]["priorities"][0]["deliverables"]


def pairs(understood, at=0):
    return [(a["text"], a["timescale_text"]) for a in deliverables(understood)[at]["activities"]]


def doubts(understood):
    return {doubt["at"]: doubt["says"] for doubt in understood["doubts"]}


# Real plans


def expected(name):
    return json.loads((SHARED / "plans" / f"{name}.expected.json").read_text(encoding="utf-8"))["plan"]


@needs_shared
@pytest.mark.parametrize("name", ["llr-2020-21", "llr-2021-22"])
def test_a_real_plan_is_read_as_people_read_it(name, tmp_path):
    found = tmp_path / "found.json"
    understood = read_plan_safely(SHARED / "plans" / f"{name}.docx")
    found.write_text(json.dumps(understood), encoding="utf-8")
    score = subprocess.run(
        [sys.executable, SHARED / "tools" / "score_plan.py", found, SHARED / "plans" / f"{name}.expected.json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(score.stdout.split()[-1]) >= 0.98, score.stdout


@needs_shared
def test_every_activity_of_a_real_plan_has_its_own_date_and_lead():
    understood = read_plan_safely(SHARED / "plans" / "llr-2021-22.docx")
    plan = expected("llr-2021-22")
    assert [p["title"] for p in understood["plan"]["priorities"]] == [p["title"] for p in plan["priorities"]]
    for found, wanted in zip(understood["plan"]["priorities"], plan["priorities"], strict=True):
        for one, two in zip(found["deliverables"], wanted["deliverables"], strict=True):
            assert (one["ref"], one["title"], one["leads"]) == (two["ref"], two["title"], two["leads"])
            assert [(a["text"], a["timescale_text"], a["lead"]) for a in one["activities"]] == [
                (a["text"], a["timescale_text"], a["lead"]) for a in two["activities"]
            ]
    assert understood["notes"] == []


@needs_shared
def test_the_mistakes_of_a_real_plan_are_pointed_at():
    found = doubts(read_plan_safely(SHARED / "plans" / "llr-2020-21.docx"))
    assert found["priorities/0/deliverables/2"] == (
        "There is no 2019 edition of Working Together. Check which one is meant."
    )
    assert found["priorities/0/deliverables/5/leads/0"] == (
        "“Planning and Delivery Group” may be the same as “Performance and Delivery Group”, "
        "named elsewhere in this plan."
    )
    late = found["priorities/0/deliverables/3/activities/3/timescale_text"]
    assert late.startswith("30 April 2021 is after the end of this plan.")


# Our own sample


def test_the_sample_plan_on_offer_is_understood_whole():
    understood = read_plan_safely(SAMPLE)
    plan = understood["plan"]
    assert (plan["period_start"], plan["period_end"], plan["version"]) == ("2027-04-01", "2028-03-31", "v0.3")
    assert [len(p["deliverables"]) for p in plan["priorities"]] == [3, 3, 2, 2, 2]
    assert [p["title"] for p in plan["cross_cutting"]] == [
        "Cross Cutting Shared Priority – The cost of living and the safety of children and adults"
    ]
    kinds = {a["kind"] for p in plan["priorities"] for d in p["deliverables"] for a in d["activities"]}
    assert kinds == {"date", "window", "recurring", "meeting", "relative", "continuous", "unset", "dates"}
    assert understood["notes"] == []
    at = "priorities/{}/deliverables/{}/activities/{}/timescale_text".format
    assert sorted(doubts(understood)) == sorted(
        [at(0, 1, 2), at(4, 1, 2), "priorities/4/deliverables/0/leads/0"]  # after the plan's end; a name
        + [at(1, 0, n) for n in range(3)]  # points under a bullet
        + [at(3, 0, n) for n in range(4)]  # three dates for four bullets
        + [at(3, 1, n) for n in range(2)]  # paragraphs, not bullets
    )


def test_the_sample_plan_is_what_the_command_makes(tmp_path):
    made = tmp_path / "sample.docx"
    call_command("make_sample_plan", to=made, stdout=io.StringIO())
    assert read_plan(made, filename=SAMPLE.name) == read_plan(SAMPLE)


# Shapes of plans


def test_each_partnership_keeps_its_own_lead(read):
    found = read(
        small_plan(
            row(lead="AV: Head of Midwifery\n\nMB: Named Midwife\n\nIndependent Advisor"),
            row(lead="AV\nThe three partners with support from:\nBusiness manager"),
            row(lead="Chair of Training Group & Business Office, Safety Unit"),
        )
    )
    assert [d["leads"] for d in deliverables(found)] == [
        [
            {"partnership": "AV", "text": "Head of Midwifery"},
            {"partnership": "MB", "text": "Named Midwife"},
            {"partnership": None, "text": "Independent Advisor"},
        ],
        [{"partnership": "AV", "text": "The three partners with support from: Business manager"}],
        [{"partnership": None, "text": "Chair of Training Group & Business Office, Safety Unit"}],
    ]


def test_rows_merged_downwards_are_one_deliverable_each_with_its_own_lead(read):
    document = small_plan(
        row(lead="AV: Director", activity="Match lists", timescale="May 2026"),
        row("", lead="MB: Manager", activity="Agree a way", timescale="tbc"),
    )
    made = document.tables[0]
    made.cell(1, 0).merge(made.cell(2, 0))
    found = read(document)
    assert len(deliverables(found)) == 1
    assert [(a["lead"], a["kind"]) for a in deliverables(found)[0]["activities"]] == [
        ("Director", "date"),
        ("Manager", "unset"),
    ]
    assert found["doubts"] == []


def test_a_timescale_merged_downwards_belongs_to_each_of_its_rows(read):
    document = small_plan(row("1. One"), row("2. Two", timescale=""))
    made = document.tables[0]
    made.cell(1, 4).merge(made.cell(2, 4))
    assert [d["activities"][0]["timescale_text"] for d in deliverables(read(document))] == ["June 2026"] * 2


def test_as_many_dates_as_bullets_are_paired_in_order_without_a_doubt(read):
    found = read(small_plan(row(activity="* Ask\n* Write\n* Print", timescale="May 2026\n\nJune 2026\nJuly 2026")))
    assert pairs(found) == [("Ask", "May 2026"), ("Write", "June 2026"), ("Print", "July 2026")]
    assert found["doubts"] == []


def test_fewer_dates_than_bullets_are_paired_by_words_and_doubted(read):
    found = read(
        small_plan(
            row(
                activity="* Ask families\n* Write the guide\n* Print leaflets",
                timescale="Guide by May 2026\nLeaflets June 2026",
            )
        )
    )
    assert pairs(found) == [
        ("Ask families", None),
        ("Write the guide", "Guide by May 2026"),
        ("Print leaflets", "Leaflets June 2026"),
    ]
    assert sorted(doubts(found)) == [f"priorities/0/deliverables/0/activities/{n}/timescale_text" for n in range(3)]


def test_one_timescale_in_a_row_belongs_to_each_activity(read):
    found = read(small_plan(row(activity="* Ask\n* Write")))
    assert pairs(found) == [("Ask", "June 2026"), ("Write", "June 2026")]


def test_items_under_a_colon_are_points_and_a_sentence_may_run_over_a_list(read):
    found = read(
        small_plan(
            row(activity="Run a campaign, including:\n* Posters\n* Leaflets"),
            row("2. Reports", activity="Get reports from:\n* Police\n* Health\nto see what is new"),
        )
    )
    one, two = (d["activities"] for d in deliverables(found))
    assert [(a["text"], a.get("points")) for a in one] == [("Run a campaign, including:", ["Posters", "Leaflets"])]
    assert [a["text"] for a in two] == ["Get reports from: Police Health to see what is new"]


def test_a_title_is_told_from_what_follows_it(read):
    document = small_plan(row("2.\tAnnual report. It says what changed."), row("No number here"), row("3a) Lettered"))
    assert [(d["ref"], d["title"], d["description"]) for d in deliverables(read(document))] == [
        ("2", "Annual report", "It says what changed."),
        (None, "No number here", None),
        ("3a", "Lettered", None),
    ]


def test_a_window_keeps_its_first_day_and_is_late_only_after_its_month(read):
    found = read(small_plan(row(timescale="from September 2026"), row(timescale="Begin May 2026, complete by July")))
    one, two = (d["activities"][0] for d in deliverables(found))
    assert (one["kind"], one["open_end"], one["dates"]) == (
        "window",
        True,
        [{"due": "2026-09-30", "label": None, "precision": "month", "starts": "2026-09-01"}],
    )
    assert [(d["due"], d.get("starts"), d["label"]) for d in two["dates"]] == [
        ("2026-05-31", "2026-05-01", "Begin"),
        ("2026-07-31", None, "complete"),
    ]


def test_a_plan_without_an_activity_column_has_one_activity_in_each_row(read):
    found = read(documents.older_plan())
    plan = found["plan"]
    assert [(p["ref"], p["title"], len(p["deliverables"])) for p in plan["priorities"]] == [
        ("1", "Early help", 2),
        ("2a", "Neglect", 2),
        ("2b", "Online harm", 2),
    ]
    first = plan["priorities"][0]
    assert first["outcomes"] == ["To be assured that work on early help is timely"]
    assert first["indicators"] == ["Number of early help plans", "Repeat plans within a year"]
    deliverable = first["deliverables"][0]
    assert (deliverable["ref"], deliverable["title"], deliverable["description"]) == (
        "1.1",
        "Agree one pathway",
        "Test it with six families",
    )
    assert deliverable["evidence_measures"] == ["Families are seen sooner"]
    assert [(a["text"], a["kind"], [d["due"] for d in a["dates"]]) for a in deliverable["activities"]] == [
        ("Agree one pathway\nTest it with six families", "dates", ["2026-06-30", "2026-10-31", "2027-01-31"])
    ]
    assert [theme["title"] for theme in plan["cross_cutting"]] == ["Hearing the child", "Working across the two areas"]


def test_a_blank_review_form_is_no_deliverable_and_is_not_lost(read):
    found = read(documents.older_plan())
    assert [note.splitlines()[0] for note in found["notes"]] == [
        f"A review form under “{title}” is not part of the plan's rows:"
        for title in ("Early help", "Neglect", "Online harm")
    ]


def test_rows_across_a_table_begin_priorities(read):
    plan = read(documents.banded_plan())["plan"]
    assert [(p["ref"], p["title"], [d["title"] for d in p["deliverables"]]) for p in plan["priorities"]] == [
        ("1", "Self-neglect", ["Write a one-page guide"]),
        ("2", "Transitions", ["Map who plans a move to adult care", "Ask ten young adults how it went"]),
    ]
    assert [d["progress"] for p in plan["priorities"] for d in p["deliverables"]] == ["Green", "Amber", None]


def test_a_priority_column_begins_priorities_and_unknown_columns_become_notes(read):
    found = read(documents.column_plan())
    assert [(p["title"], len(p["deliverables"])) for p in found["plan"]["priorities"]] == [
        ("Exploitation", 2),
        ("School", 1),
    ]
    assert found["plan"]["version"] == "2.3"
    assert found["notes"] == ["In the plan's table, beside “Fewer children go missing”: Comments: Late"]


def test_bold_lines_stand_in_for_headings_and_dates_for_the_period_with_a_doubt(read):
    found = read(documents.bare_plan())
    assert [(p["title"], p["rationale"], p["outcomes"]) for p in found["plan"]["priorities"]] == [
        (title, ["reviews told us so"], ["children are safe"]) for title in ("Babies", "Neglect")
    ]
    assert (found["plan"]["period_start"], found["plan"]["period_end"]) == ("2026-04-01", "2027-03-31")
    assert sorted(doubts(found)) == ["period_start", "priorities/0/title", "priorities/1/title"]


def test_text_in_content_controls_and_accepted_changes_is_read_and_deleted_text_is_not(read):
    document = small_plan(row(activity="", timescale=""))
    cells = document.tables[0].rows[1].cells
    cells[3].paragraphs[0].add_run("Write the guide")
    documents.wrap_in_control(cells[3].paragraphs[0])
    documents.mark_inserted(cells[4].paragraphs[0].add_run("May 2026"))
    documents.mark_inserted(cells[4].paragraphs[0].add_run("June 2025"), tag="w:del")
    assert pairs(read(document)) == [("Write the guide", "May 2026")]


def test_a_table_that_goes_on_without_headings_is_part_of_the_plan(read):
    document = small_plan(row("1. One"))
    documents.table(document, [row("2. Two"), HEADINGS, row("3. Three")])
    assert [d["title"] for d in deliverables(read(document))] == ["One", "Two", "Three"]


def test_look_alike_letters_are_put_right_and_said(read):
    found = read(small_plan(row(lead="LSCP\u0411: Manager")))
    assert deliverables(found)[0]["leads"] == [{"partnership": "LSCPB", "text": "Manager"}]
    assert found["notes"] == ["“LSCP\u0411” has a letter of another alphabet in it. We read it as “LSCPB”."]


def test_dates_outside_the_plan_and_names_spelled_two_ways_are_doubted(read):
    found = read(
        small_plan(
            row("1. One", lead="Chair of Planning and Delivery Group", timescale="March 2026"),
            row("2. Two", lead="Performance and Delivery Group", timescale="Nr 4711"),
            row("3. Three", lead="Planning and Delivery Group", timescale=""),
            row("4. Four", lead="AV Case Review Group"),
            row("5. Five", lead="MB Case Review Group"),
        )
    )
    at = "priorities/0/deliverables"
    assert doubts(found) == {
        f"{at}/0/activities/0/timescale_text": "31 March 2026 is before the start of this plan.",
        f"{at}/1/activities/0/timescale_text": "We could not read a date in “Nr 4711”.",
        f"{at}/1/leads/0": "“Performance and Delivery Group” may be the same as “Planning and Delivery Group”, "
        "named elsewhere in this plan.",
        f"{at}/2/activities/0/timescale_text": "No timescale stands beside this activity.",
    }


def test_a_file_name_that_gives_another_year_is_doubted(read):
    found = read(small_plan(row()), filename="Business plan 2025-26.docx")
    assert (found["plan"]["period_start"], sorted(doubts(found))) == ("2026-04-01", ["period_start"])


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Business Plan 2026-27", ("2026-04-01", "2027-03-31")),
        ("Business plan 2026/2027", ("2026-04-01", "2027-03-31")),
        ("Strategic plan 2026-2029", ("2026-04-01", "2029-03-31")),
        ("Plan January 2026 to December 2027", ("2026-01-01", "2027-12-31")),
        ("Business plan 1 September 2026 - 31 August 2027", ("2026-09-01", "2027-08-31")),
        ("Board plan 2026", ("2026-01-01", "2026-12-31")),
    ],
)
def test_the_time_a_plan_covers_is_read_from_its_title(read, title, period):
    plan = read(small_plan(row(), title=title))["plan"]
    assert (plan["period_start"], plan["period_end"]) == period


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("Lead/s", "leads"),
        ("Ref. No.", "ref no"),
        ("In 2014/5 we will:", "in we will"),
        ("Who will lead?", "who will lead"),
    ],
)
def test_headings_are_compared_in_their_plainest_form(heading, plain):
    assert plain_heading(heading) == plain


# From the document to the plan


def test_the_sample_document_becomes_a_plan_with_its_windows_whole(partnership, other_partnership, rating_key, office):
    upload = SimpleUploadedFile("sample-plan.docx", SAMPLE.read_bytes())
    staged = stage_import(upload, partnerships=[partnership, other_partnership], by=office)
    plan = confirm_import(staged, by=office)
    windows = Activity.objects.filter(deliverable__priority__plan=plan, timescale_kind="window")
    assert {a.timescale_text: [m.due_on for m in a.milestones.all()] for a in windows} == {
        "AV: Begin May 2027, for completion Dec 2027": [date(2027, 5, 1), date(2027, 12, 31)],
        "from Apr 2027": [date(2027, 4, 1), None],
        "Lists compared from April 2027": [date(2027, 4, 1), None],
        "Apr-Jun 2027": [date(2027, 4, 1), date(2027, 6, 30)],
    }


# Files that can't be read, each answered with what to do


def refusal(path, filename=None):
    with pytest.raises(UnreadablePlan) as refused:
        read_plan_safely(path, filename=filename)
    return str(refused.value)


def rezip(changes, *, source=SAMPLE, drop=()):
    """The bytes of a Word document with parts put in, changed or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes and name not in drop:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">%s</w:document>'
ENTITY = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + WORD % b"<w:body>&x;</w:body>"

HOSTILE = {
    "empty": ("plan.docx", lambda: b"", "This file is empty."),
    "truncated": ("plan.docx", lambda: SAMPLE.read_bytes()[:9000], "This file is damaged or not complete."),
    "no zip": ("plan.docx", lambda: b"Our plan is to be safe", "This file is named .docx but is something else."),
    "a PDF of nothing": ("plan.pdf", lambda: b"%PDF-1.7 ...", "This PDF is damaged."),
    "a PDF renamed": ("plan.docx", lambda: b"%PDF-1.7 ...", "This file is a PDF."),
    "old Word": ("plan.doc", lambda: uploads.OLD_OFFICE + b"...", "This file has a password or is in an old format."),
    "old Excel": ("plan.xls", lambda: uploads.OLD_OFFICE + b"...", "This file has a password or is in an old format."),
    "a spreadsheet that is none": ("plan.xlsx", lambda: rezip({}), "This file is named .xlsx but is something else."),
    "another office's spreadsheet": ("plan.ods", lambda: rezip({}), "This file is a spreadsheet of another kind."),
    "a text": ("plan.txt", lambda: b"plan", "This kind of file can’t be read here."),
    "a picture": ("plan.png", lambda: b"\x89PNG\r\n\x1a\n", "This kind of file can’t be read here."),
    "macros by name": ("plan.docm", lambda: rezip({}), "This file can hold macros, which we don't open."),
    "macros inside": ("plan.docx", lambda: rezip({"word/vbaProject.bin": b"x"}), "This file holds macros"),
    "macros by type": (
        "plan.docx",
        lambda: rezip({"[Content_Types].xml": b"<Types>application/vnd.ms-word.document.macroEnabled</Types>"}),
        "This file can hold macros",
    ),
    "a spreadsheet renamed": (
        "plan.docx",
        lambda: rezip({"xl/workbook.xml": b"<workbook/>"}, drop={"word/document.xml"}),
        "This file is named .docx but is something else.",
    ),
    "a zip renamed": (
        "plan.docx",
        lambda: rezip({}, drop={"word/document.xml"}),
        "This file is named .docx but is something else.",
    ),
    "an entity": ("plan.docx", lambda: rezip({"word/document.xml": ENTITY}), "This file is built in an unusual way"),
    "an entity in wide letters": (
        "plan.docx",
        lambda: rezip({"word/document.xml": ENTITY.decode().encode("utf-16")}),
        "This file is built in an unusual way",
    ),
    "an entity in a part nobody reads": (
        "plan.docx",
        lambda: rezip({"customXml/item9.xml": ENTITY}),
        "This file is built in an unusual way",
    ),
    "a bomb": (
        "plan.docx",
        lambda: rezip({"word/media/a.bin": b"\0" * 30_000_000}),
        "A part of this file unpacks to something huge.",
    ),
    "many parts": (
        "plan.docx",
        lambda: rezip({f"a/{n}.bin": b"" for n in range(2_100)}),
        "This file holds far more parts than a document does.",
    ),
    "too long": (
        "plan.docx",
        lambda: rezip({"word/document.xml": WORD % (b"<w:body>" + b"<w:p/><w:p></w:p >" * 30_000 + b"</w:body>")}),
        "This document is far longer than a plan.",
    ),
    "broken XML": (
        "plan.docx",
        lambda: rezip({"word/document.xml": WORD % b"<w:body><w:p>"}),
        "This file is damaged.",
    ),
    "no body": ("plan.docx", lambda: rezip({"word/document.xml": WORD % b""}), "This Word document has no text."),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_cannot_be_read_is_answered_with_what_to_do(name, tmp_path):
    filename, content, says = HOSTILE[name]
    path = tmp_path / "upload"
    path.write_bytes(content())
    message = refusal(path, filename)
    assert message.startswith(says)
    assert message.endswith(".") and len(message) < 160


def test_a_document_without_a_plan_table_is_answered_kindly(tmp_path):
    path = tmp_path / "letter.docx"
    document = documents.Document()
    document.add_paragraph("Dear colleague, our business plan 2026-27 is late.")
    documents.table(document, [["Name", "Telephone"], ["Nadia", "none"]])
    document.save(path)
    assert refusal(path) == (
        "We found no plan table in this document. Give its table a row of headings such as "
        "Key deliverables, Lead, Activity and Timescale, and try again."
    )
    documents.Document().save(path)
    assert refusal(path).startswith("We found no plan table")


def test_a_plan_that_says_nothing_of_its_time_is_answered_with_what_to_write(tmp_path):
    path = tmp_path / "plan.docx"
    small_plan(row(timescale="ongoing"), title="Our plan").save(path)
    assert refusal(path).startswith("We could not find which time this plan covers. Write it in the title,")


def test_a_child_that_takes_too_long_or_says_nothing_is_ended(monkeypatch):
    monkeypatch.setattr(plans.importer, "WALL_SECONDS", 0.01)
    assert refusal(SAMPLE) == plans.importer.TOO_LONG
    monkeypatch.undo()
    monkeypatch.setattr(plans.importer.sys, "executable", "/bin/true")
    assert refusal(SAMPLE) == plans.importer.TOO_LONG


def test_the_child_gives_its_limits_away_before_it_opens_the_file():
    code = (
        "import resource, socket\n"
        "from plans.importer import child\n"
        "child.confine(child.CPU_SECONDS, child.MEMORY)\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[1], resource.getrlimit(resource.RLIMIT_CPU)[1])\n"
        "for forbidden in (lambda: socket.socket().connect(('127.0.0.1', 9)), lambda: open('/tmp/x', 'w')):\n"
        "    try: forbidden()\n"
        "    except PermissionError as refused: print('refused', refused)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{child.MEMORY} {child.CPU_SECONDS}", "refused socket.__new__", "refused open"]


@given(
    places=st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 255)), max_size=12),
    cut=st.integers(0, 60_000),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_read_or_refused_and_never_crashes(places, cut, tmp_path):
    content = bytearray(SAMPLE.read_bytes())
    for place, value in places:
        content[place % len(content)] = value
    path = tmp_path / "plan.docx"
    path.write_bytes(content[: len(content) - cut % 50] if cut % 3 == 0 else content)
    answer = child.answer(path, "plan.docx")
    assert set(answer) in ({"read"}, {"refused"})


@given(
    tags=st.lists(st.sampled_from(["tbl", "tr", "tc", "p", "r", "t", "sdt", "sdtContent", "/", "/", "x"]), max_size=60)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_odd_but_whole_documents_are_read_or_refused(tags, tmp_path):
    written, opened = [], []
    for tag in tags:
        if tag == "/" and opened:
            written.append(f"</w:{opened.pop()}>")
        elif tag == "x":
            written.append("Lead Timescale Activity")
        elif tag != "/":
            opened.append(tag)
            written.append(f"<w:{tag}>")
    written += [f"</w:{tag}>" for tag in reversed(opened)]
    body = f"<w:body>{''.join(written)}</w:body>".encode()
    path = tmp_path / "plan.docx"
    path.write_bytes(rezip({"word/document.xml": WORD % body}))
    assert set(child.answer(path, "plan.docx")) == {"refused"}


# The command


def test_the_command_prints_the_plan_or_says_what_to_do(tmp_path):
    out = io.StringIO()
    call_command("read_plan", str(SAMPLE), stdout=out)
    assert json.loads(out.getvalue()) == read_plan(SAMPLE)
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="This PDF is damaged. Save it again as a PDF"):
        call_command("read_plan", str(path))
