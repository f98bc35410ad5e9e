"""GOV.UK Notify as far as we use it, on this machine: it keeps what it took under our reference."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SERVICE, SECRET = "0b9c7f62-0000-4000-8000-000000000001", "5ec2e700-0000-4000-8000-000000000002"


class NotifyServer(ThreadingHTTPServer):
    """``taken``: the mails, each a dict with "reference" and "status". ``next``: what the next POSTs come to.

    Each of ``next`` is (status, message), "lost" (taken, and the connection ends before the answer) or "dropped" (not
    taken, and the connection ends). ``look_ups`` counts how often it was asked for something, and from the
    look-up ``listed_from`` on it shows what it took.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken, self.next, self.look_ups, self.listed_from = [], [], 0, 1
        self.base_url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def came_to(self):
        """What becomes of the POST that has just come; None: it is taken."""
        return self.next.pop(0) if self.next else None

    def stop(self):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A connection that we ended ourselves is no news."""


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_arguments):
        """The tests print nothing."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        behaviour = self.server.came_to()
        if isinstance(behaviour, tuple):
            status, message = behaviour
            self.answer(status, {"status_code": status, "errors": [{"error": "Error", "message": message}]})
            return
        if behaviour != "dropped":
            asked |= {"id": str(uuid.uuid4()), "status": "sending"}
            self.server.taken.append(asked)
        if behaviour in ("lost", "dropped"):
            self.close_connection = True
            return
        self.answer(201, {"id": asked["id"], "reference": asked["reference"]})

    def do_GET(self):
        self.server.look_ups += 1
        [reference] = parse_qs(urlsplit(self.path).query)["reference"]
        found = [
            {name: mail[name] for name in ("id", "reference", "status", "email_address")}
            for mail in self.server.taken
            if mail["reference"] == reference and self.server.look_ups >= self.server.listed_from
        ]
        self.answer(200, {"notifications": found, "links": {}})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
