"""What machines may read about us."""

from tests.guarantees.doors import GONE, public

DOORS = [
    public("partnership:health"),
    public("partnership:health-reminders", situation="before the first turn", answer="503"),
    public("partnership:metrics", situation="without a token in the settings", answer=GONE),
]
