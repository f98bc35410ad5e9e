"""What the sample's arrangements say, and the disputes of its partners. All invented."""

from dataclasses import dataclass

from assurance.sample.people import BRANNOC, CITY, COUNTY, HOMES, ICB, POLICE, TIDEWELL

TITLE = "How we keep children safe together"

# Days from the day of loading.
IN_FORCE, PUBLISHED, REVIEWED = -310, -318, 55
NEXT_IN_FORCE, NEXT_REVIEWED = 40, 405

SUMMARY = {
    "AV": (
        "The county council, the health service and the police share one duty: that children in Ashford Vale are "
        "safe. None of the three is above the others.\n\n"
        "With them work schools, hospitals, charities, districts and others whom we name in the document and tell "
        "why. Four groups carry the work, one of them led by young people.\n\n"
        "Somebody independent looks at what we do, says in public what is not good enough, and is answered in public."
    ),
    "MB": (
        "The city council, the health service and the police share one duty: that children in Millbrook are safe. "
        "With Ashford Vale we share one plan, one office and most of our groups; what we spend and decide for the "
        "city, we decide ourselves.\n\n"
        "Schools, hospitals, landlords, charities and others work with us. The document names each and tells why."
    ),
}
NEXT_SUMMARY = SUMMARY["AV"] + (
    "\n\nNew in this version: one group looks at serious incidents in both areas, and head teachers decide with us."
)

# Of Ashford Vale's second version: (what, why, by when).
CHANGES = [
    (
        "One case review group for both areas in place of two",
        "The same doctors, nurses and detectives sat on both, and each learned half of what there was to learn.",
        "From <m+2>",
    ),
    (
        "Two head teachers are full members of the Executive",
        "Schools see every child every day, and until now heard of our decisions after they were made.",
        "Since <m-3>",
    ),
    (
        "A yearly meeting with the adults board about moving to adulthood",
        "At eighteen, help for some young people stopped on the day while the danger to them did not.",
        "First meeting in <t+4>",
    ),
]

# (heading, paragraphs) of the document.
DOCUMENT = [
    (
        "Who we are",
        "{partners} are the safeguarding partners of {area}. Each is led here by its head, who may send somebody "
        "with the same power to decide and stays answerable.",
        "Our area is that of the council. Where a child lives across a border, the partnership where the child "
        "sleeps tonight acts first and the other helps.",
    ),
    (
        "How we work",
        "An Executive decides. A planning and delivery group carries the plan, subgroups do the work, and each has "
        "terms of reference that say its remit, its members, its quorum and how often it meets.",
        "Young people of the Sounding Board say every June what the plan should be about, and lead one board "
        "meeting a year.",
    ),
    (
        "Agencies that work with us",
        "We name the agencies in the list of members on our web page, each with the reason why. A new one is asked "
        "before it is named, and one that leaves is heard before it goes.",
        "Schools, colleges and nurseries choose representatives through their own forum, who report back to it.",
    ),
    (
        "Independent scrutiny",
        "An independent advisor reads what we read, asks what we did not ask, and writes a statement each year that "
        "we publish unchanged. The advisor advises and decides nothing.",
    ),
    (
        "Serious incidents",
        "When a child has died or was badly hurt and abuse or neglect is known or suspected, a rapid review tells "
        "within fifteen working days what was learned and what happens next.",
    ),
    (
        "Learning and training",
        "What reviews, audits and families teach us becomes training for every agency. Six to eight weeks after a "
        "course we ask what it changed.",
    ),
    (
        "Money",
        "Each safeguarding partner pays its share in April. What each paid and what it was spent on is in the "
        "annual report.",
    ),
    (
        "When we disagree",
        "Those who do the work talk first. If that does not settle it the matter goes up, step by step, each with a "
        "time to answer. Before the heads of the three decide, they take independent advice and answer it in writing.",
    ),
]

STYLE = """
@font-face { font-family: "Sans"; font-weight: 400; src: url(fonts/source-sans-3-latin-400-normal.woff2); }
@font-face { font-family: "Sans"; font-weight: 600; src: url(fonts/source-sans-3-latin-600-normal.woff2); }
@font-face { font-family: "Serif"; font-weight: 600; src: url(fonts/source-serif-4-latin-600-normal.woff2); }
@page { size: A4; margin: 24mm 26mm; @bottom-right { content: counter(page); font: 400 10pt "Sans"; } }
html { font: 400 12pt/1.45 "Sans"; color: #1b2429; }
h1 { margin: 60mm 0 6mm; font: 600 34pt/1.1 "Serif"; color: HOUSE; }
h2 { margin: 9mm 0 2mm; font: 600 18pt/1.2 "Serif"; color: HOUSE; break-after: avoid; }
p { margin: 0 0 3mm; }
.cover { break-after: page; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 2mm; border-bottom: .5pt solid #9db0b4; text-align: left; vertical-align: top; }
"""

STEPS = [
    ("Practitioners talk", "The two who disagree, on the day it arises", 1),
    ("Managers talk", "The line managers of both, with the safeguarding lead of each", 2),
    ("Heads of service meet", "The heads of service of both, with the business manager taking the notes", 5),
    ("The safeguarding partners decide", "The three lead safeguarding partners, after independent advice", 10),
]


@dataclass(frozen=True)
class Stage:
    """Offsets are days from the day of loading; ``due`` in working days where it is not given."""

    begun: int
    owed_by: str
    answer: str = ""
    answered: int | None = None
    due: int | None = None
    due_reason: str = ""


@dataclass(frozen=True)
class Disagreement:
    """Between ``raised_by`` and ``raised_with`` (agencies); ``people`` are posts."""

    ref: str
    of: str
    title: str
    about: str
    raised_by: str
    raised_with: tuple
    people: tuple
    raised: int
    stages: tuple
    advice: str = ""
    advice_by: str = ""
    advised: int | None = None
    response: str = ""
    responded: int | None = None
    outcome: str = ""
    settled: int | None = None
    learned: str = ""


DISPUTES = [
    Disagreement(
        ref="AV-K7PWD",
        of="AV",
        title="Who holds the pre-birth plan when a family moves",
        about=(
            "The county says: whoever books the birth holds the plan, so that one midwife knows the family.\n\n"
            "The hospital says: the unit nearest to the family’s new home must hold it, because that is where they "
            "will come at night."
        ),
        raised_by=COUNTY,
        raised_with=(BRANNOC,),
        people=("manager", "county-early-help", "procedures-chair", "midwifery", "advisor"),
        raised=-17,
        stages=(
            Stage(
                -17,
                "midwifery",
                "We see the risk and don’t agree that the booking unit is right in every case.",
                answered=-13,
            ),
            Stage(
                -6,
                "midwifery",
                due=4,
                due_reason="The head of midwifery is back on that day, and no birth is planned before it",
            ),
        ),
        advice=(
            "Let the booking unit hold the plan until the new one has read it and said so. Then nobody is without "
            "one for a night. Try it for three months and count how often it fails."
        ),
        advice_by="Marguerite Lowell, Independent advisor",
        advised=-2,
    ),
    Disagreement(
        ref="AV-3XMTH",
        of="AV",
        title="Whether a first referral may wait until Monday",
        about=(
            "The health board says: a referral on a Friday afternoon is read on Friday.\n\n"
            "The county says: the front door has one social worker after four, who must choose."
        ),
        raised_by=ICB,
        raised_with=(COUNTY, POLICE),
        people=("manager", "deputy-manager", "scrutiny-chair", "county-early-help", "delivery-chair"),
        raised=-160,
        stages=(
            Stage(-160, "county-early-help", "We will look at four Fridays together.", answered=-159),
            Stage(
                -140,
                "county-early-help",
                "In four Fridays three of eleven referrals should not have waited. A nurse now reads them with us.",
                answered=-134,
            ),
        ),
        advice="Decide by what is in the referral, not by the day it comes.",
        advice_by="Marguerite Lowell, Independent advisor",
        advised=-150,
        response="We agree. The three questions that decide it are on the form since then.",
        responded=-138,
        outcome="A nurse and a social worker read every Friday referral together before five.",
        settled=-132,
        learned="Both sides had counted other things. Count together first, then disagree.",
    ),
    Disagreement(
        ref="MB-R4LCV",
        of="MB",
        title="Telling the landlord that a child is in danger",
        about=(
            "The landlord says: we visit the flat and were told nothing.\n\n"
            "The city says: the family had not agreed that it be shared."
        ),
        raised_by=HOMES,
        raised_with=(CITY, TIDEWELL),
        people=("manager", "support-officer", "homes", "city-safeguarding"),
        raised=-75,
        stages=(
            Stage(-75, "city-safeguarding", "No agreement is needed where a child may be in danger.", answered=-74),
        ),
        outcome="The landlord’s visiting staff get the same two sentences as the school nurse.",
        settled=-74,
        learned="Say in the guide to sharing information that landlords are meant too.",
    ),
]
