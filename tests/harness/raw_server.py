"""A TCP server that answers each connection with a script of its own: for what no HTTP library would send."""

import socket
import ssl
import struct
import threading
import time


class RawServer:
    """`scripts[i]` gets the i-th connection and the request's head, the last one all further; it may end it at any time."""

    def __init__(self, *scripts, context=None):
        self.scripts, self.context, self.heads, self.ending = list(scripts), context, [], threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    def url(self, path="/file", host="127.0.0.1"):
        return f"{'https' if self.context else 'http'}://{host}:{self.port}{path}"

    def _accept(self):
        while not self.ending.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
            self.threads[-1].start()

    def _serve(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                got = connection.recv(65536)
                if not got:
                    return
                head += got
            self.heads.append(head.decode())
            script = self.scripts[min(len(self.heads), len(self.scripts)) - 1]
            script(connection, head.decode())
        except (OSError, ssl.SSLError):
            pass  # the other side hung up, which is part of the tests
        finally:
            connection.close()

    def stop(self):
        self.ending.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def head(status="200 OK", **headers):
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode()


def send(*parts, pause=0, then=None):
    """A script: these bytes, `pause` seconds between them, then `then(connection)`."""

    def script(connection, _):
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        if then:
            then(connection)

    return script


def stay_silent(connection):
    """Until the other side gives up."""
    connection.settimeout(60)
    connection.recv(1)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
