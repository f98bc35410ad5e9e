"""Publishing a quarter's report: the file that was read, its promises in an action log; corrected by an edition."""

from datetime import date

from django.db import transaction

from assurance.annual.starting import copy_of
from assurance.models import PromiseResult, QuarterlyEvidence, QuarterlyPromise, QuarterlyReport
from assurance.printed import content_hash
from assurance.quarterly.content import content_of
from assurance.quarterly.standing import group_of_log, missing
from assurance.quarterly.writing import gather
from partnership.actions import add_action, change_action, reopen_action
from partnership.publishing import CannotPublish

LEADS = ("lead_post", "lead_group", "lead_organisation")


def is_up_to_date(build):
    """Whether the report would print the same today as when ``build`` was made."""
    if not build.content:
        return False
    made_on = date.fromisoformat(build.content["dated_on"])
    return content_hash(content_of(build.report, on=made_on)) == build.content_hash


@transaction.atomic
def publish_report(report, *, build, by, at, on, meeting=None):
    """Publish exactly the files of ``build`` and put the promises into the action log.

    Raises CannotPublish where something is still missing, or the report says otherwise than ``build``: also where a
    source was taken back since. Then nothing is done.
    """
    report = QuarterlyReport.objects.select_for_update(of=["self"]).select_related("round__plan").get(pk=report.pk)
    if report.is_published:
        raise CannotPublish("This edition is published already. A correction is a new edition.")
    if report.given_at is None:
        raise CannotPublish("Give it to the board first: it is published as the board leaves it.")
    if build.report_id != report.pk or not build.is_done:
        raise CannotPublish("There is no finished file of this report yet. Make the files first.")
    if lacks := missing(report):
        raise CannotPublish(f"{len(lacks)} still to be said, the first: {lacks[0].what}.")
    gather(report, on=on)
    if not is_up_to_date(build):
        raise CannotPublish(
            "Something in the report has changed since these files were made. Make them again, read them, then publish."
        )
    log_promises(report, by=by)
    build.published_at = at
    build.save(update_fields=["published_at"])
    report.drafts.all().delete()
    report.published_at, report.published_by, report.meeting = at, by, meeting
    report.save(update_fields=["published_at", "published_by", "meeting"])
    return report


def log_promises(report, *, by):
    """Each promise a line of the log; what goes on from before is open there; a later edition changes its lines."""
    group = group_of_log(report)
    for promise in report.promises.select_related("action"):
        lead = {name: getattr(promise, name) for name in LEADS}
        said = {"text": promise.text, "due_on": promise.due_on, **lead}
        action = promise.action
        if action is None:
            promise.action = add_action(group, **said)
            promise.save(update_fields=["action"])
        elif action.closed_on is None and any(getattr(action, name) != value for name, value in said.items()):
            change_action(action, **said)
    for result in report.results.filter(is_carried=True).select_related("promise__action"):
        if result.promise.action and result.promise.action.closed_on:
            reopen_action(result.promise.action, by=by)


# Correcting


@transaction.atomic
def correct_report(report, *, changes, by, at):
    """The next edition with everything in it, to be corrected, given and published; begun twice, the one there is.

    Raises CannotPublish where this edition is not published, or a later one is.
    """
    QuarterlyReport.objects.select_for_update(of=["self"]).get(pk=report.pk)
    if not report.is_published:
        raise CannotPublish("This edition is not published yet, so it can still be changed itself.")
    again = QuarterlyReport.objects.filter(corrects=report).first()
    if again and again.is_published:
        raise CannotPublish("A later edition has corrected this one. Correct that one.")
    if again:
        return again
    again = QuarterlyReport.objects.create(
        round=report.round,
        edition=report.edition + 1,
        corrects=report,
        changes=changes,
        introduction=report.introduction,
        doing_well=report.doing_well,
        explore=report.explore,
        begun_by=by,
        begun_at=at,
    )
    lines = {}
    for line in report.lines.all():
        lines[line.pk] = copy_of(line, report=again)
        lines[line.pk].save()
    QuarterlyEvidence.objects.bulk_create(
        copy_of(each, report=again, line=lines[each.line_id]) for each in report.evidence.all()
    )
    QuarterlyPromise.objects.bulk_create(
        copy_of(each, report=again, line=lines.get(each.line_id)) for each in report.promises.all()
    )
    PromiseResult.objects.bulk_create(copy_of(each, report=again) for each in report.results.all())
    return again
