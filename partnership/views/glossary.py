"""The glossary: read by the people of a partnership, kept by its office."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.changes import names_of_people, person
from partnership.forms import lock_and_refresh
from partnership.glossary import add_usual_terms, by_letter, missing_usual_terms, with_words
from partnership.glossary_forms import GlossaryTermForm
from partnership.lists import LONGEST_WORDS, MOST_WORDS, own_partnerships
from partnership.models import GlossaryTerm, Partnership
from partnership.standing import standing_of

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def glossary(request):
    """The terms of all of one's partnerships from A to Z, or those that have the words asked for."""
    typed = request.GET.get("q", "")[:LONGEST_WORDS].strip()
    terms = list(GlossaryTerm.objects.visible_to(request.user).select_related("partnership"))
    letters = by_letter(with_words(terms, typed.split()[:MOST_WORDS]))
    partnerships = list(own_partnerships(request))
    office_ids = standing_of(request.user).office_ids
    kept = [each for each in partnerships if each.pk in office_ids]
    context = {
        "typed": typed,
        "letters": letters,
        "line_count": sum(len(lines) for _letter, lines in letters),
        "has_any": bool(terms),
        "partnership_count": len(partnerships),
        "kept": kept,
        "office_ids": office_ids,
        "usual": [(each, len(missing_usual_terms(each, terms))) for each in kept],
        "removed": removed_from(kept),
    }
    return render(request, "partnership/glossary.html", context)


def removed_from(partnerships):
    """(the term as it was, when it was removed, by whom) of each that is gone."""
    events = GlossaryTerm.pgh_event_model.objects.filter(partnership__in=partnerships, pgh_label="delete")
    events = list(events.select_related("pgh_context").order_by("-pgh_id"))
    names = names_of_people(events)
    return [(event, event.pgh_created_at, person(event, names)) for event in events]


@asks_and_answers
def add_term(request, pk):
    partnership = get_permitted(request.user, Partnership, "office", pk=pk)
    if request.method == "POST":
        lock_and_refresh(partnership)  # or two who save at once would both find the term free
    return ask(request, GlossaryTerm(partnership=partnership), "Add a term")


@asks_and_answers
def change_term(request, pk):
    term = get_permitted(request.user, GlossaryTerm, "change", pk=pk)
    if request.method == "POST":
        lock_and_refresh(term.partnership)
    return ask(request, term, f"Change “{term}”")


def ask(request, term, heading):
    form = GlossaryTermForm(request.POST or None, instance=term, cancel_url=reverse("partnership:glossary"))
    if form.is_valid():
        saved = form.save()
        messages.success(request, f"“{saved}” is saved.")
        return redirect(saved)
    context = {"form": form, "heading": heading, "term": term, "crumbs": crumbs(heading)}
    return render(request, "partnership/glossary_form.html", context, status=form.status)


@asks_and_answers
def remove_term(request, pk):
    term = get_permitted(request.user, GlossaryTerm, "change", pk=pk)
    if request.method == "POST":
        term.delete()
        messages.success(request, f"“{term}” is removed from the glossary.")
        return redirect("partnership:glossary")
    context = {"term": term, "crumbs": crumbs("Remove a term")}
    return render(request, "partnership/glossary_remove.html", context)


@require_POST
def add_usual(request, pk):
    partnership = get_permitted(request.user, Partnership, "office", pk=pk)
    count = add_usual_terms(partnership)
    if count:
        messages.success(
            request, f"{count} {'term is' if count == 1 else 'terms are'} added. They are yours to change."
        )
    else:
        messages.success(request, "Every usual term is in the glossary already.")
    return redirect("partnership:glossary")


def crumbs(last):
    return [("Help", reverse("partnership:help")), ("Glossary", reverse("partnership:glossary")), (last, None)]


patterns = [
    path("glossary/", glossary, name="glossary"),
    path("partnerships/<int:pk>/glossary/add/", add_term, name="glossary-add"),
    path("partnerships/<int:pk>/glossary/usual/", add_usual, name="glossary-usual"),
    path("glossary/<int:pk>/change/", change_term, name="glossary-change"),
    path("glossary/<int:pk>/remove/", remove_term, name="glossary-remove"),
]
