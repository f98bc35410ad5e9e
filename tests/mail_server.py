"""A mail server inside the test: it keeps what it took, and can be made to refuse, stop or be killed."""

from django.core.mail.backends.base import BaseEmailBackend


class Killed(BaseException):
    """The worker's process is gone: nothing after this line of it runs, not even an except."""


class MailServer(BaseEmailBackend):
    """``delivered``: the mails taken. ``at``: what happens when a worker has come so far.

    The points, in their order: "connected" (claimed, nothing said), "leaving" (marked as leaving,
    nothing sent), "taken" (the server has it, the ledger does not say so yet).
    """

    delivered = []
    at = {}

    def open(self):
        self.come_to("connected")
        return True

    def send_messages(self, messages):
        self.come_to("leaving")
        self.delivered.extend(messages)
        self.come_to("taken")
        return len(messages)

    def come_to(self, point):
        action = self.at.get(point)
        if action:
            action()


def kill():
    raise Killed
