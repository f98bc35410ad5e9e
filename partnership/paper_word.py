"""A paper that is a Word document, as HTML that our own pages can hold.

A program for ``partnership.confined`` (no Django, no database). What mammoth reads is cleaned by an
allow-list, its headings stand below the paper's own and skip no level, its tables have header cells,
and its pictures are drawn anew, small enough to print. Nothing in it asks for anything from outside.
"""

import io
import re
from html import escape

import mammoth
import nh3
from lxml import html as lxml_html
from PIL import Image

from partnership.confined import serve
from partnership.uploads import UnreadableFile

MOST_PICTURES = 60
MOST_PIXELS = 40_000_000
PRINTED_PIXELS = (1500, 1900)  # as wide and as high as a page shows
MOST_HTML = 3_000_000  # characters
MOST_ELEMENTS = 30_000
DEEPEST = 40
DEEPEST_TABLE = 3

PAPER_LEVEL = 2  # the level of the paper's own heading in the pack
HEADINGS = {f"h{level}": level for level in range(1, 7)}
INLINE = {"a", "b", "br", "code", "em", "i", "img", "s", "span", "strong", "sub", "sup", "u"}
ALLOWED = {
    *HEADINGS, *INLINE, "blockquote", "caption", "dd", "div", "dl", "dt", "li", "ol", "p", "pre",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
PICTURE = re.compile(r"[-a-z0-9]*picture-\d+\.(?:png|jpg)")
# Word's own styles that mammoth doesn't know.
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
"""


def main(question, files):
    return read(files[0], prefix=question["prefix"])


def read(content, *, prefix=""):
    """(``{"html", "pictures": [name], "lost_pictures": n}``, [bytes of each picture]).

    ``prefix`` sets the names of its pictures apart from those of other papers. Raises UnreadableFile with
    what the person should do.
    """
    pictures = Pictures(prefix)
    try:
        made = mammoth.convert_to_html(
            io.BytesIO(content),
            convert_image=mammoth.images.img_element(pictures.take),
            style_map=STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
        ).value
    except (KeyError, ValueError, IndexError, AttributeError, SyntaxError) as fault:
        raise UnreadableFile("This Word document is damaged. Open it in Word, save it again and try again.") from fault
    if len(made) > MOST_HTML:
        raise UnreadableFile("This Word document is far longer than a paper. Bring the part that is to be read.")
    facts = {"html": cleaned(made), "pictures": list(pictures.made), "lost_pictures": pictures.lost_count}
    return facts, list(pictures.made.values())


class Pictures:
    """The pictures of one document, drawn anew and named by us."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.made = {}
        self.lost_count = 0

    def take(self, image):
        try:
            with image.open() as file:
                name, content = drawn_anew(file.read(), f"{self.prefix}picture-{len(self.made) + 1}")
        except (OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError):
            self.lost_count += 1
            return {"src": "", "alt": ""}
        if len(self.made) == MOST_PICTURES:
            raise UnreadableFile(
                f"This Word document has more than {MOST_PICTURES} pictures. Save it as a PDF and bring that."
            )
        self.made[name] = content
        return {"src": name, "alt": image.alt_text or ""}


def drawn_anew(content, name):
    """(``name`` with its ending, bytes): a photograph as JPEG, anything with few colours or transparent as PNG."""
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]) as given:
        if given.width * given.height > MOST_PIXELS:
            raise ValueError("more pixels than a page can show")
        is_photograph = given.format == "JPEG"
        picture = given.convert("RGB" if is_photograph else "RGBA")
    picture.thumbnail(PRINTED_PIXELS)
    file = io.BytesIO()
    if is_photograph:
        picture.save(file, "JPEG", quality=82, optimize=True)
        return f"{name}.jpg", file.getvalue()
    picture.save(file, "PNG", optimize=True)
    return f"{name}.png", file.getvalue()


# HTML


def cleaned(made):
    """What is allowed of ``made``, and as a printed page wants it."""
    safe = nh3.clean(
        made,
        tags=ALLOWED,
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    root = lxml_html.fragment_fromstring(safe, create_parent="div")
    check_shape(root)
    settle_links(root)
    settle_pictures(root)
    settle_headings(root)
    for table in root.iter("table"):
        settle_table(table)
    for item in list(root.iter("li")):
        settle_item(item)
    drop_empty(root)
    close_empty_items(root)
    inner = [lxml_html.tostring(child, encoding="unicode") for child in root]
    before = root.text if root.text and not root.text.isspace() else ""
    return escape(before, quote=False) + "".join(inner)


def check_shape(root):
    """A document nested without end would keep the layout busy without end."""
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise UnreadableFile("This Word document is far longer than a paper. Bring the part that is to be read.")
    deepest, tables = depths(root)
    if deepest > DEEPEST or tables > DEEPEST_TABLE:
        raise UnreadableFile("This Word document has tables within tables within tables. Save it as a PDF instead.")


def depths(root):
    """(how deep elements are nested, how deep tables are)."""
    found, waiting = (0, 0), [(root, 0, 0)]
    while waiting:
        element, depth, tables = waiting.pop()
        tables += element.tag == "table"
        found = (max(found[0], depth), max(found[1], tables))
        waiting.extend((child, depth + 1, tables) for child in element)
    return found


def settle_links(root):
    """Links to addresses stay; one to a place inside the document has no place here."""
    for link in list(root.iter("a")):
        if not link.get("href", "").lower().startswith(("http://", "https://", "mailto:")) or not link.text_content():
            link.drop_tag()


def settle_pictures(root):
    for picture in list(root.iter("img")):
        if not PICTURE.fullmatch(picture.get("src", "")):
            lost = lxml_html.fragment_fromstring("<span>[A drawing that can’t be shown here]</span>")
            lost.tail = picture.tail
            picture.getparent().replace(picture, lost)
            continue
        alternative = (picture.get("alt") or "").strip()
        picture.set("alt", alternative[:500] or "A picture that its author did not describe")


def settle_headings(root):
    """One below the paper's own heading at least, no level skipped; nothing but words inside."""
    level = PAPER_LEVEL
    for heading in [element for element in root.iter() if element.tag in HEADINGS]:
        if not heading.text_content().strip():
            heading.tag = "p"
            continue
        level = min(PAPER_LEVEL + HEADINGS[heading.tag], level + 1, 6)
        heading.tag = f"h{level}"


def settle_table(table):
    """The first row heads the columns where the author marked none, so that cells can be told apart."""
    for cell in table.iter("td", "th"):
        for name in ("colspan", "rowspan"):
            if name in cell.attrib and not (cell.get(name).isdecimal() and 1 <= int(cell.get(name)) <= 60):
                del cell.attrib[name]
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    if table.find("thead") is None and len(rows) > 1:
        first = rows[0]
        body = first.getparent()
        if not any(int(cell.get("rowspan", 1)) > 1 for cell in first):
            head = lxml_html.Element("thead")
            table.insert(0, head)
            head.append(first)
            if body.tag == "tbody" and not len(body):
                body.drop_tree()
    for head in table.iterchildren("thead"):
        for cell in head.iter("td"):
            cell.tag = "th"
        for cell in head.iter("th"):
            cell.set("scope", "col")
    table.set("class", "long brought")


def settle_item(item):
    """An item of a list holds words and lists: WeasyPrint gives a block inside it no right tag."""
    for block in [child for child in item if child.tag in {"p", "div"}]:
        if block.getnext() is not None and block.getnext().tag not in {"ul", "ol"}:
            block.append(lxml_html.Element("br"))
        block.drop_tag()


def drop_empty(root):
    for block in list(root.iter("p", "blockquote", "div")):
        is_empty = not block.text_content().strip() and block.find(".//img") is None
        if is_empty and block is not root and block.getparent().tag not in {"td", "th"}:
            block.drop_tag()


def close_empty_items(root):
    """Written out, an item without anything in it has no end tag, and would take in what follows when it is read."""
    for item in root.iter("li"):
        if not len(item) and item.text is None:
            item.text = ""


if __name__ == "__main__":
    serve(main)
