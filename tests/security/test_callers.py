"""Who may call: nobody gets in without a credential, with another one, or with one that has not that right."""

import json
import re

import pytest
from raw_http import Line, ask
from review_stub import ReviewStub
from sidecar import request
from waiting import wait_until

TOKEN = "d3b07384d113edec49eaa6238ad5ff00"
OTHER = "c157a79031e1c40f85931829bc5fc552"


def call(sidecar, path="/hot-update", token=None, method="GET", **headers):
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return request(sidecar.base + path, method, b"" if method == "POST" else None, headers)


def update(sidecar, token=None, **headers):
    return call(sidecar, token=token, method="POST", **headers)


def is_let_in(answer):
    return answer.status == 400 and "is missing" in answer.json["message"]


def is_unknown(answer):
    assert answer.status == 401, answer
    assert answer.json["reason"] == "Unauthenticated"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    return True


def is_forbidden(answer):
    return answer.status == 403 and answer.json["reason"] == "Forbidden"


@pytest.fixture
def tokens(tmp_path):
    folder = tmp_path / "tokens"
    folder.mkdir()
    (folder / "deploy").write_text(TOKEN + "\n")
    (folder / "dashboard").write_text(OTHER)
    return folder


@pytest.fixture
def closed(start_sidecar, tokens):
    """Two tokens, one of which may only read."""

    def start(**http):
        auth = {"tokenFiles": [str(tokens / "deploy"), str(tokens / "dashboard")], "readers": ["token:dashboard"]}
        return start_sidecar(host={"auth": auth, "http": {"maxFailuresPerPeer": 1000, **http}})

    return start


def test_a_token_is_asked_for_before_the_body_is_read(closed):
    sidecar = closed()
    with Line(sidecar.port) as line:
        line.send(b"POST /hot-update HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
        status, head, _ = line.answer()
        assert status == 401, head
        assert line.is_ended()


def test_who_has_no_token_or_a_wrong_one_is_unknown(closed):
    sidecar = closed()
    wrong = ["", "x", TOKEN[:-1], TOKEN + "0", TOKEN.upper(), f"{TOKEN} {TOKEN}", f"{TOKEN},{OTHER}", "null", "*", "../deploy"]
    for path in ("/hot-update", "/hot-update/processes", "/metrics"):
        assert is_unknown(call(sidecar, path))
    for path in ("/hot-update", "/hot-update/rollback", "/hot-update/forget"):
        assert is_unknown(call(sidecar, path, method="POST"))
    for token in wrong:
        assert is_unknown(update(sidecar, token)), token
    for value in (f"Basic {TOKEN}", f"Token {TOKEN}", TOKEN, "Bearer", "Basic !", "Basic Og==", f"Bearer {TOKEN}, Bearer x"):
        assert is_unknown(update(sidecar, Authorization=value)), value
    assert is_let_in(update(sidecar, TOKEN))
    assert is_let_in(update(sidecar, Authorization=f"bEARER   {TOKEN}"))


def test_two_authorization_headers_are_none(closed):
    sidecar = closed()
    head = f"POST /hot-update HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nAuthorization: Bearer x\r\nContent-Length: 0\r\n\r\n"
    assert ask(sidecar.port, head.encode())[0] == 401


def test_a_token_in_the_query_or_the_body_is_none(closed):
    sidecar = closed()
    assert is_unknown(call(sidecar, f"/hot-update?access_token={TOKEN}"))
    assert is_unknown(request(sidecar.base + "/hot-update", "POST", f"access_token={TOKEN}".encode()))


def test_a_reader_reads_and_does_not_update(closed):
    sidecar = closed()
    for path in ("/hot-update", "/hot-update/processes", "/metrics"):
        assert call(sidecar, path, OTHER).status == 200
    for path in ("/hot-update", "/hot-update/rollback", "/hot-update/forget"):
        answer = call(sidecar, path, OTHER, "POST")
        assert is_forbidden(answer), answer
        assert "token:dashboard may not update" in answer.json["message"]


def test_a_token_is_no_way_round_the_other_checks(closed):
    sidecar = closed()
    assert update(sidecar, TOKEN, Origin="https://evil.example").status == 403
    assert update(sidecar, TOKEN, Host="evil.example").status == 421


def test_tokens_are_read_again_when_they_change(closed, tokens):
    sidecar = closed()
    assert is_let_in(update(sidecar, TOKEN))
    (tokens / "next").write_text("ea6238ad5ff00d3b07384d113edec49a")
    (tokens / "next").rename(tokens / "deploy")
    assert is_unknown(update(sidecar, TOKEN))
    assert is_let_in(update(sidecar, "ea6238ad5ff00d3b07384d113edec49a"))
    (tokens / "deploy").unlink()
    assert is_unknown(update(sidecar, "ea6238ad5ff00d3b07384d113edec49a"))
    assert "a token file admits nobody" in sidecar.log()


@pytest.mark.parametrize("text", ["", "\n", " ", "a b", f"{TOKEN}\n{TOKEN}\n"])
def test_a_file_without_one_token_admits_nobody(closed, tokens, text):
    (tokens / "deploy").write_text(text)
    sidecar = closed()
    for token in ("", text.strip(), TOKEN, "a"):
        assert is_unknown(update(sidecar, token.replace("\n", " "))), token
    assert "a token file admits nobody" in sidecar.log()
    assert call(sidecar, token=OTHER).status == 200


def test_a_file_that_is_not_there_admits_nobody(closed, tokens):
    (tokens / "deploy").unlink()
    sidecar = closed()
    assert is_unknown(update(sidecar, ""))
    (tokens / "deploy").write_text(TOKEN)
    assert is_let_in(update(sidecar, TOKEN))


def test_probes_are_open_and_strangers_get_no_reasons(closed, game, tmp_path):
    sidecar = closed()
    for token in (None, "x"):
        assert call(sidecar, "/healthz", token).status == 200
        assert call(sidecar, "/readyz", token).json == {"status": "ready"}
    assert call(sidecar, "/readyz", OTHER).json == {"status": "ready", "message": ""}


def test_after_too_many_wrong_tokens_a_peer_is_not_listened_to(closed):
    sidecar = closed(maxFailuresPerPeer=3)
    for _ in range(3):
        assert is_unknown(update(sidecar))  # who says nothing guesses nothing
    for _ in range(3):
        assert is_unknown(update(sidecar, "x"))
    answer = update(sidecar, "x")
    assert answer.status == 429, answer
    assert 1 <= int(answer.headers["Retry-After"]) <= 20
    assert update(sidecar, TOKEN).status == 429  # or guessing could go on
    assert call(sidecar, "/healthz", "x").status == 200
    assert is_unknown(update(sidecar))


def test_right_tokens_use_up_nothing(closed):
    sidecar = closed(maxFailuresPerPeer=1)
    for _ in range(5):
        assert is_let_in(update(sidecar, TOKEN))


def test_the_callers_name_is_in_log_answer_status_and_result(closed, source, tmp_path, shared):
    sidecar = closed()
    url = source.put("/a", b"V2")
    body = f"version=v2&url={url}".encode()
    answer = request(sidecar.base + "/hot-update", "POST", body, {"Authorization": f"Bearer {TOKEN}"})
    assert answer.json["caller"] == "token:deploy", answer
    status = call(sidecar, token=TOKEN).json
    assert status["results"][-1]["caller"] == "token:deploy"
    assert "warnings" not in status
    assert re.search(r"update started .*caller=token:deploy", sidecar.log())
    stored = json.loads((shared / ".okg-sidecar/result.json").read_text())
    assert "token:deploy" in json.dumps(stored)
    sidecar.stop()
    sidecar.start()
    wait_until(lambda: call(sidecar, token=TOKEN).status == 200, "it runs again")
    assert call(sidecar, token=TOKEN).json["results"][-1]["caller"] == "token:deploy"
    for secret in (TOKEN, OTHER):
        assert secret not in sidecar.log()


def test_without_auth_everybody_may_call_and_is_warned(start_sidecar, source):
    sidecar = start_sidecar()
    assert sidecar.update("v2", source.put("/a", b"V2")).json["result"] == "Succeeded"
    assert [each["reason"] for each in sidecar.status()["warnings"]] == ["AuthNotConfigured"]
    assert 'okg_sidecar_auth{mode="missing"} 1' in sidecar.get("/metrics").body.decode()
    assert "reason=AuthNotConfigured" in sidecar.log()


def test_auth_none_says_that_it_is_meant(start_sidecar):
    sidecar = start_sidecar(host={"auth": "none"})
    assert "warnings" not in sidecar.status()
    assert 'okg_sidecar_auth{mode="none"} 1' in sidecar.get("/metrics").body.decode()
    assert "AuthNotConfigured" not in sidecar.log()


@pytest.mark.parametrize(
    "auth", [None, {}, [], "", "yes", {"tokenFiles": []}, {"tokenFiles": None}, {"kubernetes": None}, {"readers": ["token:a"]},
             {"tokenfile": ["/a"]}, {"tokenFiles": [{"a": "b"}]}, {"tokenFiles": ["/a"], "kubernetes": {"audience": ""}},
             {"clientCertificates": {"caFile": "/a", "allowedNames": []}}]
)
def test_an_auth_that_closes_nothing_is_a_mistake(start_sidecar, auth):
    with pytest.raises(RuntimeError, match=r"status 64(.|\n)*auth"):
        start_sidecar(host={"auth": auth})


# The API server's word


@pytest.fixture
def api(tmp_path, things):
    things.append(ReviewStub(tmp_path / "account"))
    stub = things[-1]
    stub.users = {"ops-token": ("ops", ["okg-sidecar"]), "reader-token": ("reader", ["okg-sidecar"]), "pod-token": ("system:serviceaccount:a:b",
                  ["https://kubernetes.default.svc"])}
    stub.rights = {("ops", "create", "games", "game-0"), ("ops", "get", "games", "game-0"), ("reader", "get", "games", "game-0"),
                   ("reader", "create", "games", "game-1"), ("reader", "create", "other", "game-0"),
                   ("system:serviceaccount:a:b", "create", "games", "game-0")}
    return stub


@pytest.fixture
def reviewed(start_sidecar, api):
    def start(more=None, **kubernetes):
        return start_sidecar(host={"auth": {"kubernetes": {"audience": "okg-sidecar", **kubernetes}, **(more or {})}}, env=api.environment,
                             more_argv=["--service-account-dir", api.folder])

    return start


def test_rbac_decides_who_may_update_and_who_may_read(reviewed):
    sidecar = reviewed()
    assert is_let_in(update(sidecar, "ops-token"))
    assert call(sidecar, token="ops-token").status == 200
    assert call(sidecar, token="reader-token").status == 200
    answer = update(sidecar, "reader-token")
    assert is_forbidden(answer)
    assert "reader may not update" in answer.json["message"]
    assert is_unknown(update(sidecar, "x"))
    assert is_unknown(update(sidecar))


def test_a_token_that_was_made_for_the_api_server_is_not_taken(reviewed):
    assert is_unknown(update(reviewed(), "pod-token"))


def test_what_the_api_server_said_counts_for_seconds_only(reviewed, api):
    sidecar = reviewed(cacheSeconds=0.5)
    assert is_let_in(update(sidecar, "ops-token"))
    asked = len(api.asked)
    assert is_let_in(update(sidecar, "ops-token"))
    api.rights.clear()
    assert len(api.asked) == asked
    wait_until(lambda: is_forbidden(update(sidecar, "ops-token")), "the right is gone")


def test_what_the_api_server_said_counts_for_300_seconds_at_most(reviewed):
    with pytest.raises(RuntimeError, match="auth.kubernetes.cacheSeconds"):
        reviewed(cacheSeconds=300.5)
    assert is_let_in(update(reviewed(cacheSeconds=300), "ops-token"))


@pytest.mark.parametrize("code, reason", [(403, "ApiForbidden"), (500, "ApiUnreachable"), (422, "ApiUnreachable")])
def test_nobody_gets_in_while_the_api_server_fails(reviewed, api, code, reason):
    sidecar = reviewed(cacheSeconds=0)
    api.failing = code
    answer = update(sidecar, "ops-token")
    assert (answer.status, answer.json["reason"]) == (503, reason), answer
    assert answer.headers["Retry-After"]
    assert call(sidecar, "/readyz", "ops-token").json == {"status": "ready"}
    api.failing = None
    assert is_let_in(update(sidecar, "ops-token"))


def test_an_answer_that_is_none_lets_nobody_in(reviewed, api):
    api.answer = lambda asked: (201, {"kind": "Status", "status": {"authenticated": True, "allowed": True}})
    assert update(reviewed(), "ops-token").status == 503


def test_the_server_serves_others_while_the_api_server_is_silent(reviewed, api, tokens):
    sidecar = reviewed({"tokenFiles": [str(tokens / "deploy")]})
    api.gate.clear()
    with Line(sidecar.port) as line:
        line.send(b"GET /hot-update HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ops-token\r\n\r\n")
        wait_until(lambda: api.asked, "the API server is asked")
        assert is_let_in(update(sidecar, TOKEN))
        assert call(sidecar, "/healthz").status == 200
        api.gate.set()
        assert line.answer()[0] == 200


def test_a_sidecar_that_waits_for_the_api_server_stops_in_time(reviewed, api):
    sidecar = reviewed()
    api.gate.clear()
    with Line(sidecar.port) as line:
        line.send(b"GET /hot-update HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ops-token\r\n\r\n")
        wait_until(lambda: api.asked, "the API server is asked")
        assert sidecar.stop(10) == 0


def test_outside_a_cluster_kubernetes_is_a_mistake(start_sidecar, tmp_path):
    with pytest.raises(RuntimeError, match="status 64(.|\n)*auth.kubernetes"):
        start_sidecar(host={"auth": {"kubernetes": {"audience": "a"}}}, more_argv=["--service-account-dir", tmp_path])
