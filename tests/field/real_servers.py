"""Servers that operators keep content on, each serving one folder; and HAProxy, to stand in front of them."""

import os
import pathlib
import subprocess
import sys
import urllib.request

from game import Nginx
from waiting import free_ports, wait_until

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "okg-sidecar"


class Program:
    """A server on a port of its own, stopped by SIGTERM."""

    def __init__(self, folder, argv, env=None):
        self.log = folder / "log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(argv, stdout=log, stderr=log, env={**os.environ, **(env or {})})
        wait_until(self.answers, what=f"{argv[0]} answers; {self.log.read_text(errors='replace')}")

    def answers(self):
        assert self.process.poll() is None, self.log.read_text(errors="replace")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5).close()
        except urllib.error.HTTPError:
            pass  # it answers
        return True

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class FolderServer(Program):
    """Serves `root`, whose files a test replaces by rename."""

    def __init__(self, folder, argv, root, env=None):
        self.root = root
        super().__init__(folder, argv, env)

    def put(self, name, body):
        (self.root / f".{name}.new").write_bytes(body)
        os.replace(self.root / f".{name}.new", self.root / name)


class NginxFolder(Nginx):
    def __init__(self, folder, root):
        self.root = root
        super().__init__(folder, root)

    put = FolderServer.put


class Apache(FolderServer):
    def __init__(self, folder, root):
        [self.port] = free_ports(1)
        modules = pathlib.Path("/usr/lib/apache2/modules")
        loaded = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in ("mpm_event", "authz_core"))
        conf = folder / "httpd.conf"
        conf.write_text(f"""
            {loaded}
            ServerName localhost
            PidFile {folder}/httpd.pid
            ErrorLog {folder}/error.log
            Listen 127.0.0.1:{self.port}
            DocumentRoot {root}
            ContentDigest On
            """)
        super().__init__(folder, ["apache2", "-d", str(folder), "-f", str(conf), "-D", "FOREGROUND"], root)


class PythonServer(FolderServer):
    def __init__(self, folder, root):
        [self.port] = free_ports(1)
        super().__init__(folder, [sys.executable, "-m", "http.server", str(self.port), "--bind", "127.0.0.1", "-d", str(root)], root)


CHERRYPY = """
import sys, cherrypy
cherrypy.config.update({"server.socket_host": "127.0.0.1", "server.socket_port": int(sys.argv[1]),
                        "engine.autoreload.on": False, "log.screen": False})
static = {"tools.staticdir.on": True, "tools.staticdir.dir": sys.argv[2], "tools.etags.on": False}
cherrypy.quickstart(None, "/", {"/": static})
"""


class CherryPy(FolderServer):
    """Its static tool answers a Range without looking at If-Range."""

    def __init__(self, folder, root):
        [self.port] = free_ports(1)
        super().__init__(folder, [sys.executable, "-c", CHERRYPY, str(self.port), str(root)], root)


class S3(Program):
    """moto's S3, with one bucket that anybody may read."""

    packages = CACHE / "field-python"

    def __init__(self, folder, root):
        [self.port] = free_ports(1)
        argv = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        super().__init__(folder, argv, env={"PYTHONPATH": str(self.packages)})
        self._request("PUT", "/bucket", b"", **{"x-amz-acl": "public-read"})

    def _request(self, method, path, body, **headers):
        made = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method=method, headers=headers)
        urllib.request.urlopen(made, timeout=20).close()

    def put(self, name, body):
        self._request("PUT", f"/bucket/{name}", body, **{"x-amz-acl": "public-read", "Content-Type": "application/octet-stream"})


class HAProxy(Program):
    """In front of 127.0.0.1:`port`, with the time-outs of its documentation."""

    def __init__(self, folder, port):
        [self.port] = free_ports(1)
        conf = folder / "haproxy.cfg"
        conf.write_text(f"""
defaults
    mode http
    timeout connect 5s
    timeout client 50s
    timeout server 50s
frontend front
    bind 127.0.0.1:{self.port}
    default_backend back
backend back
    server one 127.0.0.1:{port}
""")
        super().__init__(folder, ["haproxy", "-db", "-f", str(conf)])


SERVERS = {"nginx": NginxFolder, "apache": Apache, "cherrypy": CherryPy, "python": PythonServer, "s3": S3}


def path_of(kind, name):
    return f"/bucket/{name}" if kind == "s3" else f"/{name}"
