"""A mail server that takes everything and keeps nothing: pretix must not stumble over mails that nobody accepts."""

from __future__ import annotations

import socketserver
import threading


class _Talk(socketserver.StreamRequestHandler):
    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self._say("220 mail sink")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"DATA":
                self._say("354 go on")
                while (text := self.rfile.readline()) not in (b".\r\n", b""):
                    pass
                if not text:
                    return
            self._say("250 ok")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def start_mail_sink() -> int:
    """Serves until this process ends; the port."""
    server = _Server(("127.0.0.1", 0), _Talk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])
