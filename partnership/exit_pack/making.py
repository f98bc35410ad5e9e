"""Exit packs: asked for by a press, made by a worker, kept in parts of a megabyte until they expire."""

import hashlib
import io

from django.db import transaction
from django.utils import timezone

from partnership.builds import run_claimed
from partnership.exit_pack.choosing import Choice, snapshot
from partnership.exit_pack.deciding import leaving_apps
from partnership.exit_pack.writing import Pack
from partnership.models import ExitPack, ExitPackPart, Partnership
from partnership.models.exit_packs import KEPT
from partnership.standing import standing_of

PART = 1024 * 1024  # bytes
CASES_STAY = (
    "Cases and reviews, with what is said of them and not released, and the meetings of the case review group. "
    "Only somebody of the business office, or an administrator, who sits in that group can make a pack with them."
)
ALWAYS_STAYS = (
    "What organisations have written and not submitted: it is theirs to give. Ask them to submit it, or to copy it.",
    "What people have typed and not sent.",
    "Passwords, second steps, links that let somebody in, calendar subscriptions, and who signed in when.",
    "Reminders and mails that were sent from here or wait to be sent.",
    "Who asked what is held about them, or to be forgotten: that stays where it was answered.",
)


# Asking


def may_have_cases(user, partnership):
    """Whether ``user`` may have the cases in the pack: a member of their own group, not who was let in for hours."""
    return partnership.pk in standing_of(user).own_case_group_ids


@transaction.atomic
def request_pack(partnership, *, with_cases, by):
    """Ask for the pack; one that is under way for the same person, with the same in it, is the answer."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    asked = partnership.exit_packs.under_way().filter(requested_by=by, has_cases=with_cases).first()
    return asked or partnership.exit_packs.create(requested_by=by, has_cases=with_cases, step="Waiting for a worker")


# Making


def run_pack(pack_id):
    """Make the pack that waits; of any other nothing. Gives whether this call made it."""
    return run_claimed(ExitPack, pack_id, make)


def make(claim):
    pack = ExitPack.objects.select_related("partnership", "requested_by").get(pk=claim.build_id)
    if pack.has_cases and not may_have_cases(pack.requested_by, pack.partnership):
        claim.end(state=ExitPack.State.FAILED, problem="Whoever asked sits in the case review group no longer.")
        return
    pack.parts.all().delete()  # of a worker that fell
    at = timezone.now()
    papers = list(papers_of(pack.partnership, by=pack.requested_by, at=at, claim=claim))
    claim.say("Finding what belongs to the partnership")
    parts = Parts(pack)
    manifest = write_pack(
        parts,
        pack.partnership,
        with_cases=pack.has_cases,
        by=pack.requested_by,
        at=at,
        papers=papers,
        say=claim.say,
    )
    parts.close()
    claim.end(
        state=ExitPack.State.DONE,
        step="Ready",
        sha256=parts.digest.hexdigest(),
        size=parts.size,
        row_count=sum(said["rows"] for said in manifest["tables"].values()),
        file_count=sum(path.startswith("documents/") for path in manifest["files"]),
        left_out=manifest["left_out"],
        expires_at=at + KEPT,
        problem="",
    )


def papers_of(partnership, *, by, at, claim):
    """(heading, file name, bytes) of what stands now, as PDF, Word and Excel: not all of it was ever published."""
    for _app, leaving in leaving_apps():
        if leaving.papers:
            yield from leaving.papers(partnership, by=by, at=at, claim=claim)


def write_pack(file, partnership, *, with_cases, by, at, papers=(), say=lambda *words: None):
    """Write the archive to ``file`` (only ``write`` is asked of it); gives its manifest."""
    with snapshot(by, on=timezone.localdate(at)) as connection:
        choice = Choice(connection, partnership, with_cases=with_cases)
        return Pack(choice, file, say=say).write(by=by, at=at, papers=papers, left_out=left_out(choice))


def left_out(choice):
    """What is not in the pack, in sentences."""
    sentences = list(ALWAYS_STAYS)
    if not choice.with_cases:
        sentences.insert(0, CASES_STAY)
    count = sum(choice.left.values())
    if count:
        sentences.append(
            f"{count} {'row' if count == 1 else 'rows'} that cannot be without a record of another partnership."
        )
    return sentences


class Parts(io.RawIOBase):
    """A file that can only be written to: each megabyte becomes a row."""

    def __init__(self, pack):
        super().__init__()
        self.pack = pack
        self.held = bytearray()
        self.number = self.size = 0
        self.digest = hashlib.sha256()

    def writable(self):
        return True

    def write(self, content):
        self.held += content
        while len(self.held) >= PART:
            self._keep(bytes(self.held[:PART]))
            del self.held[:PART]
        return len(content)

    def close(self):
        if self.held and not self.closed:
            self._keep(bytes(self.held))
            self.held.clear()
        super().close()

    def _keep(self, content):
        self.digest.update(content)
        self.size += len(content)
        ExitPackPart.objects.create(pack=self.pack, number=self.number, content=content)
        self.number += 1


# Giving it out, and letting it go


def contents(pack):
    """Its bytes, a part at a time."""
    for number in range(-(-pack.size // PART)):
        yield bytes(pack.parts.values_list("content", flat=True).get(number=number))


def clear_old(*, at):
    """Delete the bytes of packs that have been kept long enough; gives how many packs."""
    over = list(ExitPack.objects.over(at=at).values_list("pk", flat=True))
    for key in over:
        with transaction.atomic():
            ExitPackPart.objects.filter(pack=key).delete()
            ExitPack.objects.filter(pk=key).update(cleared_at=at)
    return len(over)
