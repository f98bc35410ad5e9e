"""Last year's report in other shapes: its year in short, and an easy read version in large print."""

from datetime import timedelta
from html import escape

from assurance.annual.builds import FONTS
from assurance.annual.companions import Kind, bring
from partnership.pdf import render_pdf

IN_SHORT = (
    "Families who have been helped once are less likely to need us again: fewer than one in five cases came back "
    "within a year. All three statutory partners now sit together when the first decisions about a child are made, in "
    "five of our six localities. The work on harm outside the home is finished and handed over.\n\n"
    "Children who harm themselves still wait too long, and told us so. Our shared chronology does not yet exist. "
    "Where we have not acted on what children told us, the report says so."
)

# Short sentences; one thought each.
EASY_READ = (
    (
        "About this paper",
        ("We are the people who keep children safe in Ashford Vale and Millbrook.",
         "We are the councils, the health service and the police.",
         "Every year we must say what we did. This is the short and easy version."),
    ),
    (
        "What went well",
        ("More families got help early.", "Fewer families needed us a second time.",
         "When a child goes missing and comes home, somebody now asks what happened. Mostly within three days.",
         "Babies are safer. We talk with parents about sleep, at home, beside the cot."),
    ),
    (
        "What did not go well",
        ("Children who hurt themselves wait too long for help.", "We said we would be faster. We were not.",
         "We wanted one list of what has happened to a child. It is not ready."),
    ),
    (
        "What you told us",
        ("1,146 children, parents and carers talked to us.",
         "You told us: “I told my story to five people in one week.”",
         "Now you tell it once, and we write it down together."),
    ),
    (
        "What we will do next",
        ("Nine of ten children who hurt themselves will be seen within ten days.",
         "Young people have a vote in our planning group.", "We will tell you next year if we did what we said."),
    ),
)  # fmt: skip
STYLE = """
@font-face { font-family: "Source Sans 3"; font-weight: 400; src: url(source-sans-3-latin-400-normal.woff2); }
@font-face { font-family: "Source Sans 3"; font-weight: 700; src: url(source-sans-3-latin-700-normal.woff2); }
@page { size: A4; margin: 22mm; }
body { font: 400 18pt/1.5 "Source Sans 3"; color: #1b2429; margin: 0; }
h1 { font-size: 34pt; line-height: 1.15; color: #12434f; margin: 0 0 10mm; }
h2 { font-size: 24pt; color: #12434f; margin: 10mm 0 3mm; break-after: avoid; }
p { margin: 0 0 3mm; }
"""


def bring_easy_read(cast, report):
    """What a young people's group read before it went out. Raises PdfProblem."""
    title = f"{report.title} in easy read"
    said = "".join(
        f"<section><h2>{escape(heading)}</h2>{''.join(f'<p>{escape(each)}</p>' for each in sentences)}</section>"
        for heading, sentences in EASY_READ
    )
    html = (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<link rel="stylesheet" href="easy.css"></head><body><h1>{escape(title)}</h1>{said}</body></html>'
    )
    fonts = {path.name: path.read_bytes() for path in FONTS.glob("source-sans-3-latin-[47]00-normal.woff2")}
    pdf = render_pdf(html, assets={"easy.css": STYLE.encode(), **fonts})
    return bring(
        report,
        kind=Kind.EASY_READ,
        language="en-GB",
        title=title,
        filename="easy-read.pdf",
        content=pdf.content,
        by=cast.holders["manager"],
        at=cast.calendar.moment(report.ends_on + timedelta(days=150)),
    )
