"""Two reports of how this year's plan does: one published, one being written, by the product's own commands."""

from datetime import timedelta

from assurance.models import QuarterlyBuild, QuarterlyReport
from assurance.quarterly.builds import request_build, run_build
from assurance.quarterly.publishing import publish_report
from assurance.quarterly.writing import (
    add_promise,
    begin_report,
    give_to_board,
    tell_results,
    write_line,
    write_words,
)
from assurance.sample import quarterly
from assurance.sample.dates import month_after
from partnership.actions import update_action
from partnership.pdf import PdfProblem
from plans.models import OutcomeJudgement

SCRUTINY, EXECUTIVE, OFFICE = "scrutiny-chair", "executive-chair", "manager"


def load_quarterly(cast, plan):
    """The report on the last round that is over: written, and given to the Executive, which changed it."""
    round = last_closed(plan)
    day = round.decisions_due_on - timedelta(days=3)
    said = {"by": cast.holders[SCRUTINY], "at": cast.calendar.moment(day)}
    report = begin_report(round, on=day, **said)
    write_words(
        report,
        by=said["by"],
        introduction=quarterly.INTRODUCTION,
        doing_well=quarterly.DOING_WELL,
        explore=quarterly.EXPLORE,
    )
    lines = lines_of(report)
    for key, line in lines.items():
        well, explore = quarterly.LINES.get(key, ("", ""))
        write(line, doing_well=well, explore=explore, why=quarterly.NOT_JUDGED.get(key, ""), **said)
    ends = round.ends_on.replace(day=1)
    for key, text, post, months, _came in quarterly.PROMISES:
        due_on = month_after(ends, months + 1) - timedelta(days=1)
        add_promise(report, text=text, due_on=due_on, line=lines.get(key), lead_post=cast.posts[post])
    report = give_to_board(report, **said)
    board = {
        "by": cast.holders[EXECUTIVE],
        "at": cast.calendar.moment(day + timedelta(days=quarterly.MEETING_DAYS)),
    }
    key, level, how = quarterly.BOARD_LEVEL
    well, explore = quarterly.LINES[key]
    write_line(lines[key], level=level, how=how, doing_well=well, explore=explore, not_judged_because="", **board)
    write_words(
        report,
        by=board["by"],
        introduction=quarterly.BOARD_INTRODUCTION,
        doing_well=quarterly.DOING_WELL,
        explore=quarterly.EXPLORE,
    )


def last_closed(plan):
    return plan.rounds.exclude(closed_at=None).order_by("-closes_on").first()


def lines_of(report):
    """{(the priority's ref, the place of the outcome): its line}."""
    lines = report.lines.select_related("outcome__priority", "report__round")
    return {(line.outcome.priority.ref, line.outcome.position): line for line in lines}


def write(line, *, doing_well, explore, why, by, at):
    """What is said of it beside the judgement, which the round has already."""
    now = OutcomeJudgement.objects.current().filter(outcome=line.outcome_id, round=line.report.round_id).first()
    judged = {"level": now.level, "how": now.words, "by": now.judged_by} if now else {"level": "", "how": "", "by": by}
    write_line(line, at=at, doing_well=doing_well, explore=explore, not_judged_because=why, **judged)


def publish_quarterly(cast):
    """Publish it, let its promises be kept or not, and begin the report on the round that is open.

    Raises PdfProblem where this machine cannot make PDFs; the report then stays with the Executive.
    """
    report = QuarterlyReport.objects.select_related("round__plan").get()
    day = report.round.decisions_due_on + timedelta(days=quarterly.MEETING_DAYS)
    at, by = cast.calendar.moment(day, hour=15), cast.holders[OFFICE]
    build = request_build(report, by=by, on=day)
    QuarterlyBuild.objects.filter(pk=build.pk).update(requested_at=at)
    run_build(build.pk)
    build.refresh_from_db()
    if not build.is_done:
        raise PdfProblem(build.problem)
    report = publish_report(report, build=build, by=by, at=at, on=day)
    for promise, (*_said, came) in zip(report.promises.order_by("position"), quarterly.PROMISES, strict=True):
        if came:
            words, is_closed = came
            outcome = words if is_closed else ""
            done_on = cast.calendar.day(-20)
            update_action(promise.action, text=words, by=by, on=done_on, outcome=outcome)
    begin_next(cast, report.plan)


def begin_next(cast, plan):
    calendar = cast.calendar
    round = plan.rounds.open_on(calendar.today).get()
    said = {"by": cast.holders[SCRUTINY], "at": calendar.moment(calendar.day(-2))}
    report = begin_report(round, on=calendar.today, **said)
    write_words(report, by=said["by"], introduction=quarterly.NEXT_INTRODUCTION, doing_well="", explore="")
    lines = lines_of(report)
    for key, (level, how) in quarterly.NEXT_LEVELS.items():
        write_line(lines[key], level=level, how=how, doing_well="", explore="", not_judged_because="", **said)
    results = report.results.order_by("promise__position")
    tell_results(report, {each.pk: told for each, told in zip(results, quarterly.TOLD, strict=False)})
