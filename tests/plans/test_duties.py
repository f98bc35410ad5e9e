"""Duties of law and guidance: offered by edition, taken into the plan once, shown with where they stand."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.models import Rule, RuleSet
from partnership.statutory import EDITIONS, load_rule_sets
from plans.duties import TITLE, add_duties, editions_for
from plans.models import Deliverable, Plan
from plans.snapshots import table_of, take_snapshot
from plans.table import read_table
from plans.writing import copy_row
from tests.factories import PriorityFactory, RuleFactory, RuleSetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rule_sets(db):
    """The editions as the product brings them, whatever stood in the database."""
    load_rule_sets(RuleSet, Rule)


@pytest.fixture
def url(plan):
    return reverse("plans:duties-add", args=[plan.pk])


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


@pytest.fixture
def yearly_report():
    return Rule.objects.get(rule_set__code="wt2018", code="do-yearly-report")


@pytest.fixture
def section_11():
    return Rule.objects.get(rule_set__code="wt2018", code="do-section-11")


@pytest.fixture
def priority_elsewhere(draft_plan):
    return PriorityFactory(plan=draft_plan, position=1, ref="1")


def titles(plan):
    return [str(row) for row in Deliverable.objects.filter(priority__plan=plan, priority__title=TITLE)]


def test_every_duty_says_where_it_stands_and_fits_its_columns():
    duties = [duty for edition in EDITIONS for duty in edition.duties if duty.unit == "duty"]
    assert len(duties) > 40
    assert [duty.code for duty in duties if not (duty.source and duty.words and duty.title)] == []


def test_what_nobody_has_read_is_to_be_verified():
    unread = Rule.objects.filter(unit="duty", verified_on=None).values_list("rule_set__code", flat=True)
    assert set(unread) == {"wt2018", "wt2023", "wt2026", "care-act"}
    assert not Rule.objects.filter(unit="duty", rule_set__code="wt2026").exclude(verified_on=None).exists()


def test_loading_again_keeps_what_somebody_changed(yearly_report):
    Rule.objects.filter(pk=yearly_report.pk).update(title="In our own words", verified_on=date(2027, 1, 5))
    count = Rule.objects.count()
    load_rule_sets(RuleSet, Rule)
    yearly_report.refresh_from_db()
    assert (yearly_report.title, yearly_report.verified_on, Rule.objects.count()) == (
        "In our own words",
        date(2027, 1, 5),
        count,
    )


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("children", ["wt2026", "wt2023", "wt2018"]),
        ("adults", ["care-act"]),
        ("both", ["wt2026", "wt2023", "wt2018", "care-act"]),
    ],
)
def test_a_plan_is_offered_the_duties_of_its_kind(plan, audience, expected):
    plan.audience = audience
    assert [edition.rule_set.code for edition in editions_for(plan)] == expected


def test_local_duties_are_offered_to_every_plan(plan):
    local = RuleFactory(rule_set=RuleSetFactory(code="local", title="Ours"), code="do-ours", unit="duty", title="Ours")
    assert local in [each.rule for edition in editions_for(plan) for each in edition.duties]


def test_ticked_duties_become_deliverables_of_a_priority_of_their_own(browser, plan, url, yearly_report, section_11):
    browser.post(url, {"duties": [yearly_report.pk, section_11.pk], "priority": ""})
    added = plan.priorities.get(title=TITLE)
    rows = [
        (row.full_ref, row.title, row.duty, [(a.text, a.timescale_text) for a in row.activities.all()])
        for row in added.deliverables.order_by("position")
    ]
    assert (added.ref, rows) == (
        "3",
        [
            (
                "3.1",
                "Publish a yearly report on what was done and how well it worked",
                yearly_report,
                [
                    (
                        "Ask every agency for its part, have the report scrutinised, and publish it",
                        "by the end of September",
                    )
                ],
            ),
            (
                "3.2",
                "Be assured that agencies keep their section 11 duties",
                section_11,
                [("Ask for a self-assessment, moderate a sample, and follow what is weak", "")],
            ),
        ],
    )
    milestones = added.deliverables.first().activities.get().milestones.values_list("due_on", flat=True)
    assert list(milestones) == [date(2026, 9, 30)]


def test_duties_go_to_the_priority_that_was_chosen(browser, plan, url, yearly_report):
    babies = plan.priorities.get(position=1)
    before = babies.deliverables.count()
    browser.post(url, {"duties": [yearly_report.pk], "priority": babies.pk})
    row = babies.deliverables.get(duty=yearly_report)
    assert (babies.deliverables.count(), row.full_ref, row.position) == (before + 1, "1.3", before + 1)


def test_a_duty_comes_in_once_however_often_it_is_asked_for(browser, plan, url, yearly_report):
    same_in_2023 = Rule.objects.get(rule_set__code="wt2023", code="do-yearly-report")
    for _again in range(2):
        browser.post(url, {"duties": [yearly_report.pk], "priority": ""})
    browser.post(url, {"duties": [same_in_2023.pk], "priority": ""})
    assert titles(plan) == ["3.1 Publish a yearly report on what was done and how well it worked"]


def test_those_in_the_plan_are_marked(browser, plan, url, yearly_report):
    row = add_duties(plan, None, [yearly_report])[0]
    page = browser.get(url)
    editions = {edition.rule_set.code: edition for edition in page.context["editions"]}
    marked = [each.rule.code for each in editions["wt2023"].duties if each.promised]
    assert marked == ["do-yearly-report"]
    assert f'href="{row.get_absolute_url()}"' in page.content.decode()
    assert f'id="duty-{yearly_report.pk}"' not in page.content.decode()


def test_the_plan_says_which_duty_a_promise_meets(plan, yearly_report, today):
    row = add_duties(plan, None, [yearly_report])[0]
    place = "Children Act 2004, section 16G; Working Together 2018, chapter 3"
    shown = read_table(plan, on=today).deliverables[-1]
    kept = table_of(take_snapshot(plan), on=plan.starts_on).deliverables[-1]
    assert (shown.duty, kept.duty) == (place, place)
    Deliverable.objects.filter(pk=row.pk).update(title="Our report")
    assert read_table(plan, on=today).deliverables[-1].duty == f"{yearly_report.title}, {place}"


def test_a_copy_keeps_its_duty_and_not_where_it_was_carried_from(plan, led_deliverable, yearly_report):
    row = add_duties(plan, None, [yearly_report])[0]
    row.carried_from = led_deliverable
    row.save()
    copy = copy_row(plan, row)
    assert (copy.duty, copy.carried_from) == (yearly_report, None)


def test_duties_are_taken_back_by_one_press(browser, plan, url, yearly_report):
    browser.post(url, {"duties": [yearly_report.pk], "priority": ""})
    browser.post(reverse("plans:plan-undo", args=[plan.pk]))
    assert titles(plan) == []


@pytest.mark.parametrize("wrong", ["nothing", "a clock", "another plan’s priority", "nonsense"])
def test_what_is_no_duty_is_refused(browser, plan, priority_elsewhere, url, yearly_report, wrong):
    clock = Rule.objects.get(rule_set__code="wt2018", code="rapid-review")
    data = {
        "nothing": {"priority": ""},
        "a clock": {"duties": [clock.pk]},
        "another plan’s priority": {"duties": [yearly_report.pk], "priority": priority_elsewhere.pk},
        "nonsense": {"duties": ["x"]},
    }[wrong]
    before = Deliverable.objects.count()
    assert (browser.post(url, data).status_code, Deliverable.objects.count()) == (422, before)


def test_ticks_stay_when_the_page_comes_back(browser, priority_elsewhere, url, yearly_report):
    page = browser.post(url, {"duties": [yearly_report.pk], "priority": priority_elsewhere.pk})
    assert (
        f'value="{yearly_report.pk}" aria-describedby="duty-{yearly_report.pk}-hint" checked' in page.content.decode()
    )


def test_only_the_office_takes_duties_in(client_of, stranger, lead, draft_plan, url):
    draft = reverse("plans:duties-add", args=[draft_plan.pk])
    assert (client_of(stranger).get(draft).status_code, client_of(lead).post(url).status_code) == (404, 403)
    Plan.objects.update(status=Plan.Status.CLOSED)
    assert client_of(lead).get(url).status_code == 403


def test_the_page_takes_as_many_queries_with_ten_duties_in_the_plan_as_with_one(
    browser, plan, url, django_assert_max_num_queries
):
    rules = list(Rule.objects.filter(rule_set__code="wt2018", unit="duty"))
    add_duties(plan, None, rules[:1])
    with django_assert_max_num_queries(60) as at_one:
        browser.get(url)
    add_duties(plan, None, rules[1:10])
    with django_assert_max_num_queries(len(at_one)):
        browser.get(url)
