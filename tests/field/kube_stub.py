"""As much of an API server as a sidecar's results need, over TLS: objects are kept, and what they get is merged."""

import http.server
import json
import threading

from certificates import Authority


def merge(target, patch):
    """RFC 7396."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict):
            merge(target.setdefault(key, {}), value)
        else:
            target[key] = value


class KubeStub:
    def __init__(self, folder):
        folder.mkdir()
        ours = Authority(folder, "ca")
        (folder / "ca.crt").write_bytes(ours.certificate.read_bytes())
        (folder / "token").write_text("token")
        (folder / "namespace").write_text("games")
        self.folder, self.writes = folder, []
        self.objects = {"pods": {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "pod", "namespace": "games", "uid": "1"}},
                        "configmaps": {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "sidecar-result", "namespace": "kube-system"}, "data": {}}}
        stub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                body = json.dumps(stub.objects["pods" if "/pods/" in self.path else "configmaps"]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self.answer()

            def do_PATCH(self):
                patch = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                kind = "pods" if "/pods/" in self.path else "configmaps"
                stub.writes.append(kind)
                if isinstance(patch, dict):
                    merge(stub.objects[kind], patch)
                self.answer()

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # clients that hang up are part of the tests

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.socket = ours.server("apiserver").wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def environment(self, port=None):
        return {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(port or self.port), "POD_NAME": "pod",
                "POD_NAMESPACE": "games"}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
