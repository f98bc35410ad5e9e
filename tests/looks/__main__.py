"""Look at every page as everybody: ``./run look``, while ``./run`` serves the demo in another window.

    ./run look                            all people, and the sheets of what they see
    ./run look --role chair --role public
    ./run look --only /risks/ --again     pages whose address or name has this, also if looked at before
    ./run look --pictures desk phone dark print

What was found stands in .data/looks: index.html (pages, pictures and findings), and sheets of many pages to a picture.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import django

FOLDER = Path(".data/looks")


def main():
    os.environ.setdefault("MODE", "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
    django.setup()
    from tests.looks import browsing, markup, sheets, walk  # noqa: PLC0415 (they need Django's settings)

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--site", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    asked.add_argument("--role", action="append", choices=browsing.PEOPLE, help="may be said more than once")
    asked.add_argument("--only", default="", help="part of an address or name")
    asked.add_argument("--again", action="store_true")
    asked.add_argument("--also", nargs="*", default=[], help="addresses that nothing leads to")
    asked.add_argument("--pictures", nargs="*", default=["desk", "phone"], choices=browsing.PICTURES)
    asked.add_argument("--folder", type=Path, default=FOLDER)
    said = asked.parse_args()
    for role in said.role or browsing.PEOPLE:
        begun, count = time.monotonic(), 0
        options = {"only": said.only, "pictures": said.pictures, "again": said.again, "also": said.also}
        for name, findings in browsing.look_as(role, said.site, said.folder, **options):
            count += 1
            print(f"{role} {count} {name}: {len(findings)} findings", flush=True)
        print(f"{role}: {count} pages in {time.monotonic() - begun:.0f} s", flush=True)
    pages = sheets.pages_of(said.folder)
    faults = markup.faults_of(said.folder)
    missing = walk.all_names() - {page["name"] for page in pages}
    sheets.write(said.folder, pages, faults, sorted(missing))
    wrong = sum(len(page["findings"]) for page in pages) + sum(map(len, (faults or {}).values()))
    print(
        f"{len(pages)} pages, {wrong} findings, {len(missing)} addresses that nothing led to: {said.folder}/index.html"
    )
    return 1 if wrong else 0


sys.exit(main())
