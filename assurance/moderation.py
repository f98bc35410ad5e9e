"""A panel looks at a sample of self-assessments, says what it finds, and once it is closed its scores stand."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from assurance.given import Line, latest_copies, lines_of
from assurance.models import (
    Assessment,
    ModeratedScore,
    ModerationPanel,
    Return,
    ReturnCopy,
    ScalePoint,
)
from assurance.return_sheet import score_in_words
from partnership.models import Membership
from partnership.row_security import all_rows

LOW = 0.5  # of the way from the worst score to the best: below it a score is low
FEW = 3  # returns suggested for their low scores
NOT_APPLICABLE = "Does not apply"


class PanelClosed(Exception):
    """Its scores stand: nobody changes them any more."""


class BeingChanged(Exception):
    """The return was handed back, so there is nothing to score until it comes again."""


# Choosing the sample


def given_now(request_record, partnership):
    """{return's key: its last copy} of the returns that were submitted and are not handed back."""
    copies = ReturnCopy.objects.filter(
        record__request=request_record, partnership=partnership, record__submitted_at__isnull=False
    )
    return latest_copies(copies.select_related("record__organisation"))


def suggested(request_record, partnership, copies):
    """{return's key: [why a panel should look at it]} of ``copies``. Counts alone: nothing is averaged."""
    scale = request_record.standards.scale
    low, reasons = {}, defaultdict(list)
    for key, copy in copies.items():
        shares = [scale.share(line.score) for line in lines_of(copy) if line.score is not None]
        low[key] = sum(share < LOW for share in shares)
        if shares and all(share == 1 for share in shares):
            reasons[key].append("Best score on every standard")
        elif shares and low[key]:
            reasons[key].append(f"Low on {low[key]} of {len(shares)}")
    lowest = sorted(low, key=lambda key: (-low[key], copies[key].record.organisation.name))[:FEW]
    for key in low:
        if low[key] and key not in lowest:
            reasons[key].pop()
    organisations = {copy.record.organisation_id: key for key, copy in copies.items()}
    for organisation in silent_last_time(request_record, organisations):
        reasons[organisations[organisation]].append("Did not answer last time")
    for organisation in Membership.objects.filter(
        partnership=partnership, role=Membership.Role.STATUTORY, organisation__in=organisations
    ).values_list("organisation", flat=True):
        reasons[organisations[organisation]].append("A safeguarding partner")
    return {key: found for key, found in reasons.items() if found}


def silent_last_time(request_record, organisations):
    """Of these organisations those that were asked last time and did not submit."""
    if request_record.previous_id is None:
        return []
    asked = Return.objects.filter(request=request_record.previous_id, organisation__in=organisations)
    return asked.filter(submitted_at=None, edition=0).values_list("organisation", flat=True)


# Sitting


@transaction.atomic
def begin_panel(request_record, partnership, *, returns, **facts):
    """A panel about ``returns``; the same day and the same sample sent twice is one."""
    same = ModerationPanel.objects.filter(request=request_record, partnership=partnership, closed_at=None)
    for panel in same.filter(held_on=facts["held_on"], group=facts["group"]).prefetch_related("returns"):
        if set(panel.returns.all()) == set(returns):
            return panel
    panel = ModerationPanel.objects.create(request=request_record, partnership=partnership, **facts)
    panel.returns.set(returns)
    return panel


@transaction.atomic
def change_panel(panel, *, returns, **facts):
    """Other facts, another sample. A return that was scored stays in it. Raises PanelClosed."""
    panel = locked(panel)
    for name, value in facts.items():
        setattr(panel, name, value)
    panel.save(update_fields=list(facts))
    panel.returns.set({*returns, *Return.objects.filter(pk__in=scored_ids(panel))})
    return panel


def scored_ids(panel):
    with all_rows():
        return set(panel.scores.order_by().values_list("assessment__record", flat=True))


@transaction.atomic
def keep_scores(panel, record, scores, *, by, at):
    """Write the panel's scores of one return: {standard's key: (score or None, does not apply, reason)}.

    Blank ones (None, False) are taken back. Raises PanelClosed, BeingChanged.
    """
    panel = locked(panel)
    if record.submitted_at is None:
        raise BeingChanged
    assessments = {each.standard_id: each for each in Assessment.objects.filter(record=record)}
    standing = {each.assessment_id: each for each in panel.scores.filter(assessment__record=record)}
    for standard_id, (score, is_not_applicable, reason) in scores.items():
        assessment = assessments[standard_id]
        given = standing.get(assessment.pk)
        if score is None and not is_not_applicable:
            if given:
                given.delete()
            continue
        values = {"score": score, "is_not_applicable": is_not_applicable, "reason": reason}
        if given is None:
            panel.scores.create(assessment=assessment, given_by=by, given_at=at, **values)
        elif any(getattr(given, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(given, name, value)
            given.given_by, given.given_at = by, at
            given.save()


@transaction.atomic
def close_panel(panel, *, note, at):
    """From now on its scores stand. Closed twice, it is closed once."""
    panel = ModerationPanel.objects.select_for_update(of=["self"], no_key=True).get(pk=panel.pk)
    if panel.closed_at is None:
        panel.note, panel.closed_at = note, at
        panel.save(update_fields=["note", "closed_at"])
    return panel


def locked(panel):
    panel = ModerationPanel.objects.select_for_update(of=["self"], no_key=True).get(pk=panel.pk)
    if panel.closed_at:
        raise PanelClosed
    return panel


# Reading


@dataclass(frozen=True)
class Row:
    """One standard of one return: what the organisation says, and what the panel says (``given``, or None)."""

    record: Return
    line: Line
    own_words: str
    own_point: ScalePoint | None
    given: dict | None
    words: str = ""
    point: ScalePoint | None = None

    @property
    def reason(self):
        return self.given["reason"] if self.given else ""

    @property
    def differs(self):
        return self.given is not None and (self.given["score"], self.given["is_not_applicable"]) != (
            self.line.score,
            self.line.is_not_applicable,
        )


def rows_of(panels):
    """{panel's key: {return's key: [Row]}}, by each return's copy as it stood when the panel sat.

    Of panels of one request. A fixed number of queries.
    """
    panels = list(panels)
    if not panels:
        return {}
    scale = panels[0].request.standards.scale
    points = {point.value: point for point in scale.points.all()}
    links = ModerationPanel.returns.through.objects.filter(moderationpanel__in=panels)
    sample = defaultdict(set)
    for panel_id, return_id in links.values_list("moderationpanel", "return"):
        sample[panel_id].add(return_id)
    copies = (
        ReturnCopy.objects.filter(
            record__in=set().union(*sample.values()), partnership__in={each.partnership_id for each in panels}
        )
        .select_related("record__organisation")
        .order_by("record__organisation__name", "edition")
    )
    given = given_scores(panels)
    found = {}
    for panel in panels:
        until = [each for each in copies if each.partnership_id == panel.partnership_id]
        until = [each for each in until if panel.closed_at is None or each.taken_at <= panel.closed_at]
        found[panel.pk] = {
            key: [
                row_of(copy.record, line, scale, points, given.get((panel.pk, key, line.pk)))
                for line in lines_of(copy)
                if line.is_standard
            ]
            for key, copy in latest_copies(until).items()
            if key in sample[panel.pk]
        }
    return found


def given_scores(panels):
    """{(panel, return, standard): score, is_not_applicable, reason}: no word of the return itself is read."""
    with all_rows():
        rows = ModeratedScore.objects.filter(panel__in=panels).values(
            "panel",
            "assessment__record",
            "assessment__standard",
            "score",
            "is_not_applicable",
            "reason",
            "given_by__name",
            "given_at",
        )
        return {(row["panel"], row["assessment__record"], row["assessment__standard"]): row for row in rows}


def row_of(record, line, scale, points, given):
    own = NOT_APPLICABLE if line.is_not_applicable else line.score_words
    words = ""
    if given:
        words = NOT_APPLICABLE if given["is_not_applicable"] else score_in_words(given["score"], scale, points)
    return Row(
        record=record,
        line=line,
        own_words=own,
        own_point=points.get(line.score),
        given=given,
        words=words,
        point=points.get(given["score"]) if given else None,
    )


def values_of(scale):
    """Every score that stands on the scale, the worst first."""
    values, value = [], Decimal(scale.lowest)
    while value <= scale.highest:
        values.append(value)
        value += scale.step
    return values if scale.best == scale.Best.HIGHEST else values[::-1]


def told_scores(record, partnership_ids):
    """{partnership: [Row]} of what closed panels scored in this return, for whoever is told of it."""
    panels = (
        ModerationPanel.objects.filter(returns=record, partnership__in=partnership_ids)
        .exclude(closed_at=None)
        .select_related("request__standards__scale")
        .order_by("closed_at")
    )
    found = {}
    for panel, by_return in zip(panels, rows_of(panels).values(), strict=True):
        found[panel.partnership_id] = [row for row in by_return.get(record.pk, []) if row.given]
    return found
