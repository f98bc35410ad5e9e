"""The pages on which a plan goes from draft to closed, its versions, and the comments on it."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.published_first import published_first
from partnership.refusals import NotNow
from plans.cells import find_row
from plans.comment_lists import CommentFilter, CommentTable
from plans.missing import blocking, missing_of
from plans.models import Plan, PlanComment, PlanVersion
from plans.snapshots import hash_of, plan_of, table_of, take_snapshot
from plans.version_forms import (
    AnswerForm,
    ApproveForm,
    ChangeForm,
    CloseForm,
    CommentForm,
    ConsultForm,
    GroupsForm,
    PublishForm,
    ReopenForm,
    TakeBackForm,
)
from plans.versions import (
    Changes,
    Incomplete,
    Stage,
    about_of,
    add_comment,
    answer_comment,
    approve_plan,
    changes_between,
    changes_since_published,
    close_plan,
    locked,
    publish_plan,
    reopen_plan,
    send_for_comment,
    take_back,
    version_out_for_comment,
)
from plans.views import asks_and_answers, get_plan

Status = Plan.Status


def crumbs(plan, *here):
    """From the list of plans to this page; ``here`` are labels or (label, address)."""
    rest = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [("Plans", reverse("plans:plan-list")), (str(plan), plan.get_absolute_url()), *rest]


def plan_for(request, verb, pk):
    """The plan, for a form about one of its stages; a POST has it locked, so that a second press sees the first."""
    plan = get_permitted(request.user, Plan, verb, pk=pk)
    return locked(plan) if request.method == "POST" else plan


def answer(request, form, act):
    """Do it, where the form is right and it can be done now; gives whether it was done.

    What can't be done leaves nothing half done, and says so above the form.
    """
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act()
    except NotNow as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def form_page(request, plan, form, heading, lede="", template="plans/plan_form.html", **context):
    context |= {"plan": plan, "form": form, "heading": heading, "lede": lede, "crumbs": crumbs(plan, heading)}
    return render(request, template, context, status=form.status)


# From stage to stage


@asks_and_answers
def consult(request, pk):
    """Send a draft out for comment, or send it out again."""
    plan = plan_for(request, "consult", pk)
    if plan.status not in {Status.DRAFT, Status.CONSULTATION}:
        messages.info(request, "Only a draft is sent out for comment. Take the plan back to draft first.")
        return redirect(plan)
    today = timezone.localdate()
    snapshot_hash = hash_of(take_snapshot(plan))
    sent = version_out_for_comment(plan) if plan.status == Status.CONSULTATION else None
    form = ConsultForm(
        request.POST or None,
        plan=plan,
        snapshot_hash=snapshot_hash,
        on=today,
        is_same=bool(sent and sent.sha256 == snapshot_hash),
        cancel_url=plan.get_absolute_url(),
    )

    def act():
        values = {name: form.cleaned_data.get(name, "") for name in ("until", "reason", "number")}
        send_for_comment(plan, by=request.user, at=timezone.now(), **values)

    if answer(request, form, act):
        messages.success(
            request, f"The members can comment until {form.cleaned_data['until']:%-d %B %Y}. They see it on the plan."
        )
        return redirect(plan)
    missing = missing_of(plan, on=today)
    return form_page(
        request, plan, form, "Send for comment", template="plans/plan_consult.html", missing=missing, sent=sent
    )


@asks_and_answers
def approve(request, pk):
    """Keep which group approved the plan, and when."""
    plan = plan_for(request, "approve", pk)
    if plan.status == Status.PUBLISHED:
        messages.info(request, "It is published already. A change of it is published with a reason.")
        return redirect(plan)
    unanswered = unanswered_of(plan)
    form = ApproveForm(
        request.POST or None,
        plan=plan,
        snapshot_hash=hash_of(take_snapshot(plan)),
        on=timezone.localdate(),
        unanswered=unanswered,
        cancel_url=plan.get_absolute_url(),
    )

    def act():
        given = form.cleaned_data
        approve_plan(
            plan,
            by=request.user,
            at=timezone.now(),
            group=given["group"],
            on=given["approved_on"],
            number=given["number"],
        )

    if answer(request, form, act):
        messages.success(request, f"Version {form.cleaned_data['number']} is approved. Publish it when you are ready.")
        return redirect(plan)
    return form_page(
        request, plan, form, "Record the approval", template="plans/plan_approve.html", unanswered=unanswered
    )


@asks_and_answers
def publish(request, pk):
    """Publish the plan, or what was changed in it since; what is missing is listed with where it is mended."""
    plan = plan_for(request, "publish", pk)
    today = timezone.localdate()
    snapshot = take_snapshot(plan)
    last = plan.published_version if plan.status == Status.PUBLISHED else None
    if last and last.sha256 == hash_of(snapshot):
        if request.method == "POST" and last.made_by != request.user:
            return published_first(request, plan, by=last.made_by, at=last.made_at, crumbs=crumbs(plan, "Publish"))
        messages.info(request, f"Version {last.number} is published, and nothing has changed since.")
        return redirect(plan)
    unanswered = unanswered_of(plan)
    shared = {
        "plan": plan,
        "snapshot_hash": hash_of(snapshot),
        "on": today,
        "unanswered": unanswered,
        "cancel_url": plan.get_absolute_url(),
    }
    approved = plan.versions.filter(stage=Stage.APPROVED).newest_first().select_related("approved_by").first()
    approval = approved if approved and approved.sha256 == hash_of(snapshot) else None
    if last:
        form = ChangeForm(request.POST or None, **shared)
    else:
        form = PublishForm(request.POST or None, approval=approval, **shared)
    missing = missing_of(plan, on=today)

    def act():
        given = form.cleaned_data
        if not last:
            plan.scrutiny_group, plan.deciding_group = given["scrutiny_group"], given["deciding_group"]
            plan.save(update_fields=["scrutiny_group", "deciding_group", "changed_at"])
        publish_plan(
            plan,
            by=request.user,
            at=timezone.now(),
            number=given["number"],
            reason=given.get("reason", ""),
            group=given.get("group"),
            on=given.get("approved_on"),
        )

    if form.is_valid() and blocking(missing):
        form.add_error(None, str(Incomplete(missing)))
    if answer(request, form, act):
        said = "The change is published." if last else "The plan is published. Its leads can now be asked for updates."
        messages.success(request, said)
        return redirect(plan)
    return form_page(
        request,
        plan,
        form,
        "Publish the change" if last else "Publish the plan",
        template="plans/plan_publish.html",
        missing=missing,
        blocking=blocking(missing),
        last=last,
        changes=changes_between(last.snapshot, snapshot) if last else None,
        approval=approval,
        changed_since_approval=changes_between(approved.snapshot, snapshot)
        if approved and not approval and plan.status == Status.APPROVED
        else None,
    )


@asks_and_answers
def redraft(request, pk):
    """Take back a plan that is out for comment or approved."""
    plan = plan_for(request, "consult", pk)
    if plan.status not in {Status.CONSULTATION, Status.APPROVED}:
        messages.info(request, "It is a draft." if plan.status == Status.DRAFT else "A published plan stays published.")
        return redirect(plan)
    form = TakeBackForm(request.POST or None, cancel_url=plan.get_absolute_url())
    if answer(
        request, form, lambda: take_back(plan, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
    ):
        messages.success(request, "It is a draft again. Its versions and comments stay.")
        return redirect(plan)
    lede = "Only the business office and the advisor see a draft. What was sent out, approved or said of it is kept."
    return form_page(request, plan, form, "Take it back to draft", lede)


@asks_and_answers
def close(request, pk):
    """End the plan, with a sentence."""
    plan = get_permitted(request.user, Plan, "change", pk=pk)
    if plan.status != Status.PUBLISHED:
        messages.info(request, "It is closed already." if plan.status == Status.CLOSED else "Publish it first.")
        return redirect(plan)
    plan = plan_for(request, "close", pk)
    today = timezone.localdate()
    form = CloseForm(
        request.POST or None, plan=plan, is_early=today <= plan.ends_on, cancel_url=plan.get_absolute_url()
    )
    if answer(
        request, form, lambda: close_plan(plan, by=request.user, at=timezone.now(), words=form.cleaned_data["words"])
    ):
        messages.success(request, "The plan is closed. Everyone can still read it.")
        return redirect(plan)
    changes = changes_since_published(plan)
    return form_page(
        request,
        plan,
        form,
        "Close the plan",
        template="plans/plan_close.html",
        changes=changes,
        open_round=plan.rounds.open_on(today).first(),
    )


@asks_and_answers
def reopen(request, pk):
    plan = plan_for(request, "change", pk)
    if plan.status != Status.CLOSED:
        messages.info(request, "It is open already.")
        return redirect(plan)
    form = ReopenForm(request.POST or None, cancel_url=plan.get_absolute_url())
    if answer(
        request, form, lambda: reopen_plan(plan, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
    ):
        messages.success(request, "The plan is open again. Its leads can be asked for updates.")
        return redirect(plan)
    return form_page(request, plan, form, "Open it again", "It can be edited again, and its leads asked for updates.")


@asks_and_answers
def change_groups(request, pk):
    """Say which group proposes the plan's ratings and which decides them."""
    plan = get_permitted(request.user, Plan, "edit", pk=pk)
    form = GroupsForm(request.POST or None, instance=plan, cancel_url=plan.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, "Saved which groups rate the plan.")
        return redirect(plan)
    return form_page(request, plan, form, "Which groups rate it")


@require_safe
def changes(request, pk):
    """What the office has changed since the version that everyone reads: a sentence and what to do about it.

    The plan page fetches it once it is shown, for to know it the whole plan has to be read again.
    """
    plan = get_permitted(request.user, Plan, "change", pk=pk)
    last = plan.published_version
    context = {
        "plan": plan,
        "last": last,
        "changes": changes_since_published(plan) if plan.status == Status.PUBLISHED else Changes(0, False, False),
        "crumbs": crumbs(plan, "Changes"),
    }
    part = "#changes" if request.htmx else ""
    return render(request, f"plans/plan_changes.html{part}", context)


def unanswered_of(plan):
    return list(plan.comments.unanswered().select_related("made_by", "organisation"))


# Versions


@require_safe
def version_list(request, pk):
    """What was sent out, approved and published, and why it was taken back, closed or opened again."""
    plan = get_plan(request.user, pk)
    is_member = may(request.user, "view", plan)
    versions = PlanVersion.objects.visible_to(request.user).filter(plan=plan).without_snapshot()
    versions = list(versions.select_related("approved_by", "made_by").newest_first())
    notes = list(plan.stage_notes.select_related("made_by")) if is_member else []
    context = {
        "plan": plan,
        "is_member": is_member,
        "lines": sorted([*versions_with_earlier(versions), *notes], key=lambda each: each.made_at, reverse=True),
        "has_versions": bool(versions),
        "published": next((each for each in versions if each.stage == Stage.PUBLISHED), None),
        "crumbs": crumbs(plan, "Versions"),
    }
    return render(request, "plans/version_list.html", context)


def versions_with_earlier(versions):
    """``versions``, the newest first, each with the last one before it that said something else as ``earlier``."""
    for place, version in enumerate(versions):
        before = (each for each in versions[place + 1 :] if each.sha256 != version.sha256)
        version.earlier = next(before, None)
    return versions


@require_safe
def version_detail(request, pk):
    """The plan as it stood, with who approved it and why it changed."""
    version = (
        PlanVersion.objects.visible_to(request.user).filter(pk=pk).select_related("approved_by", "made_by").first()
    )
    if version is None:
        raise Http404
    plan = version.plan
    is_member = may(request.user, "view", version)
    others = PlanVersion.objects.visible_to(request.user).filter(plan=plan).without_snapshot().newest_first()
    others = versions_with_earlier(list(others))
    own = next(each for each in others if each.pk == version.pk)
    is_shown = Plan.objects.visible_to(request.user).filter(pk=plan.pk).exists()
    newest = next((each for each in others if each.stage == Stage.PUBLISHED), None)
    here = [("Versions", reverse("plans:version-list", args=[plan.pk]))] if is_shown else []
    context = {
        "version": version,
        "plan": plan,
        "was": plan_of(version.snapshot),
        "snapshot": version.snapshot,
        "table": table_of(version.snapshot, on=plan_of(version.snapshot).starts_on),
        "earlier": own.earlier,
        "later": newest if newest and newest.made_at > version.made_at else None,
        "is_member": is_member,
        "is_shown": is_shown,
        "may_make": is_member and may(request.user, "view", version),
        "document": version.documents.without_bytes().filter(earlier=None).first() if is_member else None,
        "files": files_of(version),
        "crumbs": [
            ("Plans", reverse("plans:plan-list")),
            *([(str(plan), plan.get_absolute_url())] if is_shown else []),
            *here,
            (f"Version {version.number}", None),
        ],
    }
    return render(request, "plans/version_detail.html", context)


def files_of(version):
    """The published PDF and Word of a published version, once they are made."""
    if version.stage != Stage.PUBLISHED:
        return []
    found = version.documents.without_bytes().filter(earlier=None).exclude(published_pdf=None)
    document = (
        found.select_related("published_pdf", "published_word")
        .defer("pdf", "word", "published_pdf__content", "published_word__content")
        .first()
    )
    return [file for file in (document.published_pdf, document.published_word) if file] if document else []


# Comments


class CommentList(RecordList):
    """Every comment on a plan and what became of it."""

    table_class, filterset_class = CommentTable, CommentFilter
    template_name = "plans/comment_list.html"

    def get_queryset(self):
        self.plan = get_permitted(self.request.user, Plan, "view", pk=self.kwargs["pk"])
        return PlanComment.objects.visible_to(self.request.user).filter(plan=self.plan).for_list()

    def get_table_kwargs(self):
        return {"may_answer": may(self.request.user, "change", self.plan)}

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {"plan": self.plan}

    @property
    def export_name(self):
        return "comments"

    def get_context_data(self, **kwargs):
        plan = self.plan
        return super().get_context_data(
            plan=plan,
            may_comment=may(self.request.user, "comment", plan),
            unanswered=plan.comments.unanswered().count(),
            crumbs=crumbs(plan, "Comments"),
            **kwargs,
        )


@asks_and_answers
def comment(request, pk, kind, row_pk):
    """Say what one thinks of the plan, a priority or a row. After the last day it is late, and still read."""
    plan = get_permitted(request.user, Plan, "view", pk=pk)
    if kind not in {"plan", "priority", "deliverable"}:
        raise Http404
    row = find_row(plan, kind, row_pk)
    if kind != "plan" and (row.is_retired or (kind == "deliverable" and row.priority.is_retired)):
        raise Http404
    is_out = plan.status == Status.CONSULTATION
    if not is_out and request.method != "POST":
        messages.info(request, "This plan is not out for comment.")
        return redirect(plan)
    today = timezone.localdate()
    form = CommentForm(
        request.POST or None, plan=plan, user=request.user, on=today, cancel_url=place_of(plan, kind, row)
    )

    def act():
        add_comment(
            plan,
            kind=kind,
            row=row,
            text=form.cleaned_data["text"],
            organisation=form.cleaned_data.get("organisation"),
            by=request.user,
            at=timezone.now(),
        )

    if answer(request, form, act):
        messages.success(request, "Thank you. Your comment is with the plan, and the business office will answer it.")
        return redirect(place_of(plan, kind, row))
    own = plan.comments.filter(
        priority=row if kind == "priority" else None, deliverable=row if kind == "deliverable" else None
    )
    return form_page(
        request,
        plan,
        form,
        "Comment",
        template="plans/comment_add.html",
        about=about_of(kind, row),
        row=row,
        kind=kind,
        is_late=is_out and today > plan.comments_until,
        said=own.for_list(),
    )


def place_of(plan, kind, row):
    """The address of the plan page at ``row``."""
    return f"{plan.get_absolute_url()}#row-{row.pk}" if kind == "deliverable" else row.get_absolute_url()


@asks_and_answers
def answer_view(request, pk):
    """The office says what became of a comment."""
    said = get_permitted(request.user, PlanComment, "answer", pk=pk)
    listed = reverse("plans:comment-list", args=[said.plan_id])
    form = AnswerForm(request.POST or None, instance=said, cancel_url=said.get_absolute_url())
    if form.is_valid():
        answer_comment(
            said,
            outcome=form.cleaned_data["outcome"],
            answer=form.cleaned_data["answer"],
            by=request.user,
            at=timezone.now(),
        )
        left = said.plan.comments.unanswered().count()
        words = f" {left} more to answer." if left else " Every comment is answered."
        messages.success(request, f"Your answer is kept.{words}")
        return redirect(said)
    context = {
        "comment": said,
        "plan": said.plan,
        "form": form,
        "crumbs": crumbs(said.plan, ("Comments", listed), "Answer"),
    }
    return render(request, "plans/comment_answer.html", context, status=form.status)


patterns = [
    path("plans/<int:pk>/send-for-comment/", consult, name="plan-consult"),
    path("plans/<int:pk>/approve/", approve, name="plan-approve"),
    path("plans/<int:pk>/publish/", publish, name="plan-publish"),
    path("plans/<int:pk>/take-back/", redraft, name="plan-redraft"),
    path("plans/<int:pk>/close/", close, name="plan-close"),
    path("plans/<int:pk>/open-again/", reopen, name="plan-reopen"),
    path("plans/<int:pk>/groups/", change_groups, name="plan-groups"),
    path("plans/<int:pk>/changes/", changes, name="plan-changes"),
    path("plans/<int:pk>/versions/", version_list, name="version-list"),
    path("plan-versions/<int:pk>/", version_detail, name="version-detail"),
    path("plans/<int:pk>/comments/", CommentList.as_view(), name="comment-list"),
    path("plans/<int:pk>/comments/<str:kind>/<int:row_pk>/add/", comment, name="comment-add"),
    path("plan-comments/<int:pk>/answer/", answer_view, name="comment-answer"),
]
