"""What the quick half of a walk through the doors leaves to the whole one, ``./run guarantees``; it runs with every
change.

A leak shows at a closed door: of GONE, REFUSED and LOGIN nothing is left out. Pages that may be opened are opened by a
few of the roles that may, the same in every run and others from door to door. And METHOD, where it is the answer to all
who are signed in, is nobody's refusal: the address takes no such method, whoever asks, so a few ask.
"""

from zlib import crc32

from tests.guarantees.doors import GONE, LOGIN, METHOD, REFUSED, ROLES
from tests.guarantees.hidden import HIDDEN_FROM

DENIED = {LOGIN, GONE, REFUSED, METHOD}
FEW = 2  # roles that are let in


def by_lot(*words):
    """A number that is the same in every run, and another for every door."""
    return crc32(" ".join(map(str, words)).encode())


def one_in(many, *words):
    return by_lot(*words) % many == 0


def answers_of(door, method):
    return door.get if method == "get" else door.post


def drawn(door, method):
    """The roles in an order of this door's own."""
    return sorted(ROLES, key=lambda role: by_lot(door, method, role))


def few_let_in(door, method):
    """Of the roles that ``door`` lets in, some: for each of its answers one, at least two, and one of HIDDEN_FROM.

    The last because it is of those that ``test_access.py`` asks whether what is hidden shows.
    """
    answers = answers_of(door, method)
    let_in = [role for role in drawn(door, method) if answers[role] not in DENIED]
    of_each_answer = {answers[role]: role for role in reversed(let_in)}.values()
    chosen = dict.fromkeys(of_each_answer)
    if method == "get":
        chosen |= dict.fromkeys([role for role in let_in if role in HIDDEN_FROM][:1])
    for role in let_in:
        if len(chosen) < FEW:
            chosen[role] = None
    return list(chosen)


def is_asked(door, method, role):
    """Whether the quick half asks this cell of the table."""
    answers = answers_of(door, method)
    if answers[role] == METHOD:
        is_for_all = {answers[each] for each in ROLES} <= {METHOD, LOGIN}
        return not is_for_all or role in drawn(door, method)[:FEW]
    return answers[role] in DENIED or role in few_let_in(door, method)
