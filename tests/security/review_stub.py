"""As much of an API server as it takes to know callers: TokenReview and SubjectAccessReview, over TLS."""

import http.server
import json
import threading

from certificates import Authority


class ReviewStub:
    """`users`: token -> (name, audiences); `rights`: what SubjectAccessReviews are answered yes to, as (user, verb, namespace, name)."""

    def __init__(self, folder):
        folder.mkdir()
        ours = Authority(folder, "ca")
        (folder / "ca.crt").write_bytes(ours.certificate.read_bytes())
        (folder / "token").write_text("own-token")
        (folder / "namespace").write_text("games")
        self.folder, self.users, self.rights, self.asked = folder, {}, set(), []
        self.failing = None  # the status code that everything gets
        self.gate = threading.Event()  # cleared: nothing is answered
        self.gate.set()
        stub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert self.headers["Authorization"] == "Bearer own-token"
                stub.asked.append(asked)
                stub.gate.wait(30)
                status, answer = stub.answer(asked)
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that went away

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.socket = ours.server("apiserver").wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, asked):
        if self.failing:
            return self.failing, {"kind": "Status", "code": self.failing, "reason": "Forbidden", "message": "no"}
        spec = asked["spec"]
        if asked["kind"] == "TokenReview":
            name, audiences = self.users.get(spec["token"], (None, []))
            meant = [each for each in audiences if each in spec["audiences"]]
            status = {"authenticated": bool(name), "user": {"username": name or "", "groups": ["g"]}, "audiences": meant}
            return 201, {"kind": "TokenReview", "apiVersion": "authentication.k8s.io/v1", "status": status}
        what = spec["resourceAttributes"]
        assert (what["group"], what["resource"]) == ("okg-sidecar.io", "hotupdates")
        allowed = (spec["user"], what["verb"], what["namespace"], what["name"]) in self.rights
        return 201, {"kind": "SubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "status": {"allowed": allowed}}

    @property
    def environment(self):
        return {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(self.server.server_address[1]),
                "POD_NAME": "game-0", "POD_NAMESPACE": "games"}

    def stop(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()
