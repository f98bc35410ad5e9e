"""What stands on a partnership's public pages about accessibility and privacy until its office writes its own.

Plain words, read by ``partnership.paragraphs``: a short line is a heading, lines with dashes are a list. They say what
this product does; what a partnership does beside it only its office can say. The parts of an accessibility statement
are those that the regulations of 2018 for public bodies ask for.
"""

from partnership.data_protection.declaring import COLLEAGUES, FAMILIES, LEARNERS, REVIEWERS, SCHOOLS
from partnership.data_protection.map import kinds, personal
from partnership.data_protection.periods import in_months
from partnership.data_protection.schedule import Schedule
from partnership.models import PublicStatement
from partnership.templatetags.components import sentence_join

TOLD_OF = (COLLEAGUES, LEARNERS, SCHOOLS, REVIEWERS, FAMILIES)

ACCESSIBILITY = """\
This statement is about the public pages of {name}. We want as many people as possible to be able to use them: by \
keyboard, with a screen reader, enlarged, in dark colours, on a phone, with scripts switched off and on paper.

How accessible these pages are

- Text can be enlarged to four times its size, and pages fit a narrow screen without scrolling sideways.
- Everything can be reached and done with a keyboard, and one sees where one is.
- Colours are told apart by a shape, a letter and a word too, and words have enough contrast with what is behind them.
- Headings, lists, tables and forms are marked as such, so that a screen reader can find its way.
- Reports are web pages as well as files; the files are tagged, with bookmarks and words for each chart.

What is not accessible yet

These pages meet level AA of the Web Content Accessibility Guidelines 2.2 in part. We know of these exceptions:

- Documents that were made elsewhere, such as older arrangements, are as accessible as their makers left them.
- Wide tables turn into blocks on a phone, where it is harder to compare one row with another.
- Charts of how our groups report to one another are hard to follow when enlarged; the same stands below each as a list.

If you cannot use a page

Tell us which page and what would help: another format such as large print, easy read, a recording or braille. \
{contact} We answer within 10 working days. If something does not work that is not named here, please tell us that too.

If you are not content with our answer

The Equality and Human Rights Commission sees to it that public bodies keep the accessibility regulations (the Public \
Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018). Where you disagree with how \
we answered, the Equality Advisory and Support Service advises you: www.equalityadvisoryservice.com.

How this was tested

The pages are checked by an automated tool (axe) at the widths of a desk and of a phone whenever they are changed, and \
the files by an automated check against PDF/UA. Automated tools find some faults and miss others. People who use \
assistive technology every day have not tested them for us yet."""

PRIVACY = """\
This notice says what these pages and the planning tool behind them keep about people, on behalf of {name}.

If you only read these pages

We ask you nothing and count nothing about you. One cookie protects our forms from misuse; it does not say who you \
are. No page asks anything of another company’s server, so nobody else learns that you were here.

If you book training or answer a link that we sent you

- We keep your name, work address, organisation and role, what you booked, attended and said of it, so that you get \
your place, your certificate and what you need to know, and so that we can see which training helps.
- Your manager is asked where the course needs their agreement. Trainers see who is coming.
- Surveys that say they are anonymous keep no name.

If you work with us and have an account

- We keep your name, e-mail address, posts and groups, what you write and decide and when, and which reminders we \
sent. That is how agencies hold each other to account for what they promised.
- People of your own partnerships see your name and post. Who changed what is kept and cannot be altered.
- A cookie keeps you signed in for 12 hours at most.

If something about you is part of our work

Reviews of serious incidents are seen only by the group that carries them out. Names are not entered, and what is \
published is written so that nobody can be known by it. What children, adults and families tell us is published \
without names.

What is held about whom

{held}

Why we may

The safeguarding partners do this work because the law asks it of them: it is a task in the public interest (article \
6(1)(e) of the UK General Data Protection Regulation). Where it touches on health, ethnicity or offences, it is needed \
for safeguarding (Data Protection Act 2018, schedule 1, paragraph 18).

How long we keep it

{kept}

After that it is deleted, or the person is made nameless in it. Where an inquiry or a court may ask for it, it is kept \
for longer.

Your rights

You can ask for a copy of what is held about you and for mistakes to be put right; in some cases you can object to how \
it is used or ask for it to be removed. {contact}

If you are not content with our answer

You can complain to the Information Commissioner’s Office: https://ico.org.uk, telephone 0303 123 1113."""

USUAL = {PublicStatement.Kind.ACCESSIBILITY: ACCESSIBILITY, PublicStatement.Kind.PRIVACY: PRIVACY}


def usual_words(partnership, kind):
    """The words that stand for ``partnership`` while it has none of its own."""
    ways = [way for way in (partnership.office_email, partnership.office_phone) if way]
    contact = (
        f"Ask our business office: {' or '.join(ways)}."
        if ways
        else "Ask our business office through the council’s main switchboard."
    )
    words = {"name": partnership.name, "contact": contact}
    if kind == PublicStatement.Kind.PRIVACY:
        words |= {"held": in_lines(held_about_whom()), "kept": in_lines(kept_how_long(partnership))}
    return USUAL[kind].format(**words)


def held_about_whom():
    """From the data map: whom it is about, and which pieces of the product hold it."""
    pieces = {}
    for line in personal():
        for whose in TOLD_OF:
            if whose in line.part.whose:
                pieces.setdefault(whose, {})[line.part.title] = None
    for whose in TOLD_OF:
        if titles := [title[:1].lower() + title[1:] for title in pieces.get(whose, {})]:
            yield f"{whose}: {sentence_join(titles)}"


def kept_how_long(partnership):
    """From the retention schedule, with the periods that this partnership chose."""
    schedule = Schedule()
    for kind in kinds().values():
        key = None if kind.is_of_installation else partnership.pk
        months = schedule.months(key, kind)
        counted = f", counted from {kind.counted_from}" if months else ""
        yield f"{kind.name}: {in_months(months).lower()}{counted}"


def in_lines(lines):
    return "\n".join(f"- {line}." for line in lines)
