"""As much of an API server as a sidecar's results need, over TLS: objects are kept, and what they get is merged."""

import http.server
import json
import threading

from certificates import Authority
from scripted_source import Http2Source

OWNER = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "game", "controller": True}
LATEST = "_latest.games.StatefulSet.game"  # the key of what that workload's pods share


def merge(target, patch):
    """RFC 7396."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict):
            merge(target.setdefault(key, {}), value)
        else:
            target[key] = value


class Http1:
    def __init__(self, context, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                status, body = answer(self.command, self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_PATCH = do_POST = do_GET

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # clients that hang up are part of the tests

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class KubeStub:
    """`protocol`: HTTP/1.1 or HTTP/2, which is what API servers speak."""

    def __init__(self, folder, protocol):
        folder.mkdir()
        ours = Authority(folder, "ca")
        (folder / "ca.crt").write_bytes(ours.certificate.read_bytes())
        (folder / "token").write_text("token")
        (folder / "namespace").write_text("games")
        self.folder = folder
        self.patches = []  # (kind, patch), in the order in which they came
        self.events, self.refused_events, self.hold_events = [], 0, None
        self.failing = {}  # kind -> the Status that its patches get
        self.holding = {}  # kind -> the event that its patches wait for
        self.objects = {"pods": {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "pod", "namespace": "games", "uid": "1"}},
                        "configmaps": {"kind": "ConfigMap", "apiVersion": "v1", "data": {},
                                       "metadata": {"name": "sidecar-result", "namespace": "kube-system"}}}
        context = ours.server("apiserver")
        if protocol == "HTTP/2":
            def exchange(exchange):
                status, body = self.answer(exchange.headers[":method"], exchange.headers[":path"], exchange.request_body)
                exchange.answer(body, status)

            self.server = Http2Source(context, exchange)
        else:
            self.server = Http1(context, self.answer)
        self.port = self.server.port

    def answer(self, method, path, body):
        """Status and body."""
        if method == "POST":
            return self.take_event(json.loads(body))
        kind = "pods" if "/pods/" in path else "configmaps"
        if method == "PATCH":
            self.patches.append((kind, json.loads(body)))
            if kind in self.holding:
                self.holding[kind].wait(60)
        if method == "PATCH" and kind in self.failing:
            failure = {"kind": "Status", **self.failing[kind]}
            return failure["code"], json.dumps(failure).encode()
        patch = json.loads(body or b"{}")
        if isinstance(patch, dict):
            merge(self.objects[kind], patch)
        else:
            self.swap(patch)
        return 200, json.dumps(self.objects[kind]).encode()

    def take_event(self, event):
        if self.hold_events:
            self.hold_events.wait(20)
        if "events" in self.failing:
            self.refused_events += 1
            return self.failing["events"]["code"], json.dumps({"kind": "Status", **self.failing["events"]}).encode()
        self.events.append(event)
        return 201, json.dumps(event).encode()

    def swap(self, patch):
        """The JSON patch of one key of the ConfigMap: its test, then the new value."""
        key = patch[-1]["path"].removeprefix("/data/").replace("~1", "/").replace("~0", "~")
        self.objects["configmaps"]["data"][key] = patch[-1]["value"]

    def environment(self, port=None):
        return {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(port or self.port), "POD_NAME": "pod",
                "POD_NAMESPACE": "games"}

    def stop(self):
        self.server.stop()
