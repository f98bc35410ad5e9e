"""What a review that is public recommends and taught is released together; what is left is its group's next step."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.deadlines import deadlines_for
from partnership.models import GroupMember
from partnership.pdf import Pdf
from reviews.clock import PUBLISHED
from reviews.models import PracticeReview, Recommendation
from reviews.publication import Proof, choose_day, content_of, gate_of, publish_review, settle_step
from reviews.recommendations import add_evidence, remove_recommendation
from reviews.releasing import release, release_together, tell_tales
from tests.at_once import at_once
from tests.conftest import TODAY, hold
from tests.factories import CaseFactory, LearningPointFactory, PracticeReviewFactory, RecommendationFactory

pytestmark = pytest.mark.usefixtures("rule_sets")

NOW = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)
TITLE = "Bruises on babies: what we learned"


@pytest.fixture
def review(partnership, case):
    return PracticeReviewFactory(
        partnership=partnership,
        cases=[case],
        reference="AV-LR-1",
        title="Bruises on babies",
        public_title=TITLE,
        public_summary="Seen.",
        findings="Seen by four people.",
        response="Asked.",
    )


def of(review, **more):
    return {"partnership": review.partnership, "review": review, "source_title": "", **more}


@pytest.fixture
def recommendation(review):
    return RecommendationFactory(**of(review, source="local", ref="1", text="Ask who was told.", measure="They ask."))


@pytest.fixture
def point(review):
    return LearningPointFactory(**of(review, text="Look again yourself."))


def publish(review, *, by):
    for gate in gate_of(review, on=TODAY):
        settle_step(review, gate.step.code, done_on=date(2026, 12, 14), exception="", by=by, on=TODAY)
    choose_day(review, day=TODAY, by=by, on=TODAY)
    review.refresh_from_db()
    content = content_of(review, on=TODAY)
    return publish_review(review, proof=Proof(content, Pdf(b"%PDF", 1, 0.1)), by=by, at=NOW)


@pytest.fixture
def published(review, recommendation, point, case_group_member):
    return publish(review, by=case_group_member)


def page_of(review, name="review-release"):
    return reverse(f"reviews:{name}", args=[review.pk])


def answers(client, review, *ticked, **more):
    """What the page holds, with ``ticked`` to be released."""
    form = client.get(page_of(review)).context["form"]
    said = {"label": form["label"].value(), "is_checked": "on"}
    for row in form.rows:
        said |= {row.add_prefix(name): row[name].value() or "" for name in row.fields if name != "is_released"}
        if row.instance in ticked:
            said[row.add_prefix("is_released")] = "on"
    return said | more


def stage_of(review):
    return review.stages.filter(code="released").values_list("planned_on", "done_on", "not_needed_because").first()


def test_what_stands_word_for_word_on_the_public_page_is_ticked_and_the_public_title_is_the_label(
    client_of, case_group_member, published, review
):
    form = client_of(case_group_member).get(page_of(review)).context["form"]
    assert form["label"].value() == TITLE
    assert [(row.instance.text, row["is_released"].value()) for row in form.rows] == [
        ("Ask who was told.", True),
        ("Look again yourself.", False),
    ]


def test_publishing_leads_to_it_and_it_is_the_groups_next_step_until_it_is_done(
    client_of, case_group_member, case_group, published, review, recommendation, point
):
    chair = hold("Morag Teale", "Chair of cases", group=case_group, role=GroupMember.Role.CHAIR)
    [due] = [each for each in deadlines_for(chair, on=TODAY) if review.reference in each.title]
    assert (due.title, due.due_on, due.is_restricted, due.url) == (
        "AV-LR-1: What it taught is released to members",
        date(2027, 1, 26),
        True,
        review.get_absolute_url(),
    )
    client = client_of(case_group_member)
    page = client.get(review.get_absolute_url()).content.decode()
    assert ("Next: What it taught is released" in page, page_of(review) in page) == (True, True)
    assert page_of(review) in client.get(page_of(review, "review-publication")).content.decode()
    assert client.post(page_of(review), answers(client, review, recommendation)).url == page_of(review)
    assert stage_of(review) == (date(2027, 1, 26), None, "")
    assert client.post(page_of(review), answers(client, review, point)).url == review.get_absolute_url()
    assert stage_of(review) == (date(2027, 1, 26), TODAY, "")
    assert [each for each in deadlines_for(chair, on=TODAY) if review.reference in each.title] == []
    assert client.get(page_of(review)).url == review.get_absolute_url()


def test_what_is_ticked_is_read_by_all_and_what_is_not_stays_with_the_group(
    client_of, case_group_member, partner, published, review, recommendation, point
):
    client = client_of(case_group_member)
    body = answers(client, review, recommendation)
    for _ in range(2):
        assert client.post(page_of(review), body).status_code == 302
    recommendation.refresh_from_db()
    assert (recommendation.label, recommendation.released_on, recommendation.released_by, recommendation.measure) == (
        TITLE,
        TODAY,
        case_group_member,
        "They ask.",
    )
    reader = client_of(partner)
    assert [reader.get(each.get_absolute_url()).status_code for each in (recommendation, point)] == [200, 404]
    words = reader.get(recommendation.get_absolute_url()).content.decode()
    assert not any(secret in words for secret in (review.reference, str(review.pk), "AV-2027-01"))
    history = client.get(reverse("partnership:record-history", args=["reviews.recommendation", recommendation.pk]))
    assert history.content.decode().count("Released to all members as") == 1


def test_only_the_group_releases_and_nobody_else_learns_that_there_is_a_page(
    client_of, office, partner, published, review, recommendation
):
    for who in (office, partner):
        answered = [client_of(who).post(page_of(review, name)) for name in ("review-release", "review-keep-rest")]
        assert [client_of(who).get(page_of(review)).status_code, *[each.status_code for each in answered]] == [404] * 3
    recommendation.refresh_from_db()
    assert recommendation.released_on is None


def test_before_publication_there_is_nothing_to_release_together(client_of, case_group_member, review, recommendation):
    client = client_of(case_group_member)
    assert client.get(page_of(review)).url == page_of(review, "review-publication")
    assert client.post(page_of(review, "review-keep-rest"), {"because": "So"}).url == page_of(review)
    assert (stage_of(review), Recommendation.objects.restricted().count()) == (None, 1)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"label": ""}, "Enter what others read as its source"),
        ({"label": "AV LR 1"}, "it leads to the case. Choose words that lead nowhere"),
        ({"label": "A baby, with an injury"}, "it leads to the case. Choose words that lead nowhere"),
        ({"text": "As in AV-2027-01"}, "Leave out “AV-2027-01”: it leads to the case"),
        ({"text": "Ring Jayden Smith"}, "Is “Jayden Smith” somebody’s name?"),
        ({"text": ""}, "Enter what others read"),
        ({"is_checked": ""}, "tick this when nobody can be known from it"),
        ({"is_released": ""}, "Tick what is to be released"),
    ],
)
def test_what_would_lead_to_the_case_is_refused_at_its_place_and_nothing_is_released(
    client_of, case_group_member, published, review, point, more, problem
):
    client = client_of(case_group_member)
    body = answers(client, review, point)
    typed = {name if name in body else f"point-{point.pk}-{name}": value for name, value in more.items()}
    page = client.post(page_of(review), body | typed)
    assert (page.status_code, problem in page.content.decode()) == (422, True)
    assert review.recommendations.restricted().count() == 1
    point.refresh_from_db()
    assert point.released_on is None


def test_what_hangs_on_one_is_looked_at_too_and_what_is_not_ticked_is_not(
    client_of, case_group_member, published, review, recommendation, point
):
    add_evidence(recommendation, words="From the file of AV-2027-01", by=case_group_member)
    client = client_of(case_group_member)
    page = client.post(page_of(review), answers(client, review, recommendation))
    assert (page.status_code, "names AV-2027-01. Change that first" in page.content.decode()) == (422, True)
    assert client.post(page_of(review), answers(client, review, point)).status_code == 302


def test_the_rest_stays_with_the_group_for_a_reason(client_of, case_group_member, published, review):
    client = client_of(case_group_member)
    assert client.post(page_of(review, "review-keep-rest"), {"because": ""}).status_code == 422
    assert client.post(page_of(review, "review-keep-rest"), {"because": "An inquest is open."}).status_code == 302
    assert stage_of(review) == (date(2027, 1, 26), None, "An inquest is open.")
    page = client.get(page_of(review))
    assert (page.status_code, page.context["keep_form"]) == (200, None)


def test_one_by_one_or_removed_it_is_done_as_well(case_group_member, published, review, recommendation, point):
    release(point, label="A review", text="Look again.", by=case_group_member, on=TODAY)
    assert stage_of(review)[1] is None
    remove_recommendation(recommendation, on=TODAY)
    assert stage_of(review)[1] == TODAY


def test_a_review_that_taught_nothing_restricted_has_no_such_step(review, case_group_member):
    publish(review, by=case_group_member)
    assert (stage_of(review), review.stages.get(code=PUBLISHED).done_on) == (None, TODAY)


def test_someone_who_changed_the_words_meanwhile_is_not_overwritten(
    client_of, case_group_member, published, review, point
):
    client = client_of(case_group_member)
    body = answers(client, review, point) | {f"point-{point.pk}-text": "Mine."}
    point.text = "Theirs."
    point.save()
    page = client.post(page_of(review), body)
    assert (page.status_code, "Theirs." in page.content.decode()) == (409, True)


def test_tell_tales_are_of_the_record_alone(partnership, case, review, recommendation):
    CaseFactory(partnership=partnership, reference="AV-2026-09", category="Neglect of twins")
    own = RecommendationFactory(partnership=partnership, source="local", source_title="", case=case)
    both = ({"AV-2027-01", "AV-LR-1"}, {case.category, "Bruises on babies"}, [])
    assert [tell_tales(own), tell_tales(recommendation)] == [both, both]
    assert tell_tales(RecommendationFactory(partnership=partnership)) == (set(), set(), [])


def test_a_question_for_many_takes_as_many_queries_as_for_one(client_of, case_group_member, published, review):
    client, counts = client_of(case_group_member), []
    for _ in range(2):
        client.get(page_of(review))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(review))
        counts.append(len(queries))
        for _more in range(2):
            add_evidence(RecommendationFactory(**of(review, source="local")), words="A note", by=case_group_member)
            LearningPointFactory(**of(review))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_who_release_the_last_ones_at_once_are_both_done(published, review, recommendation, point, office):
    def one(record):
        return release_together([(record, {"text": record.text})], label=TITLE, by=office, on=TODAY)

    assert at_once(lambda: one(recommendation), lambda: one(point)) == [1, 1]
    assert stage_of(PracticeReview.objects.get())[1] == TODAY
