"""Asking what people have to learn: who has a link, the page that a link opens, and what becomes of what was said."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from partnership.access import get_permitted
from partnership.refusals import NotNow
from partnership.templatetags.components import sentence_join
from partnership.throttling import is_too_often
from plans.link_views import private
from training.links import NEEDS, address_of, record_of
from training.models import FEWEST_REPLIES, NeedsInvitation, NeedsWish
from training.needs import asking
from training.needs.forms import InviteForm, PlaceForm
from training.needs.reply_forms import NamedReplyForm, ReplyForm
from training.views.needs import GET_OR_POST, crumbs_of, find, settled_already

# From one address in ten minutes. A hospital's practitioners share one.
BAD_LINKS, REPLIES = 60, 200


# Who has a link


@require_http_methods(GET_OR_POST)
def invitations(request, pk):
    """Everybody who is asked, their links, and who has answered; and a form to ask more."""
    analysis = find(request.user, pk, "change")
    stands = settled_already(request, analysis)
    if stands:
        return stands
    today = timezone.localdate()
    form = InviteForm(request.POST or None, analysis=analysis, on=today)
    if form.is_valid():
        count = asking.invite(analysis, **form.cleaned_data)
        messages.success(request, f"Made {asking.counted(count, 'link', 'links')}. Hand each on, or mail it")
        return redirect("training:needs-invitations", analysis.pk)
    asked = asking.asked_of(analysis)
    has_account = asking.addresses_of([each.invitation for each in asked], on=today)
    context = {
        "analysis": analysis,
        "form": form,
        "rows": [
            {
                "asked": each,
                "invitation": each.invitation,
                "address": address_of(NEEDS, each.invitation),
                "people_count": len(has_account[each.invitation]),
            }
            for each in asked
        ],
        "waiting_count": len(asking.waiting_of(asked)),
        "fewest": FEWEST_REPLIES,
        "is_asking": analysis.is_asking(on=today),
        "is_done_asking": analysis.is_done_asking(on=today),
        "crumbs": crumbs_of(analysis, "Who is asked"),
    }
    return render(request, "training/needs_invitations.html", context, status=form.status)


def find_invitation(user, pk, invitation_pk):
    analysis = find(user, pk, "change")
    found = analysis.invitations.select_related("organisation", "group").filter(pk=invitation_pk).first()
    if found is None:
        raise Http404
    found.analysis = analysis
    return found


def after(request, analysis, act):
    """Do ``act``, which gives what was done in words; say why not where it cannot be done."""
    try:
        messages.success(request, act())
    except NotNow as refusal:
        messages.error(request, str(refusal))
    return redirect("training:needs-invitations", analysis.pk)


@require_POST
def new_link(request, pk, invitation_pk):
    """End the link that went out to one of them, and show another."""
    invitation = find_invitation(request.user, pk, invitation_pk)

    def act():
        asking.end_link(invitation)
        return f"{invitation.asked} has a new link. The one before it no longer works"

    return after(request, invitation.analysis, act)


@require_POST
def hand_on(request, pk, invitation_pk):
    """Keep that they were given their link, so that a colleague need not ask."""
    invitation = find_invitation(request.user, pk, invitation_pk)

    def act():
        asking.mark_given(invitation, on=timezone.localdate())
        return f"{invitation.asked} has its link"

    return after(request, invitation.analysis, act)


@require_POST
def take_back(request, pk, invitation_pk):
    invitation = find_invitation(request.user, pk, invitation_pk)

    def act():
        asking.take_back(invitation)
        return f"{invitation.asked} is asked no more"

    return after(request, invitation.analysis, act)


@require_POST
def mail(request, pk, invitation_pk):
    """Mail one link to the organisation's people who have an account, or to the group's chair."""
    invitation = find_invitation(request.user, pk, invitation_pk)

    def act():
        return told_words(*mail_while_open([invitation], on=timezone.localdate()))

    return after(request, invitation.analysis, act)


@require_POST
def mail_all(request, pk):
    """Mail everybody who has not answered; those who had a mail before are reminded, once a day."""
    analysis = find(request.user, pk, "change")

    def act():
        today = timezone.localdate()
        waiting = asking.waiting_of(asking.asked_of(analysis))
        if not waiting:
            raise NotNow("Every organisation and group that is asked has answered.")
        return told_words(*mail_while_open(waiting, on=today, is_chasing=True))

    return after(request, analysis, act)


def mail_while_open(chosen, *, on, **kwargs):
    analysis = chosen[0].analysis
    if analysis.is_done_asking(on=on) or analysis.closes_on is None:
        raise NotNow("The questions are not open. Give them a first and a last day before you mail their links.")
    return asking.mail_links(chosen, on=on, **kwargs)


def told_words(told, without):
    said = [f"Mailed to {asking.counted(len(told), 'of them', 'of them')}."] if len(told) != 1 else []
    if len(told) == 1:
        said = [f"Mailed to {told[0].asked}."]
    if without:
        names = sentence_join(str(each.asked) for each in without)
        said.append(f"Nobody with an account is known of {names}: copy the link and hand it on yourself.")
    return " ".join(said)


# Answering


@csrf_exempt  # nobody is signed in here, and whoever has no cookies may answer too; the link says what it is for
@private
@require_http_methods(GET_OR_POST)
def open_link(request, token):
    """The page that a link opens. No account; pressed twice it is one reply."""
    response = by_link(request, token)
    response["Referrer-Policy"] = "strict-origin"  # the address is the link
    return response


def by_link(request, token):
    if request.method == "POST" and is_too_often(request, "needs-reply", REPLIES):
        return render(request, "429.html", status=429)
    invitation = record_of(NEEDS, token)
    if invitation is None and is_too_often(request, "needs-link-bad", BAD_LINKS):
        return render(request, "429.html", status=429)
    if invitation is None or not invitation.analysis.is_asking(on=timezone.localdate()):
        return refuse(request, invitation)
    return reply_page(request, invitation, frame="plans/answer_base.html")


def refuse(request, invitation):
    """The one page for a link that is wrong, over or too early; what was typed when it ended stands on it."""
    analysis = invitation.analysis if invitation else None
    context = {"analysis": analysis, "is_over": analysis and analysis.is_done_asking(on=timezone.localdate())}
    if analysis:
        names = ("topic", "why")
        context["typed"] = [said for name, said in request.POST.items() if name.startswith(names) and said.strip()]
    return render(request, "training/needs_refused.html", context, status=404)


def reply_page(request, invitation, *, frame, **context):
    today = timezone.localdate()
    form_class = ReplyForm if invitation.is_of_practitioners else NamedReplyForm
    initial = {}
    if request.user.is_authenticated and not invitation.is_of_practitioners:
        initial = {"name": request.user.name, "post": post_of(request.user, invitation)}
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    context |= {"form": form, "invitation": invitation, "analysis": invitation.analysis, "frame": frame}
    if form.is_valid():
        press = asking.press_of(form.cleaned_data["press"])
        try:
            asking.keep_reply(invitation, press=press, on=today, **form.answers)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "training/needs_thanks.html", context)
    return render(request, "training/needs_answer.html", context, status=form.status)


def post_of(user, invitation):
    """The title of the post by which this person answers, as far as it is known."""
    posts = user.standing.posts
    own = [post for post in posts if getattr(post, "organisation_id", None) == invitation.organisation_id]
    return str(getattr((own or list(posts) or [""])[0], "title", ""))[:78]


@require_http_methods(GET_OR_POST)
def answer(request, pk):
    """The same for people with an account: of the organisation that is asked, or chairs of the group."""
    invitation = get_permitted(request.user, NeedsInvitation, "answer", pk=pk)
    found = NeedsInvitation.objects.select_related("analysis__partnership", "organisation", "group")
    invitation = found.get(pk=invitation.pk)
    analysis, today = invitation.analysis, timezone.localdate()
    of_practitioners = None
    if invitation.organisation_id:
        of_practitioners = analysis.invitations.filter(
            kind=asking.Kind.PRACTITIONERS, organisation=invitation.organisation_id
        ).first()
    link = address_of(NEEDS, of_practitioners) if of_practitioners else ""
    context = {"crumbs": [("Learning needs", None)], "link_of_practitioners": link}
    if not analysis.is_asking(on=today) or invitation.is_of_practitioners:
        context |= {"analysis": analysis, "invitation": invitation, "is_over": analysis.is_done_asking(on=today)}
        return render(request, "training/needs_answer_closed.html", context)
    context["replies"] = list(invitation.replies.prefetch_related("wishes").order_by("-replied_on", "-pk"))
    return reply_page(request, invitation, frame="base.html", **context)


# Wishes into needs


@require_http_methods(GET_OR_POST)
def wishes(request, pk):
    """What was said and is under no need yet: put it under one, or make one of it."""
    analysis = find(request.user, pk, "change")
    stands = settled_already(request, analysis)
    if stands:
        return stands
    today = timezone.localdate()
    form, problem, chosen = PlaceForm(request.POST or None), "", set()
    form.fields["need"].queryset = analysis.needs.all()
    if request.method == "POST":
        chosen = {
            int(key)
            for value in request.POST.getlist("wishes")
            for key in value.split(",")
            if key.isdecimal() and len(key) < 18
        }
        problem = place(request, analysis, form, chosen, on=today)
        if not problem:
            return redirect("training:needs-wishes", analysis.pk)
    alike = asking.unplaced(analysis, on=today)
    context = {
        "analysis": analysis,
        "form": form,
        "problem": problem,
        "groups": [{"alike": each, "is_chosen": any(wish.pk in chosen for wish in each.wishes)} for each in alike],
        "wish_count": sum(len(each.wishes) for each in alike),
        "is_done_asking": analysis.is_done_asking(on=today),
        "has_needs": analysis.needs.exists(),
        "fewest": FEWEST_REPLIES,
        "crumbs": crumbs_of(analysis, "What was said"),
    }
    return render(request, "training/needs_wishes.html", context, status=422 if problem else 200)


def place(request, analysis, form, chosen, *, on):
    """Do what was asked with the chosen wishes; why not, in words, or ""."""
    is_new = request.POST.get("do") == "make"
    if not chosen:
        return "Tick what you want to put under a need"
    if not form.is_valid():
        return "Choose the need from the list"
    need, topic = form.cleaned_data["need"], form.cleaned_data["topic"]
    if not is_new and need is None:
        return "Choose the need under which it belongs, or make a need of it"
    try:
        if is_new:
            need, count = asking.need_of_wishes(analysis, chosen, topic=topic, on=on)
        else:
            count = asking.place_wishes(analysis, chosen, need=need, on=on)
    except NotNow as refusal:
        return str(refusal)
    if not count:
        return "Nothing of what you ticked is there any more. Look at it again"
    messages.success(request, f"Put {asking.counted(count, 'wish', 'wishes')} under “{need.topic}”")
    return ""


@require_POST
def unplace(request, pk, wish_pk):
    """Take one from under its need."""
    analysis = find(request.user, pk, "change")
    told = NeedsWish.objects.told(analysis, on=timezone.localdate()).exclude(need=None)
    wish = told.select_related("need__analysis").filter(pk=wish_pk).first()
    if wish is None:
        raise Http404
    need = wish.need
    try:
        asking.unplace(wish)
        messages.success(request, "Taken from under this need. It stands among what was said again")
    except NotNow as refusal:
        messages.error(request, str(refusal))
    return redirect(need)


patterns = [
    path("training/needs/<int:pk>/asked/", invitations, name="needs-invitations"),
    path("training/needs/<int:pk>/asked/mail/", mail_all, name="needs-mail-all"),
    path("training/needs/<int:pk>/asked/<uuid:invitation_pk>/link/", new_link, name="needs-link"),
    path("training/needs/<int:pk>/asked/<uuid:invitation_pk>/given/", hand_on, name="needs-given"),
    path("training/needs/<int:pk>/asked/<uuid:invitation_pk>/mail/", mail, name="needs-mail"),
    path("training/needs/<int:pk>/asked/<uuid:invitation_pk>/take-back/", take_back, name="needs-take-back"),
    path("training/needs/<int:pk>/said/", wishes, name="needs-wishes"),
    path("training/needs/<int:pk>/said/<int:wish_pk>/take-out/", unplace, name="needs-unplace"),
    path("training/needs/answer/<uuid:pk>/", answer, name="needs-answer"),
    path("t/needs/<str:token>/", open_link, name="needs-open"),
]
