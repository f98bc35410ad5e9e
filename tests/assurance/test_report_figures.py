"""Figures in the text of a report are references, until it is published."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assurance.annual.builds import request_build, run_build
from assurance.annual.content import content_of
from assurance.annual.figures import Figures, resolve, unknown, used_figures
from assurance.annual.publishing import publish_report
from assurance.annual.typed import remember, replaced, seen_values, typed_numbers
from assurance.models import IndicatorValue
from tests.conftest import TODAY
from tests.factories import (
    CourseFactory,
    EventFactory,
    PlaceFactory,
    VoiceEntryFactory,
)
from tests.factories_judged import IndicatorFactory
from training.models import Place

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def words(report, text):
    return resolve(text, Figures.of(report))


def heard(partnership, count, **more):
    return VoiceEntryFactory(partnerships=[partnership], people_count=count, **more)


# What a reference says


def test_a_reference_says_what_is_so_today(report, hospital):
    text = "We took up [[places-taken-up]] of [[places-booked]] places ([[take-up]])."
    assert words(report, text) == "We took up 1 of 2 places (50%)."
    Place.objects.filter(status=Place.Status.MISSED).update(status=Place.Status.ATTENDED)
    assert words(report, text) == "We took up 2 of 2 places (100%)."


def test_the_year_before_and_the_change_in_words(report, partnership):
    before = date(2026, 1, 10)
    heard(partnership, 30, heard_on=before)
    heard(partnership, 1200)
    told = words(report, "[[people-heard]], [[people-heard before]], [[People-Heard   Change]]")
    now = Figures.of(report).find("people-heard").words
    count = int(now.replace(",", ""))
    assert told == f"{count:,}, 30, {count - 30:,} more than the year before"


def test_what_nobody_recorded_is_not_said_to_be_nought(report):
    assert words(report, "[[schools-answered]] schools, [[people-heard before]] before") == (
        "not recorded schools, not recorded before"
    )
    assert words(report, "[[people-heard change]]") == "no figure is recorded for the year before"
    figures = Figures.of(report)
    resolve("[[schools-answered]] [[meetings-held]]", figures)
    assert [each["is_known"] for each in used_figures(figures)] == [False, False]


def test_of_a_stream_with_something_in_it_nought_is_nought(report):
    assert words(report, "[[adults-heard]]") == "0"


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("places-taken", "[[places-taken-up]]"),
        ("Places taken up", "[[places-taken-up]]"),
        ("people-herd change", "[[people-heard change]]"),
    ],
)
def test_a_slip_is_found_and_the_nearest_names_are_offered(report, typed, near):
    figures = Figures.of(report)
    assert unknown(f"[[{typed}]] and [[people-heard]]", figures) == [typed]
    assert figures.nearest(typed)[0] == near


def test_brackets_that_are_no_reference_stay(report):
    assert words(report, "[one] [[ ]] [[a\nb]]") == "[one] not recorded [[a\nb]]"


def test_two_words_after_a_name_are_no_form(report):
    assert unknown("[[people-heard before change]]", Figures.of(report)) == ["people-heard before change"]


# Indicators


@pytest.fixture
def indicator(partnership):
    return IndicatorFactory(partnership=partnership, ref="I9", title="Children seen", is_public=True)


def measured(indicator, value, office):
    IndicatorValue.objects.create(
        indicator=indicator,
        starts_on=date(2026, 7, 1),
        ends_on=date(2026, 9, 30),
        value=value,
        entered_by=office,
        entered_at=NOW,
    )


def test_an_indicator_is_told_by_its_last_figure_of_the_year(report, indicator, partnership, office):
    measured(indicator, 1240, office)
    name = f"indicator-i9-{partnership.slug}"
    assert words(report, f"[[{name}]]") == "1,240"


def test_a_small_number_is_never_told(report, indicator, partnership, office):
    measured(indicator, 3, office)
    name = f"indicator-i9-{partnership.slug}"
    assert words(report, f"[[{name}]]") == "a number too small to be told"
    assert words(report, f"[[{name} change]]") == "no figure is recorded for the year before"


def test_an_indicator_that_is_not_for_the_public_has_no_reference(report, indicator, partnership, office):
    measured(indicator, 1240, office)
    indicator.is_public = False
    indicator.save()
    assert unknown(f"[[indicator-i9-{partnership.slug}]]", Figures.of(report)) != []


def test_another_partnership_counts_for_nothing(report, far_partnership):
    before = [(each.reference, each.words) for each in Figures.of(report).all()]
    heard(far_partnership, 500)
    assert [(each.reference, each.words) for each in Figures.of(report).all()] == before


# Queries


@pytest.mark.parametrize("count", [1, 3])
def test_figures_take_the_same_queries_however_much_there_is(report, partnership, hospital, indicator, office, count):
    for number in range(count):
        heard(partnership, 5)
        course = CourseFactory(partnerships=[partnership], title=f"Course {number}")
        event = EventFactory(course=course, starts_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
        PlaceFactory(event=event, organisation=hospital, status=Place.Status.ATTENDED)
        measured(IndicatorFactory(partnership=partnership, title=f"Indicator {number}", is_public=True), 50, office)
    figures = Figures.of(report)
    with CaptureQueriesContext(connection) as asked:
        figures.all()
    assert len(asked) <= 40
    with CaptureQueriesContext(connection) as again:
        resolve("[[people-heard]] " * 50, figures)
    assert len(again) == 0
    test_figures_take_the_same_queries_however_much_there_is.counts.add(len(asked))
    assert len(test_figures_take_the_same_queries_however_much_there_is.counts) == 1


test_figures_take_the_same_queries_however_much_there_is.counts = set()


def test_only_the_streams_asked_for_are_read(report):
    with CaptureQueriesContext(connection) as asked:
        words(report, "[[people-heard]] of [[children-heard]]")
    assert len(asked) == 2  # the report's partnerships, and the voices


# Frozen


def test_what_is_published_keeps_its_words_and_its_figures(report, office, quick_pdf, partnership):
    section = report.sections.get(rule__code="feedback")
    section.narrative, section.standfirst = "We heard [[people-heard]] people.", "[[voices]] times."
    section.save()
    report.foreword, report.in_short = "[[places-taken-up]] places.", "[[places-booked]] booked."
    report.save()
    build = request_build(report, by=office)
    run_build(build.pk)
    build.refresh_from_db()
    file = publish_report(report, build=build, by=office, at=NOW, without="Two are ill.")
    manifest = dict(file.manifest)
    said = next(each for each in manifest["sections"] if each["title"] == section.title)
    count = Figures.of(report).find("people-heard").words
    assert said["paragraphs"] == [{"text": f"We heard {count} people."}]
    assert said["standfirst"] == "2 times."
    assert manifest["foreword"]["paragraphs"] == [{"text": "1 places."}]
    assert [(each["reference"], each["value"]) for each in manifest["used_figures"]] == [
        ("people-heard", count),
        ("places-booked", "2"),
        ("places-taken-up", "1"),
        ("voices", "2"),
    ]
    heard(partnership, 900)
    file.refresh_from_db()
    assert file.manifest == manifest
    now = content_of(report, on=TODAY)  # a draft would say something else by now
    assert now["used_figures"] != manifest["used_figures"]


# Numbers typed by hand


def found(report, text):
    figures = Figures.of(report)
    return [
        (each.text, each.figures[0].reference, each.is_old)
        for each in typed_numbers(text, figures.all(), seen_values(report))
    ]


def test_a_number_that_a_figure_says_is_offered_as_a_reference(report, partnership):
    heard(partnership, 1146)
    count = Figures.of(report).find("people-heard").words
    text = f"In 2026 we heard {count} people, and {count.replace(',', '')} is many. See section 12."
    assert [(number, name) for number, name, _ in found(report, text)] == [
        (count, "people-heard"),
        (count.replace(",", ""), "people-heard"),
    ]
    typed = typed_numbers(text, Figures.of(report).all(), {})[0]
    assert replaced(text, typed.start, typed.text, typed.figures[0]).startswith("In 2026 we heard [[people-heard]]")
    assert replaced(text, 0, typed.text, typed.figures[0]) == text


def test_a_number_that_is_longer_than_any_is_no_figure(report):
    assert found(report, f"In 2026 we heard {'9' * 5_000} people.") == []


def test_a_number_that_moved_on_is_known_again(report, partnership):
    heard(partnership, 1146)
    before = Figures.of(report)
    remember(report, before.all(), at=NOW)
    remember(report, before.all(), at=NOW)
    count = before.find("people-heard").words
    text = f"We heard {count} people."
    heard(partnership, 4)
    assert found(report, text) == [(count, "people-heard", True)]
    assert found(report, "A number of [[people-heard]] people, 31 March 2026, page 40.") == []
    assert found(report, f"{count} pounds of potatoes.") == []
