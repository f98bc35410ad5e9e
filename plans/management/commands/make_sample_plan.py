"""Make the Word plan that the import page offers to try.

It is in the shape that real plans have, with their snags too: two partnerships that share one plan
and lead parts of it separately, dates lined up with activities by eye, merged cells, a group named
in two ways. Everybody in it is invented, and every word is ours.
"""

from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt

SAMPLE = Path(__file__).resolve().parents[2] / "static" / "plans" / "sample-plan.docx"

TITLE = "ASHFORD VALE AND MILLBROOK SAFEGUARDING CHILDREN PARTNERSHIPS BUSINESS PLAN APRIL 2027 to MARCH 2028 (v0.3)"
CONTEXT = (
    "Two partnerships share this plan: Ashford Vale (AV) and Millbrook (MB). Where each leads its own part, "
    "the lead column says so. What we do every year anyway is not repeated here."
)
HEADINGS = ["Key Deliverables", "Lead", "Other partnerships involved", "Activity", "Timescale"]
WIDTHS = [Cm(6), Cm(4.6), Cm(3.6), Cm(8.5), Cm(3.3)]

CROSS_CUTTING = {
    "title": "Cross Cutting Shared Priority – The cost of living and the safety of children and adults",
    "note": "We share this priority with the Safeguarding Adults Boards of both areas.",
    "rationale": [
        "Families tell us that rent and food now decide what else they can do.",
        "Housing officers see worries about children first, and adult social care sees them next.",
    ],
    "text": [
        "Our partnerships and the adults boards will meet in the second half of the year to put together "
        "what each has learned, and to agree what we do next."
    ],
    "outcomes_heading": "Outcome statement",
    "outcomes": ["Money worries are asked about kindly, and lead to help before they lead to harm."],
}

# A cell's text: a newline parts paragraphs, "* " begins a list item and "** " one further in. A None
# in the first column goes on with the deliverable above, in a merged cell.
PRIORITIES = [
    {
        "title": "1. Babies: a safe first year",
        "rationale": [
            "Six of the nine serious incidents looked at since 2024 were about a child under one.",
            "Fathers told us that they are rarely in the room when safety is talked about.",
            "Families move between our two areas before and after a birth.",
        ],
        "rows": [
            [
                "1. A shared plan with every family before a birth",
                "AV: Head of Midwifery, Vale and Mill Integrated Care Board\n\n"
                "MB: Named Midwife, St Brannoc’s Hospital Trust",
                "Adults boards of both areas",
                "* Agree one pre-birth checklist, used from the 20-week appointment\n"
                "* Test it in two maternity units\n"
                "* Sample 20 more cases and report what changed for families",
                "Sept 2027\n\nend of Nov 2027\nFeb 2028",
            ],
            [
                "2. Safer sleep advice that reaches fathers and other carers",
                "Chair of Learning and Development Subgroup",
                "Healthy Start Alliance",
                "* Write a ten-minute briefing for staff who visit homes but are not health workers\n"
                "* Run the winter campaign with housing officers and barbers’ shops\n"
                "* Ask fathers whether they heard the advice, and from whom",
                "Oct 2027\nDec 2027 and Feb 2028\n\n\nSpring 2028",
            ],
            [
                "3. Learn from rapid reviews about injuries to babies",
                "Chair of Case Review Group",
                "",
                "* Bring both case review groups together to compare themes\n* Take the themes to the Executive",
                "Quarterly\nby the March 2028 Executive",
            ],
        ],
        "outcomes_heading": "Outcome statements",
        "outcomes": ["Agencies plan together with families, so that babies are safe in their first year."],
    },
    {
        "title": "2. Seeing neglect early",
        "rationale": [
            "Neglect is the most common reason for a child protection plan in both areas.",
            "Our 2026 audit found that staff named it late, and in different words.",
        ],
        "rows": [
            [
                "1. One way to recognise and name neglect. The guide replaces three local checklists, "
                "which nobody has changed since 2019.",
                "Chair of Procedures Subgroup",
                "Education Safeguarding Forum",
                "* Write the guide and a training clip, including:\n"
                "** what a missed appointment can mean\n"
                "** what children say about home\n"
                "* Put the guide where staff look for it\n"
                "* Hear from every school and nursery that they use it",
                "June 2027\n\n\nJuly/August 2027\n\nongoing",
            ],
            [
                "2. Families get help before neglect becomes harm",
                "AV: Director of Early Help, Ashford Vale Council",
                "Health and Wellbeing Boards",
                "AV: Match the waiting lists for parenting support with Millbrook’s.",
                "AV: Begin May 2027, for completion Dec 2027",
            ],
            [
                None,
                "MB: Early Help Manager, Millbrook Borough Council",
                "",
                "MB: Agree what happens when a family says no to help.",
                "tbc",
            ],
            [
                "3. Dental and missed-appointment signs are acted on",
                "Designated Doctor",
                "Local Dental Network",
                "Try “was not brought” alerts from six dental practices to school nurses.",
                "from Apr 2027",
            ],
        ],
        "outcomes_heading": "What will success look like?",
        "outcomes": [
            "Children who are neglected are noticed sooner.",
            "Their families get help that they can use.",
        ],
    },
    {
        "title": "3. Harm outside the home",
        "rationale": ["Young people drew us a map of the places where they feel safe. It has gaps."],
        "rows": [
            [
                "1. Safe places that young people chose themselves",
                "Chair of Young People’s Advisory Group & Community Safety Manager",
                "Community Safety Partnerships\nBus and rail operators",
                "* Keep the map up to date with young people\n"
                "* Train shop and bus staff on the two main routes\n"
                "* Walk the map again with young people",
                "Twice a year\nby 30 June 2027\nautumn term",
            ],
            [
                "2. One way to respond when a young person is drawn into crime",
                "Chair of Quality and Scrutiny Subgroup",
                "Youth Justice Boards",
                "* Agree who calls the first meeting\n* Agree who tells the family\n* Look at ten cases together",
                "6 weeks from sign off by both councils\n\nQ3 2027/28\nMarch 2028",
            ],
        ],
        "outcomes_heading": "Outcome statements",
        "outcomes": ["Young people are safer in the places where they spend time."],
    },
    {
        "title": "4. Children out of sight of school",
        "rationale": ["We could not say where 41 children of the two areas were learning last autumn."],
        "rows": [
            [
                "1. One list of children who are missing education",
                "Both heads of admissions",
                "Education Safeguarding Forum",
                "* Compare the two councils’ lists every week\n"
                "* Visit every family on the list\n"
                "* Adapt visits throughout the year to what families tell us\n"
                "* Report to the Planning and Delivery Group",
                "Lists compared from April 2027\n\nFamilies visited by half term, 29 October 2027\n\n"
                "Report to the group in January 2028",
            ],
            [
                "2. Children taught at home are heard",
                "Participation officers",
                "",
                "Ask thirty children who are taught at home what a good week looks like.\n"
                "Tell them what we did about it.",
                "July 2027\nwithin three months of the last visit",
            ],
        ],
        "outcomes_heading": "What will success look like?",
        "outcomes": ["We know where every child is learning, and that they are safe."],
    },
    {
        "title": "5. Learning that lasts",
        "rationale": ["What we learn from reviews is well known in March and forgotten by May."],
        "rows": [
            [
                "1. Every review changes something that can be seen",
                "Chair of Performance and Delivery Group & Independent Advisor",
                "",
                "* Look again at each recommendation a year on\n* Publish what changed, and what did not",
                "every six months\nSept 2027",
            ],
            [
                "2. A place on training for everybody who needs one, by March 2029",
                "Training Coordinator",
                "Voluntary Sector Forum",
                "* Ask agencies what they need\n* Set the programme\n* Ask six weeks later what people do differently",
                "Apr-Jun 2027\nJuly 2027\nMarch 2029",
            ],
        ],
        "outcomes_heading": "Outcome statements",
        "outcomes": ["Staff can say what they do differently because of a review."],
    },
]


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=SAMPLE)

    def handle(self, *args, to, **options):
        to.parent.mkdir(parents=True, exist_ok=True)
        sample_plan().save(to)
        self.stdout.write(f"Made {to}")


def sample_plan():
    document = Document()
    _make_landscape(document)
    _bold(document, TITLE)
    document.add_paragraph(CONTEXT)
    _add_cross_cutting(document)
    for priority in PRIORITIES:
        _add_priority(document, priority)
    properties = document.core_properties
    properties.title, properties.author = "Business plan 2027 to 2028", "Ashford Vale and Millbrook"
    properties.created = properties.modified = datetime(2027, 1, 11, 9, 0)
    return document


def _make_landscape(document):
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.8)
    document.styles["Normal"].font.size = Pt(10)


def _bold(document, text):
    document.add_paragraph().add_run(text).bold = True


def _bullets(document, texts):
    for text in texts:
        document.add_paragraph(text, style="List Bullet")


def _add_cross_cutting(document):
    document.add_heading(CROSS_CUTTING["title"], level=1)
    document.add_paragraph(CROSS_CUTTING["note"])
    _bold(document, "Rationale:")
    _bullets(document, CROSS_CUTTING["rationale"])
    for text in CROSS_CUTTING["text"]:
        document.add_paragraph(text)
    _bold(document, CROSS_CUTTING["outcomes_heading"])
    _bullets(document, CROSS_CUTTING["outcomes"])


def _add_priority(document, priority):
    document.add_heading(priority["title"], level=1)
    _bold(document, "Rationale:")
    _bullets(document, priority["rationale"])
    table = document.add_table(rows=0, cols=len(HEADINGS), style="Table Grid")
    _add_headings(table)
    for row in priority["rows"]:
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, WIDTHS, strict=True):
            cell.width = width
            _fill(cell, text or "")
        if row[0] is None:
            _merge_up(table)
    document.add_paragraph()
    _bold(document, priority["outcomes_heading"])
    _bullets(document, priority["outcomes"])


def _add_headings(table):
    row = table.add_row()
    for cell, text, width in zip(row.cells, HEADINGS, WIDTHS, strict=True):
        cell.width = width
        cell.paragraphs[0].add_run(text).bold = True
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _merge_up(table):
    """Merge the first cell of the last row with the one above, without the line that merging adds."""
    last = len(table.rows) - 1
    merged = table.cell(last - 1, 0).merge(table.cell(last, 0))
    if not merged.paragraphs[-1].text:
        extra = merged.paragraphs[-1]._p
        extra.getparent().remove(extra)


def _fill(cell, text):
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if line.startswith("** "):
            paragraph.style = "List Bullet 2"
        elif line.startswith("* "):
            paragraph.style = "List Bullet"
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(line.lstrip("* "))
