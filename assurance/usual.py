"""What every installation begins with: questions, scales, levels of assurance, steps of risk. All may be changed."""

HIGHEST, LOWEST = "highest", "lowest"

FIVE, VOICE, EDUCATION = "five-questions", "voice", "education"

# (code, title, what it is for, where it comes from, [(question, guidance, evidence wanted, about the voice)])
USUAL_QUESTION_SETS = [
    (
        FIVE,
        "The five questions",
        "What an assurance return asks of every agency.",
        "Assurance framework of the partnership",
        [
            (
                "Are you improving how you keep people safe, and how do you know?",
                "One or two things that are better than a year ago. Say where your knowledge comes from.",
                True,
                False,
            ),
            ("What did you do this year?", "What you promised, and what you did beside it.", False, False),
            ("How much did you do?", "Numbers: people seen, people trained, visits made.", False, False),
            ("How well did you do it?", "What audits, inspections or your own staff say.", True, False),
            ("What difference did it make?", "If you cannot show one, say so. That is an answer.", True, False),
        ],
    ),
    (
        VOICE,
        "The voice of children and adults",
        "Every assurance return says how the agency listens, and what came of it.",
        "Published arrangements",
        [
            (
                "How do you hear the people you work for?",
                "Who was heard, how many, and how. Say too whom you did not reach.",
                False,
                True,
            ),
            (
                "What changed because of what they said?",
                "One example that they would recognise. No names, and nothing by which somebody could be found.",
                True,
                True,
            ),
        ],
    ),
    (
        EDUCATION,
        "Safeguarding through education: the yearly report",
        "What a local authority reports of its schools each year, under six headings.",
        "Published arrangements, education",
        [
            (
                "Do schools and other providers keep to the guidance, whatever their status?",
                "How you know it, and of which you do not know.",
                True,
                False,
            ),
            (
                "What did inspections published this year say of safeguarding?",
                "Good practice and concerns, by number and theme.",
                True,
                False,
            ),
            ("What was done about the concerns?", "By whom, by when, and what came of it.", False, False),
            (
                "What do the answers to the schools’ survey say?",
                "How many answered, what is strong and what is weak. The figures stand beside the question.",
                True,
                False,
            ),
            ("What else did your own work in schools bring to light?", "", False, False),
            ("What training and support did schools get?", "Courses, visits, advice, and who came.", False, False),
        ],
    ),
]

# (name, lowest, highest, step, unit, best, may be added up, [(score, word, meaning, colour, shape)])
USUAL_SCALES = [
    (
        "0 to 3",
        0,
        3,
        1,
        "",
        HIGHEST,
        True,
        [
            (0, "Not met", "Nothing is in place", "red", "diamond"),
            (1, "Begun", "Some of it is in place", "amber", "triangle"),
            (2, "Mostly met", "In place, with gaps that are known", "blue", "square"),
            (3, "Met", "In place, and it can be shown", "green", "circle"),
        ],
    ),
    (
        "0 to 4",
        0,
        4,
        1,
        "",
        HIGHEST,
        True,
        [
            (0, "Not met", "Nothing is in place", "red", "diamond"),
            (1, "Begun", "A little of it is in place", "red", "diamond"),
            (2, "Partly met", "About half of it is in place", "amber", "triangle"),
            (3, "Mostly met", "In place, with gaps that are known", "blue", "square"),
            (4, "Met", "In place, and it can be shown", "green", "circle"),
        ],
    ),
    ("Per cent, in steps of five", 0, 100, 5, "%", HIGHEST, True, []),
    (
        "Red, amber, green",
        1,
        3,
        1,
        "",
        HIGHEST,
        False,
        [
            (1, "Red", "Not met", "red", "diamond"),
            (2, "Amber", "Partly met", "amber", "triangle"),
            (3, "Green", "Met", "green", "circle"),
        ],
    ),
    (
        "Four points, 1 the best",
        1,
        4,
        1,
        "",
        LOWEST,
        False,
        [
            (1, "Outstanding", "", "green", "circle"),
            (2, "Good", "", "blue", "square"),
            (3, "Requires improvement", "", "amber", "triangle"),
            (4, "Inadequate", "", "red", "diamond"),
        ],
    ),
]

# (word, meaning, colour, shape), the least assured first
USUAL_LEVELS = [
    ("Not assured", "What was said or shown does not assure us", "red", "diamond"),
    ("Partly assured", "Some of it assures us; we ask for more", "amber", "triangle"),
    ("Assured", "What was said and shown assures us", "green", "circle"),
]


def load_usual(question_set, set_question, scale, scale_point, level):
    """Add what an installation begins with, where it has none. The models are given: a migration hands over its own."""
    if not question_set.objects.filter(partnership=None).exists():
        for code, title, about, source, questions in USUAL_QUESTION_SETS:
            made = question_set.objects.create(code=code, title=title, about=about, source=source)
            set_question.objects.bulk_create(
                set_question(
                    question_set=made,
                    position=position,
                    text=text,
                    guidance=guidance,
                    wants_evidence=wants_evidence,
                    is_voice=is_voice,
                )
                for position, (text, guidance, wants_evidence, is_voice) in enumerate(questions, start=1)
            )
    if not scale.objects.filter(partnership=None).exists():
        for name, lowest, highest, step, unit, best, is_added_up, points in USUAL_SCALES:
            made = scale.objects.create(
                name=name, lowest=lowest, highest=highest, step=step, unit=unit, best=best, is_added_up=is_added_up
            )
            scale_point.objects.bulk_create(
                scale_point(scale=made, value=value, word=word, meaning=meaning, token=token, shape=shape)
                for value, word, meaning, token, shape in points
            )
    if not level.objects.filter(partnership=None).exists():
        level.objects.bulk_create(
            level(position=position, word=word, meaning=meaning, token=token, shape=shape)
            for position, (word, meaning, token, shape) in enumerate(USUAL_LEVELS, start=1)
        )


# (axis, number, word, meaning): the common five by five. The words are a start, not a rule.
USUAL_RISK_STEPS = [
    ("likelihood", 1, "Rare", "Hard to imagine, but not impossible."),
    ("likelihood", 2, "Unlikely", "Could happen in the next few years."),
    ("likelihood", 3, "Possible", "Could happen this year."),
    ("likelihood", 4, "Likely", "Will probably happen this year."),
    ("likelihood", 5, "Almost certain", "Is happening, or will within months."),
    ("impact", 1, "Slight", "Felt inside one agency, and soon put right."),
    ("impact", 2, "Minor", "A delay or gap for some people, without harm."),
    ("impact", 3, "Moderate", "People wait or miss help; a duty may not be met."),
    ("impact", 4, "Major", "People may come to harm; a duty is not met."),
    ("impact", 5, "Severe", "People come to serious harm, or the partnership can’t do its work."),
]
# (from a score of, word, what is done about it, days until it is looked at again, colour, shape)
USUAL_RISK_BANDS = [
    (1, "Low", "Watched by whoever answers for it.", 182, "green", "circle"),
    (5, "Medium", "Looked at every quarter by whoever answers for it.", 91, "blue", "square"),
    (10, "High", "Looked at every quarter by the executive.", 91, "amber", "triangle"),
    (17, "Very high", "Brought to the executive at once, and to every meeting.", 31, "red", "diamond"),
]


def load_usual_risks(step, band):
    """Add the steps and bands of risk that an installation begins with, where it has none."""
    if not step.objects.filter(partnership=None).exists():
        step.objects.bulk_create(
            step(axis=axis, number=number, word=word, meaning=meaning)
            for axis, number, word, meaning in USUAL_RISK_STEPS
        )
    if not band.objects.filter(partnership=None).exists():
        band.objects.bulk_create(
            band(lowest=lowest, word=word, meaning=meaning, review_days=days, token=token, shape=shape)
            for lowest, word, meaning, days, token, shape in USUAL_RISK_BANDS
        )
