"""Two thousand updates, some of which fail, change nothing or meet a game that is not told: nothing grows."""

import collections
import os
import pathlib
import random

import pytest

from source import Answer

UPDATES = int(os.environ.get("OKG_SOAK_UPDATES", 2000))
WARM = min(200, UPDATES // 4)  # after which caches, arenas and the history of results are full
MOST_GROWTH_KIB = 1024


def used(sidecar, shared):
    process = pathlib.Path(f"/proc/{sidecar.process.pid}")
    state = shared / ".okg-sidecar"
    return {
        "memory KiB": sidecar.rss_anon_kib(),
        "descriptors": len(list((process / "fd").iterdir())),
        "threads": len(list((process / "task").iterdir())),
        "files": len([file for file in shared.rglob("*")]),
        "journal KiB": (state / "journal").stat().st_size // 1024,
    }


@pytest.mark.ends_after(240 + 2 * UPDATES)
def test_two_thousand_updates_leave_nothing_behind(game, source, start_sidecar, shared):
    chosen = random.Random(4)
    sidecar = start_sidecar(game, maxQueued=4, keepVersions=2, download={"retries": 0, "maxBytes": "256Ki"})
    source.answers["/404"] = Answer(status=404)
    source.answers["/500"] = Answer(status=500)
    source.answers["/large"] = Answer(bytes(300_000))
    source.put_with_etag("/same", b"same")
    paths, seen, samples = ["index.html", "maps/1.json", "maps/deep/2.json", "table.bin"], collections.Counter(), []
    for i in range(UPDATES):
        kind = chosen.choices(["new", "same", "/404", "/500", "/large", "checksum", "deaf"], [10, 3, 1, 1, 1, 1, 1])[0]
        fields = {"path": chosen.choice(paths)}
        if kind == "new":
            url = source.put(f"/new-{i % 8}", os.urandom(chosen.randrange(1, 200_000)))
        elif kind == "same":
            url, fields["path"] = source.url("/same"), "same.html"
        elif kind == "checksum":
            url, fields["sha256"] = source.put("/checksum", b"x"), "0" * 64
        elif kind == "deaf":
            url, fields["path"] = source.put("/deaf", os.urandom(1000)), "same.html/below-a-file"
        else:
            url = source.url(kind)
        answer = sidecar.update("same" if kind == "same" else f"v{i}", url, **fields)
        seen[f"{kind}: {answer.status} {answer.json['result']}"] += 1
        assert answer.json["recorded"], answer
        if i in (WARM, UPDATES - 1) or i % 200 == 0:
            samples.append((i, used(sidecar, shared)))
            print(*samples[-1], flush=True)
        source.requests.clear()
    print(dict(seen))
    first, last = next(sample for i, sample in samples if i == WARM), samples[-1][1]
    assert last["memory KiB"] - first["memory KiB"] <= MOST_GROWTH_KIB, samples
    assert last["descriptors"] <= first["descriptors"] + 1, samples
    assert last["threads"] == first["threads"], samples
    # 4 paths and "same.html", each with two earlier contents; the state directory's own; folders.
    assert last["files"] <= 5 + 2 * 5 + 7 + 2, samples
    assert last["journal KiB"] <= 256 + 64, samples
    assert len(seen) >= 7, seen
