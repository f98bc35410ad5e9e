"""What is due to assurance: returns, entries of the timetable, and the yearly report by the rules of its edition."""

from datetime import timedelta

from django.db.models import DateField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat, TruncDate

from assurance.models import AnnualReport, Return, TimetableEntry
from partnership.clocks import Later, by_clock
from partnership.deadlines import OFFICE, READERS, as_deadlines
from partnership.due_dates import of_office
from partnership.models import Rule


def requests(on):
    """Returns not submitted of requests that were sent and not closed, owed by the organisation."""
    waiting = Return.objects.filter(submitted_at=None, request__sent_on__lte=on).exclude(request__closed_on__lte=on)
    return as_deadlines(
        waiting,
        key="return",
        kind="Return",
        due_on="request__due_on",
        title="request__title",
        url_name="assurance:return-change",
        partnership="request__partnerships",
        owner_text="organisation__name",
        organisation="organisation",
        audience=OFFICE,
        look_name="assurance:return-list",
    )


def timetable(on):
    """Entries not done of a quarter that has begun, by its last day, from the group that carries them out."""
    return as_deadlines(
        TimetableEntry.objects.filter(quarter_on__lte=on, done_on=None).exclude(group=None),
        owner_text="group__name",
        group="group",
        group_above="group__parent",
        **OF_TIMETABLE,
    )


def timetable_of_office(on):
    """The same of those that no group carries out, from the business office."""
    entries = TimetableEntry.objects.filter(quarter_on__lte=on, done_on=None, group=None)
    return of_office(entries, office="partnerships__posts", **OF_TIMETABLE)


OF_TIMETABLE = {
    "key": "timetable",
    "kind": "Timetable",
    "due_on": Cast(Later("quarter_on", Value(3), "month") - timedelta(days=1), DateField()),
    "title": "title",
    "url_name": "assurance:timetable",
    "url_pk": Value(""),
    "partnership": "partnerships",
}


# The yearly report


def reports(on):
    """Yearly reports that are not published yet."""
    waiting = AnnualReport.objects.filter(published_file=None, corrects=None)
    return _by_rule(waiting, "yearly-report-month", "ends_on", key="report", words="Publish: ")


def copies(on):
    """Copies of a report that was just published. Nobody writes down that they were sent, so the day ends it."""
    published = AnnualReport.objects.published().filter(corrects=None)
    sent_by = _by_rule(published, "copies", "published_on", key="report-copies", words="Send copies: ")
    return sent_by.filter(deadline_due_on__gte=on)


def next_reports(on):
    """The report after the newest that was published, where nobody has begun it."""
    later = AnnualReport.objects.filter(
        partnerships=OuterRef("partnerships"), ends_on__gt=OuterRef("ends_on"), corrects=None
    )
    newest = AnnualReport.objects.published().filter(~Exists(later), corrects=None)
    return _by_rule(newest, "yearly-report", "published_on", key="next-report", words="The next after: ")


def _by_rule(reports, code, day, *, key, words):
    """``reports`` by the clock of that code of their edition, counted from ``day``; for the business office."""
    dated = reports.annotate(published_on=TruncDate("published_file__published_at"))
    counted = by_clock(dated, Rule.objects.clocks().filter(code=code, rule_set=OuterRef("rule_set")), counted_from=day)
    return of_office(
        counted.exclude(clock_rule=None),
        office="partnerships__posts",
        key=key,
        kind="Yearly report",
        due_on="clock_due_on",
        title=Concat(Value(words), F("title")),
        url_name="assurance:report-detail",
        partnership="partnerships",
        rule="clock_rule",
        counted_from=day,
        audience=READERS,
        look_name="assurance:report-list",
    )
