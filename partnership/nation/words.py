"""Sentences of an invented nation: put together from lists, so that few are the same and a search finds some.

``[topic]`` in a pattern is one of the topics. Nothing here is anybody's own words.
"""

import re

SLOT = re.compile(r"\[(\w+)\]")


def each_of(words):
    return words.split()


PLACE_BEGINS = each_of("""
Alder Amber Barrow Beck Birch Bram Carn Chal Corrin Dray Dun Elm Ember Fenn Ferry Garth Glen Hal Hazel Heron Holm Ives
Kelder Lark Linden Mallow Marl Nether Oak Orrin Pell Quarr Raven Rowan Sedge Sel Teasel Thorn Wend Yarrow
""")
PLACE_ENDS = each_of("combe ford mere wick stow ham brook leigh haven cliffe bury dale moor worth")

FIRST_NAMES = each_of("""
Aaliyah Aisling Ama Anselm Arjun Beatrix Bronwen Callum Chidi Clarissa Dafydd Delroy Ebele Edmund Eleri Farida Finlay
Gwen Hamza Harriet Imani Ines Jasper Joan Kamala Keir Leila Lowri Malik Maren Nadine Nikhil Olwen Osman Perpetua Priya
Quentin Rhiannon Roisin Rupert Saffron Samir Sioned Tariq Tessa Uma Verity Winston Xenia Yusuf Zainab Zoltan
""")
LAST_NAMES = each_of("""
Abara Adeyemi Ashdown Aziz Balogun Beckwith Bhatt Birtles Calloway Chaudhry Colquhoun Dacre Dalgleish Danso Desai
Eastwood Ellershaw Farooqi Fairbairn Garrick Ghosh Gillespie Hallam Haque Heywood Ibekwe Illingworth Jefferies Jhalli
Kavanagh Kerridge Khatun Lacey Lomax Lovelock Mahmood Marchbanks Mensah Nettleton Nkemelu Oakden Olaniyan Osei Pargeter
Patel Pemberton Quaye Quill Radcliffe Rahimi Ramsbottom Sandhu Scrivens Shah Stannard Tait Thackray Threlfall Udoh
Umar Vasquez Venn Wadsworth Wainwright Yeboah Yeomans Zaman
""")

LISTS = {
    "topic": """neglect|early help|online harm|harm outside the home|domestic abuse|mental health|babies under one|
        children missing from home|school exclusion|children with disabilities|substance misuse|private fostering|
        young carers|parents in conflict|sexual harm|transition to adulthood|safe sleeping|home education|
        unexplained injuries|children in care far from home|knife crime|housing and damp|female genital mutilation|
        trafficking|county boundaries|allegations against staff|poverty|bereavement|self-harm|racism""",
    "thing": """pathway|checklist|threshold guide|shared chronology|referral form|practice guide|duty rota|briefing|
        joint protocol|learning set|data sheet|supervision template|escalation route|conversation guide|dip sample|
        family hub offer|consent form|risk tool|welcome pack|multi-agency meeting""",
    "make": """agree|write|test|publish|roll out|review|simplify|replace|map|train staff in|bring together|relaunch|
        pilot|evaluate|embed|extend|translate|shorten""",
    "made": """agreed|written|tested|published|rolled out|reviewed|simplified|replaced|piloted|extended|shortened|
        discussed|handed over|put before the group""",
    "who": """social workers|health visitors|midwives|school leads|police officers|youth workers|GPs|foster carers|
        housing officers|probation staff|nursery managers|school nurses|ambulance crews|volunteers|ward staff|
        pharmacists|family support workers|attendance officers|sports coaches|dentists""",
    "child": """children under five|teenagers|care leavers|brothers and sisters|children taught at home|
        boys at secondary school|girls in alternative provision|children of prisoners|disabled children|
        children new to the area|pupils in year six|unaccompanied children""",
    "place": """the front desk|two family hubs|the hospital|four schools|the north of the area|every district|
        the custody suite|the maternity ward|the youth centre|the library service|three villages|the college""",
    "shown": """fewer repeat referrals|plans that name the child’s own words|visits within the week|
        chronologies in nine of ten files|shorter waits|more families who came back|earlier strategy meetings|
        better attendance|calls answered the same day|fewer children who had to tell their story twice""",
    "trouble": """two posts are vacant|the system cannot share the list yet|the venue closed|the lead was ill in spring|
        one agency has not named anybody|the figures came late|the budget is spent by winter|
        staff say that the form is too long|the contract ends in March|parents were not asked""",
    "said": """nobody told me why|I had the same worker all year|I would rather be texted|
        the room felt like a court|they listened and it changed|I did not know who to ring|
        it helped that my aunt could come|the letter was hard to read|I waited too long|
        they asked me twice and wrote it down once""",
    "number": "three|four|five|six|seven|eight|nine|eleven|twelve|fourteen|eighteen|twenty|thirty|forty",
    "season": "spring|summer|autumn|winter",
    "group": """the board|the executive|the scrutiny group|the practice group|the learning group|
        the case group|the education group|health colleagues|the police|the council""",
}
LISTS = {name: [" ".join(word.split()) for word in words.split("|")] for name, words in LISTS.items()}

PATTERNS = {
    "aim": ["Children are safe from [topic] and [topic]", "[topic], seen early and answered together"],
    "outcome": [
        "[child] say that they were heard, and [who] can show it",
        "Families meet [who] who know about [topic] before it is urgent",
        "We see [shown] for [child]",
    ],
    "reason": [
        "Audit and data both point to [topic] among [child].",
        "[who] asked for this: [trouble].",
        "Two reviews found that [topic] was seen late in [place].",
    ],
    "promise": [
        "[make] a [thing] about [topic] for [who]",
        "[make] the [thing] for [child] with [who]",
        "[make] how [who] and [who] answer [topic]",
    ],
    "work": [
        "[make] the [thing] with [who] in [place]",
        "Ask [child] about [topic] and tell [group]",
        "[make] a [thing] for [who]; report to [group]",
        "Dip-sample [number] files on [topic]",
    ],
    "progress": [
        "The [thing] on [topic] was [made] with [who] in [place]. [number] teams use it; the rest begin in [season].",
        "We met [who] and [who] about [topic]. A [thing] was [made] and [group] has seen it.",
        "[number] sessions were held in [place] for [who]. What they asked for most is a [thing] on [topic].",
        "Work with [child] began in [place]; the [thing] is [made], and [number] of [who] have tried it.",
    ],
    "risk": ["[trouble], so the [thing] may come a quarter later.", "[trouble]; [group] knows."],
    "difference": ["We see [shown] in [place].", "[who] tell us of [shown] since [season]."],
    "voice": ["One of the [child] said: “[said]”.", "In [place] we heard “[said]”, and “[said]”."],
    "comment": [
        "The group discussed [topic] and the [thing]. It asks [who] for [shown] by [season].",
        "Good work in [place]; the group is not yet sure about [topic] because [trouble].",
    ],
    "action": ["[make] the [thing] on [topic] and come back to [group]", "Ask [who] why [trouble]"],
    "outcome_of": ["Done in [season]: the [thing] is [made].", "[who] have it, and [group] was told."],
    "item": ["[topic]: where we stand", "[thing] for [who]", "Report of [group] on [topic]", "[topic] in [place]"],
    "decision": ["To [make] the [thing] about [topic] with [who]", "To ask [group] about [topic] again in [season]"],
    "answer": [
        "Yes. [who] have a [thing] on [topic], last looked at in [season]. We found [shown] in [place].",
        "In part: [trouble]. [who] work on a [thing], and [group] hears of it in [season].",
        "Our [number] teams each name a lead. In [place] they [make] the [thing] with [who].",
    ],
    "course": ["[topic]: working together", "[topic] for [who]", "Talking with [child] about [topic]"],
    "case": [
        "A child was hurt at home; [who] and [who] knew the family. Questions about [topic].",
        "A young person was harmed away from home. [topic] was seen by [who] before.",
    ],
    "learning": ["[who] need to [make] the [thing] where [topic] is suspected", "[topic] was mistaken for [topic]"],
    "recommendation": ["[group] should [make] the [thing] on [topic] for [who], and show [shown]"],
    "threat": ["[trouble], and [child] wait", "[topic] rises faster than [who] can answer"],
    "question": ["How do you know that [who] recognise [topic]?", "What has changed for [child] since last year?"],
}


class Words:
    """Says things, each time differently; the same for the same ``rng``."""

    def __init__(self, rng):
        self.rng = rng

    def of(self, kind):
        """A sentence of that kind."""
        text = SLOT.sub(self._fill, self.rng.choice(PATTERNS[kind]))
        return text[0].upper() + text[1:]

    def one(self, name):
        return self.rng.choice(LISTS[name])

    def person(self):
        return f"{self.rng.choice(FIRST_NAMES)} {self.rng.choice(LAST_NAMES)}"

    def chance(self, of_hundred):
        return self.rng.random() * 100 < of_hundred

    def _fill(self, slot):
        return self.rng.choice(LISTS[slot[1]])


def place_name(number):
    """The same for the same number: the 560 first are all different."""
    begin = PLACE_BEGINS[number % len(PLACE_BEGINS)]
    end = PLACE_ENDS[(number // len(PLACE_BEGINS) + number) % len(PLACE_ENDS)]
    return begin + end


MOST_PLACES = len(PLACE_BEGINS) * len(PLACE_ENDS)
