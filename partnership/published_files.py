"""Published files served as files: once asked for, their bytes stand in a folder and cost no question any more.

They never change, so nothing has to be told of anything; the folder may be emptied at any time, and machines need not
share it. Where it can't be written to, every download comes out of the database as before, only slower.
Where the proxy in front sees the same folder (PUBLISHED_BY_PROXY), it is told which file it is and sends the bytes.
"""

import contextlib
import hashlib
import json
import logging
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import NotARegularFileError, StaticFile

logger = logging.getLogger(__name__)

ADDRESS = re.compile(r"^/files/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/$")
OF_ONE_ANSWER = {"content-length", "date", "connection"}
OF_THE_BYTES = {"content-length", "content-range", "last-modified"}  # what the proxy says of what it sends
PROXY_PLACE = "/published-files/"


class PublishedFiles(WhiteNoiseMiddleware):
    """Static files, and those that were published, with the headers of each one's first answer."""

    def __init__(self, get_response):
        super().__init__(get_response)
        self.folder = settings.PUBLISHED_DIR and Path(settings.PUBLISHED_DIR)
        self.known = {}

    def __call__(self, request):
        asked = self.folder and ADDRESS.match(request.path_info)
        if not asked:
            return super().__call__(request)
        try:
            kept = self.known.get(request.path_info) or self.find(request.path_info, asked[1])
            return self.hand_over(self.serve(kept, request), asked[1])
        except OSError:  # not there yet, or no more
            self.known.pop(request.path_info, None)
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == 200 and not response.streaming and not response.cookies:
            self.keep(asked[1], response)
        return response

    def hand_over(self, response, key):
        """An answer with bytes becomes one that tells the proxy where these are; any other stays as it is."""
        if not settings.PUBLISHED_BY_PROXY or response.status_code not in {200, 206}:
            return response
        response.close()
        headers = {name: value for name, value in response.items() if name.lower() not in OF_THE_BYTES}
        return HttpResponse(headers=headers | {"X-Accel-Redirect": f"{PROXY_PLACE}{key}"})

    def find(self, address, key):
        """Raises OSError where it is not in the folder."""
        headers = json.loads((self.folder / f"{key}.json").read_text())
        try:
            self.known[address] = StaticFile(str(self.folder / key), [tuple(each) for each in headers])
        except NotARegularFileError as problem:
            raise FileNotFoundError(key) from problem
        return self.known[address]

    def keep(self, key, response):
        """Put it into the folder if it is what was published; as a whole or not at all."""
        content = response.content
        if response.get("ETag") != f'"{hashlib.sha256(content).hexdigest()}"':
            return
        headers = [each for each in response.items() if each[0].lower() not in OF_ONE_ANSWER]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            put(self.folder / f"{key}.json", json.dumps(headers).encode())
            put(self.folder / key, content)
        except OSError as problem:
            logger.warning("A published file could not be kept beside the database: %s", problem)


def put(path, content):
    """Write ``content`` so that nobody ever reads half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as half:
        try:
            half.write(content)
            half.close()
            os.chmod(half.name, 0o644)  # it is published: the proxy, which is somebody else, may read it
            os.replace(half.name, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(half.name)
            raise
