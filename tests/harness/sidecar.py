"""The real binary under test."""

import json
import os
import pathlib
import re
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import yaml

from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("OKG_SIDECAR", ROOT / "build/dev/okg-sidecar"))
SANITIZED = bool(os.environ.get("OKG_SANITIZED"))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body!r}"


REASONS = set(re.findall(r"^### (\w+)$", (ROOT / "docs/errors.md").read_text(), re.M)) - {"InternalError"}


def with_reason(answer):
    """Whatever is not well says why in a word of docs/errors.md."""
    if answer.body.startswith(b"{") and (b'"result":' in answer.body or b'"reason":' in answer.body):
        assert answer.json.get("reason") in REASONS, answer
    return answer


def request(url, method="GET", body=None, headers=None, timeout=120):
    made = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(made, timeout=timeout) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return with_reason(Answer(error.code, error.headers, error.read()))


class Sidecar:
    """Starts with the given plugin settings; port 0 is chosen by the kernel and read from the log."""

    def __init__(self, folder, config=None, host=None, text=None, env=None, wait_ready=True, argv=None, more_argv=()):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.config_file = folder / "config.yaml"
        self.log_file = folder / f"log-{len(list(folder.glob('log-*')))}"
        if text is None:
            document = {"plugins": [{"name": "hot_update", "config": config}], "listen": "127.0.0.1:0"}
            document.update(host or {})
            text = yaml.safe_dump(document)
        self.config_file.write_text(text)
        self.env = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        self.env.update(env or {})
        self.argv = argv or [str(BINARY), "--config", str(self.config_file), *map(str, more_argv)]
        self.start(wait_ready)

    def start(self, wait_ready=True):
        self.log_file = self.folder / f"log-{len(list(self.folder.glob('log-*')))}"
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(self.argv, stderr=log, env=self.env)
        found = wait_until(self._listening, what=f"the sidecar listens: {self.log()}")
        self.port = int(found.group(1))
        self.base = f"http://127.0.0.1:{self.port}"
        if wait_ready:
            self.wait_ready()

    def wait_ready(self):
        def ready():
            self.check_running()
            answer = self.get("/readyz")
            assert answer.status == 200, answer
            return True

        wait_until(ready, "ready")

    def wait_not_ready(self, reason):
        """The answer of /readyz, once `reason` is why."""

        def told():
            self.check_running()
            answer = self.get("/readyz")
            assert (answer.status, answer.json.get("reason")) == (503, reason), answer
            return answer

        return wait_until(told, f"not ready: {reason}")

    def check_running(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the sidecar ended with status {self.process.returncode}: {self.log()}")

    def _listening(self):
        self.check_running()
        return re.search(r'listening.*port"?[=:](\d+)', self.log())  # text or JSON

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def get(self, path):
        return request(self.base + path)

    def status(self):
        answer = self.get("/hot-update")
        assert answer.status == 200, answer  # 503 just after a start: hot_update does not run yet
        return answer.json

    def update(self, version, url, timeout=120, **fields):
        body = urllib.parse.urlencode({"version": version, "url": url, **fields}).encode()
        return request(self.base + "/hot-update", "POST", body, timeout=timeout)

    def rss_anon_kib(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", text).group(1))

    def kill(self):
        self.process.kill()
        self.process.wait(20)

    def sanitizer_reports(self):
        """What sanitizers wrote to any of its logs; they may do so as late as at its exit."""
        logs = [path.read_text(errors="replace") for path in sorted(self.folder.glob("log-*"))]
        return [log for log in logs if re.search(r"(Address|Leak|Thread)Sanitizer|runtime error:", log)]

    def lines_without_a_known_reason(self):
        """Lines of its logs that say why something is not well, in a word that docs/errors.md does not have."""
        lines = [line for path in sorted(self.folder.glob("log-*")) for line in path.read_text(errors="replace").splitlines()]
        found = [(line, re.search(r'\breason"?[=:]"?(\w+)', line)) for line in lines]
        return [line for line, word in found if word and word.group(1) not in REASONS]

    def stop(self, seconds=30):
        """SIGTERM; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)
