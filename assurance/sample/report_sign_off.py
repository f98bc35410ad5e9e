"""Last year's report on its last way: signed by each lead partner, published and sent, to one of them late."""

from datetime import date, timedelta

from assurance.annual import recipients, signing
from assurance.annual.builds import make_others, print_assets
from assurance.annual.publishing import publish_report
from assurance.models import AnnualReport, ReportBuild, ReportRecipient
from assurance.printed import content_hash
from partnership.models import PostHolding
from partnership.publishing import sha256_of

ASKED, MADE = timedelta(days=24), timedelta(days=25)  # before the day of publication
NOTE = (
    "Please read section 3 twice: it says what we did not achieve. Since the consultation in June, section 7 has "
    "the audited figures, and section 5 says which of the young people’s requests we have not met."
)
# Days after they were asked on which the leads signed, by name; one of them at a meeting.
SIGNED = (6, 9, 13, 17)
AT_A_MEETING = "At the meeting of the Executive, item 3 of the minutes. The signed sheet is with the business office."
PANEL, WHAT_WORKS, MEMBERS = "to-panel", "to-what-works", "to-members"
# Code of a rule: address, days after publication on which it went, how, and what is noted.
SENT = {
    PANEL: ("safeguarding.panel@example.org", 1, "email", "Their receipt of the same day is filed"),
    WHAT_WORKS: ("yearly.reports@example.org", 9, "email", "The first mail came back; the address was changed"),
    MEMBERS: ("members@example.org", 0, "email", ""),
    "to-scrutiny": ("committee.services@example.org", 2, "email", "For the meeting in October"),
    "to-health-and-wellbeing": ("hwb.chair@example.org", 2, "email", ""),
    "to-police-and-crime": ("commissioner@example.org", 3, "post", "Two printed copies"),
}
OUR_OWN = (("Young people’s Sounding Board", "", 4, "hand", "Read together on a Saturday morning"),)


def publish_signed(cast, report, *, pdf, content, on):
    """Publish the report of ``content`` on that day, signed and sent. ``pdf``: of ``render_pdf``."""
    manager, moment = cast.holders["manager"], cast.calendar.moment
    build = keep_proof(report, pdf=pdf, content=content, by=manager, at=moment(on - MADE))
    asked_on = on - ASKED
    sign_off = signing.ask_to_sign(
        report,
        build=build,
        note=NOTE,
        due_on=on - timedelta(days=4),
        because="",
        by=manager,
        at=moment(asked_on),
    )
    partners = signing.statutory_partners(report, on=asked_on)
    for number, organisation in enumerate(partners):
        day = asked_on + timedelta(days=SIGNED[number % len(SIGNED)])
        is_at_meeting = number == len(partners) - 1
        lead = lead_of(report, organisation, on=cast.calendar.today)
        signing.sign(
            sign_off,
            organisation=organisation,
            decision=signing.Decision.SIGNED,
            words=AT_A_MEETING if is_at_meeting else "",
            name=lead.user.name,
            post_title=lead.post.title,
            signed_on=day,
            by=manager if is_at_meeting else lead.user,
            at=moment(day),
        )
    publish_report(report, build=build, by=manager, at=moment(on))
    report.refresh_from_db()
    send_copies(report, published_on=on, by=manager)
    for following in AnnualReport.objects.filter(partnerships__in=cast.both, ends_on__gt=report.ends_on).distinct():
        recipients.make_recipients(following)


def keep_proof(report, *, pdf, content, by, at):
    """The proof that was signed: the next version of those that are kept."""
    build = ReportBuild.objects.create(
        report=report,
        number=report.builds.count() + 1,
        requested_by=by,
        state=ReportBuild.State.DONE,
        step="Ready",
        pdf=pdf.content,
        sha256=sha256_of(pdf.content),
        size=len(pdf.content),
        page_count=pdf.page_count,
        content=content,
        content_hash=content_hash(content),
        finished_at=at,
        **make_others(content, print_assets(content), say=str),
    )
    ReportBuild.objects.filter(pk=build.pk).update(requested_at=at)
    return build


def lead_of(report, organisation, *, on):
    """The holding of whoever leads that organisation."""
    posts = signing.lead_posts(report).filter(organisation=organisation)
    held = PostHolding.objects.current(on=on).filter(post__in=posts.values("pk"))
    return held.select_related("user", "post").get()


def send_copies(report, *, published_on: date, by):
    for recipient in report.recipients.select_related("rule"):
        email, days, way, note = SENT.get(recipient.rule.code, ("", 2, ReportRecipient.Way.EMAIL, ""))
        ReportRecipient.objects.filter(pk=recipient.pk).update(email=email)
        recipients.mark_sent(recipient, sent_on=published_on + timedelta(days=days), way=way, note=note, by=by)
    for name, email, days, way, note in OUR_OWN:
        recipient, _is_new = recipients.add_recipient(report, name=name, email=email, within_days=None)
        recipients.mark_sent(recipient, sent_on=published_on + timedelta(days=days), way=way, note=note, by=by)
