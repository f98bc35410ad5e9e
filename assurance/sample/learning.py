"""What the sample says of learning; invented."""

# (days from loading, theme titles, source, words)
POINTS = [
    (
        -1350,
        ["Seeing men and the wider household"],
        "National review of babies harmed at home",
        "Ask at each visit who lives here, who visits, and who looks after the baby at night.",
    ),
    (
        -1290,
        ["Sharing information", "Neglect"],
        "Audit of child protection plans",
        "Ring the other agency before the meeting: a report read out there is too late.",
    ),
    (
        -1100,
        ["Professional curiosity"],
        "Audit of strategy discussions",
        "When an explanation changes, write down both and ask why.",
    ),
    (
        -980,
        ["The child’s voice and daily life", "Neglect"],
        "Survey of pupils",
        "Write what a day is like for the child before writing what the parents say.",
    ),
    (
        -900,
        ["Supervision and challenge"],
        "Audit of supervision records",
        "Supervision that asks only whether visits were made does not notice what was seen.",
    ),
    (
        -760,
        ["Unsafe sleep", "Professional curiosity"],
        "National review of sudden deaths in infancy",
        "Look at where the baby sleeps, and ask about the nights away from home.",
    ),
    (
        -610,
        ["Exploitation", "Sharing information"],
        "Joint inspection of a neighbouring area",
        "A child who goes missing twice is talked about by all who know them within a week.",
    ),
    (
        -540,
        ["Domestic abuse", "The child’s voice and daily life"],
        "Audit of notifications to schools",
        "Tell the school before the bell: the child sits in class whatever happened at night.",
    ),
    (
        -430,
        ["Racism and inequality"],
        "Learning circle with interpreters",
        "Book the interpreter for the follow-up while you are still in the room.",
    ),
    (
        -300,
        ["Thresholds and early help", "Neglect"],
        "Audit of contacts that were closed",
        "Three contacts on one family are read together and not one by one.",
    ),
    (
        -120,
        ["Injury to a baby", "Professional curiosity"],
        "National review of bruises on babies",
        "A bruise on a baby who does not yet move is always asked about, by whoever sees it.",
    ),
    (
        -45,
        ["Moving to adulthood"],
        "Workshop with care leavers",
        "Name the person who stays the same before everything else changes.",
    ),
]

BRUISES = {
    "title": "Bruises on babies who do not move yet",
    "background": "Babies who cannot roll or crawl seldom bruise themselves. A small mark can be the first sign that "
    "somebody hurts them. It is also the sign that is explained away most often.\n\nNational reviews have said so for "
    "years. Our own audits found that people knew the rule and still waited.",
    "happened": "In several families a mark was seen by somebody: at a weighing, at a nursery gate, by a worker who "
    "had come about the boiler. Each had an explanation that could be true. Nobody had all of them.\n\nWhat was "
    "missing was not knowledge but a next step: whom to ring, on the same day, without having to be sure.",
    "learning": "- A mark on a baby who does not move is always asked about, by whoever sees it.\n- An explanation is "
    "written down in the words in which it was given, and so is the second one.\n- Doctors look at the whole baby.\n"
    "- Fathers and other carers are asked about as mothers are.\n\nWhat worked: a health visitor rang from the car, "
    "and a doctor saw the baby within two hours.",
    "practice": "- Look: undress the baby for weighing, every time.\n- Ask: “How did that happen, and who was there?”\n"
    "- Write: where, how large, what colour, what was said.\n- Ring the front door the same day. You need not be "
    "sure.\n- Tell the family what you do and why, unless that puts the baby at risk.",
    "reflection": "It is hard to ask a tired parent this. It is easier when it is what we always do and say so. Teams "
    "that practised the sentence aloud used it more.",
    "resources": "The joint procedure on injuries to babies is in our procedures online. The front door takes calls at "
    "any hour.",
}
NIGHTS = {
    "title": "Where does the baby sleep tonight?",
    "background": "Most sudden deaths of babies happen where sleep was not safe that night: another bed, a sofa, a "
    "visit. Families know the advice for ordinary nights.",
    "happened": "Families told us that they had had the leaflet. What changed was the night: a party, a move, a "
    "partner who came back. Nobody had talked about those.",
    "learning": "- Talk about the nights that are not ordinary.\n- Ask to see where the baby sleeps.\n- Everybody who "
    "cares for the baby hears it, not only the mother.",
    "practice": "- Ask: “What happens when you are away, or very tired, or have had a drink?”\n- Make a plan for such "
    "a night and write it in the red book.\n- Housing workers and the police can ask, too.",
    "reflection": "Advice is easily given and easily heard as blame. A plan is something a family makes.",
    "resources": "The checklist for home visits is in our procedures online.",
}
SCHOOL = {
    "title": "Children who are not in school",
    "background": "A child who is taught at home may be very well. Nobody else may see them for months.",
    "happened": "",
    "learning": "- Somebody sees each child.\n- “Elective” is asked about and not assumed.",
    "practice": "",
    "reflection": "",
    "resources": "",
}

# To whom, how, days until it is due, days ago it was done (None: not yet), how many, what came of it
STEPS = [
    (
        "Health visitors and midwives",
        "Ten minutes in each team meeting",
        -40,
        44,
        62,
        "They asked for the sentence on a card. It is printed.",
    ),
    (
        "Front door and duty teams",
        "Group supervision",
        -20,
        18,
        31,
        "Two teams tried the question on each other first.",
    ),
    ("Nurseries and childminders", "The early years bulletin", -6, None, None, ""),
    ("Housing officers", "Their autumn training day", 24, None, None, ""),
]

# By agency: days ago it was used, with whom, how many, what changed; or why not. Others have not answered.
RECEIPTS = {
    "Ashford Vale County Council": (
        30,
        "Both duty teams and the emergency team",
        46,
        "The question about who was there is now in the contact form.",
    ),
    "NHS Three Rivers Integrated Care Board": (
        26,
        "All community midwives and three wards",
        118,
        "Babies are undressed for weighing at every clinic.",
    ),
    "Ashford Vale Constabulary": (
        21,
        "Response officers at their briefings",
        85,
        "Officers note where a baby sleeps when they are called to a home.",
    ),
    "Lantern Family Trust": (12, "Outreach workers", 12, "Nothing yet: it is taken to the next team day."),
    "Harrow Weir Borough Council": (None, "We see no babies. We passed it on to the housing officers who do."),
}
