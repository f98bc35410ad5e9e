"""Scrutiny: a group and its office read the returns one after another, and say how assured they are."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assurance import scrutiny
from assurance.given import key_of, lines_of, openable
from assurance.models import AssuranceLevel, AssuranceRequest, ReturnCopy, ScalePoint, ScrutinyResponse
from assurance.scrutiny_forms import CommentForm, FollowUpForm, JudgementForm, ResponseForm
from assurance.scrutiny_lists import ScrutinyFilter, ScrutinyTable, levels_of_request
from partnership.access import get_permitted, may, may_or_refuse
from partnership.lists import RecordList

COMMENT, ACTION, RESPONSE = "comment", "action", "response"  # prefixes, so that the forms of a page share no name


class ScrutinyList(RecordList):
    """What one partnership was given in answer to a request: what is left to judge, and every judgement."""

    table_class, filterset_class = ScrutinyTable, ScrutinyFilter
    template_name = "assurance/scrutiny_list.html"
    export_name = "judgements"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.record, self.partnership = find_request(request.user, kwargs["pk"], kwargs["slug"])

    def get_queryset(self):
        return scrutiny.returns_given(self.record, self.partnership).exclude(
            pk__in=conflicting(self.request.user, self.record, self.partnership)
        )

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        table.levels = {level.pk: level for level in levels_of_request(self.request)}
        table.slug = self.partnership.slug
        return table

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            record=self.record,
            partnership=self.partnership,
            glance=scrutiny.glance_at(self.record, self.partnership, offered(self.partnership)),
            may_judge=may(user, "judge", scrutiny.shell(self.record, self.partnership)),
            has_conflict=bool(conflicting(user, self.record, self.partnership)),
            crumbs=[*crumbs_of(self.record), (f"Judgements of {self.partnership.short_name}", None)],
            **kwargs,
        )


def find_request(user, pk, slug):
    """A request that was sent and one of its partnerships whose returns this person reads; else Http404."""
    record = AssuranceRequest.objects.followed_by(user).exclude(sent_on=None).filter(pk=pk).first()
    partnership = record and record.partnerships.filter(slug=slug).first()
    if not partnership or not may(user, "read", scrutiny.shell(record, partnership)):
        raise Http404
    return record, partnership


def conflicting(user, record, partnership):
    """The returns of this person's own organisations, whose judgement is not theirs to see."""
    if partnership.pk in user.standing.office_ids:
        return []
    return list(record.returns.filter(organisation__in=user.standing.organisation_ids).values_list("pk", flat=True))


def offered(partnership):
    levels = AssuranceLevel.objects.offered_to([partnership.pk]).order_by("position", "pk")
    return [level for level in levels if level.partnership_id] or list(levels)


# One return


class Reading:
    """One return as one partnership was given it, and who reads it."""

    def __init__(self, user, pk, slug):
        self.user = user
        # Not by its own organisation: what that is told stands on its return's page.
        copies = ReturnCopy.objects.given_to(user).filter(record=pk, partnership__slug=slug)
        self.copies = list(
            copies.select_related("record__organisation", "record__request__group", "partnership").order_by("-edition")
        )
        if not self.copies:
            raise Http404
        self.copy = self.copies[0]
        self.record, self.partnership = self.copy.record, self.copy.partnership
        self.scrutiny = scrutiny.scrutiny_of(self.record, self.partnership)
        if not may(user, "read", self.scrutiny):
            raise Http404
        self.lines = lines_of(self.copy)
        self.may_comment = may(user, "view", self.scrutiny)

    @property
    def address(self):
        return reverse("assurance:scrutiny-detail", args=[self.record.pk, self.partnership.slug])

    def shown(self):
        """(each line with its comments and what the edition before said, the comments on all)."""
        before_all = {line.key: line for line in lines_of(self.copies[1])} if len(self.copies) > 1 else {}
        comments, points = {}, {}
        if self.may_comment and self.scrutiny.pk:
            for each in self.scrutiny.comments.select_related("said_by"):
                comments.setdefault(key_of(each), []).append(each)
        if any(line.is_standard for line in self.lines):
            scale_points = ScalePoint.objects.filter(scale__standard_sets__requests=self.record.request_id)
            points = {point.value: point for point in scale_points}
        can_open = openable(self.user, self.lines)
        rows = []
        for line in self.lines:
            before = before_all.get(line.key)
            rows.append(
                {
                    "line": line,
                    "comments": comments.get(line.key, []),
                    "before": before if before and before.said != line.said else None,
                    "is_new": bool(before_all) and before is None,
                    "point": points.get(line.score),
                    "files": [{**each, "is_open": each["key"] in can_open} for each in line.files],
                }
            )
        return rows, comments.get("", [])


def neighbours(reading, asked):
    """The returns before and after this one, among those that the address narrows to; and what is left of all."""
    given = scrutiny.returns_given(reading.record.request, reading.partnership).exclude(
        pk__in=conflicting(reading.user, reading.record.request, reading.partnership)
    )
    of = {name: asked.get(name, "") for name in ("state", "level")}
    of = {name: value for name, value in of.items() if value.isalnum()}
    names = {pk: (place, name) for place, (pk, name) in enumerate(given.values_list("pk", "organisation__name"))}
    left = list(scrutiny.narrowed(given, state=scrutiny.LEFT).values_list("pk", flat=True))
    among = list(scrutiny.narrowed(given, **of).values_list("pk", flat=True)) if of else list(names)
    here = names.get(reading.record.pk, (-1, ""))[0]
    query = f"?{urlencode(of)}" if of else ""

    def link(pk):
        address = reverse("assurance:scrutiny-detail", args=[pk, reading.partnership.slug])
        return {"name": names[pk][1], "url": f"{address}{query}"}

    before = [pk for pk in among if names[pk][0] < here]
    after = [pk for pk in among if names[pk][0] > here]
    others = [pk for pk in left if pk != reading.record.pk]
    next_left = next((pk for pk in others if names[pk][0] > here), others[0] if others else None)
    return {
        "before": link(before[-1]) if before else None,
        "after": link(after[0]) if after else None,
        "next_left": link(next_left) if next_left else None,
        "left_count": len(left),
        "count": len(names),
        "query": query,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, pk, slug):
    """Read one return beside what is said of it; who may, judges it here."""
    reading = Reading(request.user, pk, slug)
    form = None
    if request.method == "POST":
        may_or_refuse(request.user, "judge", reading.scrutiny)
        begun = scrutiny.begun(reading.record, reading.partnership)
        form = JudgementForm(request.POST, instance=begun)
        if form.is_valid():
            scrutiny.judge(begun, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{reading.record.organisation}: {form.cleaned_data['level']}. Saved")
            around = neighbours(reading, request.GET)
            if request.POST.get("action") == "next" and around["next_left"]:
                return redirect(around["next_left"]["url"])
            return redirect(f"{reading.address}{around['query']}#judgement")
    return show(request, reading, judgement=form)


@require_POST
def comment(request, pk, slug):
    reading = Reading(request.user, pk, slug)
    may_or_refuse(request.user, "view", reading.scrutiny)
    form = CommentForm(request.POST, prefix=COMMENT, lines=reading.lines)
    if form.is_valid():
        scrutiny.comment(reading.record, reading.partnership, by=request.user, at=timezone.now(), **form.answers)
        messages.success(request, "Your comment stands beside the answer")
        anchor = form.cleaned_data["about"] or "comments"
        return redirect(f"{reading.address}#{anchor}")
    return show(request, reading, comment=form)


@require_POST
def add_action(request, pk, slug):
    """What the organisation is to do, as a line of the group's action log."""
    reading = Reading(request.user, pk, slug)
    may_or_refuse(request.user, "judge", reading.scrutiny)
    group = reading.record.request.group
    if group is None:
        messages.error(request, "No group scrutinises this request, so there is no action log. Choose one first")
        return redirect(reading.address)
    form = FollowUpForm(request.POST, prefix=ACTION, group=group, on=timezone.localdate())
    if form.is_valid():
        try:
            link = scrutiny.follow_up(reading.record, reading.partnership, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error("meeting", problem)
        else:
            messages.success(request, f"{link.action.ref} is in the action log of the {group}")
            return redirect(f"{reading.address}#actions")
    return show(request, reading, action=form)


@require_POST
def respond(request, pk, slug):
    """Draft what the organisation is told, or send it."""
    reading = Reading(request.user, pk, slug)
    may_or_refuse(request.user, "respond", reading.scrutiny)
    begun = scrutiny.begun(reading.record, reading.partnership)
    is_sending = request.POST.get("action") == "send"
    form = ResponseForm(request.POST, prefix=RESPONSE, instance=begun, is_sending=is_sending)
    if form.is_valid():
        text = form.cleaned_data["response"]
        try:
            if is_sending:
                scrutiny.send_response(begun, text=text, by=request.user, at=timezone.now())
                messages.success(request, f"{reading.record.organisation} can read your response on its return’s page")
            else:
                scrutiny.draft_response(begun, text=text)
                messages.success(request, "Response kept as a draft. The organisation does not see it")
        except ValidationError as problem:
            form.add_error("response", problem)
        else:
            return redirect(f"{reading.address}#response")
    return show(request, reading, response=form)


@require_POST
def mark_read(request, pk):
    """The organisation has read what it was told."""
    response = get_permitted(request.user, ScrutinyResponse, "read", pk=pk)
    scrutiny.mark_read(response, by=request.user, at=timezone.now())
    messages.success(request, f"{response.scrutiny.partnership} knows now that you have read it")
    return redirect("assurance:return-detail", response.scrutiny.record_id)


def show(request, reading, **bound):
    """The page of one return. ``bound``: the form that came back, by its name; a draft that failed is shown again."""
    user, record, on = request.user, reading.record, timezone.localdate()
    own = reading.scrutiny = scrutiny.scrutiny_of(record, reading.partnership)
    may_judge, may_respond = may(user, "judge", own), may(user, "respond", own)
    forms = {"judgement": bound.get("judgement") or (JudgementForm(instance=own) if may_judge else None)}
    if reading.may_comment:
        forms[COMMENT] = bound.get(COMMENT) or CommentForm(prefix=COMMENT, lines=reading.lines)
    if may_judge and record.request.group:
        forms[ACTION] = bound.get(ACTION) or FollowUpForm(prefix=ACTION, group=record.request.group, on=on)
    if may_respond:
        forms[RESPONSE] = bound.get(RESPONSE) or ResponseForm(prefix=RESPONSE, instance=own)
    rows, remarks = reading.shown()
    has_begun = bool(own.pk) and reading.may_comment
    context = {
        "reading": reading,
        "record": record,
        "partnership": reading.partnership,
        "copy": reading.copy,
        "scrutiny": own if reading.may_comment else None,
        "is_given_again": bool(own.judged_at and own.judged_at < reading.copy.taken_at),
        "conflict": "" if reading.may_comment else scrutiny.words_of_conflict(record),
        "rows": rows,
        "remarks": remarks,
        "changed_count": sum(1 for row in rows if row["before"] or row["is_new"]),
        "last": scrutiny.last_judgement(own) if reading.may_comment else None,
        "follow_ups": own.follow_ups.select_related("action") if has_begun else [],
        "responses": own.responses.select_related("level", "sent_by", "read_by")
        if own.pk and reading.may_comment
        else [],
        "forms": forms,
        "problem_form": next((form for form in bound.values() if form and form.errors), None),
        "around": neighbours(reading, request.GET),
        "today": on,
        "crumbs": [
            *crumbs_of(record.request),
            (f"Judgements of {reading.partnership.short_name}", list_url(record.request, reading.partnership)),
            (str(record.organisation), None),
        ],
    }
    status = next((form.status for form in bound.values() if form), 200)
    return render(request, "assurance/scrutiny_detail.html", context, status=status)


def list_url(request_record, partnership):
    return reverse("assurance:scrutiny-list", args=[request_record.pk, partnership.slug])


def crumbs_of(request_record):
    return [("Returns", reverse("assurance:return-list")), (str(request_record), request_record.get_absolute_url())]


RETURN = "returns/<uuid:pk>/scrutiny/<slug:slug>/"

patterns = [
    path("requests/<int:pk>/scrutiny/<slug:slug>/", ScrutinyList.as_view(), name="scrutiny-list"),
    path(RETURN, detail, name="scrutiny-detail"),
    path(f"{RETURN}comment/", comment, name="scrutiny-comment"),
    path(f"{RETURN}action/", add_action, name="scrutiny-action"),
    path(f"{RETURN}respond/", respond, name="scrutiny-respond"),
    path("returns/responses/<int:pk>/read/", mark_read, name="scrutiny-read"),
]
