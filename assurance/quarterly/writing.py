"""Writing a quarter's report: begun for a round, judged outcome by outcome, promised, told, given to the board.

Every command locks the report, so that nothing is written into one that was published meanwhile.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from assurance.models import PromiseResult, QuarterlyDraft, QuarterlyLine, QuarterlyPromise, QuarterlyReport
from assurance.quarterly.evidence import gather_evidence
from assurance.quarterly.standing import words_of
from plans.models import OutcomeStatement
from plans.outcomes import judge_outcome
from plans.reviewing import lock_round

LONGEST_KEPT = 200_000  # characters of one answer of a draft; its form takes far fewer
PUBLISHED = "This report was published meanwhile, so it stands. Correct it by a new edition."


class NothingToJudge(Exception):
    """The words say why, and can be shown to a person."""


def locked(report):
    """The report's row, locked. Raises ValidationError once it is published."""
    report = (
        QuarterlyReport.objects.select_for_update(of=["self"], no_key=True)
        .select_related("round__plan__scrutiny_group", "round__plan__deciding_group")
        .get(pk=report.pk)
    )
    if report.is_published:
        raise ValidationError(PUBLISHED)
    return report


# Begin


@transaction.atomic
def begin_report(round, *, by, at, on):
    """The round's report with a line for each outcome and what the quarter has shown; begun twice, the one there is.

    Raises NothingToJudge where the plan has no outcome statement.
    """
    lock_round(round)
    there = QuarterlyReport.objects.filter(round=round).order_by("-edition").first()
    if there:
        return there
    if not outcomes_of(round.plan).exists():
        raise NothingToJudge(
            "This plan has no outcome statement yet. Write at least one under a priority: the report tells of each."
        )
    report = QuarterlyReport.objects.create(round=round, begun_by=by, begun_at=at)
    gather(report, on=on)
    return report


def outcomes_of(plan):
    """The outcome statements of the plan's priorities, in order."""
    in_plan = OutcomeStatement.objects.filter(priority__plan=plan, priority__retired_on=None)
    return in_plan.order_by("priority__position", "position", "pk")


@transaction.atomic
def gather(report, *, on):
    """Look again: outcomes that came into the plan, evidence, and the promises to be told of. Gives what is new."""
    report = locked(report)
    held = {line.outcome_id: line for line in report.lines.all()}
    for position, outcome in enumerate(outcomes_of(report.plan), start=1):
        line = held.get(outcome.pk)
        if line is None:
            QuarterlyLine.objects.create(report=report, outcome=outcome, position=position)
        elif line.position != position:
            line.position = position
            line.save(update_fields=["position"])
    ask_for_results(report)
    return gather_evidence(report, on=on)


# What was promised before


def report_before(report):
    """The last published report of an earlier quarter of the plan, or of the plan that it continues; or None."""
    return (
        QuarterlyReport.objects.published()
        .current()
        .filter(Q(round__plan=report.plan) | Q(round__plan=report.plan.continues_id))
        .filter(round__ends_on__lt=report.round.ends_on)
        .select_related("round")
        .order_by("-round__ends_on")
        .first()
    )


def promises_to_tell(before):
    """What the report ``before`` promised, and what it said would go on; in its order."""
    going_on = before.results.filter(is_carried=True).values("promise")
    promises = QuarterlyPromise.objects.filter(Q(report=before) | Q(pk__in=going_on))
    return promises.order_by("report__round__ends_on", "position", "pk")


def ask_for_results(report):
    """A row for each promise to be told of. Where the last report was corrected, its words move to the new edition."""
    before = report_before(report)
    asked = list(promises_to_tell(before)) if before else []
    held = {each.promise_id: each for each in report.results.select_related("promise")}
    by_action = {each.promise.action_id: each for each in held.values() if each.promise.action_id}
    for promise in asked:
        if promise.pk in held:
            held.pop(promise.pk)
            continue
        earlier = by_action.get(promise.action_id)
        if earlier and earlier.promise_id not in {each.pk for each in asked}:
            held.pop(earlier.promise_id, None)
            earlier.promise = promise
            earlier.save(update_fields=["promise"])
        else:
            PromiseResult.objects.create(report=report, promise=promise)
    for result in held.values():
        result.delete()


@transaction.atomic
def tell_results(report, told):
    """Keep ``{key of a result: (result, words, whether it goes on)}``; what is done or dropped does not go on."""
    report = locked(report)
    ended = {QuarterlyPromise.Result.DONE, QuarterlyPromise.Result.DROPPED}
    for result in report.results.filter(pk__in=told):
        code, words, goes_on = told[result.pk]
        goes_on = goes_on and code not in ended
        if (result.result, result.words, result.is_carried) != (code, words, goes_on):
            result.result, result.words, result.is_carried = code, words, goes_on
            result.save(update_fields=["result", "words", "is_carried"])


# Words


@transaction.atomic
def write_line(line, *, by, at: datetime, level, how, doing_well, explore, not_judged_because):
    """Judge the outcome in the round, where ``level`` is not "", and keep what is said of it here."""
    report = locked(line.report)
    line = report.lines.select_related("outcome").get(pk=line.pk)  # a form may have put its answers into its own
    if level:
        judge_outcome(line.outcome, round=report.round, by=by, at=at, level=level, words=how)
        not_judged_because = ""
    said = {"doing_well": doing_well, "explore": explore, "not_judged_because": not_judged_because}
    changed = [name for name, words in said.items() if getattr(line, name) != words]
    if changed:
        for name in changed:
            setattr(line, name, said[name])
        line.save(update_fields=changed)
    forget_draft(report, page=page_of(line), by=by)


@transaction.atomic
def write_words(report, *, by, introduction, doing_well, explore):
    """What the report says in all."""
    report = locked(report)
    report.introduction, report.doing_well, report.explore = introduction, doing_well, explore
    report.save(update_fields=["introduction", "doing_well", "explore"])
    forget_draft(report, page=WORDS, by=by)
    return report


@transaction.atomic
def leave_out(evidence, *, is_left_out):
    """Leave one piece of evidence out, or take it back. Twice is once."""
    locked(evidence.report)
    if evidence.is_left_out != is_left_out:
        evidence.is_left_out = is_left_out
        evidence.save(update_fields=["is_left_out"])


# Promises


@transaction.atomic
def add_promise(report, *, text, due_on, line=None, **lead):
    """What is to be done next, under an outcome (``line``) or for all of them. The same sent twice is one."""
    report = locked(report)
    same = report.promises.filter(text=text, due_on=due_on, line=line, **lead).first()
    if same:
        return same
    last = report.promises.order_by("-position").values_list("position", flat=True).first() or 0
    return report.promises.create(text=text, due_on=due_on, line=line, position=last + 1, **lead)


@transaction.atomic
def change_promise(promise, *, text, due_on, **lead):
    locked(promise.report)
    promise.text, promise.due_on = text, due_on
    for name, record in lead.items():
        setattr(promise, name, record)
    promise.save(update_fields=["text", "due_on", *lead])
    return promise


@transaction.atomic
def remove_promise(promise):
    locked(promise.report)
    promise.delete()


# To the board


@transaction.atomic
def give_to_board(report, *, by, at):
    """Hand it to the group that decides, and keep beside it all that it says now. Twice is once."""
    report = locked(report)
    if report.given_at is None:
        report.given_at, report.given_by, report.given_words = at, by, words_of(report)
        report.save(update_fields=["given_at", "given_by", "given_words"])
    return report


# Drafts

WORDS, RESULTS = "words", "results"


def page_of(line):
    """The name under which drafts of an outcome's page are kept."""
    return f"line:{line.pk}"


@transaction.atomic
def keep_draft(report, *, page, by, at, answers):
    """Keep what ``by`` has typed so far (``{field: as typed}``). Nothing else reads it."""
    kept = {name: str(typed).replace("\x00", "")[:LONGEST_KEPT] for name, typed in answers.items()}
    draft, _made = QuarterlyDraft.objects.update_or_create(
        report=report, page=page, author=by, defaults={"answers": kept, "saved_at": at}
    )
    return draft


def forget_draft(report, *, page, by):
    QuarterlyDraft.objects.filter(report=report, page=page, author=by).delete()


def draft_of(report, *, page, by):
    """What ``by`` has typed there and not saved, or None."""
    return QuarterlyDraft.objects.filter(report=report, page=page, author=by).first()
