"""What all the returns to one request say together: counted, read side by side, written down, released to members."""

from collections import Counter

from django.db import transaction
from django.db.models import Max

from assurance.given import latest_copies, lines_of
from assurance.levels import levels_of
from assurance.models import AssuranceLevel, ReturnCopy, Scrutiny, SummarySection, ThematicSummary
from assurance.printed import as_objects
from assurance.return_sheet import STANDARD
from partnership.whole_numbers import whole_number

ANYBODY = "An organisation"


class Released(Exception):
    """Members read it: it changes no more unless it is taken back."""


# Writing


@transaction.atomic
def begin_summary(request_record, partnership):
    """The one summary of this request for this partnership."""
    return ThematicSummary.objects.get_or_create(request=request_record, partnership=partnership)[0]


@transaction.atomic
def keep_section(summary, section, **values):
    """Write a section (None: a new one, the last of all). Raises Released."""
    summary = locked(summary)
    if section is None:
        same = summary.sections.filter(**values).first()
        if same:
            return same  # the button was pressed twice
        last = summary.sections.aggregate(last=Max("position"))["last"] or 0
        return summary.sections.create(position=last + 1, **values)
    for name, value in values.items():
        setattr(section, name, value)
    section.save()
    return section


@transaction.atomic
def remove_section(summary, section):
    locked(summary)
    SummarySection.objects.filter(pk=section.pk).delete()


@transaction.atomic
def release(summary, *, by, on):
    """Open it to everybody of the partnership, with what is counted today. Released twice, it is released once."""
    summary = ThematicSummary.objects.select_for_update(of=["self"], no_key=True).get(pk=summary.pk)
    if summary.released_on is None:
        summary.figures = counted(summary)
        summary.released_on, summary.released_by = on, by
        summary.save(update_fields=["figures", "released_on", "released_by"])
    return summary


@transaction.atomic
def take_back(summary):
    """Make it a draft again, to be corrected. That it was released stays in its history."""
    summary = ThematicSummary.objects.select_for_update(of=["self"], no_key=True).get(pk=summary.pk)
    if summary.released_on is not None:
        summary.figures, summary.released_on, summary.released_by = {}, None, None
        summary.save(update_fields=["figures", "released_on", "released_by"])
    return summary


def locked(summary):
    summary = ThematicSummary.objects.select_for_update(of=["self"], no_key=True).get(pk=summary.pk)
    if summary.released_on:
        raise Released
    return summary


# Counting


def copies_of(summary):
    """{return's key: the last copy} of all that was given."""
    copies = ReturnCopy.objects.filter(record__request=summary.request_id, partnership=summary.partnership_id)
    return latest_copies(copies.select_related("record__organisation").order_by("record__organisation__name"))


def figures_of(summary):
    """What was counted on the day of its release; of a draft what is counted now. With names for its keys."""
    return as_objects(summary.figures if summary.released_on else counted(summary))


def counted(summary):
    """JSON: ``given``, ``judged``, ``levels`` (worst first) and ``standards`` with their counts by score. No names."""
    copies = copies_of(summary).values()
    return {
        "given": len(copies),
        **judgements(summary),
        "standards": standards_in(copies, summary.request.standards.scale) if summary.request.standards_id else [],
    }


def judgements(summary):
    own = Scrutiny.objects.filter(record__request=summary.request_id, partnership=summary.partnership_id)
    given = Counter(own.exclude(level=None).order_by().values_list("level", flat=True))
    offered = set(levels_of(summary.partnership).values_list("pk", flat=True))
    levels = AssuranceLevel.objects.filter(pk__in=offered | set(given)).order_by("position", "pk")
    return {
        "judged": sum(given.values()),
        "levels": [{**look_of(level), "count": given[level.pk]} for level in levels],
    }


def look_of(mark):
    """What a page needs to draw a level or a point of a scale."""
    return {name: getattr(mark, name) for name in ("code", "word", "meaning", "token", "shape")}


def standards_in(copies, scale):
    """Of each standard how many organisations gave which score."""
    points = {point.value: look_of(point) for point in scale.points.all()}
    titles, scores = {}, {}
    for copy in copies:
        for line in lines_of(copy):
            if line.is_standard:
                titles[line.key] = line.title
                scores.setdefault(line.key, Counter())[key_of_score(line)] += 1
    found = []
    for key, title in titles.items():
        marks = [
            {"words": words, "point": points.get(score), "count": count}
            for (_place, score, words), count in sorted(scores[key].items(), key=lambda each: order_of(each[0]))
        ]
        found.append({"title": title, "marks": marks})
    return found


def key_of_score(line):
    """(0, score, words), or what stands instead of a score after all scores."""
    if line.score is not None:
        return 0, line.score, line.score_words
    return (1, None, "Does not apply") if line.is_not_applicable else (2, None, "No score")


def order_of(key):
    place, score, _words = key
    return place, score or 0


# Side by side


def questions_of(summary):
    """(key, title) of every question and standard that was asked."""
    titles = {}
    for copy in copies_of(summary).values():
        for line in lines_of(copy):
            titles.setdefault(line.key, line.title)
    return list(titles.items())


def answers_to(summary, key):
    """What each organisation answered: {copy, organisation, line}, by name; those that said nothing are left out."""
    found = []
    for copy in copies_of(summary).values():
        line = next((line for line in lines_of(copy) if line.key == key), None)
        if line and not line.is_silent:
            found.append({"copy": copy, "organisation": copy.record.organisation, "line": line})
    return sorted(found, key=lambda each: each["organisation"].name)


def quote(summary, copy_key, line_key, *, is_named):
    """An answer as words of a summary, from a copy that was given to this partnership; "" for any other."""
    for copy in copies_of(summary).values():
        if str(copy.pk) == copy_key:
            words = next((line.words for line in lines_of(copy) if line.key == line_key), "")
            said_by = copy.record.organisation.name if is_named else ANYBODY
            return f"“{words.strip()}” {said_by}" if words.strip() else ""
    return ""


def question_of(key):
    """The key of the question to which a section belongs; None for a standard."""
    return None if key.startswith(STANDARD) else whole_number(key[1:])


# As a document


def content_of(summary):
    """All that is printed: words, figures and sections by kind."""
    sections = list(summary.sections.all())
    return {
        "title": summary.request.title,
        "whose": summary.partnership.name,
        "colour": summary.partnership.house_colour,
        "released_on": summary.released_on,
        "introduction": summary.introduction,
        "figures": figures_of(summary),
        "parts": [
            {"heading": kind.label, "sections": [each for each in sections if each.kind == kind]}
            for kind in SummarySection.Kind
        ],
    }
