"""What the status codes of mail servers mean (RFC 5321, RFC 3463): of the address, of its mailbox, or of us."""

import re
from typing import NamedTuple

ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
ADDRESS, POLICY = 1, 7
SENDER = {(1, 7), (1, 8)}  # under "address" too, but ours
# Mailbox switched off; recipient refused or host unknown, as Exchange Online says of people who have left.
OF_ADDRESS = {(2, 1), (4, 1), (4, 4), (4, 310)}


class Status(NamedTuple):
    """An enhanced status code: 5.1.1 is no such mailbox."""

    kind: int
    subject: int
    detail: int

    @property
    def is_of_address(self):
        """Whether nothing sent there will ever arrive."""
        place = self[1:]
        return self.kind == 5 and place not in SENDER and (self.subject == ADDRESS or place in OF_ADDRESS)

    @property
    def is_full(self):
        return self[1:] == (2, 2)

    @property
    def is_ours_to_mend(self):
        """We may not send, or not this: it would be said of everybody."""
        return self.subject == POLICY or self[1:] in SENDER


def status_in(text):
    """The first Status in ``text``, or None. An IP address is none."""
    found = ENHANCED.search(text)
    return Status(*map(int, found.groups())) if found else None
