"""As much of an API server as a sidecar's results need, over TLS: objects are kept, and what they get is merged."""

import http.server
import json
import threading

from certificates import Authority
from scripted_source import Http2Source


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
                body = answer(self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))))
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_PATCH = do_GET

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
        self.objects = {"pods": {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "pod", "namespace": "games", "uid": "1"}},
                        "configmaps": {"kind": "ConfigMap", "apiVersion": "v1", "data": {},
                                       "metadata": {"name": "sidecar-result", "namespace": "kube-system"}}}
        context = ours.server("apiserver")
        if protocol == "HTTP/2":
            self.server = Http2Source(context, lambda exchange: exchange.answer(self.answer(exchange.headers[":path"], exchange.request_body)))
        else:
            self.server = Http1(context, self.answer)
        self.port = self.server.port

    def answer(self, path, body):
        kind = "pods" if "/pods/" in path else "configmaps"
        patch = json.loads(body or b"{}")
        if isinstance(patch, dict):
            merge(self.objects[kind], patch)
        return json.dumps(self.objects[kind]).encode()

    def environment(self, port=None):
        return {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(port or self.port), "POD_NAME": "pod",
                "POD_NAMESPACE": "games"}

    def stop(self):
        self.server.stop()
