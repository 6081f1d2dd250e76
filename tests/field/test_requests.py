"""What people paste: it works, or the answer says precisely what to type instead."""

import json
import pathlib
import subprocess
import urllib.parse

import pytest
from game import Nginx
from raw_http import Line, ask
from sidecar import request
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORM = "application/x-www-form-urlencoded"


def curl(*arguments):
    done = subprocess.run(["curl", "-sS", "--noproxy", "*", *arguments], capture_output=True, timeout=60)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


@pytest.fixture
def sidecar(start_sidecar):
    return start_sidecar()


def form(sidecar, body, path="/hot-update", content_type=FORM):
    data = body if isinstance(body, bytes) else body.encode()
    headers = {"Content-Type": content_type} if content_type else {"Content-Type": ""}
    return request(sidecar.base + path, "POST", data, headers)


def post_json(sidecar, body, path="/hot-update"):
    return form(sidecar, body, path, "application/json")


def targets(source):
    """What the source was asked for, as it stood in the request line."""
    return [target for target, _ in source.requests]


def refused(answer, *words):
    assert answer.status == 400, answer
    for word in words:
        assert word in answer.json["message"], answer
    return True


# A url that was not form-encoded


def test_a_percent_escape_in_a_pasted_url_reaches_the_source_as_it_was_pasted(sidecar, source, shared):
    url = source.put("/map%231.json", b"map")
    answer = curl("-d", f"version=v1&url={url}", sidecar.base + "/hot-update")
    assert answer["result"] == "Succeeded", answer
    assert answer["path"] == "map#1.json"
    assert targets(source) == ["/map%231.json"]
    assert (shared / "map#1.json").read_bytes() == b"map"


@pytest.mark.parametrize("escape", ["%20", "%25", "%2B", "+", "%E5%9B%BE"])
def test_escapes_in_a_pasted_url_are_taken(sidecar, source, escape):
    url = source.put(f"/a{escape}b.json", b"x")
    answer = form(sidecar, f"version=v1&url={url}")
    assert answer.status == 200, answer
    assert targets(source) == [f"/a{escape}b.json"]


def test_an_escape_in_a_pasted_signature_is_sent_as_it_is(sidecar, source):
    url = source.put("/a.json", b"x")
    answer = form(sidecar, f"version=v1&url={url}?X-Amz-Signature=ab%2Bcd%2F")
    assert answer.status == 200, answer
    assert targets(source) == ["/a.json?X-Amz-Signature=ab%2Bcd%2F"]


def test_a_pasted_signed_url_with_ampersands_is_put_together_again(sidecar, source):
    url = source.put("/a.json", b"x")
    signed = "?X-Amz-Algorithm=A&X-Amz-Date=2026%2F1&X-Amz-Signature=B%2Bc&flag"
    answer = form(sidecar, f"scope=pod&url={url}{signed}&version=v1")
    assert answer.status == 200, answer
    assert targets(source) == [f"/a.json{signed}"]


SIGNED = {
    "S3 V2": "AWSAccessKeyId=AK&Signature=ab%2Bcd%3D&Expires=1999999999",
    "OSS": "OSSAccessKeyId=AK&Expires=1999999999&Signature=ab%2Bcd%3D",
    "GCS V2": "GoogleAccessId=a@b&Expires=1999999999&Signature=ab%2Fcd",
    "CloudFront": "Expires=1999999999&Signature=ab~&Key-Pair-Id=K",
    "Azure": "sv=2020-04-08&se=2030-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=ab%2Bcd",
    "a version of a bucket": "X-Amz-Signature=B&versionId=3sL4&Expires=1999999999",
    "names in capitals": "a=1&Version=3&URL=4&PATH=5",
    "names like ours": "id=1&pat=3&scopes=4&paths=5",
}


@pytest.mark.parametrize("kind", SIGNED)
def test_a_pasted_url_of_any_signer_is_put_together_again(sidecar, source, kind):
    url = source.put("/a.json", b"x")
    for where in ("body", "query"):
        fields = f"version={where}&url={url}?{SIGNED[kind]}"
        answer = form(sidecar, fields) if where == "body" else form(sidecar, b"", "/hot-update?" + fields)
        assert answer.status == 200, answer
        assert targets(source)[-1] == f"/a.json?{SIGNED[kind]}"


@pytest.mark.parametrize("name", ["map%231.json", "a%2Bb.json", "a%20b.json", "%E5%9B%BE.json"])
def test_a_pasted_url_of_a_bucket_is_taken_as_it_stands(start_sidecar, source, tmp_path, name):
    keys = tmp_path / "keys"
    keys.write_text("[default]\naws_access_key_id=AK\naws_secret_access_key=SK\n")
    keys.chmod(0o600)
    endpoint = source.put(f"/bucket/{name}", b"x").split("/bucket")[0]
    sidecar = start_sidecar(s3={"endpoint": endpoint, "region": "r", "credentialsFile": str(keys), "pathStyle": True})
    answer = form(sidecar, f"version=v1&url=s3://bucket/{name}")
    assert answer.status == 200, answer
    assert targets(source) == [f"/bucket/{name}"]


@pytest.mark.parametrize(
    "field", ["path=maps/1.json", "scope=pod", "until=abc", "wait=false", "force=true", "format=archive", "signature=ab", "version=3"]
)
def test_a_field_that_may_belong_to_a_pasted_url_is_refused_with_what_to_type(sidecar, source, field):
    url = source.put("/get", b"x")
    name = field.split("=")[0]
    answer = form(sidecar, f"version=v1&url={url}?id=7&{field}")
    assert refused(answer, f"--data-urlencode 'url={url}?id=***'", f"--data-urlencode 'url={url}?id=***&{name}=***'")
    assert source.requests == []


def test_a_field_before_a_pasted_url_or_behind_one_without_a_query_is_a_field(sidecar, source, shared):
    url = source.put("/get", b"x")
    assert form(sidecar, f"path=maps/1.json&url={url}?id=7&version=v1").status == 200
    assert form(sidecar, f"version=v1&url={url}&path=maps/2.json").status == 200
    assert targets(source) == ["/get?id=7", "/get"]
    assert (shared / "maps/1.json").exists()
    assert (shared / "maps/2.json").exists()


@pytest.mark.parametrize(
    "body",
    [
        "url={url}?a=1&version=v1&b=2",  # b may belong to url, or be a mistake
        "b=2&version=v1&url={url}?a=1",
        "version=v1&url={url}&b=2",  # url has no query for it to belong to
        "version=v1&url={url}&scop=pod",  # more likely a typing error
        "version=v1&url={url}?a=1&version=3",  # which of the two is the field?
    ],
)
def test_where_it_is_unclear_what_belongs_to_the_url_nothing_is_done(sidecar, source, body):
    url = source.put("/a.json", b"x")
    answer = form(sidecar, body.format(url=url))
    assert refused(answer, "--data-urlencode")
    assert source.requests == []


def test_a_form_encoded_url_is_decoded_once(sidecar, source):
    url = source.put("/a%2520b.json", b"x")
    body = urllib.parse.urlencode({"version": "v1", "url": url, "path": "p"})
    assert form(sidecar, body).status == 200
    assert targets(source) == ["/a%2520b.json"]


def test_data_urlencode_is_right_for_every_url(sidecar, source):
    url = source.put("/a%20b+c.json", b"x") + "?s=a%2Bb&t=+&u=%25"
    answer = curl("-d", "version=v1", "--data-urlencode", f"url={url}", sidecar.base + "/hot-update")
    assert answer["result"] == "Succeeded", answer
    assert targets(source) == ["/a%20b+c.json?s=a%2Bb&t=+&u=%25"]


def test_an_encoded_url_that_holds_another_url_is_still_decoded(sidecar, source):
    url = source.put("/a.json", b"x")
    encoded = urllib.parse.quote(url, safe="")
    answer = form(sidecar, f"version=v1&url={encoded}%3Fto=http://x/y")
    assert answer.status == 200, answer
    assert targets(source) == ["/a.json?to=http://x/y"]


@pytest.mark.parametrize(
    "url, hint", [("http://h/map#1.json", "%23"), (r"http://h\maps\1.json", "write /"), ("http://h/a?b=1&amp;c=2", "write &")]
)
def test_a_url_that_would_fetch_something_else_than_was_meant_is_refused(sidecar, url, hint):
    assert refused(form(sidecar, f"version=v1&url={url}"), hint)


def test_a_host_outside_ascii_is_asked_for_in_ascii(sidecar):
    answer = form(sidecar, "version=v2&url=" + urllib.parse.quote("http://bücher.example/map"))
    assert answer.status == 400, answer
    assert "xn--" in answer.json["message"], answer


@pytest.mark.parametrize(
    "body, field", [("'version=v1", "version"), ("Version=v1&url=http://h/a", "version"), ("version=v1&URL=http://h/a", "url")]
)
def test_a_quote_of_another_shell_or_a_capital_in_a_field_is_named(sidecar, body, field):
    assert refused(form(sidecar, body), f"did you mean {field}?")


def test_a_field_whose_name_is_escaped_is_still_the_same_field(sidecar):
    assert refused(form(sidecar, "version=v1&%76ersion=v2&url=http://h/a"), "twice")


def test_json_with_a_byte_order_mark_of_powershell_is_taken(sidecar, source):
    body = b"\xef\xbb\xbf" + json.dumps({"version": "v1", "url": source.put("/a", b"x")}).encode()
    assert form(sidecar, body, content_type="application/json").status == 200


def test_a_body_file_that_ends_with_a_line_end_is_refused_in_words(sidecar):
    assert refused(form(sidecar, "version=v1&url=http://h/a\n"), "control character")


def test_a_space_in_a_pasted_url_is_named(sidecar):
    assert refused(form(sidecar, "version=v1&url=http://h/a b.json"), "%20")


@pytest.mark.parametrize(
    "typed, to_type",
    [
        ("%22{url}%22", "{url}"),
        ("<{url}>", "{url}"),
        ("'{url}'", "{url}"),
        (" {url}", "{url}"),
        ("{url}\n", "{url}"),
        ("%E3%80%80{url}", "{url}"),
        ("cdn.example.com/a.json", "https://cdn.example.com/a.json"),
        ("http:/cdn.example.com/a.json", "http://cdn.example.com/a.json"),
        ("http:\\/\\/cdn.example.com\\/a.json", "http://cdn.example.com/a.json"),
        ("http%253A%252F%252Fcdn.example.com%252Fa.json", "http://cdn.example.com/a.json"),
    ],
)
def test_a_url_copied_with_what_stood_around_it_is_refused_with_the_url_to_type(sidecar, source, typed, to_type):
    url = "http://127.0.0.1:1/a.json"
    assert refused(form(sidecar, "version=v1&url=" + typed.format(url=url)), f"'{to_type.format(url=url)}'")


def test_a_link_copied_with_its_html_is_not_taken_apart(sidecar):
    answer = form(sidecar, "version=v1&url=<a href='http://h/a'>b</a>")
    assert refused(answer, "not an http or https URL")
    assert "send" not in answer.json["message"], answer


def test_a_form_sent_as_json_is_told_which_header_to_leave_out(sidecar):
    answer = request(sidecar.base + "/hot-update", "POST", b"version=v1&url=http://h/a", {"Content-Type": "application/json"})
    assert refused(answer, "looks like a form", "leave out the header")


def test_a_semicolon_between_fields_is_named(sidecar):
    assert refused(form(sidecar, "version=v1;url=http://h/a"), "separate fields by &")


def test_a_slash_behind_the_path_of_a_call_is_taken(sidecar, source):
    answer = form(sidecar, f"version=v1&url={source.put('/a.json', b'x')}", "/hot-update/")
    assert answer.status == 200, answer
    assert sidecar.get("/healthz/").status == 200


# Paths


@pytest.mark.parametrize(
    "path, form_to_type",
    [
        (r"maps\desert\1.json", "maps/desert/1.json"),
        (" maps/1.json", "maps/1.json"),
        ("maps/1.json ", "maps/1.json"),
        ("maps /1.json", "maps/1.json"),
        ("maps/ 1.json", "maps/1.json"),
        ("maps/1.json\u00a0", "maps/1.json"),
        ("\u3000maps/1.json", "maps/1.json"),
        ("maps/\u200b1.json", "maps/1.json"),
        ("\ufeffmaps/1.json", "maps/1.json"),
    ],
)
def test_a_windows_path_or_a_stray_space_is_refused_with_the_path_to_type(sidecar, source, shared, path, form_to_type):
    answer = sidecar.update("v1", source.put("/a", b"x"), path=path)
    assert refused(answer, f"'{form_to_type}'")
    assert [entry.name for entry in shared.iterdir() if entry.name != ".okg-sidecar"] == []


def test_a_backslash_in_the_name_that_a_url_ends_with_is_refused(sidecar, source):
    answer = sidecar.update("v1", source.put("/maps%5C1.json", b"x"))
    assert refused(answer, "path")


def test_a_name_in_gbk_is_refused_and_path_is_named(sidecar, source, shared):
    answer = form(sidecar, f"version=v1&url={source.put('/%B5%D8%CD%BC.json', b'x')}")
    assert refused(answer, "UTF-8", "path=NAME")
    assert source.requests == []


def test_a_name_in_gbk_is_taken_when_path_says_where_to(sidecar, source, shared):
    answer = form(sidecar, f"version=v1&url={source.put('/%B5%D8%CD%BC.json', b'x')}&path=map.json")
    assert answer.status == 200, answer
    assert (shared / "map.json").read_bytes() == b"x"


@pytest.mark.parametrize("field", ["path", "url", "version"])
def test_bytes_that_are_not_utf8_are_refused(sidecar, field):
    fields = {"version": b"v1", "url": b"http://h/a", "path": b"p"}
    fields[field] += b"\xb5\xd8"
    body = b"&".join(name.encode() + b"=" + value for name, value in fields.items())
    assert refused(form(sidecar, body), "UTF-8" if field != "version" else "version")


def test_an_overlong_or_surrogate_escape_is_not_utf8(sidecar):
    for escape in ("%C0%AF", "%ED%A0%80", "%F5%80%80%80"):
        assert refused(form(sidecar, f"version=v1&url=http://h/a&path=x{escape}"), "UTF-8")


def test_a_c1_control_in_a_path_is_refused(sidecar):
    assert refused(form(sidecar, "version=v1&url=http://h/a&path=a%C2%9B2Jb"), "control")


# Where fields come from


def test_query_fields_of_old_scripts_are_taken(sidecar, source):
    url = source.put("/a.json", b"x")
    answer = request(f"{sidecar.base}/hot-update?version=v1&url={url}", "POST", b"", {"Content-Type": ""})
    assert answer.status == 200, answer
    assert answer.json["path"] == "a.json"


def test_query_and_body_together(sidecar, source):
    url = source.put("/a.json", b"x")
    answer = curl("-X", "POST", "-d", f"url={url}", sidecar.base + "/hot-update?version=v7")
    assert (answer["result"], answer["version"]) == ("Succeeded", "v7")


def test_curl_dash_f_of_old_scripts_is_taken(sidecar, source):
    url = source.put("/a%231.json", b"x") + "?a=1&b=2%2B"
    answer = curl("-F", "version=v1", "-F", f"url={url}", sidecar.base + "/hot-update")
    assert answer["result"] == "Succeeded", answer
    assert targets(source) == ["/a%231.json?a=1&b=2%2B"]


def test_a_file_sent_with_dash_f_is_refused_and_the_url_is_asked_for(sidecar, tmp_path):
    (tmp_path / "f").write_bytes(b"content")
    answer = curl("-F", "version=v1", "-F", f"url=@{tmp_path}/f", sidecar.base + "/hot-update")
    assert answer["result"] == "Failed"
    assert "url" in answer["message"]
    assert "file" in answer["message"]


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\nv", b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--"])
def test_a_broken_multipart_body_is_refused(sidecar, body):
    assert form(sidecar, body, content_type="multipart/form-data; boundary=x").status == 400


def test_multipart_without_a_boundary_is_refused(sidecar):
    assert refused(form(sidecar, b"--x", content_type="multipart/form-data"), "boundary")


@pytest.mark.parametrize("how", ["query and form", "form twice", "multipart twice", "json twice", "query and json"])
def test_a_field_in_two_places_is_refused(sidecar, source, how):
    url = source.put("/a.json", b"x")
    path = "/hot-update" + ("?version=v1" if how.startswith("query") else "")
    if how == "query and form":
        answer = form(sidecar, f"version=v1&url={url}", path)
    elif how == "form twice":
        answer = form(sidecar, f"version=v1&version=v1&url={url}")
    elif how == "multipart twice":
        part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
        body = part.format("version", "v1") * 2 + part.format("url", url) + "--x--\r\n"
        answer = form(sidecar, body, content_type="multipart/form-data; boundary=x")
    else:
        twice = '"version":"v2",' if how == "json twice" else ""
        answer = post_json(sidecar, f'{{{twice}"version":"v1","url":"{url}"}}', path)
    assert refused(answer, "version", "twice")
    assert source.requests == []


@pytest.mark.parametrize("query", ["version=v1&url=http://h/a", "url=http://h/a", "version=v1", "Version=v1&Url=x", "URL=x"])
def test_an_update_sent_with_get_is_not_taken_for_a_status_call(sidecar, query):
    assert refused(sidecar.get(f"/hot-update?{query}"), "POST")


def test_a_password_with_an_at_sign_is_told_to_encode_it(sidecar, source):
    source.put("/a.json", b"x")
    answer = sidecar.update("v1", source.url("/a.json", host="deploy:s3cr@t@127.0.0.1"))
    assert refused(answer, "write @ as %40")
    assert "s3cr" not in answer.json["message"], answer
    assert sidecar.update("v1", source.url("/a.json", host="deploy:s3cr%40t@127.0.0.1")).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("kind, body", [("application/x-www-form-urlencoded", "version=v1&url=http://h/a"),
                                        ("application/json", '{"version":"v1","url":"http://h/a"}')])
def test_a_body_sent_with_get_is_not_taken_for_a_status_call(sidecar, method, kind, body):
    """`curl -X GET -d …`, and HTTP libraries whose default is GET."""
    head = f"{method} /hot-update HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    with Line(sidecar.port) as line:
        line.send(f"{head}{body}".encode())
        status, _, answer = line.answer(with_body=method == "GET")
    assert status == 400, answer
    assert method == "HEAD" or b"send it with POST" in answer, answer


def test_a_status_call_with_something_else_in_the_query_is_answered(sidecar):
    assert sidecar.get("/hot-update?t=1700000000").status == 200


def test_a_form_without_its_content_type_is_taken(sidecar, source):
    url = source.put("/a.json", b"x")
    body = f"version=v1&url={url}".encode()
    head = f"POST /hot-update HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    status, _, answer = ask(sidecar.port, head + body)
    assert status == 200, answer


# JSON


@pytest.mark.parametrize("number", ["3", "3.10", "20261123", "1e3", "123456789012345678901234567890", "0.10"])
def test_a_version_sent_as_a_number_is_taken_as_written(sidecar, source, number):
    url = source.put("/a.json", b"x")
    answer = post_json(sidecar, f'{{"version": {number}, "url": "{url}"}}')
    assert answer.status == 200, answer
    assert answer.json["version"] == number


@pytest.mark.parametrize("version", ["-0", "true", "false"])
def test_a_version_that_json_would_change_is_refused(sidecar, version):
    assert refused(post_json(sidecar, f'{{"version": {version}, "url": "http://h/a"}}'), "version")


@pytest.mark.parametrize("content_type", [FORM, "text/plain", ""])
def test_json_without_its_content_type_is_told_which_header_to_send(sidecar, content_type):
    body = b' {"version":"v1","url":"http://h/a"}'
    kind = f"Content-Type: {content_type}\r\n" if content_type else ""
    head = f"POST /hot-update HTTP/1.1\r\nHost: a\r\n{kind}Content-Length: {len(body)}\r\n\r\n".encode()
    status, _, answer = ask(sidecar.port, head + body)
    assert status in (400, 415), answer
    assert "-H 'Content-Type: application/json'" in json.loads(answer)["message"]


@pytest.mark.parametrize(
    "body",
    ['{"version":"v1","url":null}', '{"version":["v1"],"url":"http://h/a"}', '{"version":{"a":1}}', '["v1"]', '"v1"', "{", ""],
)
def test_json_that_is_no_flat_object_is_refused(sidecar, body):
    assert post_json(sidecar, body).status == 400


def test_json_nested_without_end_is_refused(sidecar):
    assert post_json(sidecar, '{"version":' + "[" * 60000).status == 400
    assert sidecar.get("/healthz").status == 200


# Forgetting the latest


def test_forget_without_a_workload_says_what_to_do_instead(sidecar):
    assert refused(form(sidecar, "path=a.json", "/hot-update/forget"), "on this pod alone", "rollback")


@pytest.mark.parametrize("body", ["path=..", "version=v1", "path=a&all=true", "all=maybe"])
def test_forget_is_refused_where_it_is_not_clear_what_to_forget(sidecar, body):
    assert refused(form(sidecar, body, "/hot-update/forget"))


# HTTP itself


def exchange(sidecar, head, body=b""):
    """Status, and whether the connection was ended after the answer."""
    with Line(sidecar.port) as line:
        line.send(head.encode() + body)
        status, _, text = line.answer()
        return status, line.is_ended(), text


@pytest.mark.parametrize(
    "head",
    [
        "GET /healthz HTTP/1.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: user@a\r\n\r\n",
    ],
)
def test_no_host_or_two_or_a_broken_one_is_400_and_the_end(sidecar, head):
    status, ended, _ = exchange(sidecar, head)
    assert status == 400
    assert ended


@pytest.mark.parametrize(
    "lines",
    [
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked\r\nContent-Length: 0",
        "Content-Length: 0\r\nTransfer-Encoding: chunked",
        "Content-Length: 1\r\nContent-Length: 2",
        "Content-Length: +1",
        "Transfer-Encoding : chunked",
    ],
)
def test_a_body_whose_length_is_not_clear_is_400_and_the_end(sidecar, lines):
    head = f"POST /hot-update HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n"
    status, ended, _ = exchange(sidecar, head, b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
    assert status == 400
    assert ended


def test_a_transfer_coding_in_http_1_0_is_400_and_the_end(sidecar):
    head = "POST /hot-update HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
    status, ended, _ = exchange(sidecar, head, b"0\r\n\r\n")
    assert status == 400
    assert ended


@pytest.mark.parametrize("form_of_target", ["http://pod:5000/healthz", "https://pod/healthz", "HTTP://pod/healthz?x=1"])
def test_the_absolute_form_of_a_proxy_is_taken(sidecar, form_of_target):
    status, ended, _ = exchange(sidecar, f"GET {form_of_target} HTTP/1.1\r\nHost: pod\r\n\r\n")
    assert status == 200
    assert not ended


def test_http_1_0_needs_no_host(sidecar):
    assert exchange(sidecar, "GET /healthz HTTP/1.0\r\n\r\n")[0] == 200


def test_an_empty_host_is_a_host(sidecar):
    assert exchange(sidecar, "GET /healthz HTTP/1.1\r\nHost:\r\n\r\n")[0] == 200


def test_an_unknown_path_is_refused_before_its_body_is_sent(sidecar):
    head = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
    status, ended, _ = exchange(sidecar, head)
    assert status == 404
    assert ended


# Seen by those who should not see it


def test_the_example_serves_no_file_of_the_sidecars_state(start_sidecar, source, shared, things, tmp_path):
    things.append(nginx := Nginx(tmp_path / "example", shared, (ROOT / "examples/game-2048/nginx.conf").read_text()))
    sidecar = start_sidecar(nginx)
    assert sidecar.update("v1", source.put("/index.html", b"V1") + "?X-Amz-Signature=SECRET").status == 200
    assert nginx.get() == b"V1"
    state = [path.relative_to(shared) for path in shared.rglob(".*/*") if path.is_file()]
    assert "journal" in {path.name for path in state}, state
    assert {request(f"http://127.0.0.1:{nginx.port}/{path}").status for path in state} == {404}


def test_credentials_and_signatures_are_masked_wherever_they_show(sidecar, source, shared):
    good = source.put("/a.json", b"x").replace("//", "//deploy:hunter2@") + "?X-Amz-Signature=5ec2e7&plain"
    bad = good.replace("/a.json", "/missing.json")
    texts = [sidecar.update("v1", good).body, sidecar.update("v2", bad).body]
    gate_free = form(sidecar, urllib.parse.urlencode({"version": "v3", "url": good, "wait": "false"}))
    texts += [gate_free.body, sidecar.get("/hot-update").body, sidecar.get("/readyz").body, sidecar.get("/metrics").body]
    texts += [sidecar.log().encode()]
    for text in texts:
        for secret in (b"hunter2", b"5ec2e7", b"deploy"):
            assert secret not in text, text
    assert b"X-Amz-Signature=***" in texts[0]


def test_the_last_result_masks_what_the_entry_of_the_file_keeps(sidecar, source, shared):
    url = source.put("/a.json", b"x") + "?X-Amz-Signature=5ec2e7"
    assert sidecar.update("v1", url).status == 200
    result = json.loads((shared / ".okg-sidecar/result.json").read_text())
    assert result["url"].endswith("/a.json?X-Amz-Signature=***")
    assert result["files"]["a.json"]["url"] == url  # a restore fetches it again


def test_a_restore_that_fails_masks_secrets_in_readyz(start_sidecar, source, shared):
    sidecar = start_sidecar()
    url = source.put("/a.json", b"x").replace("//", "//deploy:hunter2@") + "?X-Amz-Signature=5ec2e7"
    assert sidecar.update("v1", url).status == 200
    sidecar.stop()
    (shared / "a.json").unlink()
    source.put("/a.json", b"", status=503)
    sidecar.start(wait_ready=False)
    wait_until(lambda: b"503" in sidecar.get("/readyz").body, what="the restore has failed")
    text = sidecar.get("/readyz").body + sidecar.get("/hot-update").body + sidecar.log_file.read_bytes()
    assert b"hunter2" not in text
    assert b"5ec2e7" not in text


def test_a_refused_request_does_not_repeat_its_secrets(sidecar):
    for body in (
        "version=v!&url=https://deploy:hunter2@h/a?sig=5ec2e7",
        "version=v1&url=https://deploy:hunter2@h/?sig=5ec2e7",
        "version=v1&url=ftp://deploy:hunter2@h/a?sig=5ec2e7",
        "version=v1&url=https://deploy:hunter2@h/a?x=1&version=2&sig=5ec2e7",
        "version=v1&url=https://deploy:hunt/hunter2@h/a?sig=5ec2e7",
    ):
        answer = form(sidecar, body)
        assert answer.status in (400, 502), answer
        assert b"hunter2" not in answer.body, answer
        assert b"5ec2e7" not in answer.body, answer
    assert "hunter2" not in sidecar.log()
    assert "5ec2e7" not in sidecar.log()


def test_a_signed_source_is_still_fetched_after_a_restart(sidecar, source, shared):
    url = source.put("/a.json", b"x") + "?X-Amz-Signature=5ec2e7"
    assert sidecar.update("v1", url).status == 200
    sidecar.stop()
    (shared / "a.json").unlink()
    sidecar.start()
    assert (shared / "a.json").read_bytes() == b"x"
    assert targets(source)[-1] == "/a.json?X-Amz-Signature=5ec2e7"
