"""What changed between two snapshots, in a few sentences that stand above it all."""

from collections import Counter

from partnership.templatetags.components import sentence_join
from plans.differences import ADDED, MOVED, RE_DATED, RE_LED, RENUMBERED, REWORDED, TAKEN_OUT

DAYS_OF_MONTH = 365.25 / 12
FEWEST_DAYS_AS_MONTHS = 27  # February and most of another: less is said in days
# What became of a row, after "3 deliverables" and after "3".
WORDS = {
    ADDED: "added",
    TAKEN_OUT: "taken out",
    REWORDED: "reworded",
    RE_LED: "with another lead",
    MOVED: "moved",
    RENUMBERED: "renumbered",
}


def summary_of(comparison):
    """Sentences: "3 deliverables added, 1 taken out."; none where nothing changed."""
    activities = list(activities_that_stay_in_place(comparison))
    said = [
        counted(comparison.of("priority"), "priority", "priorities"),
        counted(comparison.of("deliverable"), "deliverable", "deliverables"),
        counted(activities, "activity", "activities"),
        timescales(activities),
        counted(comparison.of("driver"), "driver of the plan", "drivers of the plan"),
        review_dates(comparison.of("review date")),
        ratings(comparison.of("rating")),
        of_the_plan(comparison.of("plan")),
    ]
    return [f"{sentence[0].upper()}{sentence[1:]}." for sentence in said if sentence]


def on_ratings(changed):
    """How much of what changed bears on a rating: (words before the colon, whether there is anything to show)."""
    count, total = sum(row.bears_on_rating for row in changed), len(changed)
    if not count:
        return "None of it bears on a rating", False
    if count == total:
        return "All of it bears on a rating" if total > 1 else "It bears on a rating", True
    return f"{count} of {total} changed rows {'bears' if count == 1 else 'bear'} on a rating", True


def activities_that_stay_in_place(comparison):
    """Those of deliverables that were neither added nor taken out, which are said with all that is in them."""
    for deliverable in comparison.of("deliverable"):
        for row in deliverable.rows:
            if not deliverable.state or not row.state:
                yield row


def counted(rows, one, many):
    """ "3 deliverables added, 1 taken out". A row is counted once for each thing that became of it."""
    counts = Counter(kind for row in rows for kind in kinds_of(row))
    said = [(counts[kind], words) for kind, words in WORDS.items() if counts[kind]]
    return ", ".join(
        f"{count} {one if count == 1 else many} {words}" if at == 0 else f"{count} {words}"
        for at, (count, words) in enumerate(said)
    )


def kinds_of(row):
    """The kinds of a row's changes; a timescale that was only reworded is said among the timescales."""
    return {row.state, *(change.kind for change in row.changes if change.label != "Timescale")} - {""}


def timescales(rows):
    """ "4 timescales moved later by 1 to 3 months, 1 earlier by 10 days"."""
    changes = [change for row in rows for change in row.changes if change.label == "Timescale"]
    dated = [change for change in changes if change.kind == RE_DATED]
    later = [change.days for change in dated if change.days and change.days > 0]
    earlier = [-change.days for change in dated if change.days and change.days < 0]
    others = len(dated) - len(later) - len(earlier)
    reworded = len(changes) - len(dated)
    said = []
    if later:
        said.append((len(later), f"moved later by {span_of(later)}"))
    if earlier:
        said.append((len(earlier), f"moved earlier by {span_of(earlier)}"))
    if others:
        said.append((others, "read in another way"))
    if reworded:
        said.append((reworded, "reworded with the same dates"))
    return ", ".join(
        f"{count} timescale{'' if count == 1 else 's'} {words}" if at == 0 else f"{count} {words}"
        for at, (count, words) in enumerate(said)
    )


def span_of(days):
    """ "1 to 3 months" of a list of days; "10 days to 2 months"; "1 month"."""
    least, most = length_of(min(days)), length_of(max(days))
    if least == most:
        return plural(*least)
    if least[1] == most[1]:
        return f"{least[0]} to {plural(*most)}"
    return f"{plural(*least)} to {plural(*most)}"


def length_of(days):
    """(how many, "day" or "month")."""
    if days < FEWEST_DAYS_AS_MONTHS:
        return days, "day"
    return max(1, round(days / DAYS_OF_MONTH)), "month"


def plural(count, unit):
    return f"{count} {unit}{'' if count == 1 else 's'}"


def review_dates(rows):
    said = counted(rows, "review date", "review dates")
    moved = sum(change.kind == RE_DATED for row in rows for change in row.changes)
    if not moved:
        return said
    return f"{said}, {moved} moved to another day" if said else f"{plural(moved, 'review date')} moved to another day"


def ratings(rows):
    count = sum(row.is_changed for row in rows)
    return f"the meaning of {plural(count, 'rating')} changed" if count else ""


def of_the_plan(rows):
    labels = [change.label for row in rows for change in row.changes]
    return f"of the plan itself: {sentence_join([labels[0], *(each.lower() for each in labels[1:])])}" if labels else ""
