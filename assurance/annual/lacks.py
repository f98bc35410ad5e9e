"""What one part of a report lacks, as every part says it."""

from dataclasses import dataclass

OFFICE = "Business office"
LEADS = "Lead safeguarding partners"

# Who is meant, among those who read a report's drafts: they are given the link.
BY_OFFICE, BY_ADVISOR, BY_LEADS, BY_OTHERS = "office", "advisor", "lead partner", "others"


@dataclass(frozen=True)
class Missing:
    """Something the report still lacks, who can mend it, and where (an address, or empty).

    ``todo``: what to do there; ``part``: of the report, for the list's headings; ``is_due``: it should be there
    already, and not only by the end; ``by``: which of the report's readers can mend it, beside the office.
    """

    what: str
    who: str
    url: str = ""
    todo: str = ""
    part: str = ""
    is_due: bool = True
    by: str = BY_OFFICE
