"""The independent scrutineer's statement: written by advisors alone, given for good, answered by the partnership."""

from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assurance.annual import statements
from assurance.annual.contribution_forms import StatementAnswerForm, StatementDayForm, StatementForm
from assurance.models import AnnualReport, ScrutinyStatement
from assurance.printed import as_objects, paragraphs
from assurance.views.registers import form_page
from partnership.access import get_permitted, may, may_or_refuse
from partnership.refusals import ChangedMeanwhile, NotNow

GET_OR_POST = ["GET", "HEAD", "POST"]


def crumbs_of(report, *here):
    own = reverse("assurance:statement-detail", args=[report.pk]) if here else None
    rest = [(each, None) for each in here]
    return [
        ("Reports", reverse("assurance:report-list")),
        (str(report), report.get_absolute_url()),
        ("Independent scrutiny", own),
        *rest,
    ]


def writes(user, report):
    return may(user, "write", ScrutinyStatement(report=report))


@require_safe
def statement_detail(request, pk):
    """What was given, the last first, with the answers; for advisors their draft; for the office the day."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    given = [each for each in seen_by(request.user, report) if each.given_at]
    may_write = writes(request.user, report)
    context = {
        "report": report,
        "given": [(each, as_objects(paragraphs(each.words)), as_objects(paragraphs(each.answer))) for each in given],
        "draft": statements.draft_of(report) if may_write else None,
        "may_write": may_write,
        "may_answer": may(request.user, "answer", ScrutinyStatement(report=report)),
        "may_ask": may(request.user, "change", report),
        "today": timezone.localdate(),
        "crumbs": crumbs_of(report),
    }
    return render(request, "assurance/statement_detail.html", context)


def seen_by(user, report):
    statements_seen = ScrutinyStatement.objects.visible_to(user).filter(report=report)
    return statements_seen.select_related("answered_by", "written_by").order_by("-number")


def report_of_advisor(user, pk):
    report = get_permitted(user, AnnualReport, "view", pk=pk)
    may_or_refuse(user, "write", ScrutinyStatement(report=report))
    return report


@require_http_methods(GET_OR_POST)
def write(request, pk):
    """The draft, with the year's evidence, the advisor's notes and last year's statement beside it."""
    report = report_of_advisor(request.user, pk)
    if request.method == "POST":
        statements.lock_report(report)  # two advisors may begin at once
    statement = statements.draft_of(report) or ScrutinyStatement(report=report)
    form = StatementForm(
        request.POST or None,
        instance=statement,
        initial={} if statement.pk else {"by_line": f"{request.user.name}, independent scrutineer"},
        cancel_url=reverse("assurance:statement-detail", args=[report.pk]),
    )
    if form.is_valid():
        statements.keep_draft(form.save(commit=False), by=request.user, at=timezone.now())
        if "give" in request.POST:
            return redirect("assurance:statement-give", report.pk)
        messages.success(request, "Saved. Only advisors can read it until you give it to the partnership")
        return redirect("assurance:statement-detail", report.pk)
    before = statements.statement_before(report)
    context = {
        "report": report,
        "form": form,
        "last_given": statements.last_given(report),
        "notes": statements.notes_of_year(request.user, report),
        "evidence": statements.evidence_of_year(report),
        "before": before,
        "before_words": as_objects(paragraphs(before.words)) if before else [],
        "before_answer": as_objects(paragraphs(before.answer)) if before else [],
        "crumbs": crumbs_of(report, "Write"),
    }
    return render(request, "assurance/statement_write.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def give(request, pk):
    """Show exactly what will be given, then give exactly that, for good."""
    report = report_of_advisor(request.user, pk)
    statement = statements.draft_of(report)
    if request.method == "POST":
        try:
            statements.give_statement(report, seen=seen_in(request.POST), at=timezone.now())
        except NotNow as refusal:
            messages.error(request, str(refusal))
            return redirect("assurance:statement-write", report.pk)
        except ChangedMeanwhile:
            statement = statements.draft_of(report)
            if statement:
                return show_giving(request, report, statement, status=409)
            messages.info(request, "Another advisor gave it meanwhile")
        else:
            messages.success(request, "The statement is given to the partnership. Its words can no longer change")
        return redirect("assurance:statement-detail", report.pk)
    if statement is None:
        return redirect("assurance:statement-detail", report.pk)
    return show_giving(request, report, statement)


def seen_in(data):
    try:
        return tuple(signing.loads(data.get("seen", "")))
    except signing.BadSignature:
        return ()


def show_giving(request, report, statement, *, status=200):
    context = {
        "report": report,
        "statement": statement,
        "words": as_objects(paragraphs(statement.words)),
        "gaps": statements.gaps_of(statement),
        "is_changed": status == 409,
        "seen": signing.dumps([statement.conclusion, statement.words, statement.by_line], compress=True),
        "crumbs": crumbs_of(report, "Give it to the partnership"),
    }
    return render(request, "assurance/statement_give.html", context, status=status)


@require_http_methods(GET_OR_POST)
def answer(request, pk):
    """What the partnership answers to the last statement that was given. Its words stand."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "answer", ScrutinyStatement(report=report))
    statement = statements.last_given(report)
    if statement is None:
        raise Http404
    form = StatementAnswerForm(
        request.POST or None, instance=statement, cancel_url=reverse("assurance:statement-detail", args=[report.pk])
    )
    if form.is_valid():
        statements.answer_statement(statement, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "The answer is saved. It is printed below the statement")
        return redirect("assurance:statement-detail", report.pk)
    context = {
        "report": report,
        "form": form,
        "statement": statement,
        "words": as_objects(paragraphs(statement.words)),
        "crumbs": crumbs_of(report, "Answer"),
    }
    return render(request, "assurance/statement_answer.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def change_day(request, pk):
    """By when the office asks for it."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "change", report)
    form = StatementDayForm(
        request.POST if request.method == "POST" else None,
        on=timezone.localdate(),
        initial={"statement_due_on": report.statement_due_on},
        cancel_url=reverse("assurance:statement-detail", args=[report.pk]),
    )
    if form.is_valid():
        report.statement_due_on = form.cleaned_data["statement_due_on"]
        report.save(update_fields=["statement_due_on"])
        messages.success(
            request, "Saved. The advisor is reminded" if report.statement_due_on else "Saved. No day is asked"
        )
        return redirect("assurance:statement-detail", report.pk)
    return form_page(
        request,
        form,
        title="When is the statement wanted?",
        crumbs=crumbs_of(report, "By when"),
        lede="The independent advisor writes it alone. You read it once it is given.",
    )


patterns = [
    path("reports/<int:pk>/statement/", statement_detail, name="statement-detail"),
    path("reports/<int:pk>/statement/write/", write, name="statement-write"),
    path("reports/<int:pk>/statement/give/", give, name="statement-give"),
    path("reports/<int:pk>/statement/answer/", answer, name="statement-answer"),
    path("reports/<int:pk>/statement/day/", change_day, name="statement-day"),
]
