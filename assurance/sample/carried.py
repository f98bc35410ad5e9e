"""What became of the promises of last year's plan, and what is decided of this year's so far."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Became:
    """``into`` is the row that it became in this year's plan; ``work`` the places of the activities that go along."""

    decision: str
    words: str = ""
    into: str = ""
    work: tuple = ()


# Priorities of last year that go on in this year's plan, and of this year in the next: {ref: ref}.
PRIORITIES_OF_LAST = {"1": "2", "4": "5"}
PRIORITIES_OF_THIS = {"1": "1"}

LAST = {
    "1.1": Became("done", "Two people who look at one family now see the same: 17 of 20 paired readings, from 9."),
    "1.2": Became("carried", into="2.2"),
    "2.1": Became(
        "done", "61 in 100 two years ago, 88 now within three days. Children name places, and the places change."
    ),
    "2.2": Became("done", "Incidents at the bus station fell from 31 to 12 between winters."),
    "3.1": Became("done", "In 19 of 120 homes something about the cot was changed during the visit."),
    "4.1": Became("carried", into="5.1"),
    "5.1": Became("done", "Too early to say. It was signed seven months late, and no child was helped by it yet."),
    "5.2": Became(
        "dropped",
        "Records under different surnames could not be joined, and joining them by hand would have taken two people a "
        "year. The Executive stopped it rather than promise it once more.",
    ),
}

# Who decides has begun with what is plain; ten rows still wait. ``work`` is (place, new timescale or none).
THIS = {
    "C.1": Became("carried", work=((2, ""), (3, "September {A}"))),
    "1.3": Became("carried", work=((1, ""), (2, "At the September {A} Executive"))),
    "2.1": Became("carried", work=((2, "June {A}"), (3, ""))),
    "2.3": Became(
        "dropped", "From summer the alert is part of the national record. A second one beside it would only confuse."
    ),
    "3.1": Became(
        "done", "Guardians passed on 23 worries and heard back about 19. Two young people were found in time."
    ),
    "4.1": Became("carried", work=((3, "every half term from April {A}"),)),
}
