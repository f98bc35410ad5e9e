"""A version as PDF and Word: made once, of the snapshot alone, published with it, and read back as the same plan."""

import io
import re
from datetime import UTC, datetime, timedelta

import docx
import page
import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.builds import Claim
from partnership.models import PublishedFile
from partnership.pdf import Pdf
from partnership.publishing import sha256_of
from plans import documents, tasks
from plans.documents import content_of, request_document, run_document
from plans.importer import read_plan
from plans.models import Activity, Deliverable, Plan, PlanDocument, PlanVersion
from plans.plan_pdf import print_assets, print_html
from plans.plan_word import make_word
from tests.at_once import at_once
from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    OutcomeStatementFactory,
    PlanFactory,
    PlanVersionFactory,
    RationaleItemFactory,
)

LATER = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


def address(name, *args):
    return reverse(f"plans:{name}", args=args)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def quick(monkeypatch):
    """No layout: what is made is counted."""
    made = []

    def render(html, **how):
        made.append(html)
        return Pdf(b"%PDF-1.7 a plan", 3, 0.1)

    monkeypatch.setattr(documents, "render_pdf", render)
    return made


def make_of(version, by):
    document = request_document(version, by=by)
    assert run_document(document.pk)
    return PlanDocument.objects.get(pk=document.pk)


# Asked for, and made


def test_a_document_that_is_under_way_or_made_is_the_answer(plan_version, office, partner, quick):
    first, second = request_document(plan_version, by=office), request_document(plan_version, by=partner)
    assert first == second
    assert [run_document(first.pk), run_document(first.pk)] == [True, False]
    assert request_document(plan_version, by=partner) == first
    assert (len(quick), PublishedFile.objects.count()) == (1, 2)


def test_a_document_that_failed_is_asked_for_anew(plan_version, office, quick):
    PlanDocument.objects.create(version=plan_version, requested_by=office, state="failed", problem="No room.")
    make_of(plan_version, office)
    assert list(plan_version.documents.order_by("requested_at").values_list("state", flat=True)) == ["failed", "done"]


def test_a_document_left_behind_by_a_killed_worker_is_taken_up_and_published_once(plan_version, office, quick):
    document = request_document(plan_version, by=office)
    Claim.take(PlanDocument, document.pk)
    tasks.resume_plan_documents()
    assert (PlanDocument.objects.get().state, PublishedFile.objects.count()) == ("running", 0)
    PlanDocument.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.resume_plan_documents()
    tasks.resume_plan_documents()
    assert (PlanDocument.objects.get().state, len(quick), PublishedFile.objects.count()) == ("done", 1, 2)


def test_a_worker_whose_lease_went_to_another_publishes_nothing(plan_version, office, quick, monkeypatch):
    document = request_document(plan_version, by=office)
    publish, published = documents.publish_files, []

    def lose_the_lease(*args, **how):
        files = publish(*args, **how)
        published.append(PublishedFile.objects.count())  # the control: they were there for a moment
        PlanDocument.objects.update(lease_until=timezone.now() + timedelta(hours=1))
        return files

    monkeypatch.setattr(documents, "publish_files", lose_the_lease)
    assert run_document(document.pk) is False
    assert (published, PublishedFile.objects.count(), PlanDocument.objects.get().state) == ([2], 0, "running")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_publish_one_file_each(plan_version, office, quick):
    document = request_document(plan_version, by=office)
    came_to = at_once(lambda: run_document(document.pk), lambda: run_document(document.pk))
    assert sorted(came_to) == [False, True]
    kinds = sorted(PublishedFile.objects.values_list("content_type", flat=True))
    assert (kinds, len(quick)) == ([*sorted(["application/pdf", documents.WORD])], 1)


def test_a_version_that_is_not_published_publishes_no_file(plan, office, quick):
    version = PlanVersionFactory(plan=plan, number="1.1", stage="consultation", made_by=office)
    made = make_of(version, office)
    assert (made.state, made.page_count, bool(made.word_size), made.published_pdf) == ("done", 3, True, None)
    assert PublishedFile.objects.count() == 0


def test_the_next_version_s_files_are_the_next_edition_of_the_same(plan, plan_version, office, quick, partnership):
    first = make_of(plan_version, office)
    other = PlanVersionFactory(plan=PlanFactory(rating_key=plan.rating_key, partnerships=[partnership]), made_by=office)
    make_of(other, office)
    version = PlanVersionFactory(plan=plan, number="1.1", made_by=office, made_at=LATER)
    second = make_of(version, office)
    assert [
        (file.edition, file.supersedes, file.filename, file.kind, file.sha256 == sha256_of(bytes(file.content)))
        for file in (second.published_pdf, second.published_word)
    ] == [
        (2, first.published_pdf, "business-plan-2026-to-2027-version-1-1.pdf", "plan", True),
        (2, first.published_word, "business-plan-2026-to-2027-version-1-1.docx", "plan", True),
    ]
    assert set(second.published_pdf.partnerships.all()) == set(plan.partnerships.all())


# What is in them


def test_both_say_what_was_frozen_and_nothing_that_came_after(plan, plan_version, office):
    before = content_of(PlanVersion.objects.get(pk=plan_version.pk))
    Deliverable.objects.filter(priority__plan=plan).update(title="Canary", retired_on="2027-01-01")
    Activity.objects.update(text="Canary", timescale_text="Canary")
    Plan.objects.filter(pk=plan.pk).update(title="Canary", introduction="Canary", ends_on="2040-01-01")
    after = content_of(PlanVersion.objects.get(pk=plan_version.pk))
    assert print_html(after) == print_html(before)
    assert make_word(after) == make_word(before)
    fresh = PlanVersionFactory(plan=plan, number="1.1", made_by=office, made_at=LATER)
    assert "Canary" in print_html(content_of(fresh))  # the control


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def bookmarks(pdf):
    numbers = {each.obj.objgen: number for number, each in enumerate(pdf.pages, start=1)}
    with pdf.open_outline() as outline:
        [top] = outline.root
        return [str(top.title), *((str(each.title), numbers[each.destination[0].objgen]) for each in top.children)]


def failures(content, tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(content)
    checked = page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1)
    assert checked.rules.total == 104
    return sorted({failure.rule_id for failure in checked.failures})


def fill_a_long_block(plan):
    """A deliverable whose rows take more than a page, and one whose activities have leads of their own."""
    priority = plan.priorities.get(position=2)
    long = DeliverableFactory(priority=priority, position=2, ref="2", title="One long promise")
    for position in range(1, 41):
        ActivityFactory(deliverable=long, position=position, text=f"Step {position} of it " * 12, timescale_text="tbc")
    each = DeliverableFactory(priority=priority, position=3, ref="3", title="Led row by row")
    for position in (1, 2):
        own = DeliverableLeadFactory(deliverable=each, position=position, text=f"Lead {position}")
        ActivityFactory(deliverable=each, position=position, text=f"Work {position}", lead=own)


def test_the_pdf_conforms_to_pdf_ua_over_many_pages_and_opens_at_each_priority(plan, office, tmp_path):
    fill_a_long_block(plan)
    made = make_of(PlanVersionFactory(plan=plan, number="1.1", made_by=office, made_at=LATER), office)
    content = bytes(made.pdf)
    assert failures(content, tmp_path) == []
    pdf = opened(content)
    titles = bookmarks(pdf)
    assert [each if isinstance(each, str) else each[0] for each in titles] == [
        "Business plan 2026 to 2027",
        "Contents",
        "Introduction",
        "1. Babies: a safe first year",
        "2. Seeing neglect early",
        "How we say how it is going",
        "About this version",
    ]
    sizes = ["across" if each.mediabox[2] > each.mediabox[3] else "upright" for each in pdf.pages]
    assert re.fullmatch("(upright ){3}(across ){4,}upright", " ".join(sizes))
    assert (str(pdf.Root.Lang), len(pdf.pages)) == ("en-GB", made.page_count)


def test_the_same_version_gives_the_same_bytes(plan_version):
    content = content_of(plan_version)
    first, second = (documents.render_pdf(print_html(content), assets=print_assets(content)) for _ in range(2))
    assert (first.content == second.content, make_word(content) == make_word(content)) == (True, True)


def test_the_paper_says_which_version_it_is(plan_version, executive):
    version = PlanVersion(
        plan=plan_version.plan, number="1.1", stage="approved", reason="The school year is later.",
        approved_by=executive, approved_on=LATER.date(), snapshot=plan_version.snapshot,
        sha256=plan_version.sha256, made_at=LATER,
    )  # fmt: skip
    html = print_html(content_of(version))
    wanted = [
        "Version 1.1. Approved, not published yet, 1 September 2026",
        "The school year is later.",
        "Executive, 1 September 2026",
        plan_version.sha256[:32],
        "Ashford Vale and Millbrook",
    ]
    assert [words for words in wanted if words not in html] == []


def test_markup_in_a_plan_stays_words(plan, office):
    OutcomeStatementFactory(priority=plan.priorities.first(), position=9, text="<img src=x>")
    DeliverableFactory(
        priority=plan.priorities.first(), position=9, ref="9", title="<script>x</script>", evidence_measures="<b>\n<i>"
    )
    html = print_html(content_of(PlanVersionFactory(plan=plan, number="1.1", made_by=office)))
    assert re.findall(r"<(?:img|script|b>x|i>)", html) == []


# Word


def rows_of(snapshot):
    return [
        (
            priority["ref"],
            priority["title"],
            priority["outcomes"],
            [each["text"] for each in priority["rationale"]],
            [
                (
                    row["full_ref"],
                    row["title"],
                    [(lead["area"], lead["text"]) for lead in row["leads"]],
                    [(each["text"], each["lead"], each["timescale"]) for each in row["activities"]],
                )
                for row in priority["deliverables"]
            ],
        )
        for priority in snapshot["priorities"]
    ]


def rows_read(plan):
    return [
        (
            priority["ref"] or "",
            priority["title"],
            priority["outcomes"],
            priority["rationale"],
            [
                (
                    row["ref"] or "",
                    row["title"],
                    [(lead["partnership"] or "", lead["text"]) for lead in row["leads"]],
                    [
                        (
                            "\n".join([each["text"], *(f"• {point}" for point in each.get("points", []))]),
                            each["lead"] or "",
                            each["timescale_text"] or "",
                        )
                        for each in row["activities"]
                    ],
                )
                for row in priority["deliverables"]
            ],
        )
        for priority in plan["priorities"]
    ]


def read_back(version, tmp_path):
    path = tmp_path / "plan.docx"
    path.write_bytes(make_word(content_of(version)))
    return read_plan(str(path))["plan"]


def test_a_plan_comes_back_from_its_word_document_as_the_same_plan(plan, office, tmp_path):
    row = DeliverableFactory(priority=plan.priorities.first(), position=3, ref="3", title="Three activities")
    for position, name in enumerate(["Sounding Board", "Chair, Executive"], start=1):
        DeliverableLeadFactory(deliverable=row, position=position, text=name)
    texts = ["Ask.", "Hear what they say about:\n• home\n• school", "Tell them."]
    for position, (text, when) in enumerate(zip(texts, ["June 2026", "", "Each term"], strict=True), start=1):
        ActivityFactory(deliverable=row, position=position, text=text, timescale_text=when)
    RationaleItemFactory(priority=plan.priorities.get(position=2), position=1, text="The Sounding Board asked for it.")
    fill_a_long_block(plan)
    version = PlanVersionFactory(plan=plan, number="1.1", made_by=office)
    read = read_back(version, tmp_path)
    assert (read["title"], read["period_start"], read["period_end"], read["version"]) == (
        "Business plan 2026 to 2027",
        "2026-04-01",
        "2027-03-31",
        "1.1",
    )
    wanted = rows_of(version.snapshot)
    long = wanted[1][4][1][3]
    long[:] = [(text.strip(), lead, when) for text, lead, when in long]
    assert rows_read(read) == wanted


def test_a_plan_with_a_column_of_measures_comes_back_too(plan, office, tmp_path):
    Plan.objects.filter(pk=plan.pk).update(
        columns=[
            {"code": code, "heading": heading}
            for code, heading in [
                ("ref", "Reference"), ("promise", "What we will do"), ("measures", "How we will know"),
                ("leads", "Who leads"), ("activity", "Activity"), ("timescale", "By when"), ("rating", "Progress"),
            ]
        ]
    )  # fmt: skip
    version = PlanVersionFactory(plan=plan, number="1.1", made_by=office)
    read = read_back(version, tmp_path)
    assert rows_read(read) == rows_of(version.snapshot)
    assert read["priorities"][0]["deliverables"][0]["evidence_measures"] == [
        "Plans in place by 28 weeks in 9 of 10 cases"
    ]


def test_the_word_document_has_real_headings_and_a_real_table(plan_version):
    document = docx.Document(io.BytesIO(make_word(content_of(plan_version))))
    headings = [(each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith("Head")]
    assert [text for style, text in headings if style == "Heading 1"] == [
        "Introduction",
        "1. Babies: a safe first year",
        "2. Seeing neglect early",
        "How we say how it is going",
        "About this version",
    ]
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == [
        "Ref", "Key deliverable", "Lead", "Other partnerships", "Activity", "Timescale",
    ]  # fmt: skip
    assert table.rows[0]._tr.trPr.find(docx.oxml.ns.qn("w:tblHeader")) is not None
    assert [tc.vMerge for tc in table.rows[1]._tr.tc_lst] == ["restart"] * 4 + [None] * 2
    assert [tc.vMerge for tc in table.rows[2]._tr.tc_lst] == ["continue"] * 4 + [None] * 2
    properties = document.core_properties
    assert (properties.title, properties.language) == ("Business plan 2026 to 2027, version 1.0", "en-GB")
    assert [section.orientation for section in document.sections] == [0, 1]


# The pages


def test_one_press_makes_the_document_and_shows_how_far_it_is(
    plan_version, client_of, partner, quick, django_capture_on_commit_callbacks
):
    client = client_of(partner)
    with django_capture_on_commit_callbacks() as callbacks:
        response = client.post(address("document-make", plan_version.pk))
        again = client.post(address("document-make", plan_version.pk))
    document = PlanDocument.objects.get()
    assert (response.url, again.url) == (document.get_absolute_url(),) * 2
    PlanDocument.objects.update(state="running", step="Laying out page 3", done_count=3, total_count=8)
    part = text_of(client.get(response.url, headers={"HX-Request": "true"}))
    assert part.strip().startswith('<div class="stack" id="progress"')
    assert ['hx-trigger="every 1s"' in part, "Laying out page 3" in part] == [True, True]
    assert client.get(address("document-download", document.pk, "pdf")).url == document.get_absolute_url()
    PlanDocument.objects.update(state="queued")
    for callback in callbacks:
        callback()
    done = text_of(client.get(response.url))
    links = [address("document-download", document.pk, kind) in done for kind in ("pdf", "word")]
    assert ["hx-trigger" in done, *links, "PDF, 3 pages" in done] == [False, True, True, True]
    pdf, word = (client.get(address("document-download", document.pk, kind)) for kind in ("pdf", "word"))
    name = "business-plan-2026-to-2027-version-1-0"
    assert (pdf.content, pdf["Content-Disposition"]) == (b"%PDF-1.7 a plan", f'attachment; filename="{name}.pdf"')
    assert (word.content[:2], word["Content-Disposition"]) == (b"PK", f'attachment; filename="{name}.docx"')


def test_where_no_worker_can_be_told_the_press_is_kept_and_beat_finds_it(
    plan_version, client_of, office, quick, monkeypatch, django_capture_on_commit_callbacks
):
    def no_broker(*keys):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.build_plan_document, "delay", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(office).post(address("document-make", plan_version.pk))
    document = PlanDocument.objects.get()
    assert (answer.url, document.state) == (document.get_absolute_url(), "queued")
    monkeypatch.undo()
    monkeypatch.setattr(documents, "render_pdf", lambda html, **how: Pdf(b"%PDF-1.7 a plan", 3, 0.1))
    tasks.resume_plan_documents()
    assert PlanDocument.objects.get().state == "done"


def test_a_document_that_could_not_be_made_says_why_and_can_be_asked_for_again(plan_version, client_of, office):
    document = PlanDocument.objects.create(
        version=plan_version, requested_by=office, state="failed", problem="No room."
    )
    shown = text_of(client_of(office).get(document.get_absolute_url()))
    assert ["No room." in shown, "Make it again" in shown] == [True, True]


def test_nobody_else_s_version_is_made_into_a_document(plan, plan_version, client_of, stranger, office):
    out = PlanVersionFactory(plan=plan, number="1.1", stage="consultation", made_by=office)
    client = client_of(stranger)
    assert client.post(address("document-make", plan_version.pk)).status_code == 403
    assert client.post(address("document-make", out.pk)).status_code == 404
    assert PlanDocument.objects.count() == 0


@pytest.mark.parametrize("earlier", ["x", "0", "99999999", "9" * 30, "own"])
def test_a_version_is_compared_with_one_that_is_there(plan_version, client_of, office, earlier):
    earlier = plan_version.pk if earlier == "own" else earlier
    answer = client_of(office).post(address("document-make", plan_version.pk), {"earlier": earlier})
    assert (answer.status_code, PlanDocument.objects.count()) == (404, 0)


def test_what_changed_is_a_pdf_without_a_word_document(plan, plan_version, client_of, office, quick):
    Deliverable.objects.filter(priority__plan=plan, ref="2").update(title="Safer sleep advice for all")
    version = PlanVersionFactory(plan=plan, number="1.1", made_by=office, made_at=LATER)
    client = client_of(office)
    answer = client.post(address("document-make", version.pk), {"earlier": plan_version.pk})
    document = PlanDocument.objects.get()
    run_document(document.pk)
    document = PlanDocument.objects.get()
    assert (answer.url, document.state, document.word, document.published_pdf) == (
        document.get_absolute_url(), "done", None, None,
    )  # fmt: skip
    pdf = client.get(address("document-download", document.pk, "pdf"))
    name = "business-plan-2026-to-2027-version-1-1-changes-since-1-0.pdf"
    assert pdf["Content-Disposition"] == f'attachment; filename="{name}"'
    assert client.get(address("document-download", document.pk, "word")).url == document.get_absolute_url()
    assert PublishedFile.objects.count() == 0


def test_the_page_leaves_the_bytes_and_the_snapshot_in_the_database(
    plan_version, client_of, office, quick, django_assert_num_queries
):
    document = make_of(plan_version, office)
    client = client_of(office)
    client.get(document.get_absolute_url())
    with django_assert_num_queries(QUERIES_OF_PAGE) as asked:
        client.get(document.get_absolute_url())
    columns = [query["sql"].split(" FROM ")[0] for query in asked]
    assert [name for name in ('"pdf"', '"word"', '"snapshot"') if any(f".{name}" in sql for sql in columns)] == []


QUERIES_OF_PAGE = 8
