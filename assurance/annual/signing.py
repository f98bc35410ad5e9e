"""Signing: the lead of each statutory partner puts their name under one proof of the report, or asks for changes.

What somebody signed stays theirs for ever; another proof is another asking. Working Together 2023, chapter 2: the
lead safeguarding partners are jointly responsible for the report, so none of them is passed over in silence.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from assurance.annual.lacks import BY_LEADS, OFFICE, Missing
from assurance.annual.versions import is_up_to_date
from assurance.models import AnnualReport, ReportBuild, ReportSignature, SignOff
from partnership.models import Membership, Organisation, Post, PostHolding, User
from partnership.refusals import NotNow
from partnership.reminders.mails import AUTOMATIC
from partnership.templatetags.components import long_date

Decision = ReportSignature.Decision


def statutory_partners(report, *, on):
    """The organisations whose leads sign: the statutory partners of its partnerships on a day."""
    memberships = Membership.objects.current(on=on).filter(
        partnership__in=report.partnerships.values("pk"), role=Membership.Role.STATUTORY
    )
    return Organisation.objects.filter(pk__in=memberships.values("organisation")).order_by("name")


def waiting_partners(sign_off, *, on):
    """Those of them that have not signed what is put before them."""
    return statutory_partners(sign_off.report, on=on).exclude(pk__in=sign_off.signed_ids)


def lead_posts(report):
    """The posts that lead an organisation in one of the report's partnerships."""
    posts = Post.partnerships.through.objects.filter(partnership__in=report.partnerships.values("pk"))
    return Post.objects.filter(pk__in=posts.values("post"), duty=Post.Duty.LEAD_PARTNER).exclude(organisation=None)


def own_posts(user, sign_off, *, on):
    """The posts in which ``user`` leads a statutory partner that has not signed."""
    return (
        lead_posts(sign_off.report)
        .filter(pk__in=user.standing.post_ids, organisation__in=waiting_partners(sign_off, on=on))
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )


# What stands


@dataclass(frozen=True)
class Seat:
    """One statutory partner: who leads it (words), its signature or None, and what it asked for (signatures)."""

    organisation: Organisation
    leads: list
    signature: ReportSignature | None
    asked: list

    @property
    def waits_for_changes(self):
        return self.signature is None and bool(self.asked)


def seats_of(sign_off, *, on):
    """How each statutory partner stands to what is put before it, by name; also those that signed and left since."""
    said = list(sign_off.signatures.select_related("organisation", "recorded_by"))
    organisations = {each.pk: each for each in statutory_partners(sign_off.report, on=on)}
    organisations |= {each.organisation_id: each.organisation for each in said}
    posts = lead_posts(sign_off.report).filter(organisation__in=organisations).open(on=on).with_holders(on=on)
    leads = {}
    for post in posts.order_by("title"):
        names = [holding.user.name for holding in post.current_holdings] or ["nobody at present"]
        leads.setdefault(post.organisation_id, []).extend(f"{name}, {post.title}" for name in names)
    return [
        Seat(
            organisation,
            leads.get(key, []),
            next((each for each in said if (each.organisation_id, each.decision) == (key, Decision.SIGNED)), None),
            [each for each in said if (each.organisation_id, each.decision) == (key, Decision.CHANGES)],
        )
        for key, organisation in sorted(organisations.items(), key=lambda each: each[1].name)
    ]


def open_sign_off(report):
    """What is put before the leads now, or None."""
    return report.sign_offs.filter(withdrawn_at=None).select_related("report").defer(*bytes_of("build")).first()


def bytes_of(build):
    return [f"{build}__{name}" for name in ("pdf", "content", "word", "summary")]


def signed_content(sign_off):
    """The signatures under a proof as the published file keeps them, by organisation."""
    signed = sign_off.signatures.filter(decision=Decision.SIGNED).select_related("organisation")
    return [
        {
            "organisation": each.organisation.name,
            "name": each.name,
            "post_title": each.post_title,
            "signed": long_date(each.signed_on),
        }
        for each in signed.order_by("organisation__name")
    ]


def seen_before(sign_off):
    """The version that was put before the leads, or before the members, before this one; None where this is the first.

    By its number, with which the address of a comparison is made.
    """
    builds = ReportBuild.objects.filter(report=sign_off.report_id, number__lt=sign_off.build.number).order_by("-number")
    shown = builds.filter(sign_offs__isnull=False) | builds.filter(pk__in=consulted_on(sign_off.report_id))
    return shown.values_list("number", flat=True).distinct().first()


def consulted_on(report_id):
    return ReportBuild.objects.filter(report=report_id, consultations__isnull=False).values("pk")


# Asking


@transaction.atomic
def ask_to_sign(report, *, build, note, due_on, because, by, at):
    """Put the proof ``build`` before the leads; what was before them is withdrawn with ``because``. Asked twice, once.

    Raises NotNow with words for a person.
    """
    report = locked_report(report)
    if report.is_published:
        raise NotNow("This edition is published already. A correction is a new edition.")
    if build.report_id != report.pk or not build.is_done:
        raise NotNow("Make the PDF first, and read it.")
    standing = open_sign_off(report)
    if standing and standing.build_id == build.pk:
        return standing
    if not statutory_partners(report, on=timezone.localdate(at)).exists():
        raise NotNow("No organisation is a statutory partner here. Say under Organisations who is, then ask.")
    if not is_up_to_date(build):
        raise NotNow("Something in the report has changed since this proof was made. Make the PDF again, and read it.")
    if standing:
        if not because:
            raise NotNow("Say why what they were asked to sign is withdrawn.")
        withdraw(standing, because=because, at=at)
    return report.sign_offs.create(build=build, note=note, due_on=due_on, asked_by=by, asked_at=at)


def locked_report(report):
    return AnnualReport.objects.select_for_update(of=["self"]).get(pk=report.pk)


@transaction.atomic
def withdraw(sign_off, *, because, at):
    """Take back what was put before the leads. Who signed is told; what they signed stays. Twice is once."""
    locked_report(sign_off.report)
    sign_off = SignOff.objects.select_related("report").get(pk=sign_off.pk)
    if sign_off.report.is_published:
        raise NotNow("The report is published: what was signed stands.")
    if sign_off.withdrawn_at is None:
        sign_off.withdrawn_at, sign_off.withdrawn_because = at, because
        sign_off.save(update_fields=["withdrawn_at", "withdrawn_because"])
    return sign_off


# Signing


@transaction.atomic
def sign(sign_off, *, organisation, decision, name, post_title, signed_on, by, at, words=""):
    """Keep what ``organisation``'s lead says of the proof; a signature given twice is one.

    Raises NotNow where it is withdrawn or published, or the organisation is no statutory partner.
    """
    report = locked_report(sign_off.report)
    sign_off = SignOff.objects.get(pk=sign_off.pk)
    if sign_off.withdrawn_at:
        raise NotNow("This version was withdrawn. A newer one is or will be put before you.")
    if report.is_published:
        raise NotNow("The report is published already.")
    if not statutory_partners(report, on=timezone.localdate(at)).filter(pk=organisation.pk).exists():
        raise NotNow(f"{organisation} is not a statutory partner of this report.")
    standing = sign_off.signatures.filter(organisation=organisation, decision=Decision.SIGNED).first()
    if standing and decision == Decision.SIGNED:
        return standing
    if standing:
        raise NotNow(f"{standing} has signed for {organisation} already. Tell the office if something is wrong.")
    return sign_off.signatures.create(
        organisation=organisation,
        decision=decision,
        words=words,
        name=name,
        post_title=post_title,
        signed_on=signed_on,
        recorded_by=by,
        recorded_at=at,
    )


# What is missing


def lacks_of_sign_off(report, *, on):
    """Whose signature the report still lacks, and on what."""
    sign_off = open_sign_off(report)
    if sign_off is None:
        names = [organisation.name for organisation in statutory_partners(report, on=on)]
        if names:
            yield Missing(
                f"The lead safeguarding partners have not been asked to sign ({len(names)} organisations)"
                if len(names) > 1
                else f"The lead of {names[0]} has not been asked to sign",
                OFFICE,
                reverse("assurance:sign-off-ask", args=[report.pk]),
                "Ask them, once the PDF is read",
            )
        return
    for seat in seats_of(sign_off, on=on):
        if seat.waits_for_changes:
            what = f"What {seat.organisation} asks to be changed before it signs"
            yield Missing(what, OFFICE, sign_off.get_absolute_url(), "Read what they ask for")
        elif seat.signature is None:
            late = f", late: due on {long_date(sign_off.due_on)}" if sign_off.due_on < on else ""
            who = "; ".join(seat.leads) or f"Lead of {seat.organisation}"
            yield Missing(
                f"The signature of {seat.organisation}{late}",
                who,
                sign_off.get_absolute_url(),
                "Read and sign",
                by=BY_LEADS,
            )


# Telling


def tell_waiting(*, at):
    """Mail those who signed what was withdrawn, and the office when all have signed; how many mails left.

    At least once: a worker killed between the mail and its note sends it again.
    """
    count = 0
    for rows, tell in ((untold_withdrawn(), tell_withdrawn), (untold_signed(), tell_signed)):
        for key in rows.distinct().values_list("pk", flat=True).order_by("pk"):
            with transaction.atomic():
                found = SignOff.objects.select_for_update(skip_locked=True, of=["self"]).filter(
                    pk=key, pk__in=rows.values("pk")
                )
                sign_off = found.select_related("report", "build").defer(*bytes_of("build")).first()
                if sign_off:
                    count += tell(sign_off, at=at)
    return count


def untold_withdrawn():
    return SignOff.objects.filter(told_withdrawn_at=None).exclude(withdrawn_at=None)


def untold_signed():
    return SignOff.objects.open().filter(told_signed_at=None, signatures__decision=Decision.SIGNED)


def settle_notices(*, at):
    """Take those that wait for told; how many. For a database that was put back from a backup."""
    complete = [each.pk for each in untold_signed().distinct() if is_complete(each, on=timezone.localdate(at))]
    count = SignOff.objects.filter(pk__in=complete).update(told_signed_at=at)
    return count + untold_withdrawn().update(told_withdrawn_at=at)


def is_complete(sign_off, *, on):
    """Whether nobody is waited for."""
    return not waiting_partners(sign_off, on=on).exists()


def tell_withdrawn(sign_off, *, at):
    """Each lead post of an organisation that signed, whoever signed for it."""
    signed = sign_off.signatures.filter(decision=Decision.SIGNED)
    posts = lead_posts(sign_off.report).filter(organisation__in=signed.values("organisation"))
    count = mail_to(posts, "sign_off_withdrawn", "Withdrawn after you signed", sign_off, at=at)
    sign_off.told_withdrawn_at = at
    sign_off.save(update_fields=["told_withdrawn_at"])
    return count


def tell_signed(sign_off, *, at):
    """The offices, once nobody is waited for."""
    if not is_complete(sign_off, on=timezone.localdate(at)):
        return 0
    posts = Post.objects.filter(duty=Post.Duty.OFFICE, partnerships__in=sign_off.report.partnerships.values("pk"))
    count = mail_to(posts, "sign_off_complete", "Everybody has signed", sign_off, at=at)
    sign_off.told_signed_at = at
    sign_off.save(update_fields=["told_signed_at"])
    return count


def mail_to(posts, template, subject, sign_off, *, at):
    """One mail to each person who holds one of ``posts``; how many."""
    held = PostHolding.objects.current(on=timezone.localdate(at)).filter(post__in=posts.values("pk"))
    people = User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(email="").order_by("pk")
    for person in people:
        words = {
            "reader": person,
            "sign_off": sign_off,
            "report": sign_off.report,
            "address": settings.SITE_URL + sign_off.get_absolute_url(),
        }
        body = render_to_string(f"emails/{template}.txt", words)
        EmailMessage(f"{subject}: {sign_off.report}", body.strip() + "\n", to=[person.email], headers=AUTOMATIC).send()
    return len(people)
