"""Games for the tests: a real nginx and small programs that note the signals they get."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from waiting import free_ports, wait_until


def children_of(pid):
    return sorted(int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


class Nginx:
    """A real nginx serving `root`; its master's command line holds the path of its own configuration.

    `example`: the text of a configuration as it is shipped, whose folders and port are put in place of its own."""

    def __init__(self, folder, root, example=None):
        [self.port] = free_ports(1)
        folder.mkdir(parents=True, exist_ok=True)
        self.conf = folder / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        if example:
            for shipped, ours in (("/tmp/", f"{folder}/"), ("/var/www/html", str(root)), ("listen 8080", f"listen 127.0.0.1:{self.port}")):
                assert shipped in example, shipped
                example = example.replace(shipped, ours)
        self.conf.write_text(f"{user}\n{example}" if example else f"""
            {user} daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
            events {{ worker_connections 64; }}
            http {{ access_log off; types {{ text/html html; }} server {{ listen 127.0.0.1:{self.port}; root {root}; }}
              client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
              uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; }}""")
        self.process = subprocess.Popen(["nginx", "-c", str(self.conf)], stderr=subprocess.DEVNULL)
        wait_until(self.answers, what="nginx answers")

    @property
    def process_name(self):
        return f"nginx: master process nginx -c {self.conf}"

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1):
                return True
        except OSError:
            return False

    def get(self, path="/index.html"):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read()

    def workers(self):
        return children_of(self.process.pid)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


SIGNAL_COUNTER = """
import os, signal, sys
path, number = sys.argv[1], int(sys.argv[2])
def note(*_):
    with open(path, "a") as file:
        file.write("signal\\n")
signal.signal(number, note)
with open(path, "a") as file:
    file.write("ready\\n")
while True:
    signal.pause()
"""


class SignalCounter:
    """A plain program that catches one signal and writes a line for each."""

    def __init__(self, folder, number=signal.SIGUSR1, wait=True):
        folder.mkdir(parents=True, exist_ok=True)
        self.notes = folder / f"signals-{time.monotonic_ns()}"
        self.process = subprocess.Popen([sys.executable, "-c", SIGNAL_COUNTER, str(self.notes), str(int(number))])
        if wait:
            wait_until(self.notes.exists, what="the game is ready")

    @property
    def process_name(self):
        return str(self.notes)

    def count(self):
        return self.notes.read_text().count("signal")

    def wait_for(self, count):
        wait_until(lambda: self.count() >= count, what=f"{count} signals")
        return self.count()

    def stop(self):
        self.process.kill()
        self.process.wait(20)


class OthersGame:
    """It runs as another user, who can write to nothing of the sidecar's: unchanged files are linked."""

    def __init__(self, name):
        self.process_name = name
        script = "import signal\nsignal.signal(signal.SIGUSR1, lambda *_: None)\nprint(flush=True)\nwhile True: signal.pause()"
        self.process = subprocess.Popen([sys.executable, "-c", script, name], stdout=subprocess.PIPE, user=65534)
        assert self.process.stdout.readline() == b"\n"

    def stop(self):
        self.process.kill()
        self.process.wait(20)
        self.process.stdout.close()
