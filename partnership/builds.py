"""Making a file in the worker: claim it, say how far it is, keep what came of it.

A claim is a lease: whoever holds it writes, and moves it on with every word of progress. A build whose
worker was killed can be claimed again when its lease has run out; one that is run twice is made once,
because a worker that finds the lease in other hands stops.
"""

import logging
import time
from datetime import timedelta

from django.utils import timezone

from partnership.kept_bytes import FilesAway
from partnership.pdf import PdfProblem
from partnership.publishing import sha256_of

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=25)  # several times as long as the worker is ever silent
SECONDS_BETWEEN_WRITES = 0.3


class LeaseLost(Exception):
    """Another worker has the build."""


def run_claimed(model, build_id, make):
    """Claim the ``model`` of that key and have ``make(claim)`` make it. Gives whether this call did.

    A build that is done, failed or in other hands is left alone. ``make`` ends the claim by
    ``claim.keep``; a PdfProblem is told to whoever asked, any other fault is raised as well.
    """
    claim = Claim.take(model, build_id)
    if claim is None:
        return False
    try:
        make(claim)
    except LeaseLost:
        return False
    except FilesAway as problem:  # taken up again when the lease is over
        logger.warning("A file of %s was made and could not be kept: %s", model.__name__, problem)
        return False
    except PdfProblem as problem:
        claim.end(state=model.State.FAILED, problem=str(problem))
    except Exception:
        claim.end(state=model.State.FAILED, problem="A fault of ours. It has been written to the log.")
        raise
    return True


class Claim:
    """A build in our hands until ``lease_until``. Every write is a transaction of its own."""

    def __init__(self, model, build_id, lease_until):
        self.model = model
        self.build_id = build_id
        self.lease_until = lease_until

    @classmethod
    def take(cls, model, build_id):
        """The claim, or None where the build is done, failed or in other hands."""
        now = timezone.now()
        claim = cls(model, build_id, now + LEASE)
        waiting = model.objects.waiting(at=now).filter(pk=build_id)
        taken = waiting.update(state=model.State.RUNNING, lease_until=claim.lease_until)
        return claim if taken else None

    def say(self, step, done=0, total=0):
        """Tell whoever watches how far it is, and keep the lease. Raises LeaseLost."""
        self._write(step=step, done_count=done, total_count=total, lease_until=timezone.now() + LEASE)

    def keep(self, pdf, **fields):
        """The build is done: keep its ``pdf`` (of ``render_pdf``) and what else its model holds."""
        self.end(
            state=self.model.State.DONE,
            step="Ready",
            done_count=pdf.page_count,
            total_count=pdf.page_count,
            pdf=pdf.content,
            sha256=sha256_of(pdf.content),
            size=len(pdf.content),
            page_count=pdf.page_count,
            problem="",
            **fields,
        )

    def end(self, **fields):
        self._write(finished_at=timezone.now(), lease_until=None, **fields)

    def _write(self, **fields):
        ours = self.model.objects.filter(pk=self.build_id, state=self.model.State.RUNNING, lease_until=self.lease_until)
        if not ours.update(**fields):
            raise LeaseLost
        self.lease_until = fields["lease_until"]


class Pages:
    """Progress of a layout in words: a first pass over the pages, then others that settle numbers."""

    def __init__(self, claim, expected):
        self.claim = claim
        self.expected = expected
        self.page = self.count = 0
        self.is_settling = False
        self.said_at = 0.0

    def __call__(self, page):
        self.is_settling = self.is_settling or page < self.page
        self.page, self.count = page, max(self.count, page)
        now = time.monotonic()
        if now - self.said_at >= SECONDS_BETWEEN_WRITES:
            self.said_at = now
            self.claim.say(*self.words())

    def words(self):
        if self.is_settling:
            return f"Settling page numbers: page {self.page} of {self.count}", self.count, self.count
        about = f" of about {self.expected}" if self.page <= self.expected else ""
        return f"Laying out page {self.page}{about}", self.page, max(self.expected, self.page)
