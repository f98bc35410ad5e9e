"""T13 for reviews: what was published of one never changes. Beside each refusal stands its control, the guard off."""

from datetime import UTC, datetime

import pgtrigger
import pytest
from django.db import InternalError, connection, transaction

from partnership.models import PublishedFile
from partnership.pdf import Pdf
from partnership.publishing import changed_files
from reviews.models import PracticeReview, Recommendation, ReviewPublication
from reviews.publication import Proof, content_of, freeze, prepare
from tests.factories import PracticeReviewFactory, RecommendationFactory
from tests.guarantees.figures import FOREVER, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rule_sets")]

STANDS = "reviews.ReviewPublication:review_published_stands"
STAYS = "reviews.ReviewPublication:review_published_is_forever"
NOW = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)


@pytest.fixture
def review(partnership, today):
    review = PracticeReviewFactory(
        partnership=partnership, public_title="Bruises", public_summary="Seen.", response="Asked.", ended_on=today
    )
    RecommendationFactory(partnership=partnership, source="local", source_title="", review=review)
    return review


@pytest.fixture
def published(review, case_group_member, today):
    proof = Proof(content_of(review, on=today), Pdf(b"%PDF its words", 1, 0.1))
    return freeze(review, proof, earlier=None, by=case_group_member, at=NOW)


@pytest.fixture
def laid_out(review, case_group_member, today):
    """With the bytes that the layout makes of its words."""
    return freeze(review, prepare(review, on=today), earlier=None, by=case_group_member, at=NOW)


def raw(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def save_other_words(publication):
    publication.summary = "Other words"
    publication.save()


WAYS_TO_CHANGE = {
    "save": save_other_words,
    "queryset update": lambda _publication: ReviewPublication.objects.update(findings="Other words"),
    "update of the recommendations": lambda _publication: ReviewPublication.objects.update(recommendations=[]),
    "update of what it corrects": lambda _publication: ReviewPublication.objects.update(changes="Nothing"),
    "raw update": lambda _publication: raw("UPDATE reviews_reviewpublication SET title = 'Another'"),
    "without its file": lambda _publication: raw("UPDATE reviews_reviewpublication SET file_id = NULL"),
    "delete": lambda publication: ReviewPublication.objects.filter(pk=publication.pk)._raw_delete("default"),
    "raw delete": lambda _publication: raw("DELETE FROM reviews_reviewpublication"),
}


def state_of(publication):
    return ReviewPublication.objects.filter(pk=publication.pk).values().first()


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_what_was_published_is_changed_by_no_way(way, published):
    before = state_of(published)
    with pytest.raises(InternalError, match="pgtrigger: Cannot"), transaction.atomic():
        WAYS_TO_CHANGE[way](published)
    assert state_of(published) == before
    record("T13", FOREVER, ways=1, changed=0)


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_with_the_guard_off_each_way_would_change_it(way, published):
    before = state_of(published)
    with pgtrigger.ignore(STANDS, STAYS):
        WAYS_TO_CHANGE[way](published)
    assert state_of(published) != before


def test_page_and_file_stay_the_same_after_edits_of_everything_behind_them(laid_out, client):
    page, file = laid_out.get_absolute_url(), f"{laid_out.get_absolute_url()}report/"
    first = client.get(file)
    words = state_of(laid_out)
    PracticeReview.objects.update(public_title="Other", public_summary="Other", response="Other")
    Recommendation.objects.update(text="Other")
    assert client.get(file).content == first.content
    assert (client.get(page).status_code, state_of(laid_out), changed_files()) == (200, words, [])
    unchanged = client.get(file, headers={"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, PublishedFile.objects.count()) == (304, 1)
