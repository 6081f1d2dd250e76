"""Updates have names: by these they are shown, awaited, cancelled and repeated."""

import concurrent.futures
import re
import time
import urllib.parse

import pytest
from limits import documented
from sidecar import request
from source import Source, gated
from waiting import wait_until

ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")


@pytest.fixture
def source(things):
    things.append(Source())
    return things[-1]


def post(sidecar, key=None, **fields):
    headers = {"Idempotency-Key": key} if key else {}
    return request(sidecar.base + "/hot-update", "POST", urllib.parse.urlencode(fields).encode(), headers)


def show(sidecar, update, query=""):
    return sidecar.get(f"/hot-update/updates/{update}{query}")


def delete(sidecar, update):
    return request(f"{sidecar.base}/hot-update/updates/{update}", "DELETE")


def queue(sidecar, version, url, **more):
    answer = post(sidecar, version=version, url=url, wait="false", **more)
    assert answer.status == 202, answer
    return answer.json["id"]


def staging(shared):
    return [path.name for path in (shared / ".okg-sidecar/staging").iterdir()]


def test_an_update_has_one_id_everywhere(start_sidecar, source):
    sidecar = start_sidecar()
    answer = post(sidecar, version="v2", url=source.put("/a", b"new"))
    update = answer.json["id"]
    assert ID.fullmatch(update)
    assert sidecar.status()["results"][-1]["id"] == update
    assert sidecar.log().count(f"id={update}") >= 3
    view = show(sidecar, update).json
    assert (view["id"], view["state"], view["result"], view["bytesDone"]) == (update, "Ended", "Succeeded", 3)


def test_what_is_queued_says_where_it_is_found(start_sidecar, source):
    sidecar = start_sidecar()
    gate, url = gated(source, "/a")
    answer = post(sidecar, version="v2", url=url, wait="false")
    update = answer.json["id"]
    assert answer.headers["Location"] == f"/hot-update/updates/{update}"
    second = queue(sidecar, "v3", source.put("/b", b"b"))
    assert gate.reached.wait(20)
    view = sidecar.get(answer.headers["Location"]).json
    assert (view["state"], view["stage"], view["attempt"]) == ("InProgress", "fetch", 1)
    waiting = show(sidecar, second).json
    assert (waiting["state"], waiting["position"]) == ("Queued", 1)
    status = sidecar.status()
    assert (status["underWay"]["id"], status["queued"][0]["id"]) == (update, second)
    gate.open.set()
    ended = show(sidecar, second, "?waitSeconds=20").json
    assert (ended["state"], ended["result"]) == ("Ended", "Succeeded")


def test_a_wait_ends_with_its_time(start_sidecar, source):
    sidecar = start_sidecar()
    gate, url = gated(source, "/a")
    update = queue(sidecar, "v2", url)
    began = time.monotonic()
    assert show(sidecar, update, "?waitSeconds=1").json["state"] == "InProgress"
    assert 1 <= time.monotonic() - began < 10
    gate.open.set()


def test_wait_seconds_at_its_edge(start_sidecar, source):
    sidecar = start_sidecar()
    most = documented("waitSeconds")
    update = queue(sidecar, "v2", source.put("/a", b"two"))
    assert show(sidecar, update, f"?waitSeconds={most}").json["state"] == "Ended"
    assert show(sidecar, update, f"?waitSeconds={most + 1}").status == 400


@pytest.mark.parametrize("query", [ "?waitSeconds=-1", "?waitSeconds=x", "?wait=1"])
def test_a_wait_that_is_no_time_is_refused(start_sidecar, query):
    assert show(start_sidecar(), "20261125-154012-9f3ac01b", query).status == 400


def test_an_id_that_nobody_knows(start_sidecar):
    sidecar = start_sidecar()
    for answer in (show(sidecar, "nobody"), delete(sidecar, "nobody")):
        assert (answer.status, answer.json["reason"]) == (404, "UnknownUpdate")


def test_ids_last_over_a_restart(start_sidecar, source):
    sidecar = start_sidecar()
    update = post(sidecar, version="v2", url=source.put("/a", b"new")).json["id"]
    sidecar.kill()
    sidecar.start()
    assert show(sidecar, update).json["result"] == "Succeeded"


def test_an_update_that_a_crash_interrupts_keeps_its_id(start_sidecar, source):
    sidecar = start_sidecar()
    gate, url = gated(source, "/a")
    update = queue(sidecar, "v2", url)
    assert gate.reached.wait(20)
    sidecar.kill()
    gate.open.set()
    sidecar.start()
    assert show(sidecar, update, "?waitSeconds=20").json["result"] == "Failed"


def test_cancelling_ends_a_download_and_leaves_no_trace(start_sidecar, source, shared):
    sidecar = start_sidecar()
    post(sidecar, version="v1", url=source.put("/a", b"old"))
    gate, url = gated(source, "/b")
    with concurrent.futures.ThreadPoolExecutor() as callers:
        caller = callers.submit(post, sidecar, version="v2", url=url, path="a")
        assert gate.reached.wait(20)
        update = sidecar.status()["underWay"]["id"]
        began = time.monotonic()
        cancelled = delete(sidecar, update)
        assert time.monotonic() - began < 1
        assert (cancelled.status, cancelled.json["result"]) == (200, "Cancelled")
        answer = caller.result(20)
    assert (answer.status, answer.json["result"], answer.json["id"]) == (409, "Cancelled", update)
    assert (shared / "a").read_bytes() == b"old"
    assert staging(shared) == []
    assert post(sidecar, version="v3", url=source.put("/c", b"c")).json["result"] == "Succeeded"
    gate.open.set()
    sidecar.kill()
    sidecar.start()
    assert show(sidecar, update).json["result"] == "Cancelled"


def test_cancelling_takes_an_update_off_the_queue(start_sidecar, source, shared):
    sidecar = start_sidecar()
    gate, url = gated(source, "/a")
    first = queue(sidecar, "v2", url)
    assert gate.reached.wait(20)
    second = queue(sidecar, "v3", source.put("/b", b"b"))
    assert delete(sidecar, second).json["result"] == "Cancelled"
    assert sidecar.status()["queued"] == []
    assert show(sidecar, second).json["result"] == "Cancelled"
    gate.open.set()
    assert show(sidecar, first, "?waitSeconds=20").json["result"] == "Succeeded"
    wait_until(lambda: sidecar.status()["results"][-1]["id"] == second, "the cancellation is journaled")
    assert not (shared / "b").exists()


def test_what_has_ended_is_not_cancelled(start_sidecar, source):
    sidecar = start_sidecar()
    update = post(sidecar, version="v2", url=source.put("/a", b"new")).json["id"]
    answer = delete(sidecar, update)
    assert (answer.status, answer.json["reason"]) == (409, "TooLate")
    assert show(sidecar, update).json["result"] == "Succeeded"


def test_what_is_live_is_not_cancelled(start_sidecar, source, shared, things):
    """While the game is asked whether it is healthy, the new content is live."""
    things.append(Source())
    health = things[-1]
    gate, url = gated(health, "/health")
    sidecar = start_sidecar(confirm={"http": {"url": url}, "timeoutSeconds": 20})
    update = queue(sidecar, "v2", source.put("/a", b"new"))
    assert gate.reached.wait(20)
    answer = delete(sidecar, update)
    assert (answer.status, answer.json["reason"]) == (409, "TooLate")
    gate.open.set()
    assert show(sidecar, update, "?waitSeconds=20").json["result"] == "Succeeded"
    assert (shared / "a").read_bytes() == b"new"


def test_a_key_repeats_an_update_safely(start_sidecar, source):
    sidecar = start_sidecar()
    gate, url = gated(source, "/a")
    fields = {"version": "v2", "url": url}
    first = post(sidecar, "key-1", wait="false", **fields).json["id"]
    assert post(sidecar, "key-1", wait="false", **fields).json["id"] == first
    with concurrent.futures.ThreadPoolExecutor() as callers:
        caller = callers.submit(post, sidecar, "key-1", **fields)
        assert gate.reached.wait(20)
        gate.open.set()
        answer = caller.result(20)
    assert (answer.status, answer.json["id"], answer.json["result"]) == (200, first, "Succeeded")
    sidecar.kill()
    sidecar.start()
    sidecar.wait_ready()
    again = post(sidecar, "key-1", **fields)
    assert (again.json["id"], again.json["result"]) == (first, "Succeeded")
    assert [each["id"] for each in sidecar.status()["results"]] == [first]


def test_a_key_stands_for_one_request(start_sidecar, source):
    sidecar = start_sidecar()
    url = source.put("/a", b"new")
    post(sidecar, "key-1", version="v2", url=url)
    other = post(sidecar, "key-1", version="v3", url=url)
    assert (other.status, other.json["reason"]) == (422, "InvalidField")
    assert len(sidecar.status()["results"]) == 1
