"""Answering a round: what is due from whom, what makes an answer acceptable, and that nothing is lost."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.answering import (
    AnsweredMeanwhile,
    Move,
    NotAsked,
    is_blank,
    lines_due,
    progress_of,
    repeat_line,
    save_draft,
    send_line,
)
from plans.models import DateMove, Update, UpdateDraft
from plans.rounds import RoundClosed
from tests.conftest import TODAY
from tests.factories import ActivityFactory, DeliverableFactory, DeliverableLeadFactory


def send(deliverable, round, by, rating, **answers):
    answers = {"rating": rating, "progress": "Held the first session"} | answers
    seen = answers.pop("seen", None)
    return send_line(deliverable, round=round, by=by, at=timezone.now(), answers=answers, seen=seen)


def problems(deliverable, round, by, rating, **answers):
    with pytest.raises(ValidationError) as refused:
        send(deliverable, round, by, rating, **answers)
    return {name: said[0] for name, said in refused.value.message_dict.items()}


@pytest.fixture
def one_more_line(led_deliverable, lead):
    """``one_more_line()``: another deliverable of the plan that ``lead``'s post leads, with one activity."""

    def one_more_line():
        row = DeliverableFactory(priority=led_deliverable.priority, position=led_deliverable.pk + 50, title="One more")
        DeliverableLeadFactory(deliverable=row, text="Head of Midwifery", post=lead.holdings.get().post)
        ActivityFactory(deliverable=row, position=1, text="Do it.", timescale_text="March 2027")
        return row

    return one_more_line


# What is due


def refs(lines):
    return [(line.deliverable.full_ref, line.why) for line in lines]


def test_a_lead_and_a_chair_see_their_own_lines_and_others_none(lead, chair, partner, office, stranger, round_open):
    found = [refs(lines_due(person, on=TODAY)) for person in (lead, chair, partner, office, stranger)]
    assert found == [[("1.1", "Head of Midwifery")], [("1.2", "Chair, Learning and Development Subgroup")], [], [], []]


def test_a_line_knows_last_time_this_time_and_what_was_typed(lead, led_deliverable, past_update, round_open, ratings):
    save_draft(led_deliverable, round=round_open, by=lead, at=timezone.now(), answers={"progress": "Half a sen"})
    [line] = lines_due(lead, on=TODAY)
    assert (line.last, line.current, line.draft.answers, line.may_repeat, line.is_late) == (
        past_update,
        None,
        {"progress": "Half a sen"},
        True,
        False,
    )
    assert [(each.asks, each.is_asked) for each in line.activities] == [
        ("Is 30 September 2026 still right?", False),
        ("Is 30 November 2026 still right?", True),
    ]
    update, _new = send(led_deliverable, round_open, lead, ratings["A"])
    [line] = lines_due(lead, on=TODAY)
    assert (line.current, line.draft) == (update, None)


def test_nothing_is_due_before_a_round_opens_or_once_it_is_closed(lead, round_open):
    assert lines_due(lead, on=round_open.opens_on - timedelta(days=1)) == []
    round_open.closed_at = timezone.now()
    round_open.save()
    assert lines_due(lead, on=TODAY) == []


def test_progress_counts_what_is_answered(lead, led_deliverable, round_open, ratings):
    before = progress_of(lead, on=TODAY)[round_open.pk]
    send(led_deliverable, round_open, lead, ratings["G"])
    after = progress_of(lead, on=TODAY)[round_open.pk]
    assert [(each.asked, each.answered) for each in (before, after)] == [(1, 0), (1, 1)]


# What makes an answer acceptable


def test_a_worse_rating_needs_a_reason(lead, led_deliverable, past_update, round_open, ratings):
    assert problems(led_deliverable, round_open, lead, ratings["R"]) == {
        "worse_reason": "Say why it is worse: it was Amber last time"
    }
    update, _new = send(led_deliverable, round_open, lead, ratings["R"], worse_reason="Both units closed")
    assert update.worse_reason == "Both units closed"


def test_a_rating_that_needs_evidence_is_refused_without(lead, led_deliverable, round_open, ratings):
    ratings["B"].needs_evidence = True
    ratings["B"].save()
    assert list(problems(led_deliverable, round_open, lead, ratings["B"])) == ["files", "difference_made"]
    led_deliverable.evidence.create(
        round=round_open, label="Audit", address="https://example.org/a", added_by=lead, added_at=timezone.now()
    )
    update, _new = send(led_deliverable, round_open, lead, ratings["B"], difference_made="9 in 10 have a plan")
    assert update.done_on == TODAY


def test_done_is_not_in_the_future(lead, led_deliverable, round_open, ratings):
    found = problems(
        led_deliverable, round_open, lead, ratings["B"], difference_made="x", done_on=TODAY + timedelta(days=1)
    )
    assert found == {"done_on": "Enter the day it was done, which cannot be after today"}


def test_a_new_date_needs_words_and_a_reason(lead, led_deliverable, round_open, ratings):
    activity = led_deliverable.activities.get(position=2)
    found = problems(led_deliverable, round_open, lead, ratings["A"], moves=[Move(activity, "", "")])
    assert found == {
        f"words_{activity.pk}": "Enter the new date, in any words",
        f"why_{activity.pk}": "Say why the date moves",
    }
    send(led_deliverable, round_open, lead, ratings["A"], moves=[Move(activity, "end of March 2027", "Vacancies")])
    move = DateMove.objects.get()
    assert (move.before_text, move.before_due_on, move.after_text, move.after_due_on, move.reason) == (
        "by end of Nov 2026",
        date(2026, 11, 30),
        "end of March 2027",
        date(2027, 3, 31),
        "Vacancies",
    )
    activity.refresh_from_db()
    assert activity.timescale_text == "by end of Nov 2026"


# Nothing lost, nothing twice


def test_the_same_answer_twice_is_one(lead, led_deliverable, round_open, ratings):
    sent = [send(led_deliverable, round_open, lead, ratings["G"], seen=0) for _press in range(2)]
    assert ([new for _update, new in sent], Update.objects.count()) == ([True, False], 1)


def test_the_second_of_two_deputies_sees_the_first(lead, office, led_deliverable, round_open, ratings):
    first, _new = send(led_deliverable, round_open, lead, ratings["G"], seen=0)
    with pytest.raises(AnsweredMeanwhile) as both:
        send(led_deliverable, round_open, office, ratings["A"], seen=0)
    assert both.value.update == first
    second, _new = send(led_deliverable, round_open, office, ratings["A"], seen=first.pk)
    first.refresh_from_db()
    assert first.superseded_by == second


def test_same_as_last_time_twice_is_one(lead, led_deliverable, past_update, round_open):
    sent = [repeat_line(led_deliverable, round=round_open, by=lead, at=timezone.now(), seen=0) for _press in range(2)]
    update = sent[0][0]
    assert [(each.pk, new) for each, new in sent] == [(update.pk, True), (update.pk, False)]
    assert (update.progress, update.rating, update.is_unchanged) == (past_update.progress, past_update.rating, True)


def test_another_key_has_no_same_as_last_time(lead, led_deliverable, past_update, round_open, plan):
    plan.rating_key = type(plan.rating_key).objects.create(name="Done or not")
    plan.save()
    with pytest.raises(LookupError):
        repeat_line(led_deliverable, round=round_open, by=lead, at=timezone.now())
    assert [line.may_repeat for line in lines_due(lead, on=TODAY)] == [False]


def test_a_late_answer_is_marked_and_a_closed_round_takes_none(lead, led_deliverable, round_past, ratings):
    update, _new = send(led_deliverable, round_past, lead, ratings["G"])
    assert update.is_late is True
    round_past.closed_at = timezone.now()
    round_past.save()
    with pytest.raises(RoundClosed):
        send(led_deliverable, round_past, lead, ratings["A"])


def test_a_retired_row_is_asked_nothing(lead, led_deliverable, round_open, ratings):
    led_deliverable.retired_on = TODAY
    led_deliverable.save()
    with pytest.raises(NotAsked):
        send(led_deliverable, round_open, lead, ratings["G"])
    assert lines_due(lead, on=TODAY) == []


def test_a_draft_keeps_what_was_typed_and_goes_when_it_is_emptied(lead, led_deliverable, round_open):
    def save(**answers):
        return save_draft(led_deliverable, round=round_open, by=lead, at=timezone.now(), answers=answers)

    assert save(progress="A\x00 <b>😀").answers == {"progress": "A <b>😀"}
    with pytest.raises(ValueError, match="1,048,576 characters"):
        save(progress="x" * 1_048_576)
    assert UpdateDraft.objects.get().answers == {"progress": "A <b>😀"}
    assert (save(progress=" ", date_4="yes"), UpdateDraft.objects.count()) == (None, 0)


def test_that_a_date_is_still_right_is_nothing_typed():
    assert [is_blank(answers) for answers in ({"date_4": "yes", "risk": ""}, {"date_4": "no"}, {"risk": "x"})] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("count", [1, 10])
def test_lines_cost_the_same_queries_however_many(
    count, lead, led_deliverable, past_update, round_open, django_assert_num_queries, one_more_line
):
    for _each in range(count - 1):
        one_more_line()
    with django_assert_num_queries(14):
        assert len(lines_due(lead, on=TODAY)) == count
