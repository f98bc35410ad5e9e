"""Courses: added by whoever runs their training, linked to what asked for them, retired and brought back."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import CompetencyFactory, LearningNeedFactory, NeedsAnalysisFactory
from training.models import Course, Place

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("training:course-list"), reverse("training:course-add")


def url(name, record):
    return reverse(f"training:course-{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


def problems_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def answers(*partnerships, **more):
    """``run_by`` is the first of ``partnerships``."""
    keys = [str(each.pk) for each in partnerships]
    return {
        "title": "Naming neglect",
        "mode": "room",
        "purpose": "The spring audit found words that hide.",
        "afterwards": "Say what was seen.",
        "audience": "School staff",
        "level": "Level 2",
        "partnerships": keys,
        "run_by": keys[0] if keys else "",
        "is_work_email_needed": "on",
    } | more


def listed(page):
    return [row.record for row in page.context["table"].paginated_rows]


# Adding and changing


def test_the_coordinator_adds_a_course_with_what_asked_for_it(
    client_of, training_coordinator, partnership, other_partnership, plan
):
    competency = CompetencyFactory(partnership=partnership, title="Neglect")
    priority = plan.priorities.first()
    sent = answers(partnership, other_partnership, competencies=[competency.pk], priorities=[priority.pk])
    response = client_of(training_coordinator).post(ADD, sent)
    course = Course.objects.get(title="Naming neglect")
    assert (response.status_code, response.url) == (302, course.get_absolute_url())
    assert course.partnership_ids == {partnership.pk, other_partnership.pk}
    assert (course.run_by, *course.competencies.all(), *course.priorities.all()) == (partnership, competency, priority)
    page = text_of(client_of(training_coordinator).get(course.get_absolute_url()))
    assert [words for words in (str(priority), "Neglect", "Say what was seen.") if words not in page] == []


def test_added_twice_it_is_refused_by_its_name(client_of, training_coordinator, partnership):
    client = client_of(training_coordinator)
    client.post(ADD, answers(partnership))
    again = client.post(ADD, answers(partnership, title="naming  NEGLECT"))
    assert problems_of(again) == {
        "title": ["A course of this name is there already. Say in its name how this one differs"]
    }
    assert Course.objects.count() == 1


def test_whoever_runs_one_partnership_is_not_asked_of_which_it_is(client_of, stranger, far_partnership):
    form = client_of(stranger).get(ADD).context["form"]
    assert "partnerships" not in form.fields
    client_of(stranger).post(ADD, answers())
    course = Course.objects.get()
    assert (course.partnership_ids, course.run_by) == ({far_partnership.pk}, far_partnership)


def test_only_partnerships_whose_training_one_runs_are_offered(client_of, office, far_partnership, partnership):
    response = client_of(office).post(ADD, answers(far_partnership, run_by=partnership.pk))
    assert list(problems_of(response)) == ["partnerships"]


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"run_by": ""}, "run_by", "Choose which of them runs it"),
        ({"title": " "}, "title", "Enter what the course is called"),
        ({"mode": "telepathy"}, "mode", "Choose an answer from the list"),
        ({"partnerships": []}, "partnerships", "Choose at least one partnership"),
    ],
)
def test_what_is_missing_is_asked_for(
    client_of, training_coordinator, partnership, other_partnership, more, field, words
):
    response = client_of(training_coordinator).post(ADD, answers(partnership, other_partnership, **more))
    assert (response.status_code, problems_of(response)) == (422, {field: [words]})
    assert not Course.objects.exists()


def test_one_of_its_own_partnerships_runs_it(client_of, training_coordinator, partnership, other_partnership):
    response = client_of(training_coordinator).post(ADD, answers(partnership, run_by=other_partnership.pk))
    assert list(problems_of(response)) == ["run_by"]


def test_a_competency_of_another_partnership_is_not_gained(
    client_of, training_coordinator, partnership, other_partnership
):
    strange = CompetencyFactory(partnership=other_partnership, title="Court skills")
    response = client_of(training_coordinator).post(ADD, answers(partnership, competencies=[strange.pk]))
    assert problems_of(response) == {
        "competencies": ["The course is not of the partnership that asks for this: Court skills"]
    }


def test_partnerships_that_others_run_stay_on_it(client_of, office, partnership, far_partnership):
    course = CourseFactory(partnerships=[partnership, far_partnership], run_by=far_partnership)
    sent = answers(partnership, run_by=far_partnership.pk)
    response = client_of(office).post(url("change", course), sent)
    assert response.status_code == 302
    course = Course.objects.get(pk=course.pk)
    assert (course.partnership_ids, course.run_by) == ({partnership.pk, far_partnership.pk}, far_partnership)


def test_two_who_change_a_course_see_both_versions(client_of, training_coordinator, office, event, partnership):
    course = event.course
    seen = client_of(office).get(url("change", course)).context["form"]["seen"].value()
    client_of(training_coordinator).post(url("change", course), answers(partnership, level="Level 3"))
    late = client_of(office).post(url("change", course), answers(partnership, level="Foundation", seen=seen))
    assert late.status_code == 409
    assert "It now says “Level 3”" in text_of(late)


# Retiring


def test_retired_it_keeps_its_events_and_comes_back(client_of, training_coordinator, partner, event):
    course, client = event.course, client_of(training_coordinator)
    assert "1 event is still to come" in text_of(client.get(url("retire", course)))
    client.post(url("retire", course))
    assert Course.objects.get(pk=course.pk).retired_on == date(2027, 1, 12)
    assert listed(client_of(partner).get(LIST)) == []
    assert listed(client_of(partner).get(LIST, {"state": "retired"})) == [course]
    assert course.held_events.get() == event
    client.post(url("retire", course), {"action": "back"})
    assert listed(client_of(partner).get(LIST)) == [course]


def test_a_retired_course_whose_name_another_has_does_not_come_back(client_of, training_coordinator, partnership):
    old = CourseFactory(partnerships=[partnership], retired_on=date(2026, 1, 5))
    CourseFactory(partnerships=[partnership])
    page = client_of(training_coordinator).post(url("retire", old), {"action": "back"}, follow=True)
    assert "Change the name of one of them first" in text_of(page)
    old.refresh_from_db()
    assert old.retired_on


# Reading


def test_its_page_counts_who_came(client_of, partner, event, charity):
    held = EventFactory(course=event.course, starts_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    for _ in range(2):
        PlaceFactory(event=held, organisation=charity, status=Place.Status.ATTENDED)
    PlaceFactory(event=held, organisation=charity, status=Place.Status.MISSED)
    EventFactory(
        course=event.course,
        starts_at=datetime(2026, 11, 10, 9, 30, tzinfo=UTC),
        cancelled_at=datetime(2026, 11, 9, 9, 30, tzinfo=UTC),
        cancelled_because="Snow",
    )
    page = client_of(partner).get(event.course.get_absolute_url())
    assert (page.context["held_count"], page.context["came_count"], page.context["coming"]) == (1, 2, [event])


def test_needs_of_an_unsettled_analysis_are_for_whoever_may_read_it(
    client_of, partner, training_coordinator, event, partnership
):
    draft = NeedsAnalysisFactory(partnership=partnership)
    LearningNeedFactory(analysis=draft, topic="Canary of a draft", courses=[event.course])
    settled = NeedsAnalysisFactory(
        partnership=partnership, title="Last year", starts_on=date(2026, 4, 1), settled_on=date(2026, 3, 2)
    )
    LearningNeedFactory(analysis=settled, topic="Seeing fathers", courses=[event.course])
    seen = {
        user: [need.topic for need in client_of(user).get(event.course.get_absolute_url()).context["needs"]]
        for user in (partner, training_coordinator)
    }
    assert seen == {partner: ["Seeing fathers"], training_coordinator: ["Canary of a draft", "Seeing fathers"]}


def test_courses_are_narrowed_searched_and_taken_away(client_of, partner, partnership, far_partnership):
    neglect = CourseFactory(title="Naming neglect", level="Level 2", mode="online", partnerships=[partnership])
    gained = CompetencyFactory(partnership=partnership)
    sleep = CourseFactory(level="Level 1", partnerships=[partnership])
    sleep.competencies.add(gained)
    CourseFactory(title="Far away", partnerships=[far_partnership])
    client = client_of(partner)
    asked = [{}, {"level": "Level 2"}, {"mode": "room"}, {"competency": gained.pk}, {"words": "neglect"}]
    assert [listed(client.get(LIST, each)) for each in asked] == [
        [neglect, sleep],
        [neglect],
        [sleep],
        [sleep],
        [neglect],
    ]
    lines = client.get(LIST, {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "Course,Of,How,Level,For whom,Next held,To come,Held,What it is for,What people can do afterwards,"
        "Not held any more since"
    )
    assert len(lines) == 3


def test_an_empty_list_of_courses_teaches(client_of, partner):
    assert "No course yet" in text_of(client_of(partner).get(LIST))


@pytest.mark.parametrize("courses", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(
    client_of, partner, partnership, django_assert_num_queries, courses
):
    for number in range(courses):
        EventFactory(course=CourseFactory(title=f"Course {number}", partnerships=[partnership]))
    client = client_of(partner)
    with django_assert_num_queries(10):
        client.get(LIST)


@pytest.mark.parametrize("events", [1, 3])
def test_the_page_asks_as_often_for_three_events_as_for_one(
    client_of, partner, event, django_assert_num_queries, events
):
    for _ in range(events - 1):
        EventFactory(course=event.course)
    client = client_of(partner)
    with django_assert_num_queries(12):
        client.get(event.course.get_absolute_url())
