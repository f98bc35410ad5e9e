"""Small parts of what a report prints: figures, sources, rows of tables, each as plain data."""

import math
import re

from django.utils.dateformat import format as format_date
from django.utils.text import Truncator

from assurance.printed import paragraphs, rating_of

# Millimetres on paper: how far a source may hang beyond its opening, and a callout's height.
HANGS, CALLOUT = 28, 21

WORDS_OF_EVIDENCE = 36
LINES_OF_A_TABLE = 26


def long_date(day):
    return format_date(day, "j F Y")


def figure(value, of, words, was):
    return {
        "value": f"{value:,}",
        "of": f"{of:,}" if of else "",
        "words": words,
        "was": "" if was is None else f"{was:,} the year before",
    }


def share(part, whole):
    return f"{part / whole:.0%}"


def in_parts(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]


def heard_from(entry):
    """ "Sounding Board, 14 people, June 2026"; without a number where nobody counted."""
    counted_people = [people(entry.people_count)] if entry.people_count else []
    return ", ".join([entry.public_who, *counted_people, format_date(entry.heard_on, "F Y")])


def did_in_words(entry):
    """What was done, as the public reads it; else why nothing was."""
    if entry.public_because and not entry.public_did:
        return f"Nothing, because: {entry.public_because.strip()}"
    return entry.public_did.strip() or "Nothing yet."


def people(count):
    return "one person" if count == 1 else f"{count:,} people"


def finding_of_ratings(priorities):
    """ "At their last rating of the year: 2 Green and 1 Amber": never an average."""
    words = {}
    for priority in priorities:
        rating = next((rating for rating in reversed(priority["ratings"]) if rating), None)
        word = rating["word"] if rating else "not rated"
        words[word] = words.get(word, 0) + 1
    *most, last = [f"{count} {word}" for word, count in words.items()] or ["none"]
    joined = f"{', '.join(most)} and {last}" if most else last
    return f"At their last rating of the year: {joined}"


def signers(text):
    """ "Name, post; Name, post" as names with posts."""
    found = []
    for each in re.split(r"[;\n]", text):
        name, _, post = each.strip().partition(", ")
        if name:
            found.append({"name": name, "post": post})
    return found


def checked(rule):
    """Whether somebody read it where it stands, or that it is the partnership's own."""
    if rule.verified_on:
        return f"checked {long_date(rule.verified_on)}"
    return "to be verified" if rule.is_to_be_verified else "the partnership’s own"


def source_of(rule):
    """What stands beside a section's opening. A heading of the partnership's own rule set says so, with its source."""
    if rule is None:
        return {"label": "Local heading", "words": "Added by the partnership, not required", "citation": ""}
    if rule.rule_set.is_own:
        words = f"{rule.words}." if rule.words else "Chosen by the partnership, not required"
        return {"label": "Local heading", "words": words, "citation": f"{rule.source}, {checked(rule)}"}
    return {
        "label": "Required",
        "words": f"{rule.words or rule.title}.",
        "citation": f"{rule.rule_set.title}, {checked(rule)}",
    }


def evidence_of(evidence):
    return {
        "reference": evidence.reference,
        "text": Truncator(" ".join(evidence.text.split())).words(WORDS_OF_EVIDENCE),
        "facts": f"{evidence.kind} · {evidence.get_shows_display()} · {long_date(evidence.dated_on)}",
    }


def quote_of(evidence):
    """The words that are quoted, with what they were taken from."""
    words = evidence.words_quoted.strip("“”\"'‘’ ")
    return {
        "words": words,
        "reference": evidence.reference,
        "facts": f"{evidence.kind}, {long_date(evidence.dated_on)}",
    }


HAVE_ITEMS = {"priorities", "worries", "contributions"}
HAVE_HEADING = {*HAVE_ITEMS, "training", "missed", "statement"}


def number_subsections(section):
    """Give every item that has a heading its number: 2.1, 2.2 …"""
    place = 0
    for block in section["blocks"]:
        if block["kind"] not in HAVE_HEADING:
            continue
        for item in block["items"] if block["kind"] in HAVE_ITEMS else [block]:
            place += 1
            item["number"] = f"{section['number']}.{place}"


def room_for_source(section):
    """Millimetres to keep free for the source, which hangs in the margin with no height of its own.

    What stands in the column of text keeps it company; a table or a numbered heading would meet it.
    At most ``HANGS`` of it are left to that company, which may turn the page. A line of the source
    holds at least 18 characters, of the standfirst 60, of text 70.
    """
    source = section["source"]
    needed = 4.2 * (3 + len(source["words"]) // 18 + len(source["citation"]) // 18)
    if section["paragraphs"]:
        company = sum(5.9 * (len(each.get("text", "")) // 70 + 1) + 2.8 for each in section["paragraphs"])
    else:
        company = 0 if section.get("has_own_words") else CALLOUT
    standfirst = 6.9 * (len(section["standfirst"]) // 60 + 1) if section["standfirst"] else 0
    room = needed - min(company, HANGS)
    return 5 * math.ceil(room / 5) if room > standfirst else 0


def heading_of(priority):
    return f"Priority {priority.heading}" if priority.ref else priority.heading


def worry_of(priority, review):
    why = [review.worsening_reason, review.decision_comments or review.scrutiny_comments]
    what_next = [review.scrutiny_recommendations, review.decision_risks or review.scrutiny_risks]
    return {
        "heading": heading_of(priority),
        "rating": rating_of(review.decided_rating),
        "rated": review.round.name,
        "why": [each for text in why for each in paragraphs(text)],
        "next": [each for text in what_next for each in paragraphs(text)],
    }


def missed_dates(priority):
    return [
        {
            "reference": deliverable.ref,
            "activity": Truncator(activity.text).words(22),
            "leads": leads_in_words(deliverable),
            "due": activity.due.words,
        }
        for deliverable in priority.deliverables
        for activity in deliverable.activities
        if activity.due.days_late
    ]


def leads_in_words(deliverable):
    return "; ".join(f"{lead.area}: {lead.text}" if lead.area else lead.text for lead in deliverable.leads)


def plan_row(deliverable, update):
    return {
        "reference": deliverable.ref,
        "title": Truncator(deliverable.title).words(40),
        "leads": leads_in_words(deliverable),
        "activities": [
            {"text": Truncator(activity.text).words(30), "timescale": activity.timescale_text}
            for activity in deliverable.activities
        ],
        "progress": Truncator(update.progress).words(45) if update else "No update in the year.",
        "rating": rating_of(update.rating) if update else None,
    }


def parts_of_a_page(rows):
    """Cut rows so that a table is never much longer than a landscape page; a long row stands alone."""
    return parts_by_height(rows, lines_of, LINES_OF_A_TABLE)


def parts_by_height(rows, height_of, most):
    """Cut rows into parts of at most ``most`` printed lines, as ``height_of`` counts them; a long row stands alone."""
    parts, lines = [[]], 0
    for row in rows:
        height = height_of(row)
        if parts[-1] and lines + height > most:
            parts.append([])
            lines = 0
        parts[-1].append(row)
        lines += height
    return parts if parts[-1] else []


def lines_of(row):
    """About how many printed lines a row takes: those of its longest cell."""
    activities = sum(len(activity["text"] + activity["timescale"]) // 44 + 1 for activity in row["activities"])
    return 1 + max(activities, len(row["title"]) // 28 + 1, len(row["leads"]) // 22 + 1, len(row["progress"]) // 34 + 1)


def all_others(rows):
    return {
        "name": f"{len(rows)} other organisations",
        "booked": sum(row["booked"] for row in rows),
        "attended": sum(row["attended"] for row in rows),
    }
