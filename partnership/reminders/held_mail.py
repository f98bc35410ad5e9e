"""A mail handed to a mail server up to the dot that ends it, and the dot by itself.

A server may deliver nothing before it has had that dot (RFC 5321, 4.1.1.4), so whoever breaks off before it
has sent nothing.
"""

import re
import socket
from smtplib import SMTP, SMTP_SSL, SMTPDataError

from django.core.mail.backends.smtp import EmailBackend

ACCEPTED, GO_AHEAD = 250, 354


class Held:
    """smtplib's dialogue, whose ``data`` leaves out the dot; ``end_words`` sends it."""

    is_within_words = False

    def data(self, msg):
        """Says "accepted" of itself, as ``sendmail`` expects of its last step."""
        code, answer = self.docmd("data")
        if code != GO_AHEAD:
            raise SMTPDataError(code, answer)
        self.is_within_words = True
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or the dot waits 40 ms for the words' receipt
        self.send(re.sub(rb"(?m)^\.", b"..", msg))
        if not msg.endswith(b"\r\n"):
            self.send(b"\r\n")
        return ACCEPTED, b""

    def end_words(self):
        """Raises SMTPDataError where the server refuses what it read. Anything else leaves a doubt."""
        self.send(b".\r\n")
        code, answer = self.getreply()
        self.is_within_words = False
        if code != ACCEPTED:
            raise SMTPDataError(code, answer)

    def quit(self):
        """Amid the words of a mail "quit" would be one of them."""
        return self.close() if self.is_within_words else super().quit()


class HeldSMTP(Held, SMTP):
    pass


class HeldSMTPOverTLS(Held, SMTP_SSL):
    pass


class HeldBackend(EmailBackend):
    """Django's, with its settings; what it has sent is held before the dot."""

    @property
    def connection_class(self):
        return HeldSMTPOverTLS if self.use_ssl else HeldSMTP
