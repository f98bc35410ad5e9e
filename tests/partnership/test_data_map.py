"""What is held about people is decided of for every model and field, and can be read."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import models
from docx import Document as WordDocument

from partnership.data_protection import map as data_map
from partnership.data_protection.keeping import set_period
from partnership.data_protection.subjects import person_models
from partnership.models import PublicStatement
from partnership.statement_words import usual_words

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def test_every_model_and_every_field_that_could_say_something_of_a_person_is_decided_of():
    assert data_map.undecided(person_models()) == []


def test_a_model_that_nobody_decided_of_is_found(monkeypatch):
    lines = {line.model: line for line in data_map.data_map() if line.label != "plans.Update"}
    monkeypatch.setattr(data_map, "_lines_by_model", lambda: lines)
    assert data_map.undecided(person_models()) == ["plans.Update: no Part names it"]


@pytest.mark.parametrize(
    "field",
    [
        models.TextField(),
        models.CharField(max_length=80),
        models.EmailField(),
        models.JSONField(),
        models.ForeignKey("partnership.User", on_delete=models.PROTECT),
        models.GenericIPAddressField(),
    ],
    ids=lambda field: type(field).__name__,
)
def test_a_new_field_that_nobody_decided_of_is_found(field):
    field.set_attributes_from_name("typed_by")
    if field.is_relation:
        field.remote_field.model = next(iter(person_models()))
        assert data_map._could_be_personal(StandIn(field.remote_field.model), person_models())
    else:
        assert data_map._could_be_personal(field, person_models())


class StandIn:
    """A relation of no model, as the map asks it."""

    is_relation = True

    def __init__(self, related_model):
        self.related_model = related_model


def test_what_holds_a_code_or_a_number_asks_for_no_decision():
    for field in (models.CharField(max_length=8), models.IntegerField(), models.SlugField(), models.DateField()):
        assert not data_map._could_be_personal(field, person_models())


def test_each_part_is_kept_as_a_kind_of_record_says():
    assert {part.keep for _app, part in data_map.parts()} <= data_map.kinds().keys()


def test_each_kind_of_record_says_why_how_long_and_whence():
    for kind in data_map.kinds().values():
        assert kind.why, kind.code
        assert kind.source, kind.code
        assert (kind.months is None) == (kind.end == "keep"), kind.code
        assert bool(kind.records) == (kind.end != "keep"), kind.code
        assert kind.floor <= (kind.months or 0), kind.code
        assert bool(kind.floor) == bool(kind.floor_because), kind.code


@pytest.mark.parametrize("address", ["/data-protection/", "/data-protection/map/", "/data-protection/map/?export=xlsx"])
def test_the_map_costs_no_query_of_its_own(client, office, address, django_assert_max_num_queries):
    client.force_login(office)
    with django_assert_max_num_queries(8):
        assert client.get(address).status_code == 200


def test_the_map_says_of_a_piece_whose_why_how_long_and_who_sees_it(client, office):
    client.force_login(office)
    page = client.get("/data-protection/map/").content.decode()
    for words in ("Signing in", "Nobody is asked for their name", "75 years", "The case review group alone"):
        assert words in page


def test_a_partner_does_not_read_the_map(client, partner):
    client.force_login(partner)
    assert client.get("/data-protection/map/").status_code == 403


def test_the_annex_of_an_impact_assessment_opens_in_word_and_leaves_the_judgement_to_people(
    client, office, partnership
):
    client.force_login(office)
    answer = client.get("/data-protection/impact-assessment/ashford-vale/")
    document = WordDocument(BytesIO(answer.content))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == [
        "1. What is held",
        "2. Special categories and offences",
        "3. How long it is kept",
        "4. Risks, to be judged",
    ]
    assert {cell.text for row in document.tables[-1].rows[1:] for cell in row.cells[2:]} == {""}


def test_the_offered_privacy_notice_says_what_is_held_and_how_long_this_partnership_keeps_it(office, partnership):
    words = usual_words(partnership, PublicStatement.Kind.PRIVACY)
    assert "- Learners, their places and what they are trained in: 6 years, counted from" in words
    assert "- Head teachers and chairs of governors: schools" in words
    set_period(partnership.pk, "learners", months=30, is_by_itself=False, because="Ours", by=office, at=NOW)
    words = usual_words(partnership, PublicStatement.Kind.PRIVACY)
    assert "- Learners, their places and what they are trained in: 30 months, counted from" in words
