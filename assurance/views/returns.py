"""Returns: what one's own organisation was asked, answered by several people, signed off and submitted."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.joining import CannotJoin, join, offers_of, part
from assurance.lists import ReturnFilter, ReturnTable
from assurance.models import Improvement, Return, ReturnCopy, ReturnEvidence, Standard
from assurance.return_evidence import add_files, add_link, remove_evidence
from assurance.return_forms import (
    TO_DO,
    WORDS,
    AnswerForm,
    AssessmentForm,
    DoneForm,
    LinkForm,
    SendBackForm,
    SignedForm,
    SignerForm,
    ToDoForm,
    is_touched,
    repeated,
    seen_of,
    shown,
    typed_of,
)
from assurance.return_sheet import content_of, line_of, read_sheet, say_last, whose
from assurance.return_state import AlreadySubmitted, NoLongerOpen, takes_answers
from assurance.returns import (
    ChangedMeanwhile,
    HasGaps,
    SavedMeanwhile,
    add_improvement,
    ask_to_sign,
    colleagues,
    drop_improvement,
    finish_improvement,
    save_answer,
    save_assessment,
    send_back,
    submit_return,
)
from assurance.schools.figures import figures_beside
from assurance.scrutiny import responses_of
from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.models import PostHolding
from partnership.standing import standing_of

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
SUBMITTED = "This return is submitted, so it can no longer be changed"
CLOSED = "This request is closed, so nothing more can be saved. Ask the business office for more time"
TAKEN = "You have written something here. Empty the box first to take what you said last time"


class ReturnList(RecordList):
    """One's own organisation's returns; for the office, who has submitted, and no draft's words."""

    table_class, filterset_class = ReturnTable, ReturnFilter
    template_name = "assurance/return_list.html"
    export_name = "returns"

    def get_queryset(self):
        return (
            Return.objects.followed_by(self.request.user)
            .select_related("request", "organisation")
            .prefetch_related("request__partnerships")
            .order_by("-request__due_on", "request__title", "organisation__name", "pk")
        )

    def get_context_data(self, **kwargs):
        standing, today = self.request.user.standing, timezone.localdate()
        mine = Return.objects.of_organisations(standing.organisation_ids).asked(on=today)
        mine = mine.with_answer_counts().select_related("request", "organisation", "signer", "answered_in")
        return super().get_context_data(
            mine=together(mine),
            is_followed=bool(standing.wide_ids),
            today=today,
            **kwargs,
        )


def together(returns):
    """``returns`` in their order, each with those that are answered in it (``together``) and not by themselves."""
    by_key = {record.pk: record for record in returns}
    for record in by_key.values():
        record.together = []
    for record in by_key.values():
        if is_joined(record) and record.answered_in_id in by_key:
            by_key[record.answered_in_id].together.append(record)
    return [record for record in by_key.values() if not (is_joined(record) and record.answered_in_id in by_key)]


# Reading


@require_safe
def return_detail(request, pk):
    """What was submitted; of one's own organisation the draft too."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    today = timezone.localdate()
    sheet = read_sheet(record, with_joined=False)
    is_own = record.organisation_id in standing_of(request.user).organisation_ids
    context = {
        "record": record,
        "crumbs": crumbs(record),
        "sheet": sheet,
        "content": content_of(sheet),
        "files": {str(each.pk) for line in sheet.lines for each in line.evidence},
        "is_own": is_own,
        "is_open": is_own and takes_answers(record, on=today),
        "holder": record.answered_in if is_joined(record) else None,
        "improvements": [each for line in sheet.lines for each in line.improvements],
        "copies": ReturnCopy.objects.visible_to(request.user).filter(record=record).select_related("partnership"),
        "responses": responses_of(record, request.user),
        "today": today,
        "may_change": may(request.user, "change", record) and takes_answers(record, on=today),
    }
    return render(request, "assurance/return_detail.html", context)


@require_safe
def return_copy(request, pk):
    """What one partnership was given, as it was given."""
    copy = get_permitted(request.user, ReturnCopy, "view", pk=pk)
    there = ReturnEvidence.objects.visible_to(request.user).filter(record=copy.record_id)
    context = {
        "copy": copy,
        "record": copy.record,
        "content": copy.content,
        "files": {str(each) for each in there.values_list("pk", flat=True)},
        "crumbs": [("Returns", reverse("assurance:return-list")), (str(copy.record.request), None)],
    }
    return render(request, "assurance/return_copy.html", context)


@require_safe
def evidence_file(request, pk):
    """A file to be saved, for whoever may read the return."""
    evidence = get_permitted(request.user, ReturnEvidence, "view", pk=pk)
    if evidence.document is None:
        raise Http404
    return as_attachment(evidence.document.content, evidence.document.filename, "application/octet-stream")


# Answering


@asks_and_answers
def answer_return(request, pk):
    """The page on which an organisation answers. Each answer is saved as it is typed; “Save” saves all of the page."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    elsewhere = why_elsewhere(request, record)
    if elsewhere is not None:
        return elsewhere
    may_or_refuse(request.user, "change", record)
    if request.method == "POST":
        return save_page(request, record)
    return show_page(request, read_sheet(record))


def why_elsewhere(request, record):
    """Where whoever opens or sends this page goes instead: it is submitted, closed, or answered in another."""
    if record.organisation_id not in standing_of(request.user).organisation_ids:
        return None
    if is_joined(record):
        return redirect("assurance:return-change", record.answered_in_id)
    if takes_answers(record, on=timezone.localdate()):
        return None
    if request.method == "POST" and not record.withdrawn_at:
        return not_saved(request, record)
    messages.info(request, SUBMITTED if record.submitted_at else CLOSED)
    return redirect(record)


def is_joined(record):
    """Whether it is answered in another return at this moment: once either is submitted, each stands by itself."""
    return record.answered_in_id is not None and record.submitted_at is None and record.answered_in.submitted_at is None


def not_saved(request, record):
    """It was submitted or closed meanwhile: say so, and show what was typed, to be copied out."""
    sheet = read_sheet(record, with_last=False)
    typed = []
    for line in sheet.lines:
        values = typed_of(request.POST, line)
        words = [values[name] for name in [*WORDS[line.kind], *TO_DO] if values.get(name)]
        if values and is_touched(line, values):
            typed.append((line, words))
    if not typed:
        messages.info(request, SUBMITTED if record.submitted_at else CLOSED)
        return redirect(record)
    context = {
        "record": record,
        "crumbs": crumbs(record),
        "said": SUBMITTED if record.submitted_at else CLOSED,
        "typed": typed,
    }
    return render(request, "assurance/return_not_saved.html", context, status=HTTPStatus.CONFLICT)


def show_page(request, sheet, rows=None):
    """The page, of a long return one section. ``rows``: {line's key: ShownLine} of those that were typed just now."""
    rows = rows or {}
    today = timezone.localdate()
    sections = sections_shown(request, sheet)
    problems = [problem for row in rows.values() for problem in row.problems]
    has_conflict = any(row.other for row in rows.values())
    numbers = [section.number for section in sections]
    context = {
        "sheet": sheet,
        "record": sheet.record,
        "crumbs": crumbs(sheet.record),
        "sections": [(section, [rows.get(line.key) or shown(line) for line in section.lines]) for section in sections],
        "is_part": len(sections) < len(sheet.sections),
        "here": numbers[0] if len(numbers) == 1 else 0,
        "next": next((each for each in sheet.sections if numbers and each.number == numbers[-1] + 1), None),
        "elsewhere_answered": sum(each.answered_count for each in sheet.sections if each not in sections),
        "gaps": [(line, place_of(sheet, line)) for line in sheet.gaps],
        "joined": [(each, whose(each)) for each in sheet.joined],
        "offers": [] if sheet.record.answered_in_id else offers_of(sheet, on=today),
        "figures": figures_beside(sheet.record.request, questions_of(sheet)),
        "problems": problems,
        "today": today,
    }
    status = HTTPStatus.CONFLICT if has_conflict else HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "assurance/return_change.html", context, status=status)


def questions_of(sheet):
    return [line.row for section in sheet.sections for line in section.lines if line.is_question]


def sections_shown(request, sheet):
    """The section that the address names; without one all of a short return, and the first of a long one."""
    wanted = request.GET.get("section", "")
    if wanted == "all" or not sheet.is_long and not wanted:
        return sheet.sections
    named = [section for section in sheet.sections if str(section.number) == wanted]
    return named or sheet.sections[:1]


def place_of(sheet, line):
    """The address at which a line is answered."""
    number = next(section.number for section in sheet.sections if line in section.lines)
    page = reverse("assurance:return-change", args=[sheet.record.pk])
    return f"{page}{f'?section={number}' if sheet.is_long else ''}#line-{line.key}"


def save_page(request, record):
    """Save everything on the page: words, scores, files, links, what will be done. What cannot be saved stays."""
    now = timezone.now()
    sheet = read_sheet(record)
    rows = {}
    try:
        remove_what_is_pressed(request, sheet, now)
        for line in sheet.lines:
            values = typed_of(request.POST, line)
            if values:
                row = shown(line, values=values)
                keep_line(request, row, values, now)
                if row.errors or row.other:
                    rows[line.key] = row
    except (AlreadySubmitted, NoLongerOpen):
        return not_saved(request, Return.objects.get(pk=record.pk))
    if rows:
        fresh = read_sheet(record)
        for row in rows.values():
            row.line = fresh.line(row.key) or row.line
        return show_page(request, fresh, rows)
    if "later" in request.POST:
        messages.success(request, "Saved. Only your own organisation can read it")
        return redirect("assurance:return-list")
    return redirect(next_address(request, sheet))


def next_address(request, sheet):
    """The page again, at the line whose button was pressed; “Save and go on” leads to the next section."""
    page = reverse("assurance:return-change", args=[sheet.record.pk])
    section, goes_to = request.GET.get("section", ""), request.POST.get("go", "") or pressed(request)
    if "sign" in request.POST:
        return reverse("assurance:return-sign-off", args=[sheet.record.pk])
    if request.POST.get("next", "").isdecimal():
        section = request.POST["next"]
    elif not goes_to:
        messages.success(request, "Saved. Only your own organisation can read it")
    query = f"?section={section}" if section.isdecimal() or section == "all" else ""
    return f"{page}{query}{f'#line-{goes_to}' if goes_to and sheet.line(goes_to) else ''}"


def pressed(request):
    return request.POST.get("still", "") or request.POST.get("theirs", "")


def remove_what_is_pressed(request, sheet, now):
    """Take away a piece of evidence or a thing to do whose button was pressed; one of another return is none."""
    evidence, dropped = request.POST.get("remove", ""), request.POST.get("drop", "")
    for line in sheet.lines:
        for each in line.evidence:
            if str(each.pk) == evidence:
                remove_evidence(each, at=now)
                line.evidence.remove(each)
                return
        for each in line.improvements:
            if str(each.pk) == dropped:
                drop_improvement(each, at=now)
                return


def keep_line(request, row, values, now):
    """Save what was typed in one line, each part by itself. ``row`` says what could not be."""
    line, by = row.line, request.user
    if request.POST.get("theirs") == line.key:
        row.values |= shown(line).values
    elif request.POST.get("still") == line.key:
        keep_still_true(row, values, by, now)
    elif is_touched(line, values):
        keep_words(row, values, by, now)
    files = request.FILES.getlist(f"{line.key}-files")
    if files:
        problems = add_files(line, files, by=by, at=now)
        if problems:
            row.errors["files"] = ". ".join(problems)
    keep_link(row, values, by, now)
    keep_to_do(row, values, by, now)


def keep_words(row, values, by, now):
    line = row.line
    form = (AnswerForm if line.is_question else AssessmentForm)(values, line=line)
    if not form.is_valid():
        row.errors |= {name: said[0] for name, said in form.errors.items()}
    else:
        keep(row, form.said, seen_of(values)[0], by, now)


def keep_still_true(row, values, by, now):
    line = row.line
    if line.last is None or not repeated(line):
        return
    if any(values.get(name) for name in WORDS[line.kind]):
        row.errors[WORDS[line.kind][0]] = TAKEN
        return
    keep(row, repeated(line), seen_of(values)[0], by, now, is_still_true=True)


def keep(row, said, seen, by, now, *, is_still_true=False):
    """Save through the command of its kind. A colleague's words that stand meanwhile go to ``row.other``."""
    line = row.line
    command = save_answer if line.is_question else save_assessment
    try:
        line.saved = command(line.record, line.row, seen=seen, by=by, at=now, is_still_true=is_still_true, **said)
    except SavedMeanwhile as meanwhile:
        row.other = line.saved = meanwhile.row
        row.errors[""] = f"{line.title}: {meanwhile}"


def keep_link(row, values, by, now):
    if not values.get("link"):
        return
    form = LinkForm(values)
    if form.is_valid():
        cleaned = form.cleaned_data
        add_link(row.line, cleaned["link"], label=cleaned["label"], by=by, at=now)
        row.values |= {"link": "", "label": ""}
    else:
        row.errors |= {name: said[0] for name, said in form.errors.items()}


def keep_to_do(row, values, by, now):
    if row.line.is_question or not any(values.get(name) for name in TO_DO):
        return
    form = ToDoForm(values)
    if form.is_valid():
        add_improvement(row.line.record, row.line.row, by=by, at=now, **form.said)
        row.values |= dict.fromkeys(TO_DO, "")
    else:
        row.errors |= {name: said[0] for name, said in form.errors.items()}


# One answer, as it is typed


@require_POST
def answer_save(request, pk, question_pk):
    """Save one answer: its new version, or a sentence why not."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    question = get_object_or_404(record.request.questions, pk=question_pk)
    return save_one(request, record, line_of(record, question=question))


@require_POST
def assessment_save(request, pk, standard_pk):
    """Save what is said for one standard, as ``answer_save``."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    standards = Standard.objects.filter(standard_set=record.request.standards_id).select_related("standard_set__scale")
    return save_one(request, record, line_of(record, standard=get_object_or_404(standards, pk=standard_pk)))


def save_one(request, record, line):
    now = timezone.now()
    is_own = record.organisation_id in standing_of(request.user).organisation_ids
    if is_own and not takes_answers(record, on=timezone.localdate(now)):
        return refused(SUBMITTED if record.submitted_at else CLOSED)
    may_or_refuse(request.user, "change", record)
    values = typed_of(request.POST, line)
    row = shown(line, values=values)
    is_still_true = "still" in request.POST
    if is_still_true:
        say_last([line], record)
    try:
        (keep_still_true if is_still_true else keep_words)(row, values, request.user, now)
    except AlreadySubmitted:
        return refused(SUBMITTED)
    except NoLongerOpen:
        return refused(CLOSED)
    if row.other:
        words = {"by": str(row.other.updated_by), "theirs": row.other_words, "values": shown(line).values}
        return JsonResponse({"problem": row.errors[""], "seen": line.seen, **words}, status=HTTPStatus.CONFLICT)
    if row.errors:
        name, said = next(iter(row.errors.items()))
        return JsonResponse({"problem": said, "field": name}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    at = timezone.localtime(now)
    return JsonResponse({"saved": f"{at:%H:%M}", "seen": line.seen, "values": shown(line).values})


def refused(said):
    return JsonResponse({"problem": f"{said}. Your words are kept on this device.", "is_over": True}, status=409)


# Answered together


@require_POST
def join_return(request, pk):
    """Answer another return of the same organisation here too."""
    record = get_permitted(request.user, Return, "change", pk=pk)
    other = get_permitted(request.user, Return, "change", pk=chosen(request.POST.get("other", "")))
    try:
        differing = join(record, other, by=request.user, at=timezone.now())
    except (CannotJoin, AlreadySubmitted, NoLongerOpen):
        messages.error(request, "These two can’t be answered together any more. Nothing was changed.")
    else:
        said = f"What {whose(other)} asks is answered here too from now on. Each partnership gets its own copy."
        if differing:
            named = "; ".join(line.title for line in differing)
            said += f" You had answered both: {named}. There both answers stand one after the other."
        messages.success(request, said)
    return redirect("assurance:return-change", record.pk)


def chosen(typed):
    """The key of a return out of a form; of none where it is no key."""
    try:
        return UUID(typed)
    except ValueError:
        raise Http404 from None


@require_POST
def part_return(request, pk):
    """Answer a return by itself again, with all that was written to its questions."""
    other = get_permitted(request.user, Return, "change", pk=pk)
    if not is_joined(other):
        return redirect("assurance:return-change", other.pk)
    holder = other.answered_in_id
    try:
        part(other, at=timezone.now())
    except (AlreadySubmitted, NoLongerOpen):
        messages.error(request, "It can’t be answered by itself any more. Nothing was changed.")
    else:
        messages.success(request, f"What {whose(other)} asks is answered by itself again, with what you wrote so far.")
    return redirect("assurance:return-change", holder)


# Signing off


@asks_and_answers
def sign_off(request, pk):
    """Everything on one page, for who signs it off and for who asks them."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    elsewhere = why_elsewhere(request, record)
    if elsewhere is not None:
        return elsewhere
    may_or_refuse(request.user, "change", record)
    today = timezone.localdate()
    action = request.POST.get("action", "")
    forms = {
        "ask": SignerForm(request.POST if action == "ask" else None, colleagues=colleagues(record, on=today)),
        "submit": SignedForm(request.POST if action == "submit" else None),
        "back": SendBackForm(request.POST if action == "back" else None),
    }
    if action == "sign":
        may_or_refuse(request.user, "sign", record)
        return finish(request, record, forms, lambda: submit(request, record, signature_of(request.user, record)))
    if action == "back":
        may_or_refuse(request.user, "sign", record)
    if action in forms and forms[action].is_valid():
        cleaned = forms[action].cleaned_data
        commands = {
            "ask": lambda: ask(request, record, cleaned["signer"]),
            "submit": lambda: submit(request, record, cleaned["signed_off_by"]),
            "back": lambda: give_back(request, record, cleaned["note"]),
        }
        return finish(request, record, forms, commands[action])
    status = forms[action].status if action in forms else HTTPStatus.OK
    return show_sign_off(request, record, forms, status=status)


def finish(request, record, forms, command):
    """Carry out what was pressed; where it cannot be, the page again with what is missing or what changed."""
    try:
        return command()
    except HasGaps:
        return show_sign_off(request, record, forms, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except ChangedMeanwhile as meanwhile:
        return show_sign_off(request, record, forms, changed=meanwhile.lines, status=HTTPStatus.CONFLICT)
    except (AlreadySubmitted, NoLongerOpen):
        return why_elsewhere(request, Return.objects.get(pk=record.pk))


def show_sign_off(request, record, forms, *, changed=(), status):
    sheet = read_sheet(record)
    context = {
        "record": record,
        "sheet": sheet,
        "crumbs": [*crumbs(record)[:1], (str(record.request), record_page(record)), ("Sign off", None)],
        "content": content_of(sheet),
        "files": {str(each.pk) for line in sheet.lines for each in line.evidence},
        "gaps": [(line, place_of(sheet, line)) for line in sheet.gaps],
        "joined": [(each, whose(each)) for each in sheet.joined],
        "changed": [(line, place_of(sheet, line)) for line in changed],
        "seen": signing.dumps(sheet.marks, compress=True),
        "is_signer": may(request.user, "sign", record) and record.sign_off_asked_at is not None,
        "forms": forms,
        "is_mended": status != HTTPStatus.OK,
        "problems": problems_of(forms, sheet if status == HTTPStatus.UNPROCESSABLE_ENTITY else None),
    }
    return render(request, "assurance/return_sign_off.html", context, status=status)


def problems_of(forms, sheet):
    """[(sentence, where it leads)] for the summary of errors."""
    found = [(said[0], f"id_{name}") for form in forms.values() for name, said in form.errors.items()]
    if sheet is None or found:
        return found
    return [(line.missing, "gaps") for line in sheet.gaps]


def record_page(record):
    return reverse("assurance:return-change", args=[record.pk])


def seen_marks(request):
    try:
        return signing.loads(request.POST.get("seen", ""))
    except signing.BadSignature:
        return {}


def signature_of(user, record):
    """The name and the post by which somebody of the organisation signs."""
    held = PostHolding.objects.current(on=timezone.localdate()).filter(user=user, post__organisation__isnull=False)
    posts = {holding.post.organisation_id: holding.post.title for holding in held.select_related("post")}
    title = posts.get(record.organisation_id) or next(iter(posts.values()), "")
    return f"{user.name}, {title}"[:160] if title else user.name


def ask(request, record, signer):
    ask_to_sign(record, signer=signer, by=request.user, at=timezone.now())
    messages.success(request, f"{signer} is asked to sign it off. It stands among their work with its date.")
    return redirect("assurance:return-sign-off", record.pk)


def give_back(request, record, note):
    send_back(record, note=note, at=timezone.now())
    messages.success(request, "Sent back to your colleagues with what should be changed.")
    return redirect("assurance:return-list")


def submit(request, record, signed_off_by):
    submit_return(record, signed_off_by=signed_off_by, by=request.user, at=timezone.now(), seen=seen_marks(request))
    messages.success(request, "Return submitted. It can be read here and no longer changed")
    return redirect(record)


# What will be better, after it was submitted


@asks_and_answers
def improvement_done(request, pk):
    """Somebody of the organisation says that what it promised is done, and what came of it."""
    mine = Return.objects.of_organisations(standing_of(request.user).organisation_ids)
    rows = Improvement.objects.filter(assessment__record__in=mine, done_on=None)
    improvement = get_object_or_404(rows.select_related("assessment__standard", "assessment__record"), pk=pk)
    record = improvement.assessment.record
    form = DoneForm(request.POST or None, cancel_url=record.get_absolute_url())
    if form.is_valid():
        finish_improvement(improvement, outcome=form.cleaned_data["outcome"], on=timezone.localdate())
        messages.success(request, "Marked as done, with what came of it.")
        return redirect(f"{record.get_absolute_url()}#improvements")
    context = {"improvement": improvement, "record": record, "form": form, "crumbs": crumbs(record)}
    return render(request, "assurance/improvement_done.html", context, status=form.status)


def crumbs(record):
    return [("Returns", reverse("assurance:return-list")), (str(record.request), None)]


patterns = [
    path("returns/", ReturnList.as_view(), name="return-list"),
    path("returns/<uuid:pk>/", return_detail, name="return-detail"),
    path("returns/<uuid:pk>/answer/", answer_return, name="return-change"),
    path("returns/<uuid:pk>/questions/<int:question_pk>/", answer_save, name="answer-save"),
    path("returns/<uuid:pk>/standards/<int:standard_pk>/", assessment_save, name="assessment-save"),
    path("returns/<uuid:pk>/join/", join_return, name="return-join"),
    path("returns/<uuid:pk>/part/", part_return, name="return-part"),
    path("returns/<uuid:pk>/sign-off/", sign_off, name="return-sign-off"),
    path("returns/copies/<uuid:pk>/", return_copy, name="return-copy"),
    path("returns/evidence/<uuid:pk>/", evidence_file, name="evidence-file"),
    path("returns/improvements/<int:pk>/done/", improvement_done, name="improvement-done"),
]
