"""Evaluations: questionnaires by signed link, figures for members, words for whoever runs the training."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from tablib import Dataset

from partnership.access import get_permitted, may
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import RecordList, as_workbook
from training import links
from training.evaluation.asking import (
    State,
    answer,
    answer_as_manager,
    figures_by_event,
    figures_of,
    manager_closes_on,
    state_of,
    state_of_manager,
)
from training.evaluation.charts import drawings_of, in_words
from training.evaluation.figures import added_up
from training.evaluation.forms import ManagerForm, SummaryForm, form_for
from training.evaluation.lists import EvaluationFilter, EvaluationTable, headings_in_full, row_in_full
from training.evaluation.words import has_words, new_count, words_of
from training.models import Evaluation, EvaluationSummary, Event
from training.views.by_link import by_link
from training.views.pages import GET_OR_POST

LIST, DETAIL, WORDS = "training:evaluation-list", "training:evaluation-detail", "training:evaluation-words"
Stage = Evaluation.Stage


# By signed link


@sensitive_post_parameters()
@csrf_exempt  # nobody is signed in here, and whoever has no cookies may answer too; the link says what it is for
@by_link(links.EVALUATION)
@require_http_methods(GET_OR_POST)
def evaluation_open(request, evaluation, token):
    """One person's questionnaire. The first answer stands, and nothing of it is shown again."""
    now = timezone.now()
    event = evaluation.place.event
    context = {"evaluation": evaluation, "event": event, "course": event.course, "until": evaluation.closes_on}
    state = state_of(evaluation, at=now)
    form = form_for(evaluation, request.POST if request.method == "POST" else None)
    if state == State.OPEN and request.method == "POST" and form.is_valid():
        state = answer(evaluation, at=now, **form.answers)
        if state == State.OPEN:
            return render(request, "training/evaluation_thanks.html", context)
    return show_questions(request, "training/evaluation_open.html", form, state, context)


@sensitive_post_parameters()
@csrf_exempt  # as above
@by_link(links.EVALUATION_MANAGER)
@require_http_methods(GET_OR_POST)
def evaluation_manager_open(request, evaluation, token):
    """A manager's two questions. They read what the practitioner wrote only where both answered together."""
    now = timezone.now()
    event = evaluation.place.event
    context = {
        "evaluation": evaluation,
        "event": event,
        "course": event.course,
        "person": evaluation.place.person,
        "until": manager_closes_on(evaluation),
    }
    state = state_of_manager(evaluation, at=now)
    form = ManagerForm(request.POST if request.method == "POST" else None)
    if state == State.OPEN and request.method == "POST" and form.is_valid():
        state = answer_as_manager(evaluation, at=now, **form.cleaned_data)
        if state == State.OPEN:
            return render(request, "training/evaluation_thanks.html", context)
    return show_questions(request, "training/evaluation_manager_open.html", form, state, context)


def show_questions(request, template, form, state, context):
    """The form, or why there is none: with what was typed meanwhile, to be copied."""
    if state == State.OPEN:
        return render(request, template, context | {"form": form}, status=form.status)
    typed = []
    if request.method == "POST" and state != State.ANSWERED:
        typed = [request.POST.get(name, "").strip() for name in ("words", "hindered")]
    context |= {"state": state.value, "typed": list(filter(None, typed))}
    status = 200 if state == State.ANSWERED else 404
    return render(request, "training/evaluation_over.html", context, status=status)


# What they say


class EvaluationList(RecordList):
    """Every event that somebody was asked about, under what is told of all of them together and of each course."""

    table_class, filterset_class = EvaluationTable, EvaluationFilter
    template_name = "training/evaluation_list.html"
    export_name = "evaluations"

    def get_queryset(self):
        visible = Event.objects.visible_to(self.request.user)
        asked = Evaluation.objects.values("place__event")
        found = Event.objects.filter(pk__in=visible.values("pk")).filter(pk__in=asked)
        return found.select_related("course").order_by("-starts_at", "-pk")

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        self.events = list(self.object_list)
        self.figures = table.figures = figures_by_event(self.events, on=timezone.localdate())
        return table

    def by_course(self):
        """[(Course, its events' Figures added up)] by title."""
        events_of = {}
        for event in self.events:
            events_of.setdefault(event.course, []).append(self.figures[event.pk])
        courses = sorted(events_of, key=lambda course: (course.title.casefold(), course.pk))
        return [(course, added_up(events_of[course])) for course in courses]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(crumbs=crumbs(), **kwargs)
        figures = added_up(self.figures.values())
        return context | {
            "figures": figures,
            "sentences": in_words(figures),
            "drawings": drawings_of(figures),
            "courses": self.by_course(),
        }

    def create_export(self, export_format):
        """Excel holds every figure, of courses and of events; CSV the list as it stands."""
        if export_format != "xlsx":
            return super().create_export(export_format)
        self.get_table()
        courses = Dataset(title="By course", headers=["Course", "Events", *headings_in_full()])
        for course, figures in self.by_course():
            courses.append([course.title, figures.event_count, *row_in_full(figures)])
        events = Dataset(title="By event", headers=["Course", "Held", *headings_in_full()])
        for event in self.events:
            held_on = timezone.localdate(event.starts_at)
            events.append([event.course.title, held_on, *row_in_full(self.figures[event.pk])])
        return as_attachment(as_workbook(courses, events), "evaluations.xlsx", EXCEL)


@require_safe
def evaluation_detail(request, pk):
    """One event: figures, and what was put together of the words. Nobody's own answer."""
    event = get_permitted(request.user, Event, "view", pk=pk)
    told = told_of(event, on=timezone.localdate())
    context = told | {
        "event": event,
        "drawings": drawings_of(told["figures"]),
        "may_change": may(request.user, "change", event),
        "crumbs": crumbs((str(event), None)),
    }
    return render(request, "training/evaluation_detail.html", context)


def told_of(event, *, on):
    """What an event's pages tell of its evaluation: ``figures``, ``sentences``, and ``stages`` with their summaries."""
    figures = figures_of(event, on=on)
    summaries = {each.stage: each for each in event.summaries.select_related("written_by")}
    stages = [
        {"figures": each, "summary": summaries.get(each.stage), "has_words": has_words(each, figures)}
        for each in figures.stages
    ]
    return {"figures": figures, "sentences": in_words(figures), "stages": stages}


@require_http_methods(GET_OR_POST)
def evaluation_words(request, pk, stage):
    """The words of one stage for whoever runs the training, and the summary that they make of them."""
    event = get_permitted(request.user, Event, "change", pk=pk)
    if stage not in Stage.values:
        raise Http404
    is_post = request.method == "POST"
    if is_post:
        Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)  # one first summary
    figures = figures_of(event, on=timezone.localdate())
    words = words_of(event, Stage(stage), figures)
    summary = event.summaries.filter(stage=stage).first()
    url = reverse(DETAIL, args=[event.pk])
    form = None
    if words:
        instance = summary or EvaluationSummary(event=event, stage=stage)
        form = SummaryForm(request.POST if is_post else None, instance=instance, cancel_url=url)
    if form and form.is_valid():
        written = form.save(commit=False)
        written.answer_count, written.written_by, written.written_at = words.answer_count, request.user, timezone.now()
        written.save()
        messages.success(request, "Saved the summary. Members read it with the figures")
        return redirect(url)
    context = {
        "event": event,
        "stage": Stage(stage).label,
        "words": words,
        "form": form,
        "summary": summary,
        "new_count": new_count(summary, words),
        "fewest": figures.fewest,
        "crumbs": crumbs((str(event), url), (Stage(stage).label, None)),
    }
    return render(request, "training/evaluation_words.html", context, status=form.status if form else 200)


def crumbs(*more):
    here = ("Evaluation", reverse(LIST) if more else None)
    return [("Training", reverse("training:event-list")), here, *more]


patterns = [
    path("training/evaluation/", EvaluationList.as_view(), name="evaluation-list"),
    path("training/<int:pk>/evaluation/", evaluation_detail, name="evaluation-detail"),
    path("training/<int:pk>/evaluation/<slug:stage>/", evaluation_words, name="evaluation-words"),
    path("t/evaluation/<str:token>/", evaluation_open, name="evaluation-open"),
    path("t/evaluation-manager/<str:token>/", evaluation_manager_open, name="evaluation-manager-open"),
]
