"""What groups logged, a decision put right, and how far each outcome is shown, by the product’s own commands."""

from datetime import timedelta

from plans.models import OutcomeStatement, PriorityReview
from plans.outcomes import add_evidence, judge_outcome
from plans.reviewing import correct_decision, log_action

SCRUTINY, EXECUTIVE, OFFICE = "scrutiny-chair", "executive-chair", "manager"

# By the priority's ref: (round, who, days after the round has closed, words).
LOG = {
    "1": [
        (0, SCRUTINY, 2, "Ask both trusts for the day on which their units begin. Named Midwife."),
        (1, EXECUTIVE, 4, "The chair writes to the trust’s chief executive. Business manager drafts the letter."),
        (1, OFFICE, 11, "The letter is sent. An answer is promised within a month."),
        (2, SCRUTINY, 2, "What became of last round’s recommendations: no date was given. The trust has answered."),
        (2, EXECUTIVE, 4, "Name one contact in each council for families who move. Both directors."),
    ],
    "2": [
        (1, EXECUTIVE, 4, "The city is lent an analyst for two days a week. Director of Early Help."),
        (2, SCRUTINY, 2, "What became of last round’s recommendations: the analyst came, and went after a month."),
        (2, EXECUTIVE, 4, "Both directors report the number of families who wait, every month."),
    ],
    "5": [(2, EXECUTIVE, 4, "The chief nurse answers until the post is filled.")],
}

# The ref, the round, who noticed, days after it has closed, the rating meant, why it was recorded wrongly.
CORRECTED = ("4", 1, 9, "R", "A", "Red was ticked from the round before. The minutes say amber.")

# By the priority's ref and the place of its outcome: (round, level, words, evidence or None).
JUDGED = {
    ("", 1): [
        (0, "unknown", "Nobody has asked the children yet.", None),
        (
            2,
            "partly",
            "Eight of ten answers that two members checked were believed by the children who had asked. "
            "Children under eight are hardly among them.",
            ("Ten answers, checked with the children who asked", "https://example.org/answers-checked"),
        ),
    ],
    ("1", 1): [
        (0, "not-yet", "Six families had a shared plan, all of one unit.", None),
        (
            1,
            "partly",
            "Every family of the trial had one plan by 28 weeks. The second unit has not begun.",
            ("Audit of 20 birth plans", "https://example.org/birth-plans"),
        ),
        (
            2,
            "partly",
            "Plans are in place in 14 of 20 cases. Fathers are named in nine of them.",
            ("Voices of fathers, a summary", "https://example.org/fathers"),
        ),
    ],
    ("2", 1): [
        (
            2,
            "not-yet",
            "Schools name neglect sooner and in the same words, and the wait for help is longer than in spring.",
            ("Paired readings of 30 families", "https://example.org/paired-readings"),
        )
    ],
    ("3", 1): [
        (
            2,
            "shown",
            "Incidents at the bus station fell by more than half, and young people say that they notice.",
            ("Map of places, before and after", "https://example.org/map-of-places"),
        )
    ],
    ("3", 2): [(2, "partly", "Half of the guardians have heard back. The others have not asked again.", None)],
    ("4", 1): [
        (
            1,
            "not-yet",
            "Two lists that cannot be compared.",
            None,
        ),
        (
            2,
            "partly",
            "41 children whom nobody knew are on the list, and six were found in time.",
            ("The list in numbers, without names", "https://example.org/list-in-numbers"),
        ),
    ],
    ("5", 1): [(2, "unknown", "The lead’s post is vacant, and the figures did not come.", None)],
    # The second outcome of priority 5 is the gap: nobody has judged it, and nothing shows it.
}


def load_judgements(cast, plan, rounds):
    reviews = {
        (review.priority.ref, rounds.index(review.round)): review
        for review in PriorityReview.objects.filter(round__in=rounds).select_related("priority", "round__plan")
    }
    for ref, lines in LOG.items():
        for number, who, days, text in lines:
            day = rounds[number].closes_on + timedelta(days=days)
            at = cast.calendar.moment(day, hour=16)
            log_action(reviews[ref, number], by=cast.holders[who], at=at, agreed_on=day, text=text)
    put_right(cast, plan, reviews)
    outcomes = {
        (each.priority.ref, each.position): each
        for each in OutcomeStatement.objects.filter(priority__plan=plan).select_related("priority")
    }
    for key, judgements in JUDGED.items():
        for number, level, words, evidence in judgements:
            judge(cast, outcomes[key], rounds[number], level, words, evidence)


def put_right(cast, plan, reviews):
    """One decision was first recorded as another rating, and put right a week later."""
    ref, number, days, wrong, right, because = CORRECTED
    review, ratings = reviews[ref, number], {rating.code: rating for rating in plan.ratings}
    reason, review.decision_reason = review.decision_reason, "The date was missed."
    review.decided_rating = ratings[wrong]
    review.save()
    correct_decision(
        review,
        by=cast.holders[EXECUTIVE],
        at=cast.calendar.moment(review.round.closes_on + timedelta(days=days), hour=9),
        because=because,
        decided_rating=ratings[right],
        decision_comments=review.decision_comments,
        decision_risks=review.decision_risks,
        decision_reason=reason,
    )


def judge(cast, outcome, round, level, words, evidence):
    day = round.closes_on + timedelta(days=3)
    said = {"round": round, "by": cast.holders[SCRUTINY], "at": cast.calendar.moment(day, hour=11)}
    if evidence:
        label, address = evidence
        add_evidence(outcome, label=label, address=address, **said | {"by": cast.holders[OFFICE]})
    judge_outcome(outcome, level=level, words=words, **said)
