"""Search: one box, and everything that this person may see."""

import re
from dataclasses import replace

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from partnership.searching.asking import BEST, ORDERS, PAGE, numbered_so, question, search, tidied
from partnership.searching.kinds import all_kinds
from partnership.searching.likeness import nearest
from partnership.searching.shown import shown
from partnership.standing import standing_of

REFERENCE = re.compile(r"[^\W\d_]{0,6}[-/]?\d[\w./-]{0,20}")  # "2.3", "A14", "CRG-12", "2a"
LAST_PAGE = 10_000


@require_safe
def search_page(request):
    """What is called exactly so opens at once, where there is one; ``all`` lists what has the words all the same."""
    typed = tidied(request.GET.get("q", ""))
    called = found_by_reference(request.user, typed)
    is_all = "all" in request.GET
    if len(called) == 1 and not is_all:
        return redirect(called[0].url)
    kind, order = chosen(request.GET)
    page = page_of(request.GET)
    asked = question("" if called and not is_all else typed)
    meant, is_any, answer = "", False, search(request.user, asked, kind=kind, order=order, page=page)
    if typed and not answer.total and not called:
        meant, asked, answer = what_was_meant(request.user, asked, kind=kind, order=order, page=page)
        is_any = not meant and bool(answer.total)
    listed = answer.counts.get(kind, 0) if kind else answer.total
    pages = Paginator(range(listed), PAGE)
    page_obj = pages.get_page(page)
    if page_obj.number != page and listed:
        answer = search(request.user, asked, kind=kind, order=order, page=page_obj.number)
    context = {
        "typed": typed,
        "meant": meant,
        "is_any": is_any,
        "is_all": is_all,
        "called": called,
        "found": shown(request.user, answer.hits, asked),
        "total": answer.total,
        "listed": listed,
        "page_obj": page_obj,
        "kind": kind,
        "kind_label": all_kinds()[kind].label if kind else "",
        "order": order,
        "kinds": [(key, each.label, answer.counts[key]) for key, each in all_kinds().items() if key in answer.counts],
        "has_partnership": bool(standing_of(request.user).partnership_ids),
        "is_search": True,
    }
    return render(request, "partnership/search.html", context)


def chosen(asked):
    """Of which kind and in which order; what nobody offered is left out."""
    kind, order = asked.get("kind", ""), asked.get("order", "")
    return kind if kind in all_kinds() else "", order if order in ORDERS else BEST


def page_of(asked):
    number = asked.get("page", "")
    return min(max(int(number), 1), LAST_PAGE) if number.isascii() and number.isdigit() and len(number) < 6 else 1


def found_by_reference(user, typed):
    if not REFERENCE.fullmatch(typed):
        return []
    return shown(user, numbered_so(user, typed)[:PAGE], question(typed))


def what_was_meant(user, asked, **listed):
    """(the words instead, the question, its answer): the nearest words; where nothing has them, any that were typed."""
    meant = nearest(user, asked.typed)
    other = question(meant)
    answer = search(user, other, **listed)
    if answer.total:
        return meant, other, answer
    some = replace(asked, every=asked.any)
    return "", some, search(user, some, **listed)
