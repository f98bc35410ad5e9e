"""What the Nu HTML checker, the reference of the HTML standard, says of each page as the server sent it.

Its package (31 MB) is of this alone, so it has a lock of its own: ``npm ci --ignore-scripts --prefix
tests/looks/markup_node``, once (its script would fetch a Java of its own), and Java 11 or newer (Debian:
default-jre-headless).
"""

import json
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

FOLDER = Path(__file__).with_name("markup_node")
CHECKER = FOLDER / "node_modules/vnu-jar/build/dist/vnu.jar"
LAST_SECONDS = 600
# Said on purpose. A table that folds on a phone is laid out as blocks, and some browsers then no longer tell a screen
# reader that it is a table: so its parts say what they are. And the attributes by which htmx is told what to do.
ON_PURPOSE = r".*The “role” attribute must not be used on a “t[dhr]” element.*|.*Attribute “hx-[a-z-]+” not allowed.*"


def what_is_missing():
    if not CHECKER.exists():
        return f"npm ci --ignore-scripts --prefix {FOLDER.relative_to(FOLDER.parents[2])} brings what it needs"
    return "" if shutil.which("java") else "Java is needed (Debian: apt-get install default-jre-headless)"


def said_of(paths):
    """{path: [fault and the place]} of the files that have any."""
    words = ["java", "-jar", CHECKER, "--errors-only", "--format", "json", "--exit-zero-always"]
    said = subprocess.run(
        [*words, "--filterpattern", ON_PURPOSE, *paths], capture_output=True, check=True, timeout=LAST_SECONDS
    ).stderr
    faults = defaultdict(list)
    for message in json.loads(said)["messages"]:
        line = message.get("lastLine", "?")
        faults[Path(message["url"].removeprefix("file:"))].append(f"line {line}: {message['message']}")
    return dict(faults)


def faults_of(folder):
    """{(role, stem): [fault]} of all pages kept in ``folder``; None, and a word about it, where it can't be asked."""
    missing = what_is_missing()
    if missing:
        print(f"The HTML was not checked: {missing}.")
        return None
    pages = sorted(path.resolve() for path in folder.glob("*/*.html"))
    return {(path.parent.name, path.stem): faults for path, faults in said_of(pages).items()}
