"""The accessibility statement and the privacy notice of a partnership: read by everyone, kept by its office."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.forms import PlannerModelForm
from partnership.models import Partnership, PublicStatement
from partnership.paragraphs import blocks_of
from partnership.public import find_partnership, public_page
from partnership.refusals import NotNow
from partnership.statement_words import usual_words
from partnership.statements import (
    begin_statement,
    keep_statement,
    publish_statement,
    remove_draft,
    statement_in_force,
)

Kind = PublicStatement.Kind
LONGEST = 20_000
PUBLIC_NAMES = {Kind.ACCESSIBILITY: "partnership:public-accessibility", Kind.PRIVACY: "partnership:public-privacy"}


class StatementForm(PlannerModelForm):
    submit_label = "Save the draft"

    words = forms.CharField(
        label="What it says",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 30}),
        help_text="Leave an empty line between paragraphs. A short line of its own becomes a heading, lines that begin "
        "with a dash become a list",
        error_messages={"required": "Enter what it says"},
    )

    class Meta:
        model = PublicStatement
        fields = ["words"]

    def clean_words(self):
        return self.cleaned_data["words"].replace("\r\n", "\n")


# For everyone


@login_not_required
@require_safe
def public_accessibility(request, slug):
    return public_statement(request, find_partnership(slug), Kind.ACCESSIBILITY)


@login_not_required
@require_safe
def public_privacy(request, slug):
    return public_statement(request, find_partnership(slug), Kind.PRIVACY)


def public_statement(request, partnership, kind):
    own = statement_in_force(partnership, kind)
    words = own.words if own else usual_words(partnership, kind)
    earlier = PublicStatement.objects.published().filter(partnership=partnership, kind=kind).order_by("-version")
    context = {"heading": Kind(kind).label, "statement": own, "blocks": blocks_of(words), "earlier": earlier[1:]}
    return public_page(request, partnership, "partnership/public_statement.html", **context)


@login_not_required
@require_safe
def public_statement_version(request, slug, kind, version):
    """What stood before, as it was published."""
    partnership = find_partnership(slug)
    published = PublicStatement.objects.published().filter(partnership=partnership, kind=kind).order_by("-version")
    versions = {each.version: each for each in published}
    if version not in versions:
        raise Http404
    statement, now = versions[version], next(iter(versions.values()))
    label = statement.get_kind_display()
    return public_page(
        request,
        partnership,
        "partnership/public_statement.html",
        description=f"{label} of {partnership}, version {version}.",
        heading=f"{label}, version {version}",
        statement=statement,
        blocks=blocks_of(statement.words),
        now=reverse(PUBLIC_NAMES[kind], args=[slug]) if now != statement else "",
        crumbs=[(label, reverse(PUBLIC_NAMES[kind], args=[slug])), (f"Version {version}", None)],
    )


# For the office


@require_safe
def statement_list(request, pk):
    """Both statements: what stands, who looked at it last, the draft in hand, and what stood before."""
    partnership = get_permitted(request.user, Partnership, "office", pk=pk)
    own = list(partnership.public_statements.select_related("written_by").order_by("-version"))
    rows = []
    for kind in Kind:
        of_kind = [each for each in own if each.kind == kind]
        published = [each for each in of_kind if each.published_at]
        rows.append(
            {
                "kind": kind,
                "public": reverse(PUBLIC_NAMES[kind], args=[partnership.slug]) if partnership.is_public else "",
                "draft": next((each for each in of_kind if not each.published_at), None),
                "standing": next(iter(published), None),
                "earlier": published[1:],
            }
        )
    context = {"partnership": partnership, "rows": rows, "crumbs": crumbs()}
    return render(request, "partnership/statement_list.html", context)


@require_POST
def begin(request, pk, kind):
    partnership = get_permitted(request.user, Partnership, "office", pk=pk)
    draft = begin_statement(partnership, known(kind), by=request.user)
    return redirect("partnership:statement-change", draft.pk)


@require_POST
def look_again(request, pk, kind):
    """Somebody read it and nothing has to change."""
    partnership = get_permitted(request.user, Partnership, "office", pk=pk)
    now = timezone.now()
    try:
        kept = keep_statement(partnership, known(kind), by=request.user, at=now, on=timezone.localdate(now))
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{kept.get_kind_display()}: looked at again today. You are asked again in a year.")
    return redirect("partnership:statement-list", partnership.pk)


def known(kind):
    if kind not in Kind.values:
        raise Http404
    return kind


@require_safe
def statement_detail(request, pk):
    """A version as the public would read it."""
    statement = get_permitted(request.user, PublicStatement, "view", pk=pk)
    context = {
        "statement": statement,
        "blocks": blocks_of(statement.words),
        "crumbs": crumbs(statement, f"{statement.get_kind_display()}, version {statement.version}"),
    }
    return render(request, "partnership/statement_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    statement = get_permitted(request.user, PublicStatement, "change", pk=pk)
    if statement.published_at:
        messages.error(request, "It is published, and what is published stands. Begin a new version.")
        return redirect("partnership:statement-list", statement.partnership_id)
    back = reverse("partnership:statement-list", args=[statement.partnership_id])
    form = StatementForm(request.POST or None, instance=statement, cancel_url=back)
    if form.is_valid():
        form.instance.written_by = request.user
        form.save()
        messages.success(request, "The draft is saved. Read it as the public will, then publish it.")
        return redirect("partnership:statement-detail", statement.pk)
    context = {
        "form": form,
        "heading": f"{statement.get_kind_display()}, version {statement.version}",
        "lede": "A draft is seen by the office alone until it is published.",
        "crumbs": crumbs(statement, "Write"),
    }
    return render(request, "partnership/organisation_form.html", context, status=form.status)


@require_POST
def publish(request, pk):
    statement = get_permitted(request.user, PublicStatement, "change", pk=pk)
    now = timezone.now()
    try:
        publish_statement(statement, at=now, on=timezone.localdate(now))
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{statement.get_kind_display()}, version {statement.version} is published.")
    return redirect("partnership:statement-list", statement.partnership_id)


@require_POST
def remove(request, pk):
    statement = get_permitted(request.user, PublicStatement, "change", pk=pk)
    try:
        remove_draft(statement)
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The draft is removed. What stood before stands.")
    return redirect("partnership:statement-list", statement.partnership_id)


def crumbs(statement=None, here=""):
    trail = [("Partnership", reverse("partnership:overview"))]
    if statement is None:
        return [*trail, ("Public statements", None)]
    own = reverse("partnership:statement-list", args=[statement.partnership_id])
    return [*trail, ("Public statements", own), (here, None)]


patterns = [
    path("p/<slug:slug>/accessibility/", public_accessibility, name="public-accessibility"),
    path("p/<slug:slug>/privacy/", public_privacy, name="public-privacy"),
    path(
        "p/<slug:slug>/<slug:kind>/versions/<int:version>/", public_statement_version, name="public-statement-version"
    ),
    path("partnerships/<int:pk>/statements/", statement_list, name="statement-list"),
    path("partnerships/<int:pk>/statements/<slug:kind>/begin/", begin, name="statement-begin"),
    path("partnerships/<int:pk>/statements/<slug:kind>/look-again/", look_again, name="statement-look-again"),
    path("statements/<int:pk>/", statement_detail, name="statement-detail"),
    path("statements/<int:pk>/change/", change, name="statement-change"),
    path("statements/<int:pk>/publish/", publish, name="statement-publish"),
    path("statements/<int:pk>/remove/", remove, name="statement-remove"),
]
