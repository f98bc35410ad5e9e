"""Which rows of two snapshots are the same row.

Within one plan a row is known by its key. Between two plans it is known by what it was carried from;
a row that was written anew is the same where its words are equal, and nearly equal words are not
enough: "Receive assurance … that children living with domestic abuse …" and "Receive assurance … that
children at risk outside the home …" share two words in three and are two promises. Activities have no
such trail, but stand inside a promise that is known already, so there nearly equal words are enough.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import product

from partnership.wording import likeness, words_in

# Of two activities of one promise, the share of words that stayed. At 0.6 "Carry out multi-agency audit" and
# "Carry out single agency audits" were one activity, and at 0.66 "Agree one pre-birth checklist" and "Agree one
# discharge checklist"; from 0.78 on, one whose every third word was rewritten ("in two units" to "in both
# units, and report") was told as two.
LIKE_ENOUGH = 0.7


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows, each way: ``later[key before]`` and ``earlier[key after]`` are the other's key."""

    later: dict
    earlier: dict

    @classmethod
    def of(cls, pairs):
        pairs = list(pairs)
        return cls(dict(pairs), {after: before for before, after in pairs})


def pair_priorities(before, after, deliverables):
    """``before`` and ``after``: the priorities of two snapshots; ``deliverables``: Pairs of those within them.

    Between two plans, two priorities that are left and share most of a pair's deliverables are one,
    under another name.
    """
    found = paired(before, after)
    old_home = homes(before, except_for=dict(found))
    new_home = homes(after, except_for={key for _before, key in found})
    shared = Counter(
        (old_home[old], new_home[new]) for old, new in deliverables.later.items() if old in old_home and new in new_home
    )
    for pair, _count in shared.most_common():
        if not any(pair[0] == old or pair[1] == new for old, new in found):
            found.append(pair)
    return Pairs.of(found)


def homes(priorities, *, except_for):
    """{a deliverable's key: its priority's key}, but for the priorities ``except_for``."""
    return {
        row["key"]: priority["key"]
        for priority in priorities
        if priority["key"] not in except_for
        for row in priority["deliverables"]
    }


def pair_rows(before, after):
    """Pairs of rows between two plans: by what they were carried from (either way), then by equal titles."""
    return Pairs.of(paired(before, after))


def paired(before, after):
    found = carried(before, after)
    old_left, new_left = left_of(before, after, found)
    return found + equal(old_left, new_left, text_of=lambda row: row["title"])


def carried(before, after):
    """Pairs of which one was carried from the other. Of several carried from one, the first is it."""
    found = {}
    ours = {row["key"] for row in before}
    for row in after:
        if row["carried_from"] in ours:
            found.setdefault(row["carried_from"], row["key"])
    theirs = {row["key"] for row in after} - set(found.values())
    for row in before:  # the newer plan was named first
        if row["carried_from"] in theirs and row["key"] not in found:
            found[row["key"]] = row["carried_from"]
            theirs.discard(row["carried_from"])
    return list(found.items())


def pair_by_key(before, after):
    """Pairs of rows of one plan."""
    return Pairs.of((key, key) for key in {row["key"] for row in before} & {row["key"] for row in after})


def pair_texts(before, after, *, text_of):
    """Pairs of rows by their words alone: equal ones first, then the most alike that are alike enough."""
    found = equal(before, after, text_of=text_of)
    old_left, new_left = left_of(before, after, found)
    likely = [(likeness(text_of(old), text_of(new)), old, new) for old, new in product(old_left, new_left)]
    likely.sort(key=lambda each: each[0], reverse=True)  # equally alike ones stay in the order of the plan
    for ratio, old, new in likely:
        if ratio >= LIKE_ENOUGH and not any(old["key"] == one or new["key"] == other for one, other in found):
            found.append((old["key"], new["key"]))
    return Pairs.of(found)


def equal(before, after, *, text_of):
    """Pairs of rows whose words are the same, in order where several say the same; marks count for nothing."""
    waiting = defaultdict(list)
    for row in before:
        waiting[tuple(words_in(text_of(row)))].append(row["key"])
    found = []
    for row in after:
        same = waiting.get(tuple(words_in(text_of(row))))
        if same:
            found.append((same.pop(0), row["key"]))
    return found


def left_of(before, after, found):
    """The rows of each side that ``found`` says nothing of."""
    old, new = {one for one, _other in found}, {other for _one, other in found}
    return [row for row in before if row["key"] not in old], [row for row in after if row["key"] not in new]


def out_of_order(pairs):
    """Of pairs in the order of the newer side, the newer keys that changed places.

    ``pairs``: [(place before, key after)]. Those that stayed are the longest run in the old order, so
    that one row moved to the top is one row moved, and not all the others.
    """
    lengths, previous = [], []
    for at, (place, _key) in enumerate(pairs):
        best = max(
            (earlier for earlier in range(at) if pairs[earlier][0] < place),
            key=lambda earlier: lengths[earlier],
            default=None,
        )
        lengths.append(1 if best is None else lengths[best] + 1)
        previous.append(best)
    stayed, at = set(), max(range(len(pairs)), key=lambda each: lengths[each], default=None)
    while at is not None:
        stayed.add(at)
        at = previous[at]
    return {key for at, (_place, key) in enumerate(pairs) if at not in stayed}
