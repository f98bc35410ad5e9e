"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


class SignIn(TemplateView):
    template_name = "base.html"


def sign_out(request, *args, **kwargs):
    raise Http404


def demo_sign_in(request, *args, **kwargs):
    raise Http404
