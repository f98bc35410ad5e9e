"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


class ReportList(TemplateView):
    template_name = "base.html"


def report_detail(request, *args, **kwargs):
    raise Http404


def report_preview(request, *args, **kwargs):
    raise Http404


def change_section(request, *args, **kwargs):
    raise Http404


def build_report(request, *args, **kwargs):
    raise Http404


def build_detail(request, *args, **kwargs):
    raise Http404


def build_proof(request, *args, **kwargs):
    raise Http404


def publish_report(request, *args, **kwargs):
    raise Http404
