"""Charges: what each agency would owe today, and the statements that were issued to it."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.models import Organisation, Partnership
from partnership.pdf import PdfProblem
from partnership.refusals import NotNow
from training.attendance.certificates import print_pdf
from training.charges.charging import (
    Reckoning,
    issue_statement,
    last_statement,
    number_of,
    policy_of,
    reckonings_of,
    unmarked_count,
)
from training.charges.forms import IssueForm
from training.charges.sheets import drafts_sheet, readable, statement_sheets
from training.figures.forms import StretchForm
from training.models import ChargeStatement
from training.views.pages import GET_OR_POST, asked, crumbs

TITLE = "Charges"
LIST, DRAFT, DETAIL = "training:charges", "training:charge-draft", "training:statement-detail"


def partnerships_of(user):
    return Partnership.objects.filter(pk__in=user.standing.partnership_ids).order_by("name", "pk")


def run_ids(user):
    """The partnerships whose training this person runs: there they see every agency."""
    return user.standing.training_ids | user.standing.office_ids


def drafts_of(user, partnership, stretch, *, at):
    """What every agency would owe, for whoever runs the training; their own for others."""
    own = None if partnership.pk in run_ids(user) else sorted(user.standing.organisation_ids)
    return reckonings_of(partnership, stretch, at=at, organisations=own)


def asked_for(request):
    now = timezone.now()
    form = StretchForm(request.GET, partnerships=partnerships_of(request.user), on=timezone.localdate(now))
    if "partnership" in form.fields:
        form.fields["partnership"].empty_label = None
    partnership = form.chosen_partnership or form.home
    return form, partnership, now


@require_safe
def charges(request):
    form, partnership, now = asked_for(request)
    context = {"form": form, "stretch": form.stretch, "partnership": partnership, "crumbs": crumbs(TITLE)}
    if partnership:
        drafts = drafts_of(request.user, partnership, form.stretch, at=now)
        statements = ChargeStatement.objects.visible_to(request.user).filter(partnership=partnership)
        runs = partnership.pk in run_ids(request.user)
        context |= {
            "policy": policy_of(partnership),
            "drafts": drafts.items(),
            "total": sum((each.total for each in drafts.values()), Decimal(0)),
            "statements": statements.select_related("organisation", "partnership")[:200],
            "unmarked": unmarked_count(partnership, form.stretch, at=now) if runs else 0,
            "runs": runs,
            "is_over": form.stretch.ends_on < timezone.localdate(now),
            "asked": f"starts_on={form.stretch.starts_on}&ends_on={form.stretch.ends_on}",
        }
    return render(request, "training/charges.html", context)


@require_safe
def charges_file(request):
    form, partnership, now = asked_for(request)
    if partnership is None:
        raise Http404
    drafts = drafts_of(request.user, partnership, form.stretch, at=now)
    name = f"training-charges-{form.stretch.starts_on}-to-{form.stretch.ends_on}.xlsx"
    return as_attachment(as_workbook(drafts_sheet(drafts)), name, EXCEL)


def place_of(request, partnership_pk, organisation_pk):
    """The partnership and one of the organisations that this person may see charges of; else Http404."""
    partnership = get_object_or_404(partnerships_of(request.user), pk=partnership_pk)
    runs = partnership.pk in run_ids(request.user)
    if not runs and organisation_pk not in request.user.standing.organisation_ids:
        raise Http404
    return partnership, get_object_or_404(Organisation, pk=organisation_pk), runs


@require_http_methods(GET_OR_POST)
def draft(request, partnership_pk, organisation_pk):
    """What one agency owes as of now, with the places it is made of; issued by whoever runs the training."""
    partnership, organisation, runs = place_of(request, partnership_pk, organisation_pk)
    now = timezone.now()
    form = StretchForm(request.GET, partnerships=[partnership], on=timezone.localdate(now))
    stretch = form.stretch
    before = last_statement(partnership, organisation, stretch)
    issuing = IssueForm(asked(request), before=before) if runs else None
    if request.method == "POST":
        if not runs:
            raise PermissionDenied
        if issuing.is_valid():
            try:
                note = issuing.cleaned_data.get("note", "")
                statement = issue_statement(partnership, organisation, stretch, by=request.user, at=now, note=note)
            except NotNow as refusal:
                messages.error(request, str(refusal))
                return redirect(request.get_full_path())
            messages.success(request, f"Statement {number_of(statement)} is issued")
            return redirect(statement)
    reckoning = reckonings_of(partnership, stretch, at=now, organisations=[organisation.pk]).get(organisation)
    reckoning = reckoning or Reckoning(policy_of(partnership))
    context = {
        "partnership": partnership,
        "organisation": organisation,
        "stretch": stretch,
        "policy": reckoning.policy,
        "reckoning": reckoning,
        "before": before,
        "is_same": before is not None and before.content == reckoning.content,
        "form": issuing,
        "runs": runs,
        "is_over": stretch.ends_on < timezone.localdate(now),
        "crumbs": crumbs((TITLE, reverse(LIST)), organisation.name),
    }
    return render(request, "training/charge_draft.html", context, status=issuing.status if issuing else 200)


@require_safe
def statement(request, pk):
    found = get_permitted(request.user, ChargeStatement, "view", pk=pk)
    editions = ChargeStatement.objects.filter(
        partnership=found.partnership, organisation=found.organisation, starts_on=found.starts_on, ends_on=found.ends_on
    )
    context = {
        "statement": found,
        "number": number_of(found),
        "content": readable(found.content),
        "later": editions.filter(edition__gt=found.edition).order_by("edition").last(),
        "earlier": editions.filter(edition__lt=found.edition).order_by("-edition"),
        "crumbs": crumbs((TITLE, reverse(LIST)), f"Statement {number_of(found)}"),
    }
    return render(request, "training/statement_detail.html", context)


@require_safe
def statement_file(request, pk, kind):
    found = get_permitted(request.user, ChargeStatement, "view", pk=pk)
    name = f"training-statement-{number_of(found)}.{kind}"
    if kind == "xlsx":
        return as_attachment(as_workbook(*statement_sheets(found)), name, EXCEL)
    context = {"statement": found, "number": number_of(found), "content": readable(found.content)}
    try:
        return as_attachment(print_pdf("training/print/statement", context, found.partnership).content, name)
    except PdfProblem as problem:
        messages.error(request, f"{problem} Take the Excel file instead.")
        return redirect(found)


patterns = [
    path("training/charges/", charges, name="charges"),
    path("training/charges/charges.xlsx", charges_file, name="charges-file"),
    path("training/charges/<int:partnership_pk>/<int:organisation_pk>/", draft, name="charge-draft"),
    path("training/statements/<int:pk>/", statement, name="statement-detail"),
    path("training/statements/<int:pk>/statement.pdf", statement_file, {"kind": "pdf"}, name="statement-pdf"),
    path("training/statements/<int:pk>/statement.xlsx", statement_file, {"kind": "xlsx"}, name="statement-xlsx"),
]
