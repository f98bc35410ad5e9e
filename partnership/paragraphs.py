"""Plain words with empty lines between paragraphs, as headings, paragraphs and lists."""

from dataclasses import dataclass, field

BULLETS = ("- ", "• ", "* ", "– ")
LONGEST_HEADING = 90
ENDS_A_SENTENCE = (".", "!", "?", ":", ";", ",", "”", "…", ")")


@dataclass(frozen=True)
class Block:
    """A paragraph (``text``), a list (``items``), or a heading (``text`` and ``is_heading``)."""

    text: str = ""
    items: list = field(default_factory=list)
    is_heading: bool = False


def blocks_of(text):
    """A short line that ends no sentence and has something after it is a heading; lines with dashes are a list."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    blocks = []
    for place, part in enumerate(parts):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        first_item = next((at for at, line in enumerate(lines) if line.startswith(BULLETS)), len(lines))
        if all(line.startswith(BULLETS) for line in lines[first_item:]) and first_item < len(lines):
            if first_item:
                blocks.append(Block(text="\n".join(lines[:first_item])))
            blocks.append(Block(items=[line[2:].strip() for line in lines[first_item:]]))
        elif len(lines) == 1 and is_heading(part) and place + 1 < len(parts):
            blocks.append(Block(text=part, is_heading=True))
        else:
            blocks.append(Block(text="\n".join(lines)))
    return blocks


def is_heading(line):
    return len(line) <= LONGEST_HEADING and not line.endswith(ENDS_A_SENTENCE)
