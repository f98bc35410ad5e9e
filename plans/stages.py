"""Where a plan stands, in words, and what comes next: what the head of its page shows."""

from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.urls import reverse

from partnership.access import may
from partnership.templatetags.components import long_date
from plans.models import Plan, PlanVersion

Status = Plan.Status
SHORT = {
    Status.DRAFT: "Draft",
    Status.CONSULTATION: "Out for comment",
    Status.APPROVED: "Approved",
    Status.PUBLISHED: "Published",
    Status.CLOSED: "Closed",
}


@dataclass(frozen=True)
class Step:
    """One of the five, from draft to closed. ``state``: "done", "now", "next" or "" (left out, or far off)."""

    label: str
    state: str


@dataclass
class StageOfPlan:
    """``words`` say where it stands; ``main`` is the one (label, address) to press next, ``rest`` all others."""

    steps: list
    words: str
    next_words: str = ""
    main: tuple = ()
    rest: list = field(default_factory=list)
    note: object = None
    asked: str = ""
    comment_url: str = ""
    comments_url: str = ""
    is_late: bool = False
    unanswered: int = 0
    published: object = None
    changes_url: str = ""


def stage_of(plan, user, *, on, open_round=None):
    """How ``plan`` stands for ``user`` on a day. At most three queries: versions, and what that stage needs."""
    versions = list(plan.versions.newest_first().without_snapshot().select_related("approved_by"))
    latest = {}
    for version in versions:
        latest.setdefault(version.stage, version)
    is_office = may(user, "change", plan)
    stage = StageOfPlan(steps=_steps(plan, latest), words=_words(plan, latest, on=on))
    stage.published = latest.get(PlanVersion.Stage.PUBLISHED)
    if plan.status == Status.CLOSED or (plan.status == Status.DRAFT and versions):
        stage.note = plan.stage_notes.select_related("made_by").first()
    if plan.status == Status.CONSULTATION:
        _about_comments(stage, plan, user, latest, on=on)
    if is_office:
        _for_office(stage, plan, on=on, open_round=open_round)
    if versions:
        stage.rest.append(("Versions", _url("version-list", plan)))
    if PlanVersion.Stage.CONSULTATION in latest:
        stage.rest.append(("Comments and answers", _url("comment-list", plan)))
    return stage


def _steps(plan, latest):
    """What was done is done; of what was left out on the way nothing is claimed."""
    order = list(SHORT)
    here = order.index(plan.status)
    seen = {Status.DRAFT} | {status for status in Status if status.value in latest}
    steps = []
    for place, status in enumerate(order):
        state = "now" if place == here else "next" if place == here + 1 else ""
        if place < here and status in seen:
            state = "done"
        steps.append(Step(SHORT[status], state))
    return steps


def _words(plan, latest, *, on):
    published = latest.get(PlanVersion.Stage.PUBLISHED)
    match plan.status:
        case Status.DRAFT:
            return "A draft. The business office and the independent advisor see it, nobody else."
        case Status.CONSULTATION:
            return f"Version {plan.version} is out for comment until {long_date(plan.comments_until)}."
        case Status.APPROVED:
            approved = latest.get(PlanVersion.Stage.APPROVED)
            by = f" by {approved.approved_by} on {long_date(approved.approved_on)}" if approved else ""
            return f"Version {plan.version} was approved{by}. It is not published yet."
        case Status.PUBLISHED if published:
            return f"Everyone reads version {published.number}, published on {long_date(published.made_at)}."
        case Status.PUBLISHED:
            return "Published. Everyone reads it as it stands here."
    return "Closed. It stands as it ended, and is edited no more."


def _about_comments(stage, plan, user, latest, *, on):
    counts = plan.comments.aggregate(all=Count("pk"), unanswered=Count("pk", filter=Q(answered_at=None)))
    stage.unanswered = counts["unanswered"]
    stage.is_late = on > plan.comments_until
    sent = latest.get(PlanVersion.Stage.CONSULTATION)
    stage.asked = sent.reason if sent else ""
    if may(user, "comment", plan):
        stage.comment_url = reverse("plans:comment-add", args=[plan.pk, "plan", plan.pk])
    if counts["all"] and may(user, "view", plan):
        stage.comments_url = _url("comment-list", plan)


def _for_office(stage, plan, *, on, open_round):
    consult = _url("plan-consult", plan)
    approve = ("Record its approval", _url("plan-approve", plan))
    publish = ("Publish it", _url("plan-publish", plan))
    take_back = ("Take it back to draft", _url("plan-redraft", plan))
    leads = ("Say who leads", _url("plan-leads", plan))
    match plan.status:
        case Status.DRAFT:
            stage.next_words = "Next the members are asked what they think. A group may also approve it straight away."
            send = ("Send for comment", consult)
            if is_brought(plan):
                stage.next_words = "It was imported. Publish it if it is agreed already, or ask the members first."
                stage.main, stage.rest = publish, [send, approve, leads]
            else:
                stage.main, stage.rest = send, [approve, publish, leads]
        case Status.CONSULTATION:
            stage.main, stage.rest = approve, [("Move the last day or send out again", consult), publish, leads]
            stage.rest.append(take_back)
            if stage.unanswered:
                stage.next_words = _counted(stage.unanswered, "comment waits", "comments wait") + " for an answer."
                stage.rest.insert(0, stage.main)
                stage.main = ("Answer the comments", f"{_url('comment-list', plan)}?answered=no")
            elif stage.is_late:
                stage.next_words = "The last day is over and every comment is answered. Next a group approves it."
        case Status.APPROVED:
            stage.next_words = "Next it is published, and everyone can read it."
            stage.main, stage.rest = publish, [leads, take_back, ("Record another approval", approve[1])]
        case Status.PUBLISHED:
            stage.changes_url = _url("plan-changes", plan)
            stage.main = _while_it_runs(plan, open_round, on=on)
            stage.rest = [leads, ("Say which groups rate it", _url("plan-groups", plan))]
            more = [
                ("Open a round of updates", _url("round-open", plan)),
                ("Rounds of the year", _url("round-year", plan)),
                ("Close the plan", _url("plan-close", plan)),
            ]
            stage.rest += [each for each in more if each != stage.main and not (open_round and each == more[0])]
        case Status.CLOSED:
            stage.rest = [("Open it again", _url("plan-reopen", plan))]


def _while_it_runs(plan, open_round, *, on):
    if open_round:
        return ("See who has answered", open_round.get_absolute_url())
    if on > plan.ends_on:
        return ("Close the plan", _url("plan-close", plan))
    return ("Open a round of updates", _url("round-open", plan))


def is_brought(plan):
    """Whether it came as a document, which is mostly agreed elsewhere already."""
    return hasattr(plan, "source_import")


def _counted(count, one, many):
    return f"{count} {one if count == 1 else many}"


def _url(name, plan):
    return reverse(f"plans:{name}", args=[plan.pk])
