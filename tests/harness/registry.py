"""A registry that serves images from docker-archives, for pods that pull."""

import hashlib
import http.server
import io
import json
import tarfile
import threading
import urllib.parse

OCI = "application/vnd.oci.image"


def _blob(blobs, content, kind):
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    blobs[digest] = (content, kind)
    return {"mediaType": kind, "digest": digest, "size": len(content)}


class Image:
    """A docker-archive in memory: `config` as the runtime reads it, `layers` as tar archives, lowest first."""

    def __init__(self, archive):
        with tarfile.open(archive) as files:
            (manifest,) = json.load(files.extractfile("manifest.json"))
            self.config = json.load(files.extractfile(manifest["Config"]))
            self.layers = [files.extractfile(name).read() for name in manifest["Layers"]]

    def add_layer(self, files):
        """{path: text}; files of root's, that anyone may run."""
        layer = io.BytesIO()
        with tarfile.open(fileobj=layer, mode="w") as tar:
            for path, text in files.items():
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode = len(text.encode()), 0o755
                tar.addfile(entry, io.BytesIO(text.encode()))
        self.layers.append(layer.getvalue())
        self.config["rootfs"]["diff_ids"].append(f"sha256:{hashlib.sha256(layer.getvalue()).hexdigest()}")
        self.config.pop("history", None)

    def blobs(self):
        """({digest: (bytes, media type)}, the manifest's digest)"""
        blobs = {}
        manifest = {"schemaVersion": 2, "mediaType": f"{OCI}.manifest.v1+json",
                    "config": _blob(blobs, json.dumps(self.config).encode(), f"{OCI}.config.v1+json"),
                    "layers": [_blob(blobs, layer, f"{OCI}.layer.v1.tar") for layer in self.layers]}
        return blobs, _blob(blobs, json.dumps(manifest).encode(), f"{OCI}.manifest.v1+json")["digest"]


class Registry:
    """@source https://github.com/opencontainers/distribution-spec, "Pull"."""

    def __init__(self, address):
        self.blobs, self.tags, self.pulled = {}, {}, []
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):
                self.do_GET()

            def do_GET(self):
                content, kind = registry.find(self.path.split("?")[0].strip("/").split("/"))
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                if content and self.command == "GET":
                    self.wfile.write(content)

        self.server = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://{address}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def push(self, name, image):
        """`name`: as on Docker Hub without its host, like okg-sidecar:v1."""
        blobs, digest = image.blobs()
        self.blobs |= blobs
        self.tags[name] = digest

    def find(self, parts):
        if parts == ["v2"]:
            return b"{}", "application/json"
        *repository, kind, reference = parts[1:]
        name = f"{'/'.join(repository).removeprefix('library/')}:{reference}"
        if kind == "manifests" and name in self.tags:
            self.pulled.append(name)
            reference = self.tags[name]
        return self.blobs.get(reference, (None, "application/json"))

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Inbox:
    """A registry that takes what is pushed, and keeps the manifests by `NAME:TAG`. @source distribution-spec, "Push"."""

    def __init__(self, address="127.0.0.1"):
        self.blobs, self.manifests = {}, {}
        inbox = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, **headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def body(self):
                if self.headers.get("Transfer-Encoding") != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length", 0)))
                found = b""
                while size := int(self.rfile.readline(), 16):
                    found += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return found

            def do_GET(self):
                self.answer(200 if self.path == "/v2/" or self.path.rsplit("/", 1)[1] in inbox.blobs else 404)

            do_HEAD = do_GET

            def do_POST(self):
                self.answer(202, Location=self.path.rstrip("/") + "/1")

            def do_PATCH(self):
                inbox.blobs[self.path] = self.body()
                self.answer(202, Location=self.path)

            def do_PUT(self):
                content = self.body()
                path, _, digest = self.path.partition("?digest=")
                digest = urllib.parse.unquote(digest) or f"sha256:{hashlib.sha256(content).hexdigest()}"
                inbox.blobs[digest] = inbox.blobs.pop(path, b"") + content
                if "/manifests/" in path:
                    inbox.manifests[path.removeprefix("/v2/").replace("/manifests/", ":")] = json.loads(content)
                self.answer(201, Location=path, **{"Docker-Content-Digest": digest})

        self.server = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        self.host = f"{address}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
