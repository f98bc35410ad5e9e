"""Terms of reference of the sample's groups, deputies, and seats that have ended. All invented."""

from dataclasses import dataclass

from assurance.sample import people


@dataclass(frozen=True)
class Terms:
    """One version. ``agreed`` is the day from that of loading (None: a draft); ``review`` likewise."""

    remit: str
    membership: str
    quorum: str
    frequency: str = "two-months"
    agreed: int | None = -150
    review: int = 215
    reason: str = ""


PARTNERS = "The county council, the city council, the integrated care board and the police"
EVERY_MEMBER = (
    "Members decide for their organisation and may commit its money, or say before the meeting that they can’t."
)
A_DEPUTY = "A deputy is named once a year and may decide as the member may."

BOARD_REMIT = (
    "The board hears twice a year how children are doing and what the partnership has changed.\n\n"
    "It questions the Executive, says what the next plan is to be about, and comments on the yearly report before "
    "it is published."
)
BOARD_MEMBERS = (
    f"{PARTNERS}, every relevant agency, head teachers’ representatives, and the chair of the Sounding Board. "
    "The lead member for children observes."
)

LEARNING_REMIT = (
    "The subgroup finds out once a year what people who work with children need to learn: from reviews, audits, "
    "priorities and what families say.\n\n"
    "It plans the courses and briefings of the year, sees that every agency sends people, and reports to the "
    "Planning and Delivery Group."
)
LEARNING_REMIT_NOW = (
    "The subgroup finds out once a year what people who work with children need to learn: from reviews, audits, "
    "priorities and what children and families say.\n\n"
    "It plans the courses and briefings of the year, sees that every agency sends people, asks eight weeks later "
    "what has changed in practice, and reports to the Planning and Delivery Group."
)
LEARNING_MEMBERS = (
    "A head of safeguarding or of learning from every safeguarding partner, the training coordinator, a "
    "representative of schools and one of charities."
)
EXECUTIVE_REMIT = (
    "The Executive decides for both partnerships: the rating of each priority, the budget, and changes to how we "
    "work together.\n\n"
    "It answers for the plan and settles what subgroups can’t."
)

# The versions of each group, the oldest first.
TERMS = {
    people.COUNTY_BOARD: [Terms(BOARD_REMIT, BOARD_MEMBERS, "Half of the members", "twice", -240, 125)],
    people.CITY_BOARD: [Terms(BOARD_REMIT, BOARD_MEMBERS, "Half of the members", "twice", -233, 132)],
    people.EXECUTIVE: [
        Terms(
            EXECUTIVE_REMIT,
            f"{PARTNERS}. {A_DEPUTY}",
            "Three of the four safeguarding partners",
            "quarterly",
            -900,
            -535,
        ),
        Terms(
            EXECUTIVE_REMIT.replace("settles what", "settles within four weeks what"),
            f"{PARTNERS}, and a head teacher from each area. {A_DEPUTY} The independent advisor does not vote.",
            "All four safeguarding partners",
            "two-months",
            -160,
            205,
            reason="Schools asked for a voice where decisions are made. Quarterly meetings were too far apart "
            "to decide ratings in time.",
        ),
    ],
    people.DELIVERY: [
        Terms(
            "The group carries the plan. It asks every subgroup what was done, what is late and why, reads the "
            "assurance returns and takes both to the Executive with its advice.",
            "The chairs of all subgroups, heads of service of the safeguarding partners, one person for each reference "
            f"group. {EVERY_MEMBER}",
            "Five members, one of them from each safeguarding partner",
        )
    ],
    people.SCRUTINY: [
        Terms(
            "The subgroup looks at the evidence behind each priority and proposes its rating. It leads audits and "
            "says what they found in words that a practitioner can use.",
            "Designated professionals, heads of quality and the data analysts. The independent advisor attends.",
            "Four members from three organisations",
            "quarterly",
            -120,
            245,
        )
    ],
    people.LEARNING: [
        Terms(LEARNING_REMIT, LEARNING_MEMBERS, "Five members from three organisations", "quarterly", -620, -255),
        Terms(
            LEARNING_REMIT_NOW,
            f"{LEARNING_MEMBERS} {A_DEPUTY}",
            "Five members from three organisations",
            "two-months",
            -250,
            28,
            reason="A survey after each course showed who had learned something, and not whether practice changed.",
        ),
        Terms(
            LEARNING_REMIT_NOW.replace("courses and briefings", "courses, briefings and shadowing days"),
            f"{LEARNING_MEMBERS} {A_DEPUTY} Two practitioners join for the yearly analysis.",
            "Five members from three organisations, one of them a practitioner",
            "two-months",
            None,
            reason="Practitioners say shadowing taught them most, and nobody who had done it was in the room.",
        ),
    ],
    people.PROCEDURES: [
        Terms(
            "The subgroup keeps one set of procedures for both areas. It rewrites what reviews found unclear and "
            "takes out what nobody uses.",
            f"Heads of safeguarding of every safeguarding partner, and a solicitor when asked. {EVERY_MEMBER}",
            "Four members, one of them from each council",
            "two-months",
            -410,
            -45,
        )
    ],
    people.COUNTY_CASES: [
        Terms(
            "The group looks at serious incidents in Ashford Vale and tells the safeguarding partners what it "
            "advises. They decide.",
            "Designated doctor, police, children’s social care, legal advice and education. Members are named.",
            "The three safeguarding partners",
            "as-needed",
            -300,
            65,
        )
    ],
    people.CITY_CASES: [
        Terms(
            "The group looks at serious incidents in Millbrook and tells the safeguarding partners what it advises. "
            "They decide.",
            "Police, children’s social care, a named doctor and legal advice. Members are named.",
            "The three safeguarding partners",
            "as-needed",
            -300,
            65,
        )
    ],
    people.SOUNDING_BOARD: [
        Terms(
            "We say every June what the plan should be about, and read what comes of it.\n\n"
            "We lead one meeting of the board each year. Something of ours is on every agenda of the Executive, "
            "and adults answer it in writing.",
            "Fourteen young people from 13 to 19, seven from each area. A participation worker supports us.",
            "Six of us, from both areas",
            "monthly",
            -100,
            265,
        )
    ],
    people.UNDER_TWOS: [
        Terms(
            "The group brings one pre-birth plan into both maternity services. It closes when both use it for nine "
            "births in ten.",
            "Heads and named midwives of both services, health visiting and a named doctor.",
            "One person from each service",
            "monthly",
            -415,
            40,
        )
    ],
    people.NEGLECT_WORDS: [
        Terms(
            "The group writes one short guide to neglect in place of three checklists, and closes.",
            "Three practitioners from each area.",
            "Four members",
            "monthly",
            -495,
            -130,
        )
    ],
    people.EDUCATION: [
        Terms(
            "The forum speaks for schools, colleges and nurseries in every subgroup, and brings back what was decided.",
            "Two heads from each phase and area, the colleges, and the leads for safeguarding in schools.",
            "Six members from both areas",
            "termly",
            -200,
            165,
        )
    ],
    people.VOLUNTARY: [
        Terms(
            "The group speaks for charities and community groups that work with children.",
            "Any charity of either area may send one person.",
            "Five organisations",
            "termly",
            -190,
            175,
        )
    ],
    people.STREETS: [
        Terms(
            "The panel matches what is known about places, groups and young people, and agrees who does what by when.",
            "Youth justice, police, community safety, missing children coordinators and schools.",
            "Police and one council",
            "as-needed",
            -130,
            235,
        )
    ],
    people.ADULTS: [
        Terms(
            "The meeting agrees where the children’s plans and the adults’ plan meet: growing up, whole families, "
            "and people who live in both areas.",
            "Two people from each partnership and from the adults board.",
            "One person from each partnership and one from the adults board",
            "twice",
            -280,
            85,
        )
    ],
}

# (group, who deputises, for whom), posts by their keys.
DEPUTIES = [
    (people.EXECUTIVE, "county-early-help", "county-director"),
    (people.EXECUTIVE, "delivery-chair", "police-executive"),
    (people.SCRUTINY, "city-early-help", "city-safeguarding"),
    (people.LEARNING, "attendance", "schools-lead"),
]

# (group, post, part, first day, last day): who sat there and does no longer.
ENDED = [
    (people.LEARNING, "fire", "member", -1100, -205),
    (people.PROCEDURES, "county-solicitor", "member", -900, -310),
]

# The last day of these chairs; nobody has taken the chair since.
CHAIRS_GIVEN_UP = {people.ADULTS: -31}

LEADS_SESSION_OF = {people.SOUNDING_BOARD: people.CITY_BOARD}
