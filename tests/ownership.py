"""The tests work in the product's own role, which owns nothing; what takes the owner is done in here."""

from partnership.roles import working_as


def as_owner():
    """Inside it, and inside one transaction, tables may be changed: by the role that signed in to the database."""
    return working_as("NONE")
