"""What a document says that disagrees with itself or with our records is pointed at, and nothing else is."""

import pytest

from plans.findings import with_findings
from plans.importer.names import doubts_about_names
from tests.factories import PartnershipFactory, RuleSetFactory


def plan_of(title="Business plan 2026 to 2027", context="", activity="Do it"):
    return {
        "title": title,
        "context": context,
        "period_start": "2026-04-01",
        "period_end": "2027-03-31",
        "cross_cutting": [],
        "priorities": [
            {
                "title": "Babies",
                "deliverables": [
                    {"title": "A promise", "description": None, "leads": [], "activities": [{"text": activity}]}
                ],
            }
        ],
    }


HERE = "priorities/0/deliverables/0/activities/0/text"


@pytest.mark.parametrize(
    ("said", "at", "says"),
    [
        (
            {"title": "Business plan 2019/20"},
            "title",
            "It says 2019/20 here, and the plan runs from 2026 to 2027. Check which of them is right.",
        ),
        (
            {"context": "This business plan for 2025-26 says what we do."},
            "context",
            "It says 2025-26 here, and the plan runs from 2026 to 2027. Check which of them is right.",
        ),
        (
            {"activity": "Follow Working Together 2019, p.72."},
            HERE,
            "There is no 2019 edition of Working Together. Check which one is meant.",
        ),
        (
            {"context": "As Working Together (2017) asks."},
            "context",
            "There is no 2017 edition of Working Together. Check which one is meant.",
        ),
        (
            {"activity": "Look again at what was agreed in March 2012."},
            HERE,
            "“March 2012” is years from this plan. Check that it is meant.",
        ),
    ],
)
def test_what_disagrees_has_its_place_and_says_what_to_do(said, at, says):
    assert doubts_about_names(plan_of(**said)) == [{"at": at, "says": says}]


@pytest.mark.parametrize(
    "said",
    [
        {"title": "Business plan 2026/27"},
        {"title": "Plan April 2026 to March 2027"},
        {"context": "The plan of 2025/26 ended well, and the annual report 2024-25 says so."},
        {"context": "This plan follows Working Together 2018 and the Care Act 2014."},
        {"activity": "Learn from the review of November 2024 and the audit of 2019/20."},
        {"activity": "Report in March 2029."},
    ],
)
def test_what_is_right_is_left_in_peace(said):
    assert doubts_about_names(plan_of(**said)) == []


def test_an_edition_that_the_installation_has_rules_of_is_known(db):
    understood = {"plan": plan_of(), "doubts": doubts_about_names(plan_of(activity="See Working Together 2029."))}
    assert len(with_findings(understood, [])["doubts"]) == 1
    RuleSetFactory(code="wt-2029", title="Working Together 2029")
    assert with_findings(understood, [])["doubts"] == []


@pytest.mark.parametrize(
    ("written", "is_found"),
    [
        ("the Northmoorshire Safeguarding Children Partnership Board", True),
        ("Northmoor Safeguarding Children Partnership", True),
        ("Northmoor Safeguarding Children Partnership Board", False),
        ("Northmoor Safeguarding Adults Board", False),
        ("Farholme Safeguarding Children Partnership", False),
        ("NORTHMOORSHIRE SAFEGUARDING CHILDREN PARTNERSHIP", False),
    ],
)
def test_a_partnerships_name_that_is_not_its_records_is_pointed_at(db, written, is_found):
    own = PartnershipFactory(name="Northmoor Safeguarding Children Partnership Board")
    plan = plan_of(context=f"What {written} promises. {written} says so twice.")
    doubts = with_findings({"plan": plan, "doubts": []}, [own])["doubts"]
    name = written.removeprefix("the ")
    says = f"“{name}” is not how the record writes “{own.name}”. Check which of them is meant, and write it so."
    assert doubts == ([{"at": "context", "says": says}] if is_found else [])
