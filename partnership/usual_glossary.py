"""The abbreviations that a new partnership's glossary begins with, in our words.

A start, not constants: the rows are the office's from the first day, to change and to remove.
"""

from typing import NamedTuple

CHILDREN, ADULTS = "children", "adults"  # as in Partnership.Kind


class Usual(NamedTuple):
    """``of`` is the kind of partnership that it is for; empty where every one uses it."""

    term: str
    stands_for: str
    meaning: str
    of: str = ""


USUAL = [
    Usual(
        "BRAG",
        "Blue, red, amber, green",
        "A way to rate how work is going. Blue usually says that it is finished; your plan’s rating key says what each "
        "colour means here.",
    ),
    Usual(
        "CCE",
        "Child criminal exploitation",
        "Somebody uses a child to commit crimes, such as carrying drugs. The child is who is harmed, whatever they do.",
        CHILDREN,
    ),
    Usual(
        "CDOP",
        "Child death overview panel",
        "Looks at every child’s death in its area to learn what might have been different. It stands beside reviews of "
        "serious cases and does not replace them.",
        CHILDREN,
    ),
    Usual(
        "CIN",
        "Child in need",
        "A child who needs the council’s help to be well and to develop, given with the family’s agreement.",
        CHILDREN,
    ),
    Usual(
        "CQC",
        "Care Quality Commission",
        "Inspects hospitals, surgeries, care homes and other health and adult social care services in England.",
    ),
    Usual(
        "CSE",
        "Child sexual exploitation",
        "Sexual abuse in which a child is given, promised or threatened with something.",
        CHILDREN,
    ),
    Usual(
        "DA",
        "Domestic abuse",
        "Abuse between people aged 16 or over who are close to each other, in any form. A child who sees or hears it "
        "counts as a victim too.",
    ),
    Usual(
        "DARDR",
        "Domestic abuse related death review",
        "Looks at what agencies can learn from a death that had to do with domestic abuse. Earlier ones are called "
        "domestic homicide reviews (DHR).",
    ),
    Usual(
        "DoLS",
        "Deprivation of Liberty Safeguards",
        "The checks before an adult who cannot decide for themselves is kept in a hospital or a care home.",
        ADULTS,
    ),
    Usual(
        "DSL",
        "Designated safeguarding lead",
        "The member of staff of a school or college who answers for safeguarding there.",
        CHILDREN,
    ),
    Usual(
        "DSP",
        "Delegated safeguarding partner",
        "The senior person to whom a lead safeguarding partner has given the running of the arrangements.",
        CHILDREN,
    ),
    Usual(
        "EHCP",
        "Education, health and care plan",
        "What a child or young person with special educational needs is entitled to, and who provides it.",
        CHILDREN,
    ),
    Usual("FGM", "Female genital mutilation", "Cutting or injuring a girl’s genitals with no medical reason. A crime."),
    Usual(
        "ICB",
        "Integrated care board",
        "Plans and pays for most of the health service in an area. It is one of the statutory safeguarding partners; "
        "until 2022 the clinical commissioning groups (CCG) were.",
    ),
    Usual(
        "ILACS",
        "Inspection of local authority children’s services",
        "How Ofsted inspects a council’s social care for children.",
        CHILDREN,
    ),
    Usual(
        "JTAI",
        "Joint targeted area inspection",
        "Inspectorates of care, health, police and probation together look at how agencies of one area work on one "
        "subject.",
        CHILDREN,
    ),
    Usual(
        "LADO",
        "Local authority designated officer",
        "Oversees what is done about allegations against people who work with children.",
        CHILDREN,
    ),
    Usual(
        "LCSPR",
        "Local child safeguarding practice review",
        "Looks at a serious case to learn how agencies can work better together. It is not about who is to blame.",
        CHILDREN,
    ),
    Usual(
        "LSP",
        "Lead safeguarding partner",
        "The head of the council, the integrated care board or the police. The three answer jointly for the "
        "arrangements.",
        CHILDREN,
    ),
    Usual(
        "MALDG",
        "Multi-agency learning and development group",
        "Plans training for all agencies and looks at whether it makes a difference.",
    ),
    Usual(
        "MAPPA",
        "Multi-agency public protection arrangements",
        "How police, probation and prisons, with others, manage the risk from violent and sexual offenders.",
    ),
    Usual(
        "MARAC",
        "Multi-agency risk assessment conference",
        "A regular meeting at which agencies plan how to keep the people safe who are at highest risk from domestic "
        "abuse.",
    ),
    Usual(
        "MASH",
        "Multi-agency safeguarding hub",
        "The place where worries about somebody arrive and agencies put together what each of them knows.",
    ),
    Usual(
        "MCA",
        "Mental Capacity Act 2005",
        "Says how decisions are made for people of 16 and over who cannot make them, always in their best interests.",
    ),
    Usual(
        "MSP",
        "Making Safeguarding Personal",
        "Ask the adult what they want to happen, keep asking, and at the end ask whether it did.",
        ADULTS,
    ),
    Usual(
        "PiPoT",
        "Person in a position of trust",
        "Somebody who works or volunteers with adults who need care. A worry about one is handled in its own way.",
        ADULTS,
    ),
    Usual(
        "RAG",
        "Red, amber, green",
        "A way to rate how work is going. Your plan’s rating key says what each colour means here.",
    ),
    Usual(
        "Rapid review",
        "",
        "The quick look at a serious case that comes before the decision whether to hold a full review.",
        CHILDREN,
    ),
    Usual(
        "Relevant agency",
        "",
        "An organisation that the safeguarding partners name in their arrangements, and that must work with them.",
        CHILDREN,
    ),
    Usual(
        "S11",
        "Section 11 of the Children Act 2004",
        "Makes agencies see to it that their work keeps children safe. In a “Section 11 audit” each says how well it "
        "does.",
        CHILDREN,
    ),
    Usual(
        "S42",
        "Section 42 of the Care Act 2014",
        "The council’s duty to look into it when an adult who needs care seems to be abused or neglected and cannot "
        "protect themselves.",
        ADULTS,
    ),
    Usual(
        "SAB",
        "Safeguarding adults board",
        "The council, the health service and the police, with others, who together see to it that adults who need care "
        "are kept safe.",
    ),
    Usual(
        "SAR",
        "Safeguarding adults review",
        "Looks at how agencies worked together when an adult who needs care died or came to serious harm, to learn "
        "from it.",
    ),
    Usual(
        "SEND",
        "Special educational needs and disabilities",
        "Said of children and young people who need more help to learn, and of the help.",
        CHILDREN,
    ),
    Usual(
        "Seven-minute briefing",
        "",
        "The learning from a review or an audit on one page, short enough for a team meeting.",
    ),
    Usual("ToR", "Terms of reference", "What a group is for, who sits in it and how many must be there to decide."),
    Usual("VAWG", "Violence against women and girls", "Violence and abuse that mostly women and girls suffer."),
    Usual(
        "WT",
        "Working Together to Safeguard Children",
        "The government’s guidance on what each agency must do. A year after it says which edition.",
        CHILDREN,
    ),
]


def usual_for(kind):
    """Those for a partnership of this ``kind`` (a value of Partnership.Kind)."""
    return [each for each in USUAL if each.of in ("", kind)]
