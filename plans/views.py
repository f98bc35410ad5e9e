"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


class PlanList(TemplateView):
    template_name = "base.html"


def plan_detail(request, *args, **kwargs):
    raise Http404


def publish(request, *args, **kwargs):
    raise Http404


def open_round(request, *args, **kwargs):
    raise Http404


def import_upload(request, *args, **kwargs):
    raise Http404


def import_preview(request, *args, **kwargs):
    raise Http404


def import_confirm(request, *args, **kwargs):
    raise Http404


def deliverable_detail(request, *args, **kwargs):
    raise Http404


def update_deliverable(request, *args, **kwargs):
    raise Http404


def round_detail(request, *args, **kwargs):
    raise Http404


def review_detail(request, *args, **kwargs):
    raise Http404


def propose_rating(request, *args, **kwargs):
    raise Http404


def decide_rating(request, *args, **kwargs):
    raise Http404
