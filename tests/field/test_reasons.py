"""The word that programs match: what is not well has the reason that docs/errors.md gives for it."""

import json
import os

import pytest
from raw_http import ask
from sidecar import BINARY, REASONS, ROOT, SANITIZED, Sidecar, request
from unprivileged import USER, start_as_user
from waiting import wait_until


@pytest.mark.parametrize("method, path, headers, body, status, reason", [
    ("POST", "/hot-update", {"Content-Type": "application/json"}, b'{"version":"v1","url":"http://h/a","colour":"red"}', 400, "UnknownField"),
    ("POST", "/hot-update", {}, b"version=v1", 400, "MissingField"),
    ("POST", "/hot-update", {"Content-Type": "text/xml"}, b"<update/>", 415, "UnsupportedMediaType"),
    ("GET", "/hot-updates", {}, None, 404, "UnknownPath"),
    ("PUT", "/hot-update", {}, b"version=v1", 405, "MethodNotAllowed"),
    ("GET", "/healthz", {"X-Long": "x" * 70_000}, None, 431, "HeadersTooLarge"),
    ("POST", "/hot-update", {}, b"v" * 70_000, 413, "BodyTooLarge"),
    ("POST", "/hot-update/rollback", {}, b"path=a", 404, "NothingKept"),
    ("POST", "/hot-update/forget", {}, b"path=a", 400, "NothingToForget"),
    ("GET", "/hot-update/updates/20260101-000000-0", {}, None, 404, "UnknownUpdate"),
])
def test_a_request_that_is_refused(start_sidecar, method, path, headers, body, status, reason):
    answer = request(start_sidecar().base + path, method, body, headers)
    assert (answer.status, answer.json["reason"]) == (status, reason), answer


def test_a_request_that_is_no_http(start_sidecar):
    status, _, body = ask(start_sidecar().port, b"GET /healthz HTTP/1.1\r\n\r\n")
    assert (status, json.loads(body)["reason"]) == (400, "MalformedRequest")


def test_an_update_in_the_middle_of_which_the_sidecar_is_killed(start_sidecar, source):
    from source import gated

    sidecar = start_sidecar()
    gate, url = gated(source, "/gated")
    assert sidecar.update("v1", url, wait="false").status == 202
    assert gate.reached.wait(20)
    sidecar.kill()
    gate.open.set()
    sidecar.start()
    assert sidecar.status()["results"][-1]["reason"] == "Interrupted"


def test_a_record_that_was_spoilt_by_hand(start_sidecar, source, shared):
    sidecar = start_sidecar()
    assert sidecar.update("v1", source.put("/a", b"1")).status == 200
    sidecar.stop()
    (shared / ".okg-sidecar/result.json").write_text("{")
    sidecar.start()
    wait_until(lambda: "reason=RecordUnreadable" in sidecar.log(), what="it is said in the log")


def test_a_symlink_in_the_state_directory(things, tmp_path, shared):
    (shared / ".okg-sidecar").mkdir(mode=0o700)
    (tmp_path / "elsewhere").mkdir()
    (shared / ".okg-sidecar/kept").symlink_to(tmp_path / "elsewhere")
    config = {"fileDir": str(shared), "loadPatchType": "none", "storageConfig": {"type": "Local"}}
    things.append(Sidecar(tmp_path / "sidecar", config, wait_ready=False))
    wait_until(lambda: things[-1].get("/readyz").json.get("reason") == "StateDirUnsafe", what="it is not ready, and says why")


def test_an_address_that_something_else_listens_on(start_sidecar, tmp_path):
    taken = start_sidecar().port
    with pytest.raises(RuntimeError, match="reason=CannotListen"):
        Sidecar(tmp_path / "second", host={"listen": f"127.0.0.1:{taken}"}, config={"fileDir": str(tmp_path), "loadPatchType": "none", "storageConfig": {"type": "Local"}})


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a game of another user")
def test_a_game_of_root_beside_a_sidecar_that_is_not(things, tmp_path, shared, game, source):
    os.chown(shared, USER, USER)
    config = {"fileDir": str(shared), "storageConfig": {"type": "Local"},
              "signal": {"processName": game.process_name, "signalName": "SIGUSR1", "waitSeconds": 0}}
    things.append(start_as_user(tmp_path, config))
    answer = things[-1].update("v1", source.put("/a", b"1"))
    assert (answer.status, answer.json["reason"]) == (500, "SignalNotPermitted"), answer
    assert "run both as the same user (securityContext.runAsUser)" in answer.json["message"], answer


@pytest.mark.skipif(SANITIZED, reason="a sanitizer's runtime and strace both want to trace")
@pytest.mark.parametrize("error, cure", [("EPERM", "securityContext.seccompProfile"), ("ENOSYS", "Linux 5.3")])
def test_a_seccomp_profile_or_a_kernel_without_pidfd_open(things, tmp_path, shared, game, source, error, cure):
    folder = tmp_path / "sidecar"
    argv = ["strace", "-D", "-f", "-qq", "-o", str(tmp_path / "strace"), "-e", "trace=pidfd_open", "-e", f"inject=pidfd_open:error={error}"]
    config = {"fileDir": str(shared), "storageConfig": {"type": "Local"},
              "signal": {"processName": game.process_name, "signalName": "SIGUSR1", "waitSeconds": 0}}
    things.append(Sidecar(folder, config, argv=[*argv, str(BINARY), "--config", str(folder / "config.yaml")]))
    answer = things[-1].update("v1", source.put("/a", b"1"))
    assert (answer.status, answer.json["reason"]) == (500, "SignalNotPermitted"), answer
    assert cure in answer.json["message"], answer


@pytest.fixture
def start_in_kube(kube, start_sidecar):
    return lambda **options: start_sidecar(
        env=kube.environment(), more_argv=["--service-account-dir", kube.folder],
        storageConfig={"type": "InKube", "inKube": {"annotationKey": "example.com/result"}}, **options)


@pytest.mark.parametrize("kind, code, status, reason", [
    ("pods", 401, "Unauthorized", "ApiUnauthenticated"), ("pods", 403, "Forbidden", "ApiForbidden"),
    ("pods", 404, "NotFound", "PodNotFound"), ("pods", 422, "Invalid", "ApiError"),
    ("configmaps", 404, "NotFound", "ConfigMapMissing"), ("configmaps", 413, "RequestEntityTooLarge", "ConfigMapFull"),
])
def test_a_result_that_the_api_server_does_not_take(kube, start_in_kube, source, kind, code, status, reason):
    sidecar = start_in_kube()
    kube.failing[kind] = {"code": code, "reason": status, "message": "no"}
    answer = sidecar.update("v1", source.put("/a", b"1"))
    assert answer.status == 200, answer
    assert (answer.json["recorded"], answer.json["recordErrorReason"]) == (False, reason), answer
    kube.failing.clear()


def test_a_pod_without_a_service_account(kube, start_sidecar, tmp_path):
    with pytest.raises(RuntimeError, match="reason=ServiceAccountMissing"):
        start_sidecar(env=kube.environment(), more_argv=["--service-account-dir", tmp_path / "none"], storageConfig={"type": "InKube"})


def test_every_reason_is_asserted_by_a_test():
    tests = "".join(file.read_text() for kind in ("*.py", "*.cpp") for file in (ROOT / "tests").rglob(kind))
    assert len(REASONS) > 80
    assert [] == sorted(each for each in REASONS if f'"{each}"' not in tests and f"k{each}" not in tests and f"={each}\"" not in tests)
