"""What was answered about one deliverable: every round's words with their evidence, and the dates asked for."""

from collections import defaultdict
from dataclasses import dataclass, field

from plans.deputies import answered_for
from plans.models import DateMove, Evidence, UpdateRound


@dataclass
class Answered:
    """One round: its answers, the newest first, and its evidence. An answer replaced by a later one stays in sight."""

    round: UpdateRound
    updates: list = field(default_factory=list)
    evidence: list = field(default_factory=list)


def answered_of(deliverable):
    """[Answered] of each round in which something was said or shown, the newest first. Three queries."""
    updates, evidence = defaultdict(list), defaultdict(list)
    rounds = {}
    said = deliverable.updates.annotate(answered_for=answered_for())
    said = said.select_related("round", "rating", "submitted_by")
    for update in said.order_by("-submitted_at"):
        rounds[update.round_id] = update.round
        updates[update.round_id].append(update)
    shown = Evidence.objects.filter(deliverable=deliverable, removed_at=None)
    for each in shown.select_related("round", "document", "added_by").defer("document__content"):
        rounds.setdefault(each.round_id, each.round)
        evidence[each.round_id].append(each)
    in_order = sorted(rounds.values(), key=lambda round: round.closes_on, reverse=True)
    return [Answered(round, updates[round.pk], evidence[round.pk]) for round in in_order]


def moves_of(deliverable):
    """The dates that were asked for, the newest first; one asked for again in a later answer stands once."""
    moves = DateMove.objects.filter(update__deliverable=deliverable).exclude(
        decided_at=None, update__superseded_by__isnull=False
    )
    related = ["activity__deliverable__priority", "update__submitted_by", "decided_by", "taken_back_by"]
    return moves.select_related(*related).order_by("-update__submitted_at", "pk")
