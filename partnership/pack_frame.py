"""Where a page that somebody brought is drawn on a page of the pack.

A page keeps its size and is drawn a little smaller, so that the pack's header and page number stand in
its margin and cover nothing.
"""

HEAD, FOOT, SIDE = 46, 42, 20  # what the pack keeps of each page for itself, in points
SMALLEST = 0.5


def frame(width, height):
    """(scale, left, bottom) for a page of that size, in points."""
    scale = max(SMALLEST, min((width - 2 * SIDE) / width, (height - HEAD - FOOT) / height))
    return scale, (width - scale * width) / 2, FOOT + max(0, height - HEAD - FOOT - scale * height) / 2
