"""The schools of the sample, and what they say. Every name, number and address is invented."""

AV, MB = "Ashford Vale", "Millbrook"

# (name, area, phase, type, trust, head, chair of governors, whether its e-mail is known)
SCHOOLS = [
    ("Ashford Bridge Primary School", AV, "Primary", "Community school", "", "Mrs Ada Akande", "Jo Best", True),
    ("Ashford Hill Nursery School", AV, "Nursery", "Local authority nursery school", "", "Ms Priya Nair", "", True),
    ("Beacon Lane Infant School", AV, "Primary", "Community school", "", "Mr Tom Ellery", "Hazel Marsh", True),
    ("Brindle Wood Academy", AV, "Secondary", "Academy converter", "Vale Learning Trust", "Dr Esi Owusu", "", True),
    ("Castle Mount School", AV, "Not applicable", "Community special school", "", "Mrs Jean Farrow", "Ian Pole", True),
    ("Chalk Pit Junior School", AV, "Primary", "Foundation school", "", "", "", True),
    ("Coldharbour High School", AV, "Secondary", "Community school", "", "Mr Leon Barrett", "Sue Hallam", True),
    ("Dene Park Primary Academy", AV, "Primary", "Academy converter", "Vale Learning Trust", "Miss Amy Shaw", "", True),
    ("Eastgate Primary School", AV, "Primary", "Community school", "", "Mrs Olu Bello", "Rhys Penn", True),
    ("Fallow Field School", AV, "Primary", "Voluntary controlled school", "", "", "Meera Das", False),
    (
        "Gorse Hill Academy",
        AV,
        "Secondary",
        "Academy sponsor led",
        "Northern Lights Trust",
        "Mr Piotr Zielony",
        "",
        True,
    ),
    ("Harrow Brook Primary School", AV, "Primary", "Community school", "", "Mrs Kate Linton", "Abdi Noor", True),
    ("Holm Oak College", AV, "16 plus", "Further education", "", "Ms Grace Temple", "Colin Yates", True),
    ("Ivy Bank Nursery", AV, "Nursery", "Local authority nursery school", "", "Mrs Lin Cheung", "", True),
    ("Kiln Lane Primary School", AV, "Primary", "Community school", "", "Mr Dan Whitlock", "Pat Oram", True),
    ("Larkfield Church Primary School", AV, "Primary", "Voluntary aided school", "", "Mrs Ruth Amos", "", True),
    ("Mill Green Academy", AV, "All-through", "Academy converter", "Vale Learning Trust", "Dr Sam Okoro", "", True),
    ("North Quay Primary School", AV, "Primary", "Community school", "", "Ms Tess Arden", "Bill Roper", True),
    ("Old Orchard School", AV, "Not applicable", "Other independent school", "", "Mr Hugh Carrow", "", False),
    ("Paddock Way Primary School", AV, "Primary", "Community school", "", "Mrs Nia Howells", "Lou Fenn", True),
    ("Quarry Bank High School", AV, "Secondary", "Foundation school", "", "Mr Ravi Menon", "Di Carter", True),
    ("Redwell Primary School", AV, "Primary", "Community school", "", "Mrs Beth Coombe", "", True),
    ("Saltersgate Academy", AV, "Secondary", "Academy converter", "Northern Lights Trust", "Ms Zara Iqbal", "", True),
    ("Tanners Row Primary School", AV, "Primary", "Community school", "", "Mr Owen Frith", "Joy Adler", True),
    ("Abbot’s Mead Primary School", MB, "Primary", "Community school", "", "Mrs Helen Dyer", "Ros Kemp", True),
    ("Bluebell Nursery School", MB, "Nursery", "Local authority nursery school", "", "Ms Ines Faro", "", True),
    ("Carrow Lane Academy", MB, "Secondary", "Academy converter", "Millbrook Schools Trust", "Mr Ned Tully", "", True),
    ("Dovecote Primary School", MB, "Primary", "Community school", "", "Mrs Fay Bright", "Ed Sallow", True),
    ("Elder Grove School", MB, "Not applicable", "Community special school", "", "Dr Maya Stern", "", True),
    ("Fox Hollow Primary School", MB, "Primary", "Community school", "", "", "", True),
    ("Greenacre High School", MB, "Secondary", "Community school", "", "Ms Clare Weston", "Tim Ogle", True),
    (
        "Hawthorn Primary Academy",
        MB,
        "Primary",
        "Academy converter",
        "Millbrook Schools Trust",
        "Mr Jay Patel",
        "",
        True,
    ),
    ("Jubilee Primary School", MB, "Primary", "Community school", "", "Mrs Wendy Ross", "Al Brook", True),
    ("Kingfisher Primary School", MB, "Primary", "Community school", "", "Mr Luke Amber", "", True),
    ("Linden College", MB, "16 plus", "Sixth form centres", "", "Mrs Dawn Pryor", "Mo Aziz", True),
    ("Mere Side Primary School", MB, "Primary", "Voluntary aided school", "", "Mrs Ola Brand", "", True),
    ("Nightingale Primary School", MB, "Primary", "Community school", "", "Ms Jess Orme", "Val Stone", True),
    ("Priory Gate School", MB, "Secondary", "Foundation school", "", "Mr Alan Voss", "", True),
    ("Rush Green Primary School", MB, "Primary", "Community school", "", "Mrs Tia Lowe", "Gil Hart", False),
    ("Stepping Stones School", MB, "Primary", "Community school", "", "Ms Eve Garland", "", True),
]
FIRST_URN = 900_001
STREETS = ["School Lane", "Church Road", "Station Road", "Mill Street", "Park Avenue", "High Street"]

INTRODUCTION = (
    "Schools see more of children than any of us. Once a year we ask each of them the same few questions, so that we "
    "know where children are well protected and where schools need our help.\n\n"
    "It takes about ten minutes. What you say is read by the business office; only figures of all schools together "
    "go into the yearly report."
)
TITLE = "Schools’ safeguarding survey {year} to {next}"

# (section, kind, question, guidance, must be answered)
QUESTIONS = [
    ("Leading", "yes-no", "Has every member of staff read this year’s guidance on keeping children safe?", "", True),
    ("Leading", "number", "How many of your staff are trained to lead on safeguarding?", "Leads and deputies.", True),
    (
        "Leading",
        "score",
        "Governors ask, and check what they are told, about safeguarding.",
        "Think of the last three meetings.",
        True,
    ),
    ("Seeing", "score", "Staff recognise neglect early and write down what they see.", "", True),
    ("Seeing", "score", "We know which children are out of school, why, and who sees them.", "", True),
    ("Listening", "score", "Children say that they are listened to, and we can show what changed.", "", True),
    ("Working together", "score", "When we refer a child we hear back what was decided.", "", True),
    (
        "Working together",
        "text",
        "What should the partnership do for schools next year?",
        "One thing is enough.",
        False,
    ),
]
# For each question the answers that schools give in turn.
ANSWERS = [
    ["yes", "yes", "yes", "no", "yes", "yes"],
    ["3", "2", "5", "4", "2", "3", "8"],
    ["2", "3", "1", "2", "3"],
    ["2", "2", "3", "1"],
    ["3", "2", "3", "1", "2"],
    ["1", "2", "2", "3"],
    ["0", "1", "1", "2", "1", "3"],
    ["Tell us what became of a referral.", "", "Training for lunchtime staff.", "", "One number to ring for advice."],
]
ANSWERED_EACH = 5  # of so many schools two are silent
WHO = "designated safeguarding lead"
EXCUSED = ("Old Orchard School", "Closes at the end of term; its pupils move to Castle Mount School.")
