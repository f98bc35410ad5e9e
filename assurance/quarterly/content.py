"""All that a quarter's report says, as plain data: text, numbers, lists.

The page, the PDF and the Word file are three templates over what ``content_of`` gives. A build keeps it, publishing
freezes it, and its hash says whether anything has changed since. Every date in it is words.
"""

from collections import Counter

from django.db.models import F, Q

from assurance.models import QuarterlyEvidence
from assurance.printed import counted, paragraphs, rating_of
from assurance.quarterly.standing import changes_of_board, judgements_of, lines_of, results_of
from partnership.house_style import FALLBACK, darkened, house_colours, name_lines
from partnership.templatetags.components import long_date, sentence_join
from plans.models import OutcomeJudgement, PriorityReview

TITLE = "How are we doing?"
NOT_JUDGED = "not-judged"
NOT_JUDGED_WORD = "Not judged"
LEVELS = [*OutcomeJudgement.Level.choices, (NOT_JUDGED, NOT_JUDGED_WORD)]


def content_of(report, *, on):
    """The whole report as it stands, dated ``on``. As many queries for one outcome as for sixty."""
    return Contents(report, on).whole()


class Contents:
    """One report being put together."""

    def __init__(self, report, on):
        self.report, self.on = report, on
        self.plan = report.round.plan
        self.lines = lines_of(report)
        self.judged = judgements_of(report)
        self.before = judgements_before(report, self.lines)
        self.evidence = grouped(report.evidence.filter(is_left_out=False), "line_id")
        promises = report.promises.select_related("lead_post", "lead_group", "lead_organisation")
        self.promises = grouped(promises, "line_id")
        decided = PriorityReview.objects.decided().filter(round=report.round_id).select_related("decided_rating")
        self.ratings = {each.priority_id: each.decided_rating for each in decided}

    def whole(self):
        report, round = self.report, self.report.round
        partnerships = list(self.plan.partnerships.all())
        name = self.plan.whose
        outcomes = [self.outcome(line, number) for number, line in enumerate(self.lines, start=1)]
        return {
            "title": TITLE,
            "name": name,
            "name_lines": name_lines(name),
            "house": house_colours(darkened((partnerships and partnerships[0].house_colour) or FALLBACK)),
            "plan": self.plan.title,
            "round": round.name,
            "period": f"{long_date(round.starts_on)} to {long_date(round.ends_on)}",
            "edition": report.edition,
            "changes": report.changes,
            "dated_on": self.on.isoformat(),
            "dated": long_date(self.on),
            "introduction": paragraphs(report.introduction),
            "doing_well": paragraphs(report.doing_well),
            "explore": paragraphs(report.explore),
            "counts": counts_of(outcomes),
            "counts_words": counts_in_words(outcomes),
            "priorities": self.priorities(outcomes),
            "promises": [promise_of(each) for each in self.promises.get(None, [])],
            "promise_count": sum(map(len, self.promises.values())),
            "past": self.past(),
            "board": self.board(),
        }

    def priorities(self, outcomes):
        found = {}
        for line, outcome in zip(self.lines, outcomes, strict=True):
            priority = line.outcome.priority
            if priority.pk not in found:
                found[priority.pk] = {
                    "anchor": f"priority-{priority.pk}",
                    "heading": f"Priority {priority.ref}: {priority.title}" if priority.ref else priority.title,
                    "rating": rating_of(self.ratings.get(priority.pk)),
                    "outcomes": [],
                }
            found[priority.pk]["outcomes"].append(outcome)
        return list(found.values())

    def outcome(self, line, number):
        judgement, before = self.judged.get(line.outcome_id), self.before.get(line.outcome_id)
        level = judgement.level if judgement else NOT_JUDGED
        streams = [self.stream(line, stream) for stream in QuarterlyEvidence.Stream]
        return {
            "number": number,
            "line": line.pk,
            "text": line.outcome.text,
            "level": level,
            "level_word": dict(LEVELS)[level],
            "was": f"was {before.get_level_display().lower()} in {before.round.name}" if before else "",
            "moved": moved(level, before),
            "how": paragraphs(judgement.words) if judgement else [],
            "not_judged_because": "" if judgement else line.not_judged_because,
            "doing_well": paragraphs(line.doing_well),
            "explore": paragraphs(line.explore),
            "streams": [stream for stream in streams if stream["items"]],
            "evidence_count": sum(len(stream["items"]) for stream in streams),
            "silent": sentence_join([stream["name"] for stream in streams if not stream["items"]]),
            "promises": [promise_of(each) for each in self.promises.get(line.pk, [])],
        }

    def stream(self, line, stream):
        items = [
            {
                "reference": each.reference,
                "text": each.text,
                "day": long_date(each.dated_on),
                "address": each.address,
            }
            for each in self.evidence.get(line.pk, [])
            if each.stream == stream
        ]
        return {"code": stream.value, "name": stream.label, "items": items}

    def past(self):
        return [
            {
                **promise_of(each.promise),
                "promised_in": each.promise.report.round.name,
                "result": each.result,
                "result_word": each.get_result_display() if each.result else "Not told yet",
                "words": paragraphs(each.words),
                "goes_on": each.is_carried,
            }
            for each in results_of(self.report)
        ]

    def board(self):
        report = self.report
        return {
            "name": str(self.plan.deciding_group or ""),
            "given": long_date(report.given_at) if report.given_at else "",
            "changes": changes_of_board(report),
        }


def grouped(rows, name):
    """{what ``name`` is: the rows of that}, in their order."""
    found = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def judgements_before(report, lines):
    """{outcome's key: what was judged of it last before the round}. One query.

    A statement that was carried into this plan word for word goes on being the same.
    """
    own = {line.outcome_id: line.outcome_id for line in lines}
    by_words = {
        (line.outcome.priority.carried_from_id, line.outcome.text): line.outcome_id
        for line in lines
        if line.outcome.priority.carried_from_id
    }
    earlier = (
        OutcomeJudgement.objects.current()
        .filter(round__ends_on__lt=report.round.ends_on)
        .filter(Q(outcome__in=own) | Q(outcome__priority__in=[priority for priority, _words in by_words]))
        .select_related("round")
        .annotate(of_priority=F("outcome__priority"), of_words=F("outcome__text"))
        .order_by("-round__ends_on", "-judged_at")
    )
    found = {}
    for each in earlier:
        key = own.get(each.outcome_id) or by_words.get((each.of_priority, each.of_words))
        if key:
            found.setdefault(key, each)
    return found


def moved(level, before):
    """ "better", "worse", "same", or "" where it can't be said."""
    order = [OutcomeJudgement.Level.NOT_YET, OutcomeJudgement.Level.PARTLY, OutcomeJudgement.Level.SHOWN]
    if before is None or level not in order or before.level not in order:
        return ""
    step = order.index(level) - order.index(before.level)
    return "better" if step > 0 else "worse" if step < 0 else "same"


def counts_of(outcomes):
    found = Counter(each["level"] for each in outcomes)
    return [{"level": code, "word": word, "count": found[code]} for code, word in LEVELS if found[code]]


def counts_in_words(outcomes):
    """ "7 outcomes: 2 shown, 4 partly shown, 1 not judged." """
    parts = [f"{each['count']} {each['word'].lower()}" for each in counts_of(outcomes)]
    return f"{counted(len(outcomes), 'outcome')}: {', '.join(parts)}." if outcomes else "No outcomes."


def promise_of(promise):
    return {
        "key": promise.pk,
        "text": promise.text,
        "lead": str(promise.lead or "Nobody yet"),
        "due": long_date(promise.due_on),
    }
