"""What is printed, as plain data: text in paragraphs, ratings, and one hash for equal contents."""

import hashlib
import json
import re
from types import SimpleNamespace

from partnership.house_style import RATING_INKS


def content_hash(content):
    """One hash for equal contents, whenever and wherever they were put together."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def paragraphs(text):
    """Blank lines part paragraphs; lines that all begin with a dash are a list."""
    found = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if lines and all(re.match(r"[-•*] ", line) for line in lines):
            found.append({"items": [line[2:].strip() for line in lines]})
        elif lines:
            found.append({"text": " ".join(lines)})
    return found


def counted(number, noun):
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def rating_of(rating):
    """A rating as the templates show it: word, shape, colour; None stays None."""
    if rating is None:
        return None
    fill, edge, letter = RATING_INKS[rating.token]
    return {
        "name": f"rating-{rating.pk}",
        "image": f"rating-{rating.pk}.svg",
        "fill": fill,
        "edge": edge,
        "letter": letter,
        "code": rating.code,
        "word": rating.word,
        "meaning": rating.meaning,
        "token": rating.token,
        "shape": rating.shape,
    }


def as_objects(content):
    """``content`` with names for its keys, as templates and components want it."""
    return json.loads(json.dumps(content), object_hook=lambda pairs: SimpleNamespace(**pairs))
