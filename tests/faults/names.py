"""A server of names for a network that isn't there: what Docker's own does for the containers of one network.

A name stands for one address or several; an unknown one for none. It answers questions for A records and says
of all others that there are none.
"""

import random
import socketserver
import struct
import threading

A, IN = 1, 1
ANSWERED, UNKNOWN = 0x8180, 0x8183  # flags: an answer; a name that does not exist


class Names:
    """``names`` is {name: [address, …]}; change it at any time."""

    def __init__(self, names):
        self.names = names
        self.server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.is_started = False
        self.port = self.server.server_address[1]

    def handler(self):
        names = self.names

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                question, link = self.request
                link.sendto(answer(question, names), self.client_address)

        return Handler

    def start(self):
        self.is_started = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        if self.is_started:
            self.server.shutdown()
        self.server.server_close()


def answer(question, names):
    """The whole message that answers ``question``; the addresses in any order, so that all are asked."""
    number, _flags, _count = struct.unpack("!HHH", question[:6])
    name, at = read_name(question, 12)
    kind, _class = struct.unpack("!HH", question[at : at + 4])
    asked = question[12 : at + 4]
    found = list(names.get(name, [])) if kind == A else []
    random.shuffle(found)
    records = b"".join(
        struct.pack("!HHHIH", 0xC00C, A, IN, 1, 4) + bytes(int(part) for part in address.split("."))
        for address in found
    )
    flags = ANSWERED if name in names else UNKNOWN
    return struct.pack("!HHHHHH", number, flags, 1, len(found), 0, 0) + asked + records


def read_name(message, at):
    """(the name, where it ends) of the labels that begin at ``at``."""
    labels = []
    while message[at]:
        labels.append(message[at + 1 : at + 1 + message[at]].decode())
        at += 1 + message[at]
    return ".".join(labels).lower(), at + 1
