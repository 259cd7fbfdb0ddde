"""A small server as the kiosk hosts one: answers /healthz until its standard input is closed.

`sick` stops it answering while it runs on; `short` ends it at once with words.
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if Path(sys.argv[2], "sick").exists():
            self.send_error(503)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status":"ok"}')

    def log_message(self, format: str, *args: object) -> None:
        print("asked", flush=True)


def main(port: str, folder: str, *how: str) -> None:
    if "short" in how:
        sys.exit("there is no database here: run the set-up first")
    server = HTTPServer(("127.0.0.1", int(port)), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    if "deaf" in how:
        Event().wait()
    while os.read(sys.stdin.fileno(), 4096):
        pass


main(*sys.argv[1:])
