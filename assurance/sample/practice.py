"""What the sample says of practice reviews; invented."""

REVIEWERS = [
    {
        "name": "Ottoline Marsh",
        "email": "ottoline.marsh@reviews.example",
        "background": "Twenty years in children’s nursing. Has led eleven reviews, four of them thematic.",
        "works_for": "",
        "note": "Writes short. Meets families in person and keeps to the day.",
    },
    {
        "name": "Desmond Achterberg",
        "email": "d.achterberg@reviews.example",
        "background": "Retired detective superintendent; serious crime against children.",
        "works_for": "",
        "is_available": False,
        "note": "Not before the summer.",
    },
]

# Days are counted from the day of loading.
UNDER_WAY = {
    "case": "AV-R-05",
    "begun": -152,
    "reference": "AV-LR-4",
    "title": "A child taught at home whom nobody saw",
    "terms": (
        "How did each service know that the child was well, while none had seen the child?\n\n"
        "What did services do when a visit was declined?\n\n"
        "What would have to be in place for such a child to be seen within a term?"
    ),
    "method": "Two meetings with the people who worked with the family; records of five agencies; three visits.",
    "period": "The two years before the notification",
    "themes": ["Neglect", "The child’s voice and daily life", "Sharing information"],
    "appointed": -140,
    "family": [
        ("informed", -148, "", "Told in person, with a letter to keep."),
        ("invited", -141, "", ""),
        ("met", -96, "", "Twice, at a place they chose."),
    ],
    "draft": (-30, "The chapters on home education and on declined visits. The last chapter is still to come."),
}

PUBLISHED = {
    "begun": -420,
    "on": -245,
    "reference": "AV-LR-3",
    "title": "A baby with a bruise that everybody had explained",
    "public_title": "Bruises on babies: everybody had an explanation",
    "public_summary": (
        "A baby who could not yet roll over had a bruise. Four people from three services saw it within nine days. "
        "Each asked, each was given an explanation, and each believed that somebody else would look again. "
        "The baby was then badly hurt, and has recovered.\n\n"
        "Nobody did nothing. But what each of them knew was never laid side by side."
    ),
    "findings": (
        "A bruise was asked about, and then explained away\n\n"
        "The rule in our area was clear: a bruise on a baby who does not move is seen by a doctor the same day. All "
        "four people knew the rule. Three thought that it was meant for cases with no explanation; here there was "
        "one. The form that they used asked for the explanation before it asked who had been told.\n\n"
        "We heard the same from eleven of the fourteen teams that we met afterwards. People do not skip the rule. "
        "They read it as advice for when they are worried.\n\n"
        "Nobody knew who lived in the home\n\n"
        "Records of the three services named three different households. Each was right on the day it was written. "
        "One service had asked about other adults at the first visit and never again.\n\n"
        "- Midwives asked who would be at the birth.\n"
        "- Health visitors asked who had parental responsibility.\n"
        "- The family support worker asked who the family could turn to.\n\n"
        "None of these is the question who is in the home at night.\n\n"
        "The weekend made it slower\n\n"
        "The third person to see the bruise rang the clinic on a Friday after four. The message was read on Monday. "
        "The service that was open all weekend was not thought of as one for worries about a bruise.\n\n"
        "What worked\n\n"
        "The nurse who saw the baby last did not accept that the bruise was known about already. She rang the front "
        "door herself and stayed until somebody had written it down. Her manager had told the team that week that "
        "nobody would ever be blamed for a call that turned out not to be needed."
    ),
    "response": (
        "What has changed already\n\n"
        "The form asks first who was told, and only then for the explanation. All three services have used it since "
        "the spring. Of the bruises seen in the first six months, nine in ten were looked at by a doctor on the "
        "same day; before, it was six in ten.\n\n"
        "What comes next\n\n"
        "- Each service asks at every visit who was in the home the night before.\n"
        "- The weekend service takes calls about babies and bruises, and says so on its answering message.\n"
        "- We look at twenty records again next spring, and say here what we find."
    ),
    "themes": ["Injury to a baby", "Professional curiosity", "Seeing men and the wider household"],
    "recommendations": [
        (
            "Make the form ask who was told before it asks for an explanation.",
            "accepted",
            "Done in all three services.",
        ),
        (
            "Ask at every visit to a baby under one who was in the home the night before.",
            "accepted",
            "In the guidance of all three services, with twenty records looked at again in a year.",
        ),
        (
            "Have one number for worries about babies that is answered at all hours.",
            "part",
            "The weekend service takes these calls. A number of its own would be one more to remember.",
        ),
    ],
}

OLDER = {
    "reference": "AV-SCR-2",
    "title": "A toddler in three boroughs",
    "years_ago": 9,
    "summary": (
        "A family moved three times in a year, and each time their records came after them by weeks. The review "
        "asked that a move be told by telephone on the day; that has been our rule since."
    ),
    "themes": ["Neglect", "Sharing information"],
    "address": "https://library.example.org/case-reviews/a-toddler-in-three-boroughs",
}
