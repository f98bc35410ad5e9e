"""Leads answer: everything due from one person on one page, sent line by line or all at once.

The page is one form: whichever button is pressed, what was typed in the other lines is kept as a draft.
It works without a script; with one, each line is also saved as it is typed. Whoever answers is told by an
``Answerer``, so that the signed link of a mail opens these same views: see ``doors``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.whole_numbers import whole_number
from plans.answering import (
    AnsweredMeanwhile,
    NotAsked,
    is_blank,
    line_of,
    lines_due,
    repeat_line,
    save_draft,
    send_line,
)
from plans.evidence import add_files, add_link, remove_evidence
from plans.models import Deliverable, Evidence, Milestone, Update
from plans.rounds import RoundClosed, meet_milestone
from plans.update_forms import (
    REASONS,
    ShownLine,
    UpdateForm,
    from_last_time,
    prefix_of,
    reading_of,
    typed_of,
    values_of,
)
from plans.views import asks_and_answers

CLOSED = "This round has closed. Your words are kept on this page: send them to the office."


@dataclass(frozen=True)
class Answerer:
    """Who answers and how: ``user``, by which ``way``, and the beginning of the names of the page's addresses.

    ``lines(on)``: what they may answer; ``permit(pk)``: Http404 or PermissionDenied for any other deliverable;
    ``answered(update)``: told of each answer that was sent; ``home``: the address where the page leads back to.
    """

    user: object
    names: str
    way: str
    lines: Callable
    permit: Callable
    answered: Callable = lambda update: None
    home: str = ""

    def url(self, name, *args):
        return reverse(f"plans:{self.names}-{name}", args=args)

    @property
    def page(self):
        return reverse("plans:updates" if self.names == "update" else f"plans:{self.names}")


def signed_in(view):
    """``view(request, answerer, …)`` for the person signed in."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        answerer = Answerer(
            user=request.user,
            names="update",
            way=Update.Way.PAGE,
            lines=lambda on: lines_due(request.user, on=on),
            permit=lambda pk: get_permitted(request.user, Deliverable, "update", pk=pk),
            home=reverse("assurance:my-work"),
        )
        return view(request, answerer, *args, **kwargs)

    return answer


def doors(whose, *, at, names):
    """The addresses under which the person that ``whose`` (like ``signed_in``) finds may answer.

    ``at``: where they begin, "updates/"; ``names``: how their names begin, "update" for ``update-send``.
    """
    return [
        path(f"{at}send/", whose(send), name=f"{names}-send"),
        path(f"{at}send/<int:pk>/", whose(send_one), name=f"{names}-send-one"),
        path(f"{at}same/<int:pk>/", whose(same), name=f"{names}-same"),
        path(f"{at}draft/<int:pk>/", whose(draft), name=f"{names}-draft"),
        path(f"{at}words/<int:pk>/<int:activity_pk>/", whose(words), name=f"{names}-words"),
        path(f"{at}evidence/<int:pk>/", whose(evidence_add), name=f"{names}-evidence-add"),
        path(f"{at}evidence/<uuid:pk>/remove/", whose(evidence_remove), name=f"{names}-evidence-remove"),
    ]


# The page


@require_safe
def updates(request, answerer):
    """Everything due from this person in rounds that take answers, across plans and partnerships."""
    return show(request, answerer, answerer.lines(timezone.localdate()))


def show(request, answerer, lines, *, shown=None, only=None):
    """The page. ``shown``: {deliverable's key: ShownLine} of those typed just now; ``only`` shows one row's page."""
    change = request.GET.get("change", "")
    shown = shown or {}
    rows = [shown.get(line.pk) or row_of(line, is_change=change == str(line.pk)) for line in lines]
    rounds = {}
    addresses = addresses_of(answerer)
    for row in rows:
        row.urls = {name: address.replace("/0/", f"/{row.pk}/", 1) for name, address in addresses.items()}
        rounds.setdefault(row.line.round, []).append(row)
    saved = max((row.line.draft.saved_at for row in rows if row.line.draft), default=None)
    context = {
        "answerer": answerer,
        "rounds": list(rounds.items()),
        "rows": rows,
        "row": rows[0] if len(rows) == 1 else None,
        "only": only,
        "answered_count": sum(line.is_answered for line in lines),
        "is_all_sent": not any(row.is_open for row in rows),
        "saved_at": saved,
        "today": timezone.localdate(),
        "problems": [problem for row in rows for problem in row.problems],
        "urls": {"send": answerer.url("send"), "page": answerer.page},
        "reasons": REASONS,
    }
    return render(request, "plans/update_list.html", context, status=status_of(rows))


def addresses_of(answerer):
    """The addresses of a line's buttons with 0 for its key: asking for them line by line takes longer."""
    return {
        "draft": answerer.url("draft", 0),
        "same": answerer.url("same", 0),
        "send": answerer.url("send-one", 0),
        "add": answerer.url("evidence-add", 0),
        "words": answerer.url("words", 0, 1).removesuffix("1/"),
        "remove": answerer.url("evidence-add", 0).removesuffix("0/"),
    }


def row_of(line, *, is_change=False):
    """A line as it stands: the draft goes before the answer that was sent, and that before nothing."""
    if line.draft:
        return ShownLine(line, values=values_of(line.current) | line.draft.answers)
    return ShownLine(line, values=values_of(line.current), is_open=is_change or not line.is_answered)


def status_of(rows):
    if any(row.other for row in rows):
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if any(row.errors for row in rows) else HTTPStatus.OK


def lines_asked(request, answerer, pk=None):
    """The page's lines, and whether it is that of one row: (lines, its key or None).

    With ``pk`` one of them is that deliverable's, which this person may answer. Raises Http404 or
    PermissionDenied for any other.
    """
    on = timezone.localdate()
    only = request.POST.get("only", "")
    if pk is not None:
        deliverable = answerer.permit(pk)
        if only == str(pk):
            return [line for line in [line_of(deliverable, by=answerer.user, on=on)] if line], pk
    lines = answerer.lines(on)
    if pk is not None and not any(line.pk == pk for line in lines):
        line = line_of(deliverable, by=answerer.user, on=on)
        return ([line] if line else []), pk
    return lines, None


# Sending


@asks_and_answers
def send(request, answerer):
    """“Send what I have answered”: every line in which something is typed; those to be mended stay as they are.

    Whoever had to sign in first comes here by GET: their words are on the page.
    """
    if request.method != "POST":
        return redirect(answerer.page)
    lines, _only = lines_asked(request, answerer)
    typed = {line.pk: typed_of(request.POST, line) for line in lines}
    wanted = [line for line in lines if typed[line.pk] and is_typed(typed[line.pk])]
    if "later" in request.POST:
        wanted = []
    elif not wanted and not request.FILES:
        messages.info(request, "Nothing is answered yet. Choose a rating, or press “Same as last time”.")
    return answer_lines(request, answerer, lines, wanted, typed=typed)


@asks_and_answers
def send_one(request, answerer, pk):
    """One line; the others are kept as drafts. “Start from last time’s words” (``start``) sends nothing."""
    if request.method != "POST":
        answerer.permit(pk)
        return redirect(answerer.page)
    lines, only = lines_asked(request, answerer, pk)
    if "start" in request.POST:
        return start_line(request, answerer, lines, pk, only=only)
    return answer_lines(request, answerer, lines, [line for line in lines if line.pk == pk], only=only)


def start_line(request, answerer, lines, pk, *, only):
    """Put last time's words into the boxes of one line that are empty, to be changed; all that was typed is kept."""
    typed = {line.pk: typed_of(request.POST, line) for line in lines}
    for line in lines:
        if line.pk == pk:
            typed[pk] = from_last_time(line, typed[pk] or {})
    kept = answer_lines(request, answerer, lines, [], typed=typed, only=only)
    if kept.status_code != HTTPStatus.FOUND:
        return kept
    if only is not None:
        return redirect("plans:deliverable-update", only)
    return redirect(f"{answerer.page}?change={pk}#line-{pk}")


def answer_lines(request, answerer, lines, wanted, *, typed=None, only=None):
    """Send ``wanted`` of ``lines``, keep what is typed in the others, and lead on to the next."""
    typed = typed or {line.pk: typed_of(request.POST, line) for line in lines}
    shown, sent = {}, []
    for line in lines:
        row = ShownLine(line, values=typed[line.pk] or {})
        take_files(request, answerer, line, row)
        if line in wanted:
            update = take_answer(request, answerer, line, row)
            if update:
                sent.append((line, update))
        elif typed[line.pk]:
            keep(answerer, line, row)
        if row.errors or row.other:
            shown[line.pk] = row
    say_sent(request, sent, only=only)
    if shown:
        shown |= {line.pk: fresh for line in lines if (fresh := still_typed(line, typed, shown, sent))}
        return show(request, answerer, reread(answerer, lines, only), shown=shown, only=only)
    if only is not None:
        return redirect(answerer.home or answerer.page)
    return redirect(next_place(answerer, lines, wanted, sent))


def still_typed(line, typed, shown, sent):
    """A line that was typed in and neither sent nor wrong, as it was typed; else None."""
    if line.pk in shown or not typed[line.pk] or any(line is done for done, _update in sent):
        return None
    return ShownLine(line, values=typed[line.pk])


def reread(answerer, lines, only):
    """The lines as they are now; those asked for alone stay alone."""
    on = timezone.localdate()
    if only is None:
        return answerer.lines(on)
    return [line_of(line.deliverable, by=answerer.user, on=on) for line in lines]


def take_answer(request, answerer, line, row):
    """Send what is typed in a line; the update, or None with ``row`` saying why not."""
    form = UpdateForm(row.values, line=line)
    if not form.is_valid():
        row.errors = {name: said[0] for name, said in form.errors.items()} | row.errors
        keep(answerer, line, row)
        return None
    if row.errors:  # a file that could not be taken: the words wait for it
        keep(answerer, line, row)
        return None
    take_link(answerer, line, form.cleaned_data)
    seen = form.cleaned_data.get("seen")
    try:
        update, is_new = send_line(
            line.deliverable,
            round=line.round,
            by=answerer.user,
            at=timezone.now(),
            answers=form.answers,
            came_by=answerer.way,
            seen=seen or 0,
        )
    except AnsweredMeanwhile as meanwhile:
        row.other = line.current = meanwhile.update
        row.errors[""] = f"{meanwhile.update.submitted_by} has answered this meanwhile. Both answers are below"
    except (RoundClosed, NotAsked) as refused:
        row.errors[""] = CLOSED if isinstance(refused, RoundClosed) else str(refused)
    except ValidationError as problem:
        row.errors |= {name: said[0] for name, said in problem.message_dict.items()}
    else:
        answerer.answered(update)
        update.is_new = is_new
        return update
    keep(answerer, line, row)
    return None


def keep(answerer, line, row):
    """Keep what is typed as a draft; what is too long for one stays on the page with a sentence."""
    answers = {name: value for name, value in row.values.items() if name not in ("seen", "files")}
    try:
        save_draft(line.deliverable, round=line.round, by=answerer.user, at=timezone.now(), answers=answers)
    except ValueError as problem:
        row.errors.setdefault("", str(problem))
    except RoundClosed:
        pass


def take_files(request, answerer, line, row):
    files = request.FILES.getlist(f"{prefix_of(line)}files")
    if not files:
        return
    try:
        problems = add_files(line.deliverable, files, round=line.round, by=answerer.user, at=timezone.now())
    except RoundClosed:
        problems = [CLOSED]
    line.evidence = list(
        line.deliverable.evidence.filter(round=line.round, removed_at=None)
        .select_related("document")
        .defer("document__content")
    )
    if problems:
        row.errors["files"] = ". ".join(problems)


def take_link(answerer, line, cleaned):
    if cleaned.get("link"):
        label = cleaned.get("link_label", "")
        by, at = answerer.user, timezone.now()
        add_link(line.deliverable, cleaned["link"], label=label, round=line.round, by=by, at=at)


def is_typed(values):
    """Whether a line holds more than the answers with which the page began."""
    return not is_blank({name: value for name, value in values.items() if name != "seen"})


def say_sent(request, sent, *, only=None):
    old = [line for line, update in sent if not update.is_new]
    new = [line for line, update in sent if update.is_new]
    if old:
        messages.info(request, f"“{old[0].deliverable.title}” was in already, with these same words.")
    if len(new) == 1:
        messages.success(request, f"Thank you. Your update on “{new[0].deliverable.title}” is in.")
    elif new:
        messages.success(request, f"Thank you. {len(new)} updates are in.")


def next_place(answerer, lines, wanted, sent):
    """The page at the first line after those just answered that is not."""
    done = {line.pk for line, _update in sent}
    places = [n for n, line in enumerate(lines) if line in wanted]
    after = max(places, default=-1)
    waiting = [line for line in lines[after + 1 :] + lines[: after + 1] if not line.is_answered and line.pk not in done]
    return f"{answerer.page}#line-{waiting[0].pk}" if waiting and wanted else answerer.page


@asks_and_answers
def same(request, answerer, pk):
    """“Same as last time”, one press; what is typed in other lines is kept."""
    if request.method != "POST":
        answerer.permit(pk)
        return redirect(answerer.page)
    lines, only = lines_asked(request, answerer, pk)
    line = next((line for line in lines if line.pk == pk), None)
    if line is None:
        return refuse(request, answerer, "This round takes no answers any more.")
    row = ShownLine(line, values=typed_of(request.POST, line) or {})
    seen = row.values.get("seen", "")
    shown, sent = {}, []
    for other in lines:
        typed = None if other is line else typed_of(request.POST, other)
        if typed:
            keep(answerer, other, ShownLine(other, values=typed))
    try:
        update, update_is_new = repeat_line(
            line.deliverable,
            round=line.round,
            by=answerer.user,
            at=timezone.now(),
            came_by=answerer.way,
            seen=whole_number(seen, otherwise=0),
        )
    except AnsweredMeanwhile as meanwhile:
        row.other = line.current = meanwhile.update
        row.errors[""] = f"{meanwhile.update.submitted_by} has answered this meanwhile. Look before you replace it"
        shown[line.pk] = row
    except LookupError:
        row.errors["rating"] = "There is no earlier answer to repeat. Choose how it is going"
        shown[line.pk] = row
    except (RoundClosed, NotAsked) as refused:
        return refuse(request, answerer, CLOSED if isinstance(refused, RoundClosed) else str(refused))
    else:
        update.is_new = update_is_new
        answerer.answered(update)
        sent.append((line, update))
    say_sent(request, sent, only=only)
    if shown:
        return show(request, answerer, reread(answerer, lines, only), shown=shown, only=only)
    if only is not None:
        return redirect(answerer.home or answerer.page)
    return redirect(next_place(answerer, lines, [line], sent))


def refuse(request, answerer, said):
    messages.error(request, said)
    return redirect(answerer.page)


# One row's page


@asks_and_answers
def update_deliverable(request, pk):
    """One row alone: for whom a list leads here, and for the office, which may answer any."""
    return signed_in(one_row)(request, pk)


def one_row(request, answerer, pk):
    deliverable = answerer.permit(pk)
    line = line_of(deliverable, by=answerer.user, on=timezone.localdate())
    if line is None:
        return not_asked(request, answerer, deliverable)
    if request.method == "POST":
        return answer_lines(request, answerer, [line], [line], only=pk)
    row = row_of(line, is_change=True)
    return show(request, answerer, [line], shown={pk: row}, only=pk)


def not_asked(request, answerer, deliverable):
    """No round takes answers: say so, and lose no words that came too late."""
    round = deliverable.priority.plan.rounds.order_by("-closes_on").first()
    if round is None:
        messages.info(request, "No round has been opened yet, so there is nothing to answer.")
        return redirect(deliverable)
    start = f"d{deliverable.pk}-"
    typed = [value for key, value in request.POST.items() if key.startswith(start) and key != f"{start}seen"]
    context = {"deliverable": deliverable, "round": round, "typed": [words for words in typed if words.strip()]}
    status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
    return render(request, "plans/update_closed.html", context, status=status)


# Drafts and dates as they are typed


@require_POST
def draft(request, answerer, pk):
    """Keep what is typed in one line: when that was, or a sentence why not."""
    deliverable = answerer.permit(pk)
    now = timezone.now()
    line = line_of(deliverable, by=answerer.user, on=timezone.localdate(now))
    if line is None:
        return JsonResponse({"problem": "This round has closed. Your words stay on this device."}, status=409)
    answers = {name: value for name, value in (typed_of(request.POST, line) or {}).items() if name != "seen"}
    try:
        save_draft(deliverable, round=line.round, by=answerer.user, at=now, answers=answers)
    except ValueError as problem:
        return JsonResponse({"problem": str(problem)}, status=422)
    return JsonResponse({"saved": f"{timezone.localtime(now):%H:%M}", "at": now.isoformat()})


@require_safe
def words(request, answerer, pk, activity_pk):
    """What we make of a new date while it is being typed."""
    deliverable = answerer.permit(pk)
    line = line_of(deliverable, by=answerer.user, on=timezone.localdate())
    activity = next((each for each in line.activities if each.pk == activity_pk), None) if line else None
    if activity is None:
        raise Http404
    said = reading_of(request.GET.get("words", ""), activity, line.plan)
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


# Evidence


@asks_and_answers
def evidence_add(request, answerer, pk):
    """Add the files and the link of one line at once; what is typed anywhere is kept."""
    if request.method != "POST":
        answerer.permit(pk)
        return redirect(answerer.page)
    lines, only = lines_asked(request, answerer, pk)
    shown = {}
    for line in lines:
        row = ShownLine(line, values=typed_of(request.POST, line) or {})
        if line.pk == pk:
            link = {name: row.values.get(name, "") for name in ("link", "link_label")}
            form = UpdateForm(row.values, line=line)
            form.is_valid()
            take_files(request, answerer, line, row)
            row.errors |= {name: said[0] for name, said in form.errors.items() if name in link}
            if link["link"] and not row.errors:
                take_link(answerer, line, form.cleaned_data)
                row.values |= {"link": "", "link_label": ""}
            if row.errors:
                shown[line.pk] = row
        if row.values:
            keep(answerer, line, row)
    if shown:
        return show(request, answerer, reread(answerer, lines, only), shown=shown, only=only)
    if only is not None:
        return redirect("plans:deliverable-update", pk)
    return redirect(f"{answerer.page}?change={pk}#line-{pk}")


@asks_and_answers
def evidence_remove(request, answerer, pk):
    """Take a piece away, for whoever may answer its line, until the round is closed for good."""
    evidence = Evidence.objects.filter(pk=pk, removed_at=None).exclude(deliverable=None).first()
    if evidence is None:
        raise Http404
    answerer.permit(evidence.deliverable_id)
    if request.method != "POST":
        return redirect(answerer.page)
    lines, only = lines_asked(request, answerer, evidence.deliverable_id)
    for line in lines:
        typed = typed_of(request.POST, line)
        if typed:
            keep(answerer, line, ShownLine(line, values=typed))
    try:
        remove_evidence(evidence, at=timezone.now())
    except RoundClosed:
        messages.error(request, "The round is closed, so its evidence stays as it is.")
    if only is not None:
        return redirect("plans:deliverable-update", only)
    return redirect(f"{answerer.page}?change={evidence.deliverable_id}#line-{evidence.deliverable_id}")


@require_safe
def evidence_file(request, pk):
    """A file to be saved, for the people of the plan's partnerships."""
    evidence = get_permitted(request.user, Evidence, "view", pk=pk)
    if evidence.document is None:
        raise Http404
    return as_attachment(evidence.document.content, evidence.document.filename, "application/octet-stream")


# Milestones


@require_POST
def meet_milestone_view(request, pk):
    """Met today, or not met after all (``undo``)."""
    milestone = get_permitted(request.user, Milestone, "update", pk=pk)
    on = None if "undo" in request.POST else timezone.localdate()
    meet_milestone(milestone, on=on)
    messages.success(request, "Marked as met today." if on else "Marked as not met.")
    return redirect(milestone.activity.deliverable)


patterns = [
    path("updates/", signed_in(updates), name="updates"),
    *doors(signed_in, at="updates/", names="update"),
    path("deliverables/<int:pk>/update/", update_deliverable, name="deliverable-update"),
    path("evidence/<uuid:pk>/", evidence_file, name="evidence-file"),
    path("milestones/<int:pk>/met/", meet_milestone_view, name="milestone-meet"),
]
