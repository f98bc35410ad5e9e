"""Two groups judge a priority: both stages are kept, corrected in sight, and nothing that was typed is lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnership.models import GroupMember
from plans.models import EarlierDecision, PriorityReview, ReviewAction, ReviewDraft
from plans.review_forms import DecisionForm, ProposalForm
from plans.reviewing import correct_decision, decide_rating, keep_draft, log_action, propose_rating
from plans.rounds import close_round
from tests.at_once import at_once
from tests.factories import PostFactory, PostHoldingFactory, PriorityFactory, RatingFactory, UserFactory
from tests.plans.test_plan_page import count_queries

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def review(plan, round_open):
    """Of priority 1 in the open round; nothing said yet."""
    return PriorityReview(priority=plan.priorities.get(position=1), round=round_open)


@pytest.fixture
def proposed(review, scrutiny_chair, ratings):
    return propose(review, scrutiny_chair, ratings["A"])


@pytest.fixture
def decided(proposed, executive_chair, ratings):
    """Amber, as proposed."""
    return decide(proposed, executive_chair, ratings["A"])


def propose(review, by, rating, **answers):
    return propose_rating(review, by=by, at=NOW, proposed_rating=rating, scrutiny_comments="Liked and used", **answers)


def decide(review, by, rating, **answers):
    return decide_rating(review, by=by, at=NOW, decided_rating=rating, **answers)


def address(verb, review, *more):
    return reverse(f"plans:review-{verb}", args=[review.priority.pk, review.round.pk, *more])


def another_chair(group, name="Vera Vice"):
    """A vice chair of ``group``."""
    post = PostFactory(title=f"Vice chair of {group}")
    user = UserFactory(name=name)
    PostHoldingFactory(post=post, user=user, from_on=date(2025, 4, 1))
    GroupMember.objects.create(group=group, post=post, role=GroupMember.Role.VICE_CHAIR, from_on=date(2025, 4, 1))
    return user


# The two stages


def test_decision_stands_beside_the_proposal(review, scrutiny_chair, executive_chair, ratings):
    review = propose(review, scrutiny_chair, ratings["A"])
    review = decide(review, executive_chair, ratings["R"], decision_reason="Slipped twice")
    review.refresh_from_db()
    amber, red = ratings["A"], ratings["R"]
    assert (review.proposed_rating, review.decided_rating, review.rating, review.differs) == (amber, red, red, True)
    assert (review.proposed_by, review.decided_by) == (scrutiny_chair, executive_chair)


def test_a_different_decision_needs_a_reason(proposed, executive_chair, ratings):
    with pytest.raises(ValidationError):
        decide(proposed, executive_chair, ratings["R"], decision_reason=" ")
    proposed.refresh_from_db()
    assert proposed.decided_at is None


def test_nothing_is_decided_before_it_is_proposed_nor_twice(review, scrutiny_chair, executive_chair, ratings):
    with pytest.raises(ValidationError):
        decide(review, executive_chair, ratings["A"])
    review = propose(review, scrutiny_chair, ratings["A"])
    decide(review, executive_chair, ratings["A"])
    with pytest.raises(ValidationError):
        decide(review, executive_chair, ratings["A"])
    with pytest.raises(ValidationError):
        propose(review, scrutiny_chair, ratings["A"])


def test_each_chair_is_refused_at_the_others_stage(client_of, review, scrutiny_chair, executive_chair, office):
    refused = {
        (stage, who.name): client_of(who).post(address(stage, review)).status_code
        for stage, who in [
            ("decide", scrutiny_chair),
            ("propose", executive_chair),
            ("propose", office),
            ("decide", office),
        ]
    }
    assert set(refused.values()) == {403}
    assert PriorityReview.objects.count() == 0


def test_both_stages_through_the_pages(client_of, review, scrutiny_chair, executive_chair, ratings):
    amber, red = ratings["A"], ratings["R"]
    client_of(scrutiny_chair).post(
        address("propose", review), {"proposed_rating": amber.pk, "scrutiny_comments": "Liked and used"}
    )
    client = client_of(executive_chair)
    refused = client.post(address("decide", review), {"decided_rating": red.pk, "decision_comments": "Too slow"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["decision_reason"])
    assert "Too slow" in refused.content.decode()
    client.post(address("decide", review), {"decided_rating": red.pk, "decision_reason": "Slipped twice"})
    kept = PriorityReview.objects.get()
    assert (kept.proposed_rating, kept.decided_rating) == (amber, red)
    page = client.get(address("detail", review)).content.decode()
    assert "Slipped twice" in page and "Liked and used" in page and "Amber was proposed." in page


def test_a_worse_proposal_than_last_rounds_decision_says_why(
    client_of, review, review_proposed, scrutiny_chair, executive_chair, ratings
):
    decide(review_proposed, executive_chair, ratings["A"])
    client, url = client_of(scrutiny_chair), address("propose", review)
    answers = {"proposed_rating": ratings["R"].pk, "scrutiny_comments": "Worse"}
    refused = client.post(url, answers)
    assert (refused.status_code, dict(refused.context["form"].errors)) == (
        422,
        {"worsening_reason": ["Say why it is worse than Amber, last round’s rating"]},
    )
    assert client.post(url, {**answers, "worsening_reason": "The trial has stopped."}).status_code == 302


def test_a_vice_chair_proposes(client_of, review, scrutiny_group, ratings):
    vice = another_chair(scrutiny_group)
    client_of(vice).post(address("propose", review), {"proposed_rating": ratings["G"].pk, "scrutiny_comments": "Good"})
    assert PriorityReview.objects.get().proposed_by == vice


def test_one_who_chairs_both_groups_decides_what_another_proposed(
    client_of, review, scrutiny_chair, executive_chair, scrutiny_group, ratings
):
    post = executive_chair.holdings.first().post
    GroupMember.objects.create(group=scrutiny_group, post=post, role=GroupMember.Role.VICE_CHAIR)
    client = client_of(executive_chair)
    assert isinstance(client.get(address("detail", review)).context["form"], ProposalForm)
    propose(review, scrutiny_chair, ratings["A"])
    assert isinstance(client.get(address("detail", review)).context["form"], DecisionForm)


@pytest.mark.parametrize("worded_anew", [False, True])
def test_one_who_chairs_both_groups_never_decides_what_they_proposed(
    client_of, review, scrutiny_chair, executive_chair, scrutiny_group, ratings, worded_anew
):
    """Not even where somebody else has changed a word of it since."""
    post = executive_chair.holdings.first().post
    GroupMember.objects.create(group=scrutiny_group, post=post, role=GroupMember.Role.VICE_CHAIR)
    review = propose(review, executive_chair, ratings["A"])
    if worded_anew:
        propose(review, scrutiny_chair, ratings["A"], scrutiny_risks="Vacancies")
    client, said = client_of(executive_chair), "You proposed this rating, so somebody else must decide it."
    shown = client.get(address("detail", review))
    assert isinstance(shown.context["form"], ProposalForm)
    assert said in shown.content.decode()
    refused = client.post(address("decide", review), {"decided_rating": ratings["A"].pk})
    assert (refused.status_code, refused.context["form"].non_field_errors()) == (422, [said])
    assert PriorityReview.objects.get().decided_at is None


def test_a_chair_who_left_between_opening_the_page_and_sending_it_is_refused(
    client_of, proposed, executive_chair, executive, ratings
):
    client, url = client_of(executive_chair), address("decide", proposed)
    assert client.get(url).status_code == 200
    executive.members.update(to_on=date(2027, 1, 11))
    assert client.post(url, {"decided_rating": ratings["A"].pk}).status_code == 404
    proposed.refresh_from_db()
    assert proposed.decided_at is None


def test_a_review_may_follow_after_the_office_has_closed_the_round(
    client_of, review, office, scrutiny_chair, executive_chair, ratings
):
    close_round(review.round, by=office, at=NOW)
    answers = {"proposed_rating": ratings["A"].pk, "scrutiny_comments": "Read once all had answered"}
    assert client_of(scrutiny_chair).post(address("propose", review), answers).status_code == 302
    client_of(executive_chair).post(address("decide", review), {"decided_rating": ratings["A"].pk})
    assert PriorityReview.objects.get().decided_rating == ratings["A"]


def test_a_round_that_has_not_begun_is_not_judged(client_of, review, scrutiny_chair, ratings):
    review.round.opens_on = date(2027, 1, 13)
    review.round.save()
    answers = {"proposed_rating": ratings["A"].pk, "scrutiny_comments": "Too soon"}
    refused = client_of(scrutiny_chair).post(address("propose", review), answers)
    assert (refused.status_code, refused.context["form"].non_field_errors()) == (
        422,
        [f"The round {review.round} has not begun, so there is nothing to judge yet."],
    )
    assert "Too soon" in refused.content.decode()


def test_a_rating_of_another_plans_key_is_refused(client_of, review, scrutiny_chair):
    from_elsewhere = RatingFactory()
    refused = client_of(scrutiny_chair).post(
        address("propose", review), {"proposed_rating": from_elsewhere.pk, "scrutiny_comments": "x"}
    )
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["proposed_rating"])


def test_hostile_words_are_words(client_of, review, scrutiny_chair, ratings):
    client, url = client_of(scrutiny_chair), address("propose", review)
    long = client.post(url, {"proposed_rating": ratings["A"].pk, "scrutiny_comments": "x" * 1_000_000})
    assert (long.status_code, list(long.context["form"].errors)) == (422, ["scrutiny_comments"])
    client.post(url, {"proposed_rating": ratings["A"].pk, "scrutiny_comments": "🙂 <script>alert(1)</script>"})
    page = client_of(scrutiny_chair).get(address("detail", review)).content.decode()
    assert "🙂 &lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page


# Two who write at once


def test_the_second_of_two_chairs_sees_both_versions_and_chooses(
    client_of, review, scrutiny_chair, scrutiny_group, ratings
):
    url = address("propose", review)
    client = client_of(another_chair(scrutiny_group))
    seen = client.get(url).context["form"]["seen"].value()
    propose(review, scrutiny_chair, ratings["A"])
    mine = {"proposed_rating": ratings["G"].pk, "scrutiny_comments": "All well", "seen": seen}
    refused = client.post(url, mine)
    page = refused.content.decode()
    assert (refused.status_code, sorted(refused.context["form"].errors)) == (
        409,
        ["proposed_rating", "scrutiny_comments"],
    )
    assert "Liked and used" in page and "All well" in page
    again = {**mine, "seen": refused.context["form"]["seen"].value()}
    assert client.post(url, again).status_code == 302
    assert PriorityReview.objects.get().scrutiny_comments == "All well"


def test_a_decision_on_a_proposal_that_changed_meanwhile_is_asked_again(
    client_of, proposed, scrutiny_chair, executive_chair, ratings
):
    client, url = client_of(executive_chair), address("decide", proposed)
    shown = client.get(url).context["form"]
    propose_rating(
        proposed,
        by=scrutiny_chair,
        at=NOW + timedelta(hours=1),
        proposed_rating=ratings["G"],
        scrutiny_comments="The figures came",
    )
    answers = {
        "decided_rating": ratings["A"].pk,
        "decision_comments": "As proposed",
        "seen": shown["seen"].value(),
        "proposal": shown["proposal"].value(),
    }
    refused = client.post(url, answers)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Ruth Adeyinka-Cole now proposes Green" in page and "As proposed" in page and "The figures came" in page
    again = {**answers, "proposal": refused.context["form"]["proposal"].value(), "decision_reason": "We waited"}
    assert client.post(url, again).status_code == 302
    assert PriorityReview.objects.get().decided_rating == ratings["A"]


def test_a_decision_sent_twice_is_one_and_a_second_chairs_other_decision_is_refused(
    client_of, proposed, executive, executive_chair, ratings
):
    client, url = client_of(executive_chair), address("decide", proposed)
    shown = client.get(url).context["form"]
    answers = {
        "decided_rating": ratings["A"].pk,
        "decision_comments": "Agreed",
        "seen": shown["seen"].value(),
        "proposal": shown["proposal"].value(),
    }
    assert [client.post(url, answers).status_code for _press in range(2)] == [302, 302]
    decided_at = PriorityReview.objects.get().decided_at
    vice = client_of(another_chair(executive))
    other = {**answers, "decided_rating": ratings["R"].pk, "decision_reason": "No"}
    refused = vice.post(url, other)
    assert refused.status_code == 409
    refused = vice.post(url, {**other, "seen": refused.context["form"]["seen"].value()})
    assert (refused.status_code, refused.context["form"].non_field_errors()) == (
        422,
        ["The decision is already recorded. It stands for this round."],
    )
    kept = PriorityReview.objects.get()
    assert (kept.decided_rating, kept.decided_by, kept.decided_at) == (ratings["A"], executive_chair, decided_at)


@pytest.mark.django_db(transaction=True)
def test_of_two_chairs_who_press_at_the_same_moment_one_is_asked(
    client_of, review, scrutiny_chair, scrutiny_group, ratings
):
    url = address("propose", review)
    clients = [client_of(scrutiny_chair), client_of(another_chair(scrutiny_group))]
    seen = [client.get(url).context["form"]["seen"].value() for client in clients]

    def press(number):
        answers = {"proposed_rating": ratings["AG"[number]].pk, "scrutiny_comments": f"Of {number}"}
        return clients[number].post(url, answers | {"seen": seen[number]}).status_code

    assert sorted(at_once(lambda: press(0), lambda: press(1))) == [302, 409]
    assert PriorityReview.objects.count() == 1


# Drafts


def test_what_a_chair_has_typed_waits_for_them_and_for_nobody_else(
    client_of, review, scrutiny_chair, scrutiny_group, ratings
):
    client, url = client_of(scrutiny_chair), address("detail", review)
    typed = {"proposed_rating": ratings["G"].pk, "scrutiny_comments": "Half a sent"}
    kept = client.post(address("draft", review, "propose"), typed, headers={"hx-request": "true"})
    assert kept.content.decode().strip() == "Saved as a draft at 09:00. You can close this page and come back."
    page = client.get(url)
    assert page.context["form"]["scrutiny_comments"].value() == "Half a sent"
    assert "have not recorded it" in page.content.decode()
    assert "Half a sent" not in client_of(another_chair(scrutiny_group)).get(url).content.decode()
    assert PriorityReview.objects.count() == 0


def test_recording_ends_the_draft(client_of, review, scrutiny_chair, ratings):
    client = client_of(scrutiny_chair)
    answers = {"proposed_rating": ratings["G"].pk, "scrutiny_comments": "Done"}
    client.post(address("draft", review, "propose"), answers)
    client.post(address("propose", review), answers)
    assert ReviewDraft.objects.count() == 0


def test_a_draft_that_says_what_is_recorded_is_no_draft(client_of, proposed, scrutiny_chair, ratings):
    """A script may keep one more draft while the form is on its way."""
    answers = {"proposed_rating": str(ratings["A"].pk), "scrutiny_comments": "Liked and used", "scrutiny_risks": ""}
    keep_draft(proposed, stage="propose", by=scrutiny_chair, at=NOW, answers=answers)
    page = client_of(scrutiny_chair).get(address("detail", proposed)).content.decode()
    assert "have not recorded it" not in page


def test_a_draft_begun_before_somebody_else_wrote_is_still_guarded(
    client_of, review, scrutiny_chair, scrutiny_group, ratings
):
    client = client_of(another_chair(scrutiny_group))
    seen = client.get(address("propose", review)).context["form"]["seen"].value()
    typed = {"proposed_rating": ratings["G"].pk, "scrutiny_comments": "All well", "seen": seen}
    client.post(address("draft", review, "propose"), typed)
    propose(review, scrutiny_chair, ratings["A"])
    form = client.get(address("propose", review)).context["form"]
    again = {"proposed_rating": ratings["G"].pk, "scrutiny_comments": "All well", "seen": form["seen"].value()}
    assert client.post(address("propose", review), again).status_code == 409


def test_a_draft_can_be_thrown_away(client_of, review, scrutiny_chair):
    client = client_of(scrutiny_chair)
    client.post(address("draft", review, "propose"), {"scrutiny_comments": "No"})
    client.post(address("draft", review, "propose"), {"scrutiny_comments": "No", "forget": "yes"})
    assert ReviewDraft.objects.count() == 0


def test_a_draft_is_kept_where_its_stage_is_ones_own_and_not_over(
    client_of, decided, scrutiny_chair, executive_chair, office
):
    draft = address("draft", decided, "propose")
    people = [scrutiny_chair, executive_chair, office]
    assert [client_of(who).post(draft, {}).status_code for who in people] == [302, 403, 403]
    late = client_of(scrutiny_chair).post(draft, {"scrutiny_comments": "x"}, headers={"hx-request": "true"})
    assert (late.status_code, ReviewDraft.objects.count()) == (204, 0)
    assert client_of(scrutiny_chair).post(address("draft", decided, "burn"), {}).status_code == 404


# Corrections


def test_a_decision_recorded_wrongly_is_corrected_and_the_first_stays(
    client_of, decided, executive_chair, office, ratings
):
    client = client_of(executive_chair)
    shown = client.get(address("correct", decided)).context["form"]
    answers = {
        "because": "The minutes say green.",
        "decided_rating": ratings["G"].pk,
        "decision_reason": "Both units have begun.",
        "seen": shown["seen"].value(),
        "proposal": shown["proposal"].value(),
    }
    assert client.post(address("correct", decided), answers).status_code == 302
    decided.refresh_from_db()
    first = EarlierDecision.objects.get()
    assert (decided.decided_rating, first.rating, first.decided_by, first.corrected_because) == (
        ratings["G"],
        ratings["A"],
        executive_chair,
        "The minutes say green.",
    )
    page = client_of(office).get(address("detail", decided)).content.decode()
    assert "The minutes say green." in page and "Amber was recorded first." in page


def test_a_correction_says_what_was_wrong_and_changes_something(client_of, decided, executive_chair, ratings):
    client, url = client_of(executive_chair), address("correct", decided)
    refused = client.post(url, {"decided_rating": ratings["G"].pk, "decision_reason": "Begun"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["because"])
    refused = client.post(url, {"decided_rating": ratings["A"].pk, "because": "Nothing"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["decided_rating"])
    assert EarlierDecision.objects.count() == 0


def test_only_a_decision_is_corrected_and_only_by_those_who_decide(
    client_of, proposed, executive_chair, scrutiny_chair, office, ratings
):
    with pytest.raises(ValidationError):
        correct_decision(proposed, by=executive_chair, at=NOW, because="x", decided_rating=ratings["G"])
    url = address("correct", proposed)
    assert [client_of(who).get(url).status_code for who in (executive_chair, scrutiny_chair, office)] == [302, 403, 403]


# The action log


def test_both_groups_and_the_office_log_actions_before_and_after_the_decision(
    client_of, proposed, scrutiny_chair, executive_chair, office, partner, ratings
):
    url = address("action-add", proposed)

    def add(who, text):
        day = {"agreed_on_day": "11", "agreed_on_month": "January", "agreed_on_year": "2027"}
        return client_of(who).post(url, {"text": text, **day}).status_code

    assert [add(scrutiny_chair, "Ask"), add(executive_chair, "Write"), add(partner, "Mine")] == [302, 302, 403]
    decide(proposed, executive_chair, ratings["A"])
    assert add(office, "Sent") == 302
    lines = list(ReviewAction.objects.order_by("pk").values_list("text", "agreed_on", "added_by__name"))
    day = date(2027, 1, 11)
    assert lines == [
        ("Ask", day, "Ruth Adeyinka-Cole"),
        ("Write", day, "Imogen Stallard"),
        ("Sent", day, "Nadia Fenwick"),
    ]
    assert "after the decision" in client_of(office).get(address("detail", proposed)).content.decode()


def test_the_same_line_twice_is_one_line(proposed, office):
    for _press in range(2):
        log_action(proposed, by=office, at=NOW, agreed_on=date(2027, 1, 11), text="Ask the unit")
    assert ReviewAction.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (("13", "1", "2027"), "Enter a day that has been: an action is logged once it is agreed"),
        (("1", "1", "1999"), "Enter a day of this plan, from 1 April 2026 on"),
        (("31", "2", "2027"), "Enter a real date, like 27 3 2027"),
    ],
)
def test_an_action_has_a_day_that_can_be(client_of, proposed, office, day, said):
    boxes = {f"agreed_on_{n}": typed for n, typed in zip(("day", "month", "year"), day, strict=True)}
    refused = client_of(office).post(address("action-add", proposed), {"text": "Ask the unit", **boxes})
    assert (refused.status_code, refused.context["action_form"].errors["agreed_on"]) == (422, [said])
    assert "Ask the unit" in refused.content.decode()


# From round to round


def test_last_rounds_recommendations_come_back_and_what_became_of_them_is_logged(
    client_of, review, review_proposed, scrutiny_chair, ratings
):
    client = client_of(scrutiny_chair)
    page = client.get(address("propose", review))
    assert "Begin the second unit." in page.content.decode()
    answers = {"proposed_rating": ratings["A"].pk, "scrutiny_comments": "Slow", "became": "It begins in March."}
    client.post(address("propose", review), answers)
    line = ReviewAction.objects.get()
    assert (line.text, line.agreed_on, line.review.round) == (
        "What became of last round’s recommendations: It begins in March.",
        date(2027, 1, 12),
        review.round,
    )


def test_nothing_is_asked_about_recommendations_that_were_not_made(client_of, review, scrutiny_chair):
    assert "became" not in client_of(scrutiny_chair).get(address("propose", review)).context["form"].fields


def test_a_chair_is_led_through_all_that_waits_for_them(client_of, review, plan, scrutiny_chair, ratings):
    third = PriorityFactory(plan=plan, position=3, ref="3", title="Exploitation")
    second = plan.priorities.get(position=2)
    client, url = client_of(scrutiny_chair), address("detail", review)
    assert client.get(url).context["sitting"].next_waiting == second
    propose(PriorityReview(priority=second, round=review.round), scrutiny_chair, ratings["G"])
    sitting = client.get(url).context["sitting"]
    assert (sitting.next_waiting, sitting.words) == (third, "Of 3 priorities 1 proposed, 0 decided")
    at_last = client.get(reverse("plans:review-detail", args=[third.pk, review.round.pk])).context["sitting"]
    assert at_last.next_waiting == review.priority


def test_counts_stand_beside_the_form_and_nothing_is_averaged(
    client_of, review_proposed, past_update, executive_chair, ratings
):
    context = client_of(executive_chair).get(address("detail", review_proposed)).context
    assert [(rating.code if rating else None, count) for rating, count in context["counts"]] == [
        ("B", 0),
        ("G", 0),
        ("A", 1),
        ("R", 0),
        (None, 1),
    ]
    assert dict(context["facts"]) == {
        "Leads who answered": "1 of 2",
        "Answers that came late": 0,
        "Deliverables with a date missed": 1,
        "Dates that leads ask to move": 0,
        "Pieces of evidence": 0,
    }
    words = [words for words, _count in context["facts"]]
    assert not any("verage" in each or "%" in each for each in words)


def test_page_takes_as_many_queries_for_three_rounds_as_for_one(
    client_of, review, plan, scrutiny_chair, executive_chair, office, ratings
):
    client, url = client_of(scrutiny_chair), address("detail", review)
    review = decide(propose(review, scrutiny_chair, ratings["A"]), executive_chair, ratings["A"])
    log_action(review, by=office, at=NOW, agreed_on=date(2027, 1, 11), text="Ask")
    at_1 = count_queries(client, url)
    correct_decision(
        review, by=executive_chair, at=NOW, because="Wrong", decided_rating=ratings["G"], decision_reason="Begun"
    )
    at_1_corrected = count_queries(client, url)
    for n in range(2):
        priority = PriorityFactory(plan=plan, position=3 + n)
        other = decide(
            propose(PriorityReview(priority=priority, round=review.round), scrutiny_chair, ratings["A"]),
            executive_chair,
            ratings["A"],
        )
        log_action(review, by=office, at=NOW, agreed_on=date(2027, 1, 11), text=f"Ask {n}")
        correct_decision(
            other, by=executive_chair, at=NOW, because="Wrong", decided_rating=ratings["G"], decision_reason="Begun"
        )
    assert (count_queries(client, url), at_1_corrected - at_1) == (at_1_corrected, 3)
