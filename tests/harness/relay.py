"""A TCP relay in front of a server, which can cut connections, or let them fall silent as a failed load balancer does."""

import socket
import threading


class Relay:
    """Forwards to 127.0.0.1:`port`. `cuts[i]`: how many bytes the i-th connection may bring from the server before it is cut
    (None: all of them); connections beyond the list are not cut."""

    def __init__(self, port, cuts=()):
        self.target, self.cuts, self.accepted = port, list(cuts), 0
        self.lock, self.silent, self.sockets, self.on_cut = threading.Lock(), set(), set(), None
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def silence(self):
        """Whatever comes on the connections of now goes nowhere; they stay open. New ones work."""
        with self.lock:
            self.silent |= self.sockets

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            limit = self.cuts[self.accepted] if self.accepted < len(self.cuts) else None
            with self.lock:
                self.accepted += 1
                self.sockets |= {near, far}
            threading.Thread(target=self._pump, args=(near, far, None), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, limit), daemon=True).start()

    def _pump(self, source, sink, limit):
        try:
            while data := source.recv(min(16384, limit or 16384)):
                if source in self.silent:
                    continue
                sink.sendall(data)
                if limit is None:
                    continue
                limit -= len(data)
                if limit <= 0:
                    break
        except OSError:
            pass  # one of the two sides hung up
        if source in self.silent:
            return
        if limit is not None and limit <= 0 and self.on_cut:
            self.on_cut()
        for each in (source, sink):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it is closed already

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.sockets:
            each.close()
