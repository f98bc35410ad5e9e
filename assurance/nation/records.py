"""Indicators, voices, risks and challenges of an invented nation."""

from datetime import timedelta
from decimal import Decimal

from assurance.models import (
    Challenge,
    Indicator,
    IndicatorComment,
    IndicatorValue,
    Risk,
    RiskReview,
    TimetableEntry,
    VoiceEntry,
)
from partnership.nation.meetings import weekday
from partnership.nation.rows import moment

INDICATORS, VOICES, RISKS, CHALLENGES = 14, 10, 4, 3
KINDS = ["audit", "self-assessment", "survey", "deep-dive"]
PEOPLE = ["children", "children", "families", "practitioners"]


def quarters(year):
    """The first and the last day of each quarter of the year that begins on ``year``."""
    firsts = [year.replace(month=year.month + step) for step in (0, 3, 6)] + [year.replace(year=year.year + 1, month=1)]
    return [(first, next_first(first) - timedelta(days=1)) for first in firsts]


def next_first(first):
    month = first.month + 3
    return first.replace(year=first.year + (month > 12), month=(month - 1) % 12 + 1)


def make_indicators(home, *, rows, words):
    """[(key, what it is about)]."""
    made, at = [], moment(home.begins_on)
    for number in range(1, INDICATORS + 1):
        level = words.rng.randint(20, 400)
        key = rows.add(
            Indicator,
            at=at,
            by=home.office[2],
            partnership_id=home.key,
            ref=f"I{number}",
            title=f"{number}. {words.one('child').capitalize()} seen about {words.one('topic')}",
            definition=words.of("question"),
            owner_id=words.rng.choice(home.organisations),
            polarity=words.rng.choice(["higher", "lower", "neither"]),
            baseline=level,
            target=level + 20,
            is_public=number % 3 == 0,
        )
        made.append((key, level))
    return made


def make_values(home, year, indicators, *, rows, words, on):
    by = home.office[2]
    for key, level in indicators:
        for first, last in quarters(year):
            entered_on = weekday(last + timedelta(days=30))
            if entered_on >= on:
                break
            value = Decimal(max(0, level + words.rng.randint(-18, 18)))
            at = moment(entered_on)
            rows.add(
                IndicatorValue,
                at=at,
                by=by,
                indicator_id=key,
                starts_on=first,
                ends_on=last,
                value=value,
                comparator=level,
                entered_by_id=by,
                entered_at=at,
            )
            if words.chance(15):
                rows.add(
                    IndicatorComment,
                    at=at,
                    by=by,
                    indicator_id=key,
                    period_on=first,
                    why=words.of("progress"),
                    so_what=words.of("action"),
                    said_by_id=by,
                    said_at=at,
                )


def make_voices(home, year, priorities, *, rows, words, on):
    for number in range(VOICES):
        heard_on = weekday(year + timedelta(days=words.rng.randint(3, 350)))
        if heard_on >= on:
            continue
        did_on, changed_on = heard_on + timedelta(days=60), heard_on + timedelta(days=150)
        values = {}
        if did_on < on:
            values = {"did": words.of("progress"), "did_on": did_on}
        if changed_on < on:
            values |= {"changed": words.of("difference"), "changed_on": changed_on}
        if values:
            values |= {"was": {"did": "", "did_on": None, "changed": "", "changed_on": None}}
            values["changed_at"] = moment(values.get("changed_on", did_on))
        key = rows.add(
            VoiceEntry,
            at=moment(heard_on),
            by=home.office[1],
            heard_on=heard_on,
            people=PEOPLE[number % len(PEOPLE)],
            who=f"{words.one('number').capitalize()} {words.one('child')}",
            how="group",
            organisation_id=words.rng.choice(home.organisations),
            people_count=words.rng.randint(3, 30),
            said=words.of("voice"),
            **values,
        )
        at = moment(heard_on)
        by = home.office[1]
        rows.link(VoiceEntry, "partnerships", at=at, by=by, voiceentry_id=key, partnership_id=home.key)
        priority = words.rng.choice(priorities)
        rows.link(VoiceEntry, "priorities", at=at, by=by, voiceentry_id=key, priority_id=priority)


def make_risks(home, year, priorities, *, rows, words, on):
    for number in range(1, RISKS + 1):
        raised_on = weekday(year + timedelta(days=10 + number * 60))
        if raised_on >= on:
            return
        closed_on = raised_on + timedelta(days=420)
        is_closed = closed_on < on
        values = {"next_review_on": weekday(on + timedelta(days=number * 14))}
        if is_closed:
            values = {"closed_on": closed_on, "closed_because": words.of("outcome_of")}
            values["was"] = {"closed_on": None, "closed_because": "", "next_review_on": closed_on}
            values["changed_at"] = moment(closed_on)
        lead = words.rng.randrange(len(home.posts))
        risk = rows.add(
            Risk,
            at=moment(raised_on),
            by=home.manager,
            partnership_id=home.key,
            lead_post_id=home.posts[lead],
            ref=f"R{year:%y}.{number}",
            title=words.of("threat"),
            cause=words.of("reason"),
            effect=words.of("threat"),
            controls=words.of("progress"),
            target_likelihood=2,
            target_impact=2,
            raised_on=raised_on,
            shared_on=raised_on,
            **values,
        )
        priority = words.rng.choice(priorities)
        rows.link(Risk, "priorities", at=moment(raised_on), by=home.manager, risk_id=risk, priority_id=priority)
        make_risk_reviews(home, risk, raised_on, closed_on, rows=rows, words=words, on=on)


def make_risk_reviews(home, risk, raised_on, closed_on, *, rows, words, on):
    for turn in range(4):
        day = weekday(raised_on + timedelta(days=turn * 91))
        if day < min(on, closed_on):
            rows.add(
                RiskReview,
                at=moment(day),
                by=home.manager,
                risk_id=risk,
                reviewed_on=day,
                likelihood=words.rng.randint(1, 5),
                impact=words.rng.randint(2, 5),
                text=words.of("comment"),
                reviewed_by_id=home.manager,
                reviewed_at=moment(day),
            )


def make_challenges(home, year, *, rows, words, on):
    for number in range(1, CHALLENGES + 1):
        raised_on = weekday(year + timedelta(days=number * 100))
        if raised_on >= on:
            return
        answered_on, closed_on = raised_on + timedelta(days=30), raised_on + timedelta(days=160)
        to, values = words.rng.randrange(len(home.organisations)), {}
        if answered_on < on:
            values = {"answer": words.of("answer"), "answered_on": answered_on, "answered_by_id": home.people[to]}
            values["changed_at"] = moment(answered_on)
        if closed_on < on:
            values |= {"closed_on": closed_on, "difference": words.of("difference")}
            values["changed_at"] = moment(closed_on)
        if values:
            values["was"] = {
                "answer": "",
                "answered_on": None,
                "answered_by_id": None,
                "closed_on": None,
                "difference": "",
            }
        rows.add(
            Challenge,
            at=moment(raised_on),
            by=home.manager,
            partnership_id=home.key,
            to_organisation_id=home.organisations[to],
            by_group_id=home.groups[3],
            ref=f"C{year:%y}.{number}",
            title=words.of("question"),
            raised_on=raised_on,
            issue=words.of("threat"),
            evidence=words.of("reason"),
            answer_due_on=weekday(raised_on + timedelta(days=28)),
            shared_on=raised_on,
            **values,
        )


def make_timetable(home, year, priorities, *, rows, words, on):
    for place, (first, last) in enumerate(quarters(year)):
        for kind in (KINDS[place], "report"):
            entry = rows.add(
                TimetableEntry,
                at=moment(year),
                by=home.manager,
                quarter_on=first,
                kind=kind,
                title=words.of("item"),
                group_id=home.groups[3],
                priority_id=words.rng.choice(priorities),
                done_on=weekday(last) if weekday(last) < on else None,
            )
            rows.link(
                TimetableEntry,
                "partnerships",
                at=moment(year),
                by=home.manager,
                timetableentry_id=entry,
                partnership_id=home.key,
            )
