"""Where the reasons of a plan come from: records of any app, offered to whoever may see them.

An app offers its records by a function named in ``settings.PLAN_SOURCES``, under the word with which its
keys begin. It takes the person and the partnerships, and gives (pk, kind, label, address, words) of each
record which that person may see and which a public page may name. ``only`` narrows it to some keys.

A link is kept as the key and as the label written then. The public reads the label and nothing else;
the link is for those who may see the record, and is asked for anew each time.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

MOST_OFFERED = 200  # of each kind, the newest
LONGEST_LABEL = 160
SHOWN_WHEN_SEVERAL = 3


@dataclass(frozen=True)
class Source:
    """A record. ``label`` is what the plan may print of it, ``name`` what it is found by in a list."""

    key: str
    kind: str
    label: str
    url: str = ""
    name: str = ""


def offered(user, partnership_ids):
    """Every Source that this person may link to, kind by kind."""
    found = []
    for prefix, source in _functions():
        for pk, kind, label, url, words in source(user, partnership_ids)[:MOST_OFFERED]:
            name = " ".join(f"{label}: {words}".split()) if words else label
            found.append(Source(f"{prefix}:{pk}", kind, label[:LONGEST_LABEL], url, name[:LONGEST_LABEL]))
    return found


def addresses(user, partnership_ids, keys):
    """{key: address} of those of ``keys`` that this person may see. One query for each kind among them."""
    wanted = defaultdict(set)
    for key in keys:
        prefix, _, pk = key.partition(":")
        if pk.isdecimal():
            wanted[prefix].add(int(pk))
    return {
        f"{prefix}:{pk}": url
        for prefix, source in _functions()
        if wanted[prefix]
        for pk, _kind, _label, url, _words in source(user, partnership_ids, only=wanted[prefix])
        if url
    }


def _functions():
    return [(prefix, import_string(name)) for prefix, name in settings.PLAN_SOURCES.items()]


class NotFound(Exception):
    """What was typed names no source, or several. The message says so in a sentence."""


class Offers:
    """The sources that one person may choose from, found by typing part of a name."""

    def __init__(self, user, partnership_ids):
        found = offered(user, partnership_ids)
        times = Counter(source.name for source in found)
        self.by_name = {
            source.name if times[source.name] == 1 else f"{source.name} ({source.key})": source for source in found
        }
        self.names = {source.key: name for name, source in self.by_name.items()}

    def find(self, typed):
        """The one source that is called so, or alone has all of these words. Raises NotFound."""
        folded = {name.casefold(): source for name, source in self.by_name.items()}
        typed = " ".join(typed.split())
        if typed.casefold() in folded:
            return folded[typed.casefold()]
        words = typed.casefold().split()
        found = [source for name, source in folded.items() if all(word in name for word in words)]
        if len(found) == 1:
            return found[0]
        if found:
            names = "; ".join(self.names[source.key] for source in found[:SHOWN_WHEN_SEVERAL])
            raise NotFound(f"More than one fits “{typed}”: {names}. Choose one of them")
        raise NotFound(
            f"Nothing here is called “{typed}”. Choose a name from the list that opens as you type, "
            "or write it under “Shown as” alone"
        )
