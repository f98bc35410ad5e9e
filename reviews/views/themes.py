"""The themes that cases and learning are counted under: shared by all partnerships here, kept by the administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from reviews.forms.themes import ThemeForm
from reviews.models import Theme


def administrator_or_refuse(request):
    if not request.user.standing.is_administrator:
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def theme_list(request):
    """All themes, those offered no more too, and a form for a new one."""
    administrator_or_refuse(request)
    form = ThemeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        theme = form.save()
        messages.success(request, f"“{theme}” can be chosen from now on")
        return redirect("reviews:theme-list")
    context = {
        "form": form,
        "themes": Theme.objects.all(),
        "crumbs": [("Administration", reverse("partnership:administration")), ("Themes", None)],
    }
    return render(request, "reviews/theme_list.html", context, status=form.status)


@require_POST
def retire_theme(request, pk):
    """Offer a theme no more, or again. It stays where it was used, so that past years still add up."""
    administrator_or_refuse(request)
    theme = get_object_or_404(Theme.objects.select_for_update(), pk=pk)
    theme.is_retired = request.POST.get("offer") != "yes"
    theme.save()
    messages.success(request, f"“{theme}” is offered {'no more' if theme.is_retired else 'again'}")
    return redirect("reviews:theme-list")


patterns = [
    path("reviews/words/", theme_list, name="theme-list"),
    path("reviews/words/<int:pk>/offer/", retire_theme, name="theme-retire"),
]
