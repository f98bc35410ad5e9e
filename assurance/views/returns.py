"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


class ReturnList(TemplateView):
    template_name = "base.html"


def return_detail(request, *args, **kwargs):
    raise Http404


def answer_return(request, *args, **kwargs):
    raise Http404
