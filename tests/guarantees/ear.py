"""Somebody who listens where hostile files and documents beckon to."""

import socket
import threading


class Ear:
    """``with Ear() as ear:`` asks for ``ear.url`` to be called. ``ear.heard``: how often it was, in any way."""

    def __enter__(self):
        self.heard, self.socket = 0, socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/beckoned"
        threading.Thread(target=self.listen, daemon=True).start()
        return self

    def listen(self):
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.heard += 1

    def __exit__(self, *_):
        self.socket.close()
