"""The page that tells what changed, and the PDF of it for a board."""

from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from plans.comparing import comparison_html
from plans.documents import request_document, run_document
from plans.models import CarryDecision, Deliverable, PlanVersion
from plans.writing import retire_row
from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    MilestoneFactory,
    PlanFactory,
    PlanVersionFactory,
    PriorityFactory,
)
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db


def compare_url(plan, before=None, after=None, **more):
    asked = {"from": before, "to": after} if before else {}
    return reverse("plans:version-compare", args=[plan.pk], query={**asked, **more} or None)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def second_version(plan, plan_version, led_deliverable):
    """1.1 says something else, and has another lead, since version 1.0."""
    led_deliverable.title = "A shared plan with each family before a birth"
    led_deliverable.save()
    led_deliverable.leads.update(text="Director of Midwifery")
    return PlanVersionFactory(plan=plan, number="1.1", made_at=datetime(2027, 1, 10, 9, 0, tzinfo=UTC))


@pytest.fixture
def far_plan(far_partnership, rating_key):
    plan = PlanFactory(title="Farholme’s plan", partnerships=[far_partnership], rating_key=rating_key)
    PlanVersionFactory(plan=plan)
    return plan


# What stands there


def test_the_newest_version_stands_beside_the_one_before(client_of, office, plan, plan_version, second_version):
    response = client_of(office).get(compare_url(plan))
    assert (response.context["before"].version, response.context["after"].version) == (plan_version, second_version)
    assert response.context["summary"] == ["1 deliverable reworded, 1 with another lead."]
    page = text_of(response)
    assert 'before <span class="govuk-visually-hidden">' not in page
    assert '<del><span class="govuk-visually-hidden">[removed: </span>every' in page
    assert '<ins><span class="govuk-visually-hidden">[added: </span>each' in page
    assert "From Head of Midwifery to Director of Midwifery." in page
    assert "1 deliverable unchanged" in page


def test_a_single_version_stands_beside_what_is_there_now(client_of, office, advisor, plan, plan_version):
    for person in (office, advisor):
        response = client_of(person).get(compare_url(plan))
        assert (response.context["before"].version, response.context["after"].code) == (plan_version, "now")
        assert "Nothing changed between them" in text_of(response)


def test_a_single_version_has_nothing_beside_it_for_others(client_of, lead, plan):
    assert "There is nothing to compare yet" in text_of(client_of(lead).get(compare_url(plan)))


def test_the_same_version_twice_is_said_to_be(client_of, office, plan, plan_version):
    response = client_of(office).get(compare_url(plan, plan_version.pk, plan_version.pk))
    assert "the same version twice" in text_of(response)


def test_the_newer_one_first_is_offered_the_other_way_round(client_of, office, plan, plan_version, second_version):
    response = client_of(office).get(compare_url(plan, second_version.pk, plan_version.pk))
    assert f"?from={plan_version.pk}&amp;to={second_version.pk}" in text_of(response)
    response = client_of(office).get(compare_url(plan, "now", second_version.pk))
    assert response.context["is_backwards"]


def test_a_row_that_was_retired_says_why(client_of, office, stranger, plan, plan_version, today):
    retire_row(plan, Deliverable.objects.get(title__startswith="Safer"), on=today, reason="It is done by all.")
    response = client_of(office).get(compare_url(plan, plan_version.pk, "now"))
    assert "Taken out because: It is done by all." in text_of(response)
    later = PlanVersionFactory(plan=plan, number="1.1", made_at=datetime(2027, 1, 12, 12, 0, tzinfo=UTC))
    address = compare_url(plan, plan_version.pk, later.pk)
    assert "Taken out because" in text_of(client_of(office).get(address))
    told_outside = text_of(client_of(stranger).get(address))
    assert "1 deliverable taken out." in told_outside
    assert "Taken out because" not in told_outside


def test_a_reason_given_after_a_version_is_not_that_versions(client_of, office, plan, plan_version, today):
    second = PlanVersionFactory(plan=plan, number="1.1", made_at=datetime(2027, 1, 2, 9, 0, tzinfo=UTC))
    retire_row(plan, Deliverable.objects.get(title__startswith="Safer"), on=today, reason="It is done by all.")
    response = client_of(office).get(compare_url(plan, "now", second.pk))
    assert "It is done by all" not in text_of(response)


def test_what_was_dropped_at_the_years_end_says_why(client_of, office, plan, draft_plan, led_deliverable):
    CarryDecision.objects.create(
        deliverable=led_deliverable,
        plan=draft_plan,
        decision="dropped",
        reason="Health does it alone.",
        decided_by=office,
        decided_at=datetime(2027, 1, 12, tzinfo=UTC),
    )
    response = client_of(office).get(compare_url(draft_plan, f"now-{plan.pk}", "now"))
    assert "Dropped: Health does it alone." in text_of(response)


def test_last_years_plan_stands_beside_this_one(client_of, office, plan, draft_plan, led_deliverable):
    priority = PriorityFactory(plan=draft_plan, ref="3", title="Babies", carried_from=led_deliverable.priority)
    DeliverableFactory(priority=priority, ref="2", title=led_deliverable.title, carried_from=led_deliverable)
    response = client_of(office).get(compare_url(draft_plan))
    assert [response.context[name].plan for name in ("before", "after")] == [plan, draft_plan]
    assert "Carried from 1.1." in text_of(response)


# Narrowed


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("reworded", ["Promise"]),
        ("re-led", ["Lead"]),
        ("rated", ["Promise"]),
        ("moved", []),
        ("nonsense", ["Promise", "Lead"]),
    ],
)
def test_one_kind_of_change_alone(client_of, office, plan, second_version, kind, labels):
    response = client_of(office).get(compare_url(plan, kind=kind))
    rows = [row for priority in response.context["priorities"] for row in priority.told]
    assert [change.label for row in rows for change in row.changes] == labels
    assert ("Nothing like that changed" in text_of(response)) == (not labels)


def test_one_priority_alone(client_of, office, plan, second_version):
    first, second = plan.priorities.order_by("position")
    shown = {"plan": ([], []), f"priority-{first.pk}": ([first.pk], []), f"priority-{second.pk}": ([], [second.pk])}
    for part, expected in shown.items():
        context = client_of(office).get(compare_url(plan, part=part)).context
        found = [[row.key for row in context[name]] for name in ("priorities", "same_priorities")]
        assert (tuple(found), context["plan_rows"]) == (expected, [])


# Who may


def test_the_working_copy_is_the_offices_and_the_advisors(
    client_of, office, advisor, lead, stranger, plan, plan_version
):
    answers = {
        person: client_of(person).get(compare_url(plan, plan_version.pk, "now")).status_code
        for person in (office, advisor, lead, stranger)
    }
    assert answers == {office: 200, advisor: 200, lead: 404, stranger: 404}


def test_an_approved_version_is_for_those_inside(client_of, lead, stranger, plan, plan_version, executive):
    approved = PlanVersionFactory(
        plan=plan, number="1.1", stage="approved", approved_by=executive, approved_on=date(2027, 1, 8)
    )
    address = compare_url(plan, plan_version.pk, approved.pk)
    assert client_of(lead).get(address).status_code == 200
    assert client_of(stranger).get(address).status_code == 404
    assert str(approved) not in text_of(client_of(stranger).get(compare_url(plan)))


@pytest.mark.parametrize("name", ["from", "to"])
def test_a_plan_of_other_partnerships_is_refused_at_the_field(client_of, office, plan, plan_version, far_plan, name):
    asked = {"from": plan_version.pk, "to": plan_version.pk} | {name: far_plan.versions.get().pk}
    response = client_of(office).get(compare_url(plan, asked["from"], asked["to"]))
    assert response.status_code == 422
    assert response.context["form"].errors == {
        name: ["This is of a plan of other partnerships. Choose one of the list"]
    }


def test_two_neighbours_of_one_plan_need_not_be_neighbours(
    client_of, office, plan, partnership, other_partnership, rating_key
):
    one, other = (
        PlanVersionFactory(plan=PlanFactory(title=each.name, partnerships=[each], rating_key=rating_key))
        for each in (partnership, other_partnership)
    )
    response = client_of(office).get(compare_url(plan, one.pk, other.pk))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["to"]


@pytest.mark.parametrize("code", ["nonsense", "-1", "", "1 or 1", "٣x"])
def test_what_is_no_version_is_told_at_the_field(client_of, office, plan, plan_version, code):
    response = client_of(office).get(compare_url(plan, plan_version.pk, "now") + f"&to={code}")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["to"]


@pytest.mark.parametrize("code", ["999999", "99999999999999999999999", "now-999999", "now-x"])
def test_what_does_not_exist_or_is_not_for_this_person_is_not_found(client_of, office, plan, plan_version, code):
    assert client_of(office).get(compare_url(plan, plan_version.pk, code)).status_code == 404


# A PDF for the board


def test_a_pdf_is_offered_of_two_versions_to_the_office(client_of, office, lead, plan, plan_version, second_version):
    form = f'action="{reverse("plans:document-make", args=[second_version.pk])}"'
    field = f'name="earlier" value="{plan_version.pk}"'
    page = text_of(client_of(office).get(compare_url(plan)))
    assert form in page
    assert field in page
    assert form not in text_of(client_of(lead).get(compare_url(plan)))


def test_of_the_working_copy_none_is_offered_and_why_is_said(client_of, office, plan, second_version):
    page = text_of(client_of(office).get(compare_url(plan, second_version.pk, "now")))
    assert "Nothing changed" in page
    Deliverable.objects.filter(priority__plan=plan).update(description="New")
    page = text_of(client_of(office).get(compare_url(plan, second_version.pk, "now")))
    assert "a version stands still and the working copy does not" in page
    assert "Make a PDF for the board" not in page


# How much it asks


# Who asks (3), the plan and what may be chosen (6), the reasons (3), the frame (2); and two snapshots that are kept, or
# one of them and the eight questions of one that is taken.
TWO_VERSIONS, WITH_NOW = 15, 22


def fill(plan, count):
    priority = plan.priorities.get(position=2)
    for number in range(count):
        row = DeliverableFactory(
            priority=priority, position=10 + number, ref=str(10 + number), title=f"Promise {number}"
        )
        DeliverableLeadFactory(deliverable=row, text="Head of Help")
        activity = ActivityFactory(deliverable=row, position=1, text=f"Do {number}")
        MilestoneFactory(activity=activity, due_on=date(2027, 2, 1))


@pytest.mark.parametrize("count", [10, 60])
def test_sixty_deliverables_take_as_many_queries_as_ten(client_of, office, plan, plan_version, count):
    fill(plan, count)
    PlanVersionFactory(plan=plan, number="1.1", made_at=datetime(2027, 1, 10, 9, 0, tzinfo=UTC))
    client = client_of(office)
    versions = PlanVersion.objects.filter(plan=plan).order_by("made_at")
    address = compare_url(plan, versions[0].pk, versions[1].pk)
    assert count_queries(client, address) == TWO_VERSIONS
    Deliverable.objects.filter(priority__plan=plan).update(title="Reworded", description="All of it")
    assert count_queries(client, compare_url(plan, versions[0].pk, "now")) == WITH_NOW


# On paper


def test_the_board_gets_a_tagged_pdf_of_what_changed(office, plan, plan_version, second_version):
    document = request_document(second_version, by=office, earlier=plan_version)
    assert run_document(document.pk)
    document.refresh_from_db()
    assert (document.problem, document.state, document.word) == ("", "done", None)
    pdf = pikepdf.open(BytesIO(document.pdf))
    assert len(elements(pdf, "/H2")) == 3  # in a few words; the priority that changed; what did not
    assert pdf.docinfo["/Title"] == f"What changed: {plan.title}, version 1.1"
    assert len(elements(pdf, "/TH")) == 5  # three columns, two rows


def test_on_paper_the_same_is_said_as_on_the_page(office, plan, plan_version, second_version):
    html = comparison_html(request_document(second_version, by=office, earlier=plan_version))
    assert "<li>1 deliverable reworded, 1 with another lead.</li>" in html
    assert "A shared plan with <del>every</del> family before a birth" in html
    assert "A shared plan with <ins>each</ins> family before a birth" in html
    assert "From Head of Midwifery to Director of Midwifery." in html
    assert "<li>2. Seeing neglect early, with 1 deliverable</li>" in html
    assert "visually-hidden" not in html


def elements(pdf, kind):
    """The structure elements of a kind, in the order of reading."""
    return [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == kind]
