"""A briefing is its writers' until it is published, then stands in three forms, and is corrected by a new edition."""

import io
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from partnership.models import PublishedFile
from reviews.briefings import QUESTIONS, length_in_words
from reviews.models import Briefing, CaseReading, DisseminationStep, Receipt
from tests.factories import BriefingFactory, DisseminationStepFactory, PracticeReviewFactory, ReceiptFactory

NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
WORDS = {
    "background": "Babies who do not move yet seldom bruise.",
    "learning": "- Always ask.\n- Write it down.",
    "practice": "Ring the same day.",
}


@pytest.fixture
def draft(partnership):
    return BriefingFactory(partnership=partnership, **WORDS)


@pytest.fixture
def hidden(partnership, case):
    """A draft of a practice review."""
    review = PracticeReviewFactory(partnership=partnership, reference="AV-LR-1", cases=[case])
    return BriefingFactory(partnership=partnership, review=review, **WORDS)


def address(name, briefing):
    return reverse(f"reviews:briefing-{name}", args=[briefing.pk])


def publish(client, briefing, asked=(), **answers):
    day = {"due_on_day": "23", "due_on_month": "2", "due_on_year": "2027"} if asked else {}
    said = {"is_checked": "on", "is_public": "on", "agencies": [each.pk for each in asked], **day} | answers
    return client.post(address("publish", briefing), said)


def test_it_begins_with_the_three_usual_questions(client_of, office, partnership):
    client = client_of(office)
    page = client.post(reverse("reviews:briefing-begin"), {"partnership": partnership.pk, "title": "Safer sleep"})
    assert page.status_code == 302, page.context["form"].errors
    begun = Briefing.objects.get()
    assert [begun.thoughts, begun.embed, begun.team_plan] == list(QUESTIONS.values())
    assert (begun.is_published, begun.review) == (False, None)


def test_its_length_is_said_honestly():
    assert [length_in_words(count) for count in (0, 1, 980, 1400)] == [
        "0 words: about 1 minute to read",
        "1 word: about 1 minute to read",
        "980 words: about 7 minutes to read",
        "1400 words: about 10 minutes to read. Seven minutes are 1000 words, so it is too long",
    ]


def test_published_it_stands_as_page_pdf_and_word_and_agencies_are_asked(client_of, office, draft, health_board):
    assert publish(client_of(office), draft, [health_board]).status_code == 302
    out = Briefing.objects.get()
    kept = PublishedFile.objects.defer("content").get(kind=PublishedFile.Kind.BRIEFING)
    assert (out.published_by, out.pdf, kept.title, kept.filename) == (
        office,
        kept,
        "Bruises on babies",
        "briefing-bruises-on-babies.pdf",
    )
    assert list(Receipt.objects.values_list("organisation", "asked_on", "due_on")) == [
        (health_board.pk, date(2027, 1, 12), date(2027, 2, 23))
    ]
    public = client_of(None)
    page = public.get(reverse("reviews:public-briefing", args=[out.partnership.slug, out.pk])).content.decode()
    assert "Ring the same day." in page
    word = public.get(reverse("reviews:public-briefing-word", args=[out.partnership.slug, out.pk]))
    lines = [paragraph.text for paragraph in Document(io.BytesIO(word.content)).paragraphs]
    assert {"Bruises on babies", "What we learned", "Always ask.", "Ring the same day."} <= set(lines)
    pdf = public.get(kept.get_absolute_url())
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")


def test_what_is_not_for_the_public_is_in_no_file_that_everyone_may_read(client_of, office, partner, draft):
    publish(client_of(office), draft, is_public="")
    out = Briefing.objects.get()
    assert (out.is_public, PublishedFile.objects.count()) == (False, 0)
    assert client_of(partner).get(address("pdf", out)).content[:5] == b"%PDF-"
    public = client_of(None)
    assert public.get(reverse("reviews:public-briefing", args=[out.partnership.slug, out.pk])).status_code == 404
    assert out.title not in public.get(reverse("reviews:public-learning", args=[out.partnership.slug])).content.decode()


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"is_checked": ""}, "Read it once more, and tick this when nobody can be known from it"),
        ({"due_on_year": ""}, "Add the year to the date"),
        ({"due_on_day": "12", "due_on_month": "1"}, "Enter a day after today: nobody can answer before"),
        ({"due_on_day": "", "due_on_month": "", "due_on_year": ""}, "Enter the day by which these agencies answer"),
        ({"agencies": ["0"]}, "Choose an answer from the list"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_published(client_of, office, draft, health_board, answers, problem):
    page = publish(client_of(office), draft, [health_board], **answers)
    assert (page.status_code, problem in page.content.decode()) == (422, True)
    assert (Briefing.objects.get().is_published, Receipt.objects.count()) == (False, 0)


def test_without_its_learning_it_does_not_go_out(client_of, office, draft):
    Briefing.objects.update(learning="")
    page = publish(client_of(office), draft)
    assert (page.status_code, "Write something under “What we learned” first." in page.content.decode()) == (422, True)


def test_a_second_press_publishes_nothing_again(client_of, office, draft):
    client = client_of(office)
    assert [publish(client, draft).status_code for _ in range(2)] == [302, 302]
    assert PublishedFile.objects.filter(kind="briefing").count() == 1


def test_a_draft_of_a_review_is_its_groups_alone_and_each_look_is_kept(
    client_of, case_group_member, office, partner, hidden
):
    names = ["detail", "change", "publish", "pdf", "word", "plan"]
    assert {client_of(who).get(address(name, hidden)).status_code for who in (office, partner) for name in names} == {
        404
    }
    assert CaseReading.objects.count() == 0
    assert {client_of(case_group_member).get(address(name, hidden)).status_code for name in names} == {200}
    assert list(CaseReading.objects.values_list("what", flat=True)) == ["A draft of a briefing"] * len(names)


def test_nothing_published_says_which_review_it_comes_from(client_of, case_group_member, partner, hidden, case):
    publish(client_of(case_group_member), hidden)
    out = Briefing.objects.get()
    kept = PublishedFile.objects.get(kind=PublishedFile.Kind.BRIEFING)
    tells = {hidden.review.reference, str(hidden.review_id), case.reference, str(case.pk)}
    public = reverse("reviews:public-briefing", args=[out.partnership.slug, out.pk])
    said = [
        client_of(partner).get(address("detail", out)).content.decode(),
        client_of(None).get(public).content.decode(),
        str(kept.manifest) + kept.title + kept.filename,
    ]
    assert [each for each in tells for words in said if each in words] == []


def test_a_reference_in_its_words_keeps_it_from_going_out(client_of, case_group_member, hidden):
    Briefing.objects.update(background="As in AV-LR-1.")
    page = publish(client_of(case_group_member), hidden)
    assert (page.status_code, "AV-LR-1” leads to the case" in page.content.decode()) == (422, True)


def test_a_correction_takes_its_place_once_it_is_published(client_of, office, draft, health_board):
    client = client_of(office)
    publish(client, draft, [health_board])
    first = Briefing.objects.get()
    step = DisseminationStepFactory(briefing=first)
    client.post(address("correct", first))
    client.post(address("correct", first))
    second = Briefing.objects.get(edition=2)
    public = reverse("reviews:public-briefing", args=[first.partnership.slug, first.pk])
    assert client.get(public).status_code == 200
    publish(client, second)
    moved = client.get(public)
    assert (moved.status_code, moved.url.endswith(f"{second.pk}/")) == (302, True)
    assert DisseminationStep.objects.get(pk=step.pk).briefing_id == second.pk
    assert Receipt.objects.waiting().count() == 0
    assert PublishedFile.objects.get(supersedes__isnull=False).edition == 2


def test_a_name_is_asked_about_before_it_is_kept(client_of, office, draft):
    said = {"title": draft.title, **WORDS, "happened": "Rosie Hargreaves was seen on a Monday."}
    page = client_of(office).post(address("change", draft), said)
    assert (page.status_code, "Is “Rosie Hargreaves” somebody’s name?" in page.content.decode()) == (422, True)
    assert Briefing.objects.get().happened == ""


def test_whoever_leads_a_step_says_that_it_is_done(client_of, office, partner, lead, partnership):
    briefing = BriefingFactory(partnership=partnership, published_at=NOW)
    step = DisseminationStepFactory(briefing=briefing, lead_post=lead.holdings.get().post)
    page = reverse("reviews:step-done", args=[briefing.pk, step.pk])
    said = {
        "done_on_day": "11",
        "done_on_month": "1",
        "done_on_year": "2027",
        "reached": "40",
        "note": "They asked for cards.",
    }
    assert client_of(partner).post(page, said).status_code == 403
    assert client_of(lead).post(page, said | {"done_on_day": "13"}).status_code == 422
    assert client_of(lead).post(page, said).status_code == 302
    step.refresh_from_db()
    assert (step.done_on, step.reached, step.note) == (date(2027, 1, 11), 40, "They asked for cards.")


def test_pages_ask_as_much_for_three_as_for_one(client_of, office, partnership, health_board, hospital):
    client = client_of(office)
    asked = []
    for _ in range(3):
        BriefingFactory(partnership=partnership, published_at=NOW)
        first = Briefing.objects.order_by("pk").first()
        DisseminationStepFactory(briefing=first)
        ReceiptFactory(briefing=first)
        pages = [reverse("reviews:briefing-list"), *[address(name, first) for name in ("plan", "receipts", "detail")]]
        pages += [reverse("reviews:receipt-year"), reverse("reviews:public-learning", args=[partnership.slug])]
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
        asked.append(counts)
    assert asked[2] == asked[1]
