"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


class CaseList(TemplateView):
    template_name = "base.html"


def case_detail(request, *args, **kwargs):
    raise Http404
