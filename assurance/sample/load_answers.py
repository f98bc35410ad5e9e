"""What leads bring with their updates in the open round: evidence, a date that should move, words half typed."""

from datetime import timedelta

from assurance.sample.people import LEARNING, chair_of
from plans.answering import Move, save_draft, send_line
from plans.date_moves import agree_to_move
from plans.evidence import add_link
from plans.models import Activity, Deliverable

# A deliverable's ref: (label, address).
LINKS = {
    "2.1": ("Which schools have confirmed the guide, a list", "https://example.org/guide-confirmed"),
    "3.4": ("The map as it stands", "https://example.org/safe-places"),
}
# (ref, letter of the activity, the timescale asked for, why, whether the office has agreed)
MOVES = [
    (
        "2.1",
        "b",
        "end of January {next}",
        "One of the two head teachers is on leave until Christmas. The other school is filmed already.",
        False,
    ),
    ("3.4", "a", "end of February {next}", "The four libraries open their doors until seven from January on.", True),
]
HALF_TYPED = (
    "1.2",
    {
        "progress": "First run held in four of six venues. 212 conversations logged.",
        "difference_made": "Of 40 fathers asked, 31 could repeat",
    },
)


def load_answers(cast, plan, rounds):
    """Through the commands that the pages use, on the day before today."""
    round = rounds[-1]
    chair, office = cast.holders[chair_of(LEARNING)], cast.holders["manager"]
    yesterday = cast.calendar.today - timedelta(days=1)
    rows = {row.full_ref: row for row in Deliverable.objects.filter(priority__plan=plan).select_related("priority")}
    for ref, (label, address) in LINKS.items():
        at = cast.calendar.moment(yesterday, hour=15)
        add_link(rows[ref], address, label=label, round=round, by=chair, at=at)
    for number, (ref, letter, words, why, is_agreed) in enumerate(MOVES):
        words = words.format(next=plan.ends_on.year)
        at = cast.calendar.moment(yesterday, hour=15, minute=10 + number)
        move = ask(rows[ref], letter, words, why, round=round, by=chair, at=at)
        if move and is_agreed:
            agree_to_move(move, by=office, at=cast.calendar.moment(yesterday, hour=16, minute=30))
    ref, answers = HALF_TYPED
    if not rows[ref].updates.in_round(round).exists():
        at = cast.calendar.moment(yesterday, hour=18, minute=4)
        save_draft(rows[ref], round=round, by=chair, at=at, answers=answers)


def ask(row, letter, words, why, *, round, by, at):
    """Say again what was said, and that the activity of this ``letter`` needs another date."""
    said = row.updates.in_round(round).current().first()
    activity = next((each for each in Activity.objects.filter(deliverable=row) if each.letter == letter), None)
    if said is None or activity is None:
        return None
    answers = {name: getattr(said, name) for name in ("rating", "progress", "difference_made", "risk", "voice")}
    answers |= {"worse_reason": said.worse_reason or said.risk, "moves": [Move(activity, words, why)]}
    update, _is_new = send_line(row, round=round, by=by, at=at, answers=answers)
    return update.date_moves.first()
