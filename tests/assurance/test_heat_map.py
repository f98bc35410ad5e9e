"""The heat map: what was submitted, what moved, what it comes to; for the office, the group, and one's own line."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assurance.heat_map import Asked, heat_map
from assurance.heat_map_cells import Cells
from assurance.models import ModeratedScore
from assurance.standards import new_edition, publish_set
from tests.factories import AssuranceRequestFactory, MembershipFactory, OrganisationFactory, ReturnFactory
from tests.factories_assurance import (
    AssessmentFactory,
    ModerationPanelFactory,
    ScaleFactory,
    StandardFactory,
    StandardSetFactory,
)
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

URL = reverse("assurance:heat-map")
SUBMITTED = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)


def text_of(response):
    return response.content.decode()


def submit(request, organisation, scores, **fields):
    """A submitted return with ``scores`` ({code: score, or None where it does not apply})."""
    record = ReturnFactory(request=request, organisation=organisation, submitted_at=SUBMITTED, edition=1, **fields)
    standards = {each.code: each for each in request.standards.standards.all()}
    for code, score in scores.items():
        AssessmentFactory(record=record, standard=standards[code], score=score, is_not_applicable=score is None)
    return record


def told(user, standard_set, **asked):
    """{organisation: [what each cell says]} of the map."""
    shown = heat_map(user, standard_set, Asked(**asked))
    cells = Cells(shown.scale, shown.points)
    return {line.organisation.name: [cells.words(mark) for mark in line.marks] for line in shown.lines}


@pytest.fixture
def scale(partnership):
    scale = ScaleFactory(partnership=partnership, name="Ours")
    for value, word in enumerate(("Not met", "Begun", "Mostly met", "Met")):
        scale.points.create(value=value, word=word, token="grey", shape="ring")
    return scale


@pytest.fixture
def first(partnership, scale):
    standard_set = StandardSetFactory(partnership=partnership, scale=scale, edition="2025", published_on=None)
    for position, (code, section) in enumerate([("1.1", "Leaders"), ("1.2", "Leaders"), ("2.1", "Staff")], start=1):
        StandardFactory(standard_set=standard_set, code=code, section=section, position=position)
    standard_set.standards.filter(code="1.2").update(weight=2)
    return publish_set(standard_set, on=date(2025, 6, 1))


@pytest.fixture
def second(first):
    """The next edition: 1.2 is now called 1.9, 2.1 is gone, 2.2 is new."""
    made = new_edition(first, edition="2026", partnership=first.partnership)
    made.standards.filter(code="1.2").update(code="1.9")
    made.standards.filter(code="2.1").delete()
    StandardFactory(standard_set=made, code="2.2", section="Staff", position=3)
    return publish_set(made, on=date(2026, 6, 1))


@pytest.fixture
def asked(partnership, second, scrutiny_group):
    return AssuranceRequestFactory(
        partnerships=[partnership], title="Now", standards=second, due_on=date(2026, 12, 4), group=scrutiny_group
    )


@pytest.fixture
def before(partnership, first):
    return AssuranceRequestFactory(partnerships=[partnership], title="Then", standards=first, due_on=date(2025, 12, 5))


def test_movement_is_counted_through_editions(office, second, asked, before, hospital, charity):
    submit(before, hospital, {"1.1": 1, "1.2": 3, "2.1": 0})
    submit(asked, hospital, {"1.1": 2, "1.9": 1, "2.2": None})
    submit(asked, charity, {"1.1": 3, "1.9": 3})
    assert told(office, second) == {
        hospital.name: [
            "2 Mostly met, better than last time (1)",
            "1 Begun, worse than last time (3)",
            "Does not apply",
        ],
        charity.name: ["3 Met", "3 Met", "Not answered"],
    }
    assert told(office, second, year=2025) == {hospital.name: ["1 Begun", "3 Met", "0 Not met"]}


def test_points_leave_out_what_does_not_apply_and_weigh(office, second, asked, hospital, charity):
    submit(asked, hospital, {"1.1": 2, "1.9": 1, "2.2": None})
    submit(asked, charity, {"1.1": 3, "1.9": 3})
    shown = heat_map(office, second, Asked())
    sums = {line.organisation.name: (line.tally.points, line.tally.possible) for line in shown.lines}
    assert sums == {hospital.name: (4, 9), charity.name: (9, 12)}
    assert [(column.tally.points, column.tally.possible) for column in shown.columns] == [(5, 6), (8, 12), (0, 3)]


def test_a_scale_that_is_not_added_up_is_counted(client_of, office, second, asked, hospital, charity, scale):
    scale.is_added_up = False
    scale.save()
    submit(asked, hospital, {"1.1": 2, "1.9": 2, "2.2": 0})
    page = client_of(office).get(URL)
    [line] = page.context["lines"]
    assert line["tally"]["points"] == ""
    assert [(words, count) for _drawing, words, count in line["tally"]["counts"]] == [
        ("0 Not met", 1),
        ("2 Mostly met", 2),
    ]
    assert page.context["history"] == []


def test_what_a_closed_panel_found_stands_and_is_marked(office, partnership, second, asked, hospital):
    record = submit(asked, hospital, {"1.1": 3, "1.9": 3, "2.2": 3})
    panel = ModerationPanelFactory(request=asked, partnership=partnership, returns=[record])
    assessment = record.assessments.get(standard__code="1.1")
    ModeratedScore.objects.create(panel=panel, assessment=assessment, score=1, given_by=office, given_at=SUBMITTED)
    assert told(office, second)[hospital.name][0] == "3 Met"
    panel.closed_at = SUBMITTED
    panel.save()
    assert told(office, second)[hospital.name][0] == "1 Begun. Moderated: they said 3"


def test_only_what_was_submitted_is_shown(client_of, office, second, asked, hospital, charity):
    submit(asked, hospital, {"1.1": 2})
    draft = ReturnFactory(request=asked, organisation=charity)
    AssessmentFactory(record=draft, standard=second.standards.first(), score=3)
    assert list(told(office, second)) == [hospital.name]
    assert charity.name not in text_of(client_of(office).get(URL))


def test_who_sees_it(
    client_of, office, advisor, scrutiny_chair, lead, stranger, other_partner, second, asked, hospital, charity
):
    submit(asked, hospital, {"1.1": 2})
    submit(asked, charity, {"1.1": 1})
    seen = {
        user.name: [line["name"] for line in client_of(user).get(URL).context.get("lines", [])]
        for user in (office, advisor, scrutiny_chair, lead, stranger, other_partner)
    }
    both = sorted([hospital.name, charity.name])
    assert seen == {
        office.name: both,
        advisor.name: both,
        scrutiny_chair.name: both,
        lead.name: [],
        stranger.name: [],
        other_partner.name: [hospital.name],
    }


@pytest.mark.parametrize(("others", "is_told"), [(4, False), (5, True)])
def test_a_member_sees_a_middle_where_five_others_answered(
    client_of, other_partner, partnership, second, asked, hospital, others, is_told
):
    submit(asked, hospital, {"1.1": 2})
    for number in range(others):
        organisation = OrganisationFactory(name=f"Other {number}")
        MembershipFactory(organisation=organisation, partnership=partnership)
        submit(asked, organisation, {"1.1": min(number, 3)})
    shown = heat_map(other_partner, second, Asked())
    assert [line.organisation for line in shown.lines] == [hospital]
    assert [column.others for column in shown.columns] == [(0, 2, 3) if is_told else None, None, None]
    page = text_of(client_of(other_partner).get(URL))
    assert ("Middle: 2 Mostly met" in page, "Other 1" in page) == (is_told, False)


def test_it_is_narrowed_and_sorted(office, second, asked, hospital, charity, other_partnership):
    submit(asked, hospital, {"1.1": 3, "1.9": 3, "2.2": 0})
    submit(asked, charity, {"1.1": 1, "1.9": 1, "2.2": 3})
    assert list(told(office, second)) == sorted([hospital.name, charity.name])
    assert list(told(office, second, sort="weakest")) == [charity.name, hospital.name]
    assert list(told(office, second, sort="weakest", section="Staff")) == [hospital.name, charity.name]
    assert list(told(office, second, kind=hospital.kind)) == [hospital.name] or hospital.kind == charity.kind
    assert heat_map(office, second, Asked(partnership=other_partnership.pk)) is None
    shown = heat_map(office, second, Asked(section="Staff", year=1999))
    assert ([column.standard.code for column in shown.columns], shown.year) == (["2.2"], 2026)


@pytest.mark.parametrize(
    "query", ["set=x", "set=999999999", "year=²", "year=99999999999", "section=<b>", "partnership=-1"]
)
def test_nonsense_in_the_address_is_passed_over(client_of, office, asked, hospital, query):
    submit(asked, hospital, {"1.1": 2})
    page = client_of(office).get(f"{URL}?{query}")
    assert (page.status_code, len(page.context["lines"])) == (200, 1)


def test_it_is_taken_away_as_excel(client_of, office, second, asked, before, hospital):
    submit(before, hospital, {"1.1": 1})
    submit(asked, hospital, {"1.1": 2, "1.9": None})
    sheet = load_workbook(BytesIO(client_of(office).get(URL, {"export": "xlsx"}).content)).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["Organisation", "1.1", "1.9", "2.2", "Points", "Of", "Better", "Worse", "Moderated"],
        [hospital.name, 2, "Does not apply", "" or None, 2, 6, "1.1", None, None],
    ]


def test_years_stand_side_by_side_in_points(office, second, asked, before, hospital):
    submit(before, hospital, {"1.1": 1, "1.2": 1, "2.1": 1})
    submit(asked, hospital, {"1.1": 2, "1.9": 2, "2.2": 2})
    [(organisation, tallies)] = heat_map(office, second, Asked()).history
    assert (organisation, [(each.points, each.possible) for each in tallies]) == (hospital, [(4, 12), (8, 12)])


def test_it_takes_as_many_queries_for_sixty_organisations_as_for_ten(client_of, office, asked, before, partnership):
    client = client_of(office)

    def more(count, start):
        for number in range(start, start + count):
            organisation = OrganisationFactory(name=f"Agency {number}")
            MembershipFactory(organisation=organisation, partnership=partnership)
            submit(before, organisation, {"1.1": 1})
            submit(asked, organisation, {"1.1": 2, "1.9": 3})

    more(10, 0)
    at_10 = count_queries(client, URL)
    more(50, 10)
    assert count_queries(client, URL) == at_10
    assert len(client.get(URL).context["lines"]) == 60


def test_an_empty_map_teaches(client_of, office, lead):
    for user in (office, lead):
        assert "Nothing was submitted to these standards yet" in text_of(client_of(user).get(URL))


def test_the_best_may_be_the_lowest(office, second, asked, before, hospital, scale):
    scale.best = "lowest"
    scale.save()
    submit(before, hospital, {"1.1": 3})
    submit(asked, hospital, {"1.1": 1})
    assert told(office, second)[hospital.name][0] == "1 Begun, better than last time (3)"
    assert heat_map(office, second, Asked(section="Leaders")).lines[0].tally.points == Decimal(2)
