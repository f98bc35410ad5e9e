"""Cases, recommendations and learning of an invented nation: known to each case review group alone."""

from datetime import timedelta

from partnership.nation.meetings import weekday
from partnership.nation.rows import moment
from reviews.clock import INCIDENT
from reviews.models import AgencySummary, Case, LearningPoint, RapidReview, ReCheck, Recommendation, Stage

CASES_A_YEAR, RECOMMENDATIONS, LEARNING = 2, 3, 2
# On which day after the first each stage is done.
DONE_AFTER = [0, 3, 3, 5, 11, 14, 20, 48, 60]
SUMMARIES = 4


def make_cases(home, year, *, rows, words, on):
    for number in range(CASES_A_YEAR):
        aware_on = weekday(year + timedelta(days=words.rng.randint(5, 150) + number * 180))
        if aware_on < on:
            make_case(home, number, aware_on, rows=rows, words=words, on=on)


def make_case(home, number, aware_on, *, rows, words, on):
    by, at = home.chair(len(home.groups) - 1), moment(aware_on, 9)
    ended_on = aware_on + timedelta(days=200)
    closing = {}
    if ended_on < on:
        closing = {"closed_on": ended_on, "closed_because": "The rapid review found what there is to learn."}
        closing |= {"was": {"closed_on": None, "closed_because": ""}, "changed_at": moment(ended_on)}
    case = rows.add(
        Case,
        at=at,
        by=by,
        partnership_id=home.key,
        reference=f"{home.short_name}-{aware_on.year}-{aware_on:%m}{number + 1}",
        category=words.one("topic").capitalize(),
        area_id=home.area,
        summary=words.of("case"),
        **closing,
    )
    rows.add(
        RapidReview,
        at=at,
        by=by,
        case_id=case,
        partnership_id=home.key,
        facts=words.of("case"),
        improvements=words.of("recommendation"),
    )
    make_stages(home, case, aware_on, by, rows=rows, on=on)
    for place in range(SUMMARIES):
        make_summary(home, case, place, aware_on, by, rows=rows, words=words, on=on)
    learned_on = aware_on + timedelta(days=70)
    if learned_on < on:
        make_learning(home, case, learned_on, by, rows=rows, words=words, on=on)


def make_stages(home, case, aware_on, by, *, rows, on):
    for position, (step, days) in enumerate(zip(INCIDENT, DONE_AFTER, strict=True)):
        done_on = weekday(aware_on + timedelta(days=days))
        done = {}
        if done_on < on:
            done = {"done_on": done_on, "was": {"done_on": None}, "changed_at": moment(done_on)}
        rows.add(
            Stage,
            at=moment(aware_on, 9),
            by=by,
            partnership_id=home.key,
            case_id=case,
            position=position,
            code=step.code,
            title=step.title,
            rule_code=step.rule,
            counts_from=step.counts_from,
            **done,
        )


def make_summary(home, case, place, aware_on, by, *, rows, words, on):
    asked_on, contact = aware_on + timedelta(days=4), home.people[place]
    submitted_on = aware_on + timedelta(days=10)
    values = {}
    if submitted_on < on:
        values = {
            "involvement": words.of("progress"),
            "analysis": words.of("comment"),
            "submitted_at": moment(submitted_on),
            "submitted_by_id": contact,
            "was": {"involvement": "", "analysis": "", "submitted_at": None, "submitted_by_id": None},
            "changed_at": moment(submitted_on),
            "changed_by": contact,
        }
    rows.add(
        AgencySummary,
        at=moment(asked_on),
        by=by,
        partnership_id=home.key,
        case_id=case,
        organisation_id=home.organisations[place],
        contact_id=contact,
        asked_on=asked_on,
        due_on=aware_on + timedelta(days=11),
        **values,
    )


def make_learning(home, case, learned_on, by, *, rows, words, on):
    at = moment(learned_on)
    for number in range(LEARNING):
        text = words.of("learning")
        label = {"label": f"Rapid review of {learned_on.year}", "released_on": learned_on, "released_by_id": by}
        rows.add(
            LearningPoint,
            at=at,
            by=by,
            partnership_id=home.key,
            case_id=case,
            text=text,
            learned_on=learned_on,
            **(label if number == 0 else {}),
        )
    for number in range(RECOMMENDATIONS):
        closed_on = learned_on + timedelta(days=300)
        closing = {"closed_on": closed_on, "was": {"closed_on": None}, "changed_at": moment(closed_on)}
        recommendation = rows.add(
            Recommendation,
            at=at,
            by=by,
            partnership_id=home.key,
            source="local",
            case_id=case,
            ref=f"R{number + 1}",
            text=words.of("recommendation"),
            made_on=learned_on,
            measure=words.of("outcome"),
            answer="accepted",
            answered_on=learned_on,
            answered_by_id=by,
            **(closing if closed_on < on else {}),
        )
        planned_on = learned_on + timedelta(days=240)
        judged = {"done_on": planned_on, "judgement": "embedded", "evidence": words.of("difference")}
        rows.add(
            ReCheck,
            at=at,
            by=by,
            recommendation_id=recommendation,
            planned_on=planned_on,
            method="A dip sample of files",
            **(judged | {"judged_by_id": by} if planned_on < on else {}),
        )
