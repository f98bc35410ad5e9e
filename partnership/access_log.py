"""How the web server notes each request: without the secret of a signed address, and without whose it was.

Neither what was searched for, nor the address it came from, nor the browser: what is counted against guessing
is in the database, with a reason to keep it.
"""

import os

from django.conf import settings
from django.utils.module_loading import import_string
from gunicorn.glogging import Logger

from partnership.request_ids import HEADER

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")


class MaskingLogger(Logger):
    def setup(self, cfg):
        super().setup(cfg)
        chosen = settings.LOGGING["formatters"][settings.LOG_FORMAT]
        formatter = import_string(chosen["()"])(chosen.get("format"))
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(formatter)

    def access(self, resp, req, environ, request_time):
        if not self.access_log_enabled:
            return
        answer = {
            "request": dict(resp.headers).get(HEADER),
            "method": environ["REQUEST_METHOD"],
            "path": environ["RAW_URI"].partition("?")[0],
            "status": resp.status_code,
            "bytes": resp.sent,
            "milliseconds": round(request_time.total_seconds() * 1000),
        }
        words = "{method} {path}: {status} in {milliseconds} ms".format_map(answer)
        self.access_log.info("%s", words, extra={"answer": answer})
