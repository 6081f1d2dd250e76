"""sourceHeaderFiles: the secret headers of a source reach that source alone, and nothing that anybody reads."""

import pytest

from source import Answer, Source

SECRET = "Bearer s3cret-of-the-source"


@pytest.fixture
def other(things):
    things.append(Source())
    things[-1].put("/game/file", b"other")
    return things[-1]


@pytest.fixture
def headers(tmp_path):
    file = tmp_path / "headers"
    file.write_text(f"Authorization: {SECRET}\r\nX-Client: game\n\n")
    return file


@pytest.fixture
def sidecar(source, headers, start_sidecar):
    return start_sidecar(loadPatchType="none", sourceHeaderFiles={source.url("/game/"): str(headers)}, download={"retries": 0})


def sent(source):
    return [(path, headers.get("Authorization")) for path, headers in source.requests]


def is_told_nowhere(sidecar, shared):
    texts = [sidecar.log(), (shared / ".okg-sidecar/journal").read_text(), str(sidecar.get("/hot-update").body), str(sidecar.get("/metrics").body)]
    assert not [text for text in texts if "s3cret" in text]


def test_the_source_gets_its_headers_and_nobody_else_sees_them(sidecar, source, shared):
    source.put("/game/file", b"ours")
    source.put("/elsewhere", b"ours")
    assert sidecar.update("v1", source.url("/game/file")).status == 200
    assert sidecar.update("v1", source.url("/elsewhere")).status == 200
    assert sent(source) == [("/game/file", SECRET), ("/elsewhere", None)]
    assert source.requests[0][1]["X-Client"] == "game"
    is_told_nowhere(sidecar, shared)


def test_a_redirect_takes_them_to_no_other_source(sidecar, source, other):
    source.answers["/game/hop"] = Answer(status=302, headers={"Location": other.url("/game/file")})
    assert sidecar.update("v1", source.url("/game/hop")).status == 200
    assert sent(source) == [("/game/hop", SECRET)]
    assert sent(other) == [("/game/file", None)]


def test_an_error_that_repeats_them_is_not_quoted(sidecar, source, shared):
    source.answers["/game/file"] = Answer(f"no such token: {SECRET}".encode(), 403)
    answer = sidecar.update("v1", source.url("/game/file"))
    assert answer.status == 502, answer
    assert "s3cret" not in str(answer.body)
    is_told_nowhere(sidecar, shared)


def test_a_file_that_changes_is_read_again(sidecar, source, headers):
    source.put("/game/file", b"ours")
    assert sidecar.update("v1", source.url("/game/file")).status == 200
    headers.write_text("Authorization: Bearer new\n")
    assert sidecar.update("v2", source.url("/game/file")).status == 200
    assert [value for _, value in sent(source)] == [SECRET, "Bearer new"]


@pytest.mark.parametrize("text", ["", "Authorization\n", "Host: evil.test\n", "Range: bytes=0-1\n", "A b: c\n", "A:\n", "A: b\x01c\n", None])
def test_a_file_that_is_not_clear_sends_nothing(sidecar, source, headers, text):
    headers.unlink()
    if text is not None:
        headers.write_text(text)
    answer = sidecar.update("v1", source.url("/game/file"))
    assert answer.status == 502, answer
    assert answer.json["reason"] == "SourceUnauthorized", answer
    assert str(headers) in answer.json["message"], answer
    assert not source.requests


@pytest.mark.parametrize("value", [{"cdn.example.com": "/file"}, {"https://h/": "file"}, ["https://h/"]])
def test_a_map_that_is_not_clear_is_a_mistake(start_sidecar, value):
    with pytest.raises(RuntimeError, match="sourceHeaderFiles"):
        start_sidecar(loadPatchType="none", sourceHeaderFiles=value)
