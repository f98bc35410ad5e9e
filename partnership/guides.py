"""The guides of the help pages: one for each of those who use it, with pictures that a command takes of the sample.

``./run pictures`` opens the pages (``tests.journeys.test_guide_pictures``), photographs them into static/guides/, and
writes down here what stood on each; the same test says when a page has changed since.
"""

import json
from pathlib import Path

GUIDES = {
    "lead": "If you lead part of a plan",
    "chair": "If you chair a group",
    "scrutiny": "If your group scrutinises the plan",
    "executive": "If your group decides",
    "partner": "If you answer for an agency",
    "office": "If you work in the business office",
    "advisor": "If you scrutinise from outside",
    "training": "If you run the training",
    "cases": "If you sit in a case review group",
}
KEPT = Path(__file__).with_name("guide_pictures.json")


def pictures():
    """{name: {"width", "height": of the page in pixels, "words": what stood on it, as SHA-256}}"""
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}
