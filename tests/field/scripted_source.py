"""A source that speaks HTTP/2 over TLS and answers each request step by step, as a test's script says."""

import socket
import ssl
import threading

import h2.config
import h2.connection
import h2.errors
import h2.events


class Exchange:
    """One request of one connection. A script calls its methods in the order in which things should happen."""

    def __init__(self, connection, stream, headers):
        self.connection, self.stream, self.headers, self.request_body = connection, stream, dict(headers), b""

    def head(self, status=200, end=False, **headers):
        """`head(206, Content_Range="bytes 1-2/3")`"""
        fields = [(":status", str(status))]
        fields += [(name.replace("_", "-").lower(), str(value)) for name, value in headers.items()]
        self.connection.h2.send_headers(self.stream, fields, end_stream=end)
        self.connection.flush()

    def body(self, data, end=True):
        self.connection.send_body(self.stream, data, end)

    def trailers(self, **headers):
        fields = [(name.replace("_", "-").lower(), str(value)) for name, value in headers.items()]
        self.connection.h2.send_headers(self.stream, fields, end_stream=True)
        self.connection.flush()

    def answer(self, data, status=200, **headers):
        self.head(status, content_length=len(data), **headers)
        self.body(data)

    def reset(self, code=h2.errors.ErrorCodes.INTERNAL_ERROR):
        """RST_STREAM: this request only."""
        self.connection.h2.reset_stream(self.stream, code)
        self.connection.flush()

    def go_away(self, code=h2.errors.ErrorCodes.NO_ERROR, last_stream=None):
        self.connection.h2.close_connection(code, last_stream_id=self.stream if last_stream is None else last_stream)
        self.connection.flush()

    def hang_up(self):
        self.connection.close()

    def fall_silent(self):
        """The connection stays open, and nothing is read or written on it any more."""
        self.connection.ending.wait(60)


class Connection:
    def __init__(self, source, raw):
        self.source, self.ending, self.begun = source, source.ending, {}
        self.raw = source.context.wrap_socket(raw, server_side=True)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=False, header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False))

    def flush(self):
        self.raw.sendall(self.h2.data_to_send())

    def close(self):
        try:
            self.raw.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it is closed already
        self.raw.close()

    def read(self):
        """Requests that came whole; raises OSError at the end."""
        data = self.raw.recv(65536)
        if not data:
            raise ConnectionResetError
        whole = []
        for event in self.h2.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                self.begun[event.stream_id] = Exchange(self, event.stream_id, event.headers)
            elif isinstance(event, h2.events.DataReceived):
                self.begun[event.stream_id].request_body += event.data
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                whole.append(self.begun.pop(event.stream_id))
        self.flush()
        return whole

    def send_body(self, stream, data, end):
        while data:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size, len(data))
            if room == 0:
                self.read()
                continue
            self.h2.send_data(stream, data[:room])
            data = data[room:]
            self.flush()
        if end:
            self.h2.end_stream(stream)
            self.flush()

    def serve(self):
        try:
            self.h2.initiate_connection()
            self.flush()
            while True:
                for exchange in self.read():
                    self.source.run_script(exchange)
        except (OSError, ssl.SSLError, h2.exceptions.ProtocolError):
            pass  # the other side hung up, which is part of the tests
        finally:
            self.close()


class Http2Source:
    """`scripts[i]` gets the i-th request, the last one all further. `requests` holds the headers of each, `connections` how many
    there were."""

    def __init__(self, context, *scripts):
        context.set_alpn_protocols(["h2"])
        self.context, self.scripts, self.requests, self.connections = context, list(scripts), [], 0
        self.ending = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path="/file"):
        return f"https://127.0.0.1:{self.port}{path}"

    def run_script(self, exchange):
        self.requests.append(exchange.headers)
        self.scripts[min(len(self.requests), len(self.scripts)) - 1](exchange)

    def _accept(self):
        while not self.ending.is_set():
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(raw,), daemon=True).start()

    def _serve(self, raw):
        try:
            connection = Connection(self, raw)
        except (OSError, ssl.SSLError):
            return  # no handshake came about
        connection.serve()

    def stop(self):
        self.ending.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
