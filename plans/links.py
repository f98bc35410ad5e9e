"""Signed links: from the mail to what is due from its reader, without a password.

Its token is one of ``partnership.tokens``. Following it shows nothing and changes nothing: mail scanners do so too.
The button on that page puts a proof of its own into this browser, of which again only the hash is kept. What the link
opens is asked anew each time: the lines due from its holder in rounds that had opened when it was made, and nothing
else.

What is left: a scanner that runs scripts and presses buttons, and whoever is forwarded the mail, can answer in the
holder's name. They see those lines alone, the holder sees each browser and answer in a list, a link
opens in a few browsers only and ends by itself, and every answer is superseded by the next, never lost.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from partnership import tokens
from partnership.models import User
from plans.answering import lines_due
from plans.models import UpdateLink, UpdateLinkUse

Kind = UpdateLinkUse.Kind

MOST_USES_OF_A_KIND = 20  # beyond these the newest row is written over, so a scanner can't fill the log
MOST_ANSWERS = 300
# (time, links): beyond these nobody gets another by asking. Those of reminders count.
FRESH_LINKS = ((timedelta(minutes=10), 2), (timedelta(days=1), 6))


class TooManyBrowsers(Exception):
    """The link was opened in as many browsers as it may be."""


# Making one


def make_link(holder, *, at):
    """A new link for ``holder``, and its token, which nobody can read again."""
    link = UpdateLink(holder=holder, made_at=at, expires_at=at + timedelta(days=settings.UPDATE_LINK_DAYS))
    secret = tokens.new_secret()
    link.token_hash = tokens.proof_of(secret, holder)
    link.save()
    return link, tokens.token_of(link.pk, secret)


def address_of(token):
    return settings.SITE_URL + reverse("plans:answer-open", args=[token])


def link_for_mail(reader, deadlines, *, at):
    """What a reminder mail says of a link, if any of its ``deadlines`` is an update; else nothing."""
    if not any(deadline.key.startswith("update:") for deadline in deadlines):
        return ""
    return words_with_link(reader, at=at)


def words_with_link(reader, *, at):
    link, token = make_link(reader, at=at)
    context = {
        "address": address_of(token),
        "link": link,
        "browsers": settings.UPDATE_LINK_BROWSERS,
        "site": settings.SITE_URL,
    }
    return render_to_string("emails/update_link.txt", context).strip()


# Following and opening it


def link_of_token(token, *, at):
    """The link that ``token`` proves and that still works, or None."""
    key, secret = tokens.read_token(token) or (None, None)
    link = UpdateLink.objects.usable(at=at).select_related("holder").filter(pk=key).first() if key else None
    return link if link and tokens.is_proven(secret, link.holder, link.token_hash) else None


@transaction.atomic
def note_use(link, kind, *, at, browser="", detail=""):
    """One row for each kind, browser and detail, and only so many of a kind: the newest takes the later ones."""
    UpdateLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    of_kind = link.uses.filter(kind=kind)
    same = of_kind.filter(browser=browser, detail=detail).first()
    most = MOST_ANSWERS if kind == Kind.ANSWERED else MOST_USES_OF_A_KIND
    if same is None and of_kind.count() >= most:
        same = of_kind.first()
    if same is None:
        return link.uses.create(kind=kind, used_at=at, browser=browser, detail=detail)
    same.used_at, same.browser, same.detail = at, browser, detail
    same.save()
    return same


@transaction.atomic
def open_in_browser(link, *, at, browser):
    """Let this browser use the link from now on; gives what it must keep. Raises TooManyBrowsers."""
    link = UpdateLink.objects.select_for_update(no_key=True).select_related("holder").get(pk=link.pk)
    if link.uses.filter(kind=Kind.OPENED).count() >= settings.UPDATE_LINK_BROWSERS:
        raise TooManyBrowsers
    secret = tokens.new_secret()
    proof = tokens.proof_of(secret, link.holder)
    use = link.uses.create(kind=Kind.OPENED, used_at=at, browser=browser, detail=proof)
    return f"{use.pk}.{tokens.as_text(secret)}"


def use_of_cookie(cookie, *, at):
    """The opening (a use with its link and holder) that this browser's ``cookie`` proves, or None."""
    key, _dot, secret = (cookie or "").partition(".")
    secret = tokens.as_bytes(secret)
    if not (secret and key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    opened = UpdateLinkUse.objects.filter(pk=int(key), kind=Kind.OPENED).select_related("link__holder").first()
    if opened is None or not opened.link.is_usable(at=at):
        return None
    return opened if tokens.is_proven(secret, opened.link.holder, opened.detail) else None


def forget_browser(opened):
    """This browser's proof proves nothing any more; that it was opened there stays in the list."""
    UpdateLinkUse.objects.filter(pk=opened.pk).update(detail="")


def lines_of(link, *, on):
    """The lines that the link opens: due from its holder on that day, of rounds open when it was made.

    Empty once those rounds are closed for good or its holder leads nothing any more.
    """
    made_on = timezone.localdate(link.made_at)
    return [line for line in lines_due(link.holder, on=on) if line.round.opens_on <= made_on]


# Stopping it


@transaction.atomic
def revoke(links, *, by, at):
    """Stop these links at once; how many that were."""
    return links.usable(at=at).update(revoked_at=at, revoked_by=by)


def revoke_of(people, *, by, at):
    """Stop the links of these people (keys): they left. Also those of accounts that are switched off by now."""
    return UpdateLink.objects.filter(holder__in=people, revoked_at=None).update(revoked_at=at, revoked_by=by)


# Asking for a new one


def holder_to_tell(address):
    """Whose address this is, if they have an account that is switched on."""
    return User.objects.filter(email__iexact=address, is_active=True).first()


@transaction.atomic
def fresh_link(holder, *, at):
    """The words of a mail with a new link, or nothing: where nothing is due, or it is asked too often."""
    User.objects.select_for_update(no_key=True).get(pk=holder.pk)
    for span, most in FRESH_LINKS:
        if holder.update_links.filter(made_at__gt=at - span).count() >= most:
            return ""
    if not lines_due(holder, on=timezone.localdate(at)):
        return ""
    return words_with_link(holder, at=at)
