"""What editors, Helm and habit leave in config.yaml: it works, or `validate` says precisely what to write instead."""

import subprocess

import pytest

from sidecar import BINARY

CONFIG = """\
plugins:
- name: hot_update
  config:
    loadPatchType: none
    fileDir: /srv
"""


@pytest.fixture
def validate(tmp_path):
    def validate(text):
        (tmp_path / "config.yaml").write_text(text)
        done = subprocess.run([BINARY, "validate", tmp_path / "config.yaml"], capture_output=True, text=True, timeout=20)
        return done.returncode, done.stderr

    return validate


def mistake(done, *words):
    assert done[0] == 64, done
    for word in words:
        assert word in done[1], done
    return True


@pytest.mark.parametrize("mode", ["420", "436", "416", "256", "0000", "0200", "0641"])
def test_a_file_mode_that_helm_or_json_made_decimal_is_refused(validate, mode):
    """0644, 0664, 0640 and 0400 in decimal, read as octal: games could not read the file."""
    mistake(validate(CONFIG + f"    fileMode: {mode}\n"), f"fileMode: '{mode}' lets somebody write or run who may not read")


@pytest.mark.parametrize("mode", ["0644", "'0644'", "644", "0600", "0640", "0664", "0755", "0440", "0400"])
def test_a_usual_file_mode_is_taken(validate, mode):
    assert validate(CONFIG + f"    fileMode: {mode}\n")[0] == 0


@pytest.mark.parametrize("size", ["1m", "512m", "0.5m"])
def test_m_for_megabytes_is_refused(validate, size):
    mistake(validate(CONFIG + f"    download: {{maxBytes: {size}}}\n"), f"'{size}' are thousandths of a byte; write M or Mi")


@pytest.mark.parametrize("text, words", [
    (CONFIG + "\tkeepVersions: 1\n", ["line 6 is indented by a tab"]),
    (CONFIG + "    download:\n  \tmaxBytes: 1Mi\n", ["line 7 is indented by a tab"]),
    ("plugins：\n- name: hot_update\n", ["line 1 has '：', a full-width colon"]),
    (CONFIG + "    keepVersions： 1\n    maxPaths: 3\n", ["line 6 has '：'"]),
    (CONFIG + "    keepVersions: {{ .Values.keep }}\n", ["a template, {{ … }}, has to be filled in first"]),
    (CONFIG + "    {{- with .Values.x }}\n", ["template"]),
])
def test_what_breaks_a_configuration_is_named(validate, text, words):
    mistake(validate(text), *words)


@pytest.mark.parametrize("text", [CONFIG + "    # a：comment\n", CONFIG + "    stateDir: '/srv/a：b'\n"])
def test_a_full_width_colon_that_breaks_nothing_is_none_of_it(validate, text):
    assert validate(text)[0] == 0


REQUEST = CONFIG.replace("loadPatchType: none", "loadPatchType: request")


@pytest.mark.parametrize("request_map", [
    "{address: 'http://127.0.0.1', port: 80}", "{address: '127.0.0.1:80', port: 80}", "{address: '127.0.0.1/reload', port: 80, path: '/a b'}",
    "{address: '', port: 80}",
])
def test_an_address_that_makes_no_url_is_a_mistake_at_the_start(validate, request_map):
    """Each update failed of it before, once its content was live."""
    mistake(validate(REQUEST + f"    request: {request_map}\n"), "request.address: address, port and path make no URL")


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "[::1]", "game.games.svc"])
def test_an_address_that_makes_one_is_taken(validate, address):
    assert validate(REQUEST + f"    request: {{address: '{address}', port: 80, path: '/reload?x=1'}}\n")[0] == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "http://", "http://a b/"])
def test_a_health_check_that_has_no_url_is_a_mistake_at_the_start(validate, url):
    mistake(validate(CONFIG + f"    confirm: {{http: {{url: '{url}'}}}}\n"), "confirm.http.url: ")
