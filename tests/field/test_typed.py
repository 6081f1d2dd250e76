"""What keyboards, input methods, shells and editors leave in a request."""

import gzip
import io
import json
import subprocess
import urllib.parse
import zipfile

import pytest

from sidecar import BINARY, request

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.fixture
def sidecar(start_sidecar):
    return start_sidecar()


@pytest.fixture
def refused(sidecar, source):
    """refused(body, *words): 400 in these words, and nothing was asked for."""

    def refused(body, *words, content_type=FORM, reason="InvalidField"):
        data = body if isinstance(body, bytes) else body.encode()
        answer = request(sidecar.base + "/hot-update", "POST", data, {"Content-Type": content_type})
        assert answer.status == 400, answer
        assert answer.json["reason"] == reason, answer
        for word in words:
            assert word in answer.json["message"], answer
        assert not source.requests
        return answer

    return refused


URL = "http://h.example/m.json"


@pytest.mark.parametrize("typed, send", [
    ("http：//h.example/m.json", "send it like 'http://h.example/m.json'"),
    ("http:／／h.example／m.json", "send it like 'http://h.example/m.json'"),
    ("https：／／h.example/m.json", "send it like 'https://h.example/m.json'"),
    (URL + "，", f"ends with '，'; send '{URL}'"),
    (URL + "。", f"ends with '。'; send '{URL}'"),
    (URL + "；", f"ends with '；'; send '{URL}'"),
])
def test_a_url_with_full_width_punctuation_is_refused_with_the_url_to_type(refused, typed, send):
    refused(f"version=v1&url={typed}", send)


def test_full_width_punctuation_within_a_name_is_a_name(sidecar, source, shared):
    answer = sidecar.update("v1", source.put("/%E5%9B%BE%EF%BC%88%31%EF%BC%89.json", b"x"))
    assert answer.status == 200, answer
    assert (shared / "图（1）.json").read_bytes() == b"x"


@pytest.mark.parametrize("body, words, reason", [
    (f"version=v1＆url={URL}", ["holds the url; separate fields by &"], "InvalidField"),
    (f"version＝v1&url={URL}", ["'version＝v1'; write = for '＝'"], "UnknownField"),
    (f"version=“v1”&url={URL}", ["has '“', which is no ASCII"], "InvalidField"),
    (f"version=v1–2&url={URL}", ["has '–', which is no ASCII"], "InvalidField"),
    (f"version=v1&amp;url={URL}", ["write & for each &amp;"], "UnknownField"),
])
def test_look_alikes_between_fields_are_named(refused, body, words, reason):
    refused(body, *words, reason=reason)


@pytest.mark.parametrize("between", ["\n", "\r\n", ",", " "])
def test_fields_separated_by_something_else_than_an_ampersand_are_named(refused, between):
    refused(f"version=v1{between}url={URL}", "separate fields by &")


@pytest.mark.parametrize("body, words", [
    ('{“version”:“v1”}', ["byte 2", "'“' is no ASCII; write \""]),
    ('{"version":"v1"，"url":"http://h/a"}', ["byte 16", "'，' is no ASCII; write ,"]),
    ('{"version"："v1"}', ["byte 11", "'：' is no ASCII; write :"]),
    ('{"version":"v1","url":"http://h/a",}', ["a comma stands before the end"]),
    ("{'version':'v1'}", ["in double quotes, not in single ones"]),
    ("{version:v1,url:http://h/a}", ["where a shell takes them away (PowerShell, cmd.exe)", "--data-binary @FILE"]),
    ('{"version":"v1" /* next */}', ["JSON has no comments"]),
    *((f'{{"version": {number},"url":"{URL}"}}', ["that is no number of JSON", 'in double quotes, like "1.2.3"'])
      for number in ("1.2.3", "2026.11.26", "007", "0x1", "1_000", "1.", ".5", "+1", "1e999", "1-rc1")),
    ('{"version":"v1"', ["it ends too early"]),
    *((f'{{"version":"v1","url":"{URL}"}}\0{rest}', ["byte 49: that is NUL"]) for rest in ("", "x", '{"path":"b.json"}')),
    ('{"version":"v1\0"}', ["byte 15: that is NUL"]),
    ("", ["it is empty"]),
    (" \r\n", ["it is empty"]),
    ('{"version":"v1","path":"地图.json"}'.encode("gbk"), ["it is not UTF-8"]),
])
def test_json_that_is_none_says_what_is_wrong_with_it(refused, body, words):
    refused(body, "the body is not JSON: ", *words, content_type=JSON)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("content_type, text", [(FORM, f"version=v1&url={URL}"), (JSON, json.dumps({"version": "v1", "url": URL}))])
def test_a_body_file_of_powershell_in_utf16_is_named(refused, encoding, content_type, text):
    refused(text.encode(encoding), "the body is UTF-16", "Out-File -Encoding utf8", content_type=content_type)


def test_a_form_with_a_byte_order_mark_of_an_editor_is_taken(sidecar, source):
    body = b"\xef\xbb\xbf" + f"version=v1&url={source.put('/m.json', b'x')}".encode()
    answer = request(sidecar.base + "/hot-update", "POST", body, {"Content-Type": FORM})
    assert answer.status == 200, answer


@pytest.mark.parametrize("content_type", [FORM, JSON])
def test_a_body_that_a_client_compressed_is_named(refused, content_type):
    refused(gzip.compress(f"version=v1&url={URL}".encode()), "the body is compressed by gzip", content_type=content_type)


@pytest.mark.parametrize("body, words", [
    (f"version=v1^&url={URL}", ["version 'v1^' ends with ^, which cmd.exe"]),
    (f"version=v1&url={URL}?a=1^&b=2", ["holds ^&, as cmd.exe"]),
])
def test_a_caret_of_cmd_exe_is_named(refused, body, words):
    refused(body, *words)


@pytest.mark.parametrize("field, value", [
    ("url", "http://h.example/${VERSION}/m.json"), ("url", "http://h.example/{{ .Values.version }}/m.json"),
    ("url", "http://h.example/$(date)/m.json"), ("version", "${VERSION}"), ("version", "{{version}}"),
    ("path", "${MAP}.json"), ("path", "maps/{{ map }}.json"),
])
def test_a_template_that_nobody_filled_in_is_refused(refused, field, value):
    fields = {"version": "v1", "url": URL, field: value}
    refused("&".join(f"{name}={each}" for name, each in fields.items()), field, "which nobody has filled in")


@pytest.mark.parametrize("path, send", [
    ("./maps/1.json", "maps/1.json"), ("maps/./1.json", "maps/1.json"), ("maps//1.json", "maps/1.json"),
    (r".\maps\1.json", "maps/1.json"), ("maps/1.json/.", "maps/1.json"),
])
def test_a_path_with_parts_that_say_nothing_is_refused_with_the_path_to_type(refused, path, send):
    refused(f"version=v1&path={path}&url={URL}", f"send '{send}'")


@pytest.mark.parametrize("path", ["C:/maps/1.json", r"D:\maps\1.json", "~/maps/1.json"])
def test_a_path_of_another_place_is_refused(refused, path):
    refused(f"version=v1&path={path}&url={URL}", "begins elsewhere than in the shared directory")


@pytest.mark.parametrize("path", ["/maps/1.json", "../maps/1.json", "maps/../1.json"])
def test_a_path_that_leads_elsewhere_gets_no_guess(refused, path):
    answer = refused(f"version=v1&path={path}&url={URL}", "give a file name under the shared directory")
    assert "send '" not in answer.json["message"], answer


DIGITS = "62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a"


@pytest.mark.parametrize("typed", [f"sha256:{DIGITS}", f"{DIGITS}  m.json", f"{DIGITS} *m.json", f"{DIGITS}\n"])
def test_a_checksum_with_what_stood_around_it_is_refused_with_the_digits(refused, typed):
    refused(f"version=v1&sha256={typed}&url={URL}", f"send '{DIGITS}'")


@pytest.mark.parametrize("glob, words", [
    ("docs/", "send 'docs/**'"), ("./docs/**", "begin below the folder"), ("maps//*.json", "begin below the folder"),
    ("../x", "begin below the folder"), ("maps/./x", "begin below the folder"), ("!keep.lua", "use include and exclude"),
    ("{a,b}.lua", "give each glob by itself"), (r"maps\*.json", "write / between folders"),
])
@pytest.mark.parametrize("field", ["include", "exclude"])
def test_a_glob_that_no_path_matches_is_refused(refused, field, glob, words):
    """What was to be left out would be published."""
    refused(urllib.parse.urlencode({"version": "v1", "format": "archive", "url": URL, field: glob}), f"{field} has '", words)


def test_blanks_behind_the_commas_of_a_list_are_none_of_its_globs(sidecar, source, shared):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        for name in ("a.lua", "b.txt", "c.md"):
            made.writestr(name, name)
    answer = sidecar.update("v1", source.put("/v1.zip", archive.getvalue()), format="archive", path="game", exclude="*.lua, *.txt")
    assert answer.status == 200, answer
    assert [each.name for each in (shared / "game").iterdir()] == ["c.md"]


@pytest.mark.parametrize("until", ["https://registry.example.com/game:v3", "//game:v3", "game：v3"])
def test_an_until_that_no_image_is_called_is_refused(refused, until):
    refused(urllib.parse.urlencode({"version": "v1", "url": URL, "until": until}), "is no image")


def test_a_rollback_that_is_given_a_url_is_not_told_to_encode_it(sidecar):
    body = f"version=v1&url={URL}".encode()
    answer = request(sidecar.base + "/hot-update/rollback", "POST", body, {"Content-Type": FORM})
    assert (answer.status, answer.json["message"]) == (400, "unknown field 'url'"), answer


@pytest.mark.parametrize("written", ["{}/hot-update", "{}/hot-update/", "{}/"])
def test_a_server_that_was_copied_from_a_curl_line_is_taken(sidecar, written):
    done = subprocess.run([BINARY, "status", "--server", written.format(sidecar.base)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done
    assert done.stdout.startswith("ready"), done


@pytest.mark.parametrize("port", ["5000", ":5000"])
def test_a_server_that_is_a_port_alone_is_refused_with_what_to_type(port):
    """Of digits alone libcurl makes an IPv4 address."""
    done = subprocess.run([BINARY, "status", "--server", port], capture_output=True, text=True, timeout=30)
    assert done.returncode == 64, done
    assert "is a port alone; give it with its address, like 127.0.0.1:5000" in done.stderr, done


def test_a_version_and_a_url_that_changed_places_are_named(sidecar):
    done = subprocess.run([BINARY, "update", URL, "v1", "--server", sidecar.base], capture_output=True, text=True, timeout=30)
    assert done.returncode == 64, done
    assert "is a URL, and stands where the version belongs" in done.stderr, done


def multipart(*parts, line_end="\r\n"):
    """`parts`: pairs of the header lines beside the name's and the content."""
    names = ["version", "url"]
    lines = []
    for name, (more, content) in zip(names, parts):
        lines += ["--B", f'Content-Disposition: form-data; name="{name}"', *more, "", content]
    return line_end.join([*lines, "--B--", ""])


def test_multipart_by_hand_with_lines_of_unix_is_named(refused):
    refused(multipart(([], "v1"), ([], URL), line_end="\n"), "its lines have to end with CR LF", content_type="multipart/form-data; boundary=B")


@pytest.mark.parametrize("encoding", ["base64", "Quoted-Printable"])
def test_a_part_that_a_mail_library_encoded_is_named(refused, encoding):
    body = multipart(([f"Content-Transfer-Encoding: {encoding}"], "djE="), ([], URL))
    refused(body, f"is encoded ({encoding}); send it as it is", content_type="multipart/form-data; boundary=B")


def test_a_part_that_says_it_is_plain_is_taken(sidecar, source):
    plain = ["Content-Transfer-Encoding: 8bit", "Content-Type: text/plain; charset=utf-8"]
    body = multipart((plain, "v1"), (plain, source.put("/m.json", b"x"))).encode()
    answer = request(sidecar.base + "/hot-update", "POST", body, {"Content-Type": "multipart/form-data; boundary=B"})
    assert answer.status == 200, answer


@pytest.mark.parametrize("command", ["manifest", "pack", "status", "validate", "completion"])
def test_a_full_disk_at_standard_output_is_no_success(sidecar, tmp_path, command):
    """The list would be cut, and a pipeline would go on with it."""
    (tmp_path / "build").mkdir()
    (tmp_path / "build/map").write_bytes(b"map")
    arguments = {"manifest": [tmp_path / "build"], "pack": [tmp_path / "build", "-o", tmp_path / "v1.tar"], "validate": [sidecar.config_file],
                 "status": ["--server", sidecar.base], "completion": ["bash"]}[command]
    with open("/dev/full", "w") as full:
        done = subprocess.run([BINARY, command, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=20)
    assert done.returncode == 74, done
    assert "standard output could not be written" in done.stderr, done
