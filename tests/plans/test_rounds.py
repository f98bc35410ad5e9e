"""The cycle: updates are superseded and never lost; two groups judge, and both are kept."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnership.models import GroupMember
from plans.models import PriorityReview, Update
from plans.review_forms import DecisionForm, ProposalForm
from plans.rounds import RoundClosed, decide_rating, open_round, propose_rating, repeat_update, submit_update
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
    update = repeat_update(led_deliverable, round=round_open, by=lead, on=TODAY)
    assert (update.progress, update.rating, update.is_unchanged) == (past_update.progress, past_update.rating, True)


def test_closed_round_takes_no_update(led_deliverable, round_past, lead, plan):
    with pytest.raises(RoundClosed):
        submit_update(led_deliverable, round=round_past, by=lead, on=TODAY, **answers(rating_of(plan, "G")))
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


def update_url(deliverable):
    return reverse("plans:deliverable-update", args=[deliverable.pk])


def test_lead_updates_in_one_form_and_lands_on_my_work(client_of, lead, led_deliverable, round_open, plan):
    response = client_of(lead).post(
        update_url(led_deliverable),
        {"rating": rating_of(plan, "G").pk, "progress": "Two visits", "voice": "“It helped”"},
    )
    assert response.headers["Location"] == reverse("assurance:my-work")
    update = led_deliverable.updates.get()
    assert (update.progress, update.voice, update.submitted_by) == ("Two visits", "“It helped”", lead)


def test_partner_who_leads_nothing_is_refused(client_of, partner, led_deliverable, round_open, plan):
    url = update_url(led_deliverable)
    assert client_of(partner).get(url).status_code == 403
    assert client_of(partner).post(url, {"rating": rating_of(plan, "G").pk, "progress": "x"}).status_code == 403
    assert Update.objects.count() == 0


def test_done_needs_the_difference_made_and_keeps_what_was_typed(client_of, lead, led_deliverable, round_open, plan):
    done = next(rating for rating in plan.ratings if rating.is_done)
    response = client_of(lead).post(update_url(led_deliverable), {"rating": done.pk, "progress": "All <b>done</b>"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["difference_made"]
    assert "All &lt;b&gt;done&lt;/b&gt;" in response.content.decode()


def test_words_for_a_closed_round_stay_on_the_page(client_of, lead, led_deliverable, round_past, plan):
    response = client_of(lead).post(
        update_url(led_deliverable), {"rating": rating_of(plan, "G").pk, "progress": "Typed too late"}
    )
    assert response.status_code == 409
    assert "Typed too late" in response.content.decode()
    assert Update.objects.count() == 0


# Ratings proposed and decided


@pytest.fixture
def review(plan, round_open):
    return PriorityReview(priority=plan.priorities.first(), round=round_open)


def test_decision_stands_beside_the_proposal(review, scrutiny_chair, executive_chair, plan):
    amber, red = rating_of(plan, "A"), rating_of(plan, "R")
    review = propose_rating(review, by=scrutiny_chair, proposed_rating=amber, scrutiny_comments="Liked and used")
    review = decide_rating(review, by=executive_chair, decided_rating=red, decision_reason="Slipped twice")
    review.refresh_from_db()
    assert (review.proposed_rating, review.decided_rating, review.rating, review.differs) == (amber, red, red, True)
    assert (review.proposed_by, review.decided_by) == (scrutiny_chair, executive_chair)


def test_a_different_decision_needs_a_reason(review, scrutiny_chair, executive_chair, plan):
    review = propose_rating(review, by=scrutiny_chair, proposed_rating=rating_of(plan, "A"), scrutiny_comments="x")
    with pytest.raises(ValidationError):
        decide_rating(review, by=executive_chair, decided_rating=rating_of(plan, "R"), decision_reason=" ")
    review.refresh_from_db()
    assert review.decided_at is None


def test_the_proposer_may_not_decide(review, scrutiny_chair, plan):
    review = propose_rating(review, by=scrutiny_chair, proposed_rating=rating_of(plan, "A"), scrutiny_comments="x")
    with pytest.raises(ValidationError):
        decide_rating(review, by=scrutiny_chair, decided_rating=rating_of(plan, "A"))


def test_nothing_is_decided_before_it_is_proposed_nor_twice(review, scrutiny_chair, executive_chair, plan):
    amber = rating_of(plan, "A")
    with pytest.raises(ValidationError):
        decide_rating(review, by=executive_chair, decided_rating=amber)
    review = propose_rating(review, by=scrutiny_chair, proposed_rating=amber, scrutiny_comments="x")
    decide_rating(review, by=executive_chair, decided_rating=amber)
    with pytest.raises(ValidationError):
        decide_rating(review, by=executive_chair, decided_rating=amber)
    with pytest.raises(ValidationError):
        propose_rating(review, by=scrutiny_chair, proposed_rating=amber)


def stage_url(stage, review):
    return reverse(f"plans:review-{stage}", args=[review.priority.pk, review.round.pk])


def test_each_chair_is_refused_at_the_others_stage(client_of, review, scrutiny_chair, executive_chair, office):
    refused = {
        (stage, who.name): client_of(who).post(stage_url(stage, review)).status_code
        for stage, who in [
            ("decide", scrutiny_chair),
            ("propose", executive_chair),
            ("propose", office),
            ("decide", office),
        ]
    }
    assert set(refused.values()) == {403}
    assert PriorityReview.objects.count() == 0


def test_both_stages_through_the_pages(client_of, review, scrutiny_chair, executive_chair, plan):
    amber, red = rating_of(plan, "A"), rating_of(plan, "R")
    client_of(scrutiny_chair).post(
        stage_url("propose", review), {"proposed_rating": amber.pk, "scrutiny_comments": "Liked and used"}
    )
    refused = client_of(executive_chair).post(stage_url("decide", review), {"decided_rating": red.pk})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["decision_reason"])
    client_of(executive_chair).post(
        stage_url("decide", review), {"decided_rating": red.pk, "decision_reason": "Slipped twice"}
    )
    kept = PriorityReview.objects.get()
    assert (kept.proposed_rating, kept.decided_rating) == (amber, red)
    page = client_of(executive_chair).get(stage_url("detail", review)).content.decode()
    assert "Slipped twice" in page and "Liked and used" in page


def test_milestone_is_met_by_its_lead_and_by_no_stranger(client_of, lead, partner, led_deliverable, plan):
    milestone = led_deliverable.activities.first().milestones.first()
    milestone.met_on = None
    milestone.save()
    url = reverse("plans:milestone-meet", args=[milestone.pk])
    assert client_of(partner).post(url).status_code == 403
    client_of(lead).post(url)
    milestone.refresh_from_db()
    assert milestone.met_on == TODAY


def test_one_who_chairs_both_groups_decides_what_another_proposed(
    client_of, review, scrutiny_chair, executive_chair, scrutiny_group, plan
):
    post = executive_chair.holdings.first().post
    GroupMember.objects.create(group=scrutiny_group, post=post, role=GroupMember.Role.VICE_CHAIR)
    url = stage_url("detail", review)
    client = client_of(executive_chair)
    assert isinstance(client.get(url).context["form"], ProposalForm)
    propose_rating(review, by=scrutiny_chair, proposed_rating=rating_of(plan, "A"), scrutiny_comments="x")
    assert isinstance(client.get(url).context["form"], DecisionForm)
