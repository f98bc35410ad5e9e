"""A report under a partnership’s own headings: what fills itself, what is filed by hand, what it says of each."""

import pytest
from django.urls import reverse

from assurance.annual.content import content_of
from assurance.annual.filing import FILL_THEMSELVES
from assurance.annual.missing import missing
from assurance.annual.starting import start_report
from partnership.models import Rule, RuleSet
from tests.assurance.conftest import ENDS_ON, STARTS_ON
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_report(client_of, office, partnership, year):
    """Of three headings that the office made: two that fill themselves, one by hand."""
    client = client_of(office)
    client.post(
        reverse("partnership:own-rule-set-add"),
        {"partnership": partnership.pk, "title": "Our report in three parts", "taken_from": "", "note": ""},
    )
    rule_set = RuleSet.objects.get(title="Our report in three parts")
    add = reverse("partnership:own-rule-add", args=[rule_set.pk, "heading"])
    for title, files in [("What changed", "impact"), ("What we heard", "feedback"), ("What comes next", "")]:
        answer = client.post(add, {"title": title, "files": files, "source": rule_set.title})
        assert answer.status_code == 302
    return start_report([partnership], starts_on=STARTS_ON, ends_on=ENDS_ON, rule_set=rule_set)


def section(report, title):
    return report.sections.get(title=title)


def evidence_page(client, report, title):
    url = reverse("assurance:report-evidence", args=[report.pk, section(report, title).pk])
    return " ".join(client.get(url).content.decode().split())


def test_evidence_is_offered_under_the_headings_that_fill_themselves(own_report):
    counts = {each.title: each.evidence.count() > 0 for each in own_report.sections.order_by("position")[:3]}
    assert counts == {"What changed": True, "What we heard": True, "What comes next": False}


def test_under_a_heading_by_hand_nobody_is_asked_for_evidence_and_the_page_says_how_it_comes(
    client_of, office, own_report
):
    client = client_of(office)
    by_hand = "nothing is filed here by itself. File evidence here from another section."
    assert by_hand in evidence_page(client, own_report, "What comes next")
    assert by_hand not in evidence_page(client, own_report, "What changed")
    section(own_report, "What we heard").evidence.all().delete()
    lacks = [each.what for each in missing(own_report, on=TODAY) if each.what.startswith("Any evidence")]
    assert lacks == ["Any evidence under section 2, What we heard"]


def test_the_report_says_that_its_headings_are_local_and_asks_nobody_to_verify_them(client_of, office, own_report):
    content = content_of(own_report, on=TODAY)
    assert [(each["source"]["label"], each["source"]["citation"]) for each in content["sections"][:3]] == [
        ("Local heading", "Our report in three parts, the partnership’s own")
    ] * 3
    assert {row["checked"] for row in content["rules"]["rows"]} == {"the partnership’s own"}
    client = client_of(office)
    headings = client.get(reverse("assurance:heading-list", args=[own_report.pk])).content.decode()
    assert "to be verified" not in headings
    assert "to be verified" not in evidence_page(client, own_report, "What changed")


def test_control_a_heading_of_guidance_is_required_and_to_be_verified(report):
    source = content_of(report, on=TODAY)["sections"][0]["source"]
    assert source["label"] == "Required"
    rule = report.sections.first().rule
    assert rule.is_to_be_verified == (rule.verified_on is None)
    Rule.objects.filter(pk=rule.pk).update(verified_on=None)
    rule.refresh_from_db()
    assert rule.is_to_be_verified


def test_an_own_heading_that_stands_in_guidance_is_still_to_be_read_there(own_report):
    rule = section(own_report, "What changed").rule
    rule.source = "Working Together 2023, chapter 2"
    assert rule.is_to_be_verified


def test_every_heading_of_law_and_guidance_fills_itself(report):
    headings = Rule.objects.filter(unit=Rule.Unit.HEADING, rule_set__partnership=None)
    assert set(headings.values_list("code", flat=True)) <= FILL_THEMSELVES
    assert "what-comes-next" not in FILL_THEMSELVES
