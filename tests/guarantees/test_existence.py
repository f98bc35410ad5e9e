"""T3: of each kind of record, many that are hidden and as many that never were: one answer, by the same questions.

``test_access.py`` asks at every address as everybody, for one record each. Here it is many of a kind, so that neither
a number, nor an age, nor what is beside it in an index shows.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import pytest
from django.urls import reverse

from partnership.models import Document
from plans.models import PlanImport
from reviews.models.cases import RestrictedQuerySet
from tests.factories import (
    AnnualReportFactory,
    CaseFactory,
    DeliverableFactory,
    MeetingFactory,
    OrganisationFactory,
    PlanFactory,
    PracticeReviewFactory,
    PriorityFactory,
    RecommendationFactory,
    ReturnFactory,
)
from tests.guarantees.conftest import UNDERSTOOD
from tests.guarantees.figures import record
from tests.guarantees.walks import browser, statements

pytestmark = pytest.mark.django_db

MOST_MILLISECONDS = 2


@dataclass(frozen=True)
class Kind:
    """``make(world, number)`` makes a record that is hidden from ``role`` at ``address``."""

    name: str
    role: str
    address: str
    make: object

    def __str__(self):
        return self.name


def case(world, number):
    return CaseFactory(partnership=world.partnership, reference=f"Case {number}")


def draft_plan(world, number):
    key = world.draft_plan.rating_key
    return PlanFactory(title=f"Plan {number}", status="draft", rating_key=key, partnerships=[world.partnership])


def draft_return(world, number):
    organisation = OrganisationFactory(name=f"Organisation {number}")
    return ReturnFactory(request=world.draft_return.request, organisation=organisation)


def staged(world, number):
    office = world.people["office"]
    document = Document.keep(filename="plan.docx", content=str(number).encode(), by=office)
    found = PlanImport.objects.create(document=document, understood=UNDERSTOOD, created_by=office)
    found.partnerships.add(world.partnership)
    return found


KINDS = [
    Kind("a case", "office", "reviews:case-detail", case),
    Kind("a case, for the administrator", "administrator", "reviews:case-detail", case),
    Kind(
        "a practice review",
        "chair",
        "reviews:review-detail",
        lambda world, number: PracticeReviewFactory(
            partnership=world.partnership, reference=f"LR {number}", title=f"Review {number}", cases=[world.case]
        ),
    ),
    Kind(
        "a recommendation that is not released",
        "lead",
        "reviews:recommendation-detail",
        lambda world, number: RecommendationFactory(
            partnership=world.partnership, source="local", source_title="", case=world.case, text=f"Words {number}"
        ),
    ),
    Kind(
        "a meeting of the case review group",
        "office",
        "partnership:meeting-detail",
        lambda world, number: MeetingFactory(
            group=world.case_meeting.group, meets_on=date(2028, 1, 1) + timedelta(number)
        ),
    ),
    Kind("another agency’s draft return", "other_partner", "assurance:return-detail", draft_return),
    Kind("a draft return, for the office", "office", "assurance:return-detail", draft_return),
    Kind("a draft plan", "partner", "plans:plan-detail", draft_plan),
    Kind(
        "a deliverable of a draft plan",
        "partner",
        "plans:deliverable-detail",
        lambda world, number: DeliverableFactory(priority=PriorityFactory(plan=world.draft_plan, position=9 + number)),
    ),
    Kind(
        "a draft annual report",
        "partner",
        "assurance:report-detail",
        lambda world, number: AnnualReportFactory(
            title=f"Report {number}", rule_set=world.rule_set, partnerships=[world.partnership]
        ),
    ),
    Kind("a plan that waits to be imported", "chair", "plans:import-preview", staged),
    Kind("a plan of another partnership", "stranger", "plans:plan-detail", draft_plan),
]


def absent(pk, number):
    """A key like ``pk`` that nothing has."""
    return uuid.uuid4() if isinstance(pk, uuid.UUID) else 10**9 + number


def answers(world, kind, count):
    """The answers at ``count`` hidden and as many absent records, each once; and by how much the hidden are slower."""
    client = browser(world, kind.role)
    client.get(reverse("partnership:help"))
    found, seconds = {"hidden": set(), "absent": set()}, {"hidden": [], "absent": []}
    for number in range(count):
        hidden = kind.make(world, number).pk
        for what, pk in (("hidden", hidden), ("absent", absent(hidden, number))):
            begun = time.perf_counter()
            response, asked = statements(client, reverse(kind.address, args=[pk]))
            seconds[what].append(time.perf_counter() - begun)
            headers = tuple(sorted(response.items()))
            found[what].add((response.status_code, headers, response.content, tuple(asked)))
    return found, 1000 * (median(seconds["hidden"]) - median(seconds["absent"]))


def look_at(world, kind, count):
    found, slower = answers(world, kind, count)
    [answer] = found["absent"]
    assert answer[0] == 404
    assert found["hidden"] == found["absent"]
    record(
        "T3",
        "{kinds} kinds of record, {hidden:,} hidden and {absent:,} absent: one answer each, the same statements",
        kinds=1,
        hidden=count,
        absent=count,
    )
    return slower


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_three_of_a_kind_are_as_if_they_were_not(world, kind):
    look_at(world, kind, 3)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_two_hundred_of_a_kind_are_as_if_they_were_not(world, kind):
    """And they take no longer, as far as the middle of them can be told on a machine with other work."""
    slower = look_at(world, kind, 200)
    assert abs(slower) < MOST_MILLISECONDS
    record("T3", "Medians at most {worst_gap} ms apart", worst_gap=round(abs(slower), 2))


def test_a_door_that_tells_them_apart_is_found(world, pages_alone, monkeypatch):
    """The control: what is hidden is refused instead."""
    monkeypatch.setattr(RestrictedQuerySet, "visible_to", lambda queryset, user: queryset.all())
    found, _slower = answers(world, KINDS[0], 1)
    assert [answer[0] for answer in found["hidden"]] == [403]
    assert found["hidden"] != found["absent"]
