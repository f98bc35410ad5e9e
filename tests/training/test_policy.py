"""Rules of training: shown to members with where the usual numbers come from, changed by whoever runs the training."""

import pytest
from django.urls import reverse

from training.models import TrainingPolicy

pytestmark = pytest.mark.django_db


def url(partnership, name="policy"):
    return reverse(f"training:{name}", args=[partnership.pk])


def answers(**more):
    return {
        "free_places_per_trainer_day": "10",
        "trainer_day_charge": "100",
        "non_attendance_charge": "50",
        "free_cancelling_days": "5",
        "confirm_hours": "48",
        "agreement_days": "5",
        "fill_until_days": "2",
        "remind_days_before": "5",
        "later_weeks": "6",
        "later_closing_weeks": "8",
        "fewest_answers": "5",
        "private_domains": "gmail.com",
    } | more


def test_members_read_the_usual_rules_and_where_they_come_from(client_of, partner, partnership):
    page = client_of(partner).get(url(partnership)).content.decode()
    assert "These are the usual rules, not yet yours" in page
    assert "Usually 10: Northumberland’s, in 2014-15." in page
    assert "Change the rules" not in page


def test_the_coordinator_changes_them(client_of, training_coordinator, partnership):
    sent = answers(is_charging="on", non_attendance_charge="65.50", private_domains="@Gmail.com, aol.com gmail.com")
    response = client_of(training_coordinator).post(url(partnership, "policy-change"), sent)
    policy = TrainingPolicy.objects.get(partnership=partnership)
    assert (response.status_code, response.url) == (302, url(partnership))
    assert (policy.is_charging, policy.non_attendance_charge, policy.private_domains) == (
        True,
        65.5,
        "gmail.com\naol.com",
    )


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("free_places_per_trainer_day", "0", "Enter 1 or more"),
        ("fewest_answers", "4", "Enter 5 or more"),
        ("fewest_answers", "51", "Enter 50 or fewer"),
        ("later_closing_weeks", "6", "They are sent after 6 weeks. Enter a higher number"),
        ("non_attendance_charge", "-5", "Enter 0 or more"),
        ("confirm_hours", "two", "Enter a whole number, in figures"),
        ("private_domains", "gmail", "“gmail” is no end of an address. Enter one a line, like gmail.com"),
    ],
)
def test_what_cannot_be_a_rule_is_refused(client_of, office, partnership, field, typed, words):
    response = client_of(office).post(url(partnership, "policy-change"), answers(**{field: typed}))
    assert (response.status_code, dict(response.context["form"].errors)) == (422, {field: [words]})
    assert not TrainingPolicy.objects.exists()


def test_two_who_change_the_rules_see_both_versions(client_of, training_coordinator, office, partnership):
    TrainingPolicy.objects.create(partnership=partnership)
    seen = client_of(office).get(url(partnership, "policy-change")).context["form"]["seen"].value()
    client_of(training_coordinator).post(url(partnership, "policy-change"), answers(later_weeks="7"))
    late = client_of(office).post(url(partnership, "policy-change"), answers(later_weeks="5", seen=seen))
    assert late.status_code == 409
    assert "It now says “7”" in late.content.decode()


def test_the_first_change_of_two_at_once_is_not_lost(client_of, training_coordinator, office, partnership):
    client_of(training_coordinator).post(url(partnership, "policy-change"), answers(later_weeks="7"))
    client_of(office).post(url(partnership, "policy-change"), answers(later_weeks="5"))
    assert list(TrainingPolicy.objects.values_list("later_weeks", flat=True)) == [5]


def test_whoever_has_one_partnership_is_led_to_its_rules(client_of, partner, office, partnership):
    address = reverse("training:policies")
    assert client_of(partner).get(address).url == url(partnership)
    assert url(partnership) in client_of(office).get(address).content.decode()
