"""The Panel's letters on a case, and what the group answers."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from partnership.access import get_permitted
from reviews import panel as process
from reviews.cases import IS_CLOSED, LateNeedsReason
from reviews.forms.cases import AnswerLetterForm, LetterForm
from reviews.models import Case, PanelLetter
from reviews.views.cases import not_now, sent_in
from reviews.views.summaries import asks_and_answers, form_page

ADULTS = "The Panel writes about children. A referral of an adult has no letters of it."


@asks_and_answers
def add_letter(request, pk):
    case = get_permitted(request.user, Case, "change", pk=pk)
    refusal = IS_CLOSED if case.closed_on else ADULTS if case.kind == Case.Kind.REFERRAL else ""
    if refusal:
        return not_now(request, case, refusal)
    letter = PanelLetter(case=case, partnership_id=case.partnership_id)
    form = letter_form(request, letter)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("received_on", "view", "words")}
        process.keep_letter(case, points=form.lines, **said)
        messages.success(request, "The letter is kept")
        return redirect(place_of(case))
    return form_page(request, case, form, "A letter of the Panel")


@asks_and_answers
def change_letter(request, pk):
    letter = get_permitted(request.user, PanelLetter, "change", pk=pk)
    if letter.case.closed_on:
        return not_now(request, letter.case, IS_CLOSED)
    form = letter_form(request, letter)
    if request.method == "POST" and form.is_valid():
        process.change_letter(form.instance, points=form.lines)
        messages.success(request, "The letter is kept")
        return redirect(place_of(letter.case))
    return form_page(request, letter.case, form, "A letter of the Panel")


@asks_and_answers
def answer_letter(request, pk):
    letter = get_permitted(request.user, PanelLetter, "change", pk=pk)
    case = letter.case
    if case.closed_on:
        return not_now(request, case, IS_CLOSED)
    form = AnswerLetterForm(sent_in(request), instance=letter, on=timezone.localdate(), cancel_url=place_of(case))
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("answered_on", "late_because")}
        try:
            process.answer_letter(letter, responses=form.responses, **said)
        except LateNeedsReason as late:
            form.add_error("late_because", str(late))
        else:
            messages.success(request, "Your answer is kept" if said["answered_on"] else "Kept, and not sent yet")
            return redirect(place_of(case))
    return form_page(request, case, form, "Answer the Panel")


def letter_form(request, letter):
    return LetterForm(
        sent_in(request),
        instance=letter,
        sent_on=process.sent_on(letter.case),
        on=timezone.localdate(),
        cancel_url=place_of(letter.case),
    )


def place_of(case):
    return f"{case.get_absolute_url()}#panel"


patterns = [
    path("reviews/<uuid:pk>/letters/add/", add_letter, name="letter-add"),
    path("panel-letters/<uuid:pk>/change/", change_letter, name="letter-change"),
    path("panel-letters/<uuid:pk>/answer/", answer_letter, name="letter-answer"),
]
