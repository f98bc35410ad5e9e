"""Learning by agency: what was submitted, for whoever may read it, beside counts of who came."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from reviews.models import Briefing, Receipt
from tests.factories import CourseFactory, EventFactory, OrganisationFactory, PlaceFactory
from tests.factories_training import LearningNeedFactory, NeedsAnalysisFactory
from training.models import PlaceStatus

PAGE = reverse("assurance:learning-by-agency")


@pytest.fixture
def briefing(partnership):
    return Briefing.objects.create(
        partnership=partnership, title="Nights", published_at=datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    )


def receipt(briefing, user_or_organisation, **answers):
    holdings = getattr(user_or_organisation, "holdings", None)
    organisation = holdings.get().post.organisation if holdings else user_or_organisation
    return Receipt.objects.create(
        briefing=briefing, organisation=organisation, asked_on=date(2026, 9, 1), due_on=date(2026, 10, 13), **answers
    )


def used(words):
    return {"used_on": date(2026, 9, 20), "changed": words, "submitted_at": datetime(2026, 9, 21, 9, 0, tzinfo=UTC)}


def course_on_learning(partnership, **event):
    course = CourseFactory(title="From a review", partnerships=[partnership])
    analysis = NeedsAnalysisFactory(
        partnership=partnership,
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        opens_on=None,
        closes_on=None,
        settled_on=date(2026, 3, 20),
    )
    LearningNeedFactory(analysis=analysis, source="review", decision="met", courses=[course])
    return EventFactory(course=course, starts_at=datetime(2026, 11, 10, 9, 30, tzinfo=UTC), **event)


def test_an_agency_reads_its_own_answers_and_the_office_all(client_of, office, partner, other_partner, briefing, today):
    receipt(briefing, partner, **used("Canary of ours"))
    receipt(briefing, other_partner, **used("Canary of theirs"))
    pages = {user: client_of(user).get(PAGE).content.decode() for user in (office, partner)}
    assert [text in pages[office] for text in ("Canary of ours", "Canary of theirs")] == [True, True]
    assert [text in pages[partner] for text in ("Canary of ours", "Canary of theirs")] == [True, False]


def test_what_was_not_submitted_is_only_known_to_be_asked(client_of, office, partner, briefing, today):
    receipt(briefing, partner, changed="Canary of a draft")
    page = client_of(office).get(PAGE)
    assert [(each.asked, each.answers) for each in page.context["agencies"]] == [(1, [])]
    assert "Canary" not in page.content.decode()


def test_places_count_on_courses_that_meet_what_reviews_taught(client_of, partner, partnership, event, today):
    place = PlaceFactory(event=course_on_learning(partnership), status=PlaceStatus.ATTENDED, person="Canary of a name")
    PlaceFactory(event=event, status=PlaceStatus.ATTENDED)
    page = client_of(partner).get(PAGE)
    assert [(each.organisation, each.course_titles) for each in page.context["agencies"]] == [
        (place.organisation, [("From a review", 1)])
    ]
    assert "Canary" not in page.content.decode()


def test_any_number_of_agencies_takes_the_same_queries(
    client_of, office, partnership, briefing, today, django_assert_max_num_queries
):
    event, client, counts = course_on_learning(partnership), client_of(office), []
    for count in (1, 3, 10):
        for _ in range(count):
            organisation = OrganisationFactory()
            receipt(briefing, organisation, **used("Better"))
            PlaceFactory(event=event, organisation=organisation, status=PlaceStatus.ATTENDED)
        with django_assert_max_num_queries(40) as caught:
            client.get(PAGE)
        counts.append(len(caught))
    assert len(set(counts)) == 1, counts
