"""Letters that number rows: a, b … z, aa, ab …"""

ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def lettered(place):
    """The letter of the row at ``place``, counted from 1: 1 → a, 26 → z, 27 → aa."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return letters
