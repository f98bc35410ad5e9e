"""Why something that a person asked for was not done. What commands raise and pages say."""


class NotNow(Exception):
    """This can't be done to the record as it stands. The words say why, and can be shown to a person."""


class ChangedMeanwhile(Exception):
    """Somebody else changed it after this person looked. ``there``: what stands now, where the page shows it."""

    def __init__(self, there=None):
        self.there = there
        super().__init__("It was changed meanwhile.")
