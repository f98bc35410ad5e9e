"""The signed link from a mail, and the list of them. What a link shows is ``update_views``' own, for its holder.

Nobody is signed in by a link: ``request.user`` stays nobody, and no other view reads the link's cookie.
"""

import re
from dataclasses import dataclass
from functools import wraps

import pghistory
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.accounts.browsers import browser_in_words
from partnership.lists import RecordList
from partnership.throttling import is_too_often
from plans.answering import WORDS
from plans.link_forms import AskForm, RevokeForm
from plans.link_lists import LinkFilter, LinkTable
from plans.links import (
    TooManyBrowsers,
    forget_browser,
    holder_to_tell,
    lines_of,
    link_of_token,
    note_use,
    open_in_browser,
    revoke,
    use_of_cookie,
)
from plans.models import Update, UpdateLink, UpdateLinkUse
from plans.tasks import mail_fresh_link
from plans.update_views import Answerer, doors, show

Kind = UpdateLinkUse.Kind
WORDS_OF_A_LINE = re.compile(rf"d\d+-({'|'.join(WORDS)})")

# From one address in ten minutes: beyond these a link that proves nothing is told so, and nobody is mailed.
BAD_TOKENS, ASKINGS = 60, 30


def private(view):
    """For whoever holds the link and no cache, no search engine, and no address that it came from."""

    @login_not_required
    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return answer


def of_holder(view):
    """``view(request, opened)`` with what this browser opened; the plain page for a browser that opened nothing."""

    @private
    @wraps(view)
    def answer(request, *args, **kwargs):
        opened = use_of_cookie(request.COOKIES.get(settings.UPDATE_LINK_COOKIE), at=timezone.now())
        if opened is None and kwargs and request.method in {"GET", "HEAD"}:
            raise Http404  # nobody follows a link to a button
        if opened is None:
            return no_such_link(request)
        elsewhere = signed_in_already(request, opened.link)
        if elsewhere:
            return elsewhere
        with pghistory.context(user=opened.link.holder_id, link=str(opened.link_id)):
            return view(request, opened, *args, **kwargs)

    return answer


@dataclass(frozen=True)
class LinkAnswerer(Answerer):
    """The holder of a link, on a page that leads nowhere else."""

    frame: str = "plans/answer_base.html"


def by_link(view):
    """``view(request, answerer, …)`` of ``update_views`` for the holder of the link that this browser opened."""

    @of_holder
    @wraps(view)
    def answer(request, opened, *args, **kwargs):
        return view(request, answerer_of(opened, browser=browser_of(request)), *args, **kwargs)

    return answer


def answerer_of(opened, *, browser):
    link = opened.link

    def permit(pk):
        line = next((line for line in lines_of(link, on=timezone.localdate()) if line.pk == pk), None)
        if line is None:
            raise Http404
        return line.deliverable

    def answered(update):
        row = update.deliverable
        note_use(link, Kind.ANSWERED, at=timezone.now(), browser=browser, detail=str(row)[:200])

    return LinkAnswerer(
        user=link.holder,
        names="answer",
        way=Update.Way.LINK,
        lines=lambda on: lines_of(link, on=on),
        permit=permit,
        answered=answered,
    )


def no_such_link(request):
    """The one answer for a link that is wrong, over, stopped or used up: it says how to get another.

    What was typed when it ended meanwhile stands on it, to be copied.
    """
    words = {name: said for name, said in request.POST.items() if WORDS_OF_A_LINE.fullmatch(name) and said.strip()}
    return render(request, "plans/answer_refused.html", {"form": AskForm(), "typed": words.values()}, status=404)


def signed_in_already(request, link, *, token=""):
    """Whoever is signed in needs no link; one of somebody else's does nothing for them but to offer to sign out."""
    if not request.user.is_authenticated:
        return None
    if request.user.pk == link.holder_id:
        return redirect("plans:updates")
    return render(request, "plans/answer_of_another.html", {"token": token}, status=403)


def browser_of(request):
    return request.headers.get("User-Agent", "")[:200]


# Following and opening


def without_its_address(view):
    """What is asked for next says only from which house it comes: with nothing at all its own button is refused."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return answer


@require_safe
@without_its_address
@private
def follow(request, token):
    """What the mail leads to: a page with one button. It shows nothing of the plan and changes nothing."""
    now = timezone.now()
    link = link_of_token(token, at=now)
    if link is None:
        return refuse(request)
    elsewhere = signed_in_already(request, link, token=token)
    if elsewhere:
        return elsewhere
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        note_use(link, Kind.FOLLOWED, at=now, browser=browser_of(request))
    return render(request, "plans/answer_open.html", {"token": token})


def refuse(request):
    """A link that proves nothing; after many of them from one address, 429."""
    if is_too_often(request, "links-bad", BAD_TOKENS):
        return render(request, "429.html", status=429)
    return no_such_link(request)


@sensitive_post_parameters("token")
@require_POST
@private
def begin(request):
    """The button: this browser may answer from now on. The token goes no further than here."""
    now = timezone.now()
    link = link_of_token(request.POST.get("token", ""), at=now)
    if link is None:
        return refuse(request)
    if "leave" in request.POST:
        logout(request)
    elsewhere = signed_in_already(request, link, token=request.POST["token"])
    if elsewhere:
        return elsewhere
    if not lines_of(link, on=timezone.localdate(now)):
        note_use(link, Kind.REFUSED, at=now, browser=browser_of(request), detail="Nothing is due any more")
        return no_such_link(request)
    opened = use_of_cookie(request.COOKIES.get(settings.UPDATE_LINK_COOKIE), at=now)
    response = redirect("plans:answer")
    if opened and opened.link_id == link.pk:
        return response
    try:
        proof = open_in_browser(link, at=now, browser=browser_of(request))
    except TooManyBrowsers:
        note_use(link, Kind.REFUSED, at=now, browser=browser_of(request), detail="Opened in too many browsers")
        return no_such_link(request)
    response.set_cookie(
        settings.UPDATE_LINK_COOKIE,
        proof,
        expires=link.expires_at,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@require_safe
@of_holder
def answer(request, opened):
    """What is due from the holder; the plain page once that is nothing any more."""
    answerer = answerer_of(opened, browser=browser_of(request))
    lines = answerer.lines(timezone.localdate())
    return show(request, answerer, lines) if lines else no_such_link(request)


@require_POST
@of_holder
def close(request, opened):
    """For a computer that others use too: this browser may answer no more."""
    forget_browser(opened)
    messages.success(request, "This browser has forgotten the link.")
    response = redirect("plans:answer-again")
    response.delete_cookie(settings.UPDATE_LINK_COOKIE, path="/", samesite="Strict")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@private
def ask_again(request):
    """Mail a new link to the address on record. The answer is the same whoever asks, for whichever address."""
    form = AskForm(request.POST or None)
    if not form.is_valid():
        return render(request, "plans/answer_again.html", {"form": form}, status=form.status)
    if not is_too_often(request, "links-asked", ASKINGS):
        holder = holder_to_tell(form.cleaned_data["email"])
        key = holder.pk if holder else 0
        transaction.on_commit(lambda: mail_fresh_link.delay(key), robust=True)
    return render(request, "plans/answer_again.html", {"is_asked": True})


# The list, for those who are signed in


class LinkList(RecordList):
    """One's own links, and for an office those of its people: when each was made, opened and answered by."""

    table_class, filterset_class = LinkTable, LinkFilter
    template_name = "plans/link_list.html"
    export_name = "links"

    def get_queryset(self):
        return UpdateLink.objects.visible_to(self.request.user).with_uses(at=timezone.now())

    def get_context_data(self, **kwargs):
        own = RevokeForm(user=self.request.user, at=timezone.now())
        return super().get_context_data(form=own, days=settings.UPDATE_LINK_DAYS, **kwargs)


@require_safe
def link_detail(request, pk):
    """Who used it when, in which browser, for what."""
    link = get_permitted(request.user, UpdateLink, "view", pk=pk)
    uses = [(use, browser_in_words(use.browser)) for use in link.uses.all()]
    context = {
        "link": link,
        "uses": uses,
        "is_usable": link.is_usable(at=timezone.now()),
        "is_own": link.holder_id == request.user.pk,
        "crumbs": [("Links from reminders", reverse("plans:link-list")), ("Link", None)],
    }
    return render(request, "plans/link_detail.html", context)


@require_POST
def revoke_link(request, pk):
    link = get_permitted(request.user, UpdateLink, "revoke", pk=pk)
    revoke(UpdateLink.objects.filter(pk=link.pk), by=request.user, at=timezone.now())
    messages.success(request, "The link is stopped. Nobody can answer by it any more.")
    return redirect("plans:link-list")


@require_POST
def revoke_links(request):
    """All links of one person, or all that this person may stop."""
    now = timezone.now()
    form = RevokeForm(request.POST, user=request.user, at=now)
    if not form.is_valid():
        messages.error(request, form.errors["person"][0])
        return redirect("plans:link-list")
    count = revoke(form.links(), by=request.user, at=now)
    messages.success(request, f"{count} link{'' if count == 1 else 's'} stopped.")
    return redirect("plans:link-list")


patterns = [
    path("answer/", answer, name="answer"),
    *doors(by_link, at="answer/", names="answer"),
    path("answer/open/", begin, name="answer-begin"),
    path("answer/close/", close, name="answer-close"),
    path("answer/again/", ask_again, name="answer-again"),
    path("answer/<str:token>/", follow, name="answer-open"),
    path("links/", LinkList.as_view(), name="link-list"),
    path("links/stop/", revoke_links, name="links-revoke"),
    path("links/<uuid:pk>/", link_detail, name="link-detail"),
    path("links/<uuid:pk>/stop/", revoke_link, name="link-revoke"),
]
