"""The practitioner survey: the office's pages, and the one that a signed link opens without an account."""

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.heat_map_cells import Cells
from assurance.models import PractitionerSurvey
from assurance.practitioner_forms import ReplyForm, RequestChoiceForm, SurveyChangeForm, SurveyForm, requests_of
from assurance.practitioners import (
    FEWEST_REPLIES,
    address_of,
    end_links,
    findings_of,
    invitation_of,
    is_closed,
    is_open,
    keep_reply,
    make_survey,
    mark_given,
    press_of,
    totals_of,
)
from partnership.access import get_permitted, may
from partnership.lists import DayColumn, RecordFilter, RecordList, RecordTable, own_partnerships
from partnership.throttling import is_too_often
from partnership.whole_numbers import whole_number
from plans.link_views import private

GET_OR_POST = ["GET", "HEAD", "POST"]
# From one address in ten minutes. A hospital's practitioners share one.
BAD_LINKS, REPLIES = 60, 200


class SurveyTable(RecordTable):
    caption = "Practitioner surveys"
    title = tables.Column("Survey", linkify=True)
    request = tables.Column("Beside", order_by="request__title")
    partnership = tables.Column("For", accessor="partnership__short_name")
    opens_on = DayColumn("Opens")
    closes_on = DayColumn("Closes")


class SurveyFilter(RecordFilter):
    search_fields = ("title", "request__title")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )


class SurveyList(RecordList):
    """Surveys of partnerships whose office or advisor one is."""

    table_class, filterset_class = SurveyTable, SurveyFilter
    template_name = "assurance/practitioner_survey_list.html"
    export_name = "practitioner-surveys"

    def get_queryset(self):
        surveys = PractitionerSurvey.objects.visible_to(self.request.user)
        return surveys.select_related("request", "partnership").order_by("-opens_on", "-pk")

    def get_context_data(self, **kwargs):
        may_add = bool(self.request.user.standing.office_ids)
        return super().get_context_data(crumbs=crumbs(), may_add=may_add, **kwargs)


@require_http_methods(GET_OR_POST)
def add(request):
    """First which request, in the address; then what is asked, standard by standard."""
    if not request.user.standing.office_ids:
        raise PermissionDenied
    asked = requests_of(request.user).filter(pk=whole_number(request.GET.get("request"))).first()
    if asked is None:
        choice = RequestChoiceForm(user=request.user)
        context = {"choice": choice, "crumbs": crumbs(("A new survey", None))}
        status = 422 if request.method == "POST" else 200
        return render(request, "assurance/practitioner_survey_choose.html", context, status=status)
    form = SurveyForm(
        request.POST if request.method == "POST" else None,
        asked=asked,
        user=request.user,
        initial={"opens_on": timezone.localdate()},
        cancel_url=reverse("assurance:practitioner-survey-list"),
    )
    if form.is_valid():
        survey, is_new = make_survey(asked, **form.values)
        said = "Made the survey. Hand each organisation its link" if is_new else "This survey is there already"
        messages.success(request, said)
        return redirect(survey)
    context = {"form": form, "asked": asked, "crumbs": crumbs(("A new survey", None))}
    return render(request, "assurance/practitioner_survey_form.html", context, status=form.status)


@require_safe
def detail(request, pk):
    """Links and how many replied while it runs; what they said, beside the self scores, once it is closed."""
    survey = seen(request.user, pk)
    today = timezone.localdate()
    found = findings_of(survey, request.user, on=today)
    statements = list(survey.statements.select_related("standard"))
    standards = survey.request.standards if survey.request else None
    cells = Cells(standards.scale, standards.scale.points.all()) if standards else None
    is_office = may(request.user, "change", survey)
    context = {
        "survey": survey,
        "statements": statements,
        "organisations": [
            {
                "found": each,
                "address": address_of(each.invitation) if is_office else "",
                "findings": [(finding, own_words(finding.own, cells)) for finding in each.findings],
            }
            for each in found
        ],
        "totals": totals_of(statements, found),
        "is_closed": is_closed(survey, on=today),
        "is_open": is_open(survey, on=today),
        "is_office": is_office,
        "fewest": FEWEST_REPLIES,
        "crumbs": crumbs((survey.title, None)),
    }
    return render(request, "assurance/practitioner_survey.html", context)


def own_words(said, cells):
    """What the organisation says of itself, for the page."""
    if said is None or not said.is_answered:
        return ""
    words = "Does not apply" if said.is_not_applicable else cells.score_in_words(said.score)
    return f"{words}, moderated" if said.is_moderated else words


def seen(user, pk, verb="view"):
    survey = get_permitted(user, PractitionerSurvey, verb, pk=pk)
    found = PractitionerSurvey.objects.select_related("partnership", "request__standards__scale")
    return found.get(pk=survey.pk)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    survey = seen(request.user, pk, "change")
    if is_closed(survey, on=timezone.localdate()):
        messages.info(request, "It is closed, so its figures stand. Make another survey to ask again")
        return redirect(survey)
    form = SurveyChangeForm(
        request.POST if request.method == "POST" else None, instance=survey, cancel_url=survey.get_absolute_url()
    )
    if form.is_valid():
        form.save()
        messages.success(request, f"Saved “{survey}”")
        return redirect(survey)
    context = {
        "form": form,
        "title": survey.title,
        "crumbs": crumbs((survey.title, survey.get_absolute_url()), ("Change", None)),
    }
    return render(request, "assurance/standard_form.html", context, status=form.status)


@require_POST
def new_link(request, pk, invitation_pk):
    """End the links that went out to one organisation, and show another."""
    survey = seen(request.user, pk, "change")
    invitation = survey.invitations.select_related("organisation").filter(pk=invitation_pk).first()
    if invitation is None:
        raise Http404
    end_links(invitation)
    messages.success(request, f"{invitation.organisation.name} has a new link. The one before it no longer works")
    return redirect(survey)


@require_POST
def hand_on(request, pk, invitation_pk):
    """Keep that one organisation was given its link, so that a colleague need not ask."""
    survey = seen(request.user, pk, "change")
    invitation = survey.invitations.select_related("organisation").filter(pk=invitation_pk).first()
    if invitation is None:
        raise Http404
    mark_given(invitation, on=timezone.localdate())
    messages.success(request, f"{invitation.organisation.name} has its link")
    return redirect(survey)


@csrf_exempt  # nobody is signed in here, and whoever has no cookies may answer too; the link says what it is for
@private
@require_http_methods(GET_OR_POST)
def answer(request, token):
    """One practitioner's page. No account, no name; pressed twice it is one reply."""
    response = answer_to(request, token)
    response["Referrer-Policy"] = "strict-origin"  # the address is the link
    return response


def answer_to(request, token):
    if request.method == "POST" and is_too_often(request, "practitioner-reply", REPLIES):
        return render(request, "429.html", status=429)
    today = timezone.localdate()
    invitation = invitation_of(token, on=today)
    if invitation is None and is_too_often(request, "practitioner-link-bad", BAD_LINKS):
        return render(request, "429.html", status=429)
    if invitation is None:
        return render(request, "assurance/survey_refused.html", status=404)
    form = ReplyForm(request.POST if request.method == "POST" else None, statements=invitation.survey.statements.all())
    context = {"form": form, "invitation": invitation, "survey": invitation.survey}
    if form.is_valid():
        press = press_of(form.cleaned_data["press"])
        keep_reply(invitation, press=press, marks=form.marks, comment=form.cleaned_data["comment"], on=today)
        return render(request, "assurance/survey_thanks.html", context)
    return render(request, "assurance/survey_answer.html", context, status=form.status)


def crumbs(*more):
    here = ("Practitioner surveys", reverse("assurance:practitioner-survey-list") if more else None)
    return [
        ("Returns", reverse("assurance:return-list")),
        ("Standards", reverse("assurance:standard-set-list")),
        here,
        *more,
    ]


patterns = [
    path("practitioner-surveys/", SurveyList.as_view(), name="practitioner-survey-list"),
    path("practitioner-surveys/add/", add, name="practitioner-survey-add"),
    path("practitioner-surveys/<int:pk>/", detail, name="practitioner-survey"),
    path("practitioner-surveys/<int:pk>/change/", change, name="practitioner-survey-change"),
    path("practitioner-surveys/<int:pk>/links/<uuid:invitation_pk>/", new_link, name="practitioner-survey-link"),
    path("practitioner-surveys/<int:pk>/links/<uuid:invitation_pk>/given/", hand_on, name="practitioner-survey-given"),
    path("say/<str:token>/", answer, name="survey-answer"),
]
