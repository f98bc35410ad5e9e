"""A whole number that an address or a form brought: a key, a version, a turn."""

MOST_FIGURES = 18  # any key has fewer; of thousands of figures Python itself makes no number


def whole_number(words, otherwise=None):
    """The number that ``words`` (text, or None) say in 1 to 18 figures of ASCII; ``otherwise`` for anything else."""
    is_one = words is not None and words.isascii() and words.isdecimal() and len(words) <= MOST_FIGURES
    return int(words) if is_one else otherwise
