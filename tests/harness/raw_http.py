"""HTTP byte by byte: a connection on which a test says everything."""

import socket


class Line:
    """One connection to a port of 127.0.0.1."""

    def __init__(self, port, host="127.0.0.1", timeout=20, receive_buffer=None, source_address=None):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source_address:
            self.socket.bind((source_address, 0))
        self.socket.connect((host, port))
        self.file = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def head(self):
        """The lines of a head, up to the empty one."""
        lines = []
        while line := self.file.readline().strip():
            lines.append(line.decode())
        return lines

    def answer(self, with_body=True):
        """(status, head lines, body); an OSError where there is no whole answer."""
        head = self.head()
        if not head:
            raise ConnectionError("the connection was ended without an answer")
        length = next((int(line.split(":")[1]) for line in head if line.lower().startswith("content-length:")), 0)
        return int(head[0].split()[1]), head, self.file.read(length) if with_body else b""

    def is_ended(self, seconds=5):
        """Whether the other side ends the connection within that time, having sent nothing more."""
        self.socket.settimeout(seconds)
        try:
            return self.file.read(1) == b""
        except TimeoutError:
            return False
        except ConnectionError:
            return True

    def close(self):
        self.file.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def ask(port, data):
    """(status, head lines, body) of one request on a connection of its own."""
    with Line(port) as line:
        line.send(data)
        return line.answer()
