"""Who was heard in this year and in the year that was reported on. All invented."""

from dataclasses import dataclass

from assurance.models import VoiceEntry
from assurance.sample.people import (
    AV,
    BOTH,
    CITY,
    COUNTY,
    EDUCATION,
    HARBOUR,
    LANTERN,
    MB,
    POLICE,
    SCRUTINY,
    SOUNDING_BOARD,
    STREETS,
    TIDEWELL,
    UNDER_TWOS,
)

PEOPLE, HOW = VoiceEntry.People, VoiceEntry.How


@dataclass(frozen=True)
class Heard:
    """``when``: days ago, or months after the first of the year that was reported on. ``listener``: who listened.

    ``done``, ``seen``: days after they were heard until something was done, and until a change was seen.
    """

    of: tuple
    when: int
    who: str
    count: int
    said: str
    did: str = ""
    changed: str = ""
    is_public: bool = False
    because: str = ""
    people: str = PEOPLE.CHILDREN
    how: str = HOW.GROUP
    listener: str = ""
    refs: tuple = ()
    done: int = 21
    seen: int = 60


VOICES = [
    Heard(
        BOTH,
        24,
        "Fathers from two estates",
        12,
        "The leaflets never have dads in them.",
        "Fathers rewrote them. We printed the new ones in autumn.",
        "Fathers now ask the questions at home visits, say health visitors in ten teams.",
        is_public=True,
        people=PEOPLE.FAMILIES,
        how=HOW.SESSION,
        listener=UNDER_TWOS,
        refs=("1",),
        done=10,
        seen=20,
    ),
    Heard(
        BOTH,
        51,
        "Sounding Board",
        14,
        "Ask us where we feel safe, then believe us.",
        "The map of safe places is drawn by young people, who check it twice a year.",
        "Used 640 times in a month. Three places came off the map after a check.",
        is_public=True,
        listener=SOUNDING_BOARD,
        refs=("3",),
        seen=45,
    ),
    Heard(
        BOTH,
        158,
        "Sounding Board",
        14,
        "I told my story to five people in one week.",
        "One “start from here” page, written with the child, goes ahead of every new worker.",
        "Children in the last panel had told it to two people on average.",
        is_public=True,
        listener=SOUNDING_BOARD,
        refs=("2",),
    ),
    Heard(
        (MB,),
        133,
        "Parents’ panel, Millbrook Central",
        9,
        "The letter frightened me before anyone had spoken to me.",
        "A call first, then a letter rewritten with parents, in nine languages.",
        "Parents who came to the first conference rose from 74 to 86 in 100.",
        is_public=True,
        people=PEOPLE.FAMILIES,
        listener=CITY,
        refs=("2",),
    ),
    Heard(
        (AV,),
        67,
        "Return conversations, autumn",
        23,
        "The bus station is not safe after four o’clock.",
        "Lighting, a staffed kiosk until eight and a youth worker three evenings a week.",
        "Incidents fell from 31 to 12. Young people say “better, not fixed”.",
        is_public=True,
        how=HOW.INTERVIEW,
        listener=POLICE,
        refs=("3",),
        seen=58,
    ),
    Heard(
        BOTH,
        38,
        "Children waiting for mental health care",
        80,
        "Tell us how long the wait is, even when it is long.",
        "A text each fortnight with the place in the queue, and a name to ring.",
        "63 of 80 knew how long they would wait, from 22 of 88 a year ago.",
        is_public=True,
        how=HOW.SURVEY,
        listener=TIDEWELL,
        refs=("5",),
        seen=35,
    ),
    Heard(
        (MB,),
        19,
        "Mothers of babies, Millbrook",
        6,
        "I wrote the plan with her. Nobody had asked me what worried me before.",
        "The checklist begins with that question.",
        people=PEOPLE.FAMILIES,
        how=HOW.INTERVIEW,
        listener=UNDER_TWOS,
        refs=("1",),
        done=14,
    ),
    Heard(
        (AV,),
        12,
        "Parents who teach at home",
        8,
        "You only come when something is wrong.",
        "Open mornings each term; parents ran one of them.",
        people=PEOPLE.FAMILIES,
        how=HOW.SESSION,
        listener=EDUCATION,
        done=9,
    ),
    Heard(
        BOTH,
        9,
        "Young people who turned 18",
        3,
        "I got a letter that called me an adult at risk. I was in sixth form.",
        how=HOW.INTERVIEW,
        listener=LANTERN,
    ),
    Heard(
        BOTH,
        88,
        "Young people’s groups that meet in the daytime",
        7,
        "Hold your meetings when we are not at school.",
        "Two of seven subgroups changed their times; five have not. The Executive decides on this next.",
        is_public=True,
        listener=SCRUTINY,
    ),
    Heard(
        BOTH,
        121,
        "Brothers and sisters of disabled children",
        11,
        "Everybody asks how he is. Ask how we are too.",
        people=PEOPLE.CHILDREN,
        how=HOW.SESSION,
        listener=LANTERN,
        refs=("2",),
    ),
    Heard(
        (AV,),
        144,
        "Night workers at the bus station and in shops",
        16,
        "We see them every night. Nobody gave us a number to ring.",
        "A card with one number, and an hour’s training that young people lead.",
        people=PEOPLE.COMMUNITY,
        how=HOW.SESSION,
        listener=STREETS,
        refs=("3",),
        done=30,
    ),
    Heard(
        BOTH,
        176,
        "Young people in Harbour Lights groups",
        19,
        "Let us talk to the same person each time we ring the clinic.",
        because="We cannot: the clinic’s night line is shared by four counties. The note that a caller leaves is now "
        "read before anybody rings back.",
        is_public=True,
        listener=HARBOUR,
        refs=("5",),
        done=40,
    ),
    Heard(
        BOTH,
        205,
        "Social workers in their first year",
        31,
        "I find out that the midwife was worried when I read it in the review.",
        "Named midwives sit in each team on Tuesdays.",
        "In a sample of forty plans the midwife’s words stood in thirty-four.",
        people=PEOPLE.PRACTITIONERS,
        how=HOW.SURVEY,
        listener=COUNTY,
        refs=("1",),
    ),
]

# Months after the first of the year that was reported on (1,146 people in it; before it, 820), as above.
LAST_VOICES = [
    Heard(
        BOTH,
        -9,
        "Young people in eight schools, asked what the plan should be about",
        412,
        "Ask us every year, not once.",
        "The Sounding Board asks in every June.",
        "568 answered the year after.",
        how=HOW.SURVEY,
    ),
    Heard(
        BOTH,
        -2,
        "Parents and carers, after a child protection conference",
        408,
        "I was told the date and not the reason.",
        "The invitation says the reason first.",
        people=PEOPLE.FAMILIES,
        how=HOW.SURVEY,
    ),
    Heard(
        BOTH,
        1,
        "Young people in eleven schools, asked what the plan should be about",
        568,
        "Places first. You always start with us.",
        "Harm outside the home became a priority of its own, and places come first in it.",
        "Five places that young people named were changed.",
        is_public=True,
        how=HOW.SURVEY,
    ),
    Heard(
        BOTH,
        2,
        "Sounding Board",
        14,
        "I told my story to five people in one week.",
        "Wrote one “start from here” page with the child, which goes ahead of every new worker.",
        "Children in the January panel had told it to two people on average, not five.",
        is_public=True,
        listener=SOUNDING_BOARD,
    ),
    Heard(
        (MB,),
        3,
        "Parents’ panel, Millbrook Central",
        9,
        "The letter frightened me before anyone had spoken to me.",
        "A call first, then a letter rewritten with parents, in nine languages and in plain English.",
        "Parents at the first conference rose from 74 to 86 in every 100.",
        is_public=True,
        people=PEOPLE.FAMILIES,
        listener=CITY,
    ),
    Heard(
        (AV,),
        7,
        "Return conversations",
        23,
        "The bus station is not safe after four o’clock.",
        "Lighting, a staffed kiosk until eight and a youth worker three evenings a week.",
        "Reported incidents fell from 31 to 12 between winters. Young people say “better, not fixed”.",
        is_public=True,
        how=HOW.INTERVIEW,
        listener=POLICE,
    ),
    Heard(
        BOTH,
        8,
        "Survey of children waiting",
        88,
        "Tell us how long the wait is, even when it is long.",
        "A text each fortnight with the place in the queue, and a name to ring.",
        is_public=True,
        how=HOW.SURVEY,
        listener=TIDEWELL,
    ),
    Heard(
        BOTH,
        9,
        "Return conversation panel",
        11,
        "They used to ask where I had been. Now they ask who was there. It is a different question.",
        "The questions were rewritten with the panel.",
        "88 in 100 children are seen within three days of coming home.",
        is_public=True,
        listener=POLICE,
    ),
    Heard(
        BOTH,
        11,
        "Parents and carers, after a child protection conference",
        433,
        "I understood what would happen next, and I did not agree with it.",
        "The record of a conference now has a box for what the family thinks.",
        people=PEOPLE.FAMILIES,
        how=HOW.SURVEY,
    ),
]

# Of what updates and reports say: words by which one is known, and what the office made of it when it took it over.
TAKEN = (
    "The Sounding Board asked us to say",
    {
        "who": "Sounding Board",
        "people_count": 14,
        "how": HOW.GROUP,
        "said": "Say “we have not acted” where that is so.",
        "did": "Every page of “You said, we did” says so now, and why.",
    },
)
# The same of one that was set aside, and why.
SET_ASIDE = ("called me an adult at risk", "The same as the young people told Lantern Family Trust themselves")
