"""A tracker that came back becomes answers: staged, shown with every doubt, and sent once by a person's yes.

Each row is matched to a deliverable by its code, its ref and its title. Nothing is overwritten unseen: where
somebody has answered already, theirs stays unless the office says otherwise for that row, and even then the
earlier one is kept as superseded. What counts as an answer is what ``plans.answering`` says.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from partnership.confined import run_confined
from partnership.models import Document
from partnership.sheets import day_of
from partnership.uploads import UnreadableFile, check_upload
from partnership.wording import likeness, words_in
from plans.answering import WORDS, AnsweredMeanwhile, Move, NotAsked, send_line
from plans.models import Activity, Update, UpdateImport
from plans.responders import rows_of
from plans.tracker_excel import code_of

WANTED = (".xlsx", ".docx", ".csv")
ALIKE = 0.7  # of words, from which on a title is believed to be the same; below 0.5 a ref alone is doubted
DOUBTFUL = 0.5
LONGEST_WORDS = 5000  # of one box of an update
COLOURS = {"red": (0, 15), "amber": (16, 62), "green": (63, 170), "blue": (171, 265)}  # degrees of the circle


# Read and kept


@transaction.atomic
def stage_updates(upload, *, round, by):
    """Read an uploaded tracker and keep it, with what was understood, until somebody confirms.

    Raises ``partnership.uploads.UnreadableFile`` with a sentence for the person; nothing is kept then.
    """
    kind = check_upload(upload, wanted=WANTED)
    content = upload.read()
    read, _files = run_confined("plans.tracker_reading", {"kind": kind}, [content])
    understood = {"rows": understand(read["rows"], round), "notes": read["notes"]}
    if not understood["rows"]:
        raise UnreadableFile("This file has the rows of a tracker and no answer in any of them.")
    document = Document.keep(filename=upload.name, content=content, by=by)
    return UpdateImport.objects.create(round=round, document=document, understood=understood, created_by=by)


def understand(rows, round):
    """The rows in which something is answered: as they were read, with ``deliverable`` and ``rating`` (keys or None).

    ``sure``: whether the row is meant without a doubt; ``doubts``: sentences.
    """
    deliverables = list(with_activities(rows_of(round, on=timezone.localdate())))
    ratings = round.plan.ratings
    found = []
    for row in rows:
        if not has_answer(row):
            continue
        doubts = []
        put_words_right(row)
        deliverable, is_sure = match(row, deliverables, doubts)
        rating = read_rating(row, ratings, doubts)
        found.append(
            row
            | {
                "deliverable": deliverable.pk if deliverable else None,
                "sure": is_sure,
                "rating": rating.pk if rating else None,
                "rating_words": row["rating"],
                "doubts": doubts,
            }
        )
    return found


def with_activities(rows):
    shown = Activity.objects.in_plan().order_by("position", "pk")
    return rows.prefetch_related(Prefetch("activities", shown, to_attr="activities_shown"))


def has_answer(row):
    return any(row[name] for name in ["rating", "done_on", *WORDS]) or any(words for _of, words, _why in row["moves"])


def put_words_right(row):
    """Comments are words of progress; a column headed as progress may hold nothing but the rating."""
    is_only_rating = not row["rating"] and len(row["progress"]) <= 12 and row["comments"]
    if is_only_rating:
        row["rating"], row["progress"] = row["progress"], ""
    row["progress"] = "\n".join(filter(None, [row["progress"], row["comments"]]))
    row["done_words"] = row["done_on"]
    day = day_of(row["done_on"])
    row["done_on"] = day.isoformat() if day else ""
    for name in WORDS:
        row[name] = row[name][:LONGEST_WORDS]


# Which row is meant


def match(row, deliverables, doubts):
    """(the deliverable that a row is believed to be of or None, whether that is sure)."""
    by_code = {code_of(each): each for each in deliverables}
    if row["code"] in by_code:
        return by_code[row["code"]], True
    titles = [(title_likeness(row, each), each) for each in deliverables]
    best, likeliest = max(titles, key=lambda each: each[0], default=(0, None))
    same_ref = [each for each in deliverables if row["ref"] and ref_of(row["ref"]) in refs_of(each)]
    if len(same_ref) == 1:
        [by_ref] = same_ref
        own = title_likeness(row, by_ref)
        if not (row["title"] or row["activity"]) or own >= DOUBTFUL:
            return by_ref, True
        if best >= ALIKE:
            doubts.append(f"Its ref is that of “{by_ref}”, its words are those of “{likeliest}”.")
            return likeliest, False
        doubts.append(f"Its ref is that of “{by_ref}”, its words are others.")
        return by_ref, False
    if best >= ALIKE:
        rivals = [each for ratio, each in titles if ratio >= best - 0.05 and each is not likeliest]
        is_titled = not row["title"] or title_likeness(row | {"activity": ""}, likeliest) >= ALIKE
        if not is_titled:
            doubts.append("Matched by its activity: its title is another.")
        elif best < 1 or rivals:
            doubts.append("Matched by its words alone.")
        return likeliest, best == 1 and is_titled and not rivals
    doubts.append("We do not know which row of the plan this is.")
    return None, False


def title_likeness(row, deliverable):
    """How like the deliverable's title or one of its activities the row's words are, from 0 to 1."""
    said = [words for words in (row["title"], row["title"].split("\n")[0], row["activity"]) if words]
    ours = [deliverable.title, f"{deliverable.title} {deliverable.description}"]
    ours += [each.text for each in deliverable.activities_shown]
    return max((likeness(one, other) for one in said for other in ours), default=0)


def ref_of(text):
    return ".".join(words_in(text))


def refs_of(deliverable):
    return {ref_of(ref) for ref in (deliverable.full_ref, deliverable.ref) if ref}


# Which rating is meant


def read_rating(row, ratings, doubts):
    """The rating that a row's words or colour mean, or None."""
    by_words = rating_of_words(row["rating"], ratings)
    by_colour = rating_of_colour(row["fill"], ratings)
    if by_words and by_colour and by_words != by_colour:
        doubts.append(f"It says “{row['rating']}” on a field that is {by_colour.token}.")
    if row["rating"] and not by_words:
        doubts.append(f"We do not know the rating “{row['rating'][:60]}”.")
    elif not row["rating"] and by_colour:
        doubts.append(f"{by_colour.word} was read from the colour of the field.")
    if not (by_words or by_colour) and row["done_on"]:
        done = [rating for rating in ratings if rating.is_done]
        doubts.append("It has a day on which it was done, and no rating.")
        return done[0] if len(done) == 1 else None
    return by_words or by_colour


def rating_of_words(text, ratings):
    """By letter, word, meaning or colour's name; "Green: on track" is Green."""
    first = text.split("\n")[0]
    for words in (first, *[part for sign in ":-–(,/" for part in first.split(sign)[:1]]):
        folded = " ".join(words_in(words))
        for names in (lambda r: r.code, lambda r: r.word, lambda r: r.meaning, lambda r: r.token):
            found = [rating for rating in ratings if folded and folded == " ".join(words_in(names(rating)))]
            if len(found) == 1:
                return found[0]
    done = [rating for rating in ratings if rating.is_done]
    if len(done) == 1 and words_in(first)[:1] in (["complete"], ["completed"], ["done"], ["closed"], ["finished"]):
        return done[0]
    return None


def rating_of_colour(fill, ratings):
    token = token_of(fill)
    found = [rating for rating in ratings if rating.token == token]
    return found[0] if len(found) == 1 else None


def token_of(fill):
    """The name of the colour "RRGGBB", or "" where it is none of the four or nearly none at all."""
    if len(fill) != 6:
        return ""
    red, green, blue = (int(fill[at : at + 2], 16) for at in (0, 2, 4))
    most, least = max(red, green, blue), min(red, green, blue)
    if most - least < 50:
        return ""
    if most == red:
        hue = 60 * (green - blue) / (most - least) % 360
    elif most == green:
        hue = 60 * (blue - red) / (most - least) + 120
    else:
        hue = 60 * (red - green) / (most - least) + 240
    hue = 0 if hue >= 340 else hue
    return next((token for token, (first, last) in COLOURS.items() if first <= hue < last + 1), "")


# What becomes of it


@dataclass
class Answer:
    """One row as the office leaves it.

    ``take``: also where somebody has answered already; ``seen``: the key of their answer as it was shown.
    """

    number: int
    deliverable: object
    rating: object
    words: dict
    done_on: object = None
    moves: list = field(default_factory=list)
    take: bool = False
    seen: int | None = None


@dataclass
class Result:
    """What a yes came to: the keys of deliverables whose answer was sent, left as it was, or the same already."""

    taken: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    same: list = field(default_factory=list)


class CannotTake(Exception):
    """Rows that must be mended first. ``problems``: {number of the row: [(field, sentence)]}."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("; ".join(said for found in problems.values() for _field, said in found))


@transaction.atomic
def confirm_updates(staged, answers, *, by, at):
    """Send ``answers`` (of Answer) for the staged tracker's round; the Result, or None where that was done before.

    Rows of one deliverable are put together. All or nothing: raises CannotTake, RoundClosed.
    """
    staged = UpdateImport.objects.select_for_update(of=["self"]).select_related("round__plan").get(pk=staged.pk)
    if staged.confirmed_at:
        return None
    result, problems, of_row = Result(), {}, defaultdict(list)
    for answer in answers:
        of_row[answer.deliverable].append(answer)
    for deliverable in sorted(of_row, key=lambda each: each.pk):
        together = put_together(of_row[deliverable])
        found = send(deliverable, together, staged.round, result, by=by, at=at)
        if found:
            problems[together.number] = found
    if problems:
        raise CannotTake(problems)
    staged.confirmed_at = at
    staged.understood |= {"made": {name: len(getattr(result, name)) for name in ("taken", "kept", "same")}}
    staged.save(update_fields=["confirmed_at", "understood"])
    return result


def send(deliverable, answer, round, result, *, by, at):
    """Send one deliverable's answer; what must be mended first, as [(field, sentence)]."""
    current = deliverable.updates.in_round(round).current().first()
    if current and not answer.take:
        result.kept.append(deliverable.pk)
        return []
    said = {"rating": answer.rating, "done_on": answer.done_on, "moves": answer.moves, **answer.words}
    try:
        _update, is_new = send_line(
            deliverable, round=round, by=by, at=at, answers=said, came_by=Update.Way.IMPORT, seen=answer.seen
        )
    except ValidationError as problem:
        return [(name, words) for name, several in problem.message_dict.items() for words in several]
    except (AnsweredMeanwhile, NotAsked) as problem:
        return [("deliverable", str(problem))]
    (result.taken if is_new else result.same).append(deliverable.pk)
    return []


def put_together(answers):
    """Several rows of one deliverable as one answer: the worst rating, every word once."""
    first = answers[0]
    if len(answers) == 1:
        return first
    words = {name: joined(answer.words.get(name, "") for answer in answers) for name in WORDS}
    rated = [answer.rating for answer in answers if answer.rating]
    return Answer(
        number=first.number,
        deliverable=first.deliverable,
        rating=min(rated, key=lambda rating: rating.position, default=None),
        words=words,
        done_on=max((answer.done_on for answer in answers if answer.done_on), default=None),
        moves=list({move.activity: move for answer in answers for move in answer.moves}.values()),
        take=all(answer.take for answer in answers),
        seen=first.seen,
    )


def joined(texts):
    return "\n".join(dict.fromkeys(text for text in texts if text))[:LONGEST_WORDS]


def moves_of(row, deliverable):
    """(the Moves that a row asks for, sentences about what of them could not be used)."""
    moves, doubts = [], []
    activities = deliverable.activities_shown
    for named, words, why in row["moves"]:
        if not words:
            continue
        ratios = [(likeness(named, each.text), each) for each in activities] if named else []
        best, activity = max(ratios, key=lambda each: each[0], default=(0, None))
        if best < ALIKE:
            activity = activities[0] if len(activities) == 1 else None
        if activity is None:
            doubts.append(f"The new date “{words}” is left out: we do not know of which activity it is.")
        elif words_in(words) == words_in(activity.timescale_text):
            continue
        elif not why:
            doubts.append(f"The new date “{words}” is left out: the tracker does not say why.")
        else:
            moves.append(Move(activity, words[:200], why[:1000]))
    return moves, doubts
