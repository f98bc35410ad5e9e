"""The risk register: words of the matrix, raising a risk, looking at it again, sharing and closing it."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from assurance.models import Risk, RiskBand, RiskStep
from assurance.models.risks import HIGHEST
from partnership.models import Partnership

NUMBER = re.compile(r"(\d+)$")
STEP_FIELDS = ["word", "meaning"]
BAND_FIELDS = ["lowest", "word", "meaning", "review_days", "token", "shape"]


def next_ref(records, letter):
    """``letter`` and one more than the highest number that the ref of any of ``records`` ends with."""
    found = (NUMBER.search(ref) for ref in records.values_list("ref", flat=True))
    return f"{letter}{max((int(number[1]) for number in found if number), default=0) + 1}"


def lock_partnership(partnership):
    """Nobody else draws a ref or changes the words of its matrix before this ends."""
    Partnership.objects.select_for_update(of=["self"], no_key=True).get(pk=partnership.pk)


# The matrix


@dataclass(frozen=True)
class Matrix:
    """The words by which a partnership calls its risks. ``steps``: {axis: {number: step}}; bands, the lowest first."""

    steps: dict
    bands: list
    is_own: bool

    @property
    def likelihoods(self):
        return self.steps.get(RiskStep.Axis.LIKELIHOOD, {})

    @property
    def impacts(self):
        return self.steps.get(RiskStep.Axis.IMPACT, {})

    def band(self, score):
        """The band of a score of 1 to 25; None for no score."""
        return next((band for band in reversed(self.bands) if score and score >= band.lowest), None)

    def range_of(self, band):
        """(lowest, highest) score that is called so."""
        above = [each.lowest for each in self.bands if each.lowest > band.lowest]
        return band.lowest, min(above, default=HIGHEST * HIGHEST + 1) - 1


def matrices_of(partnership_ids):
    """{partnership's key: its Matrix}, of its own words or else of those that everybody begins with. Two queries."""
    steps, bands = {}, {}
    for step in RiskStep.objects.offered_to(partnership_ids):
        steps.setdefault(step.partnership_id, {}).setdefault(step.axis, {})[step.number] = step
    for band in RiskBand.objects.offered_to(partnership_ids).order_by("lowest"):
        bands.setdefault(band.partnership_id, []).append(band)
    usual_steps, usual_bands = steps.get(None, {}), bands.get(None, [])
    return {
        pk: Matrix(steps.get(pk, usual_steps), bands.get(pk, usual_bands), is_own=pk in steps or pk in bands)
        for pk in partnership_ids
    }


def called(word, matrices):
    """The condition that a risk (``with_latest``) is in the band of that word, in its own partnership's matrix."""
    found = Q(pk=None)
    for pk, matrix in matrices.items():
        for band in matrix.bands:
            if band.word == word:
                found |= Q(partnership=pk, score__range=matrix.range_of(band))
    return found


def matrix_of(partnership):
    return matrices_of([partnership.pk])[partnership.pk]


@transaction.atomic
def keep_matrix(partnership, *, steps, bands):
    """Give it words of its own. ``steps``: {(axis, number): {word, meaning}}; ``bands``: dicts of BAND_FIELDS."""
    lock_partnership(partnership)
    for (axis, number), words in steps.items():
        step, _ = RiskStep.objects.get_or_create(partnership=partnership, axis=axis, number=number, defaults=words)
        if any(getattr(step, name) != words[name] for name in STEP_FIELDS):
            RiskStep.objects.filter(pk=step.pk).update(**words)
    own = RiskBand.objects.filter(partnership=partnership)
    wanted = sorted(bands, key=lambda band: band["lowest"])
    if list(own.order_by("lowest").values(*BAND_FIELDS)) != wanted:
        own.delete()
        RiskBand.objects.bulk_create(RiskBand(partnership=partnership, **band) for band in wanted)


@transaction.atomic
def use_usual_matrix(partnership):
    """Take its own words away, so that those everybody begins with are used again; the history keeps them."""
    lock_partnership(partnership)
    for model in (RiskStep, RiskBand):
        model.objects.filter(partnership=partnership).delete()


def next_review(partnership, *, score, on):
    """The day on which a risk of that score is looked at again, by its band."""
    band = matrix_of(partnership).band(score)
    return on + timedelta(days=band.review_days if band else 91)


# What happens to a risk


@transaction.atomic
def add_risk(partnership, *, likelihood, impact, priorities, by, at, **fields):
    """(the risk, whether it is new), with its first look; the next ref is drawn. Sent twice, it is one."""
    lock_partnership(partnership)
    same = Risk.objects.open().filter(partnership=partnership, **fields).first()
    if same:
        return same, False
    ref = next_ref(Risk.objects.filter(partnership=partnership), "R")
    risk = Risk.objects.create(partnership=partnership, ref=ref, **fields)
    risk.priorities.set(priorities)
    risk.reviews.create(
        reviewed_on=risk.raised_on, likelihood=likelihood, impact=impact, reviewed_by=by, reviewed_at=at
    )
    return risk, True


@transaction.atomic
def review_risk(risk, *, reviewed_on, likelihood, impact, text, next_review_on, by, at):
    """What it was found to be on a day, and when it is looked at next. The same look sent twice is one.

    Raises ValidationError where it is closed.
    """
    risk = locked(risk)
    if risk.closed_on:
        raise ValidationError("This risk is closed. Open it again first")
    said = {"reviewed_on": reviewed_on, "likelihood": likelihood, "impact": impact, "text": text, "reviewed_by": by}
    last = risk.reviews.first()
    if last is None or any(getattr(last, name) != value for name, value in said.items()):
        last = risk.reviews.create(reviewed_at=at, **said)
    risk.next_review_on = next_review_on
    risk.save(update_fields=["next_review_on"])
    return last


def locked(risk):
    return Risk.objects.select_for_update(of=["self"], no_key=True).get(pk=risk.pk)


@transaction.atomic
def close_risk(risk, *, because, on):
    """Close it with the reason; closed already, the reason said first stands."""
    risk = locked(risk)
    if risk.closed_on is None:
        risk.closed_on, risk.closed_because = on, because
        risk.save(update_fields=["closed_on", "closed_because"])


@transaction.atomic
def reopen_risk(risk, *, on):
    """It is a risk again, to be looked at today. Why it was closed stays in its history."""
    risk = locked(risk)
    if risk.closed_on:
        risk.closed_on, risk.closed_because, risk.next_review_on = None, "", on
        risk.save(update_fields=["closed_on", "closed_because", "next_review_on"])


# What pages show


def trend_of(reviews):
    """How the score moved from the look before, in words. ``reviews``: the newest first."""
    if not reviews:
        return "Nobody has looked at it yet"
    now = reviews[0].score
    if len(reviews) == 1:
        return "Looked at once"
    before = reviews[1].score
    if now > before:
        return f"Worse than at the last look: {now}, it was {before}"
    if now < before:
        return f"Better than at the last look: {now}, it was {before}"
    same = next((n for n, each in enumerate(reviews) if each.score != now), len(reviews))
    return f"The same at the last {same} looks"


@dataclass(frozen=True)
class Point:
    """One look in a strip of them: as ``rating_strip`` takes it."""

    label: str
    rating: object
    is_proposed: bool = False
    url: str = ""


@dataclass(frozen=True)
class Picture:
    """The open risks of one partnership on its matrix. ``rows``: (step of likelihood, cells), the likeliest first."""

    partnership: object
    matrix: Matrix
    columns: list
    rows: list
    count: int


def pictures_of(risks, matrices):
    """A Picture for each partnership of ``risks`` (open ones, ``with_latest``, with their partnership)."""
    places, partnerships = {}, {}
    for risk in risks:
        partnerships.setdefault(risk.partnership_id, risk.partnership)
        places.setdefault((risk.partnership_id, risk.likelihood, risk.impact), []).append(risk)
    pictures = []
    for pk, partnership in sorted(partnerships.items(), key=lambda each: each[1].name):
        matrix = matrices[pk]
        numbers = range(1, HIGHEST + 1)
        rows = [
            (
                matrix.likelihoods.get(likelihood),
                [
                    {"band": matrix.band(likelihood * impact), "risks": places.get((pk, likelihood, impact), [])}
                    for impact in numbers
                ],
            )
            for likelihood in reversed(numbers)
        ]
        count = sum(len(cell["risks"]) for _step, cells in rows for cell in cells)
        pictures.append(Picture(partnership, matrix, [matrix.impacts.get(n) for n in numbers], rows, count))
    return pictures
