"""A file server whose answers a test chooses."""

import hashlib
import http.server
import socket
import threading


class Answer:
    """`handler` gets the request handler, and writes the whole answer."""

    def __init__(self, body=b"", status=200, headers=None, handler=None):
        self.body, self.status, self.headers, self.handler = body, status, headers or {}, handler


class Source:
    """Serves `answers[path]`; a list is used up one by one, its last answer stays. Notes every request, and who connects."""

    def __init__(self, context=None, address="127.0.0.1", port=0):
        self.answers = {}
        self.requests = []
        self.peers = []
        self.on_post = None
        source = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                source.requests.append((self.path, dict(self.headers)))
                source.on_post(self)

            def do_GET(self):
                source.requests.append((self.path, dict(self.headers)))
                answer = source.answers.get(self.path.split("?")[0], Answer(b"<html>not here</html>", 404))
                if isinstance(answer, list):
                    answer = answer.pop(0) if len(answer) > 1 else answer[0]
                if answer.handler:
                    return answer.handler(self)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if answer.status != 304:
                    self.wfile.write(answer.body)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
            request_queue_size = 128

            def verify_request(self, _, peer):
                source.peers.append(peer)
                return True

            def handle_error(self, *_):
                pass  # clients that hang up are part of the tests

        self.server = Server((address, port), Handler)
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.scheme = "https" if context else "http"
        self.address, self.port = self.server.server_address[:2]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def url(self, path, host=None):
        return f"{self.scheme}://{host or self.address}:{self.port}{path}"

    def put(self, path, body, **more):
        self.answers[path] = Answer(body, **more)
        return self.url(path)

    def put_with_etag(self, path, body):
        """Answers 304 to its own ETag."""
        tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'

        def handler(request):
            same = request.headers.get("If-None-Match") == tag
            request.send_response(304 if same else 200)
            request.send_header("ETag", tag)
            if not same:
                request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            if not same:
                request.wfile.write(body)

        self.answers[path] = Answer(handler=handler)
        return self.url(path)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(20)


def cut(request):
    """Ends the connection at once, whatever is still to be read or written."""
    request.wfile.flush()
    request.connection.shutdown(socket.SHUT_RDWR)
    request.close_connection = True


class Gate:
    """An answer that waits until it is let go."""

    def __init__(self, body=b"gated"):
        self.body, self.open, self.reached = body, threading.Event(), threading.Event()

    def __call__(self, handler):
        self.reached.set()
        assert self.open.wait(60)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(self.body)))
        handler.end_headers()
        handler.wfile.write(self.body)


def gated(source, path):
    gate = Gate()
    source.answers[path] = Answer(handler=gate)
    return gate, source.url(path)
