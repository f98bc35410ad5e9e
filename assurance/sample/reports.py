"""Last year's annual report as it was published, and this year's as far as it has grown."""

from assurance.sample.shapes import Heading

SIGNED_BY = (
    "Helena Marsh-Okoro, Ashford Vale County Council; Tobias Renner, Millbrook City Council; "
    "Dr Priya Nandakumar, NHS Three Rivers; Gareth Ellwood, Ashford Vale Constabulary"
)

LAST_FOREWORD = (
    "A yearly report can list everything that was done and still leave a parent wondering whether "
    "their child is any safer. We have tried to write the other kind.\n\n"
    "Three things went well. Families who have been helped once are less likely to need us again: "
    "fewer than one in five cases came back within a year, for the first time since we began to "
    "count. All three statutory partners are now in the room when the first decisions are made about "
    "a child in five of our six localities. And the work on harm outside the home is finished, tested "
    "and handed over.\n\n"
    "Two things did not. Children who harm themselves still wait too long, and told us so. Our shared "
    "chronology does not yet exist. Section 3 says why, in more detail than is comfortable, because a "
    "partnership that cannot say what failed cannot be trusted on what worked.\n\n"
    "We asked 1,146 children, parents and carers what they had noticed. Their words are in section 5, "
    "set beside what we did. Where we have not acted, we say so there as well.\n\n"
    "We are jointly and equally responsible for what follows. We thank the practitioners who carried it."
)

LAST_REPORT = (
    Heading(
        "Contribution of each safeguarding partner",
        "contribution",
        "Four organisations hold the same duty. This section says what each put in, and where each was challenged.",
        "The lead safeguarding partners met together four times and gave day-to-day leadership to four "
        "named executives.\n\n"
        "Ashford Vale County Council hosts the business office and led priority 1. It moved eleven "
        "family help teams into shared offices with health visitors and gave 34 days of trainer time. "
        "The Executive challenged it in July over the time taken to answer contacts from schools; the "
        "average has fallen from nine working days to four.\n\n"
        "Millbrook City Council led priority 2 and paid for two workers who meet young people in "
        "custody within an hour. It did not meet its promise to bring housing officers into early help "
        "meetings in Riverside, and section 3 returns to this.\n\n"
        "NHS Three Rivers Integrated Care Board led priorities 3 and 4, raised its contribution by "
        "£14,000 and placed a named nurse in each front door team. It was late in three of four rounds "
        "with figures on waiting times; the advisor raised this formally and the last two returns came "
        "on time.\n\n"
        "Ashford Vale Constabulary led priority 5. It sends an officer with authority to decide to "
        "every strategy discussion in five localities. It has not filled the third decision-maker post "
        "in Riverside, where attendance fell.",
    ),
    Heading(
        "Evidence of impact, including training",
        "impact",
        "For each priority we ask one question: what is different for children, and how do we know?",
        "Evidence is marked by what it can show: how much we did, how well we did it, or the difference "
        "it made. Where we hold only the first, we do not call it impact.\n\n"
        "Neglect, seen early. Every locality runs a monthly meeting in which schools, health visitors, "
        "housing officers and family help workers look together at children who worry them, with one "
        "tool and one set of words. The meetings discussed 412 children; 331 of them had help in place "
        "within four weeks. Re-referrals within a year fell from 21.8 to 18.9 in 100. We are fairly "
        "sure that this is real. The fall began before the meetings did in two localities, so they "
        "cannot be the whole cause.\n\n"
        "Children harmed outside the home. Return conversations reach 88 in every 100 children within "
        "three days of coming home, 61 two years ago. Lighting, staffing and opening hours were changed "
        "at five places that young people named as unsafe.\n\n"
        "Babies under two. After two rounds at risk this priority recovered. Safe sleep is discussed at "
        "home, with the cot in the room, in 94 of 100 visits sampled.\n\n"
        "Training. Every course names the review, audit or priority that asked for it. Mean confidence "
        "rose from 5.4 out of 10 before a course to 8.1 after it, and stood at 7.8 six to eight weeks "
        "later. Only 46 in 100 people answered at that stage, so the figure may flatter us. We have no "
        "way yet to link a course to what happened for a child, and we do not claim one.",
    ),
    Heading(
        "Little or no progress, and why",
        "little-progress",
        "Two priorities and one locality did not move as we promised. For each: what happened, why, and what next.",
        "Children who harm themselves still wait. We promised that 90 in 100 would be seen within ten "
        "days of leaving hospital; by March it was 44, and the longest wait was 63 days. The two posts "
        "that the plan relied on were advertised in May and one was filled in January; nobody had asked "
        "in April whether the money was permanent. Each hospital counted the ten days from a different "
        "moment, so the problem was hidden until the audit of October. Both posts are now permanent and "
        "one definition is in use.\n\n"
        "One shared chronology does not yet exist. The data agreement took nineteen months because four "
        "legal teams worked one after another instead of together. The supplier’s first build could not "
        "join records held under different surnames. No practitioner has yet used it, and there is no "
        "evidence of impact to report.\n\n"
        "Riverside is below the other localities on three of five measures. A vacant police post, two "
        "changes of service manager and the absence of housing officers each play a part. The advisor "
        "will look at the locality as a whole, and parents there will help to set the questions.",
    ),
    Heading(
        "Learning from reviews, and what was done",
        "learning",
        "Six serious incidents were notified. A recommendation is finished only when somebody else has re-checked it.",
        "All six rapid reviews were completed; five reached the national Panel within 15 working days of "
        "the notification. The sixth took 18, because one hospital’s records were sealed by the coroner. "
        "Two led to local practice reviews.\n\n"
        "Ask about the men in the household. Front door teams now check every adult in the home. "
        "Re-check: done in 51 of 55 contacts. Judged to have lasted.\n\n"
        "Bruises on babies who cannot move. Re-check: 17 of 19 seen on the same day; the other two next "
        "morning, after an out-of-hours handover failed. Judged partly to have lasted.\n\n"
        "Disagree out loud. After briefings to 61 teams, recorded escalations rose from 9 to 38, and 26 "
        "of them changed the decision. Judged to have lasted.",
    ),
    Heading(
        "Children’s and families’ feedback, and how it was used",
        "feedback",
        "We heard 1,146 people. Here is what they said, what we did, and what changed.",
        "704 children and young people and 442 parents and carers were heard through return "
        "conversations, the Sounding Board, parents’ panels in four localities, audits that ask the "
        "family first, and a survey after every child protection conference. We heard too few children "
        "under eight and too few fathers.\n\n"
        "What we have not acted on: young people asked for meetings outside school hours. Two of seven "
        "groups changed their times; five have not.",
    ),
    Heading(
        "Decisions and actions",
        "decisions",
        "Eleven decisions changed what agencies do. These are the four that mattered most to children.",
        "One neglect tool for all agencies, because four tools gave four answers.\n\n"
        "No strategy discussion to close without health and police. Five localities improved, one did not.\n\n"
        "Pause the shared chronology until the data agreement is signed. It was signed seven months late.\n\n"
        "Young people to hold one seat with a vote on the Planning and Delivery Group.\n\n"
        "Where the Executive decided differently from the scrutiny group, the reason is kept with both "
        "ratings. This happened twice.",
    ),
    Heading(
        "Costs, contributions and value",
        "costs",
        "The partnerships received £562,000 and spent £555,000. Reviews cost more than planned.",
        "Ashford Vale County Council paid £168,400, Millbrook City Council £121,600, the integrated care "
        "board £142,000 and the Constabulary £96,500; schools, district councils and probation paid "
        "£33,500 together. Seven thousand pounds went to the reserve, which stands at £91,000.\n\n"
        "Staff of the office cost £288,300, reviews £96,200 (planned £70,000: two reviews instead of "
        "one), training £68,400, independent scrutiny £41,500, children’s voice £27,900, data £21,600, "
        "publishing £11,100.\n\n"
        "A training place taken up cost £36, against £44 the year before, because partners’ own trainers "
        "ran most events.",
    ),
    Heading(
        "How education is represented",
        "education",
        "Schools, colleges and early years hold two seats where decisions are made and one in every subgroup.",
        "A primary and a secondary head teacher, chosen by their peers, sit on the Executive for every "
        "item but the two reserved in law. Of 412 schools and colleges, 398 returned the yearly "
        "safeguarding survey; the chair wrote to the head and the chair of governors of the other 14.",
    ),
    Heading(
        "Use of data and information sharing",
        "data",
        "We hold fewer measures than last year and read them more closely: 24, each with an owner.",
        "Information reaches schools before the bell on the morning after police attend an incident at a "
        "child’s home: 3,208 notices were sent, 96 in 100 before 8.30am. In a sample of 50 the school had "
        "changed something for the child that day in 37.\n\n"
        "Where sharing failed: adult mental health services did not tell children’s services of a "
        "parent’s admission in 6 of 40 cases audited. A prompt was added to the admission form.",
    ),
    Heading(
        "Impact of independent scrutiny",
        "scrutiny",
        "The advisor made 19 recommendations. Fifteen were accepted, three in part, one refused with reasons.",
        "Marguerite Lowell chairs nothing and decides nothing: she looks, asks and reports in public. Six "
        "young scrutineers, aged 15 to 19, work beside her and are paid for their time.\n\n"
        "“The partners have become quicker at admitting what is not working. They are not yet quick at "
        "stopping it.” Statement on the year.",
    ),
    Heading(
        "Updates to our arrangements",
        "arrangements",
        "Four changes to how we work together. Two are made and two are agreed.",
        "Head teachers joined the Executive. The chair of planning and delivery passed to the police. A "
        "joint meeting with the adults board about moving to adulthood, and one case review group in "
        "place of two, are agreed for the year to come.",
    ),
    Heading(
        "National reforms",
        "reforms",
        "What national reforms ask of us, and how far we are.",
        "Eleven family help teams work from shared offices in both areas. Each front door has a named nurse "
        "and, in five localities of six, an officer who can decide. The joint child protection team was tried "
        "in Ashford town from January; what it teaches will be told next year.",
    ),
    Heading(
        "Forward look",
        "",
        "Next year we will do fewer things, and finish them.",
        "Nine in ten children who harm themselves have an appointment within ten days. A decision on the "
        "shared chronology, made in public. Riverside level with the other five localities. And a fourth "
        "promise that young people chose and lead: one page on every agency’s website, which a child can "
        "read, about whom to ring and what happens next.",
    ),
    Heading(
        "Agreement of the lead safeguarding partners",
        "",
        "Each lead safeguarding partner has read and agreed this report.",
        "Each confirms that it went through the governance of their own organisation. The draft was open "
        "for comment for four weeks in June; 31 of 44 comments led to a change. All 44, with our answers, "
        "are on the website.",
    ),
)

# This year's draft as far as it has grown: code of a rule, standfirst, narrative.
THIS_REPORT = {
    "impact": (
        "What is different for children so far, and how we know.",
        "26 of 31 families had one plan by 28 weeks of a pregnancy, where it used to be 14 of 20. "
        "Incidents at the bus station that young people named fell from 31 to 12.\n\n"
        "Training. [[places-taken-up]] of [[places-booked]] places booked were taken up, at [[training-events]] "
        "events. That is [[places-taken-up change]].",
    ),
    "little-progress": (
        "Families wait longer for parenting support than in spring.",
        "The two waiting lists have only now been laid side by side. 38 families stood on both.",
    ),
    "feedback": (
        "What children and families said this year, and what changed.",
        "So far we have heard [[people-heard]] people, [[children-heard]] of them children and young people. "
        "[[voices-acted-on]] times something was done about what they said; [[voices-with-change]] times we can say "
        "what changed.",
    ),
    "education": (
        "Schools are asked every year, and those that have not answered are asked again.",
        "[[schools-answered]] of [[schools-asked]] schools and colleges have answered the yearly survey so far.",
    ),
}
