"""Learning points: the group's until it releases them; counted over years with small numbers kept back."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from reviews.models import LearningPoint, LearningSettings
from tests.factories import (
    BriefingFactory,
    CaseFactory,
    DisseminationStepFactory,
    LearningPointFactory,
    RecommendationFactory,
    ThemeFactory,
)

LIST, THEMES = reverse("reviews:learning-list"), reverse("reviews:learning-themes")


@pytest.fixture
def theme(db):
    return ThemeFactory(title="Asking about fathers")


@pytest.fixture
def point(case, theme):
    """Of a case, not released."""
    return LearningPointFactory(
        partnership=case.partnership, case=case, source_title="", learned_on=date(2026, 3, 1), themes=[theme]
    )


def listed(page):
    return [row.record for row in page.context["table"].paginated_rows]


def address(verb, point):
    return reverse(f"reviews:learning-{verb}", args=[point.pk])


def test_nobody_else_learns_of_it_until_it_is_released(client_of, case_group_member, office, partner, point):
    assert [listed(client_of(who).get(LIST)) for who in (case_group_member, office, partner)] == [[point], [], []]
    said = {"label": "A local review, 2026", "text": "Ask who is there at night.", "is_checked": "on"}
    assert client_of(office).post(address("release", point), said).status_code == 404
    assert client_of(case_group_member).post(address("release", point), said).status_code == 302
    page = client_of(partner).get(LIST)
    assert (listed(page), listed(page)[0].known_on) == ([point], date(2027, 1, 12))
    everything = page.content.decode() + client_of(partner).get(address("detail", point)).content.decode()
    assert ("A local review, 2026" in everything, point.case.reference in everything) == (True, False)
    client_of(case_group_member).post(address("take-back", point))
    assert listed(client_of(partner).get(LIST)) == []


def test_only_who_reads_what_others_do_not_is_asked_which(client_of, case_group_member, office, partner):
    lists = [LIST, reverse("reviews:briefing-list")]
    asked = {
        who: ["state" in client_of(who).get(each).context["filter"].form.fields for each in lists]
        for who in (case_group_member, office, partner)
    }
    assert list(asked.values()) == [[True, True], [False, True], [False, False]]


def test_on_a_page_of_the_group_today_is_offered_as_the_day(client_of, case_group_member, case):
    form = client_of(case_group_member).get(reverse("reviews:case-learning-add", args=[case.pk])).context["form"]
    assert form["learned_on"].value() == date(2027, 1, 12)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"label": ""}, "Enter what others read as its source"),
        ({"label": "av 2027 01"}, "it leads to the case. Choose words that lead nowhere"),
        ({"text": "As in AV-2027-01."}, "it leads to the case"),
        ({"is_checked": ""}, "Read it once more, and tick this when nobody can be known from it"),
    ],
)
def test_a_release_that_would_lead_to_the_case_is_refused(client_of, case_group_member, point, said, problem):
    usual = {"label": "A local review, 2026", "text": "Ask who is there at night.", "is_checked": "on"}
    page = client_of(case_group_member).post(address("release", point), usual | said)
    assert (page.status_code, problem in page.content.decode()) == (422, True)
    assert LearningPoint.objects.get().released_on is None


def test_the_office_adds_what_comes_from_elsewhere(client_of, office, partner, partnership, theme):
    said = {
        "partnership": partnership.pk,
        "source_title": "Audit of strategy discussions",
        "text": "Ring before the meeting.",
        "learned_on_day": "4",
        "learned_on_month": "1",
        "learned_on_year": "2027",
        "themes": [theme.pk],
    }
    add = reverse("reviews:learning-add")
    assert client_of(partner).post(add, said).status_code == 403
    assert client_of(office).post(add, said | {"learned_on_year": "2028"}).status_code == 422
    assert client_of(office).post(add, said).status_code == 302
    assert [each.text for each in listed(client_of(partner).get(LIST, {"themes": theme.pk}))] == [
        "Ring before the meeting."
    ]


def test_a_member_reads_no_small_number_and_the_group_all_of_them(
    client_of, case_group_member, partner, partnership, theme
):
    for _ in range(2):
        LearningPointFactory(partnership=partnership, themes=[theme])
    CaseFactory(partnership=partnership, aware_on=date(2026, 5, 1)).themes.add(theme)
    own = {"partnership": partnership.pk}
    member, group = (client_of(who).get(THEMES, own).context["parts"] for who in (partner, case_group_member))
    assert [measure.code for measure, *_ in member] == ["learning", "recommendations"]
    assert [measure.code for measure, *_ in group] == ["learning", "recommendations", "cases"]
    hidden, whole = member[0][2][0], group[0][2][0]
    assert hidden == ("Asking about fathers", ["0", "0", "0", "0", "0", "under 5"], "not shown")
    assert whole == ("Asking about fathers", ["0", "0", "0", "0", "0", "2"], "2")
    page = client_of(partner).get(THEMES, own).content.decode()
    assert 'class="number zero"' in page  # a phone leaves these out
    rows = client_of(partner).get(THEMES, own | {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[1] == "Learning points,Asking about fathers,0,0,0,0,0,under 5,not shown"


def test_the_office_sets_the_smallest_number(client_of, office, partner, partnership):
    page = reverse("reviews:learning-smallest", args=[partnership.pk])
    assert client_of(partner).post(page, {"smallest_shown": "3"}).status_code == 403
    assert client_of(office).post(page, {"smallest_shown": "2"}).status_code == 422
    assert client_of(office).post(page, {"smallest_shown": "7"}).status_code == 302
    assert LearningSettings.objects.values_list("partnership", "smallest_shown").get() == (partnership.pk, 7)


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts_of_learning(client_of, partner, partnership, django_assert_num_queries, count):
    for number in range(count):
        point = LearningPointFactory(partnership=partnership, themes=[ThemeFactory(), ThemeFactory()])
        RecommendationFactory(partnership=partnership, themes=[ThemeFactory()])
        briefing = BriefingFactory(partnership=partnership, title=f"Briefing {number}", published_at=timezone.now())
        briefing.learning_points.add(*LearningPoint.objects.all())
        DisseminationStepFactory(briefing=briefing)
    client = client_of(partner)
    pages = {
        LIST: 10,
        address("detail", point): 10,
        THEMES: 11,
        reverse("reviews:briefing-list"): 8,
        briefing.get_absolute_url(): 11,
        reverse("reviews:briefing-plan", args=[briefing.pk]): 8,
    }
    for page, queries in pages.items():
        client.get(page)
        with django_assert_num_queries(queries):
            client.get(page)
