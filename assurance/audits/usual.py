"""A tool to begin with, in our own words: an office changes it for each theme. It quotes no framework."""

# [(section, [(question, guidance)])]
STARTER_TOOL = [
    (
        "What life is like for this person",
        [
            (
                "Does the record say what an ordinary day is like for them?",
                "Home, sleep, food, school or work, who is around. In their own words where there are any.",
            ),
            (
                "Was the person seen and listened to without those who care for them?",
                "By whom, how often, and what they said. Where it was not possible, is it written down why?",
            ),
            ("Did what they said change what was done?", "One decision that would have been another without it."),
        ],
    ),
    (
        "Seeing the risk",
        [
            (
                "Was the worry named early, in words that another agency would understand?",
                "Look for the first sign of it in your record, and for the day on which somebody acted.",
            ),
            (
                "Did you know what had been tried before, and what came of it?",
                "A history that was read counts; one that is only attached does not.",
            ),
            (
                "Was everybody who matters looked at, those who live elsewhere too?",
                "Fathers, partners, grown brothers and sisters, whoever gives care.",
            ),
        ],
    ),
    (
        "Working together",
        [
            (
                "Was what others had to know told in time, and is it written down what was told?",
                "To whom, when, and what they did with it.",
            ),
            ("Did your agency take its part in meetings and plans?", "Present, prepared, and did what it promised."),
            (
                "Where agencies disagreed, was that said and settled?",
                "Not applicable where nobody disagreed. A doubt that was kept to oneself is a no.",
            ),
        ],
    ),
    (
        "Support for those who do the work",
        [
            (
                "Was the case talked over with somebody experienced, and did that change anything?",
                "Supervision, or whatever your agency calls it: dates, and one thought that came of it.",
            ),
            ("Is the record good enough for a colleague to take over tomorrow?", "Up to date, plain, and it says why."),
        ],
    ),
]
