"""Publication: a gate, a day with notice, words frozen with their PDF, corrections, what the public never reads."""

import io
from datetime import UTC, date, datetime
from functools import partial

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnership.confined import run_confined
from partnership.models import PublishedFile
from partnership.pdf import Pdf
from partnership.refusals import NotNow
from reviews.cases import LateNeedsReason
from reviews.models import ReviewPublication
from reviews.publication import (
    TooSoon,
    choose_day,
    days_of,
    editions_of,
    gate_of,
    prepare,
    publish_review,
    settle_step,
    withdraw,
)
from tests.at_once import at_once
from tests.factories import PracticeReviewFactory, RecommendationFactory, ThemeFactory
from tests.reviews.pdfs import a_pdf

pytestmark = pytest.mark.usefixtures("rule_sets")

NOW = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)
WORDS = {
    "public_title": "Bruises on babies",
    "public_summary": "Four people saw a bruise.",
    "findings": "What was seen\n\nEach asked.\n\n- One\n- Two",
    "response": "The form asks first who was told.",
}


@pytest.fixture
def review(partnership, case, health_board):
    """With its words and a recommendation; nothing before publication is done."""
    review = PracticeReviewFactory(partnership=partnership, reference="AV-LR-1", cases=[case], **WORDS)
    review.themes.add(ThemeFactory(title="Injury to a baby"))
    RecommendationFactory(
        partnership=partnership, source="local", source_title="", review=review, text="Ask who was told.",
        answer="accepted", answer_because="From April.",
    )  # fmt: skip
    return review


@pytest.fixture
def ready(review, case_group_member, today):
    """Everything is done, for today."""
    for gate in gate_of(review, on=today):
        settle(review, gate.step.code, by=case_group_member, done_on=date(2026, 12, 14))
    choose_day(review, day=today, by=case_group_member, on=today)
    review.refresh_from_db()
    return review


@pytest.fixture
def no_layout(monkeypatch):
    """The PDF is laid out elsewhere; here its words are enough."""
    monkeypatch.setattr(
        "reviews.publication.make_pdf", lambda content: Pdf(f"%PDF {content['title']}".encode(), 3, 0.1)
    )


@pytest.fixture
def member(client_of, case_group_member):
    return client_of(case_group_member)


def settle(review, code, *, by, done_on=None, exception="", on=date(2027, 1, 12)):
    return settle_step(review, code, done_on=done_on, exception=exception, by=by, on=on)


def page_of(review, name, **more):
    return reverse(f"reviews:{name}", kwargs={"pk": review.pk, **more})


def public_pages(review, client):
    """What everyone reads of ``review``: the list and its page, as text."""
    slug = review.partnership.slug
    newest = ReviewPublication.objects.published().get(review=review.pk)
    return [
        client.get(reverse("reviews:public-review-list", args=[slug])).content.decode(),
        client.get(newest.get_absolute_url()).content.decode(),
    ]


def seen_at(client, url):
    return {"seen": client.get(url).context["form"]["seen"].value()}


# The gate


def test_each_safeguarding_partner_agrees_and_adults_give_no_notice(review, partnership, health_board, today):
    codes = [gate.step.code for gate in gate_of(review, on=today)]
    assert codes == [
        "checked",
        "anonymous",
        "legal",
        "family-told",
        f"agreed-{health_board.pk}",
        "advance-copy",
        "press",
        "learning",
    ]
    review.kind = review.Kind.SAR_MANDATORY
    assert [gate.step.code for gate in gate_of(review, on=today)] == [each for each in codes if each != "advance-copy"]


def test_a_step_is_done_by_somebody_or_left_out_with_a_reason(member, review, case_group_member, today):
    url = page_of(review, "review-step", code="press")
    assert member.post(url, {"exception": ""}).status_code == 422
    day = {"done_on_day": 11, "done_on_month": 1, "done_on_year": 2027}
    assert member.post(url, day | {"exception": "And a reason"}).status_code == 422
    assert member.post(url, day).status_code == 302
    row = review.publication_steps.get()
    assert (row.title, row.done_on, row.done_by) == (
        "Words for the press are ready",
        date(2027, 1, 11),
        case_group_member,
    )
    assert member.post(url, {"exception": "Nobody will ask"}).status_code == 302
    row.refresh_from_db()
    assert (row.done_on, row.done_by, row.exception) == (None, None, "Nobody will ask")


# The day


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 1, 11), "Choose today or a later day."),
        (date(2027, 3, 26), "26 March 2027 is no working day. Choose one on which people can be asked about it."),
        (date(2027, 2, 6), "6 February 2027 is no working day. Choose one on which people can be asked about it."),
    ],
)
def test_a_day_is_a_working_day_to_come(review, case_group_member, today, day, words):
    with pytest.raises(NotNow) as refusal:
        choose_day(review, day=day, by=case_group_member, on=today)
    assert (str(refusal.value), days_of(review).chosen_on) == (words, None)


def test_notice_is_counted_back_from_the_day_over_a_bank_holiday(review, case_group_member, today):
    choose_day(review, day=date(2027, 3, 31), by=case_group_member, on=today)
    assert days_of(review).notice_by == date(2027, 3, 18)  # Good Friday and Easter Monday lie between


def test_a_day_too_soon_is_refused_or_an_exception(review, case_group_member, today):
    with pytest.raises(TooSoon) as refusal:
        choose_day(review, day=date(2027, 1, 20), by=case_group_member, on=today)
    assert str(refusal.value) == (
        "For 20 January 2027 the Panel and the Secretary of State must have the report by 11 January 2027. "
        "Choose 21 January 2027 or later, or say why less notice is right."
    )
    assert days_of(review).chosen_on is None
    choose_day(review, day=date(2027, 1, 21), by=case_group_member, on=today)
    assert review.publication_steps.count() == 0
    choose_day(review, day=date(2027, 1, 20), too_soon_because="Agreed with both", by=case_group_member, on=today)
    assert review.publication_steps.get().exception == "Agreed with both"
    choose_day(review, day=date(2027, 2, 1), by=case_group_member, on=today)
    assert [gate.is_settled for gate in gate_of(review, on=today) if gate.step.code == "advance-copy"] == [False]


def test_a_copy_that_goes_late_needs_a_reason(review, case_group_member, today):
    choose_day(review, day=date(2027, 1, 21), by=case_group_member, on=today)
    later = date(2027, 1, 13)
    with pytest.raises(LateNeedsReason):
        settle(review, "advance-copy", by=case_group_member, done_on=later, on=later)
    row = settle(review, "advance-copy", by=case_group_member, done_on=later, exception="The printer broke", on=later)
    assert (row.done_on, row.exception) == (later, "The printer broke")
    assert days_of(review).notice_sent_on == later


# Publishing


def test_published_once_with_its_words_frozen(ready, case_group_member, today):
    proof = prepare(ready, on=today)
    first = publish_review(ready, proof=proof, by=case_group_member, at=NOW)
    again = publish_review(ready, proof=proof, by=case_group_member, at=NOW)
    assert (first, ReviewPublication.objects.count()) == (again, 1)
    ready.refresh_from_db()
    assert (ready.ended_on, ready.stages.get(code="published").done_on) == (today, today)
    assert (first.title, first.recommendations, first.themes, first.stays_until) == (
        "Bruises on babies",
        [{"ref": "1", "text": "Ask who was told.", "response": "Accepted. From April."}],
        ["Injury to a baby"],
        date(2028, 1, 12),
    )
    assert first.file.filename == "review-bruises-on-babies-2027.pdf"
    with pikepdf.open(io.BytesIO(bytes(first.file.content))) as pdf, pdf.open_outline() as outline:
        cover = outline.root[0]
        assert [str(item.title) for item in cover.children][:2] == ["Contents", "In short"]
        assert (pdf.Root.MarkInfo.Marked, str(pdf.docinfo["/Author"])) == (True, ready.partnership.name)


@pytest.mark.django_db(transaction=True)
def test_five_presses_at_once_publish_once(ready, case_group_member, today, no_layout):
    proof = prepare(ready, on=today)
    press = partial(publish_review, ready, proof=proof, by=case_group_member, at=NOW)
    done = at_once(*[press] * 5)
    assert {each.pk for each in done} == {ReviewPublication.objects.get().pk}
    assert PublishedFile.objects.count() == 1


def test_nothing_is_published_before_everything_is_settled(member, review, today, no_layout):
    url = page_of(review, "review-publish")
    assert member.post(url, seen_at(member, url)).status_code == 422
    assert "Choose the day of publication." in member.get(url).content.decode()
    assert ReviewPublication.objects.count() == 0


def test_what_changed_after_the_page_was_opened_is_not_published_unread(member, ready, no_layout):
    url = page_of(ready, "review-publish")
    seen = seen_at(member, url)
    ready.findings = "Something else"
    ready.save()
    assert (member.post(url, seen).status_code, ReviewPublication.objects.count()) == (409, 0)
    assert member.post(url, seen_at(member, url)).status_code == 302
    assert ReviewPublication.objects.get().findings == "Something else"
    assert member.post(url, seen).status_code == 302
    assert ReviewPublication.objects.count() == 1


def test_later_than_six_months_needs_a_reason(member, ready, no_layout):
    ready.stages.filter(code="begun").update(done_on=date(2026, 7, 1))
    url = page_of(ready, "review-publish")
    seen = seen_at(member, url)
    response = member.post(url, seen)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["late_because"])
    assert member.post(url, seen | {"late_because": "An inquest; both were told in May"}).status_code == 302
    assert ready.stages.get(code="published").late_because == "An inquest; both were told in May"


def test_a_report_that_is_not_published_leaves_what_is_to_be_improved(member, ready, today, no_layout, client):
    ready.final_report = None
    url = page_of(ready, "review-withhold")
    assert member.post(url, {"because": ""}).status_code == 422
    assert member.post(url, {"because": "It could not be made anonymous"}).status_code == 302
    publish = page_of(ready, "review-publish")
    assert "discussed with the Panel" in member.get(publish).content.decode()
    day = {"discussed_on_day": 5, "discussed_on_month": 1, "discussed_on_year": 2027}
    member.post(url, {"because": "It could not be made anonymous"} | day)
    assert member.post(publish, seen_at(member, publish)).status_code == 302
    publication = ReviewPublication.objects.get()
    assert (publication.findings, publication.is_withheld, publication.response) == ("", True, WORDS["response"])
    assert "The report itself is not published" in public_pages(ready, client)[1]


@pytest.mark.parametrize("place", ["public_title", "public_summary", "findings", "response"])
def test_a_reference_in_the_words_is_not_published(member, ready, case, place, no_layout):
    setattr(ready, place, f"See {case.reference.lower()} and AV-LR-1.")
    ready.save()
    url = page_of(ready, "review-publish")
    assert member.post(url, seen_at(member, url)).status_code == 422
    assert ReviewPublication.objects.count() == 0


def test_the_public_learns_no_key_no_reference_and_no_author(ready, case, case_group_member, today, client):
    ready.final_report = None
    publish_review(ready, proof=prepare(ready, on=today), by=case_group_member, at=NOW)
    publication = ReviewPublication.objects.get()
    file = client.get(reverse("reviews:public-review-file", args=["ashford-vale", publication.pk, "report"]))
    with pikepdf.open(io.BytesIO(file.content)) as pdf:
        said = [str(value) for value in pdf.docinfo.values()] + [pdf.Root.Metadata.read_bytes().decode()]
    texts = [*public_pages(ready, client), *said, file["Content-Disposition"], str(publication.file.manifest)]
    secrets = [str(ready.pk), ready.reference, ready.title, str(case.pk), case.reference, case_group_member.name]
    secrets += [str(publication.file.pk)]
    assert [(secret, text) for secret in secrets for text in texts if secret in text] == []


def test_a_reviewers_own_report_is_published_without_what_says_who_made_it():
    answer, (clean,) = run_confined("reviews.cleaned_pdf", {"title": "Bruises"}, [a_pdf(author="Leanne Broadbent")])
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        kinds = [str(each.Subtype) for each in pdf.pages[0].Annots]
        assert (answer, kinds, dict(pdf.attachments)) == ({"page_count": 1}, ["/Link"], {})
        pdf.save(plain := io.BytesIO(), compress_streams=False)
        assert str(pdf.docinfo["/Title"]) == "Bruises"
    assert b"Broadbent" in a_pdf(author="Leanne Broadbent")
    assert b"Broadbent" not in plain.getvalue()


# Corrections


def publish(member, review):
    url = page_of(review, "review-publish")
    assert member.post(url, seen_at(member, url)).status_code == 302


def test_a_correction_is_a_next_edition_and_the_old_one_leads_there(member, ready, client, no_layout):
    ready.final_report = None
    publish(member, ready)
    first = ReviewPublication.objects.get()
    upload = SimpleUploadedFile("report.pdf", a_pdf(), content_type="application/pdf")
    answers = WORDS | {"public_summary": "Three people saw a bruise.", "upload": upload}
    assert member.post(page_of(ready, "review-words"), answers).status_code == 302
    assert "Four people" in public_pages(ready, client)[1]
    url = page_of(ready, "review-correct")
    seen = seen_at(member, url)
    assert list(member.post(url, seen).context["form"].errors) == ["changes"]
    assert member.post(url, seen | {"changes": "It was three people"}).status_code == 302
    assert member.post(url, seen | {"changes": "It was three people"}).status_code == 409
    second = editions_of(ready).first()
    assert (second.edition, second.supersedes, second.stays_until) == (2, first, first.stays_until)
    page = public_pages(ready, client)[1]
    assert ("Three people" in page, "It was three people" in page, "full report" in page) == (True, True, True)
    assert client.get(first.get_absolute_url()).url == second.get_absolute_url()
    old = reverse("reviews:public-review-file", args=["ashford-vale", first.pk, "report"])
    assert client.get(old).status_code == 404
    assert member.get(page_of(ready, "edition-file", number=1)).content == b"%PDF Bruises on babies"


def test_it_can_be_withdrawn_after_a_year_and_not_before(member, ready, today, client, no_layout):
    publish(member, ready)
    publication = ReviewPublication.objects.get()
    assert member.get(page_of(ready, "review-withdraw")).status_code == 403
    with pytest.raises(NotNow, match="stays public until 12 January 2028"):
        withdraw(publication, because="Enough", on=date(2028, 1, 12))
    withdraw(publication, because="Enough", on=date(2028, 1, 13))
    gone = reverse("reviews:public-review-file", args=["ashford-vale", publication.pk, "report"])
    assert [client.get(url).status_code for url in (publication.get_absolute_url(), gone)] == [404, 404]
    assert "No review is published yet" in client.get(
        reverse("reviews:public-review-list", args=["ashford-vale"])
    ).content.decode()  # fmt: skip


def test_its_history_says_who_published_it_and_why_it_was_withdrawn(
    member, client_of, office, ready, case_group_member, no_layout
):
    publish(member, ready)
    publication = ReviewPublication.objects.get()
    withdraw(publication, because="A family asked.", on=date(2028, 1, 13))
    url = reverse("partnership:record-history", args=["reviews.reviewpublication", publication.pk])
    assert url in member.get(page_of(ready, "review-publication")).content.decode()
    words = member.get(url).content.decode()
    assert ("A family asked." in words, case_group_member.name in words) == (True, True)
    assert client_of(office).get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_public_list_query_count(partnership, case_group_member, client, django_assert_num_queries, count):
    for number in range(count):
        ReviewPublication.objects.create(
            partnership=partnership, review=PracticeReviewFactory(partnership=partnership).pk, kind="local",
            title=f"Review {number}", summary="In short", published_on=date(2026, 5, 4), themes=["Neglect"],
            published_by=case_group_member,
        )  # fmt: skip
    url = reverse("reviews:public-review-list", args=["ashford-vale"])
    with django_assert_num_queries(4):  # savepoint (2), partnership, reviews
        page = client.get(url, {"theme": "Neglect"})
    assert page.content.decode().count("/p/ashford-vale/reviews/") >= count
