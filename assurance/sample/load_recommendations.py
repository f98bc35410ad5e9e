"""Rows of recommendations: from national reviews, audits and inspections, and of a case, some of them released."""

from assurance.sample.recommendations import CASE, OF_CASE, SOURCES
from plans.models import Deliverable, Plan
from reviews.models import Case, Theme
from reviews.recommendations import (
    add_evidence,
    add_recommendations,
    answer_recommendation,
    judge,
    link_row,
    plan_recheck,
)
from reviews.releasing import release


def load_recommendations(cast):
    partnership, themes = cast.partnerships["AV"], {theme.title: theme for theme in Theme.objects.all()}
    for title, source, days, rows in SOURCES:
        for row in rows:
            fields = {"source": source, "source_title": title, "made_on": cast.calendar.day(days)}
            load_one(cast, row, cast.holders["manager"], themes, partnership=partnership, **fields)
    case, chair = Case.objects.get(partnership=partnership, reference=CASE), cast.holders["county-cases-chair"]
    for row in OF_CASE:
        fields = {"source": "local", "case": case, "made_on": cast.calendar.day(-110)}
        load_one(cast, row, chair, themes, partnership=partnership, **fields)


def load_one(cast, row, by, themes, **fields):
    day = cast.calendar.day
    [recommendation], _new_count = add_recommendations(
        [(row["ref"], row["text"])],
        themes=[themes[title] for title in row["themes"]],
        measure=row.get("measure", ""),
        **fields,
    )
    if "answer" in row:
        answer, because, days = row["answer"]
        recommendation = answer_recommendation(recommendation, answer=answer, because=because, on=day(days), by=by)
    if "label" in row:
        words = {"label": row["label"], "text": row["text"], "measure": row["measure"]}
        recommendation = release(recommendation, **words, by=by, on=day(-90))
    if "row" in row:
        link_row(recommendation, row_called(row["row"]), by=by)
    if "evidence" in row:
        add_evidence(recommendation, words=row["evidence"], by=by)
    for days, method, judgement, evidence in row.get("looks", ()):
        look = plan_recheck(recommendation, planned_on=day(days), method=method)
        judge(look, judgement=judgement, evidence=evidence, on=day(days), by=by)
    if "next" in row:
        days, method = row["next"]
        plan_recheck(recommendation, planned_on=day(days), method=method)


def row_called(title):
    """The row of the running plan."""
    running = Plan.objects.running().order_by("-starts_on", "-pk").values("pk")
    return Deliverable.objects.filter(priority__plan__in=running, title=title).order_by("-priority__plan").first()
