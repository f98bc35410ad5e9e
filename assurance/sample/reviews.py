"""What the sample says of cases and of the Panel's letters; invented."""

from assurance.sample.people import BRANNOC, COLLEGE, COUNTY, LANTERN, POLICE, TIDEWELL

# Days are from the day of loading. ``stages``: when each was done; ``late``: why some of them were.
CASES = [
    {
        "reference": "AV-R-07",
        "category": "Injury to a baby",
        "themes": ["Injury to a baby", "Sharing information", "Seeing men and the wider household"],
        "summary": (
            "A baby of a few months was taken to hospital with an injury that nobody could explain. "
            "Three agencies had been in the home in the month before; each knew something that the "
            "others did not. The baby is safe and recovering. Agencies have been asked for their "
            "summaries, and an immediate reminder about bruises went to every front door team."
        ),
        "aware": -13,
        "stages": {"notified": -9, "partners-told": -12},
    },
    {
        "reference": "AV-R-06",
        "category": "Exploitation of a young person in care",
        "themes": ["Exploitation", "The child’s voice and daily life", "Thresholds and early help"],
        "summary": (
            "A young person in the care of the council was found badly hurt in another county, where they had been "
            "taken to sell drugs. Four agencies had worried about the same things for half a year, each in its own "
            "meeting. The young person had said several times what would help, and is safe now."
        ),
        "agencies": [COUNTY, POLICE, COLLEGE, LANTERN],
        "aware": -64,
        "stages": {
            "notified": -61,
            "partners-told": -60,
            "summaries-asked": -60,
            "summaries-back": -41,
            "meeting": -40,
            "rapid-review": -35,
        },
        "late": (
            "The other county’s police could give their part only once a trial had begun. "
            "We told the Panel so beforehand, and sent the rest as soon as it was here."
        ),
        "letters": [
            {
                "received": -16,
                "view": "asks",
                "words": "The Panel agrees that the learning is local, and wants two things made clear first.",
                "points": [
                    (
                        "Say what the young person had asked for, and when.",
                        "In the chronology now: four times, since May.",
                    ),
                    ("Say how the meetings about the same young person are brought together from now on.", ""),
                ],
            }
        ],
    },
    {
        "reference": "AV-R-05",
        "category": "Neglect of a child not in school",
        "themes": ["Neglect", "Professional curiosity", "The child’s voice and daily life"],
        "summary": (
            "A child of primary age, taught at home, was found to have lived with long neglect. No "
            "service had seen the child for fourteen months. The rapid review led to a local practice "
            "review; the reviewer has met the family twice and the report is being written."
        ),
        "agencies": [COUNTY, POLICE, TIDEWELL],
        "aware": -171,
        "stages": {
            "notified": -168,
            "partners-told": -170,
            "summaries-asked": -167,
            "summaries-back": -156,
            "rapid-review": -149,
        },
        "letters": [
            {
                "received": -131,
                "view": "agrees",
                "words": "The Panel agrees with a local review, and asks that it looks at teaching at home.",
                "points": [("Look at how children taught at home are seen.", "It is the third question of the terms.")],
                "answered": -122,
            }
        ],
    },
    {
        "reference": "AV-R-04",
        "category": "Unsafe sleep",
        "themes": ["Unsafe sleep"],
        "summary": (
            "An infant died at night. A sleeping place that was not safe was thought of first, and the Panel was told."
        ),
        "agencies": [BRANNOC, TIDEWELL, POLICE],
        "aware": -236,
        "stages": {"notified": -233, "partners-told": -233},
        "not_met": (
            -219,
            "The post mortem found an illness that nobody could have known of. Neither abuse nor neglect is suspected; "
            "the child death overview panel looks at it.",
        ),
    },
]
