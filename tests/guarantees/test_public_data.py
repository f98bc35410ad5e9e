"""T2: the public data says what its schema says, field by field, and nothing that is not published."""

import hashlib
import json
from datetime import date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import validator_for

from partnership.api import MOST_REQUESTS, resources
from tests.factories import AnnualReportFactory, GroupFactory, MeetingFactory, PlanFactory, VoiceEntryFactory
from tests.guarantees.hidden import more_of_everything
from tests.guarantees.restricted import CANARY
from tests.guarantees.walks import MORNING

pytestmark = pytest.mark.django_db

FORMATS = FormatChecker(formats=())
FORMATS.checks("date", raises=ValueError)(lambda value: value is None or date.fromisoformat(value))
FORMATS.checks("date-time", raises=ValueError)(
    lambda value: value is None or datetime.fromisoformat(value).utcoffset() is not None
)
FORMATS.checks("uri")(lambda value: value is None or value.startswith(("http://", "https://")))


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def read(world):
    """``read(name, *args)``: the answer to a program that nobody has signed in, at an address of the partnership."""

    def read(name, *args, query="", **headers):
        return Client().get(reverse(name, args=[world.partnership.slug, *args]) + query, headers=headers)

    return read


@pytest.fixture
def document(read):
    return read("partnership:api-openapi").json()


def validator(document, schema):
    """Of ``schema`` as it stands in ``document``, whose other parts it may name."""
    whole = {"$schema": document["jsonSchemaDialect"], "components": document["components"], "allOf": [schema]}
    assert validator_for(whole) is Draft202012Validator
    return Draft202012Validator(whole, format_checker=FORMATS)


def answer_schema(document, path):
    return document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]


def lists(read):
    return {name: read("partnership:api-list", name).json() for name in resources()}


def test_every_answer_is_as_its_schema_says(read, document):
    validator(document, answer_schema(document, "/")).validate(read("partnership:api-root").json())
    for name, found in lists(read).items():
        validator(document, answer_schema(document, f"/{name}/")).validate(found)
        one = validator(document, answer_schema(document, f"/{name}/{{key}}/"))
        for row in found["results"]:
            answer = read("partnership:api-detail", name, row["key"]).json()
            one.validate(answer)
            assert answer == row


def test_a_field_more_a_field_less_or_a_day_that_is_none_is_found(read, document):
    one = validator(document, answer_schema(document, "/reports/{key}/"))
    [row] = read("partnership:api-list", "reports").json()["results"][:1]
    for wrong in (
        row | {"draft": "x"},
        {**row, "starts_on": "1 April"},
        {key: row[key] for key in row if key != "page"},
    ):
        with pytest.raises(ValidationError):
            one.validate(wrong)


def test_the_document_describes_every_address_with_schemas_that_are_ones(document):
    assert document["openapi"] == "3.1.0"
    named = {"/", *[f"/{name}/{tail}" for name in resources() for tail in ("", "{key}/")]}
    assert set(document["paths"]) == named
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    operations = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(set(operations)) == len(operations)


def test_the_world_has_something_behind_every_address(read):
    assert [name for name, found in lists(read).items() if not found["count"]] == []


def everything_said(read):
    names = [read("partnership:api-root"), read("partnership:api-openapi")]
    found = [read("partnership:api-list", name, query="?per_page=200") for name in resources()]
    return "\n".join(answer.content.decode() for answer in [*names, *found])


def test_nothing_hidden_changes_a_word_and_none_of_it_is_said(world, colleague, read):
    before = everything_said(read)
    more_of_everything(world, colleague=colleague)
    assert everything_said(read) == before
    assert CANARY not in before


def test_no_draft_of_any_kind_is_said(world, read):
    before = everything_said(read)
    ours = {"partnerships": [world.partnership]}
    PlanFactory(title=CANARY, **ours)
    AnnualReportFactory(title=CANARY, in_short=CANARY, **ours)
    hidden = GroupFactory(name=CANARY, is_public=False, **ours)
    MeetingFactory(group=hidden, title=CANARY, meets_on=date(2027, 2, 2))
    VoiceEntryFactory(said=CANARY, did=CANARY, public_said=CANARY, is_public=False, **ours)
    assert everything_said(read) == before


def test_what_is_published_is_said(world, read):
    """The control: the same search finds what it looks for once it is public."""
    VoiceEntryFactory(
        partnerships=[world.partnership], said=CANARY, did="We asked.", public_said=CANARY, public_did="We asked.",
        is_public=True,
    )  # fmt: skip
    assert CANARY in everything_said(read)


def test_it_can_be_read_from_anywhere_and_written_by_nobody(world, read):
    answer = read("partnership:api-list", "plans")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert ("public" in answer["Cache-Control"], answer.cookies) == (True, {})
    url = reverse("partnership:api-list", args=[world.partnership.slug, "plans"])
    for method in ("post", "put", "patch", "delete"):
        assert getattr(Client(), method)(url).status_code == 405
    assert Client().head(url).status_code == 200


def test_an_answer_that_has_not_changed_is_empty(read):
    first = read("partnership:api-list", "reports")
    again = read("partnership:api-list", "reports", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
    assert read("partnership:api-list", "groups", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_lists_come_in_pages_that_name_each_other(read):
    whole = read("partnership:api-list", "groups", query="?per_page=200").json()
    page, found = read("partnership:api-list", "groups", query="?per_page=1"), []
    while True:
        found += page.json()["results"]
        if not page.json()["next"]:
            break
        assert 'rel="next"' in page["Link"]
        page = Client().get(page.json()["next"])
    assert found == whole["results"]
    assert page.json()["page"] == page.json()["pages"] == whole["count"] > 1


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?page=-1", "?per_page=201", "?per_page=%C2%B2", "?page=9999999"]
)
def test_a_question_that_makes_no_sense_is_told_so(read, query):
    answer = read("partnership:api-list", "groups", query=query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("resource", "key"), [("nothing", None), ("groups", "0"), ("groups", "x"), ("reviews", "7"), ("groups", "9" * 40)]
)
def test_what_is_not_there_is_told_so_to_a_program(read, resource, key):
    name, args = ("api-detail", [resource, key]) if key else ("api-list", [resource])
    answer = read(f"partnership:{name}", *args)
    assert (answer.status_code, answer.json()["title"]) == (404, "Not found")
    assert answer["Cache-Control"] == "no-store"


def test_whoever_asks_too_often_is_asked_to_wait(read, monkeypatch):
    monkeypatch.setattr("partnership.api.MOST_REQUESTS", 2)
    codes = [read("partnership:api-root").status_code for _ in range(3)]
    assert (codes, MOST_REQUESTS) == ([200, 200, 429], 600)
    assert int(read("partnership:api-root")["Retry-After"]) > 0


def test_hashes_are_those_of_the_files(read):
    for report in read("partnership:api-list", "reports").json()["results"]:
        path = "/files/" + report["file"]["address"].split("/files/")[1]
        assert hashlib.sha256(b"".join(Client().get(path))).hexdigest() == report["file"]["sha256"]


def test_keys_are_in_an_order_that_stays(read):
    assert json.dumps(lists(read)) == json.dumps(lists(read))
