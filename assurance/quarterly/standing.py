"""Where a quarter's report stands: what it says, what the board changed of that, and what is still to be said."""

from dataclasses import dataclass

from django.urls import reverse

from assurance.models import QuarterlyPromise
from partnership.templatetags.components import long_date
from plans.models import OutcomeJudgement

LEFT_OUT, TAKEN_IN = "Left out", "Taken in"


def judgements_of(report):
    """{outcome's key: what was judged of it in the round}, the last word. One query."""
    judged = OutcomeJudgement.objects.current().filter(round=report.round_id).select_related("judged_by")
    return {each.outcome_id: each for each in judged}


def lines_of(report):
    """The report's lines in the plan's order with their outcome and priority. One query."""
    return list(report.lines.select_related("outcome__priority").order_by("position", "pk"))


def results_of(report):
    """What came of earlier promises, in the order in which they were made, each with its promise and action."""
    return report.results.select_related(
        "promise__report__round",
        "promise__action",
        "promise__lead_post",
        "promise__lead_group",
        "promise__lead_organisation",
    ).order_by("promise__report__round__ends_on", "promise__position", "pk")


# What it says, word for word


def words_of(report):
    """All that people wrote in it, ``{key: [where, words]}`` in the report's order, as JSON can hold it."""
    judged = judgements_of(report)
    said = {
        "introduction": ["The quarter in short", report.introduction],
        "doing_well": ["What we do well", report.doing_well],
        "explore": ["What we explore further", report.explore],
    }
    for line in lines_of(report):
        of = f"“{line.outcome.text}”"
        judgement = judged.get(line.outcome_id)
        said[f"level:{line.pk}"] = [f"{of}, judgement", judgement.get_level_display() if judgement else ""]
        said[f"how:{line.pk}"] = [f"{of}, how we know", judgement.words if judgement else ""]
        said[f"why:{line.pk}"] = [f"{of}, why it is not judged", line.not_judged_because]
        said[f"well:{line.pk}"] = [f"{of}, what goes well", line.doing_well]
        said[f"explore:{line.pk}"] = [f"{of}, explore further", line.explore]
    for each in report.evidence.all():
        said[f"evidence:{each.line_id}:{each.source_key}"] = [
            f"Evidence: {each.reference}",
            LEFT_OUT if each.is_left_out else TAKEN_IN,
        ]
    for each in report.promises.select_related("lead_post", "lead_group", "lead_organisation"):
        said[f"promise:{each.pk}"] = ["Next action", promise_in_words(each)]
    for each in report.results.select_related("promise"):
        of = f"Last time: {each.promise.text}"
        said[f"result:{each.pk}"] = [of, result_in_words(each)]
    return said


def promise_in_words(promise):
    return f"{promise.text.strip()} {promise.lead or 'Nobody yet'}, by {long_date(promise.due_on)}."


def result_in_words(result):
    goes_on = " It goes on." if result.is_carried else ""
    return f"{result.get_result_display()}. {result.words.strip()}{goes_on}" if result.result else ""


def changes_of_board(report):
    """What was changed since the report was given, ``[{"what", "before", "after"}]``. Evidence that came since is none.

    Four queries, none where it was not given.
    """
    if report.given_at is None:
        return []
    before, now = report.given_words, words_of(report)
    changes = []
    for key in [*now, *(key for key in before if key not in now)]:
        what, was = before.get(key, [None, ""])
        what, is_now = now.get(key, [what, ""])
        if was == is_now or (key.startswith("evidence:") and (key not in before or key not in now)):
            continue
        changes.append({"what": what, "before": was.strip(), "after": is_now.strip()})
    return changes


# What is still to be said


@dataclass(frozen=True)
class Missing:
    """Something to be said before it can be published, and the page where it is."""

    what: str
    url: str


def missing(report):
    """What stands in the way of publishing: outcomes not judged without a reason, last quarter's promises not told.

    And promises that no group's action log could take.
    """
    judged = judgements_of(report)
    found = [
        Missing(f"Not judged: {line.outcome.text}", reverse("assurance:quarterly-line", args=[line.pk]))
        for line in lines_of(report)
        if line.outcome_id not in judged and not line.not_judged_because.strip()
    ]
    results = reverse("assurance:quarterly-results", args=[report.pk])
    found += [
        Missing(f"Not told what came of: {each.promise.text}", results)
        for each in report.results.select_related("promise")
        if not each.result or not each.words.strip()
    ]
    for each in QuarterlyPromise.objects.filter(report=report, lead_post=None, lead_group=None, lead_organisation=None):
        url = reverse("assurance:quarterly-promise-change", args=[each.pk])
        found.append(Missing(f"Nobody answers for: {each.text}", url))
    if group_of_log(report) is None and report.promises.exists():
        url = reverse("plans:plan-detail", args=[report.round.plan_id])
        found.append(Missing("The plan has no group in whose action log promises could stand", url))
    return found


def group_of_log(report):
    """The group whose action log takes the promises: the one that scrutinises the plan, else the one that decides."""
    return report.plan.scrutiny_group or report.plan.deciding_group
