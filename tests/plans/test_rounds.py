"""The cycle: updates are superseded and never lost."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from plans.answering import repeat_line
from plans.models import Update
from plans.rounds import RoundClosed, open_round, submit_update
from tests.conftest import TODAY


def answers(rating, progress="Held the first session"):
    return {"rating": rating, "progress": progress, "risk": "", "difference_made": "", "voice": ""}


def rating_of(plan, code):
    return next(rating for rating in plan.ratings if rating.code == code)


def test_later_update_in_a_round_supersedes_and_keeps_the_earlier(led_deliverable, round_open, lead, office, plan):
    first = submit_update(led_deliverable, round=round_open, by=lead, on=TODAY, **answers(rating_of(plan, "G")))
    second = submit_update(led_deliverable, round=round_open, by=office, on=TODAY, **answers(rating_of(plan, "A")))
    first.refresh_from_db()
    in_round = led_deliverable.updates.in_round(round_open)
    assert (first.superseded_by, list(in_round.current()), in_round.count()) == (second, [second], 2)


def test_same_as_last_time_repeats_words_and_rating(led_deliverable, round_open, past_update, lead):
    update, _is_new = repeat_line(led_deliverable, round=round_open, by=lead, at=timezone.now())
    assert (update.progress, update.rating, update.is_unchanged) == (past_update.progress, past_update.rating, True)


@pytest.fixture
def round_closed(round_past):
    """Closed for good by the office."""
    round_past.closed_at = timezone.now()
    round_past.save()
    return round_past


def test_closed_round_takes_no_update(led_deliverable, round_closed, lead, plan):
    with pytest.raises(RoundClosed):
        submit_update(led_deliverable, round=round_closed, by=lead, on=TODAY, **answers(rating_of(plan, "G")))
    assert Update.objects.count() == 0


def test_round_may_not_overlap_another(plan, round_open):
    with pytest.raises(ValidationError):
        open_round(
            plan,
            name="Again",
            starts_on=round_open.starts_on,
            ends_on=round_open.ends_on,
            opens_on=TODAY,
            closes_on=TODAY,
        )
    assert plan.rounds.filter(name="Again").count() == 0


def typed(deliverable, **answers):
    """``answers`` as the page names them."""
    return {f"d{deliverable.pk}-{name}": value for name, value in answers.items()}


def update_url(deliverable):
    return reverse("plans:deliverable-update", args=[deliverable.pk])


def test_lead_updates_in_one_form_and_lands_on_my_work(client_of, lead, led_deliverable, round_open, plan):
    response = client_of(lead).post(
        update_url(led_deliverable),
        typed(led_deliverable, rating=rating_of(plan, "G").pk, progress="Two visits", voice="“It helped”"),
    )
    assert response.headers["Location"] == reverse("assurance:my-work")
    update = led_deliverable.updates.get()
    assert (update.progress, update.voice, update.submitted_by) == ("Two visits", "“It helped”", lead)


def test_partner_who_leads_nothing_is_refused(client_of, partner, led_deliverable, round_open, plan):
    url = update_url(led_deliverable)
    assert client_of(partner).get(url).status_code == 403
    assert (
        client_of(partner).post(url, typed(led_deliverable, rating=rating_of(plan, "G").pk, progress="x")).status_code
        == 403
    )
    assert Update.objects.count() == 0


def test_done_needs_the_difference_made_and_keeps_what_was_typed(client_of, lead, led_deliverable, round_open, plan):
    done = next(rating for rating in plan.ratings if rating.is_done)
    answers = typed(led_deliverable, rating=done.pk, progress="All <b>done</b>")
    response = client_of(lead).post(update_url(led_deliverable), answers)
    assert response.status_code == 422
    assert list(response.context["row"].errors) == ["difference_made"]
    assert "All &lt;b&gt;done&lt;/b&gt;" in response.content.decode()


def test_words_for_a_closed_round_stay_on_the_page(client_of, lead, led_deliverable, round_closed, plan):
    response = client_of(lead).post(
        update_url(led_deliverable),
        typed(led_deliverable, rating=rating_of(plan, "G").pk, progress="Typed too late"),
    )
    assert response.status_code == 409
    assert "Typed too late" in response.content.decode()
    assert Update.objects.count() == 0


# Milestones


def test_milestone_is_met_by_its_lead_and_by_no_stranger(client_of, lead, partner, led_deliverable, plan):
    milestone = led_deliverable.activities.first().milestones.first()
    milestone.met_on = None
    milestone.save()
    url = reverse("plans:milestone-meet", args=[milestone.pk])
    assert client_of(partner).post(url).status_code == 403
    client_of(lead).post(url)
    milestone.refresh_from_db()
    assert milestone.met_on == TODAY
