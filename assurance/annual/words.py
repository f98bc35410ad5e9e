"""Plain meanings of the terms that every annual report uses."""

WORDS_WE_USE = [
    ("Activity", "One piece of work under a deliverable, with its own date."),
    ("Deliverable", "One thing the plan says will be done, with a lead and a date."),
    ("Evidence", "Something on record that shows how much was done, how well, or what difference it made."),
    ("Executive", "The group that decides for the safeguarding partners between their own meetings."),
    ("Independent scrutineer", "A person from outside who tests how well the partnership works, and reports on it."),
    ("Lead", "The post, group or organisation that answers for a deliverable."),
    ("Outcome statement", "What will be different for people, as opposed to what will be done."),
    ("Panel", "The national body that looks at serious child safeguarding incidents."),
    ("Priority", "One of the few things the plan is about."),
    ("Priority review", "Judgement on a priority in two steps: one group proposes a rating, another decides it."),
    ("Rapid review", "A first look at a serious incident, finished within weeks."),
    ("Rating", "A judgement, in the words of the plan’s own key, of how a priority is going."),
    ("Relevant agency", "An organisation that the partners have named because of its work with people at risk."),
    ("Return", "An organisation’s answers to the questions that the partnership asks every member."),
    ("Round", "A turn of the cycle, usually a quarter, in which every lead says how their work is going."),
    ("Safeguarding partners", "The council, the health board and the police, who share one duty."),
    ("Subgroup", "A group that carries out part of the plan and reports to the board or executive."),
    ("Update", "A lead’s own words on a deliverable in one round."),
    ("Voice entry", "What people said, what was done about it, and what changed."),
]
