"""What a benchmark answers with, and the line that is printed of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number of a benchmark, or words alone: why there is none, or more of what was found.

    ``name`` says what was measured, in words that stay the same from run to run: figures are compared by it, so
    nothing measured stands in it. ``value`` is a ratio or a count; ``unit`` stands after it. A bar is what we promise,
    ``at_most`` or ``at_least``; where there is none, less is better. ``words`` are what else one wants to know.
    """

    name: str
    value: float | None = None
    words: str = ""
    unit: str = " ×"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def amount(self):
        return say(self.value, self.unit)

    @property
    def bar(self):
        """The promise in words, or "" where there is none."""
        if self.at_least is not None:
            return f"at least {say(self.at_least, self.unit)}"
        return "" if self.at_most is None else f"at most {say(self.at_most, self.unit)}"

    @property
    def is_missed(self):
        """Whether the promise is broken; whoever could not be measured broke none."""
        if self.value is None:
            return False
        if self.at_least is not None:
            return self.value < self.at_least
        return self.at_most is not None and self.value > self.at_most

    def is_worse_than(self, usual, *, by):
        """Whether it is worse than ``usual`` by more than ``by`` of it (0.2 is a fifth)."""
        if self.at_least is not None:
            return self.value < usual * (1 - by)
        return self.value > usual * (1 + by)


def say(value, unit):
    """A count as it is, anything else to two places: "12 queries", "1.57 ×"."""
    return f"{value:,}{unit}" if isinstance(value, int) else f"{value:,.2f}{unit}"
