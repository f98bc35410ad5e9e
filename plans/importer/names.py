"""Names and years that disagree within one plan, which a person should see.

Real plans name one group two ways, and cite editions of guidance that don't exist. We change nothing,
we point at it.
"""

import re
from collections import defaultdict

# GOV.UK: the editions of "Working Together to Safeguard Children".
WORKING_TOGETHER_EDITIONS = {1999, 2006, 2010, 2013, 2015, 2018, 2023, 2026}
_CITED = re.compile(r"\bWorking Together(?: to Safeguard Children)?,? \(?(\d{4})\b", re.IGNORECASE)
EDITION_DOUBT = re.compile(r"There is no (\d{4}) edition of Working Together")
_SPAN = re.compile(r"\b(?P<begins>20\d\d)(?P<mark>\s?[/–-]\s?)(?P<ends>20\d\d|\d\d)\b(?![/–-]\d)")
# Only where it is said of the plan itself: last year's plan has another year, and rightly so.
_OWN_SPAN = re.compile(r"\b[Tt]his (?:[a-z]+ ){0,2}plan (?:[a-z]+ ){0,3}" + _SPAN.pattern)
_MONTH = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December) ((?:19|20)\d\d)\b"
)
FAR = 3  # years before the plan begins or after it ends
_GROUP = re.compile(
    r"\b((?:[A-Z][\w’'-]{0,30},? |and |& |of |for ){1,8}"
    r"(?:[Gg]roup|[Ss]ub-?group|[Bb]oard|[Cc]ommittee|[Pp]anel|[Ff]orum|[Nn]etwork))s?\b"
)
_NOT_PART_OF_NAME = re.compile(
    r"^(?:(?:Chair|Vice Chair|Deputy Chair|Member|Lead) of |The |Chair:? |and |& |of |for )+"
)
MOST_NAMES = 300  # far more than any plan names
_SMALL = {"and", "of", "the", "for"}


def doubts_about_names(plan):
    """Doubts on names and years; ``plan`` has its period."""
    texts = list(_texts(plan))
    everywhere = list(texts_of(plan))
    return [*_names_twice(texts), *_editions(everywhere), *_years(plan), *_far_dates(everywhere, plan)]


def texts_of(plan):
    """(place, text) of every text of the plan, its front and its priorities' own among them."""
    yield "title", plan["title"] or ""
    yield "context", plan["context"] or ""
    for kind in ("cross_cutting", "priorities"):
        for at, priority in enumerate(plan.get(kind, [])):
            here = f"{kind}/{at}"
            yield f"{here}/title", priority["title"] or ""
            yield f"{here}/note", "\n".join(filter(None, [priority.get("note"), *priority.get("text", [])]))
            yield f"{here}/rationale", "\n".join(priority.get("rationale", []))
            yield f"{here}/outcomes", "\n".join(priority.get("outcomes", []))
    yield from _texts(plan)


def _texts(plan):
    """(place, text) of everything in the plan that a name can stand in."""
    for p, priority in enumerate(plan["priorities"]):
        for d, deliverable in enumerate(priority["deliverables"]):
            at = f"priorities/{p}/deliverables/{d}"
            yield at, "\n".join(filter(None, [deliverable["title"], deliverable["description"]]))
            for n, lead in enumerate(deliverable["leads"]):
                yield f"{at}/leads/{n}", lead["text"]
            for n, activity in enumerate(deliverable["activities"]):
                yield f"{at}/activities/{n}/text", activity["text"]


def _names_twice(texts):
    """Two names so alike that they may be one group: each place of the rarer one is doubted."""
    places, spelled = defaultdict(list), {}
    for at, text in texts:
        for match in _GROUP.finditer(text):
            name = _NOT_PART_OF_NAME.sub("", match.group(1))
            words = _words(name)
            if len(words) > 1:
                places[words].append(at)
                spelled.setdefault(words, name)
    names = list(places)[:MOST_NAMES]
    for place, one in enumerate(names):
        for two in names[place + 1 :]:
            if _are_alike(one, two, spelled):
                usual, rare = sorted((one, two), key=lambda words: -len(places[words]))
                says = f"“{spelled[rare]}” may be the same as “{spelled[usual]}”, named elsewhere in this plan."
                for at in dict.fromkeys(places[rare]):
                    yield {"at": at, "says": says}


def _words(name):
    plain = name.replace("&", " and ").casefold().replace("sub-group", "subgroup")
    return tuple(word for word in re.findall(r"[\w’'-]+", plain) if word not in _SMALL)


def _are_alike(one, two, spelled):
    """The same words in another order, one word put for another, or one left out of a pair."""
    if one[-1] != two[-1]:
        return False
    if sorted(one) == sorted(two):
        return True
    short, long = sorted((one, two), key=len)
    if len(short) == len(long) >= 3:
        changed = [(a, b) for a, b in zip(short, long, strict=True) if a != b]
        return len(changed) == 1 and changed[0][0][0] == changed[0][1][0] and not _has_acronym(changed[0], spelled)
    if len(long) == len(short) + 1 and set(short) < set(long):
        left_out = next(word for word in long if word not in short)
        joined = rf"\b{re.escape(left_out)} (?:and|&)\s|(?:and|&) {re.escape(left_out)}\b"
        return bool(re.search(joined, spelled[long], re.IGNORECASE))
    return False


def _has_acronym(words, spelled):
    """ "LRSCP Case Review Group" and "LSCPB Case Review Group" are two groups."""
    text = " ".join(spelled.values())
    return any(re.search(rf"\b{re.escape(word.upper())}\b", text) for word in words)


def _editions(texts):
    for at, text in texts:
        for year in sorted({int(match.group(1)) for match in _CITED.finditer(text)}):
            if year not in WORKING_TOGETHER_EDITIONS:
                yield {"at": at, "says": f"There is no {year} edition of Working Together. Check which one is meant."}


def _years(plan):
    """ "This plan for 2019/20" of a plan for 2020 to 2021."""
    first, last = (int(plan[name][:4]) for name in ("period_start", "period_end"))
    for at, text in (("title", plan["title"] or ""), ("context", plan["context"] or "")):
        spans = _SPAN.finditer(text) if at == "title" else _OWN_SPAN.finditer(text)
        for match in spans:
            begins, ends = int(match["begins"]), int(match["ends"])
            ends += begins // 100 * 100 if ends < 100 else 0
            if ends - begins in range(1, 6) and (begins, ends) != (first, last):
                said = f"{match['begins']}{match['mark']}{match['ends']}"
                says = f"It says {said} here, and the plan runs from {first} to {last}. Check which of them is right."
                yield {"at": at, "says": says}


def _far_dates(texts, plan):
    """A month of a year that is far from the plan, in its texts: most likely a slip, or left from an older plan."""
    first, last = (int(plan[name][:4]) for name in ("period_start", "period_end"))
    for at, text in texts:
        for match in _MONTH.finditer(text):
            year = int(match[2])
            if year < first - FAR or year > last + FAR:
                says = f"“{match.group()}” is years from this plan. Check that it is meant."
                yield {"at": at, "says": says}
