"""Invented plans as PDFs in the shapes that offices publish, made with WeasyPrint when a test needs them.

One content, many looks: ``pdf_of(**look)`` answers with the bytes, ``expected()`` with what is in it, and
``likeness`` with how much of that was found. Nobody in it exists.
"""

from collections import Counter
from html import escape
from pathlib import Path

from django.conf import settings
from weasyprint import HTML

TITLE = "Oakmere and Tarnside Safeguarding Partnerships Business Plan April 2026 to March 2027 (v2.1)"
FRONT = [
    "Our two partnerships wrote this plan together after a day with families, carers and staff in January. It says "
    "what we will do this year that we would not do anyway, who answers for it, and by when it will be done.",
    "We have kept it short on purpose. What each agency does as its ordinary work is in its own plan, and the "
    "executive looks at those reports in the autumn. Where a promise here depends on money that has not been agreed, "
    "the promise says so.",
    "Young people from the Tarnside forum read the draft and asked us to say which changes they would notice. Their "
    "questions are printed beside each priority in the version for schools.",
]
OFFICES = "Efficient offices find the first five official files sufficient, and offer them to staff affected by floods."

# A cell's text: a newline parts paragraphs, "* " begins a list item and "** " one further in. A None as the
# first text goes on with the deliverable above, in a merged cell.
PRIORITIES = [
    {
        "title": "1. Children who move between schools",
        "rationale": [
            "Last year 214 children left a school roll in our area without another one being named within ten days.",
            "Two local reviews found that nobody had rung the family in the first week.",
        ],
        "outcomes": ["No child is out of sight for longer than ten school days.", "Families know whom to ring."],
        "rows": [
            [
                "1. One register of moves. It is kept by both councils and opened to health visitors.",
                "OA: Head of Admissions, Oakmere Council\nTA: Education Welfare Manager, Tarnside Council",
                "Schools forum",
                "* Agree what the register holds and who may read it\n* Try it with eleven schools in the north\n"
                "* Open it to every school, with a guide of two pages",
                "June 2026\nSeptember 2026\nJanuary 2027",
            ],
            [
                "2. A call in the first week",
                "Chair of the Education Subgroup",
                "",
                "Ring every family within five school days of a child leaving the roll, and write down what they say.",
                "from September 2026",
            ],
            [
                "3. Learning from children who were missed",
                "Designated Nurse",
                "Regional network of designated professionals\nVirtual school",
                "* Look at twelve cases from 2025\n* Hear from the families in them, if they want to be heard\n"
                "* Bring what was learned to the executive",
                "October 2026\nDecember 2026\nMarch 2027",
            ],
        ],
    },
    {
        "title": "2. Safety in and around water",
        "rationale": [
            "Three young people drowned in the reservoir since 2023, and the signs there are not read.",
            "Lifeguards and youth workers asked for training of the same kind.",
        ],
        "outcomes": ["Young people tell each other how to stay safe near water."],
        "rows": [
            [
                "1. Multi-agency agreement for open water. Councils, the fire service and the water company say "
                "together who does what.",
                "OA: Director of Public Health, Oakmere Council",
                "Water company",
                "OA: Write the agreement with the fire service and the landowners, and say who answers calls at night.",
                "May 2026",
            ],
            [
                None,
                "TA: Community Safety Manager, Tarnside Council",
                "",
                "TA: Map the places where people swim, and put a number on each.",
                "July 2026",
            ],
            [
                "2. Training that lifeguards and youth workers share",
                "Chair of the Learning Subgroup",
                "Leisure trusts",
                "* Choose a trainer\n* Train 60 people, including:\n** lifeguards of both leisure trusts\n"
                "** youth workers who go out at weekends\n* Ask them after three months what they have used",
                "April 2026\nJune 2026\nNovember 2026",
            ],
            [
                "3. Signs that young people wrote",
                "Youth Council Coordinator",
                "",
                "Put up the signs that the youth council designed at nine places, in four languages.",
                "end of August 2026",
            ],
        ],
    },
    {
        "title": "3. Adults who neglect themselves",
        "rationale": [
            "Fire officers visited forty homes last winter in which a person could not reach their bed.",
            "Self-neglect is named in a third of our referrals, and seldom in a plan.",
        ],
        "outcomes": ["People are offered help again, after they have said no once."],
        "rows": [
            [
                "1. A panel that meets every month",
                "Head of Adult Social Care",
                "Housing associations",
                "* Set up the panel with housing, health and fire\n* Look at ten people each month\n"
                "* Report on what changed for them",
                "May 2026\nmonthly\nFebruary 2027",
            ],
            [
                "2. A guide for people who visit homes",
                "Chair of the Procedures Subgroup",
                "",
                "Write a guide with pictures of what to look for, and try it with district nurses and gas engineers.",
                "November 2026",
            ],
        ],
    },
]
HEADINGS = ["Key deliverables", "Lead", "Other partnerships involved", "Activity", "Timescale"]


def expected():
    """What is in the plan: a Counter of (kind, text)."""
    items = Counter({("title", TITLE): 1, ("starts", "2026-04-01"): 1, ("ends", "2027-03-31"): 1})
    for priority in PRIORITIES:
        at = priority["title"].partition(". ")[2]
        items["priority", at] += 1
        for kind in ("rationale", "outcomes"):
            items.update((kind, at, text) for text in priority[kind])
        for ref, row in enumerate(priority["rows"], start=1):
            deliverable, leads, others, activity, timescale = row
            if deliverable:
                ref, _, whole = deliverable.partition(". ")
                items["deliverable", at, ref, whole.replace(". ", " ", 1)] += 1
            for lead in leads.split("\n"):
                items["lead", at, lead.replace(": ", " ") if lead[2] == ":" else lead] += 1
            items.update(("other", at, other) for other in others.split("\n") if other)
            activities = [line for line in activity.split("\n") if not line.startswith("** ")]
            days = timescale.split("\n")
            for place, text in enumerate(activities):
                items["activity", at, text.removeprefix("* ")] += 1
                items["timescale", at, text.removeprefix("* "), days[place] if len(days) > 1 else timescale] += 1
    return items


def found_in(understood):
    """The same of what ``read_plan`` gave."""
    plan = understood["plan"]
    items = Counter({("title", plan["title"]): 1, ("starts", plan["period_start"]): 1, ("ends", plan["period_end"]): 1})
    for priority in plan["priorities"]:
        at = priority["title"]
        items["priority", at] += 1
        for kind in ("rationale", "outcomes"):
            items.update((kind, at, text) for text in priority[kind])
        for row in priority["deliverables"]:
            items["deliverable", at, row["ref"], " ".join(filter(None, [row["title"], row["description"]]))] += 1
            for lead in row["leads"]:
                items["lead", at, " ".join(filter(None, [lead["partnership"], lead["text"]]))] += 1
            items.update(("other", at, other) for other in row["other_partnerships"])
            for activity in row["activities"]:
                items["activity", at, activity["text"]] += 1
                items["timescale", at, activity["text"], (activity["timescale_text"] or "").replace("\n", " ")] += 1
    return items


def likeness(understood):
    """(F1 over all items, what was not found, what was found and is not there)."""
    wanted, found = expected(), found_in(understood)
    right = sum((wanted & found).values())
    return 2 * right / (sum(wanted.values()) + sum(found.values())), wanted - found, found - wanted


# Looks

RULED = "td, th { border: 0.6pt solid #333; padding: 3pt 5pt } table { border-collapse: collapse }"
ACROSS = "td, th { border-bottom: 0.6pt solid #999; padding: 4pt 8pt 4pt 0 } table { border-collapse: collapse }"
PLAIN = "td, th { padding: 4pt 10pt 5pt 0 } table { border-collapse: collapse }"
ZEBRA = PLAIN + "td, th { padding-left: 5pt } th { background: #cfe0ea } .odd td { background: #eef2f5 }"
CARDS = "td, th { padding: 4pt 6pt; background: #e9eef3 } th { background: #bcd } table { border-spacing: 3pt }"
WIDTHS = "".join(f"th:nth-child({n}) {{ width: {width}% }} " for n, width in [(1, 24), (2, 19), (3, 15), (5, 13)])

LOOKS = {
    "ruled, headings on each page": {"css": RULED},
    "headings once, rows torn over small pages": {"css": RULED, "page": "20cm 12cm", "repeats": False},
    "headings on each small page, rows torn": {"css": RULED, "page": "22cm 11cm"},
    "rules across only": {"css": ACROSS},
    "no rules at all": {"css": PLAIN},
    "no rules, over small pages": {"css": PLAIN, "page": "24cm 14cm", "whole_rows": True},
    "coloured rows without lines": {"css": ZEBRA},
    "coloured cells with gaps between": {"css": CARDS},
    "portrait, small print": {"css": RULED, "page": "A4 portrait", "size": "7.5pt"},
    "portrait, hyphens at line ends": {"css": RULED, "page": "A4 portrait", "size": "8pt", "hyphens": True},
    "one table with rows across for priorities": {"css": RULED, "banners": True},
    "one table with rows across, no rules": {"css": ACROSS, "banners": True},
    "serif, two columns in front": {"css": RULED, "font": "Source Serif 4", "front_columns": 2},
    "headers and footers on each page": {"css": RULED, "furniture": True, "page": "26cm 15cm"},
    "no rules, headers and footers": {"css": PLAIN, "furniture": True, "page": "26cm 15cm", "whole_rows": True},
    "bold headings of the same size": {"css": RULED, "headings": "h1, h2 { font-size: 1em; margin: 10pt 0 6pt }"},
    "coloured headings": {"css": ACROSS, "headings": "h2 { font-size: 1.1em; font-weight: 400; color: #1d70b8 }"},
    "wide lines, large print": {"css": RULED, "size": "12pt", "leading": 1.5},
}


# Ours, so that a line breaks at the same word on every machine, whatever fonts it has.
FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
OWN_FONT = "".join(
    f'@font-face {{ font-family: "{name}"; font-weight: {weight}; src: url({(FONTS / file).as_uri()}) }}'
    for name, weight, file in (
        ("Source Sans 3", 400, "source-sans-3-latin-400-normal.woff2"),
        ("Source Sans 3", 700, "source-sans-3-latin-700-normal.woff2"),
        ("Source Serif 4", 400, "source-serif-4-latin-600-normal.woff2"),
    )
)


def pdf_of(**look):
    """A PDF in one of the ``LOOKS``."""
    return HTML(string=html_of(**look)).write_pdf()


def html_of(
    css,
    page="A4 landscape",
    size="9.5pt",
    font="Source Sans 3",
    leading=1.2,
    headings="",
    front_columns=1,
    *,
    repeats=True,
    whole_rows=False,
    banners=False,
    furniture=False,
    hyphens=False,
):
    margins = (
        '@top-left { content: "Oakmere and Tarnside plan – official" }'
        '@bottom-right { content: "Page " counter(page) " of " counter(pages) }'
        if furniture
        else "@bottom-center { content: counter(page) }"
    )
    style = f"""
        {OWN_FONT}
        @page {{ size: {page}; margin: 1.6cm 1.4cm; {margins} }}
        body {{ font: {size}/{leading} "{font}"; hyphens: {"auto" if hyphens else "manual"} }}
        h1 {{ font-size: 1.7em; margin: 0 0 8pt }} h2 {{ font-size: 1.35em; margin: 14pt 0 6pt }}
        p {{ margin: 0 0 6pt }} ul {{ margin: 0 0 6pt; padding-left: 14pt }} td p, td ul {{ margin: 0 }}
        table {{ width: 100%; table-layout: fixed; margin: 0 0 8pt }} td, th {{ vertical-align: top; text-align: left }}
        td {{ hyphens: inherit }} {WIDTHS}
        .front {{ columns: {front_columns}; column-gap: 22pt }}
        thead {{ display: {"table-header-group" if repeats else "table-row-group"} }}
        tr {{ break-inside: {"avoid" if whole_rows else "auto"} }}
        {css} {headings}
    """
    front = "".join(f"<p>{escape(text)}</p>" for text in [*FRONT, OFFICES])
    body = [f"<h1>{escape(TITLE)}</h1><div class=front>{front}</div>"]
    if banners:
        body.append(f"<table>{_head()}{''.join(_banner(p) + _rows(p) for p in PRIORITIES)}</table>")
    else:
        body += [_priority(priority) for priority in PRIORITIES]
    return f"<!doctype html><html lang=en><style>{style}</style><body>{''.join(body)}</html>"


def _priority(priority):
    return (
        f"<h2>{escape(priority['title'])}</h2>{_list('Rationale:', priority['rationale'])}"
        f"<table>{_head()}{_rows(priority)}</table>{_list('What will success look like?', priority['outcomes'])}"
    )


def _list(label, texts):
    return f"<p><b>{label}</b></p><ul>{''.join(f'<li>{escape(text)}' for text in texts)}</ul>"


def _banner(priority):
    title = f"<p><b>Priority {escape(priority['title'].replace('. ', ': ', 1))}</b></p>"
    lists = _list("Rationale:", priority["rationale"]) + _list("Outcomes:", priority["outcomes"])
    return f"<tr class=across><td colspan={len(HEADINGS)}>{title}{lists}</tr>"


def _head():
    return f"<thead><tr>{''.join(f'<th>{heading}' for heading in HEADINGS)}</thead>"


def _rows(priority):
    rows = []
    for number, row in enumerate(priority["rows"]):
        cells = []
        for place, text in enumerate(row):
            if text is None:
                continue
            after = priority["rows"][number + 1 :][:1]
            span = ' rowspan="2"' if place == 0 and after and after[0][0] is None else ""
            cells.append(f"<td{span}>{_cell(text)}")
        rows.append(f"<tr class={'odd' if number % 2 else 'even'}>{''.join(cells)}</tr>")
    return "".join(rows)


def _cell(text):
    """Paragraphs and lists of a cell's text."""
    html, depth = [], 0
    for line in text.split("\n"):
        stars = len(line) - len(line.lstrip("*"))
        html += ["<ul>"] * (stars - depth) + ["</ul>"] * (depth - stars)
        depth = stars
        words = escape(line.lstrip("* "))
        html.append(f"<li>{words}" if stars else f"<p>{words}</p>")
    return "".join(html) + "</ul>" * depth
