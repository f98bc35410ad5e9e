"""Rows of what agencies and the scrutineer wrote for the annual reports, by the commands that they use."""

from datetime import date

from assurance.annual import contributions, statements
from assurance.models import AnnualReport, ReportContribution, ScrutinyStatement
from assurance.sample import report_contributions as told
from assurance.sample.dates import month_after
from partnership.models import PostHolding

ASKED, DUE, SUBMITTED, GIVEN, ANSWERED = (
    (4, 20),
    (5, 29),
    (5, 22),
    (7, 3),
    (8, 17),
)  # month and day, after the year's end


def load_report_contributions(cast):
    """Last year's, all submitted and answered; this year's as far as they came."""
    starts_on = cast.calendar.reported_year
    reports = AnnualReport.objects.filter(edition=1, partnerships__in=cast.both).distinct()
    load_last(cast, reports.get(starts_on=starts_on))
    load_this(cast, reports.get(starts_on=month_after(starts_on, 12)))


def load_last(cast, report):
    def moment(month_and_day):
        return cast.calendar.moment(date(report.ends_on.year, *month_and_day))

    for name, said in told.LAST_CONTRIBUTIONS.items():
        organisation = cast.agencies[name]
        ReportContribution.objects.create(
            report=report,
            organisation=organisation,
            asks=told.ASKS,
            due_on=date(report.ends_on.year, *DUE),
            asked_by=cast.holders["manager"],
            asked_at=moment(ASKED),
            submitted_by=somebody_of(cast, organisation),
            submitted_at=moment(SUBMITTED),
            printed=told.SHORTENED_LAST.get(name, ""),
            **dict(zip(contributions.NAMES, said, strict=True)),
        )
    ScrutinyStatement.objects.create(
        report=report,
        written_by=cast.holders["advisor"],
        begun_at=moment(ASKED),
        given_at=moment(GIVEN),
        answered_by=cast.holders["manager"],
        answered_at=moment(ANSWERED),
        **told.LAST_STATEMENT,
    )


def load_this(cast, report):
    day, moment = cast.calendar.day, cast.calendar.moment
    manager = cast.holders["manager"]
    asked = contributions.ask_organisations(
        report,
        [cast.agencies[row["of"]] for row in told.THIS_CONTRIBUTIONS],
        asks=told.ASKS,
        due_on=day(told.DUE),
        by=manager,
        at=moment(day(told.ASKED)),
    )
    for contribution, row in zip(asked, told.THIS_CONTRIBUTIONS, strict=True):
        load_one(cast, contribution, row)
    report.statement_due_on = day(told.THIS_STATEMENT["due"])
    report.save(update_fields=["statement_due_on"])
    statements.keep_draft(
        ScrutinyStatement(report=report, words=told.THIS_STATEMENT["words"]),
        by=cast.holders["advisor"],
        at=moment(day(told.THIS_STATEMENT["begun"])),
    )


def load_one(cast, contribution, row):
    day, moment = cast.calendar.day, cast.calendar.moment
    if "due" in row:
        contribution.due_on = day(row["due"])
        contribution.save(update_fields=["due_on"])
    words = row.get("said") or row.get("drafted")
    if words is None:
        return
    writer, at = somebody_of(cast, contribution.organisation), moment(day(row["days"]))
    typed = {name: (said, contributions.mark("")) for name, said in zip(contributions.NAMES, words, strict=True)}
    draft, _refused = contributions.save_draft(contribution, typed, by=writer, at=at)
    if "drafted" in row:
        return
    contributions.submit_contribution(contribution, version=draft.version, by=writer, at=at)
    if "returned" in row:
        days, because = row["returned"]
        contributions.give_back(contribution, because=because, at=moment(day(days)))
    elif "printed" in row:
        ReportContribution.objects.filter(pk=contribution.pk).update(printed=row["printed"])


def somebody_of(cast, organisation):
    """Who holds a post of it today; the office where nobody does."""
    held = PostHolding.objects.current(on=cast.calendar.today).filter(post__organisation=organisation)
    holding = held.select_related("user").order_by("post", "pk").first()
    return holding.user if holding else cast.holders["manager"]
