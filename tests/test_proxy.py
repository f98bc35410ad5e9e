"""The proxy as deployment/nginx.conf sets it up, before a web server that says what it was asked. Needs nginx."""

import json
import os
import subprocess
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.faults.estate import MISSING, NGINX, PROJECT, filled_in, whose_nginx
from tests.faults.estate_parts import listens
from tests.faults.names import Names
from tests.faults.services import free_port, wait_for

SECRET = "x" * 43
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
KEPT = {
    "Content-Type": "application/pdf",
    "Content-Disposition": 'attachment; filename="plan.pdf"',
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "ETag": '"abc"',
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "X-Request-ID": "the-one-it-was-given",
}

pytestmark = pytest.mark.skipif("nginx" in MISSING, reason="needs nginx")


class Web(BaseHTTPRequestHandler):
    """Answers with what it was asked; /die/ hangs up in the middle; a file is handed to the proxy."""

    def do_GET(self):
        self.server.asked.append((self.command, self.path))
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if self.path.startswith("/die/"):
            self.connection.close()
            return
        self.send_response(404 if self.path.startswith("/static/") else 200)
        if self.path.startswith("/files/"):
            for name, value in KEPT.items():
                self.send_header(name, value)
            self.send_header("X-Accel-Redirect", f"/published-files/{KEY}")
            content = b""
        else:
            said = {"path": self.path, "method": self.command, "body": len(body), "headers": dict(self.headers)}
            content = json.dumps(said).encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *_words):
        pass


class Setting:
    """nginx, one or two web servers on one port of two addresses, and the names by which it finds them."""

    def __init__(self, folder):
        self.folder = folder
        self.port, self.web_port = free_port(), free_port()
        self.webs = [self.web(address) for address in ("127.0.2.1", "127.0.2.2")]
        self.names = Names({"web": ["127.0.2.1", "127.0.2.2"], "web-a": ["127.0.2.1"], "web-b": ["127.0.2.2"]})
        for name in ("static", "published", "run"):
            (folder / name).mkdir()
        (folder / "static" / "planner.0123456789ab.css").write_text("p {}")
        (folder / "static" / "nobody.html").write_text("Nobody answers just now")
        (folder / "published" / KEY).write_bytes(b"%PDF-1.7 and more")

    def web(self, address):
        server = ThreadingHTTPServer((address, self.web_port), Web)
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def start(self):
        self.names.start()
        settings = {
            "PROXY_PORT": f"127.0.0.1:{self.port}",
            "PROXY_WEB": "web",
            "PROXY_WEB_PORT": str(self.web_port),
            "PROXY_RESOLVER": f"127.0.0.1:{self.names.port}",
            "PROXY_STATIC": str(self.folder / "static"),
            "PROXY_FILES": str(self.folder / "published"),
            "PROXY_RUN": str(self.folder / "run"),
        }
        conf = self.folder / "run" / "nginx.conf"
        conf.write_text(filled_in(PROJECT / "deployment" / "nginx.conf", settings))
        self.log = self.folder / "nginx.log"
        with open(self.log, "w") as log:
            self.nginx = subprocess.Popen(
                [NGINX, "-e", "stderr", "-c", conf, "-g", f"daemon off;{whose_nginx()}"], stdout=log, stderr=log
            )
        wait_for(lambda: listens("127.0.0.1", self.port), "nginx listens")

    def stop(self):
        self.nginx.terminate()
        self.nginx.wait()
        self.names.stop()
        for web in self.webs:
            web.shutdown()
            web.server_close()

    def ask(self, path, method="GET", body=None, **headers):
        """(status, headers, body)."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=30)
        link.request(method, path, body, {"Host": "planner.example.org", "X-Forwarded-Proto": "https", **headers})
        answer = link.getresponse()
        try:
            return answer.status, dict(answer.headers), answer.read()
        finally:
            link.close()

    def lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def asked(self):
        return [len(web.asked) for web in self.webs]


@pytest.fixture
def proxy(tmp_path):
    tmp_path.chmod(0o755)
    setting = Setting(tmp_path)
    setting.start()
    yield setting
    setting.stop()


def test_a_request_comes_through_with_who_asked_and_how(proxy):
    status, _headers, body = proxy.ask("/meetings/?q=a", **{"X-Forwarded-For": "203.0.113.9", "X-Request-ID": "forged"})
    said = json.loads(body)
    headers = said["headers"]
    assert (status, said["path"], headers["Host"]) == (200, "/meetings/?q=a", "planner.example.org")
    assert (headers["X-Forwarded-Proto"], headers["X-Forwarded-For"]) == ("https", "203.0.113.9, 127.0.0.1")
    assert headers["X-Request-ID"] != "forged"
    wait_for(lambda: proxy.lines(), "it is logged")
    assert proxy.lines()[0]["request_id"] == headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/answer/{SECRET}/", "/answer/…/"),
        (f"/t/book/{SECRET}/again/", "/t/book/…/again/"),
        (f"/calendar/feed/{SECRET}.ics?x=1", "/calendar/feed/…"),
        ("/people/?q=Greta+Holloway", "/people/"),
        ("/plans/12/", "/plans/12/"),
    ],
)
def test_neither_a_secret_nor_what_was_searched_for_is_in_the_log(proxy, path, logged):
    proxy.ask(path)
    wait_for(lambda: proxy.lines(), "it is logged")
    assert [line["address"] for line in proxy.lines()] == [logged]


def test_static_files_come_from_the_proxy_and_those_of_another_version_from_the_web_servers(proxy):
    status, headers, body = proxy.ask("/static/planner.0123456789ab.css")
    assert (status, body, headers["Content-Type"]) == (200, b"p {}", "text/css")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert proxy.asked() == [0, 0]
    status, _headers, body = proxy.ask("/static/planner.ba9876543210.css")
    assert (status, json.loads(body)["path"]) == (404, "/static/planner.ba9876543210.css")


def test_a_published_file_is_sent_by_the_proxy_with_the_headers_it_was_told(proxy):
    status, headers, body = proxy.ask(f"/files/{KEY}/")
    assert (status, body) == (200, b"%PDF-1.7 and more")
    assert {name: headers.get(name) for name in KEPT} == KEPT
    assert "X-Accel-Redirect" not in headers
    status, headers, body = proxy.ask(f"/files/{KEY}/", Range="bytes=0-3")
    assert (status, body) == (206, b"%PDF")


def test_nobody_reads_the_folder_of_published_files_by_its_address(proxy):
    assert proxy.ask(f"/published-files/{KEY}")[0] == 404


def test_while_one_half_is_replaced_the_other_is_asked_alone(proxy):
    pool = [PROJECT / "deployment" / "pool.sh"]
    environment = {"PATH": os.environ["PATH"], "PROXY_RUN": str(proxy.folder / "run")}
    subprocess.run([*pool, "web-b"], env=environment, check=True, timeout=60)
    assert {proxy.ask("/")[0] for _ in range(8)} == {200}
    assert proxy.asked() == [0, 8]
    subprocess.run(pool, env=environment, check=True, timeout=60)
    wait_for(lambda: proxy.ask("/")[0] == 200 and proxy.asked()[0] > 0, "both are asked again")
    refused = subprocess.run([*pool, "web-b; return 200"], env=environment, capture_output=True, text=True)
    assert (refused.returncode, "not the name of a service" in refused.stderr) == (2, True)


def test_one_that_is_down_is_passed_over_and_nothing_is_sent_twice(proxy):
    proxy.webs[0].shutdown()
    proxy.webs[0].server_close()
    assert {proxy.ask("/", method, b"a=1")[0] for method in ("GET", "POST") for _ in range(6)} == {200}
    assert [method for method, _path in proxy.webs[1].asked].count("POST") == 6


def test_what_may_have_been_begun_is_not_begun_twice_and_the_page_says_so(proxy):
    status, headers, body = proxy.ask("/die/", "POST", b"a=1")
    assert (status, body, headers["Retry-After"]) == (503, b"Nobody answers just now", "10")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert sum(proxy.asked()) == 1


def test_with_no_web_server_at_all_there_is_still_a_page(proxy):
    proxy.names.names.clear()
    time.sleep(1.5)  # the proxy remembers a name for a second
    status, _headers, body = proxy.ask("/")
    assert (status, body) == (503, b"Nobody answers just now")


def test_an_upload_within_the_limit_passes_and_a_greater_one_is_refused(proxy):
    assert proxy.ask("/documents/", "POST", b"x" * 26_000_000)[0] == 200
    assert proxy.ask("/documents/", "POST", b"x" * 32_000_000)[0] == 413
