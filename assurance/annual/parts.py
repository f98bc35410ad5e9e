"""What others wrote into an annual report: agencies' contributions, the scrutineer's statement, those consulted.

Each is a block (plain data) under the heading that it serves. A report without such a heading has a
section for it after the others.
"""

from assurance.annual.consulting import consultation_content
from assurance.annual.contributions import contributions_content
from assurance.annual.statements import statement_content
from assurance.printed import counted

# Codes of the rules whose headings hold a part; the first of them in the report's order does.
HOLDS_CONTRIBUTIONS = ("contribution", "members")
HOLDS_STATEMENT = ("scrutiny",)


def parts_of(report):
    """[(codes of the headings that hold it, title and standfirst of its own section, block)], those that have words."""
    found = []
    contributions = contributions_content(report)
    if contributions:
        standfirst = f"{counted(len(contributions), 'organisation')} wrote of the year in their own words."
        block = {"kind": "contributions", "items": contributions}
        found.append((HOLDS_CONTRIBUTIONS, ("What each organisation says", standfirst), block))
    statement = statement_content(report)
    if statement:
        standfirst = "What the independent scrutineer says of the year. No office has edited it."
        found.append((HOLDS_STATEMENT, ("Independent scrutiny", standfirst), {"kind": "statement", **statement}))
    return found


def consultation_of(report):
    """(title and standfirst, block) of who was asked about the draft, or None where nobody was."""
    asked = consultation_content(report)
    if not asked:
        return None
    comments = sum(each["comments"] for each in asked)
    changed = sum(each["changed"] for each in asked)
    standfirst = f"{counted(comments, 'comment')} came in. {changed:,} of them changed the report."
    return ("How this report was consulted on", standfirst), {"kind": "consultation", "rows": asked}


def own_section(number, title, standfirst, *blocks):
    """A section that no rule asks for, in the shape of ``Contents.section``."""
    return {
        "number": str(number),
        "anchor": f"s{number}",
        "title": title,
        "source": {"label": "Local heading", "words": "Added by the partnership, not required", "citation": ""},
        "is_required": False,
        "has_own_words": True,
        "standfirst": standfirst,
        "paragraphs": [],
        "blocks": list(blocks),
        "quotes": [],
        "evidence": [],
    }
