"""A download that stops in its middle."""

import threading


class Half:
    """An answer of 200,000 bytes that stops in the middle until it is let go."""

    def __init__(self):
        self.open = threading.Event()

    def __call__(self, handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "200000")
        handler.end_headers()
        handler.wfile.write(bytes(100_000))
        handler.wfile.flush()
        assert self.open.wait(60)
        handler.wfile.write(bytes(100_000))
