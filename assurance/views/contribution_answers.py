"""An organisation writes its part of the annual report: saved as it is typed, by several people, submitted once."""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assurance.annual import contributions
from assurance.annual.contributions import QUESTIONS, AlreadySubmitted, HasGaps, NoLongerAsked, mark
from assurance.annual.own_year import known_of
from assurance.annual.year import Year
from assurance.models import ReportContribution
from assurance.return_forms import LONGEST, Box
from assurance.views.report_contributions import crumbs, is_own, show
from partnership.access import get_permitted, may_or_refuse
from partnership.refusals import ChangedMeanwhile
from partnership.whole_numbers import whole_number

SUBMITTED = "Your part is submitted, so it can no longer be changed"
OVER = "The office does not ask for this any more, so nothing more can be saved"
SAVED = "Saved. Only your own organisation can read it"
TAKEN = "You have written something here. Empty the box first to take what you said last time"
TOO_LONG = f"Shorten this to {LONGEST:,} characters"


@dataclass
class Row:
    """One question with what stands in its box. ``theirs``: what a colleague saved meanwhile, where they did."""

    question: contributions.Question
    value: str
    seen: str
    last: str = ""
    error: str = ""
    theirs: str | None = None

    @property
    def key(self):
        return self.question.name

    @property
    def box(self):
        return Box(f"{self.key}-text", "Your answer", self.value, "", self.error)

    @property
    def word_count(self):
        return len(self.value.split())


def rows_of(draft, last, typed=None):
    """The rows as saved, or as ``typed`` ({name: (words, seen)}) just now."""
    typed = typed or {}
    return {
        each.name: Row(
            each,
            typed[each.name][0] if each.name in typed else draft.answers.get(each.name, ""),
            mark(draft.answers.get(each.name, "")),
            getattr(last, each.name, ""),
        )
        for each in QUESTIONS
    }


def typed_of(data):
    """{name: (words, what the page showed)} of the answers that a form holds."""
    found = {}
    for each in QUESTIONS:
        words = data.get(f"{each.name}-text")
        if words is not None:
            words = words.replace("\x00", "").replace("\r\n", "\n").strip()
            found[each.name] = (words, data.get(f"{each.name}-seen", ""))
    return found


def find(request, pk):
    """(the contribution, why nothing can be written in it any more or "")."""
    contribution = get_permitted(request.user, ReportContribution, "view", pk=pk)
    if is_own(request.user, contribution) and not contributions.takes_words(contribution):
        return contribution, SUBMITTED if contribution.submitted_at else OVER
    may_or_refuse(request.user, "answer", contribution)
    return contribution, ""


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, pk):
    """The three boxes. Each is saved as it is typed; every button saves all of them first."""
    contribution, over = find(request, pk)
    if over and request.method == "POST":
        return not_saved(request, contribution, over)
    if over:
        messages.info(request, over)
        return redirect(contribution)
    if request.method == "POST":
        return save_page(request, contribution)
    draft, last = contributions.draft_of(contribution), contributions.last_contribution(contribution)
    return page(request, contribution, draft, last, rows_of(draft, last))


def page(request, contribution, draft, last, rows):
    year = Year.of(contribution.report)
    problems = [(f"{row.question.title} {row.error}", row.box.id) for row in rows.values() if row.error]
    has_conflict = any(row.theirs is not None for row in rows.values())
    context = {
        "contribution": contribution,
        "report": contribution.report,
        "rows": rows.values(),
        "draft": draft,
        "last": last,
        "known": known_of(contribution.organisation, year),
        "said": contributions.said_in_returns(contribution, year),
        "why": contributions.why_this_day(contribution),
        "answered_count": sum(bool(row.value.strip()) for row in rows.values()),
        "problems": problems,
        "today": timezone.localdate(),
        "crumbs": crumbs(request.user, contribution, ("Write", None)),
    }
    status = HTTPStatus.CONFLICT if has_conflict else HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "assurance/contribution_answer.html", context, status=status)


def save_page(request, contribution):
    """Save every box that somebody changed; what cannot be saved stays on the page."""
    typed = typed_of(request.POST)
    theirs = request.POST.get("theirs", "")
    typed.pop(theirs, None)
    last = contributions.last_contribution(contribution)
    errors = take_over(request.POST, contribution, last, typed)
    errors |= {name: TOO_LONG for name, (words, _seen) in typed.items() if len(words) > LONGEST}
    good = {name: value for name, value in typed.items() if name not in errors}
    try:
        draft, refused = contributions.save_draft(contribution, good, by=request.user, at=timezone.now())
    except AlreadySubmitted:
        return not_saved(request, contribution, SUBMITTED)
    except NoLongerAsked:
        return not_saved(request, contribution, OVER)
    if errors or refused:
        rows = rows_of(draft, last, {name: typed[name] for name in [*errors, *refused] if name in typed})
        for name, said in errors.items():
            rows[name].error = said
        for name in refused:
            rows[name].theirs = draft.answers.get(name, "")
            rows[name].error = f"{draft.saved_by} saved other words meanwhile."
        return page(request, contribution, draft, last, rows)
    if "read" in request.POST:
        return redirect(f"{contribution.get_absolute_url()}#as-printed")
    messages.success(request, SAVED)
    pressed = theirs or request.POST.get("still", "") or request.POST.get("take", "").partition(":")[0]
    if pressed in rows_of(draft, last):
        return redirect(f"{request.path}#line-{pressed}")
    return redirect(contribution) if "later" in request.POST else redirect(request.path)


def take_over(data, contribution, last, typed):
    """Put into ``typed`` what a button takes: last year's answer, or one from a return. Gives {name: what is wrong}."""
    still = data.get("still", "")
    if still in typed and last:
        words, seen = typed[still]
        if words:
            return {still: TAKEN}
        typed[still] = (getattr(last, still), seen)
    name, _, key = data.get("take", "").partition(":")
    if name in typed:
        for said in contributions.said_in_returns(contribution, Year.of(contribution.report)):
            for each in said.answers:
                if each.pk == whole_number(key):
                    words, seen = typed[name]
                    typed[name] = ("\n\n".join(filter(None, [words, each.text.strip()])), seen)
    return {}


def not_saved(request, contribution, over):
    """It was submitted or withdrawn meanwhile: say so, and show what was typed, to be copied out."""
    contribution = ReportContribution.objects.select_related("report", "submitted_by").get(pk=contribution.pk)
    typed = typed_of(request.POST)
    context = {
        "contribution": contribution,
        "over": over,
        "typed": [(each.title, typed[each.name][0]) for each in QUESTIONS if typed.get(each.name, ("",))[0]],
        "crumbs": crumbs(request.user, contribution, ("Not saved", None)),
    }
    return render(request, "assurance/contribution_not_saved.html", context, status=HTTPStatus.CONFLICT)


@require_POST
def save_answer(request, pk, name):
    """Save one answer as it is typed: what stands now, or a sentence why not."""
    contribution, over = find(request, pk)
    typed = {key: value for key, value in typed_of(request.POST).items() if key == name}
    if name not in contributions.NAMES or not typed:
        raise Http404
    if over:
        return refused_for_good(over)
    if "still" in request.POST:
        last = contributions.last_contribution(contribution)
        problems = take_over({"still": name}, contribution, last, typed)
        if problems:
            return JsonResponse({"problem": TAKEN, "field": "text"}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if len(typed[name][0]) > LONGEST:
        return JsonResponse({"problem": TOO_LONG, "field": "text"}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    now = timezone.now()
    try:
        draft, refused = contributions.save_draft(contribution, typed, by=request.user, at=now)
    except AlreadySubmitted:
        return refused_for_good(SUBMITTED)
    except NoLongerAsked:
        return refused_for_good(OVER)
    standing = draft.answers.get(name, "")
    answer = {"seen": mark(standing), "values": {"text": standing}}
    if refused:
        answer |= {"by": str(draft.saved_by), "theirs": standing, "problem": "A colleague saved this meanwhile."}
        return JsonResponse(answer, status=HTTPStatus.CONFLICT)
    return JsonResponse(answer | {"saved": f"{timezone.localtime(now):%H:%M}"})


def refused_for_good(said):
    return JsonResponse({"problem": f"{said}. Your words are kept on this device.", "is_over": True}, status=409)


@require_POST
def submit(request, pk):
    """Give to the partnership what was read on the page before, and nothing that came into it since."""
    contribution, over = find(request, pk)
    if over:
        messages.info(request, over)
        return redirect(contribution)
    try:
        contributions.submit_contribution(
            contribution,
            version=whole_number(request.POST.get("version"), otherwise=-1),
            by=request.user,
            at=timezone.now(),
        )
    except ChangedMeanwhile as changed:
        return show(request, contribution, status=HTTPStatus.CONFLICT, changed=changed.there)
    except HasGaps as gaps:
        draft, last = contributions.draft_of(contribution), contributions.last_contribution(contribution)
        rows = rows_of(draft, last)
        for question in gaps.questions:
            rows[question.name].error = "Write an answer, or why there is none."
        return page(request, contribution, draft, last, rows)
    except (AlreadySubmitted, NoLongerAsked):
        messages.info(request, SUBMITTED)
        return redirect(contribution)
    messages.success(request, "Submitted. Thank you. The office can read it now")
    return redirect(contribution)


patterns = [
    path("report-contributions/<int:pk>/answer/", answer, name="contribution-answer"),
    path("report-contributions/<int:pk>/answer/<slug:name>/", save_answer, name="contribution-save"),
    path("report-contributions/<int:pk>/submit/", submit, name="contribution-submit"),
]
