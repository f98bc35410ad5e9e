"""What the sample says of recommendations; invented. Days are counted from the day of loading."""

# Which one, kind of source, days since it was made, (ref, words, measure, themes, what was made of it) of each.
ACCEPTED, PART, DECLINED = "accepted", "part", "declined"
SOURCES = [
    (
        "National review of babies harmed at home",
        "national",
        -210,
        [
            {
                "ref": "1",
                "text": "Ask who else cares for a baby, and write down what each of them was told.",
                "measure": "Fathers and other carers are named in nine of ten records of new babies.",
                "themes": ["Injury to a baby", "Seeing men and the wider household"],
                "answer": (ACCEPTED, "", -180),
                "row": "Safer sleep advice that reaches fathers and other carers",
                "evidence": "A dip into twenty records in each area: carers were named in fourteen.",
                "looks": [
                    (-60, "Twenty records read by two agencies", "partly", "Fourteen of twenty named every carer.")
                ],
                "next": (75, "Twenty records read again"),
            },
            {
                "ref": "2",
                "text": "Give each family one plan before a birth that every service can see.",
                "measure": "Midwives and health visitors read the same plan.",
                "themes": ["Sharing information"],
                "answer": (ACCEPTED, "", -180),
                "row": "A shared plan with every family before a birth",
            },
            {
                "ref": "3",
                "text": "Set up a separate register of families with a baby under one.",
                "themes": ["Thresholds and early help"],
                "answer": (
                    DECLINED,
                    "Health visitors keep such a list already, and a second one would be out of date within a month. "
                    "We share theirs weekly instead.",
                    -176,
                ),
            },
        ],
    ),
    (
        "Audit of strategy discussions",
        "audit",
        -150,
        [
            {
                "ref": "A1",
                "text": "Invite health to every strategy discussion, and record it where they cannot come.",
                "measure": "Health took part in all of ten discussions looked at.",
                "themes": ["Sharing information"],
                "answer": (ACCEPTED, "", -140),
                "evidence": "The front door’s own count: health took part in 58 of 60 discussions last quarter.",
                "looks": [
                    (-70, "Ten discussions looked at", "partly", "Seven of ten. Night-time ones were held without."),
                    (-12, "Ten discussions looked at again", "embedded", "Ten of ten, three of them at night."),
                ],
            },
            {
                "ref": "A2",
                "text": "Send the record of each discussion to all who took part within a day.",
                "measure": "Every agency has it the next morning.",
                "themes": ["Supervision and challenge"],
                "answer": (PART, "Within two working days: at weekends nobody could send it sooner.", -140),
                "next": (-9, "Ask four agencies when they had the last three"),
            },
        ],
    ),
    (
        "Inspection of the multi-agency response to neglect",
        "inspection",
        -95,
        [
            {
                "ref": "4",
                "text": "Use one way to recognise neglect in every agency, early help included.",
                "measure": "Referrals name what was seen, not only the word.",
                "themes": ["Neglect"],
                "answer": (ACCEPTED, "", -80),
                "row": "One way to recognise and name neglect",
                "next": (120, "Thirty referrals read by the scrutiny group"),
            },
            {
                "ref": "5",
                "text": "Tell schools within a week what came of what they reported.",
                "themes": ["Neglect", "Sharing information"],
            },
        ],
    ),
    (
        "A neighbouring area’s review of a child out of school",
        "elsewhere",
        -40,
        [
            {
                "ref": "7",
                "text": "See every child who is taught at home within a month of the first notice.",
                "themes": ["The child’s voice and daily life"],
            }
        ],
    ),
]
# Of the case with this reference. Released ones have a label and the words that others read.
CASE = "AV-R-05"
OF_CASE = [
    {
        "ref": "1",
        "text": "Make one list of children who are not in school, with the last day on which anybody saw each.",
        "measure": "No child goes unseen for more than a month without somebody asking.",
        "themes": ["Neglect"],
        "answer": (ACCEPTED, "", -100),
        "label": "A local review this year",
        "row": "One list of children who are not in school, checked every week",
        "next": (45, "The list of one month, followed to the door"),
    },
    {
        "ref": "2",
        "text": "Ask what is behind an appointment missed twice, and say who asks.",
        "measure": "Each missed appointment has a name beside it.",
        "themes": ["Professional curiosity"],
        "answer": (ACCEPTED, "", -100),
        "label": "A local review this year",
        "row": "Dental and missed-appointment signs are acted on",
    },
    {
        "ref": "3",
        "text": "Look at how the two services that knew of each other came to write and not to talk.",
        "themes": ["Sharing information"],
    },
]
