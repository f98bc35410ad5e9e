"""What agencies and the independent scrutineer wrote for the annual reports: last year's, and this year's so far."""

from assurance.sample.people import (
    BRANNOC,
    CITY,
    COLLEGE,
    COUNTY,
    FIRE,
    HOMES,
    ICB,
    LANTERN,
    POLICE,
    PROBATION,
    TIDEWELL,
)

ASKS = (
    "Please tell us what your agency did this year and what difference it made. Two or three hundred words to each "
    "question are plenty. Write as you would to a parent who asks what you do for children. Name nobody who could be "
    "recognised."
)

# Of last year's report: (what we did, what difference it made, what is still hard).
LAST_CONTRIBUTIONS = {
    COUNTY: (
        "We moved eleven family help teams into offices that they share with health visitors, and gave 34 days of "
        "trainer time to the partnership’s courses. Every team manager now reads three plans a month and asks what "
        "a child’s day is like.",
        "Schools wait four working days for an answer to a contact; a year ago it was nine. Nine of ten plans that "
        "we read in March describe the child’s own day. In the spring before it was four of ten.",
        "We answer faster than we visit. A family in the south of the county still waits eleven days for the first "
        "visit, because two teams have been three workers short since September.",
    ),
    CITY: (
        "We pay for two workers who meet a young person in custody within an hour, at any time of day, and we opened "
        "a second family hub in Riverside.",
        "Of 61 young people who were met, 48 went home with somebody to call the next morning. Eleven have been "
        "arrested again; in the year before it was nineteen.",
        "Our housing officers were to come to early help meetings. They came to four of twelve. Their rota is "
        "rewritten from June, and we will say next year whether that was enough.",
    ),
    ICB: (
        "We placed a named nurse in each front door team and raised what we give by £14,000. Every practice has a "
        "lead doctor who has done the partnership’s course on neglect.",
        "A nurse now speaks at nine of ten strategy meetings by telephone or in the room. Social workers told the "
        "advisor that they decide sooner because of it. We do not know yet whether children are safer for it.",
        "Children who harm themselves wait too long. It was 23 weeks in March. We were late with these figures in "
        "three rounds of four and have put that right.",
    ),
    POLICE: (
        "An officer who may decide comes to every strategy discussion in five localities of six. Four hundred "
        "response officers learned what to look for in a home when they are called about something else.",
        "Notices that mention a child’s bedroom, food or sleep went from one in nine to one in three. The front door "
        "says that these are the notices that it can act on.",
        "The sixth locality, Riverside, has no third decision maker. We advertised twice. Attendance fell there, and "
        "decisions took two days longer.",
    ),
    BRANNOC: (
        "Every child who comes to the emergency department a third time in a year is now looked at by a "
        "paediatrician and a safeguarding nurse together, within a day.",
        "They looked at 212 children. For 37 something was found that no single visit had shown: in most of them a "
        "parent who was ill and had nobody to say so to.",
        "At night and at weekends there is no safeguarding nurse. A third of these children come at night.",
    ),
    LANTERN: (
        "Eighteen volunteers visited ninety families at home. We ran the fathers’ group in Wendlebury and helped the "
        "partnership to ask parents what had changed.",
        "Of 52 families that we asked at the end, 41 said that they knew whom to ring before things got worse. Nine "
        "fathers now come to their child’s plan meetings who did not before. Two families told us that we had come "
        "too late to matter.",
        "Our money is promised for one year at a time, so volunteers whom we train in spring are gone by the next. "
        "We would like to plan for three.",
    ),
}
SHORTENED_LAST = {
    BRANNOC: "Every child who comes to the emergency department a third time in a year is looked at by a doctor and a "
    "safeguarding nurse together within a day. They looked at 212 children, and for 37 found something that no single "
    "visit had shown.\n\nAt night and at weekends there is no safeguarding nurse, and a third of these children come "
    "at night."
}

LAST_STATEMENT = {
    "conclusion": "The partnership listens better than it did, and is still slow to act on what it hears.",
    "words": "I read forty files, sat in nineteen meetings and spoke with sixty-three children, parents and "
    "practitioners. Nobody asked to see this statement before I gave it.\n\n"
    "Three things are better. A child’s own day is in the plan, where a year ago I read what services offered. Three "
    "agencies are in the room when first decisions are made, in five localities of six. And people who raise a "
    "concern are told what became of it, in most teams and within ten days.\n\n"
    "Three things are not:\n\n"
    "- Children who harm themselves wait 23 weeks. I raised it in July and again in December. A plan exists; the wait "
    "is longer.\n"
    "- The shared chronology has been promised in three annual reports. Nobody could tell me who decides that it is "
    "abandoned, or done.\n"
    "- Young people are asked the same questions by three agencies. They notice.\n\n"
    "I recommend that the lead safeguarding partners choose one of these three, say by when it is mended, and answer "
    "for it themselves.",
    "by_line": "Marguerite Lowell, independent scrutineer",
    "answer": "We choose the wait of children who harm themselves. The Executive looks at it at every meeting from "
    "October, and the integrated care board has moved £180,000 to it.\n\n"
    "The shared chronology is abandoned in the shape in which we promised it. The plan for the next three years says "
    "what stands in its place. What young people told you we have asked them to check: section 5 says what they found.",
}

# This year's. ``state``: submitted, drafted, returned or silent. Days are counted from today.
ASKED, DUE = -33, 18
THIS_CONTRIBUTIONS = [
    {
        "of": POLICE,
        "days": -9,
        "said": (
            "The third decision maker in Riverside began in August. We put a child’s name first in every notice, and "
            "a sergeant reads ten of them a week.",
            "Decisions in Riverside take as long as elsewhere again. Of ten notices that the sergeant read in the "
            "last week of October, eight said what the child had seen or heard. In April it was five.",
            "We hear about children from adults. From January two officers spend a day a month in the schools that "
            "call us most, to be asked instead of called.",
        ),
    },
    {
        "of": BRANNOC,
        "days": -6,
        "said": (
            "A safeguarding nurse is in the emergency department until midnight on every day of the week since June, "
            "paid for by the trust. Together with a paediatrician she looks at every child who comes for the third "
            "time in a year. We trained all forty of our receptionists, because they see first who is frightened.",
            "Since June 131 children were looked at, 44 of them after eight in the evening, when nobody would have "
            "looked before. For nineteen something was found. A mother told us that it was the first time that "
            "somebody asked how she slept.",
            "After midnight there is still nobody. We counted: six children in five months. We would rather ring a "
            "nurse at home than pay one to wait, and begin that in February.",
        ),
        "printed": "A safeguarding nurse is in the emergency department until midnight every day since June. With a "
        "paediatrician she looks at every child who comes for the third time in a year: 131 so far, 44 of them after "
        "eight in the evening, when nobody would have looked before. For nineteen something was found.\n\n"
        "After midnight there is still nobody. From February a nurse can be rung at home.",
    },
    {
        "of": FIRE,
        "days": -14,
        "said": (
            "Crews made 640 home safety visits to families that other agencies named. Each crew has learned what "
            "neglect looks like from a doorway.",
            "They wrote 58 concerns, up from 21. The front door acted on 33 of them. We asked ten families whether "
            "the visit had been welcome; nine said yes, and one asked us not to come in uniform.",
            "Two stations wrote none at all. Their watch managers spend a day with the front door in December.",
        ),
    },
    {
        "of": TIDEWELL,
        "days": -12,
        "said": (
            "All visits before birth are made again. We have two more health visitors than last year.",
            "Staff tell us that families feel better supported.",
            "",
        ),
        "returned": (
            -8,
            "Thank you. How many families is it, and how do you know that they feel better supported? If you asked "
            "them, say how many; if you did not, say so.",
        ),
    },
    {
        "of": LANTERN,
        "days": -2,
        "drafted": (
            "Twenty-one volunteers visited 104 families at home. Since May a second fathers’ group meets in Millbrook, "
            "on Saturdays, because fathers told us that nobody can come on a Tuesday.",
            "We have asked 38 families so far. 31 knew whom to ring before things got worse.",
            "",
        ),
    },
    {"of": PROBATION, "due": -5},
    {"of": COUNTY},
    {"of": CITY},
    {"of": ICB},
    {"of": COLLEGE},
    {"of": HOMES},
]

THIS_STATEMENT = {
    "words": "I read thirty-one files so far, sat in fourteen meetings and spoke with forty-four people.\n\n"
    "What I said last year was answered, which is more than I am used to. The wait of children who harm themselves "
    "was on every agenda of the Executive that I saw. It is shorter by five weeks.\n\n"
    "What I want to look at before I end: whether the supervisors of the two smallest teams read plans as the others "
    "do, and whether anybody asked the young people whom we said that we would ask.",
    "due": 60,
    "begun": -20,
}
