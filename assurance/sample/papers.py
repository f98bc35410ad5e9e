"""Papers for the sample's next meetings. All invented. Texts may hold marks that become dates."""

from dataclasses import dataclass

from assurance.sample import people


@dataclass(frozen=True)
class Brought:
    """A paper. ``parts``: (heading, paragraphs); ``table``: rows, the first its head; ``bars``: a PDF instead."""

    group: str
    item: str
    title: str
    filename: str
    by: str
    parts: tuple = ()
    table: tuple = ()
    bars: tuple = ()  # (label, amount): one page of bars, as a spreadsheet prints them
    is_withdrawn: bool = False


PAPERS = [
    Brought(
        people.EXECUTIVE,
        "Ratings of the quarter",
        "Ratings proposed for the quarter",
        "Ratings proposed.docx",
        "scrutiny-chair",
        parts=(
            (
                "What the Executive is asked",
                ["To decide the rating of each priority, and to say why where it differs from what is proposed."],
            ),
            (
                "What we propose",
                [
                    "Two priorities are on track. Safer first years stays amber: one maternity unit has begun, the "
                    "second has not filled its post.",
                    "Neglect stays red. Three of four milestones were met, but the list of families who wait for "
                    "early help is longer than a year ago.",
                ],
            ),
            (
                "How we know",
                [
                    "Thirty-one leads were asked and twenty-seven answered. We read the audit of twelve plans made "
                    "before a birth and heard four mothers.",
                    "We are less sure about harm outside the home: one area sent no figures.",
                ],
            ),
        ),
        table=(
            ("Priority", "Last quarter", "Proposed", "Why"),
            ("Safer first years", "Amber", "Amber", "One unit of two"),
            ("Seeing neglect early", "Red", "Red", "The list of families grows"),
            ("Harm outside the home", "Green", "Green", "Guardians in five places"),
            ("Children out of sight of school", "Amber", "Green", "The shared list works"),
        ),
    ),
    Brought(
        people.EXECUTIVE,
        "Budget for next year",
        "Budget for next year: three ways",
        "budget-three-ways.docx",
        "manager",
        parts=(
            (
                "The three ways",
                [
                    "Shares stay as they are, and one course in five is given up.",
                    "Each share rises by four in a hundred, and everything goes on.",
                    "Shares follow the number of children in each area. The city would pay less, the county more.",
                ],
            ),
            ("What the office advises", ["The second way, for one year, while the third is worked out in full."]),
        ),
        table=(
            ("Partner", "This year", "First way", "Second way"),
            ("County Council", "£112,000", "£112,000", "£116,480"),
            ("City Council", "£74,000", "£74,000", "£76,960"),
            ("Integrated Care Board", "£96,000", "£96,000", "£99,840"),
            ("Constabulary", "£58,000", "£58,000", "£60,320"),
        ),
    ),
    Brought(
        people.EXECUTIVE,
        "Budget for next year",
        "What was spent, in five years",
        "spending-five-years.pdf",
        "manager",
        bars=(("Five years ago", 291), ("Four", 304), ("Three", 318), ("Two", 322), ("Last year", 336)),
    ),
    Brought(
        people.EXECUTIVE,
        "Budget for next year",
        "Budget for next year, first draft",
        "budget-draft.docx",
        "manager",
        parts=(("First draft", ["Overtaken by the paper with three ways."]),),
        is_withdrawn=True,
    ),
    Brought(
        people.LEARNING,
        "Results of the learning needs survey",
        "What people want to learn",
        "survey-results.docx",
        "training",
        parts=(
            ("Who answered", ["Four hundred and twelve people in nineteen organisations, twice as many as last year."]),
            (
                "What they ask for",
                [
                    "Schools ask for an hour at four o’clock, not a day. Health visitors ask to talk through cases.",
                    "Six in ten would rather shadow somebody for a day than hear about their work.",
                ],
            ),
        ),
        table=(
            ("What", "Asked for by", "Courses now"),
            ("Neglect: saying what you see", "188", "4"),
            ("Talking with fathers", "143", "1"),
            ("Harm outside the home", "121", "3"),
            ("When families move", "97", "0"),
        ),
    ),
    Brought(
        people.DELIVERY,
        "Plans before a birth: both units",
        "Plans before a birth: the first unit",
        "plans-before-birth.docx",
        "midwifery",
        parts=(
            (
                "What happened",
                ["Nineteen families made a plan in eight weeks. Four asked for changes and got them."],
            ),
            ("What we ask", ["That the second unit begins with the same form, and that nobody adds a page to it."]),
        ),
    ),
]
