"""The pages of question sets: what requests are built from."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.models import QuestionSet
from assurance.question_forms import QuestionRows, QuestionSetForm
from assurance.question_lists import QuestionSetFilter, QuestionSetTable
from assurance.question_sets import FIELDS, add_set, change_set, copy_set, offer_again, retire_set
from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.models import Partnership
from partnership.whole_numbers import whole_number

GET_OR_POST = ["GET", "HEAD", "POST"]
IN_USE = Q(questions__retired_on=None)


def crumbs(*more):
    here = ("Question sets", reverse("assurance:question-set-list") if more else None)
    return [("Requests", reverse("assurance:request-list")), here, *more]


class QuestionSetList(RecordList):
    """What a request can be built from: the installation's and one's own partnerships'."""

    table_class, filterset_class = QuestionSetTable, QuestionSetFilter
    template_name = "assurance/question_set_list.html"
    export_name = "question-sets"

    def get_queryset(self):
        sets = QuestionSet.objects.visible_to(self.request.user).select_related("partnership")
        return sets.annotate(question_count=Count("questions", filter=IN_USE)).order_by("title", "pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(crumbs=crumbs(), may_add=may_add(self.request.user), **kwargs)


def may_add(user):
    return bool(user.standing.office_ids) or user.standing.is_administrator


@require_safe
def question_set_detail(request, pk):
    question_set = get_permitted(request.user, QuestionSet, "view", pk=pk)
    offices = Partnership.objects.of_office(request.user).exclude(pk=question_set.partnership_id)
    context = {
        "set": question_set,
        "questions": question_set.questions.filter(retired_on=None),
        "no_longer": question_set.questions.exclude(retired_on=None),
        "may_change": may(request.user, "change", question_set),
        "offices": offices,
        "crumbs": crumbs((question_set.title, None)),
    }
    return render(request, "assurance/question_set_detail.html", context)


@require_http_methods(GET_OR_POST)
def add(request):
    """A set of one's own; an administrator's may be everybody's."""
    if not may_add(request.user):
        raise PermissionDenied
    return edit(request, None)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    return edit(request, get_permitted(request.user, QuestionSet, "change", pk=pk))


def edit(request, question_set):
    """The page on which a set is written, with room for more questions."""
    data = request.POST if request.method == "POST" else None
    form = QuestionSetForm(data, instance=question_set, user=request.user)
    there = question_set.questions.filter(retired_on=None).values("pk", *FIELDS) if question_set else []
    rows = QuestionRows(data, questions=there)
    status = form.status
    if data is not None:
        is_valid = [form.is_valid(), rows.is_valid()]
        if all(is_valid):
            try:
                kept = save(form, rows, question_set)
            except ValidationError as problem:
                form.add_error(None, problem)
            else:
                messages.success(request, f"Saved “{kept}”. Requests that were sent keep the questions they had")
                return redirect("assurance:question-set-change", kept.pk) if "more" in data else redirect(kept)
        if rows.problem:
            form.add_error(None, rows.problem)
        status = 409 if rows.has_conflict or form.has_conflict else 422
    context = {
        "set": question_set,
        "form": form,
        "rows": rows,
        "crumbs": crumbs((question_set.title if question_set else "A set of questions", None)),
    }
    return render(request, "assurance/question_set_form.html", context, status=status)


def save(form, rows, question_set):
    words = {name: form.cleaned_data[name] for name in ("title", "about", "source")}
    if question_set:
        return change_set(question_set, **words, questions=rows.values(), on=timezone.localdate())
    kept, _is_new = add_set(partnership=form.instance.partnership, **words, questions=rows.values())
    return kept


@require_POST
def copy(request, pk):
    """The partnership's own copy, to be changed."""
    question_set = get_permitted(request.user, QuestionSet, "view", pk=pk)
    offices = Partnership.objects.of_office(request.user)
    if not offices:
        raise PermissionDenied
    asked = request.POST.get("partnership", "")
    partnership = get_object_or_404(offices, pk=whole_number(asked)) if asked else offices[0]
    own, is_new = copy_set(question_set, partnership=partnership)
    messages.success(request, "Here is your own copy to change" if is_new else "Your partnership has its own already")
    return redirect("assurance:question-set-change", own.pk)


@require_POST
def retire(request, pk):
    """Offer it no more, or again."""
    question_set = get_permitted(request.user, QuestionSet, "change", pk=pk)
    if request.POST.get("again"):
        offer_again(question_set)
        messages.success(request, f"“{question_set}” is offered again")
    else:
        retire_set(question_set, on=timezone.localdate())
        messages.success(request, f"“{question_set}” is no longer offered. What was asked from it stays")
    return redirect(question_set)


patterns = [
    path("question-sets/", QuestionSetList.as_view(), name="question-set-list"),
    path("question-sets/add/", add, name="question-set-add"),
    path("question-sets/<int:pk>/", question_set_detail, name="question-set-detail"),
    path("question-sets/<int:pk>/change/", change, name="question-set-change"),
    path("question-sets/<int:pk>/copy/", copy, name="question-set-copy"),
    path("question-sets/<int:pk>/retire/", retire, name="question-set-retire"),
]
