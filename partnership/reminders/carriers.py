"""Whoever takes a mail from us: a mail server, or GOV.UK Notify, which can be asked afterwards what it took.

``settings.MAIL_CARRIER`` names the one. The demo's outbox and the tests' mail server are Django mail
backends, so they stand behind the first.
"""

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.module_loading import import_string
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from partnership.reminders.held_mail import HeldBackend
from partnership.reminders.mail_codes import status_in

SECONDS_FOR_A_MAIL = 30  # a carrier that takes longer has left us in doubt; far below the lease


class Unreachable(Exception):
    """Nobody answered, so nothing was taken and nothing is known."""


class Refused(Exception):
    """The carrier's own word that it did not take the mail. Its text is what the carrier said.

    ``is_permanent``: asking again is useless. ``is_of_address``: because there is no such address.
    ``is_slow``: it may pass, in hours rather than minutes: a full mailbox, or something to be mended here.
    """

    def __init__(self, answer, *, is_permanent=False, is_of_address=False, is_slow=False):
        super().__init__(answer)
        self.is_permanent, self.is_of_address, self.is_slow = is_permanent, is_of_address, is_slow


@dataclass(frozen=True)
class Known:
    """What a carrier says of a mail to ``email`` that it took. ``status`` is one of those below."""

    provider_id: str
    email: str
    status: str
    answer: str


UNDER_WAY, DELIVERED, NO_SUCH_ADDRESS, NOT_DELIVERED = "under way", "delivered", "no such address", "not delivered"


class Carrier:
    """Opened, given one mail in two steps, closed. ``reference``: the message's idempotency key, the same each time."""

    can_look_up = False

    def open(self):
        """Whatever can fail while nothing has left. Raises Unreachable."""

    def prepare(self, mail):
        """All that can be said of ``mail`` before the step that makes it the carrier's. Raises Refused, Unreachable."""

    def submit(self, mail, reference):
        """That step; the mail's number with the carrier, or "". Raises Refused; any other trouble leaves a doubt."""
        raise NotImplementedError

    def look_up(self, reference):
        """``Known``, or None where the carrier has never seen it. Raises Unreachable."""
        raise NotImplementedError

    def close(self):
        """Says nothing, whatever happens."""


def carrier():
    """A new one of the kind that this installation has."""
    return import_string(settings.MAIL_CARRIER)()


def mail_server():
    """The carrier of ``settings.EMAIL_BACKEND``. Only with a real mail server is there anything to prepare."""
    backend = get_connection(timeout=SECONDS_FOR_A_MAIL)
    return SmtpCarrier() if type(backend) is EmailBackend else BackendCarrier(backend)


class BackendCarrier(Carrier):
    """Any mail backend of Django, in one step: the demo's outbox, or a console. It cannot be asked what it took."""

    def __init__(self, backend):
        self.backend = backend

    def open(self):
        try:
            self.backend.open()
        except OSError as trouble:
            raise Unreachable(str(trouble)) from trouble

    def submit(self, mail, reference):
        self.send(mail)
        return ""

    def send(self, mail):
        with refusals():
            if not self.backend.send_messages([mail]):
                raise Refused("The mail server was given nobody to send to.", is_permanent=True)

    def close(self):
        with suppress(OSError):
            self.backend.close()


class SmtpCarrier(BackendCarrier):
    """A mail server: it is told whom a mail is for and given its words, and only the dot that ends them waits.

    Until that dot it has taken nothing, so a doubt is as long as its answer to the dot and no longer. It cannot
    be asked later what it took.
    """

    def __init__(self):
        super().__init__(HeldBackend(timeout=SECONDS_FOR_A_MAIL))

    def prepare(self, mail):
        try:
            self.send(mail)
        except OSError as trouble:
            raise Unreachable(str(trouble)) from trouble

    def submit(self, mail, reference):
        with refusals():
            self.backend.connection.end_words()
        return ""


@contextmanager
def refusals():
    """What a mail server refuses is raised as Refused."""
    try:
        yield
    except SMTPRecipientsRefused as refusal:
        code, answer = next(iter(refusal.recipients.values()))
        raise smtp_refusal(code, answer, is_of_recipient=True) from refusal
    except (SMTPSenderRefused, SMTPDataError) as refusal:
        raise smtp_refusal(refusal.smtp_code, refusal.smtp_error) from refusal
    except SMTPNotSupportedError as refusal:
        raise Refused(str(refusal), is_permanent=True) from refusal


FULL = (452, 552)


def smtp_refusal(code, answer, *, is_of_recipient=False):
    """What a reply code and its text mean.

    A refusal by policy is about us, not about the address: where a server that must not relay for us says so,
    it says so of everybody, and nobody's address is wrong.
    """
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    status = status_in(text)
    is_full = code in FULL or bool(status and status.is_full)
    is_ours_to_mend = "relay" in text.lower() or bool(status and status.is_ours_to_mend)
    is_permanent = code >= 500 and not is_full and not is_ours_to_mend
    return Refused(
        f"{code} {text}",
        is_permanent=is_permanent,
        is_of_address=is_permanent and is_of_recipient and (status is None or status.is_of_address),
        is_slow=is_full or is_ours_to_mend,
    )


class NotifyCarrier(Carrier):
    """GOV.UK Notify: the words of a mail in a template of two fields, ((subject)) and ((body)).

    It keeps what it took for seven days under our reference. That is what makes a doubt go away.
    """

    can_look_up = True
    STATUSES = {
        "delivered": DELIVERED,
        "permanent-failure": NO_SUCH_ADDRESS,
        "temporary-failure": NOT_DELIVERED,
        "technical-failure": NOT_DELIVERED,
    }

    def __init__(self):
        self.client = NotificationsAPIClient(
            settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_BASE_URL, timeout=SECONDS_FOR_A_MAIL
        )

    def submit(self, mail, reference):
        try:
            answer = self.client.send_email_notification(
                email_address=mail.to[0],
                template_id=settings.NOTIFY_TEMPLATE_ID,
                personalisation={"subject": mail.subject, "body": mail.body},
                reference=reference,
                one_click_unsubscribe_url=one_click_address(mail),
            )
        except APIError as trouble:
            if 400 <= trouble.status_code < 500:
                raise notify_refusal(trouble) from trouble
            raise
        return answer["id"]

    def look_up(self, reference):
        try:
            found = self.client.get_all_notifications(template_type="email", reference=reference)["notifications"]
        except (APIError, KeyError) as trouble:
            raise Unreachable(str(trouble)) from trouble
        if not found:
            return None
        mail = found[0]
        status = self.STATUSES.get(mail["status"], UNDER_WAY)
        return Known(mail["id"], mail["email_address"], status, f"GOV.UK Notify: {mail['status']}")

    def close(self):
        self.client.request_session.close()


def notify_refusal(trouble):
    """A 4xx: too many requests may pass in minutes; an address that is none never; what we set wrong, once mended."""
    text = str(trouble)
    if trouble.status_code == 429:
        return Refused(text)
    if trouble.status_code == 400 and "email_address" in text:
        return Refused(text, is_permanent=True, is_of_address=True)
    if trouble.status_code in (400, 413) and "too long" in text.lower():
        return Refused(text, is_permanent=True)
    return Refused(text, is_slow=True)


def one_click_address(mail):
    """The address in its List-Unsubscribe header, if it has one that Notify takes: https alone."""
    address = mail.extra_headers.get("List-Unsubscribe", "").strip("<>")
    return address if address.startswith("https://") else None
