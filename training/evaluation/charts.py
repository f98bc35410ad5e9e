"""Evaluations in words, and as numbers that a template turns into SVG and the table beside it."""

from dataclasses import dataclass

from training.evaluation.forms import CONFIDENT, USEFUL
from training.models import Evaluation

CHANGED = Evaluation.Changed.labels
ROW = 54  # pixels: a line of words and a bar
ROOM_FOR_NUMBER = 5  # per cent of the width


@dataclass(frozen=True)
class Segment:
    x: float
    width: float
    middle: float
    shade: int
    number: str


@dataclass(frozen=True)
class Bar:
    name: str
    spread: object
    segments: list
    cells: list  # (the answer, how many chose it)
    y: int
    has_mean: bool

    @property
    def words(self):
        people = f"{self.spread.count} people"
        return f"{self.name}: {people}, mean {self.spread.mean}" if self.has_mean else f"{self.name}: {people}"

    @property
    def bar_y(self):
        return self.y + 8


@dataclass(frozen=True)
class Drawing:
    """``answers``: (shade, words) of each answer, as the key and the table's headings say them."""

    id: str
    title: str
    answers: list
    bars: list
    has_mean: bool

    @property
    def height(self):
        return ROW * len(self.bars)

    @property
    def words(self):
        told = []
        for bar in self.bars:
            said = [f"{words}, {count}" for words, count in bar.cells]
            told.append(f"{bar.words}: {'; '.join(said)}.")
        return " ".join(told)


def drawing(key, title, words, rows, *, has_mean=True, shades=(1, 2, 3, 4, 5)):
    """``rows``: (name, Spread or None); None where nothing is told of any."""
    told = [(name, spread) for name, spread in rows if spread is not None and spread.count]
    bars = [
        Bar(
            name,
            spread,
            segments=segments_of(spread, shades),
            cells=list(zip(words, spread.counts, strict=True)),
            y=place * ROW + 18,
            has_mean=has_mean,
        )
        for place, (name, spread) in enumerate(told)
    ]
    return Drawing(key, title, list(zip(shades, words, strict=True)), bars, has_mean) if bars else None


def segments_of(spread, shades):
    segments, x = [], 0.0
    for count, shade in zip(spread.counts, shades, strict=True):
        width = 100 * count / spread.count
        if count:
            number = str(count) if width >= ROOM_FOR_NUMBER else ""
            segments.append(Segment(round(x, 2), round(width, 2), round(x + width / 2, 2), shade, number))
        x += width
    return segments


def drawings_of(figures):
    """What is told, as drawings; a list that can be empty."""
    numbered = [[f"{number} {said}" for number, said in enumerate(words, start=1)] for words in (CONFIDENT, USEFUL)]
    both = []
    for pairs, later in ((figures.learned, "straight after"), (figures.kept, "some weeks later")):
        if pairs:
            both += [
                (f"Before (those who also answered {later})", pairs.earlier),
                (f"The same people {later}", pairs.later),
            ]
    found = [
        drawing("pairs", "Confidence of the same people, before and since", numbered[0], both),
        drawing("usefulness", "How useful it was", numbered[1], [("Straight after", figures.after.usefulness)]),
        drawing(
            "changed",
            "Whether practice changed",
            CHANGED,
            [("Practitioners, some weeks later", figures.later.changed), ("Their managers", figures.manager.changed)],
            has_mean=False,
            shades=(5, 4, 2, 1),
        ),
    ]
    if figures.event_count == 1:  # of several it would be of other people each time
        everybody = [(each.name, each.confidence) for each in figures.stages]
        found.insert(1, drawing("confidence", "Confidence of everybody who answered", numbered[0], everybody))
    return [each for each in found if each]


def in_words(figures):
    """Sentences that say what is told, for pages and reports."""
    told = []
    for stage, of in ((figures.after, "Straight after"), (figures.later, "Some weeks later")):
        if stage.asked_count:
            came = f", which is {stage.came_share} per cent of those who came" if stage.came_count else ""
            told.append(
                f"{of}, {stage.answered_count} of {stage.asked_count} who were asked answered "
                f"({stage.asked_share} per cent){came}."
            )
    for pairs, when in ((figures.learned, "straight after"), (figures.kept, "some weeks later")):
        if pairs:
            told.append(
                f"Of {pairs.count} people who said how confident they were before and {when}, {pairs.more_count} were "
                f"more confident, {pairs.same_count} as confident and {pairs.less_count} less: the mean went from "
                f"{pairs.earlier.mean} to {pairs.later.mean} of 5."
            )
    changed = figures.later.changed
    if changed:
        yes, partly, not_yet, no = changed.counts
        told.append(
            f"Of {changed.count} people, {yes} said that their practice has changed, {partly} partly, "
            f"{not_yet} not yet and {no} that it has not."
        )
    if figures.manager.changed:
        yes, partly, *_ = figures.manager.changed.counts
        told.append(
            f"Of {figures.manager.changed.count} managers who answered, {yes} saw it changed and {partly} partly."
        )
    if figures.manager.agreement_count:
        count = figures.manager.agreement_count
        told.append(f"Where both can be compared, {figures.manager.agree_count} of {count} managers said the same.")
    return told
