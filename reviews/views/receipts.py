"""What agencies did with a briefing: each says it for itself, and the office sees who has."""

from datetime import date

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from tablib import Dataset

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.lists import BYTE_ORDER_MARK, NumberColumn, RecordTable, harmless
from partnership.tasks import send_reminders
from plans.round_page import words_of
from reviews.briefings import agencies_asked
from reviews.forms.receipts import AskForm, ReceiptForm
from reviews.models import Briefing, Receipt
from reviews.receipts import answers_on, ask_agency, chase_receipts, submit_receipt, year_of_agencies
from reviews.years import first_day_of, name_of_year, year_of, years_to_choose

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


@asks_and_answers
def write(request, pk):
    """An agency's own answer; it can be changed as often as something changes."""
    receipt = get_permitted(request.user, Receipt, "write", pk=pk)
    briefing = receipt.briefing
    later = Briefing.objects.filter(supersedes=briefing, published_at__isnull=False).first()
    form = ReceiptForm(
        request.POST or None,
        instance=receipt,
        on=timezone.localdate(),
        cancel_url=briefing.get_absolute_url(),
    )
    if form.is_valid():
        submit_receipt(receipt, by=request.user, at=timezone.now(), **form.written)
        messages.success(request, f"Thank you. What {receipt.organisation} did with “{briefing}” is sent.")
        return redirect(briefing)
    context = {
        "receipt": receipt,
        "briefing": briefing,
        "later": later,
        "form": form,
        "crumbs": [
            ("Learning", reverse("reviews:briefing-list")),
            (briefing.title, briefing.get_absolute_url()),
            ("What you did with it", None),
        ],
    }
    return render(request, "reviews/receipt_write.html", context, status=form.status)


def published_of_office(request, pk):
    """A published briefing of those who see how agencies answered."""
    briefing = get_permitted(request.user, Briefing, "spread", pk=pk)
    if not briefing.is_published:
        raise Http404
    return briefing


@asks_and_answers
def of_briefing(request, pk):
    """Who has answered and who has not, what changed in agencies' words, and whom else to ask."""
    briefing = published_of_office(request, pk)
    today = timezone.localdate()
    form = AskForm(request.POST or None, agencies=agencies_asked(briefing.partnership, on=today), on=today)
    page = reverse("reviews:briefing-receipts", args=[briefing.pk])
    if form.is_valid():
        receipt = ask_agency(briefing, agency=form.cleaned_data["agency"], due_on=form.cleaned_data["due_on"], on=today)
        said = "has answered already" if receipt.submitted_at else "is asked"
        messages.success(request, f"{receipt.organisation} {said}.")
        return redirect(page)
    if request.GET.get("export") == "csv":
        return export(briefing, answers_on(briefing, on=today))
    context = {
        "briefing": briefing,
        "answers": answers_on(briefing, on=today),
        "form": form,
        "today": today,
        "crumbs": [
            ("Learning", reverse("reviews:briefing-list")),
            (briefing.title, briefing.get_absolute_url()),
            ("What agencies did", None),
        ],
    }
    return render(request, "reviews/briefing_receipts.html", context, status=form.status)


def export(briefing, answers):
    """Every agency asked, as CSV."""
    rows = Dataset(headers=["Agency", "By when", "Answered", "Used", "With whom", "People", "What changed", "Why not"])
    for each in sorted([*answers.answered, *answers.waiting], key=lambda each: each.organisation.name):
        answered = timezone.localdate(each.submitted_at) if each.submitted_at else ""
        said = [each.used_on or "", each.used_with, each.reached, each.changed, each.not_used_because]
        rows.append([harmless(cell) for cell in (str(each.organisation), each.due_on, answered, *said)])
    return as_attachment(BYTE_ORDER_MARK + rows.export("csv"), "what-agencies-did.csv", "text/csv")


@require_POST
def chase_view(request, pk):
    """Ask one agency again, or all that are silent; says who is mailed, who is not, and why."""
    briefing = published_of_office(request, pk)
    now = timezone.now()
    today = timezone.localdate(now)
    try:
        came_to = chase_receipts(briefing, who=request.POST.get("who", "all"), by=request.user, now=now, on=today)
    except LookupError as nobody:
        raise Http404 from nobody
    transaction.on_commit(send_reminders.delay, robust=True)  # without a broker, beat sends it
    for add, words in words_of(came_to, on=today):
        add(request, words)
    return redirect("reviews:briefing-receipts", briefing.pk)


class AgencyYearTable(RecordTable):
    caption = "What agencies did with briefings"
    organisation = tables.Column("Agency")
    asked = NumberColumn("Asked")
    answered = NumberColumn("Answered")
    used = NumberColumn("Used")
    late = NumberColumn("Late")
    reached = NumberColumn("People reached")


@require_safe
def year(request):
    """Receipts over a year, agency by agency, for the office."""
    standing = request.user.standing
    if not standing.office_ids:
        raise PermissionDenied if standing.partnership_ids else Http404
    today = timezone.localdate()
    years = years_to_choose(on=today)
    chosen = next((each for each in years if str(each) == request.GET.get("year")), year_of(today))
    lines = year_of_agencies(
        standing.office_ids, starts_on=first_day_of(chosen), ends_on=date(chosen + 1, 3, 31), on=today
    )
    table = AgencyYearTable(data=[vars(line) for line in lines], orderable=False)
    table.paginate(per_page=max(len(lines), 1))
    context = {
        "table": table,
        "lines": lines,
        "years": [(each, name_of_year(each)) for each in years],
        "chosen": chosen,
        "chosen_name": name_of_year(chosen),
        "crumbs": [("Learning", reverse("reviews:briefing-list")), ("What agencies did", None)],
    }
    return render(request, "reviews/receipt_year.html", context)


patterns = [
    path("receipts/<uuid:pk>/", write, name="receipt-write"),
    path("receipts/", year, name="receipt-year"),
    path("briefings/<uuid:pk>/receipts/", of_briefing, name="briefing-receipts"),
    path("briefings/<uuid:pk>/receipts/chase/", chase_view, name="receipt-chase"),
]
