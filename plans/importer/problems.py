"""What goes wrong with a document, in words for the person who brought it."""


class UnreadablePlan(Exception):
    """A document that can't be read as a plan. The message is one plain sentence or two: what to do."""
