"""What is due to assurance: returns, entries of the timetable, and the yearly report by the rules of its edition."""

from datetime import timedelta

from django.conf import settings
from django.db.models import (
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from assurance.models import (
    AnnualReport,
    Challenge,
    Improvement,
    PractitionerSurvey,
    Return,
    Risk,
    SchoolSurvey,
    ScrutinyResponse,
    TimetableEntry,
)
from assurance.models.voice import HEARD, VoiceEntry
from partnership.clocks import Later, by_clock
from partnership.deadlines import OFFICE, READERS, as_deadlines
from partnership.due_dates import of_office
from partnership.models import Rule

DAYS_TO_READ = timedelta(days=14)  # within which an organisation is asked to read what it was told


def requests(on):
    """Returns not submitted of requests that were sent and not closed, owed by the organisation.

    One that got more time is due later, even after its request closed. What is answered in another return stays due by
    its own day, as no office may learn from it what another asks.
    """
    asked = Return.objects.filter(submitted_at=None, withdrawn_at=None, request__sent_on__lte=on).with_due()
    waiting = asked.filter(~Q(request__closed_on__lte=on) | Q(extended_to__gte=on))
    return as_deadlines(
        waiting,
        key="return",
        kind="Return",
        due_on="asked_by_day",
        title="request__title",
        url_name="assurance:return-change",
        partnership="request__partnerships",
        owner_text="organisation__name",
        organisation="organisation",
        audience=OFFICE,
        look_name="assurance:return-list",
    )


def signatures(on):
    """Returns that a senior person was asked to sign off. That it is so is the organisation's own affair."""
    asked = Return.objects.filter(submitted_at=None, withdrawn_at=None).exclude(sign_off_asked_at=None).with_due()
    return as_deadlines(
        asked.filter(~Q(request__closed_on__lte=on) | Q(extended_to__gte=on)),
        key="signature",
        kind="Sign off",
        due_on="asked_by_day",
        title=Concat(Value("Sign off: "), F("request__title"), output_field=TextField()),
        url_name="assurance:return-sign-off",
        partnership=None,
        user="signer",
        is_restricted=True,
    )


def improvements(on):
    """What organisations said in a submitted return that they would do, and have not said that it is done."""
    return as_deadlines(
        Improvement.objects.filter(done_on=None).exclude(assessment__record__submitted_at=None),
        key="improvement",
        kind="Improvement",
        due_on="due_on",
        title="text",
        url_name="assurance:improvement-done",
        partnership="assessment__record__request__partnerships",
        owner_text="lead",
        organisation="assessment__record__organisation",
        audience=OFFICE,
        look_name="assurance:return-list",
    )


def responses(on):
    """What organisations were told of their returns and have not said that they read; the last of each alone."""
    return as_deadlines(
        ScrutinyResponse.objects.latest().filter(read_at=None),
        key="response",
        kind="Response to your return",
        due_on=TruncDate(ExpressionWrapper(F("sent_at") + DAYS_TO_READ, DateTimeField())),
        title="scrutiny__record__request__title",
        url_name="assurance:return-detail",
        url_pk="scrutiny__record",
        partnership="scrutiny__partnership",
        organisation="scrutiny__record__organisation",
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


def school_surveys(on):
    """Surveys of schools that are open, on the day by which schools answer; the office looks who has not."""
    return of_office(
        SchoolSurvey.objects.filter(sent_on__lte=on, closed_on=None),
        office="partnership__posts",
        key="school-survey",
        kind="Survey of schools",
        due_on="due_on",
        title="title",
        url_name="assurance:school-survey",
        partnership="partnership",
        audience=OFFICE,
        look_name="assurance:return-list",
    )


def voices(on):
    """What people said, until it is said what was done or why nothing was: from whoever listened."""
    return as_deadlines(
        VoiceEntry.objects.at_stage(HEARD).exclude(organisation=None, group=None),
        key="voice",
        kind="Voice",
        due_on=Cast(F("heard_on") + timedelta(days=settings.VOICE_ANSWER_DAYS), DateField()),
        title=Concat(Value("Say what was done: "), F("who"), output_field=TextField()),
        url_name="assurance:voice-did",
        partnership="partnerships",
        group="group",
        organisation="organisation",
        owner_text=Coalesce("group__name", "organisation__name"),
        look_name="assurance:voice-detail",
        look_pk="pk",
    )


# Risks and challenges. By their refs alone: a reminder may climb to a chair who may not read what they are about.


def risks(on):
    """Open risks on the day they are looked at again, from whoever answers for them."""
    led = Risk.objects.open().filter(LED)
    return as_deadlines(led, post="lead_post", group="lead_group", organisation="lead_organisation", **OF_RISKS)


def risks_of_office(on):
    """The same of those that nobody answers for, from the business office."""
    return of_office(Risk.objects.open().exclude(LED), office="partnership__posts", **OF_RISKS)


LED = Q(lead_post__isnull=False) | Q(lead_group__isnull=False) | Q(lead_organisation__isnull=False)
OF_RISKS = {
    "key": "risk",
    "kind": "Risk",
    "due_on": "next_review_on",
    "title": Concat(Value("Look again at risk "), "ref", output_field=TextField()),
    "url_name": "assurance:risk-review",
    "partnership": "partnership",
    "audience": READERS,
    "look_name": "assurance:risk-list",
}


def challenges(on):
    """Challenges without an answer, from the organisation or the group that was asked for one."""
    return as_deadlines(
        Challenge.objects.open().filter(answered_on=None).exclude(answer_due_on=None),
        key="challenge",
        kind="Answer to a challenge",
        due_on="answer_due_on",
        title=Concat(Value("Answer challenge "), "ref", output_field=TextField()),
        url_name="assurance:challenge-answer",
        partnership="partnership",
        group="to_group",
        organisation="to_organisation",
        audience=OFFICE,
        look_name="assurance:challenge-list",
    )


def practitioner_surveys(on):
    """Surveys of practitioners that are open, on their last day: until then the office hands links on and reminds."""
    return of_office(
        PractitionerSurvey.objects.filter(opens_on__lte=on, closes_on__gte=on),
        office="partnership__posts",
        key="practitioner-survey",
        kind="Survey of practitioners",
        due_on="closes_on",
        title="title",
        url_name="assurance:practitioner-survey",
        partnership="partnership",
        audience=OFFICE,
        look_name="assurance:practitioner-survey-list",
    )


# The yearly report


def reports(on):
    """Yearly reports that are not published yet."""
    waiting = AnnualReport.objects.filter(published_file=None, corrects=None)
    return _by_rule(waiting, "yearly-report-month", "ends_on", key="report", words="Publish: ")


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
