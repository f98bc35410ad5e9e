"""Letters to schools that have not answered: the text, on paper as PDF and Word, and by mail."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.models import SchoolLetters, SchoolMail, SchoolSurvey
from assurance.schools.forms import LetterForm
from assurance.schools.letters import (
    DEFAULT_LETTER,
    MOST_SCHOOLS,
    NobodyToWriteTo,
    letter_to,
    mail_letters,
    next_turn,
    request_letters,
    silent,
)
from assurance.tasks import make_letters_soon, send_school_mails_soon
from assurance.views.school_surveys import mails_in_words, survey_crumbs
from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.whole_numbers import whole_number
from plans.documents import WORD

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
def letters(request, pk):
    """The text of the letter, what it looks like for one school, and making it."""
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    form = LetterForm(
        request.POST or None,
        instance=survey,
        initial={"letter": survey.letter or DEFAULT_LETTER},
        cancel_url=survey.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "The letter is saved")
        return redirect("assurance:school-letters", survey.pk)
    to_write = silent(survey)
    first = to_write.first() if survey.sent_on else None
    readers = SchoolMail.Reader
    context = {
        "form": form,
        "survey": survey,
        "silent_count": to_write.count(),
        "with_head": to_write.exclude(school__head_email="").count(),
        "with_chair": to_write.exclude(school__chair_email="").count(),
        "previews": [letter_to(first, reader) for reader in (readers.HEAD, readers.CHAIR)] if first else [],
        "most_schools": MOST_SCHOOLS,
        "turn": next_turn(survey),
        "runs": survey.letter_runs.select_related("requested_by").defer("pdf", "word"),
        "today": timezone.localdate(),
        "crumbs": survey_crumbs(survey, ("Letters", None)),
    }
    return render(request, "assurance/school_letters.html", context, status=form.status)


@require_POST
def letters_make(request, pk):
    """On paper: PDF and Word by a worker. By mail (``mail``): to each reader whose address is known."""
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    now = timezone.now()
    if survey.sent_on is None or survey.closed_on:
        messages.error(request, "Letters go out while a survey is open: this one is not")
        return redirect(survey)
    try:
        if "mail" not in request.POST:
            run = request_letters(survey, by=request.user, at=now)
            make_letters_soon(run)
            return redirect(run)
        turn = whole_number(request.POST.get("turn"), otherwise=0)
        count = mail_letters(survey, turn=turn, by=request.user, at=now)
    except NobodyToWriteTo:
        messages.info(request, "There is nobody to write to: all have answered, or no address is known")
        return redirect("assurance:school-letters", survey.pk)
    send_school_mails_soon()
    messages.success(request, f"{mails_in_words(count)} on the way" if count else "The letters were mailed already")
    return redirect("assurance:school-letters", survey.pk)


@require_safe
def letters_run(request, pk):
    """How far the letters are; htmx asks for the moving part alone until they are done."""
    run = get_permitted(request.user, SchoolLetters, "view", pk=pk)
    trail = survey_crumbs(
        run.survey, ("Letters", reverse("assurance:school-letters", args=[run.survey_id])), ("PDF and Word", None)
    )
    context = {"run": run, "survey": run.survey, "crumbs": trail}
    part = "#progress" if request.htmx else ""
    return render(request, f"assurance/school_letters_run.html{part}", context)


# Field, ending and type of each file of a run.
KINDS = {"pdf": ("pdf", "pdf", "application/pdf"), "word": ("word", "docx", WORD)}


@require_safe
def letters_download(request, pk, kind):
    if kind not in KINDS:
        raise Http404
    run = get_permitted(request.user, SchoolLetters, "view", pk=pk)
    field, ending, content_type = KINDS[kind]
    content = getattr(run, field) if run.is_done else None
    if content is None:
        return redirect(run)
    return as_attachment(content, f"{slugify(run.survey.title)[:60]}-letters-{run.turn}.{ending}", content_type)


patterns = [
    path("schools/surveys/<int:pk>/letters/", letters, name="school-letters"),
    path("schools/surveys/<int:pk>/letters/make/", letters_make, name="school-letters-make"),
    path("schools/letters/<uuid:pk>/", letters_run, name="school-letters-run"),
    path("schools/letters/<uuid:pk>/<str:kind>/", letters_download, name="school-letters-download"),
]
