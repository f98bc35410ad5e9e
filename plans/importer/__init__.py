"""Reading a plan from a document. (The reader is being written; its face is this.)"""


class UnreadablePlan(Exception):
    """A document that cannot be read as a plan; the message is for the person who brought it."""


def read_plan_safely(path, *, filename=None):
    """Read the document at ``path`` in a child process with limits."""
    raise UnreadablePlan("This document cannot be read yet.")
