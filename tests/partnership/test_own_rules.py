"""A partnership's own rule set: headings and recipients of its report, and nothing by which a date is counted."""

import pytest
from django.urls import reverse

from partnership.models import Rule, RuleSet
from tests.conftest import TODAY
from tests.factories import RuleFactory, RuleSetFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rule_sets")]


@pytest.fixture
def own(client, office, partnership):
    """Made by the office from the edition of 2018."""
    client.force_login(office)
    edition = RuleSet.objects.get(code="wt2018")
    answer = client.post(
        reverse("partnership:own-rule-set-add"),
        {"partnership": partnership.pk, "title": "Our own", "taken_from": edition.pk, "note": ""},
    )
    assert answer.status_code == 302
    return RuleSet.objects.get(title="Our own")


def test_it_begins_with_headings_and_recipients_of_an_edition_and_never_with_clocks(own, partnership):
    taken = RuleSet.objects.get(code="wt2018").rules.filter(unit__in=["heading", "recipient"])
    fields = ["code", "title", "words", "evidence", "unit", "number", "source", "verified_on"]
    assert own.partnership == partnership
    assert list(own.rules.order_by("code").values(*fields)) == list(taken.order_by("code").values(*fields))


def test_no_date_is_counted_by_it(partnership):
    def counted():
        return list(
            Rule.objects.clock("copies", on=TODAY, audience="children").values_list("rule_set__code", flat=True)
        )

    before = counted()
    own = RuleSetFactory(code="ours", in_force_from=TODAY)
    clock = RuleFactory(rule_set=own, code="copies", unit="days", number=1, counted_from="publication")
    assert counted() == ["ours", *before]
    own.partnership = partnership
    own.save()
    assert counted() == before
    assert clock.is_clock


def test_a_heading_is_added_with_the_evidence_of_another_moved_and_removed(client, own):
    address = reverse("partnership:own-rule-add", args=[own.pk, "heading"])
    answer = client.post(address, {"title": "What it cost", "files": "costs", "source": "Our executive"})
    assert answer.status_code == 302
    rule = own.rules.get(title="What it cost")
    assert (rule.code, rule.unit, rule.verified_on) == ("costs", "heading", None)
    assert client.post(address, {"title": "what it  cost", "source": "Ours"}).status_code == 422
    client.post(reverse("partnership:rule-move", args=[rule.pk]), {"do": "up"})
    headings = own.rules.filter(unit="heading").order_by("position", "code")
    assert [each.code for each in headings][-2:] == ["costs", "arrangements"]
    client.post(reverse("partnership:rule-remove", args=[rule.pk]))
    assert not own.rules.filter(code="costs").exists()


def test_a_recipient_is_added_with_its_days(client, own):
    address = reverse("partnership:own-rule-add", args=[own.pk, "recipient"])
    client.post(address, {"title": "The parish councils", "number": "14", "source": "Our executive"})
    rule = own.rules.get(title="The parish councils")
    assert (rule.unit, rule.number, rule.counted_from) == ("recipient", 14, "publication")


def test_another_partnership_does_not_learn_of_it(client, own, stranger):
    client.logout()
    client.force_login(stranger)
    assert client.get(own.get_absolute_url()).status_code == 404
    assert "“Our own”" not in client.get(own.get_absolute_url()).content.decode()
    assert f">{own.title}<" not in client.get(reverse("partnership:rule-set-list")).content.decode()
