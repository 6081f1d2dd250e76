"""Figures of one sidecar with the Local store: memory, wake-ups, start, size, and updates beside what a shell would do."""

import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

from figure import Figure, median_of, ratio_of
from game import Nginx
from sidecar import BINARY, ROOT, Sidecar
from watch import context_switches, cpu_seconds, memory_kib, wait_until_idle

MIB = 1 << 20

# Notes when each SIGHUP arrived. sigwait, so that no interpreter's handler is measured.
GAME = """
import signal, sys, time
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
print("ready", flush=True)
while True:
    signal.sigwait({signal.SIGHUP})
    print(time.monotonic_ns(), flush=True)
"""


class Game:
    def __init__(self, name, user=None):
        self.process_name = name
        self.process = subprocess.Popen([sys.executable, "-c", GAME, name], stdout=subprocess.PIPE, text=True, user=user)
        assert self.process.stdout.readline() == "ready\n"

    def told_at(self):
        """When the next signal arrived, in seconds of time.monotonic()."""
        return int(self.process.stdout.readline()) / 1e9

    def stop(self):
        self.process.kill()
        self.process.wait()


class Bench:
    """A sidecar, its game and a file server in one folder on disk."""

    def __init__(self, folder, user=None, **settings):
        folder.mkdir(parents=True)
        self.folder, self.shared, self.files = folder, folder / "shared", folder / "files"
        self.shared.mkdir()
        self.files.mkdir()
        self.game = Game(f"bench-game-{folder.name}", user)
        self.server = Nginx(folder / "server", self.files)
        self.sidecar = Sidecar(folder / "sidecar", {
            "fileDir": str(self.shared), "storageConfig": {"type": "Local"},
            "signal": {"processName": self.game.process_name, "signalName": "SIGHUP", "checkHandler": False,
                       "settleMilliseconds": 0}, **settings})  # a shell does not look whether the game lives
        self.pid = self.sidecar.process.pid

    def put(self, name, size):
        with open(self.files / name, "wb") as file:
            while file.tell() < size:
                file.write(os.urandom(min(MIB, size - file.tell())))
        return f"http://127.0.0.1:{self.server.port}/{name}"

    def update(self, version, url, **fields):
        answer = self.sidecar.update(version, url, timeout=600, **fields)
        assert answer.status == 200 and answer.json["result"] == "Succeeded", answer
        return self.game.told_at()

    def stop(self):
        self.sidecar.stop()
        self.server.stop()
        self.game.stop()


def idle(folder, seconds):
    bench = Bench(folder)
    try:
        bench.update("v1", bench.put("a", 4096))
        wait_until_idle(bench.pid)
        anon, rss = memory_kib(bench.pid)
        before = context_switches(bench.pid)
        time.sleep(seconds)  # the figure is a rate: this is the time it is measured over
        switches = context_switches(bench.pid) - before
    finally:
        bench.stop()
    return [Figure("idle RssAnon, Local, after one update", anon / 1024, "MiB", 1.75), Figure("idle RSS, Local, after one update", rss / 1024, "MiB", 10),
            Figure(f"context switches in {seconds} s, idle", switches, "", 0)]


def start(folder, runs):
    """exec to the first 200 of /readyz, asked for by a client that is there already."""
    folder.mkdir(parents=True)
    (folder / "shared").mkdir()
    plain = Sidecar(folder / "sidecar", {"fileDir": str(folder / "shared"), "loadPatchType": "none", "storageConfig": {"type": "Local"}})
    port = plain.port
    plain.stop()
    plain.config_file.write_text(plain.config_file.read_text().replace("127.0.0.1:0", f"127.0.0.1:{port}"))
    times = []
    for _ in range(runs):
        begun = time.monotonic()
        with subprocess.Popen(plain.argv, stderr=subprocess.DEVNULL, env=plain.env) as process:
            while not is_ready(port):
                assert process.poll() is None
            times.append((time.monotonic() - begun) * 1000)
            process.terminate()
    return [median_of("start: exec to /readyz 200", times, "ms", 30)]


def is_ready(port):
    import socket

    try:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except ConnectionError:
        return False


def size(folder):
    folder.mkdir(parents=True)
    subprocess.run(["strip", "-o", folder / "okg-sidecar", BINARY], check=True)
    subprocess.run([ROOT / "scripts/image-root", BINARY, folder / "image"], check=True, stdout=subprocess.DEVNULL)
    image = sum(file.stat().st_size for file in (folder / "image").rglob("*") if file.is_file() and not file.is_symlink())
    loaded = sum(file.stat().st_size for file in {path.resolve() for path in (folder / "image/usr").rglob("*")} if is_code(file))
    return [Figure("binary, stripped", (folder / "okg-sidecar").stat().st_size / MIB, "MiB"),
            Figure("binary and its libraries", loaded / MIB, "MiB", 12), Figure("image, unpacked", image / 1e6, "MB", 14)]


def is_code(file):
    return file.is_file() and file.open("rb").read(4) == b"\x7fELF"


def small_update(folder, runs):
    """A 4 KiB update, fsyncs included, beside curl -o, sync FILE, mv, kill -HUP."""
    bench = Bench(folder)
    ours, theirs, told = [], [], []
    try:
        urls = [bench.put(f"page-{i}", 4096) for i in range(2)]
        target, staged = bench.shared / "shell.html", bench.shared / ".shell.new"
        script = f'curl -sS -o "{staged}" "$0" && sync "{staged}" && mv "{staged}" "{target}" && kill -HUP {bench.game.process.pid}'
        for i in range(runs):
            begun = time.monotonic()
            answer = bench.sidecar.update(f"v{i}", urls[i % 2], path="page.html")
            ours.append(time.monotonic() - begun)
            assert answer.json["result"] == "Succeeded", answer
            told.append((bench.game.told_at() - begun) * 1000)
            begun = time.monotonic()
            subprocess.run(["sh", "-c", script, urls[i % 2]], check=True)
            theirs.append(time.monotonic() - begun)
            bench.game.told_at()
    finally:
        bench.stop()
    return [ratio_of("4 KiB update, POST to answer, of a shell's time", ours, theirs, 0.5, f"medians {1000 * sorted(ours)[runs // 2]:.1f} ms and {1000 * sorted(theirs)[runs // 2]:.1f} ms"),
            median_of("4 KiB update, POST to signal received", told, "ms")]


def large_update(folder, runs, size_bytes):
    """A large update, hashed, beside `curl -o` of the same file and `sync`; and its CPU beside curl's and openssl's."""
    bench = Bench(folder, keepVersions=0)
    ours, theirs, our_cpu, their_cpu, grown = [], [], [], [], []
    try:
        url = bench.put("large", size_bytes)
        bench.update("small", bench.put("small", 4096), path="large")
        copy = bench.shared / "copy"
        for i in range(runs):
            subprocess.run(["sync"], check=True)  # neither pays for the other's writes
            idle_memory, most, done = memory_kib(bench.pid)[0], [0], threading.Event()
            sampler = threading.Thread(target=sample, args=(bench.pid, most, done))
            sampler.start()
            begun, cpu = time.monotonic(), cpu_seconds(bench.pid)
            bench.update(f"v{i}", url)
            ours.append(time.monotonic() - begun)
            our_cpu.append(cpu_seconds(bench.pid) - cpu)
            done.set()
            sampler.join()
            grown.append((most[0] - idle_memory) / 1024)
            (bench.shared / "large").unlink()
            subprocess.run(["sync"], check=True)
            begun, cpu = time.monotonic(), children_cpu()
            subprocess.run(["sh", "-c", f'curl -sS -o "{copy}" "{url}" && sync "{copy}"'], check=True)
            theirs.append(time.monotonic() - begun)
            subprocess.run(["openssl", "dgst", "-sha256", copy], check=True, stdout=subprocess.DEVNULL)
            their_cpu.append(children_cpu() - cpu)
            copy.unlink()
    finally:
        bench.stop()
        shutil.rmtree(folder)
    label = f"{size_bytes / (1 << 30):g} GiB update"
    return [ratio_of(f"{label}, of curl -o and sync", ours, theirs, 1.15, f"medians {sorted(ours)[runs // 2]:.2f} s and {sorted(theirs)[runs // 2]:.2f} s"),
            ratio_of(f"CPU of the {label}, of curl and openssl dgst", our_cpu, their_cpu, 1.3, f"medians {sorted(our_cpu)[runs // 2]:.2f} s and {sorted(their_cpu)[runs // 2]:.2f} s"),
            Figure(f"memory during the {label}, above idle", max(grown), "MiB", 2)]


def sample(pid, most, done):
    while not done.is_set():
        most[0] = max(most[0], memory_kib(pid)[0])
        time.sleep(0.005)


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def health(folder, seconds, per_second=20):
    bench = Bench(folder)
    try:
        bench.update("v1", bench.put("a", 4096))
        for _ in range(2 * per_second):
            bench.sidecar.get("/healthz")
        memory, cpu, begun = memory_kib(bench.pid)[0], cpu_seconds(bench.pid), time.monotonic()
        for i in range(seconds * per_second):
            time.sleep(max(0.0, begun + i / per_second - time.monotonic()))  # the rate that is asked for
            assert bench.sidecar.get("/healthz").status == 200
        share = (cpu_seconds(bench.pid) - cpu) / (time.monotonic() - begun) * 100
        grown = memory_kib(bench.pid)[0] - memory
    finally:
        bench.stop()
    return [Figure(f"CPU of {per_second} health requests a second, {seconds} s", share, "%", 0.5),
            Figure(f"memory growth in {seconds * per_second} health requests", grown, "KiB", 0)]
