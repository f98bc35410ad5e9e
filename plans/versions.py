"""The life of a plan: out for comment, approved, published, changed with a reason, closed.

A stage freezes the plan as it stands (``plans.snapshots``): what was sent out, approved or published can
be read as it was for ever, while the office goes on writing. The public reads the latest published
version. Every command locks the plan, so that two who press at once take turns.
"""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from partnership.refusals import NotNow
from plans.documents import request_document
from plans.missing import blocking, missing_of
from plans.models import Plan, PlanComment, PlanVersion, StageNote
from plans.snapshots import hash_of, take_snapshot
from plans.tasks import build_soon

Stage, Status = PlanVersion.Stage, Plan.Status

FIRST = "1.0"
NUMBER = re.compile(r"\d{1,3}(\.\d{1,3}){0,2}")


class NumberTaken(NotNow):
    """Another version of the plan has this number."""


class Incomplete(NotNow):
    """Something is missing without which a plan can't be published: ``missing`` says what."""

    def __init__(self, missing):
        super().__init__("Something is missing. The list above says what, and leads to where it is mended.")
        self.missing = missing


def locked(plan):
    """The plan as it is now, changed by nobody else until the end of this transaction."""
    return Plan.objects.select_for_update(of=["self"], no_key=True).get(pk=plan.pk)


# Stages


@transaction.atomic
def send_for_comment(plan, *, by, at, until, reason="", number=""):
    """Ask the members what they think until the day ``until``, of the plan as it stands now.

    Sent out again while it is out, it keeps its comments: with other words it is a new version, with
    the same words only the last day moves. Gives the version they comment on.
    """
    plan = locked(plan)
    if plan.status not in {Status.DRAFT, Status.CONSULTATION}:
        raise NotNow("Only a draft is sent out for comment. Take the plan back to draft first.")
    snapshot = take_snapshot(plan)
    version = version_out_for_comment(plan)
    if plan.status != Status.CONSULTATION or version.sha256 != hash_of(snapshot):
        number = number or suggested_number(plan, Stage.CONSULTATION)
        version = _freeze(plan, Stage.CONSULTATION, snapshot, number=number, reason=reason, by=by, at=at)
    plan.comments_until = until
    _stand(plan, Status.CONSULTATION, version)
    return version


@transaction.atomic
def approve_plan(plan, *, by, at, group, on, number):
    """Keep that ``group`` approved the plan, as it stands now, at its meeting on the day ``on``."""
    plan = locked(plan)
    if plan.status not in {Status.DRAFT, Status.CONSULTATION, Status.APPROVED}:
        raise NotNow("It is published already. A change of it is published with a reason.")
    snapshot = take_snapshot(plan)
    version = _freeze(plan, Stage.APPROVED, snapshot, number=number, group=group, on=on, by=by, at=at)
    _stand(plan, Status.APPROVED, version)
    return version


@transaction.atomic
def publish_plan(plan, *, by, at, number, reason="", group=None, on=None):
    """Freeze the plan for everyone to read, and have its documents made once this is sure.

    A plan that was published before needs the ``reason`` of the change; where nothing changed, or the
    button was pressed twice, the version that stands is the answer. ``group`` approved it on the day
    ``on``; without them it is whoever approved these very words, and for a first version somebody must have.
    Raises Incomplete where the plan can't be carried out as it is written.
    """
    plan = locked(plan)
    if plan.status == Status.CLOSED:
        raise NotNow("It is closed. Open it again first.")
    snapshot = take_snapshot(plan)
    last = plan.versions.published().newest_first().without_snapshot().first()
    if last and plan.status == Status.PUBLISHED and last.sha256 == hash_of(snapshot):
        return last
    lacking = blocking(missing_of(plan, on=timezone.localdate(at)))
    if lacking:
        raise Incomplete(lacking)
    if last and not reason:
        raise NotNow("Say what changed and why: everyone who reads the plan sees it.")
    if group is None:
        group, on = _approval_of(plan, hash_of(snapshot))
    if group is None and last is None:
        raise NotNow("Say which group approved the plan, and when.")
    version = _freeze(plan, Stage.PUBLISHED, snapshot, number=number, reason=reason, group=group, on=on, by=by, at=at)
    _stand(plan, Status.PUBLISHED, version)
    document = request_document(version, by=by)
    # Robust: it is published though the worker can't be told; beat takes up what waits.
    build_soon(document)
    return version


@transaction.atomic
def take_back(plan, *, by, at, reason):
    """Make a draft again of a plan that is out for comment or approved. Its comments and versions stay."""
    plan = locked(plan)
    if plan.status not in {Status.CONSULTATION, Status.APPROVED}:
        raise NotNow("Only a plan that is out for comment or approved can be taken back to draft.")
    _note(plan, StageNote.Step.TAKEN_BACK, reason, by=by, at=at)
    _stand(plan, Status.DRAFT)


@transaction.atomic
def close_plan(plan, *, by, at, words):
    """End a published plan, with a sentence on how it ended. Nobody edits it or is asked about it any more."""
    plan = locked(plan)
    if plan.status != Status.PUBLISHED:
        raise NotNow("Only a published plan is closed.")
    _note(plan, StageNote.Step.CLOSED, words, by=by, at=at)
    _stand(plan, Status.CLOSED)


@transaction.atomic
def reopen_plan(plan, *, by, at, reason):
    plan = locked(plan)
    if plan.status != Status.CLOSED:
        raise NotNow("It is open already.")
    _note(plan, StageNote.Step.REOPENED, reason, by=by, at=at)
    _stand(plan, Status.PUBLISHED)


def _freeze(plan, stage, snapshot, *, number, by, at, reason="", group=None, on=None):
    sha256 = hash_of(snapshot)
    if is_taken(plan, number, stage, sha256):
        raise NumberTaken(f"There is a version {number} of this plan already. Use another number.")
    return plan.versions.create(
        number=number,
        stage=stage,
        reason=reason,
        approved_by=group,
        approved_on=on,
        snapshot=snapshot,
        sha256=sha256,
        made_by=by,
        made_at=at,
    )


def _stand(plan, status, version=None):
    plan.status = status
    if version:
        plan.version = version.number
    plan.save(update_fields=["status", "version", "comments_until", "changed_at"])


def _note(plan, step, words, *, by, at):
    StageNote.objects.create(plan=plan, step=step, words=words, made_by=by, made_at=at)


def _approval_of(plan, sha256):
    """(group, day) of the last approval of the content with that hash; (None, None) where there is none."""
    approved = plan.versions.filter(stage=Stage.APPROVED, sha256=sha256).newest_first().without_snapshot().first()
    return (approved.approved_by, approved.approved_on) if approved else (None, None)


# Numbers


def is_taken(plan, number, stage, sha256):
    """Whether another content, or the same at the same stage, has this number: a number means one text."""
    same = plan.versions.filter(number=number)
    return same.filter(stage=stage).exists() or same.exclude(sha256=sha256).exists()


def suggested_number(plan, stage, *, sha256=""):
    """The number that comes next at ``stage``; that of an approval, for the very words that were approved."""
    versions = list(plan.versions.newest_first().values_list("stage", "number", "sha256"))
    numbers = [_parts(number) for _stage, number, _sha256 in versions]
    if stage == Stage.CONSULTATION:
        return _after([parts for parts in numbers if parts[0] == 0], (0, 0))
    approved = [number for at, number, kept in versions if at == Stage.APPROVED and kept == sha256]
    if stage == Stage.PUBLISHED and approved:
        return approved[0]
    settled = [parts for parts in numbers if parts[0] > 0]
    if not settled:
        written = _parts(plan.version)
        return plan.version if written[0] > 0 else FIRST
    return _after(settled, (1, 0))


def _parts(number):
    """ "1.2" as (1, 2); (0, 0) for what is no number."""
    parts = tuple(int(part) for part in number.split(".")) if NUMBER.fullmatch(number) else (0,)
    return (*parts, 0)[:2]


def _after(numbers, first):
    major, minor = max(numbers, default=first)
    return f"{major}.{minor + 1}"


# What changed since


@dataclass(frozen=True)
class Changes:
    """How much differs between two snapshots: ``rows`` of the table, what stands above it, the order."""

    rows: int
    is_head: bool
    is_order: bool

    def __bool__(self):
        return bool(self.rows or self.is_head or self.is_order)

    def __str__(self):
        """ "3 rows and the first page"."""
        said = ["1 row" if self.rows == 1 else f"{self.rows} rows"] if self.rows else []
        said += ["the first page"] if self.is_head else []
        return " and ".join(said) or "the order of rows"


def changes_between(before, after):
    """``before`` and ``after`` are snapshots; a deliverable with its activities is one row, a priority another."""
    rows, fresh = _rows(before), _rows(after)
    keys = rows.keys() | fresh.keys()
    above = ("plan", "drivers", "review_dates", "ratings")
    return Changes(
        rows=sum(rows.get(key) != fresh.get(key) for key in keys),
        is_head=any(before[name] != after[name] for name in above),
        is_order=list(rows) != list(fresh),
    )


def _rows(snapshot):
    found = {}
    for priority in snapshot["priorities"]:
        found["priority", priority["key"]] = {name: priority[name] for name in priority if name != "deliverables"}
        for row in priority["deliverables"]:
            found["deliverable", row["key"]] = row
    return found


def changes_since_published(plan):
    """What the office has changed since the version that everyone reads; nothing where that is the plan."""
    version = plan.published_version
    snapshot = take_snapshot(plan)
    if version is None or version.sha256 == hash_of(snapshot):
        return Changes(0, False, False)
    return changes_between(version.snapshot, snapshot)


# Comments


def version_out_for_comment(plan):
    """The version that members comment on, without its snapshot; None where none was sent out."""
    return plan.versions.filter(stage=Stage.CONSULTATION).newest_first().without_snapshot().first()


@transaction.atomic
def add_comment(plan, *, kind, row, text, organisation, by, at):
    """Keep what ``by`` says of ``row``: the plan itself, a priority or a deliverable (``kind``).

    The same words sent twice are one comment. Raises NotNow where the plan is not out for comment.
    """
    plan = locked(plan)
    if plan.status != Status.CONSULTATION:
        raise NotNow("The plan is no longer out for comment. Your words are still here: send them to the office.")
    said = {
        "plan": plan,
        "priority": row if kind == "priority" else None,
        "deliverable": row if kind == "deliverable" else None,
        "text": text,
        "organisation": organisation,
        "made_by": by,
    }
    there = PlanComment.objects.filter(version=version_out_for_comment(plan), **said).first()
    return there or PlanComment.objects.create(
        version=version_out_for_comment(plan), about=about_of(kind, row)[:200], made_at=at, **said
    )


def about_of(kind, row):
    """What a comment is about, in words: "The whole plan", "Priority 2. …", "2.1 …"."""
    if kind == "plan":
        return "The whole plan"
    return f"Priority {row}" if kind == "priority" and row.ref else str(row)


@transaction.atomic
def answer_comment(comment, *, outcome, answer, by, at):
    """Say what became of a comment. An answer that is written again keeps its history."""
    comment.outcome, comment.answer, comment.answered_by, comment.answered_at = outcome, answer, by, at
    comment.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    return comment
