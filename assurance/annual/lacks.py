"""What one part of a report lacks, as every part says it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Missing:
    """Something the report still lacks, who can mend it, and where (an address, or empty)."""

    what: str
    who: str
    url: str = ""


OFFICE = "Business office"
