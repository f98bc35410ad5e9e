"""The register of indicators: its list, its pages, figures typed, and small numbers that nobody else sees."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from assurance.indicators.exporting import write_template
from assurance.indicators.importing import Draft, confirm_figures, stage_file
from assurance.indicators.periods import from_month
from assurance.models import Indicator, IndicatorImport
from tests.factories import AreaFactory
from tests.factories_judged import IndicatorFactory, IndicatorValueFactory

SUMMER, AUTUMN = from_month(2026, 7, 3), from_month(2026, 10, 3)
LIST = reverse("assurance:indicator-list")
ADD = reverse("assurance:indicator-add")
PASTE = reverse("assurance:indicator-paste")
EXPORT = reverse("assurance:indicator-export")
QUERIES_OF_LIST, QUERIES_OF_PAGE = 12, 11
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
# Below the bar of 5,000 of the indicator ``watched``: one is small, the next smallest hides it from the whole.
TOKENS = re.compile(rb'"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"')
CANARIES = re.compile(r"\b(4,?037|5,?053)\b")


@pytest.fixture
def areas(partnership):
    partnership.areas.add(*[AreaFactory(name=name) for name in ("Brook End", "Coldharbour")])
    return list(partnership.areas.order_by("name"))


@pytest.fixture
def neglect(partnership, charity):
    return IndicatorFactory(partnership=partnership, owner=charity, title="Children on a plan", ref="I1")


@pytest.fixture
def watched(partnership, charity, areas, office):
    """Of whose figures two may be seen by the office, the advisor and Lantern Family Trust alone."""
    indicator = IndicatorFactory(partnership=partnership, owner=charity, title="Watched", small_below=5000)
    for area, number in zip([*areas, None], [4037, 5053, 9091, 18181], strict=True):
        value = IndicatorValueFactory(indicator=indicator, area=area, value=Decimal(9999), entered_by=office)
        value.value = Decimal(number)
        value.save()
    return indicator


def detail_of(indicator, verb="detail"):
    return reverse(f"assurance:indicator-{verb}", args=[indicator.pk])


def values_of(indicator):
    rows = indicator.values.order_by("starts_on", "area__name")
    return [(value.area and value.area.name, value.starts_on, value.value) for value in rows]


def typed(indicator, **boxes):
    """What the table sends; ``seen`` as it stands now."""
    return {"seen": "", **{name: str(text) for name, text in boxes.items()}}


def box(area, period=AUTUMN, measure="value"):
    return f"{measure}-{area.pk if area else 0}-{period.starts_on:%Y%m%d}"


# Small numbers


def places_where_figures_stand(indicator):
    history = reverse("partnership:record-history", args=["assurance.indicator", indicator.pk])
    return [
        LIST,
        f"{LIST}?export=csv",
        f"{LIST}?movement=few",
        detail_of(indicator),
        history,
        f"{EXPORT}?format=csv",
        f"{EXPORT}?format=csv&indicator={indicator.pk}",
    ]


def test_member_meets_no_small_number_and_none_that_gives_it_away(client_of, watched, other_partner, office):
    found = {"member": [], "office": []}
    for name, person in (("member", other_partner), ("office", office)):
        for place in places_where_figures_stand(watched):
            response = client_of(person).get(place)
            assert response.status_code == 200
            if CANARIES.search(response.content.decode()):
                found[name].append(place)
    detail = detail_of(watched)
    assert found["member"] == []
    assert found["office"] == [detail, f"{EXPORT}?format=csv", f"{EXPORT}?format=csv&indicator={watched.pk}"]


def test_what_is_hidden_changes_no_byte_that_a_member_is_given(client_of, watched, areas, other_partner, office):
    def given(person):
        answers = [client_of(person).get(place).content for place in places_where_figures_stand(watched)]
        return [TOKENS.sub(b"", answer) for answer in answers]

    before, seen_before = given(other_partner), given(office)
    for area, number in zip(areas, [5053, 4037], strict=False):
        watched.values.filter(area=area).update(value=Decimal(number))
    assert given(other_partner) == before
    assert given(office) != seen_before


def test_workbook_of_a_member_hides_what_the_page_hides(client_of, watched, other_partner, partner):
    def cells_for(person):
        book = load_workbook(io.BytesIO(client_of(person).get(EXPORT).content))
        return [row[3].value for row in book.active.iter_rows(min_row=2)]

    assert cells_for(other_partner) == ["Hidden: small number", "Hidden: small number", 9091, 18181]
    assert cells_for(partner) == [4037, 5053, 9091, 18181]


def test_chart_and_page_of_a_member_say_that_it_is_hidden(client_of, watched, other_partner):
    words = client_of(other_partner).get(detail_of(watched)).content.decode()
    assert "from which such a number could be worked out" in words
    assert "18,181" in words


def test_history_of_figures_is_not_for_members(client_of, watched, other_partner, partner):
    assert client_of(other_partner).get(detail_of(watched, "values")).status_code == 403
    assert "9999 became 4037" in client_of(partner).get(detail_of(watched, "values")).content.decode()


# The list


@pytest.mark.parametrize("count", [1, 3, 60])
def test_list_asks_the_same_of_one_and_of_many(
    client_of, partnership, charity, other_partner, count, django_assert_num_queries
):
    for number in range(count):
        indicator = IndicatorFactory(partnership=partnership, owner=charity, title=f"Indicator {number}")
        IndicatorValueFactory(indicator=indicator)
        IndicatorValueFactory(indicator=indicator, starts_on=SUMMER.starts_on, ends_on=SUMMER.ends_on)
    client = client_of(other_partner)
    client.get(LIST)
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3, 12])
def test_page_asks_the_same_of_one_quarter_and_of_many(
    client_of, neglect, areas, other_partner, count, django_assert_num_queries
):
    for number in range(count):
        period = from_month(2024, 1, 3) if not number else from_month(2024 + number // 4, number % 4 * 3 + 1, 3)
        for area in (None, *areas):
            IndicatorValueFactory(
                indicator=neglect, area=area, starts_on=period.starts_on, ends_on=period.ends_on, value=40 + number
            )
    client = client_of(other_partner)
    client.get(detail_of(neglect))
    with django_assert_num_queries(QUERIES_OF_PAGE):
        client.get(detail_of(neglect))


def titles(response):
    return [row.record.title for row in response.context["table"].rows]


def test_list_is_narrowed_to_what_is_late_retired_or_of_a_priority(client_of, partnership, charity, office, plan):
    first = plan.priorities.get(position=1)
    late = IndicatorFactory(partnership=partnership, owner=charity, title="Late", priorities=[first])
    IndicatorValueFactory(indicator=late, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
    fresh = IndicatorFactory(partnership=partnership, owner=charity, title="Fresh")
    IndicatorValueFactory(indicator=fresh)
    IndicatorFactory(
        partnership=partnership, owner=charity, title="Gone", retired_on=date(2026, 1, 1), retired_because="Old"
    )
    client = client_of(office)
    assert titles(client.get(LIST)) == ["Fresh", "Late"]
    assert titles(client.get(f"{LIST}?state=late")) == ["Late"]
    assert titles(client.get(f"{LIST}?state=in-time")) == ["Fresh"]
    assert titles(client.get(f"{LIST}?state=retired")) == ["Gone"]
    assert titles(client.get(f"{LIST}?priority={first.pk}")) == ["Late"]
    assert titles(client.get(f"{LIST}?words=fre")) == ["Fresh"]
    assert titles(client.get(f"{LIST}?sort=-late")) == ["Fresh", "Late"]


def test_stranger_sees_no_indicator_and_no_figure(client_of, neglect, stranger):
    IndicatorValueFactory(indicator=neglect, value=Decimal(7654))
    client = client_of(stranger)
    assert titles(client.get(LIST)) == []
    assert client.get(detail_of(neglect)).status_code == 404
    assert client.get(f"{EXPORT}?indicator={neglect.pk}").status_code == 404
    assert "7654" not in client.get(f"{EXPORT}?format=csv").content.decode()


# Add, change, retire


def answers(partnership, charity, **changed):
    given = {
        "partnership": partnership.pk,
        "title": "Children  seen alone",
        "owner": charity.pk,
        "unit": "percent",
        "rate_per": 10000,
        "decimals": 1,
        "polarity": "higher",
        "frequency": "quarter",
        "days_to_report": 42,
        "small_below": 5,
        "target": "90",
    }
    return given | changed


def test_office_adds_changes_and_retires_an_indicator(client_of, partnership, charity, office, plan):
    client = client_of(office)
    priority = plan.priorities.get(position=1)
    response = client.post(ADD, answers(partnership, charity, priorities=[priority.pk]))
    indicator = Indicator.objects.get()
    assert (response.status_code, response.url) == (302, indicator.get_absolute_url())
    assert (indicator.title, list(indicator.priorities.all())) == ("Children seen alone", [priority])
    response = client.post(detail_of(indicator, "change"), answers(partnership, charity, title="Seen alone"))
    assert response.status_code == 302
    assert client.post(detail_of(indicator, "retire"), {"retired_because": ""}).status_code == 422
    client.post(detail_of(indicator, "retire"), {"retired_because": "Counted nationally"})
    indicator.refresh_from_db()
    assert (indicator.title, indicator.retired_on, indicator.retired_because) == (
        "Seen alone",
        date(2027, 1, 12),
        "Counted nationally",
    )
    client.post(detail_of(indicator, "retire"), {"again": "yes"})
    indicator.refresh_from_db()
    assert (indicator.retired_on, indicator.retired_because) == (None, "")


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"title": ""}, "title", "Enter what the indicator is called"),
        (
            {"title": "children on a plan"},
            "title",
            "There is an indicator of this name. Give this one another, or change that one",
        ),
        ({"ref": "i 1"}, "ref", "i1 is taken by “Children on a plan”. Use another"),
        ({"target": "140"}, "target", "A per cent can’t be more than 100. Correct it"),
        ({"baseline": "many"}, "baseline", "Enter a number, in figures"),
        (
            {"limits_from_day": "1", "limits_from_month": "4", "limits_from_year": "2026"},
            "limits_because",
            "Enter what was changed on that day, so that the chart can say so",
        ),
        ({"small_below": "51"}, "small_below", "Enter 50 or less. 0 hides none"),
        ({"owner": ""}, "owner", "Choose the organisation that answers for its figures"),
    ],
)
def test_nonsense_in_an_indicator_is_told_at_its_field(
    client_of, partnership, charity, office, neglect, wrong, field, said
):
    response = client_of(office).post(ADD, answers(partnership, charity) | wrong)
    assert (response.status_code, response.context["form"].errors) == (422, {field: [said]})
    assert Indicator.objects.count() == 1


def test_member_of_another_partnership_can_t_be_named(client_of, partnership, charity, office, other_partnership):
    """Lantern Family Trust is no member of Millbrook."""
    response = client_of(office).post(ADD, answers(other_partnership, charity))
    assert response.context["form"].errors == {
        "owner": [f"{charity} is no member of {other_partnership}. Choose one that is"]
    }


def test_frequency_and_unit_stand_once_there_are_figures(client_of, partnership, charity, office, neglect):
    IndicatorValueFactory(indicator=neglect)
    given = answers(partnership, charity, unit="count", frequency="month", target="")
    response = client_of(office).post(detail_of(neglect, "change"), given)
    assert response.context["form"].errors == {
        "frequency": ["It has figures already, every quarter. Retire it and begin another"]
    }


def test_small_target_is_warned_of(client_of, partnership, charity, office):
    given = answers(partnership, charity, unit="count", target="3")
    response = client_of(office).post(ADD, given, follow=True)
    assert "Everybody sees the target of 3.0" in response.content.decode()


# Figures typed


def test_organisation_types_its_figures_and_nobody_else_does(client_of, neglect, areas, partner, other_partner):
    given = typed(neglect, **{box(areas[0]): "1,041", box(None): "2000", box(areas[0], SUMMER): "990"})
    assert client_of(other_partner).post(detail_of(neglect, "values"), given).status_code == 403
    assert client_of(partner).post(detail_of(neglect, "values"), given).status_code == 302
    assert values_of(neglect) == [
        ("Ashford Vale", SUMMER.starts_on, Decimal(990)),
        ("Ashford Vale", AUTUMN.starts_on, Decimal(1041)),
        (None, AUTUMN.starts_on, Decimal(2000)),
    ]
    entered = set(neglect.values.values_list("entered_by__name", flat=True))
    assert entered == {"Greta Holloway"}


def test_what_is_typed_again_changes_nothing_and_what_is_emptied_goes(client_of, neglect, areas, partner):
    client, page = client_of(partner), detail_of(neglect, "values")
    given = typed(neglect, **{box(areas[0]): "41", box(None): "90"})
    client.post(page, given)
    first = list(neglect.values.values_list("pk", "entered_at"))
    client.post(page, given)
    assert list(neglect.values.values_list("pk", "entered_at")) == first
    client.post(page, typed(neglect, **{box(areas[0]): "", box(None): "90"}))
    assert values_of(neglect) == [(None, AUTUMN.starts_on, Decimal(90))]
    assert "41 was taken away" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("forty", "“forty” is no number. Write figures only; words belong in the note"),
        ("-3", "This can’t be less than nothing: -3. Look at its sign"),
        ("4.5", "4.5 is no whole number. Write how many there were"),
        ("<5", "“<5” was hidden where it comes from. Write the number (we hide small ones ourselves), or leave it out"),
        pytest.param("9" * 5_000, "This number is far too large. Look whether figures ran together", id="no end"),
        ("123456789012", "This number is far too large. Look whether figures ran together"),
    ],
)
def test_nonsense_in_a_box_is_told_there_and_nothing_is_saved(client_of, neglect, areas, partner, text, said):
    given = typed(neglect, **{box(areas[0]): text, box(None): "90"})
    response = client_of(partner).post(detail_of(neglect, "values"), given)
    assert (response.status_code, response.context["form"].errors) == (422, {box(areas[0]): [said]})
    assert f'value="{text.replace("<", "&lt;")}"' in response.content.decode()
    assert values_of(neglect) == []


def test_per_cent_is_reckoned_from_the_people_behind_it(client_of, partnership, charity, partner):
    indicator = IndicatorFactory(partnership=partnership, owner=charity, unit="percent", decimals=1)
    given = {box(None, measure="numerator"): "18", box(None, measure="denominator"): "24"}
    client_of(partner).post(detail_of(indicator, "values"), typed(indicator, **given))
    assert values_of(indicator) == [(None, AUTUMN.starts_on, Decimal(75))]
    given[box(None)] = "80"
    response = client_of(partner).post(detail_of(indicator, "values"), typed(indicator, **given))
    assert response.context["form"].errors == {box(None): ["18 out of 24 is 75.0%, not 80. Correct one of the three"]}


def test_figure_that_somebody_changed_meanwhile_is_not_overwritten(client_of, neglect, areas, office, partner):
    page = detail_of(neglect, "values")
    seen = client_of(partner).get(page).context["form"]["seen"].value()
    client_of(office).post(page, typed(neglect, **{box(areas[0]): "41", box(None): "90"}))
    response = client_of(partner).post(page, {"seen": seen, box(areas[0]): "44"})
    assert response.status_code == 409
    assert "Nadia Fenwick changed this while you were writing. It now says “41”" in response.content.decode()
    again = response.context["form"]["seen"].value()
    client_of(partner).post(page, {"seen": again, box(areas[0]): "44", box(None): "90"})
    assert values_of(neglect) == [
        ("Ashford Vale", AUTUMN.starts_on, Decimal(44)),
        (None, AUTUMN.starts_on, Decimal(90)),
    ]


def test_earlier_periods_are_a_press_away_and_nonsense_in_the_address_is_passed_over(client_of, neglect, partner):
    client, page = client_of(partner), detail_of(neglect, "values")
    shown = [period.short for period in client.get(page).context["form"].periods]
    assert shown == ["Jan–Mar 2026", "Apr–Jun 2026", "Jul–Sep 2026", "Oct–Dec 2026"]
    shown = [period.short for period in client.get(f"{page}?until=2025-10-01").context["form"].periods]
    assert shown == ["Jan–Mar 2025", "Apr–Jun 2025", "Jul–Sep 2025", "Oct–Dec 2025"]
    for nonsense in ("", "x", "9999-01-01", "0001-01-01"):
        assert client.get(f"{page}?until={nonsense}").status_code == 200


# Brought


def test_office_pastes_mends_and_counts(client_of, partnership, neglect, areas, office):
    client = client_of(office)
    cells = "Indicator\tArea\tPeriod\tValue\nI1\tBrook Ent\tQ3 2026/27\t41\nI1\tColdharbour\tQ3 2026/27\tx41"
    response = client.post(PASTE, {"figures": cells, "partnership": partnership.pk})
    staged = IndicatorImport.objects.get()
    assert response.url == staged.get_absolute_url()
    page = client.get(response.url).content.decode()
    assert "Did you mean “Brook End”?" in page
    assert "Yes, count these" not in page
    confirm = reverse("assurance:indicator-import-confirm", args=[staged.pk])
    assert "Nothing was counted" in client.post(confirm, follow=True).content.decode()
    client.post(response.url, {"row": ["1", "2"], "1-area": "Brook End", "2-value": "x41", "2-left_out": "on"})
    assert "Yes, count these" in client.get(response.url).content.decode()
    client.post(response.url, {"row": "2"})
    assert "Yes, count these" not in client.get(response.url).content.decode()
    client.post(response.url, {"leave-out-all": "yes"})
    client.post(confirm)
    client.post(confirm)
    assert values_of(neglect) == [("Brook End", AUTUMN.starts_on, Decimal(41))]
    assert "The figures count" in client.get(response.url).content.decode()


def test_nothing_that_is_wrong_in_a_paste_is_lost(client_of, partnership, office):
    response = client_of(office).post(PASTE, {"figures": "only words", "partnership": partnership.pk})
    assert (response.status_code, "only words" in response.content.decode()) == (422, True)
    assert not IndicatorImport.objects.exists()


def test_partner_brings_no_file_and_opens_none(client_of, partnership, office, partner):
    staged = IndicatorImport.objects.create(partnership=partnership, understood={}, created_by=office)
    assert client_of(partner).get(PASTE).status_code == 403
    assert client_of(partner).get(staged.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("is_wide", [True, False])
def test_our_sheet_comes_back_filled_in(partnership, neglect, areas, office, is_wide):
    content = write_template([neglect], areas, is_wide=is_wide, on=date(2027, 1, 12))
    book = load_workbook(io.BytesIO(content))
    for row in book.active.iter_rows(min_row=2):
        row[3].value = 41
    filled = io.BytesIO()
    book.save(filled)
    staged = stage_file(SimpleUploadedFile("f.xlsx", filled.getvalue()), partnership=partnership, by=office)
    assert Draft(staged, on=date(2027, 1, 12)).doubtful == []
    assert confirm_figures(staged, by=office, at=NOW)["new"] == 4


def test_what_the_office_took_away_is_read_again_and_changes_nothing(client_of, partnership, watched, office):
    upload = SimpleUploadedFile("figures.xlsx", client_of(office).get(EXPORT).content)
    staged = stage_file(upload, partnership=partnership, by=office)
    assert confirm_figures(staged, by=office, at=NOW) == {"new": 0, "changed": 0, "same": 4, "left_out": 0, "empty": 0}
