"""Where downloads connect to: never where whoever is on the node is trusted, however the address is written."""

import pytest

from network import own_network, with_hosts
from sidecar import BINARY, Sidecar
from source import Answer, Source

ADDRESSES = ["169.254.169.254/32", "100.100.100.200/32", "100.96.0.96/32", "169.254.0.23/32", "192.0.0.192/32", "168.63.129.16/32",
             "10.96.0.1/32", "10.0.0.9/32", "64:ff9b::a9fe:a9fe/128", "64:ff9b::a00:9/128", "64:ff9b:1::a9fe:a9fe/128",
             "2002:a9fe:a9fe::1/128", "fd00:ec2::254/128", "fd20:ce::254/128", "fd00::9/128"]
NAMES = {"localhost": "127.0.0.1", "metadata.test": "169.254.169.254", "six.test": "fd00:ec2::254", "nat64.test": "64:ff9b::a9fe:a9fe",
         "api.test": "10.96.0.1", "kubernetes.test": "10.96.0.1", "good.test": "10.0.0.9", "game.test": "127.0.0.1"}
API = {"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"}


@pytest.fixture(scope="module")
def network():
    with own_network(*ADDRESSES):
        yield


@pytest.fixture
def web(network, things):
    """Answers at port 80 of every address that there is."""
    things.append(Source(address="::", port=80))
    things[-1].put("/file", b"secret")
    return things[-1]


@pytest.fixture
def start(web, things, tmp_path, shared):
    """start(env, **settings): a sidecar in that network, which knows NAMES."""

    def start(env=None, **settings):
        folder = tmp_path / "sidecar"
        folder.mkdir()
        config = {"fileDir": str(shared), "storageConfig": {"type": "Local"}, "loadPatchType": "none",
                  "download": {"retries": 1, "timeoutSeconds": 10, "connectTimeoutSeconds": 2}, **settings}
        argv = with_hosts(folder, NAMES, [BINARY, "--config", folder / "config.yaml"])
        things.append(Sidecar(folder, config, env=env, argv=argv))
        return things[-1]

    return start


def is_refused(answer, web, status, *words):
    """At once, as what it is, and before anything was sent."""
    assert answer.status == status, answer
    for word in ("allowedAddresses", *words):
        assert word in answer.json["message"], answer
    assert "attempt" not in answer.json["message"], answer
    assert not web.requests, answer


SPELLINGS = ["169.254.169.254", "2852039166", "0xa9fea9fe", "0xA9.0xfe.0xa9.0xfe", "0251.0376.0251.0376", "169.254.43518", "169.16689662",
             "169.254.169.254.", "0xa9fea9fe.", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[0:0:0:0:0:ffff:a9fe:a9fe]",
             "[::a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "[::ffff:0:169.254.169.254]",
             "[fe80::5efe:169.254.169.254]", "[2001:0:a9fe:a9fe::1]", "169%2e254.169.254"]
CLOUDS = ["169.254.0.1", "169.254.0.23", "169.254.170.2", "100.100.100.200", "100.96.0.96", "192.0.0.192", "168.63.129.16",
          "[fd00:ec2::254]", "[fd20:ce::254]", "[fd00:c1::a9fe:a9fe]", "[fd00:42::42]", "[fe80::1]", "[fe80::1%25lo]"]
NOWHERE = ["224.0.0.1", "239.1.2.3", "[ff02::1]", "255.255.255.255", "0.0.0.0", "0", "[::]"]


def test_no_spelling_of_an_address_that_is_refused_gets_through(start, web):
    sidecar = start(env=API)
    for host in [*SPELLINGS, *CLOUDS, *NOWHERE, "10.96.0.1", "0x0a600001", "[::ffff:10.96.0.1]"]:
        is_refused(sidecar.update("v1", f"http://{host}/file"), web, 400)


def test_a_host_in_other_digits_is_refused(start, web):
    """Where there is a locale, libcurl makes an address of them."""
    sidecar = start(env={"LC_ALL": "C.UTF-8"})
    for host in ("１６９.254.169.254", "①⑥⑨。254。169。254", "169.254.169.25⁴"):
        answer = sidecar.update("v1", f"http://{host}/file")
        assert answer.status == 400, answer
        assert "xn--" in answer.json["message"], answer
        assert not web.requests, answer


@pytest.mark.parametrize("env", [{"http_proxy": "http://127.0.0.1:80"}, {"all_proxy": "http://127.0.0.1:80"}])
def test_a_proxy_does_not_fetch_what_is_refused(start, web, env):
    sidecar = start(env={**env, **API})
    for host in [*SPELLINGS, *CLOUDS, "10.96.0.1"]:
        is_refused(sidecar.update("v1", f"http://{host}/file"), web, 400)


@pytest.mark.parametrize("name", ["metadata.test", "six.test", "nat64.test"])
def test_a_name_that_resolves_to_it_is_refused_when_the_socket_is_opened(start, web, name):
    is_refused(start().update("v1", f"http://{name}/file"), web, 502, "link-local" if "six" not in name else "metadata service")


def test_nothing_is_connected_to(start, web):
    """The server takes connections in their order, so that what comes before ours would be seen."""
    sidecar = start()
    for name in ("metadata.test", "six.test", "nat64.test"):
        is_refused(sidecar.update("v1", f"http://{name}/file"), web, 502)
    assert sidecar.update("v1", "http://good.test/file").status == 200
    assert len(web.peers) == 1, web.peers


def test_a_redirect_to_it_is_refused(start, web):
    sidecar = start()
    for to in ("169.254.169.254", "0xa9fea9fe", "metadata.test", "[::ffff:a9fe:a9fe]"):
        web.answers["/hop"] = Answer(status=302, headers={"Location": f"http://{to}/file"})
        answer = sidecar.update("v1", "http://good.test/hop")
        assert answer.status == 502, answer
        assert "allowedAddresses" in answer.json["message"], answer
        assert [path for path, _ in web.requests] == ["/hop"], web.requests
        web.requests.clear()


def test_the_api_server_is_refused_by_whatever_name(start, web):
    is_refused(start(env=API).update("v1", "http://api.test/file"), web, 502, "API server")


def test_an_api_server_that_has_a_name_is_refused_by_others_too(start, web):
    sidecar = start(env={**API, "KUBERNETES_SERVICE_HOST": "kubernetes.test"})
    is_refused(sidecar.update("v1", "http://KUBERNETES.test./file"), web, 400, "API server")
    for host in ("api.test", "10.96.0.1"):
        is_refused(sidecar.update("v1", f"http://{host}/file"), web, 502, "API server")


def test_other_addresses_are_fetched_from(start, web, shared):
    sidecar = start(env=API)
    for host in ("10.0.0.9", "good.test", "127.0.0.1", "localhost", "[::1]", "[fd00::9]", "[64:ff9b::a00:9]"):
        answer = sidecar.update("v1", f"http://{host}/file")
        assert answer.status == 200, answer
    assert (shared / "file").read_bytes() == b"secret"


def test_what_is_allowed_is_fetched_all_the_same(start, web):
    sidecar = start(env=API, allowedAddresses=["169.254.169.254", "fd00:ec2::/32", "10.96.0.0/12"])
    for host in ("169.254.169.254", "metadata.test", "six.test", "10.96.0.1", "api.test", "[64:ff9b::a9fe:a9fe]"):
        answer = sidecar.update("v1", f"http://{host}/file")
        assert answer.status == 200, answer
    web.requests.clear()
    is_refused(sidecar.update("v1", "http://169.254.0.23/file"), web, 400)


def test_denied_addresses_are_refused_as_well(start, web):
    sidecar = start(deniedAddresses=["127.0.0.0/8", "::1", "fd00::/8"])
    for host in ("127.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "127.9.9.9", "[fd00::9]"):
        is_refused(sidecar.update("v1", f"http://{host}/file"), web, 400, "deniedAddresses")
    is_refused(sidecar.update("v1", "http://localhost/file"), web, 502, "deniedAddresses")
    assert sidecar.update("v1", "http://10.0.0.9/file").status == 200


def test_all_but_what_is_allowed_can_be_denied(start, web):
    sidecar = start(deniedAddresses=["0.0.0.0/0", "::/0"], allowedAddresses=["10.0.0.9"])
    is_refused(sidecar.update("v1", "http://127.0.0.1/file"), web, 400)
    is_refused(sidecar.update("v1", "http://[fd00::9]/file"), web, 400)
    assert sidecar.update("v1", "http://good.test/file").status == 200


def test_a_proxy_at_a_denied_address_is_not_asked(start, web):
    sidecar = start(env={"http_proxy": "http://127.0.0.1:80"}, deniedAddresses=["127.0.0.0/8"])
    is_refused(sidecar.update("v1", "http://good.test/file"), web, 502)


def test_a_connection_to_the_game_is_not_used_for_a_download(start, web):
    """Calls of the game have no rules, and what they connected to is kept."""
    web.on_post = lambda handler: (handler.send_response(200), handler.send_header("Content-Length", "0"), handler.end_headers())
    sidecar = start(deniedAddresses=["127.0.0.0/8"], loadPatchType="request", request={"address": "game.test", "port": 80, "path": "/reload"})
    assert sidecar.update("v1", "http://10.0.0.9/file").status == 200
    assert [path for path, _ in web.requests] == ["/file", "/reload"]
    web.requests.clear()
    is_refused(sidecar.update("v2", "http://game.test/file"), web, 502, "deniedAddresses")


@pytest.mark.parametrize("value", ["10.0.0.0/33", "localhost", "fd00::/129", "", "1.2.3.4/", "0x7f.1"])
def test_a_range_that_is_none_is_a_mistake(start, value):
    with pytest.raises(RuntimeError, match="deniedAddresses.*no IP address"):
        start(deniedAddresses=[value])
