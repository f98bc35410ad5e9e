"""Standard sets that every installation begins with, in our own words. A start: an office makes its own edition of one.

They put the gist of the law that is named beside them into sentences that an agency can measure itself by. They quote
no guidance. What the law asks is the installation's to check: each set is data, and a new edition replaces it.
"""

from datetime import date

CHILDREN, SCHOOLS, ADULTS = "duties-to-children", "safeguarding-in-schools", "safeguarding-adults"
EDITION, PUBLISHED_ON = "2026", date(2026, 4, 1)
ZERO_TO_THREE, RED_AMBER_GREEN = "0 to 3", "Red, amber, green"
# What stands in the shape of a score that is better known by a letter than by its number.
LETTERS = {RED_AMBER_GREEN: {"Red": "R", "Amber": "A", "Green": "G"}}

# (code, title, what it is for, law, audience, asked of, scale, [(section, [(standard, guidance, evidence wanted)])])
USUAL_STANDARD_SETS = [
    (
        CHILDREN,
        "Duties of agencies to children",
        "Every agency that works with children or their families says how far it keeps them safe in all it does, "
        "and in what others do on its behalf.",
        "Children Act 2004, section 11",
        "children",
        "organisations",
        ZERO_TO_THREE,
        [
            (
                "Leadership",
                [
                    (
                        "One senior leader answers for keeping children safe, and everybody knows who that is.",
                        "Ask three people at the front door who it is.",
                        "The role’s description; how staff are told",
                    ),
                    (
                        "Leaders look twice a year at how well children are kept safe, and act on what they see.",
                        "",
                        "Minutes in which something was decided",
                    ),
                    (
                        "What children say changes what the agency does.",
                        "One change that children would recognise counts for more than a survey.",
                        "The change, and who asked for it",
                    ),
                ],
            ),
            (
                "People",
                [
                    (
                        "Nobody works with children before their checks have come back and have been read.",
                        "Volunteers, agency staff and contractors too.",
                        "The record of checks, and who looked at it last",
                    ),
                    (
                        "Everybody is trained for the part they play, and somebody follows up whoever is late.",
                        "",
                        "Figures by role, for this year and last",
                    ),
                    (
                        "Those who carry cases talk them over with somebody experienced, in time set aside for it.",
                        "",
                        "How often it took place, against how often it was promised",
                    ),
                ],
            ),
            (
                "Practice",
                [
                    (
                        "Staff know what worries to pass on, to whom, and what to do when nothing happens.",
                        "Include how disagreements between agencies are settled.",
                        "Calls made and questioned; the procedure as staff see it",
                    ),
                    (
                        "Information that keeps a child safe is shared in time, and it is written down why.",
                        "",
                        "A sample of records",
                    ),
                ],
            ),
            (
                "Learning",
                [
                    (
                        "What reviews and audits found is put right, and somebody looks again.",
                        "",
                        "Actions from the last two reviews, and what a second look found",
                    ),
                    (
                        "Those whom the agency pays to work for it are held to these standards as well.",
                        "Contracts, grants and premises that are let.",
                        "Clauses of contracts, and when somebody last checked",
                    ),
                ],
            ),
        ],
    ),
    (
        SCHOOLS,
        "Safeguarding in schools",
        "Each school and college looks at how it keeps its pupils safe, whatever its status.",
        "Education Act 2002, sections 175 and 157",
        "children",
        "schools",
        RED_AMBER_GREEN,
        [
            (
                "Governors and leaders",
                [
                    (
                        "A governor or trustee looks after safeguarding and reports on it to the others every term.",
                        "",
                        "The last three reports",
                    ),
                    (
                        "The safeguarding policy is this year’s, fits this school and is on its website.",
                        "",
                        "The policy, with the day it was agreed",
                    ),
                    (
                        "The lead for safeguarding is in the school’s leadership, and has the time and the training.",
                        "",
                        "Hours set aside; the last training",
                    ),
                    (
                        "Somebody trained stands in whenever the lead is away.",
                        "School trips, evenings and holidays too.",
                        "The rota",
                    ),
                ],
            ),
            (
                "Staff",
                [
                    (
                        "The record of checks is complete, and somebody senior reads through it every term.",
                        "",
                        "When it was read, and what was put right",
                    ),
                    (
                        "Everybody is trained when they begin and refreshed every year.",
                        "Cleaners, kitchen staff and supply teachers too.",
                        "Figures",
                    ),
                    (
                        "Staff know how to raise a worry about a colleague, and about the head.",
                        "",
                        "What staff answer when asked",
                    ),
                ],
            ),
            (
                "Pupils",
                [
                    (
                        "Pupils can name an adult whom they would tell.",
                        "Ask those who seldom speak up as well.",
                        "What pupils answer when asked",
                    ),
                    (
                        "Pupils learn at every age how to keep themselves and others safe, online too.",
                        "",
                        "Where it stands in the curriculum",
                    ),
                    (
                        "Harm between pupils is taken seriously, written down and followed up.",
                        "",
                        "Records, and what changed",
                    ),
                ],
            ),
            (
                "Working with others",
                [
                    (
                        "Records are kept apart and in order, and follow a pupil to the next school within days.",
                        "",
                        "A sample",
                    ),
                    (
                        "Where a pupil is absent without a reason the school finds out why, the same day.",
                        "",
                        "A week of absences, followed through",
                    ),
                ],
            ),
        ],
    ),
    (
        ADULTS,
        "Safeguarding adults with care and support needs",
        "Members of a safeguarding adults board say how well they protect adults who cannot easily protect themselves.",
        "Care Act 2014, sections 42 to 45 and Schedule 2",
        "adults",
        "organisations",
        ZERO_TO_THREE,
        [
            (
                "Leadership",
                [
                    (
                        "One senior leader answers for safeguarding adults, and sits on the board or sends a deputy.",
                        "",
                        "Attendance of the year",
                    ),
                    (
                        "Leaders know how many worries were raised, how fast they were met, and about whom.",
                        "",
                        "The last report to leaders",
                    ),
                ],
            ),
            (
                "The adult’s own wishes",
                [
                    (
                        "Adults are asked what they want to happen, and later whether it did.",
                        "",
                        "Figures, and two examples",
                    ),
                    (
                        "Whoever cannot decide for themselves has somebody who speaks for them.",
                        "",
                        "How many had an advocate, of how many who needed one",
                    ),
                ],
            ),
            (
                "Practice",
                [
                    (
                        "Staff know the kinds of abuse and neglect, self-neglect too, and what to do next.",
                        "",
                        "Training figures; questions asked of staff",
                    ),
                    (
                        "Enquiries that are asked of the agency are answered in the time agreed.",
                        "",
                        "Days taken, for the last twenty",
                    ),
                    (
                        "Worries about those who provide care are brought together and acted on early.",
                        "",
                        "One example from start to end",
                    ),
                ],
            ),
            (
                "Learning",
                [
                    (
                        "What reviews found is known at the front line, and somebody checks that it changed something.",
                        "",
                        "What was checked, when, and what came of it",
                    ),
                ],
            ),
        ],
    ),
]


def load_usual_standards(standard_set, standard, scale, scale_point):
    """Add what an installation begins with, where it has none. The models are given: a migration hands over its own."""
    scales = {each.name: each for each in scale.objects.filter(partnership=None)}
    for name, letters in LETTERS.items():
        for word, letter in letters.items():
            scale_point.objects.filter(scale=scales.get(name), word=word, letter="").update(letter=letter)
    if standard_set.objects.filter(partnership=None).exists():
        return
    for code, title, about, source, audience, asked_of, scale_name, sections in USUAL_STANDARD_SETS:
        if scale_name not in scales:  # the administrator has named it otherwise
            continue
        made = standard_set.objects.create(
            code=code,
            title=title,
            edition=EDITION,
            about=about,
            source=source,
            audience=audience,
            asked_of=asked_of,
            scale=scales[scale_name],
            published_on=PUBLISHED_ON,
        )
        standard.objects.bulk_create(rows_of(standard, made, sections))


def rows_of(standard, made, sections):
    """Standards of a set, numbered "1.1", "1.2" through its sections."""
    rows = []
    for number, (section, standards) in enumerate(sections, start=1):
        for place, (text, guidance, evidence_wanted) in enumerate(standards, start=1):
            rows.append(
                standard(
                    standard_set=made,
                    position=len(rows) + 1,
                    section=section,
                    code=f"{number}.{place}",
                    text=text,
                    guidance=guidance,
                    evidence_wanted=evidence_wanted,
                )
            )
    return rows
