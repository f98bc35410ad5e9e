"""Drift: each rule by a table of cases, then the lines that the office gets from real rows.

A rule takes plain values, so its cases need no database. Each table holds what the rule must say and,
beside it, what it must let pass.
"""

from datetime import date

import pytest

from plans import drift
from plans.course import Aim, Answer, Judgement, Leader, Mark, Move, Outcome, Promise, Verdict, Work
from plans.models import Activity, Rating, UpdateRound

ON = date(2027, 1, 12)
R, A, G, B = KEY = [
    Rating(pk=1, code="R", word="Red", position=1, outlook="worry"),
    Rating(pk=2, code="A", word="Amber", position=2, outlook="worry"),
    Rating(pk=3, code="G", word="Green", position=3, outlook="well"),
    Rating(pk=4, code="B", word="Blue", position=4, outlook="well", is_done=True, needs_evidence=True),
]


def round_of(pk, name, closes_on, **dates):
    return UpdateRound(pk=pk, name=name, opens_on=closes_on.replace(day=1), closes_on=closes_on, **dates)


SPRING = round_of(1, "January to March 2026", date(2026, 4, 22))
SUMMER = round_of(2, "April to June 2026", date(2026, 7, 22))
AUTUMN = round_of(
    3,
    "July to September 2026",
    date(2026, 10, 22),
    proposals_due_on=date(2026, 11, 5),
    decisions_due_on=date(2026, 11, 19),
)
WINTER = round_of(4, "October to December 2026", date(2027, 1, 22))  # open
DAY = drift.Day(ON, past=[SPRING, SUMMER, AUTUMN], ratings=KEY)
MIDWIFE = Leader("Head of Midwifery", post_id=7, holders=["Delia Marchetti"])


def promise(*, said=(), works=(), leads=(MIDWIFE,), evidence_count=0):
    """``said``: pairs of a round and a rating, or of more of an Answer's values."""
    answers = {}
    for round, rating, *more in said:
        words = more[0] if more else {}
        values = {"progress": f"What happened in {round}.", "on": round.closes_on.replace(day=9)} | words
        answers[round.pk] = Answer(round=round, rating=rating, **values)
    return Promise("Safer sleep", leads=list(leads), works=list(works), answers=answers, evidence_count=evidence_count)


def work(text, *marks, moves=(), kind=Activity.Kind.DATE):
    return Work(text, kind=kind, marks=[Mark(*mark) for mark in marks], moves=list(moves))


def move(after, asked_on, *, before="Sept 2026", is_agreed=True):
    return Move(1, asked_on, before, after, is_agreed=is_agreed)


LATE = work("Try it in two units.", (date(2026, 11, 30),))
MET = work("Agree a checklist.", (date(2026, 9, 30), date(2026, 9, 24)))
TO_COME = work("Sample 20 cases.", (date(2027, 2, 28),))
ALL_YEAR = work("Keep going.", (date(2026, 4, 1),), kind=Activity.Kind.CONTINUOUS)
TBC = work("Agree what comes next.", kind=Activity.Kind.UNSET)
ONCE = work("Train 40 staff.", (date(2027, 2, 28),), moves=[move("Feb 2027", date(2026, 10, 9))])
TWICE = work(
    "Train 40 staff.",
    (date(2027, 2, 28),),
    moves=[move("Dec 2026", date(2026, 7, 9)), move("Feb 2027", date(2026, 10, 9), before="Dec 2026")],
)
ASKED_TWICE = work(
    "Train 40 staff.",
    (date(2026, 12, 31),),
    moves=[move("Dec 2026", date(2026, 7, 9)), move("Feb 2027", date(2026, 10, 9), is_agreed=None)],
)
REFUSED = work(
    "Train 40 staff.",
    (date(2026, 12, 31),),
    moves=[move("Dec 2026", date(2026, 7, 9)), move("Feb 2027", date(2026, 10, 9), is_agreed=False)],
)

# rule: [(what it is asked about, what it says or None, since when)]
CASES = {
    drift.silent: [
        (
            promise(said=[(SPRING, G)]),
            "No answer from Head of Midwifery (Delia Marchetti) in two rounds. The last answer came on 9 April 2026.",
            date(2026, 4, 9),
        ),
        (
            promise(),
            "No answer from Head of Midwifery (Delia Marchetti) in three rounds. No answer has ever come.",
            date(2026, 4, 1),
        ),
        (promise(said=[(AUTUMN, G)]), None, None),
        (promise(said=[(SUMMER, G)]), None, None),  # one round is no silence
        (promise(said=[(WINTER, G)]), None, None),  # has answered meanwhile, in the round that is open
        (promise(leads=[Leader("Somebody")]), None, None),  # nobody is asked: another rule says it
    ],
    drift.nobody: [
        (promise(leads=[]), "No lead is named, so nobody is asked.", None),
        (
            promise(leads=[Leader("The midwives")]),
            "“The midwives” is not linked to a post or a group, so nobody is asked.",
            None,
        ),
        (
            promise(leads=[MIDWIFE, Leader("Named Nurse", post_id=8, vacant_since=date(2026, 10, 31))]),
            "“Named Nurse” has been vacant since 31 October 2026, so nobody is asked.",
            date(2026, 10, 31),
        ),
        (promise(leads=[Leader("Chair", group_id=8)]), "“Chair” has no chair, so nobody is asked.", None),
        (promise(), None, None),
        (promise(leads=[Leader("Lantern Trust", organisation_id=3)]), None, None),
    ],
    drift.well_but_late: [
        (
            promise(said=[(AUTUMN, G)], works=[LATE]),
            "Rated Green in July to September 2026, yet “Try it in two units” was due on 30 November 2026: "
            "43 days late.",
            date(2026, 11, 30),
        ),
        (
            promise(said=[(AUTUMN, G)], works=[LATE, work("Print it", (date(2027, 1, 11),))]),
            "Rated Green in July to September 2026, yet “Try it in two units” was due on 30 November 2026: "
            "43 days late, and one other milestone too.",
            date(2026, 11, 30),
        ),
        (promise(said=[(AUTUMN, A)], works=[LATE]), None, None),  # it says itself that it is at risk
        (promise(said=[(AUTUMN, B)], works=[LATE]), None, None),  # done and not finished: another rule
        (promise(said=[(AUTUMN, G)], works=[MET, TO_COME, ALL_YEAR, TBC]), None, None),
        (promise(works=[LATE]), None, None),  # not rated
        (promise(said=[(SPRING, G)], works=[LATE]), None, None),  # silent since: another rule says it
        (promise(said=[(AUTUMN, G)], works=[work("Now", (ON,))]), None, None),  # due today is not late
    ],
    drift.done_but_open: [
        (
            promise(said=[(AUTUMN, B)], works=[MET, TO_COME]),
            "Rated Blue in July to September 2026, yet “Sample 20 cases” is not met.",
            date(2026, 10, 9),
        ),
        (
            promise(said=[(AUTUMN, B)], works=[LATE, TO_COME]),
            "Rated Blue in July to September 2026, yet “Try it in two units” and “Sample 20 cases” are not met.",
            date(2026, 10, 9),
        ),
        (promise(said=[(AUTUMN, B)], works=[MET, ALL_YEAR, TBC]), None, None),  # what has no day cannot be met
        (promise(said=[(AUTUMN, G)], works=[TO_COME]), None, None),
    ],
    drift.worst_without_action: [
        (
            promise(said=[(SPRING, A), (SUMMER, R), (AUTUMN, R)]),
            "Rated Red in two rounds in a row, and no review of the priority has an action in its log.",
            date(2026, 7, 9),
        ),
        (promise(said=[(SUMMER, A), (AUTUMN, R)]), None, None),
        (promise(said=[(SUMMER, R), (AUTUMN, A)]), None, None),  # it got better
        (promise(said=[(SPRING, R), (SUMMER, G), (AUTUMN, R)]), None, None),
    ],
    drift.moved_twice: [
        (
            promise(works=[TWICE]),
            "“Train 40 staff” was moved twice: Sept 2026, then Dec 2026, then Feb 2027.",
            date(2026, 7, 9),
        ),
        (
            promise(works=[ASKED_TWICE]),
            "“Train 40 staff” was moved twice: Sept 2026, then Dec 2026, then Feb 2027, "
            "which is asked for and not agreed yet.",
            date(2026, 7, 9),
        ),
        (promise(works=[REFUSED]), None, None),
        (promise(works=[ONCE, ONCE]), None, None),  # two dates once are not one date twice
    ],
    drift.all_met: [
        (
            promise(said=[(AUTUMN, G)], works=[MET]),
            "Its one activity is met, the last on 24 September 2026, yet it is rated Green.",
            date(2026, 9, 24),
        ),
        (
            promise(works=[MET, MET]),
            "Both activities are met, the last on 24 September 2026, yet it is not rated.",
            date(2026, 9, 24),
        ),
        (promise(said=[(AUTUMN, B)], works=[MET]), None, None),
        (promise(said=[(AUTUMN, G)], works=[MET, TO_COME]), None, None),
        (promise(said=[(AUTUMN, G)], works=[MET, ALL_YEAR]), None, None),  # goes on all year
        (promise(said=[(AUTUMN, G)]), None, None),
    ],
    drift.worst_but_on_time: [
        (
            promise(said=[(AUTUMN, R)], works=[MET, TO_COME]),
            "Rated Red in July to September 2026, yet the one milestone that was due is met. "
            "What is in the way is not in its dates.",
            date(2026, 10, 9),
        ),
        (promise(said=[(AUTUMN, R)], works=[MET, LATE]), None, None),
        (promise(said=[(AUTUMN, R)], works=[MET, ONCE]), None, None),  # its dates say something
        (promise(said=[(AUTUMN, R)], works=[MET]), None, None),  # everything is met: another rule
        (promise(said=[(AUTUMN, R)], works=[TO_COME]), None, None),
        (promise(said=[(AUTUMN, A)], works=[MET, TO_COME]), None, None),
    ],
    drift.done_unshown: [
        (
            promise(said=[(AUTUMN, B)]),
            "Rated Blue in July to September 2026, yet no update says what difference it made.",
            date(2026, 10, 9),
        ),
        (
            promise(said=[(AUTUMN, B, {"difference_made": "Fathers ask."})]),
            "Rated Blue in July to September 2026, yet nothing is attached that shows it.",
            date(2026, 10, 9),
        ),
        (promise(said=[(AUTUMN, B)], evidence_count=1), None, None),
        (promise(said=[(AUTUMN, G)]), None, None),
    ],
    drift.same_words: [
        (
            promise(
                said=[
                    (SPRING, G, {"progress": "On it."}),
                    (SUMMER, G, {"progress": "On  it."}),
                    (AUTUMN, G, {"progress": "on it."}),
                ]
            ),
            "The same words in three rounds in a row: “on it.”",
            date(2026, 4, 9),
        ),
        (
            promise(said=[(SPRING, G), (SUMMER, G, {"is_unchanged": True}), (AUTUMN, G, {"is_unchanged": True})]),
            "The same words in three rounds in a row: “What happened in July to September 2026.”",
            date(2026, 4, 9),
        ),
        (promise(said=[(SPRING, G), (SUMMER, G), (AUTUMN, G)]), None, None),
        (promise(said=[(SUMMER, G, {"progress": "On it."}), (AUTUMN, G, {"progress": "On it."})]), None, None),
        (promise(said=[(each, B, {"progress": "Done."}) for each in (SPRING, SUMMER, AUTUMN)]), None, None),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "asked", "why", "since"),
    [(rule, *case) for rule, cases in CASES.items() for case in cases],
    ids=[f"{rule.__name__}-{n}" for rule, cases in CASES.items() for n, _case in enumerate(cases)],
)
def test_rule_says_why_and_since_when_or_lets_pass(rule, asked, why, since):
    found = rule(asked, Aim("Babies"), DAY)
    assert (found and found.why, found and found.since) == (why, since)


def test_every_rule_of_a_deliverable_has_cases_that_it_names_and_cases_that_it_lets_pass():
    assert set(CASES) == {kind.rule for kind in drift.OF_PROMISES}
    for cases in CASES.values():
        assert {why is None for _asked, why, _since in cases} == {True, False}


def test_the_worst_rating_round_after_round_is_no_drift_where_a_review_asks_for_an_action():
    red = promise(said=[(SUMMER, R), (AUTUMN, R)])
    logged = Aim("Babies", verdicts={AUTUMN.pk: Verdict(AUTUMN, actions=["Lend an analyst."])})
    looked_at = Aim("Babies", verdicts={AUTUMN.pk: Verdict(AUTUMN)})
    assert drift.worst_without_action(red, logged, DAY) is None
    assert drift.worst_without_action(red, looked_at, DAY) is not None


def test_silence_needs_two_rounds_that_are_over():
    assert drift.silent(promise(), Aim("Babies"), drift.Day(ON, [AUTUMN], KEY)) is None


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        (None, "The rating of July to September 2026 was to be proposed by 5 November 2026: 68 days late."),
        (
            Verdict(AUTUMN, proposed=A, proposed_on=date(2026, 11, 3)),
            "The rating of July to September 2026 was to be decided by 19 November 2026: 54 days late.",
        ),
        (Verdict(AUTUMN, proposed=A, proposed_on=date(2026, 11, 3), decided=A, decided_on=date(2026, 11, 18)), None),
    ],
)
def test_a_rating_not_given_in_time_says_by_when_it_was_to_be(verdict, why):
    found = drift.review_late(Aim("Babies", verdicts={AUTUMN.pk: verdict} if verdict else {}), DAY)
    assert (found and found.why) == why


def test_a_rating_may_be_given_until_its_last_day():
    on_the_day = drift.Day(date(2026, 11, 5), past=[AUTUMN], ratings=KEY)
    assert drift.review_late(Aim("Babies"), on_the_day) is None


@pytest.mark.parametrize(
    ("judged", "why"),
    [
        ([], "It has never been judged: three rounds without a judgement."),
        (
            [Judgement(SPRING, "partly", date(2026, 4, 30))],
            "It was last judged on 30 April 2026: two rounds without a judgement.",
        ),
        ([Judgement(SUMMER, "partly", date(2026, 7, 30))], None),
    ],
)
def test_an_outcome_is_to_be_judged_in_the_last_two_rounds(judged, why):
    found = drift.unjudged(Outcome("Babies are safe.", judgements=judged), DAY)
    assert (found and found.why) == why


@pytest.mark.parametrize(
    ("level", "evidence_count", "why"),
    [
        ("shown", 0, "Judged shown in July to September 2026, and no evidence is attached."),
        ("partly", 0, "Judged partly shown in July to September 2026, and no evidence is attached."),
        ("shown", 1, None),
        ("not-yet", 0, None),
        ("unknown", 0, None),
    ],
)
def test_an_outcome_judged_shown_needs_evidence(level, evidence_count, why):
    judged = [Judgement(AUTUMN, level, date(2026, 10, 30))]
    found = drift.unshown(Outcome("Safe.", judgements=judged, evidence_count=evidence_count), DAY)
    assert (found and found.why) == why


def test_a_key_of_ones_own_is_read_by_what_its_ratings_say_and_not_by_their_place_or_colour():
    not_begun = Rating(pk=11, word="Not begun", position=0, outlook="neither", token="red")
    behind = Rating(pk=12, word="Behind", position=1, outlook="worry", token="green")
    going = Rating(pk=13, word="Going well", position=2, outlook="well", token="red")
    day = drift.Day(ON, past=DAY.past, ratings=[not_begun, behind, going])
    aim = Aim("Babies")
    assert drift.well_but_late(promise(said=[(AUTUMN, going)], works=[LATE]), aim, day) is not None
    assert drift.well_but_late(promise(said=[(AUTUMN, behind)], works=[LATE]), aim, day) is None
    assert drift.worst_without_action(promise(said=[(SUMMER, behind), (AUTUMN, behind)]), aim, day) is not None
    assert drift.worst_without_action(promise(said=[(SUMMER, not_begun), (AUTUMN, not_begun)]), aim, day) is None
