"""What the sample's groups report: invented, like everything in the sample."""

from dataclasses import dataclass

from assurance.sample import people


@dataclass(frozen=True)
class Said:
    """A report's sections; its lines are the updates'."""

    achievements: str = ""
    difference_made: str = ""
    voice: str = ""
    risks: str = ""
    escalations: str = ""
    next_period: str = ""


# Submitted on the round before the one that is open.
LAST_ROUND = {
    people.LEARNING: Said(
        achievements="Four multi-agency courses ran, and each had people from at least five organisations. Two "
        "lunchtime briefings on babies who are often moved were full within a day.\n\n"
        "We agreed one short form for what a team will do differently after a course, in place of three.",
        difference_made="Of 41 people asked eight weeks later, 29 could name something they now do differently. Most "
        "often it was asking fathers and partners by name.",
        voice="Two members of the Sounding Board sat in on the course about listening. They said the trainers talked "
        "about children for an hour before anybody asked a child. The opening is now a recording made by them.",
        risks="GP practices send few people, because there is nobody to cover the surgery. Recorded briefings of 15 "
        "minutes are offered instead, and we count who opens them.",
        escalations="We ask the group to agree that agencies release one practitioner each to train others. Without "
        "that, two courses of next spring have no trainer.",
        next_period="Run the yearly analysis of what people need to learn.\n"
        "Record the opening of every course with young people.\n"
        "Ask the courses of this autumn what has changed, eight weeks on.",
    ),
    people.PROCEDURES: Said(
        achievements="Six procedures were rewritten on two pages each. The one on bruises in babies is the page most "
        "often opened since.",
        difference_made="Too early to say. The front door counts from this month how often a caller has the page open.",
        voice="Nothing this quarter, because the parents’ panel meets twice a year and its next meeting is on the "
        "words we use when we write to families.",
        risks="One editor does all of it. A second is being trained by the city.",
        next_period="Rewrite what happens when a family moves between our areas.",
    ),
}

# Begun on the round that is open, by its chair, and not sent.
THIS_ROUND = {
    people.LEARNING: Said(
        achievements="The analysis of what people need to learn is done: 212 answers, a third of them from schools.",
    ),
}
