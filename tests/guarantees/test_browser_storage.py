"""T17: What a browser keeps of words that were typed and not saved holds nothing of a case or a dispute.

Two scripts of ours write into the browser's storage: one the words, for a week at most and until their author signs out
or somebody else signs in there; one when the last request was. What is restricted has neither.
"""

import re
from pathlib import Path

from django.conf import settings

from tests.guarantees.figures import record

SCRIPTS = Path(settings.BASE_DIR, "static", "js")
TEMPLATES = Path(settings.BASE_DIR, "templates")
STORES = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open")
RESTRICTED = ["reviews/**/*.html", "partnership/dispute*.html", "partnership/emergency*.html"]


def storing(scripts):
    """Names of the scripts (``{name: text}``) that keep words in the browser, by themselves or by what they import."""
    found = {"plan-drafts.js"} & set(scripts)
    while True:
        more = {name for name, text in scripts.items() if imported(text) & found}
        if more <= found:
            return found
        found |= more


def imported(text):
    """The scripts that ``text`` imports, but for those of which it takes what only forgets."""
    pairs = re.findall(r"""import\s+(.*?)\s*from\s*["']\./([\w-]+\.js)["']""", text)
    return {name for names, name in pairs if names != "{ forgetAllDrafts }"}


def loading(templates, scripts):
    """``{template: scripts it loads}`` of those that load one of ``scripts``."""
    loads = {name: set(re.findall(r"js/([\w-]+\.js)", text)) & scripts for name, text in templates.items()}
    return {name: found for name, found in loads.items() if found}


def read_scripts():
    return {path.name: path.read_text() for path in SCRIPTS.glob("*.js")}


def test_two_scripts_alone_write_into_the_browsers_storage():
    assert {name for name, text in read_scripts().items() if STORES.search(text)} == {
        "plan-drafts.js",
        "session-end.js",
    }


def test_no_page_of_what_is_restricted_keeps_words_in_the_browser():
    scripts = storing(read_scripts())
    paths = [path for pattern in RESTRICTED for path in TEMPLATES.glob(pattern)]
    assert len(paths) > 20
    assert loading({path.name: path.read_text() for path in paths}, scripts) == {}
    everywhere = loading({path.name: path.read_text() for path in TEMPLATES.rglob("*.html")}, scripts)
    assert "return_change.html" in everywhere
    assert "base.html" not in everywhere
    record("T17", "{pages} templates of what is restricted keep no words in the browser", pages=len(paths))


def test_control_a_script_that_keeps_words_is_found_through_what_it_imports():
    scripts = {
        "plan-drafts.js": "localStorage.setItem('a', words)",
        "between.js": 'import { Drafts } from "./plan-drafts.js";',
        "case.js": 'import { keep } from "./between.js";',
        "planner.js": 'import { forgetAllDrafts } from "./plan-drafts.js";',
    }
    assert storing(scripts) == {"plan-drafts.js", "between.js", "case.js"}
    templates = {"case.html": "{% static 'js/case.js' %}", "base.html": "{% static 'js/planner.js' %}"}
    assert loading(templates, storing(scripts)) == {"case.html": {"case.js"}}
