"""What was seen and found, to be looked at: a page of all, and sheets of many pages to a picture."""

import json
from collections import Counter
from html import escape

from PIL import Image, ImageDraw

# Of each kind of picture: columns on a sheet, width of a column, height of a sheet, in pixels.
SHAPES = {"desk": (2, 780, 1560), "phone": (5, 310, 1560), "dark": (2, 780, 1560), "print": (3, 520, 1560)}
CAPTION = 18
GAP = 6


def pages_of(folder):
    """What is kept of each page that was looked at: role, name, path, findings, and where its pictures are."""
    pages = []
    for kept in sorted(folder.glob("*/*.json")):
        own = {kind: kept.with_name(f"{kept.stem}-{kind}.jpg") for kind in SHAPES}
        pictures = {kind: path.relative_to(folder) for kind, path in own.items() if path.exists()}
        pages.append(
            {**json.loads(kept.read_text()), "role": kept.parent.name, "stem": kept.stem, "pictures": pictures}
        )
    return pages


def write(folder, pages, faults, missing):
    """``faults``: {(role, stem): [fault]} of the markup, or None where it wasn't checked."""
    for role in sorted({page["role"] for page in pages}):
        for kind in SHAPES:
            write_sheets(folder, role, kind, [page for page in pages if page["role"] == role])
    (folder / "index.html").write_text(index(pages, faults, missing))


def write_sheets(folder, role, kind, pages):
    columns, width, height = SHAPES[kind]
    room = height - CAPTION
    pieces = []
    for page in pages:
        if kind not in page["pictures"]:
            continue
        with Image.open(folder / page["pictures"][kind]) as whole:
            scale = width / whole.width
            small = whole.resize((width, max(1, round(whole.height * scale))), Image.LANCZOS)
        pieces += [
            (f"{page['path']}{' (on)' if top else ''}", small.crop((0, top, width, min(top + room, small.height))))
            for top in range(0, min(small.height, 2 * room), room)
        ]
    for number, sheet in enumerate(filled(pieces, columns, room), 1):
        paper = Image.new("RGB", (columns * (width + GAP), height), "#888")
        pen = ImageDraw.Draw(paper)
        for at, column in enumerate(sheet):
            down = 0
            for words, piece in column:
                pen.text((at * (width + GAP) + 2, down + 2), words, fill="white")
                paper.paste(piece, (at * (width + GAP), down + CAPTION))
                down += piece.height + CAPTION
        paper.save(folder / f"{role}-{kind}-{number:02}.png")


def filled(pieces, columns, room):
    """Sheets of columns of pieces, in their order, as many below each other as there is room for."""
    sheets, left = [], 0
    for piece in pieces:
        needed = piece[1].height + CAPTION
        if needed > left:
            if not sheets or len(sheets[-1]) == columns:
                sheets.append([])
            sheets[-1].append([])
            left = room + CAPTION
        sheets[-1][-1].append(piece)
        left -= needed
    return sheets


def index(pages, faults, missing):
    kinds = Counter(kind for page in pages for _, kind, _ in page["findings"])
    rows = "".join(row(page, (faults or {}).get((page["role"], page["stem"]), [])) for page in pages)
    summed = "".join(f"<li>{escape(kind)}: {count}</li>" for kind, count in kinds.most_common())
    unseen = "".join(f"<li>{escape(name)}</li>" for name in missing)
    markup = "was not checked" if faults is None else f"{sum(map(len, faults.values()))} faults"
    return (
        '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Every page</title>'
        "<style>body{font:16px sans-serif}td{vertical-align:top;border-top:1px solid}img{width:200px;max-height:400px;"
        "object-fit:cover;object-position:top}</style>"
        f"<h1>{len(pages)} pages</h1><p>HTML {markup}.</p><ul>{summed}</ul><table>{rows}</table>"
        f"<h2>Nothing led to these</h2><ul>{unseen}</ul></html>"
    )


def row(page, faults):
    said = [" – ".join(finding) for finding in page["findings"]] + [f"HTML – {fault}" for fault in faults]
    pictures = "".join(
        f'<a href="{path}"><img src="{path}" alt="{kind}" loading="lazy"></a> '
        for kind, path in page["pictures"].items()
    )
    words = "".join(f"<li>{escape(each)}</li>" for each in said)
    place = f"{page['role']}<br>{escape(page['path'])}<br>{page['name']}"
    return f"<tr><td>{place}<ul>{words}</ul></td><td>{pictures}</td></tr>"
