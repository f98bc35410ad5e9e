"""Rows of inspections, risks and challenges, by the commands that the office and whoever answers use."""

from datetime import timedelta

from assurance.challenges import add_challenge, answer_challenge, end_challenge
from assurance.follow_ups import follow_up
from assurance.inspections import add_inspection, close_inspection, recommend, tell_members
from assurance.risks import add_risk, close_risk, review_risk
from assurance.sample.registers import CHALLENGES, INSPECTIONS, RISKS
from assurance.sharing import share
from reviews.models import Theme
from reviews.recommendations import read_lines


def load_registers(cast, plan):
    """``plan``: the one that is running, whose priorities they are about."""
    priorities = {priority.ref: priority for priority in plan.priorities.all() if priority.ref}
    for row in RISKS:
        load_risk(cast, row, priorities)
    for row in CHALLENGES:
        load_challenge(cast, row, priorities)
    for row in INSPECTIONS:
        load_inspection(cast, row, priorities)


def about(row, priorities):
    return [priorities[row["priority"]]] if "priority" in row else []


def party(cast, told, prefix):
    """{column: record} of ("post", "group" or "organisation", name), or of None."""
    records = {"post": cast.posts, "group": cast.groups, "organisation": cast.agencies}
    return {f"{prefix}_{told[0]}": records[told[0]][told[1]]} if told else {}


def load_risk(cast, row, priorities):
    day, by = cast.calendar.day, cast.holders["manager"]
    first, *later = row["looks"]
    target_likelihood, target_impact = row.get("target", (None, None))
    words = ("title", "cause", "effect", "category", "controls", "treatment")
    risk, _ = add_risk(
        cast.partnerships[row["of"]],
        likelihood=first[1],
        impact=first[2],
        priorities=about(row, priorities),
        by=by,
        at=cast.calendar.moment(day(first[0])),
        raised_on=day(first[0]),
        next_review_on=day(row.get("next", first[0] + 91)),
        target_likelihood=target_likelihood,
        target_impact=target_impact,
        **{name: row[name] for name in words},
        **party(cast, row.get("lead"), "lead"),
    )
    for days, likelihood, impact, text in later:
        review_risk(
            risk,
            reviewed_on=day(days),
            likelihood=likelihood,
            impact=impact,
            text=text,
            next_review_on=day(row.get("next", days + 91)),
            by=by,
            at=cast.calendar.moment(day(days)),
        )
    act(cast, risk, row)
    if "shared" in row:
        share(risk, on=day(row["shared"]))
    if "closed" in row:
        close_risk(risk, on=day(row["closed"][0]), because=row["closed"][1])


def act(cast, record, row):
    for group, text, lead, days in row.get("actions", ()):
        follow_up(record, cast.groups[group], text=text, due_on=cast.calendar.day(days), **party(cast, lead, "lead"))


def load_challenge(cast, row, priorities):
    day = cast.calendar.day
    challenge, _ = add_challenge(
        cast.partnerships[row["of"]],
        priorities=about(row, priorities),
        title=row["title"],
        issue=row["issue"],
        evidence=row["evidence"],
        by_words=row.get("words", ""),
        raised_on=day(row["raised"]),
        answer_due_on=day(row["due"]),
        **party(cast, row.get("by"), "by"),
        **party(cast, row["to"], "to"),
    )
    if "answer" in row:
        days, words = row["answer"]
        answer_challenge(challenge, answer=words, by=cast.holders["manager"], on=day(days))
    if "difference" in row:
        end_challenge(challenge, difference=row["difference"], on=day(row["closed"]))
    if "shared" in row:
        share(challenge, on=day(row["shared"]))


def load_inspection(cast, row, priorities):
    day = cast.calendar.day
    began, ended, published = row["began"]
    inspection, _ = add_inspection(
        cast.partnerships[row["of"]],
        priorities=about(row, priorities),
        themes=Theme.objects.filter(title__in=row.get("themes", ())),
        title=row["title"],
        inspectorate=row["inspectorate"],
        organisation=cast.agencies[row["organisation"]] if row["organisation"] else None,
        starts_on=day(began),
        ends_on=day(ended),
        published_on=day(published) if published else None,
        outcome=row.get("outcome", ""),
        summary=row["summary"],
        address=row.get("address", ""),
        next_on=cast.calendar.today + timedelta(days=row["next"]) if "next" in row else None,
    )
    if "told" in row:
        tell_members(inspection, on=day(row["told"]))
    if "recommend" in row:
        lines = read_lines("\n".join(row["recommend"]))
        recommend(inspection, lines, made_on=day(published), organisations=[inspection.organisation])
    if "kept" in row:  # what it recommends was entered before it was
        inspection.recommendations.set(inspection.partnership.recommendations.filter(source_title=row["kept"]))
    act(cast, inspection, row)
    if "closed" in row:
        close_inspection(inspection, on=day(row["closed"][0]), because=row["closed"][1])
