"""What differs between two versions of a report: words, evidence and figures, section by section.

Both are plain data (``annual.content``), so a version of years ago is compared with the words as they are.
"""

from collections import Counter
from dataclasses import dataclass

from partnership.wording import whole
from plans.differences import (
    ADDED,
    REWORDED,
    TAKEN_OUT,
    Change,
    Line,
    beside,
    facts,
    swapped,
    text_change,
)

EVIDENCE = "Evidence"
NAMED = 5  # so many parts are named; more are counted


@dataclass(frozen=True)
class Part:
    """A part of the report that differs. ``state``: added, taken-out or "" for one that both have."""

    title: str
    state: str
    told_changes: tuple

    @property
    def word(self):
        return {ADDED: "Added", TAKEN_OUT: "Taken out"}.get(self.state, "Changed")


@dataclass(frozen=True)
class Differences:
    parts: list
    figures: list  # Changes
    same: list  # titles

    @property
    def is_empty(self):
        return not (self.parts or self.figures)

    @property
    def summary(self):
        """In a few sentences."""
        said = []
        if self.figures:
            said.append(f"{counted(len(self.figures), 'figure')} of the year differ{'s' * (len(self.figures) == 1)}.")
        for state, words in (("", "changed"), (ADDED, "added"), (TAKEN_OUT, "taken out")):
            titles = [part.title for part in self.parts if part.state == state]
            if titles:
                named = f": {'; '.join(titles)}" if len(titles) <= NAMED else ""
                said.append(f"{counted(len(titles), 'part')} {words}{named}.")
        evidence = Counter(
            change.kind for part in self.parts for change in part.told_changes if change.label.startswith(EVIDENCE)
        )
        if evidence[ADDED]:
            said.append(f"{counted(evidence[ADDED], 'piece')} of evidence taken into the report.")
        if evidence[TAKEN_OUT]:
            said.append(f"{counted(evidence[TAKEN_OUT], 'piece')} of evidence dropped.")
        return said


def counted(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


# Told by themselves, or of no interest to a reader: how things are drawn, numbered and dated.
ELSEWHERE = {
    "dated",
    "dated_on",
    "figures",
    "foreword",
    "house",
    "name_lines",
    "published_without",
    "round_count",
    "sections",
    "signatures",
    "title",
    "used_figures",
    "version",
}
MOST_PAIRS = 2500  # beyond it, lines are told as taken out and put in: which of them are alike takes too long
LABELS = {
    "changes": "What this edition corrects",
    "in_short": "The year in short",
    "rating_charts": "Ratings, round by round",
    "keys": "What the ratings mean",
    "plans": "The plan, as an appendix",
    "rules": "The rules behind the headings",
    "members": "Members",
    "words": "Words we use",
    "bodies": "The bodies on the cover",
    "edition": "Edition",
}
DRAWN = {
    "anchor",
    "code",
    "drawing",
    "edge",
    "figure",
    "fill",
    "image",
    "is_continued",
    "is_required",
    "kind",
    "letter",
    "meaning",
    "number",
    "shape",
    "source_room",
    "table",
    "token",
}


def compare(before, after):
    """The Differences between two contents, section by section."""
    pairs = paired_sections(before["sections"], after["sections"])
    parts = [part_of_report("Foreword", before, after, "foreword")]
    parts += [part_of_sections(old, new) for old, new in pairs]
    rest = [key for key in dict.fromkeys([*before, *after]) if key not in ELSEWHERE]
    parts += [part_of_report(LABELS.get(key, in_words(key)), before, after, key) for key in rest]
    titles = [new["title"] for old, new in pairs if old and new]
    differing = {part.title for part in parts if part}
    return Differences(
        parts=[part for part in parts if part],
        figures=changed_figures(before.get("figures", []), after.get("figures", [])),
        same=[title for title in titles if title not in differing],
    )


def in_words(key):
    return key.replace("_", " ").capitalize()


def paired_sections(before, after):
    """[(before, after)] in the order of after, those taken out where they stood last; by rule and title."""
    left = list(before)
    pairs = []
    for new in after:
        old = next((each for each in left if each["title"] == new["title"]), None)
        old = old or next((each for each in left if is_same_duty(each, new)), None)
        if old:
            left.remove(old)
        pairs.append((old, new))
    return [*pairs, *((old, None) for old in left)]


def is_same_duty(one, other):
    """A heading that was renamed answers the same duty still."""
    return one["is_required"] and one["source"] == other["source"]


def part_of_sections(old, new):
    if old is None or new is None:
        section, state = (new, ADDED) if old is None else (old, TAKEN_OUT)
        told = facts(
            state,
            ("Opening", [section.get("standfirst", "")]),
            ("Words", texts_of(section.get("paragraphs", []))),
            (EVIDENCE, evidence_in(section).values()),
        )
        return Part(section["title"], state, told)
    changes = [
        text_change("Heading", old["title"], new["title"]),
        text_change("Opening", old.get("standfirst", ""), new.get("standfirst", "")),
        lines_that_differ("Words", texts_of(old.get("paragraphs", [])), texts_of(new.get("paragraphs", []))),
        *changed_evidence(evidence_in(old), evidence_in(new)),
    ]
    known = {"title", "standfirst", "paragraphs", "evidence", "source", "anchor"}
    for key in [key for key in dict.fromkeys([*old, *new]) if key not in known | DRAWN]:
        label = "Tables and boxes" if key == "blocks" else in_words(key)
        changes.append(lines_that_differ(label, texts_of(old.get(key)), texts_of(new.get(key))))
    return Part(new["title"], "", tuple(filter(None, changes))) if any(changes) else None


def part_of_report(title, before, after, key):
    change = lines_that_differ("Words", texts_of(before.get(key)), texts_of(after.get(key)))
    return Part(title, "", (change,)) if change else None


def texts_of(value):
    """Every text that ``value`` (plain data) prints, in order; a row of a table is one line."""
    if isinstance(value, list):
        return [text for each in value for text in texts_of(each)]
    if isinstance(value, dict):
        shown = {key: each for key, each in value.items() if key not in DRAWN}
        if shown and all(not isinstance(each, (list, dict)) for each in shown.values()):
            line = " · ".join(str(each) for each in shown.values() if each not in ("", None, False, True))
            return [line] if line else []
        return [text for each in shown.values() for text in texts_of(each)]
    return [] if value in ("", None, False, True) else [str(value)]


def lines_that_differ(label, before, after):
    """A Change with the lines alone that one side has and the other has not, or has in other words."""
    went, came = Counter(before) - Counter(after), Counter(after) - Counter(before)
    old, new = picked(before, went), picked(after, came)
    if len(old) * len(new) > MOST_PAIRS:
        went, came = (
            tuple(Line(whole(kind, text)) for text in side) for kind, side in (("removed", old), ("added", new))
        )
        return Change(kind_of(old, new), label, went, came)
    if old or new:
        return Change(kind_of(old, new), label, *beside(old, new))
    if before != after:
        return Change(REWORDED, label, says=("The same lines stand in another order.",))
    return None


def kind_of(old, new):
    return REWORDED if old and new else ADDED if new else TAKEN_OUT


def picked(lines, counts):
    counts = Counter(counts)
    found = []
    for line in lines:
        if counts[line]:
            counts[line] -= 1
            found.append(line)
    return found


def evidence_in(section):
    """{reference: what is printed} of a section's evidence, which is parted for the page."""
    found = {}
    for each in flat(section.get("evidence", [])):
        found[each.get("reference", "")] = " ".join(texts_of({**each, "reference": ""}))
    return found


def flat(value):
    return [each for part in value for each in flat(part)] if isinstance(value, list) else [value]


def changed_evidence(before, after):
    for reference, text in before.items():
        if reference not in after:
            yield from facts(TAKEN_OUT, (f"{EVIDENCE} {reference}", [text]))
    for reference, text in after.items():
        if reference not in before:
            yield from facts(ADDED, (f"{EVIDENCE} {reference}", [text]))
        else:
            yield text_change(f"{EVIDENCE} {reference}", before[reference], text)


def changed_figures(before, after):
    """The figures of the year's one page that are others now, or new, or gone."""
    old, new = ({each["words"]: said_figure(each) for each in side} for side in (before, after))
    return [
        swapped(REWORDED, f"{words[:1].upper()}{words[1:]}", old.get(words, ""), new.get(words, ""))
        for words in dict.fromkeys([*old, *new])
        if old.get(words) != new.get(words)
    ]


def said_figure(figure):
    return f"{figure['value']} of {figure['of']}" if figure.get("of") else figure["value"]
