"""Who answers for a promise today, behind the words of the plan."""

from datetime import date

import pytest

from partnership.models import PostHolding
from plans.models import DeliverableLead

pytestmark = pytest.mark.django_db
TODAY = date(2027, 1, 12)


def names(deliverable, *, on=TODAY):
    return [lead.holder_names for lead in deliverable.leads.with_holders(on=on)]


def test_the_holder_of_the_post_or_the_chair_of_the_group(led_deliverable, group_deliverable, lead, chair):
    assert names(led_deliverable) == [[lead.name]]
    assert names(group_deliverable) == [[chair.name]]


def test_nobody_before_they_came_nor_after_they_left(led_deliverable, lead):
    PostHolding.objects.filter(user=lead).update(from_on=date(2026, 1, 1), to_on=date(2026, 12, 31))
    assert names(led_deliverable) == [[]]
    assert names(led_deliverable, on=date(2026, 12, 31)) == [[lead.name]]
    assert names(led_deliverable, on=date(2025, 12, 31)) == [[]]


def test_the_page_says_who_where_nobody_is_and_where_nothing_is_linked(client_of, office, led_deliverable, lead):
    page = client_of(office).get(led_deliverable.get_absolute_url()).content.decode()
    assert f"Now {lead.name}" in page
    PostHolding.objects.filter(user=lead).update(to_on=date(2026, 12, 31))
    assert "Vacant: nobody is asked" in client_of(office).get(led_deliverable.get_absolute_url()).content.decode()
    DeliverableLead.objects.filter(deliverable=led_deliverable).update(post=None)
    page = client_of(office).get(led_deliverable.get_absolute_url()).content.decode()
    assert "Not linked to a post or group, so nobody is asked" in page
