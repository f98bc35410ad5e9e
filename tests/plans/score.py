"""How much of a plan was understood: found against expected, word for word, each kind of thing by itself."""

from collections import Counter


def mean_f1(found, expected):
    """(mean F1 over the kinds of things that either plan has, {kind: (only found, only expected)})."""
    one, two = counted(found), counted(expected)
    scores, misses = [], {}
    for kind in sorted(one.keys() | two.keys()):
        found_ones, expected_ones = one.get(kind, Counter()), two.get(kind, Counter())
        both = (found_ones & expected_ones).total()
        scores.append(2 * both / (found_ones.total() + expected_ones.total()))
        if found_ones != expected_ones:
            misses[kind] = (list(found_ones - expected_ones), list(expected_ones - found_ones))
    return sum(scores) / len(scores), misses


def counted(plan):
    """{kind: Counter of its things}, each with the things it belongs to."""
    things = [(name, plan.get(name)) for name in ("title", "period_start", "period_end", "version") if plan.get(name)]
    for priority in plan["priorities"]:
        own = priority["title"]
        things.append(("priority", (priority["ref"], own)))
        things += [("rationale", (own, text)) for text in priority["rationale"]]
        things += [("outcome", (own, text)) for text in priority["outcomes"]]
        for row in priority["deliverables"]:
            at = (own, row["title"])
            things.append(("deliverable", (*at, row["ref"])))
            things += [("lead", (*at, lead["partnership"], lead["text"])) for lead in row["leads"]]
            things += [("other partnership", (*at, text)) for text in row["other_partnerships"]]
            things += [("evidence", (*at, text)) for text in row["evidence_measures"]]
            for each in row["activities"]:
                here = (*at, each["text"])
                things.append(("activity", here))
                things.append(("timescale kind", (*here, each["kind"])))
                days = (day if isinstance(day, str) else day["due"] for day in each["dates"])
                things += [("date", (*here, day)) for day in days]
    found = {}
    for kind, thing in things:
        found.setdefault(kind, Counter())[thing] += 1
    return found
