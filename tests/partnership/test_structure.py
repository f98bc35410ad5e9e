"""The structure chart: whatever the tree, nothing overlaps, nothing runs off and no line crosses a box."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership import structure
from partnership.structure import NAME, PADDING, TAG_SIZE, Label, draw, width_of, wrapped

names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(
    str.strip
)
labels = st.builds(
    Label,
    name=names,
    note=st.sampled_from(["", "Subgroup", "Planning and delivery group"]),
    warning=st.sampled_from(["", "Chair vacant"]),
    tags=st.sampled_from([(), ("AV", "MB"), ("NORTHSHIRE12", "SOUTHSHIRE12", "WESTSHIRE123")]),
)
leaves = st.builds(lambda label: {"group": label, "branches": []}, labels)
trees = st.recursive(
    leaves,
    lambda below: st.builds(
        lambda label, branches: {"group": label, "branches": branches}, labels, st.lists(below, max_size=6)
    ),
    max_leaves=30,
)
forests = st.lists(trees, min_size=1, max_size=4)


def laid_out(branches):
    return draw(branches, lambda label: label)


def numbers_of(branches, under=None, found=None):
    """For each box in the order of reading, the number of the box it reports to."""
    found = [] if found is None else found
    for branch in branches:
        found.append(under)
        numbers_of(branch["branches"], len(found) - 1, found)
    return found


def labels_of(branches):
    return [label for branch in branches for label in [branch["group"], *labels_of(branch["branches"])]]


def overlaps(one, other):
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def crosses(wire, box):
    """Whether a line goes through a box, and does not merely end at its edge."""
    return (
        max(wire.x1, wire.x2) > box.x
        and min(wire.x1, wire.x2) < box.x + box.width
        and max(wire.y1, wire.y2) > box.y
        and min(wire.y1, wire.y2) < box.y + box.height
    )


@settings(max_examples=150, deadline=None)
@given(forests)
def test_whatever_the_tree_its_chart_can_be_read(branches):
    chart = laid_out(branches)
    boxes = chart.boxes
    assert [box.label for box in boxes] == labels_of(branches)
    assert [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if overlaps(a, b)] == []
    above = numbers_of(branches)
    assert [
        b for b, up in zip(boxes, above, strict=True) if up is not None and b.y < boxes[up].y + boxes[up].height
    ] == []
    assert [
        box
        for box in boxes
        if box.x < 0 or box.y < 0 or box.x + box.width > chart.width or box.y + box.height > chart.height
    ] == []
    assert [(wire, box) for wire in chart.wires for box in boxes if crosses(wire, box)] == []


@settings(max_examples=100, deadline=None)
@given(labels)
def test_all_words_stand_inside_their_box(label):
    [box] = laid_out([{"group": label, "branches": []}]).boxes
    sizes = {"name": NAME[0], "note": 15, "warning": 15}
    outside = [
        text
        for text in box.texts
        if text.x + width_of(text.words, sizes[text.kind]) > box.x + box.width - PADDING + 1
        or text.y > box.y + box.height
    ]
    outside += [
        tag
        for tag in box.tags
        if tag.x + tag.width > box.x + box.width - PADDING + 1
        or tag.y + tag.height > box.y + box.height
        or width_of(tag.words, TAG_SIZE) > tag.width
    ]
    assert outside == []
    said = "".join("".join(text.words.split()) for text in box.texts if text.kind == "name")
    assert said == "".join(label.name.split())


def a_tree(shape):
    """A tree of ``shape``: {"name": shape below}."""
    return [{"group": Label(name), "branches": a_tree(below)} for name, below in shape.items()]


def many(word, count):
    return {f"{word} {number} Safeguarding Subgroup": {} for number in range(count)}


WIDE = {
    "Board": {
        "Executive": {
            "Delivery": {**many("Learning", 6), "Procedures": many("Guide", 3)},
            **many("Panel", 11),
        }
    }
}


def test_twelve_siblings_on_four_levels_fit_the_page_without_being_made_smaller():
    chart = laid_out(a_tree(WIDE))
    assert len(chart.boxes) == 24
    assert (chart.width <= structure.WIDTH, chart.height <= structure.HEIGHT) == (True, True)


def test_twelve_branches_side_by_side_fit_the_page_too():
    chart = laid_out(a_tree({"Board": {f"Executive {n}": {f"Subgroup {n}": {}} for n in range(12)}}))
    assert (chart.width <= structure.WIDTH, chart.height <= structure.HEIGHT) == (True, True)


def test_three_siblings_stand_side_by_side_and_are_joined_from_above():
    chart = laid_out(a_tree({"Board": {"A": {}, "B": {}, "C": {}}}))
    board, *below = chart.boxes
    assert (board.x, [box.x for box in below], {box.y for box in below}) == (194, [0, 194, 388], {80})
    assert [(w.x1, w.y1, w.x2, w.y2) for w in chart.wires] == [
        (282, 40, 282, 60),
        (88, 60, 476, 60),
        (88, 60, 88, 80),
        (282, 60, 282, 80),
        (476, 60, 476, 80),
    ]


def test_a_long_name_is_wrapped_at_words_and_a_long_word_is_broken():
    assert wrapped("Learning and Development Subgroup", NAME[0]) == ["Learning and", "Development", "Subgroup"]
    assert wrapped("W" * 14, NAME[0]) == ["W" * 11, "WWW"]


def test_a_box_is_heard_in_one_line():
    label = Label("Panel", note="Subgroup", warning="Chair vacant", tags=("AV", "MB"))
    assert label.spoken == "Panel, Subgroup, Chair vacant, shared by AV, MB"


@pytest.mark.parametrize(
    ("name", "note"), [("Case Review Group, North", ""), ("Sounding Board", "Young people’s advisory group")]
)
def test_a_kind_that_the_name_says_is_not_said_again(name, note):
    kind = "Case review group" if "Case" in name else "Young people’s advisory group"
    group = SimpleNamespace(
        name=name,
        kind="",
        Kind=SimpleNamespace(TASK="task"),
        get_kind_display=lambda: kind,
        partnerships=SimpleNamespace(all=list),
    )
    assert structure.label_of(group, url="").note == note
