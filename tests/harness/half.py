"""A download that stops in its middle."""

import threading


class Half:
    """An answer of `body` that stops in the middle until it is let go."""

    def __init__(self, body=bytes(200_000)):
        self.body, self.open = body, threading.Event()

    def __call__(self, handler):
        half = len(self.body) // 2
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(self.body)))
        handler.end_headers()
        handler.wfile.write(self.body[:half])
        handler.wfile.flush()
        assert self.open.wait(60)
        handler.wfile.write(self.body[half:])
