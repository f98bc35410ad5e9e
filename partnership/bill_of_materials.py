"""``./run sbom``: what the product is made of, as a CycloneDX 1.6 document, from the locks that it is installed by.

It needs nothing but Python, and says the same for the same locks. Packages of the style sheet are marked as needed for
building only: nothing of npm runs in production.
"""

import base64
import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def python_packages(lock):
    """[(name, version)] of a list of requirements."""
    return [(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in PINNED.findall(lock)]


def npm_packages(lock):
    """[(name, version, kind of hash, hash)] of package-lock.json, without the project itself."""
    found = []
    for path, package in json.loads(lock)["packages"].items():
        if path:
            kind, _dash, digest = package["integrity"].partition("-")
            found.append((path.rpartition("node_modules/")[2], package["version"], kind, hex_of(digest)))
    return found


def hex_of(digest):
    return base64.b64decode(digest).hex()


def of_python(name, version):
    address = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        "scope": "required",
    }


def of_npm(name, version, kind, digest):
    address = f"pkg:npm/{quote(name, safe='/')}@{version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        "scope": "excluded",
        "hashes": [{"alg": kind.upper().replace("SHA", "SHA-"), "content": digest}],
    }


def bill(requirements, package_lock, project):
    """The document, from the text of the two locks and what pyproject.toml says of the project."""
    components = [of_python(*each) for each in python_packages(requirements)]
    components += [of_npm(*each) for each in npm_packages(package_lock)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, requirements + package_lock).urn,
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
            }
        },
        "components": sorted(components, key=lambda each: each["bom-ref"]),
    }


def main():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    locks = [(PROJECT / name).read_text() for name in ["requirements.txt", "package-lock.json"]]
    json.dump(bill(*locks, project), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
