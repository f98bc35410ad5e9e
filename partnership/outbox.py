"""The demo's mail server: it keeps every message on a page instead of sending it."""

from django.core.mail.backends.base import BaseEmailBackend

from partnership.models import OutboxMail


class EmailBackend(BaseEmailBackend):
    """One row for each message, committed at once as a mail server's "250 OK" would be."""

    def send_messages(self, email_messages):
        for message in email_messages:
            OutboxMail.objects.create(
                message_id=message.extra_headers.get("Message-ID", ""),
                recipients=", ".join(message.recipients()),
                subject=message.subject[:300],
                body=message.body,
            )
        return len(email_messages)
