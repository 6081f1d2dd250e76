"""Figures of folders: archives and manifests of many small files, beside what a shell would do."""

import contextlib
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time

from figure import Figure, median_of, ratio_of
from local import Bench, sample
from sidecar import request
from watch import memory_kib, wait_until_idle

FILE_BYTES = 16 << 10
DELAY_SECONDS = 0.02
# The game reads the files as another user, so that unchanged ones need not be copied.
NOBODY = 65534


class Folder:
    """So many files below `where`, a hundred in each folder, as an archive and as a manifest."""

    def __init__(self, bench, name, count, base=None, changed=0):
        self.bench, self.name, self.where = bench, name, bench.files / name
        if base:
            shutil.copytree(base.where, self.where)
        for n in range(changed if base else count):
            path = self.where / f"d{n // 100}" / f"f{n}.dat"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.urandom(FILE_BYTES // 2) + bytes(FILE_BYTES // 2))

    def url(self, name):
        return f"http://127.0.0.1:{self.bench.server.port}/{name}"

    def archive(self):
        packed = self.bench.files / f"{self.name}.tar.zst"
        subprocess.run([os.environ["OKG_SIDECAR"], "pack", self.where, "-o", packed], check=True, stdout=subprocess.DEVNULL)
        return self.url(packed.name)

    def manifest(self):
        subprocess.run([os.environ["OKG_SIDECAR"], "manifest", self.where, "-o", self.where / "manifest.json"], check=True, stdout=subprocess.DEVNULL)
        return self.url(f"{self.name}/manifest.json")


class Reader:
    """Reads one file of the live folder again and again. The time between the last old content and the first new one."""

    def __init__(self, path):
        self.path, self.seen, self.ends = path, [], threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        last = None
        while not self.ends.is_set():
            begun = time.monotonic()
            try:
                content = self.path.read_bytes()
            except OSError:
                continue  # between two renames there is none, which counts
            if last and content != last[1]:
                self.seen.append((time.monotonic() - last[0]) * 1000)
            last = (begun, content)

    def stop(self):
        self.ends.set()
        self.thread.join()
        return self.seen


def timed(bench, *update, **fields):
    begun = time.monotonic()
    bench.update(*update, path="tree", **fields)
    return time.monotonic() - begun


def rolled_back(bench, path):
    """How many milliseconds it took."""
    begun = time.monotonic()
    answer = request(bench.sidecar.base + "/hot-update/rollback", "POST", f"path={path}".encode())
    took = (time.monotonic() - begun) * 1000
    assert answer.status == 200, answer
    bench.game.told_at()
    return took


def archives(folder, count, runs, bars=True):
    """The archive of so many files beside curl into bsdtar and a sync; the exchange; a rollback; memory."""
    # What was deleted lately makes ext4 look longer for free inodes, for whoever comes next: nothing is.
    bench = Bench(folder, user=NOBODY, keepVersions=100)
    label, copy = f"{count} files of 16 KiB", bench.shared / "copy"
    copy.mkdir()
    ours, theirs, grown, exchanges, rollbacks = [], [], [], [], []
    try:
        versions = [Folder(bench, f"v{n}", count) for n in range(2)]
        urls = [version.archive() for version in versions]
        timed(bench, "first", urls[1], format="archive")
        for n in range(runs):
            # Nothing watches what is timed: a reader takes a processor.
            subprocess.run(["sync"], check=True)
            wait_until_idle(bench.pid)
            idle, most, done = memory_kib(bench.pid)[0], [0], threading.Event()
            ours.append(timed(bench, f"v{n}", urls[n % 2], format="archive"))
            subprocess.run(["sync"], check=True)
            (copy / str(n)).mkdir()
            begun = time.monotonic()
            subprocess.run(["sh", "-c", f'curl -sS "{urls[n % 2]}" | bsdtar -x -C "{copy}/{n}" -f - && sync -f "{copy}"'], check=True)
            theirs.append(time.monotonic() - begun)
            sampler = threading.Thread(target=sample, args=(bench.pid, most, done))
            reader = Reader(bench.shared / "tree/d0/f0.dat")
            sampler.start()
            bench.update(f"watched{n}", urls[1 - n % 2], path="tree", format="archive")
            rollbacks.append(rolled_back(bench, "tree"))
            exchanges += reader.stop()
            done.set()
            sampler.join()
            grown.append((most[0] - idle) / 1024)
    finally:
        bench.stop()
        shutil.rmtree(folder)
    return [ratio_of(f"{label} as tar.zst, of curl | bsdtar and sync -f", ours, theirs, bars and 1.2, f"medians {sorted(ours)[runs // 2]:.2f} s and {sorted(theirs)[runs // 2]:.2f} s"),
            median_of(f"exchange of {label}, last old read to first new", exchanges, "ms", bars and 5),
            median_of(f"rollback of {label}", rollbacks, "ms", bars and 50),
            Figure(f"memory during the archive of {label}, above idle", max(grown), "MiB", 8)]


def rollbacks(folder, count, runs, bars=True):
    """With keepBytes, which has to know how large what is kept is: so many files beside ten, one after the other."""
    few, many = 10, count
    bench = Bench(folder, user=NOBODY, keepBytes="64Gi")
    took = {few: [], many: []}
    try:
        for files in took:
            urls = [Folder(bench, f"v{n}-{files}", files).archive() for n in range(2)]
            for n, url in enumerate(urls):
                bench.update(f"v{n}", url, path=f"of-{files}", format="archive")
        subprocess.run(["sync"], check=True)
        wait_until_idle(bench.pid)
        for _ in range(runs):
            for files, each in took.items():
                each.append(rolled_back(bench, f"of-{files}"))
        assert len(bench.sidecar.status()["kept"]) == 2
    finally:
        bench.stop()
        shutil.rmtree(folder)
    label = f"rollback of {many} files with keepBytes"
    return [median_of(label, took[many], "ms", bars and 50),
            ratio_of(f"{label}, of {few} files", took[many], took[few], bars and 1.5, f"medians {sorted(took[many])[runs // 2]:.1f} ms and {sorted(took[few])[runs // 2]:.1f} ms")]


def manifests(folder, count, runs, bars=True):
    """A manifest of which ten files changed, beside the whole of it."""
    bench = Bench(folder, user=NOBODY, keepVersions=100)
    full, changed, grown = [], [], []
    try:
        base = Folder(bench, "v0", count)
        others = [Folder(bench, f"v{n + 1}", count, base, 10) for n in range(2)]
        urls = [version.manifest() for version in (base, *others)]
        for n in range(runs):
            if n:
                (bench.shared / "tree").rename(bench.folder / f"gone{n}")  # nothing of it is live
            subprocess.run(["sync"], check=True)
            wait_until_idle(bench.pid)
            idle, most, done = memory_kib(bench.pid)[0], [0], threading.Event()
            sampler = threading.Thread(target=sample, args=(bench.pid, most, done))
            sampler.start()
            full.append(timed(bench, f"full{n}", urls[0], format="manifest"))
            wait_until_idle(bench.pid)  # the links for the next version are made
            subprocess.run(["sync"], check=True)
            changed.append(timed(bench, f"changed{n}", urls[1 + n % 2], format="manifest"))
            done.set()
            sampler.join()
            grown.append((most[0] - idle) / 1024)
    finally:
        bench.stop()
        shutil.rmtree(folder)
    return [ratio_of(f"manifest with 10 of {count} files changed, of the whole", changed, full, bars and 0.05, f"medians {sorted(changed)[runs // 2]:.2f} s and {sorted(full)[runs // 2]:.2f} s"),
            Figure(f"memory during the manifest of {count} files, above idle", max(grown), "MiB", 8)]


class SlowSource:
    """Answers each request after DELAY_SECONDS, any number of them at a time."""

    def __init__(self, files):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def log_message(self, *_):
                pass

            def do_GET(self):
                time.sleep(DELAY_SECONDS)
                body = files[self.path]
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64  # of five, a burst of eight connections may lose one, which comes again a second later

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@contextlib.contextmanager
def own_file_system(folder):
    """An ext4 of its own, where one can be mounted: while others delete files, ext4 looks much longer for a free inode."""
    folder.mkdir()
    image, mounted = folder / "image", folder / "mounted"
    mounted.mkdir()
    image.touch()
    os.truncate(image, 8 << 30)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    has_own = subprocess.run(["mount", "-o", "loop", image, mounted], check=False).returncode == 0
    if not has_own:
        print("bench: folders are measured on the file system that all share", file=sys.stderr)
    try:
        yield mounted
    finally:
        if has_own:
            subprocess.run(["umount", mounted], check=True)


def figures(folder, quick):
    """The short form measures all of it shortly, and holds memory alone to its bar, which no busy machine changes."""
    count, runs = (1000, 1) if quick else (10_000, 5)
    bars = None if quick else True
    with own_file_system(folder) as disk:
        return [*archives(disk / "archives", count, runs, bars), *rollbacks(disk / "rollbacks", count, 3 if quick else 21, bars), *manifests(disk / "manifests", count, runs, bars), *parallel(disk / "parallel", 100 if quick else 200, bars)]


def parallel(folder, count, bars=True):
    """Small files over a source with a delay, one at a time beside the default number at a time."""
    files = {f"/f{n}": os.urandom(100) for n in range(count)}
    listed = [{"path": name[1:], "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)} for name, body in files.items()]
    source, took = SlowSource({**files, "/manifest.json": json.dumps({"files": listed}).encode()}), {}
    try:
        for name, settings in {"alone": {"download": {"parallel": 1}}, "together": {}}.items():
            bench = Bench(folder / name, **settings)
            try:
                took[name] = timed(bench, "v1", source.base + "/manifest.json", format="manifest")
            finally:
                bench.stop()
    finally:
        source.stop()
    shutil.rmtree(folder)
    return [ratio_of(f"{count} small files over a source with 20 ms delay, of one at a time", [took["together"]], [took["alone"]], bars and 0.25,
                     f"{took['together']:.2f} s and {took['alone']:.2f} s")]
