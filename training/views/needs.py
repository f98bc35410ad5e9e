"""The learning needs analysis: the list of years, one year's needs in their order, and each need."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import RecordList
from partnership.models import Partnership
from partnership.pdf import PdfProblem
from partnership.refusals import ChangedMeanwhile, NotNow
from plans.documents import WORD
from training.models import LearningNeed, NeedsAnalysis, NeedsWish
from training.needs import deciding as needs
from training.needs.asking import asked_of, counted, unplaced
from training.needs.changes import changes_of
from training.needs.forms import AnalysisForm, BeginForm, DecisionForm, NeedForm
from training.needs.lists import AnalysisFilter, AnalysisTable
from training.needs.papers import asked_of as asked_words_of
from training.needs.papers import content_of, make_pdf, make_word, make_workbook
from training.views.pages import GET_OR_POST

LIST = "training:needs-list"
FORM = "training/needs_form.html"
HIGHEST_RANK = 9999


def crumbs(*here):
    """From training on. ``here``: (label, url) or the label of this page."""
    ways = [each if isinstance(each, tuple) else (each, None) for each in here]
    top = ("Learning needs", reverse(LIST) if here else None)
    return [("Training", reverse("training:event-list")), top, *ways]


def crumbs_of(analysis, *here):
    return crumbs((analysis.title, analysis.get_absolute_url() if here else None), *here)


def find(user, pk, verb="view"):
    analysis = get_permitted(user, NeedsAnalysis, verb, pk=pk)
    return NeedsAnalysis.objects.select_related("partnership").get(pk=analysis.pk)


def find_need(user, pk, need_pk, verb="view"):
    analysis = find(user, pk, verb)
    need = analysis.needs.with_asked().select_related("priority__plan").filter(pk=need_pk).first()
    if need is None:
        raise Http404
    need.analysis = analysis
    return need


def settled_already(request, analysis):
    """To its page, saying why nothing changes; None of one that is not settled."""
    if analysis.settled_on is None:
        return None
    messages.info(request, "This analysis is settled, so it stands. Open it again to change it.")
    return redirect(analysis)


# The years


class AnalysisList(RecordList):
    """Each year's analysis; members see those that are settled."""

    table_class, filterset_class = AnalysisTable, AnalysisFilter
    template_name = "training/needs_list.html"
    export_name = "learning-needs"

    def get_queryset(self):
        seen = NeedsAnalysis.objects.visible_to(self.request.user)
        return seen.select_related("partnership").with_counts().order_by("-starts_on", "-pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(crumbs=crumbs(), may_add=bool(run_by(self.request.user)), **kwargs)


def run_by(user):
    """The partnerships whose training this person runs."""
    return user.standing.training_ids | user.standing.office_ids


@require_http_methods(GET_OR_POST)
def begin(request):
    """Begin the next year's."""
    partnerships = list(Partnership.objects.filter(pk__in=run_by(request.user)).order_by("name"))
    if not partnerships:
        raise PermissionDenied
    today = timezone.localdate()
    first, last = needs.next_year(partnerships[0], on=today)
    form = BeginForm(
        request.POST or None,
        partnerships=Partnership.objects.filter(pk__in=[each.pk for each in partnerships]).order_by("name"),
        on=today,
        initial={"title": f"Learning needs {needs.year_name(first, last)}", "starts_on": first, "ends_on": last},
        cancel_url=reverse(LIST),
    )
    if form.is_valid():
        analysis, is_new = needs.begin_analysis(**form.cleaned_data)
        count = analysis.needs.count() if is_new else 0
        carried = f" {counted(count, 'need is', 'needs are')} carried forward from last year." if count else ""
        messages.success(request, f"Begun.{carried}" if is_new else "The analysis of this year was begun already")
        return redirect(analysis)
    lede = (
        "What people have to learn in the year to come: found, ranked, and each met by courses or left with a reason."
    )
    return form_page(request, form, title="Begin a learning needs analysis", crumbs=crumbs("Begin"), lede=lede)


def form_page(request, form, *, title, crumbs, lede="", **context):
    context |= {"form": form, "title": title, "crumbs": crumbs, "lede": lede}
    return render(request, FORM, context, status=form.status)


@require_safe
def detail(request, pk):
    """The needs in their order, how each is met, and what was held for it."""
    analysis = find(request.user, pk)
    today = timezone.localdate()
    found = needs.against_need(analysis, on=today)
    is_maker = may(request.user, "change", analysis)
    may_change = is_maker and analysis.settled_on is None
    asked = asked_of(analysis) if is_maker else []
    context = {
        "analysis": analysis,
        "year": needs.year_name(analysis.starts_on, analysis.ends_on),
        "rows": [{"met": met, "need": met.need, "asked": asked_words_of(met.need)} for met in found],
        "open_count": sum(met.need.is_open for met in found),
        "unmet": [met.need for met in found if met.left],
        "may_change": may_change,
        "is_maker": is_maker,
        "may_look_back": may(request.user, "look_back", analysis),
        "is_asking": analysis.is_asking(on=today),
        "invited_count": len(asked),
        "answered_count": sum(each.has_answered for each in asked),
        "unplaced_count": sum(len(each.wishes) for each in unplaced(analysis, on=today)) if may_change else 0,
        "crumbs": crumbs_of(analysis),
    }
    return render(request, "training/needs_detail.html", context)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    analysis = find(request.user, pk, "change")
    stands = settled_already(request, analysis)
    if stands:
        return stands
    form = AnalysisForm(
        request.POST or None, instance=analysis, on=timezone.localdate(), cancel_url=analysis.get_absolute_url()
    )
    if form.is_valid():
        form.save()
        messages.success(request, f"Saved “{analysis}”")
        return redirect(analysis)
    return form_page(request, form, title="Change the analysis", crumbs=crumbs_of(analysis, "Change"))


@require_http_methods(GET_OR_POST)
def settle(request, pk):
    """Freeze it, or say what stands in the way."""
    analysis = find(request.user, pk, "change")
    if analysis.settled_on:
        return settled_already(request, analysis)
    today, problem = timezone.localdate(), ""
    if request.method == "POST":
        try:
            analysis = needs.settle(analysis, on=today)
        except NotNow as refusal:
            problem = str(refusal)
        else:
            messages.success(request, f"Settled. Every member of {analysis.partnership} can read it now")
            return redirect(analysis)
    context = {
        "analysis": analysis,
        "problem": problem,
        "undecided": analysis.needs.undecided(),
        "unplaced_count": sum(len(each.wishes) for each in unplaced(analysis, on=today)),
        "need_count": analysis.needs.count(),
        "crumbs": crumbs_of(analysis, "Settle"),
    }
    return render(request, "training/needs_settle.html", context, status=422 if problem else 200)


@require_POST
def open_again(request, pk):
    analysis = needs.open_again(find(request.user, pk, "change"))
    messages.success(request, "It can be changed again. Members read it once it is settled")
    return redirect(analysis)


@require_safe
def document(request, pk, kind):
    """The analysis as a PDF, a Word document or an Excel file."""
    analysis = find(request.user, pk)
    content = content_of(analysis, on=timezone.localdate())
    name = f"learning-needs-{content['year']}"
    if kind == "word":
        return as_attachment(make_word(content), f"{name}.docx", WORD)
    if kind == "excel":
        return as_attachment(make_workbook(content), f"{name}.xlsx", EXCEL)
    try:
        return as_attachment(make_pdf(content).content, f"{name}.pdf")
    except PdfProblem as problem:
        messages.error(request, f"{problem} Take the Word document instead.")
        return redirect(analysis)


# The needs


@require_http_methods(GET_OR_POST)
def rank(request, pk):
    """Type the ranks, or move one need up or down."""
    analysis = find(request.user, pk, "change")
    stands = settled_already(request, analysis)
    if stands:
        return stands
    typed, problem, status = {}, "", 200
    if request.method == "POST":
        seen = [int(key) for key in request.POST.get("seen", "").split(",") if key.isdecimal() and len(key) < 12]
        typed = {key: request.POST.get(f"rank{key}", "").strip() for key in seen}
        ranks = {key: int(value) for key, value in typed.items() if value.isdecimal() and len(value) < 5}
        move, _colon, key = request.POST.get("move", "").partition(":")
        try:
            if move in {"up", "down"}:
                need = find_need(request.user, pk, int(key) if key.isdecimal() and len(key) < 12 else 0)
                needs.move_need(need, -1 if move == "up" else 1)
                return redirect(f"{request.path}#need-{need.pk}")
            if not seen or any(key not in ranks or ranks[key] < 1 for key in seen):
                problem, status = "Enter a whole number from 1 on for each need", 422
            else:
                needs.rank_needs(analysis, ranks, seen=seen)
                messages.success(request, "The order is saved")
                return redirect(analysis)
        except NotNow as refusal:
            messages.error(request, str(refusal))
            return redirect(analysis)
        except ChangedMeanwhile:
            problem, status = "Somebody else changed the needs meanwhile. Look at them again, then save", 409
    rows = [
        {"need": need, "typed": typed.get(need.pk, need.position), "is_wrong": status == 422 and need.pk in typed}
        for need in analysis.needs.all()
    ]
    for row in rows:
        value = str(row["typed"])
        row["is_wrong"] = row["is_wrong"] and not (value.isdecimal() and 1 <= int(value[:5]) <= HIGHEST_RANK)
    context = {
        "analysis": analysis,
        "rows": rows,
        "problem": problem,
        "seen": ",".join(str(row["need"].pk) for row in rows),
        "crumbs": crumbs_of(analysis, "Rank the needs"),
    }
    return render(request, "training/needs_rank.html", context, status=status)


@require_http_methods(GET_OR_POST)
def add(request, pk):
    analysis = find(request.user, pk, "change")
    stands = settled_already(request, analysis)
    if stands:
        return stands
    form = NeedForm(
        request.POST or None,
        instance=LearningNeed(analysis=analysis),
        user=request.user,
        cancel_url=analysis.get_absolute_url(),
    )
    if form.is_valid():
        try:
            need, is_new = needs.add_need(analysis, **form.cleaned_data)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Added as number {need.position}" if is_new else "This need is there already")
            return redirect(analysis if is_new else need)
    return form_page(request, form, title="Add a need", crumbs=crumbs_of(analysis, "Add a need"))


@require_safe
def need_detail(request, pk, need_pk):
    """One need: what shows it, who asked, how it is met and what was held for it."""
    need = find_need(request.user, pk, need_pk)
    analysis, today = need.analysis, timezone.localdate()
    is_maker = may(request.user, "change", analysis)
    own = LearningNeed.objects.filter(pk=need.pk)
    year = {"starts_on": analysis.starts_on, "ends_on": analysis.ends_on, "on": today}
    (met,) = needs.met_of(own, **year)
    changes = changes_of([course for course, _held in met.courses], **year)
    wishes = NeedsWish.objects.none()
    if is_maker:
        wishes = NeedsWish.objects.told(analysis, on=today).filter(need=need)
        wishes = wishes.select_related("reply__invitation__organisation", "reply__invitation__group")
    context = {
        "analysis": analysis,
        "need": need,
        "met": met,
        "courses": [(course, held, changes.get(course.pk, "")) for course, held in met.courses],
        "asked": asked_words_of(need),
        "wishes": wishes,
        "is_maker": is_maker,
        "may_change": is_maker and analysis.settled_on is None,
        "may_look_back": may(request.user, "look_back", analysis),
        "crumbs": crumbs_of(analysis, f"Need {need.position}"),
    }
    return render(request, "training/needs_need.html", context)


@require_http_methods(GET_OR_POST)
def change_need(request, pk, need_pk):
    need = find_need(request.user, pk, need_pk, "change")
    stands = settled_already(request, need.analysis)
    if stands:
        return stands
    if request.method == "POST":
        needs.locked(need.analysis)  # before the form locks the need, as everything else does
    form = NeedForm(request.POST or None, instance=need, user=request.user, cancel_url=need.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, "Saved the need")
        return redirect(need)
    trail = crumbs_of(need.analysis, (f"Need {need.position}", need.get_absolute_url()), "Change")
    return form_page(request, form, title="Change the need", crumbs=trail)


@require_http_methods(GET_OR_POST)
def decide(request, pk, need_pk):
    """By which courses it is met, or why not."""
    need = find_need(request.user, pk, need_pk, "change")
    stands = settled_already(request, need.analysis)
    if stands:
        return stands
    form = DecisionForm(request.POST or None, need=need, cancel_url=need.get_absolute_url())
    if form.is_valid():
        try:
            need = needs.decide(need, **form.cleaned_data)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Need {need.position}: {need.get_decision_display().lower()}")
            return redirect(need.analysis)
    trail = crumbs_of(need.analysis, (f"Need {need.position}", need.get_absolute_url()), "Decide")
    title = f"How is “{need.topic}” met?"
    return render(
        request,
        "training/needs_decide.html",
        {"form": form, "need": need, "analysis": need.analysis, "title": title, "crumbs": trail},
        status=form.status,
    )


@require_http_methods(GET_OR_POST)
def take_out(request, pk, need_pk):
    need = find_need(request.user, pk, need_pk, "change")
    stands = settled_already(request, need.analysis)
    if stands:
        return stands
    if request.method == "POST":
        try:
            needs.take_out(need)
        except NotNow as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"“{need.topic}” is taken out")
        return redirect(need.analysis)
    trail = crumbs_of(need.analysis, (f"Need {need.position}", need.get_absolute_url()), "Take out")
    context = {"need": need, "asked": asked_words_of(need), "crumbs": trail}
    return render(request, "training/needs_take_out.html", context)


patterns = [
    path("training/needs/", AnalysisList.as_view(), name="needs-list"),
    path("training/needs/begin/", begin, name="needs-begin"),
    path("training/needs/<int:pk>/", detail, name="needs-detail"),
    path("training/needs/<int:pk>/change/", change, name="needs-change"),
    path("training/needs/<int:pk>/settle/", settle, name="needs-settle"),
    path("training/needs/<int:pk>/open-again/", open_again, name="needs-open-again"),
    path("training/needs/<int:pk>/pdf/", document, {"kind": "pdf"}, name="needs-pdf"),
    path("training/needs/<int:pk>/word/", document, {"kind": "word"}, name="needs-word"),
    path("training/needs/<int:pk>/excel/", document, {"kind": "excel"}, name="needs-excel"),
    path("training/needs/<int:pk>/rank/", rank, name="needs-rank"),
    path("training/needs/<int:pk>/add/", add, name="needs-add"),
    path("training/needs/<int:pk>/need/<int:need_pk>/", need_detail, name="needs-need"),
    path("training/needs/<int:pk>/need/<int:need_pk>/change/", change_need, name="needs-need-change"),
    path("training/needs/<int:pk>/need/<int:need_pk>/decide/", decide, name="needs-need-decide"),
    path("training/needs/<int:pk>/need/<int:need_pk>/take-out/", take_out, name="needs-need-take-out"),
]
