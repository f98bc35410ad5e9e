"""What leads said in each round of the running plan, and how the two groups judged it.

For each deliverable four entries, the oldest first; the last is of the open round. ``None`` is a
lead who did not answer, ``SAME`` is "same as last time".
"""

from assurance.sample.shapes import Judged, Said

SAME = "same as last time"

UPDATES = {
    "C.1": (
        Said(
            "A",
            "The page is drawn and the Sounding Board has read it. Old entries are being copied in.",
            risk="One person types for both areas. The deputy manager takes over from next month.",
            voice="“Put the answer first. We know what we said.” Sounding Board, 9 members.",
        ),
        Said(
            "G",
            "The page is in use. 64 entries stand on it, 22 with what changed.",
            difference="Eleven young people got their answer back in person.",
            voice="“It was strange to hear back. Good strange.” A young carer, 15.",
        ),
        Said(
            "G",
            "88 entries, 47 with what changed. Reported to the Sounding Board in <m-3>.",
            difference="Two of seven subgroups moved a meeting out of school hours after reading it.",
            risk="Entries from children under eight are still few. Two nurseries have offered a morning.",
            voice="The Sounding Board asked us to say “we have not acted” where that is so. We now do.",
        ),
        Said(
            "G",
            "97 entries, 56 with what changed. Two members checked ten of them in <m-1> and believed eight.",
            difference="The two that they did not believe were rewritten with the people who had spoken.",
            voice="“You had put what you wanted it to mean.” Amber, on one of the two.",
        ),
    ),
    "C.2": (
        None,
        Said("G", "Date agreed for the joint meeting. Both managers have drafted a list of what they hold."),
        SAME,
        Said(
            "G",
            "Papers are out for the joint meeting. Three young people who turned 18 will open it.",
            voice="“I got a letter that called me an adult at risk. I was in sixth form.” Young person, 18.",
        ),
    ),
    "1.1": (
        Said(
            "G",
            "Draft checklist tried with six families. Midwives, health visitors and social workers wrote it together.",
            difference="Nothing yet that we can show.",
            voice="“I wrote the plan with her. Nobody had asked me what worried me before.” A mother, Millbrook.",
        ),
        Said(
            "A",
            "Checklist agreed by both maternity services. St Brannoc’s uses it; Millbrook has not begun.",
            risk="Two midwives left in Millbrook. Bank posts asked for.",
            difference="All six families of the trial had one plan by 28 weeks.",
            voice="Two fathers said the plan was the first paper with their name on it.",
        ),
        Said(
            "A",
            "In use at St Brannoc’s from the 20-week appointment: 31 plans. The second unit slipped again.",
            risk="Vacancies in Millbrook, three of fourteen. Two bank posts cover until <m+2>.",
            difference="Plans were in place by 28 weeks in 26 of 31 families, 14 of 20 before.",
            voice="Families who moved between our areas told their story twice. Four of five said so.",
            earlier=Said(
                "G",
                "In use at St Brannoc’s from the 20-week appointment: 31 plans.",
                difference="Plans were in place by 28 weeks in 26 of 31 families.",
            ),
        ),
        None,
    ),
    "1.2": (
        Said("G", "Fathers from two estates helped to choose the words. The briefing is half written."),
        Said(
            "G",
            "Briefing written and used by two housing teams.",
            difference="Housing officers asked about sleep in 38 of 50 visits, from none.",
            voice="“Say it to me, not through her.” A father, 19.",
        ),
        Said(
            "G",
            "Ten teams have had the briefing. First run of the campaign booked in six venues.",
            risk="Barbers’ shops can only take us on quiet days.",
            difference="Health visitors say that fathers now ask the questions.",
            voice="Leaflets rewritten by fathers went to print.",
        ),
        None,
    ),
    "1.3": (
        Said("G", "Both groups met together for the first time and laid nine reviews side by side."),
        Said(
            "G",
            "Three themes found: men in the home unseen, bruises explained away, families who move.",
            difference="Front door teams check every adult in the home: done in 51 of 55 contacts sampled.",
        ),
        Said(
            "B",
            "Themes went into the training of 61 teams and were re-checked by somebody else.",
            difference="Escalations on record rose from 9 to 38; 26 of them changed the decision.",
            voice="A grandmother read the summary of one review before it was published.",
            by="county-cases-chair",
        ),
        Said(
            "B",
            "Fourth joint meeting held. The paper for the Executive is written.",
            difference="The re-check of same-day assessments: 17 of 19, the other two next morning.",
            by="county-cases-chair",
        ),
    ),
    "2.1": (
        Said("A", "Five agencies use three checklists. Wording of the one guide is argued about."),
        Said(
            "G",
            "Guide agreed. Four pages, read aloud to parents twice before it was signed off.",
            voice="“If you think my house is dirty, say dirty.” A mother, parents’ panel.",
        ),
        Said(
            "G",
            "Guide in use by 33 of 43 teams. Script of the clip written with two head teachers.",
            difference="Paired readings agreed in 17 of 20 families.",
            risk="Early years settings ask for a one-page version.",
        ),
        Said(
            "G",
            "Guide in use by 41 of 43 teams; 268 of 398 schools have confirmed. The clip is filmed, not yet cut.",
            difference="Front door: neglect is named in the first contact in 6 of 10 cases, from 4.",
            voice="Children in two primary schools chose the pictures of the clip.",
        ),
    ),
    "2.2": (
        Said("A", "Waiting lists of both areas collected. They count different things."),
        Said(
            "R",
            "Lists not matched. Millbrook’s was frozen when its provider changed.",
            risk="142 families wait; nobody can say which of them wait twice.",
        ),
        Said(
            "R",
            "One definition agreed by both managers. The matching itself has not begun.",
            risk="No analyst until <m-1>. The county lends one from then.",
            difference="None that we can show. The median wait rose from 9 to 11 weeks.",
            voice="“By the time they rang we had stopped asking.” A father of three.",
            by="county-early-help",
        ),
        Said(
            "R",
            "212 of 347 families matched. 38 were on both lists. Housing officers came to two of three meetings.",
            risk="The new provider starts a month late. Families of the 38 are seen first.",
            difference="19 of the 38 have started.",
            voice="Parents asked for one letter, with one name. It went out to the 38.",
            by="city-early-help",
            earlier=Said(
                "A",
                "212 of 347 families matched.",
                by="county-early-help",
            ),
        ),
    ),
    "2.3": (Said("G", "Six practices found. School nurses drafted the alert."), None, None, None),
    "3.1": (
        Said("G", "Twenty shops and both bus companies said yes."),
        Said(
            "G",
            "34 guardians trained in three evenings.",
            voice="Young people played the customers in every session.",
        ),
        Said(
            "G",
            "62 guardians trained, two over the number promised.",
            difference="Nine worries passed on. Seven guardians heard what came of theirs.",
            risk="Staff of shops change often: 8 of 62 have left.",
            voice="“The man at the kiosk knows my name now.” Young person, 14.",
        ),
        None,
    ),
    "3.2": (
        Said("G", "Eleven young people rewrote the questions. They come first in the form now."),
        Said(
            "G",
            "In use by both teams. 81 in 100 seen within three days.",
            voice="“They used to ask where I had been. Now they ask who was there.” Young person, 15.",
        ),
        Said(
            "G",
            "86 in 100 seen within three days. Five places named by more than one child.",
            difference="Lighting and a staffed kiosk at the bus station; incidents fell from 31 to 12.",
        ),
        Said(
            "B",
            "91 in 100 seen within three days, for two months running. Checked by two young scrutineers.",
            difference="Four of the five places changed. Young people say “better, not fixed”.",
            voice="The young scrutineers asked that boys be asked twice. The form now does.",
        ),
    ),
    "3.3": (
        Said("A", "Days are covered. Nights depend on one worker."),
        Said("G", "Second worker started. 84 in 100 seen within the hour."),
        SAME,
        Said(
            "G",
            "Nights and weekends covered. 92 in 100 seen within the hour.",
            risk="Ashford Vale waits for the county’s decision on money.",
            difference="Eight children went home the same night who would have stayed before.",
        ),
    ),
    "3.4": (
        Said("A", "Young people walked four neighbourhoods and argued about what safe means."),
        Said("A", "Eleven places on the map, nine of them in Ashford Vale."),
        Said(
            "A",
            "Nineteen places on the map. Millbrook has only three.",
            risk="Libraries in Millbrook close at five.",
            difference="Used 640 times in a month, most often on the way home.",
            voice="“Ask us where we feel safe, then believe us.” Sounding Board.",
        ),
        Said(
            "G",
            "Twenty-six places, seven in Millbrook. Four libraries there open until seven from next month.",
            difference="Three places were taken off after young people checked them.",
            voice="The map is drawn by young people and they decide what comes off.",
            by="learning-chair",
        ),
    ),
    "4.1": (
        Said("R", "The two councils’ lists cannot be laid side by side: different year groups, different words."),
        Said("A", "Agreement to share written. One legal team has signed."),
        Said(
            "A",
            "Agreement signed, two weeks late. 353 children are on one list; 41 were on neither before.",
            difference="Six children were found to be at risk and seen the same week.",
            voice="Four of the children we visited asked for a club, none for a school.",
            by="virtual-school",
        ),
        Said(
            "A",
            "The list is checked every week. Sharing it with health visitors waits for one signature.",
            risk="The trust’s data officer is away. The chief nurse has been asked.",
            difference="29 of the 41 have been seen.",
            by="attendance",
        ),
    ),
    "4.2": (
        Said("A", "First open morning: nine families in Ashford Vale, two in Millbrook."),
        Said(
            "G",
            "Second open mornings: 21 families. Parents ran one of them.",
            voice="“Nobody checked up on us. Somebody showed us the lab.” A boy, 12.",
        ),
        SAME,
        SAME,
    ),
    "4.3": (
        Said(
            "A",
            "Three questions agreed for primary schools. Secondary heads meet again this term.",
            risk="Academy trusts decide for themselves; five of nine have said yes.",
        ),
        Said(
            "R",
            "Two of nine trusts use the questions. A first count is made where they do.",
            risk="Seven trusts wait for advice from their own lawyers.",
        ),
        Said(
            "R",
            "Still two of nine. Eleven children left a school roll this term and nobody had asked.",
            risk="The advice has come and says yes; no trust has put the questions on its form yet.",
            voice="“They said it was my choice. I did not know it was one.” A mother of two.",
        ),
        None,
    ),
    "5.1": (
        Said(
            "R",
            "48 in 100 seen within ten days. One of two posts filled.",
            risk="The second post was advertised twice.",
            difference="Longest wait fell from 63 days to 41.",
        ),
        Said(
            "A",
            "59 in 100. Both hospitals count the ten days alike since <m-6>.",
            difference="Now that we count alike, we know which wards are slow.",
            voice="“At least tell me it is still happening.” Young person, 16.",
        ),
        None,
        None,
    ),
    "5.2": (
        Said("G", "Texts go out each fortnight to 140 children."),
        Said(
            "G",
            "Texts to 188 children. 21 rang the number.",
            voice="Children asked that the text should not name the clinic. It no longer does.",
        ),
        Said(
            "G",
            "Texts to 203 children. Questions written for the survey.",
            difference="Missed first appointments fell from 19 to 12 in 100.",
        ),
        Said(
            "G",
            "80 children asked in <m-1>: 63 knew how long they had to wait.",
            difference="63 of 80 knew, from 22 of 88 last year.",
            voice="“It is still too long. But I knew.” Young person, 14.",
        ),
    ),
}

# For each priority's ref ("" is the cross-cutting one) four judgements; None is not yet begun.
REVIEWS = {
    "": (
        Judged(
            "A",
            "The page is a good idea and nobody outside the office has seen it.",
            recommendations="Show it to the Sounding Board before the next round.",
            decided="A",
            decision="Agreed.",
        ),
        Judged(
            "G",
            "We read twelve entries. In nine we could follow what was said to what was done.",
            recommendations="Say it plainly where nothing was done.",
            decided="G",
            decision="Agreed, with thanks to the young people who checked.",
        ),
        Judged(
            "G",
            "Better each round. Children under eight are missing.",
            recommendations="Take up the nurseries’ offer.",
            risks="The page is one person’s work; the deputy manager shares it from this month.",
        ),
        None,
    ),
    "1": (
        Judged(
            "G",
            "A good start, made with families and not for them.",
            recommendations="Begin in both units at once.",
            decided="G",
            decision="Agreed.",
        ),
        Judged(
            "G",
            "The checklist is agreed and one unit uses it. We think that the date can still be met.",
            recommendations="Ask the second unit for a date.",
            risks="Vacancies in Millbrook.",
            decided="A",
            decision="We heard from the trust that no date can be given.",
            decision_risks="Bank posts are paid for until spring.",
            reason="The date may be missed, because the second unit has not begun and cannot say when.",
        ),
        Judged(
            "A",
            "The checklist is liked and used. It has been tested in one unit only, and families who move "
            "between our areas still tell their story twice.",
            recommendations="Start the second unit by the middle of <m+1>. Ask both councils for a named "
            "contact for families who move.",
            risks="Midwife vacancies in Millbrook. Two bank posts cover until <m+2>.",
            decided="A",
            decision="Agreed. We ask the trust’s chief executive for a start date in writing.",
            decision_risks="If the bank posts end before the vacancies do, the plan stops there.",
        ),
        Judged(
            "A",
            "Without an answer from the second unit we can only repeat what we said. The other two "
            "promises are on time, and one is done.",
            recommendations="Invite the named midwife to the Executive.",
            risks="The trial is the only thing that shows whether the checklist works in a second place.",
        ),
    ),
    "2": (
        Judged(
            "A",
            "The guide is near. Nobody knows how many families wait.",
            recommendations="One definition of waiting, before anything else.",
            decided="A",
            decision="Agreed.",
        ),
        Judged(
            "A",
            "Half of this priority goes well: the guide. The other half stands still.",
            recommendations="Lend the city an analyst.",
            risks="142 families wait; some of them twice.",
            decided="R",
            decision="We do not want the guide to hide the waiting list.",
            reason="A priority whose main promise has not begun is off track, however good its guide.",
        ),
        Judged(
            "R",
            "Definition agreed, matching not begun, the wait is longer than in spring.",
            recommendations="Report numbers to the Executive every month until the list is matched.",
            risks="Families give up. One father told us so.",
            decided="R",
            decision="Agreed. The two directors answer for it together at every meeting.",
        ),
        None,
    ),
    "3": (
        Judged("A", "Nights in custody depend on one worker.", decided="A", decision="Agreed."),
        Judged(
            "G",
            "Four of four promises move. Young people are in all of them.",
            decided="G",
            decision="Agreed.",
        ),
        Judged(
            "G",
            "Incidents at the bus station fell by more than half. The map has three places in Millbrook.",
            recommendations="Ask Millbrook’s libraries about their hours.",
            decided="G",
            decision="Agreed. We have written to the libraries.",
        ),
        None,
    ),
    "4": (
        Judged(
            "R",
            "Two lists that cannot be compared are no list.",
            recommendations="Start from names and birthdays, leave the rest for later.",
            decided="R",
            decision="Agreed.",
        ),
        Judged(
            "A",
            "One signature of two. We think that this will come.",
            decided="A",
            decision="Agreed, because the date was given by the solicitor herself.",
        ),
        Judged(
            "A",
            "41 children whom nobody knew are on the list, and six were found in time.",
            recommendations="Give health visitors the list.",
            decided="A",
            decision="Agreed. This is the work that we are proudest of and it is late.",
        ),
        None,
    ),
    "5": (
        Judged(
            "R",
            "One post, half of the children.",
            recommendations="Ask the board for a permanent post.",
            decided="R",
            decision="Agreed.",
        ),
        Judged(
            "A",
            "59 in 100 is better. The same measure is used in both hospitals.",
            decided="A",
            decision="Agreed.",
        ),
        Judged(
            "R",
            "No update from the lead: the post is vacant. The figures that we asked for did not come.",
            recommendations="Name somebody who answers until the post is filled.",
            risks="Without an answer nobody knows whether 59 has risen or fallen.",
            worsening="Nobody answered for the main promise, so we cannot say that it is only at risk.",
            decided="R",
            decision="Agreed. The chief nurse answers until the post is filled.",
        ),
        None,
    ),
}
