"""What is due around the yearly report: comments on a draft, signatures, copies to send."""

from datetime import timedelta

from django.db.models import Case, DateField, Exists, F, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Concat, TruncDate

from assurance.models import (
    AnnualReport,
    ConsultationComment,
    ReportConsultation,
    ReportContribution,
    ReportRecipient,
    ReportSignature,
    ScrutinyStatement,
    SignOff,
)
from partnership.deadlines import OFFICE, READERS, as_deadlines
from partnership.due_dates import of_office
from partnership.models import Membership, Post
from partnership.models.organisations import valid_on

# Comments on a draft


def comments(on):
    """Drafts that members are asked about, from every member that has not commented, until the last day.

    Nobody has to comment, so nothing is late.
    """
    membership = "report__partnerships__memberships__"
    asked = ReportConsultation.objects.open(on=on).filter(
        valid_on(on, membership), audience=ReportConsultation.Audience.MEMBERS, closes_on__gte=on
    )
    said = ConsultationComment.objects.filter(consultation=OuterRef("pk"), organisation=OuterRef("member"))
    return as_deadlines(
        asked.annotate(member=F(f"{membership}organisation")).filter(~Exists(said)),
        key="report-comment",
        kind="Comment on a draft",
        due_on="closes_on",
        title=Concat(Value("Comment on the draft of "), "report__title", output_field=TextField()),
        url_name="assurance:consultation-detail",
        partnership=f"{membership}partnership",
        owner_text=f"{membership}organisation__name",
        organisation="member",
        audience=OFFICE,
        look_name="assurance:report-list",
    )


def consultations(on):
    """Consultations that are open, on their last day: the office answers every comment and closes them."""
    return of_office(
        ReportConsultation.objects.open(on=on),
        office="report__partnerships__posts",
        key="report-consultation",
        kind="Consultation on a report",
        due_on="closes_on",
        title=Concat(Value("Answer and close: "), "name", Value(", "), "report__title", output_field=TextField()),
        url_name="assurance:consultation-detail",
        partnership="report__partnerships",
        audience=OFFICE,
        look_name="assurance:report-list",
    )


# Signatures and copies


def sign_offs(on):
    """A version that the leads are asked to sign: of each statutory partner's lead until it is signed for that partner.

    Each organisation's is a deadline of its own, so that it ends with its own signature.
    """
    posts = "report__partnerships__posts__"
    asked = SignOff.objects.open().filter(**{f"{posts}duty": Post.Duty.LEAD_PARTNER})
    asked = asked.annotate(signer=F(f"{posts}organisation"), within=F("report__partnerships"))
    signed = ReportSignature.objects.filter(
        sign_off=OuterRef("pk"), organisation=OuterRef("signer"), decision=ReportSignature.Decision.SIGNED
    )
    statutory = Membership.objects.current(on=on).filter(
        partnership=OuterRef("within"), organisation=OuterRef("signer"), role=Membership.Role.STATUTORY
    )
    number = Concat(Cast("pk", TextField()), Value("-"), Cast("signer", TextField()), output_field=TextField())
    return as_deadlines(
        asked.filter(~Exists(signed), Exists(statutory)),
        key=Concat(Value("report-sign-off:"), number, output_field=TextField()),
        kind="Signature of a report",
        due_on="due_on",
        title=Concat(Value("Read and sign: "), F("report__title"), output_field=TextField()),
        url_name="assurance:sign-off-detail",
        partnership="report__partnerships",
        owner_text=f"{posts}title",
        post="report__partnerships__posts",
        audience=READERS,
        look_name="assurance:report-list",
    )


def copies(on):
    """A published report that has not gone to everybody who has to have it by a day; by the first of those days.

    Of an edition that was corrected the next one is sent.
    """
    waiting = ReportRecipient.objects.filter(
        report=OuterRef("pk"), sent_on=None, not_sent_because="", within_days__isnull=False
    ).order_by("within_days", "position")
    published = AnnualReport.objects.published().filter(corrected_by__published_file=None)
    dated = published.annotate(
        published_on=TruncDate("published_file__published_at"),
        within_days=Subquery(waiting.values("within_days")[:1]),
        by_rule=Subquery(waiting.values("rule")[:1]),
    )
    return of_office(
        dated.exclude(within_days=None),
        office="partnerships__posts",
        key="report-copies",
        kind="Yearly report",
        due_on=Cast(F("published_on") + F("within_days") * Value(timedelta(days=1)), DateField()),
        title=Concat(Value("Send copies: "), F("title"), output_field=TextField()),
        url_name="assurance:recipient-list",
        partnership="partnerships",
        rule="by_rule",
        counted_from=Case(When(by_rule__isnull=False, then="published_on")),
        look_name="assurance:report-list",
        audience=READERS,
    )


# What others write for it


def contributions(on):
    """Parts of a report that organisations were asked for and have not submitted."""
    return as_deadlines(
        ReportContribution.objects.outstanding().filter(report__published_file=None),
        key="report-contribution",
        kind="Contribution",
        due_on="due_on",
        title=Concat(Value("Your part of "), "report__title", output_field=TextField()),
        url_name="assurance:contribution-answer",
        partnership="report__partnerships",
        owner_text="organisation__name",
        organisation="organisation",
        audience=READERS,
        look_name="assurance:report-list",
    )


def statements(on):
    """Statements of the independent scrutineer that are wanted by a day and not given, from the advisor's post."""
    given = ScrutinyStatement.objects.given().filter(report=OuterRef("pk"))
    wanted = AnnualReport.objects.filter(
        ~Exists(given), published_file=None, partnerships__posts__duty=Post.Duty.ADVISOR
    )
    return as_deadlines(
        wanted.exclude(statement_due_on=None),
        key="report-statement",
        kind="Independent scrutiny",
        due_on="statement_due_on",
        title=Concat(Value("Statement for "), "title", output_field=TextField()),
        url_name="assurance:statement-write",
        partnership="partnerships",
        owner_text="partnerships__posts__title",
        post="partnerships__posts",
        audience=READERS,
        look_name="assurance:report-list",
    )
