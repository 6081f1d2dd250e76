"""Journals that a start may find: of other releases, damaged, or made by somebody else. The pod comes up with each."""

import pathlib
import shutil

import pytest
from waiting import wait_until

GOLDEN = pathlib.Path(__file__).parents[1] / "unit/plugins/hot_update/ledger/golden"
HEADER = '{"format":"okg-sidecar journal","version":1}'


def framed(text):
    """A line as the sidecar writes it: FNV-1a of the text, 64 bits, and the text."""
    checksum = 0xCBF29CE484222325
    for byte in text.encode():
        checksum = (checksum ^ byte) * 0x100000001B3 % 2**64
    return f"{checksum:016x} {text}\n"


@pytest.fixture
def journal(shared):
    """journal(*texts): the pod's journal has these lines."""
    path = shared / ".okg-sidecar/journal"

    def write(*texts):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text("".join(map(framed, texts)))
        return path

    return write


def check_works(sidecar, source, version="v9"):
    answer = sidecar.update(version, source.put("/new", version.encode()), path="new.txt")
    assert answer.status == 200, answer
    sidecar.kill()
    sidecar.start()
    assert sidecar.status()["results"][-1]["version"] == version


def set_aside(path):
    return sorted(each.name for each in path.parent.glob("journal.unreadable*"))


UNREADABLE = {
    "nests_100000_levels": [HEADER, '{"recorded":' + "[" * 100_000],
    "nests_17_levels": [HEADER, '{"forecast":' + "[" * 16 + "]" * 16 + ',"optional":true}'],
    "of_a_newer_version": ['{"format":"okg-sidecar journal","version":2}', '{"recorded":1}'],
    "with_a_line_of_an_unknown_kind_that_is_not_optional": [HEADER, '{"forecast":"sun"}'],
    "of_another_format": ['{"format":"shopping list","version":1}'],
    "that_lacks_a_member": [HEADER, '{"begin":{"seq":1}}'],
}


@pytest.mark.parametrize("lines", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_journal_that_cannot_be_read_is_set_aside_and_said(start_sidecar, source, shared, journal, lines):
    path = journal(*lines)
    before = path.read_bytes()
    (shared / "live.txt").write_bytes(b"live")
    sidecar = start_sidecar()
    assert set_aside(path) == ["journal.unreadable"]
    assert path.with_name("journal.unreadable").read_bytes() == before
    assert "the journal cannot be read and is set aside" in sidecar.log()
    assert (shared / "live.txt").read_bytes() == b"live"
    check_works(sidecar, source)


def test_a_journal_larger_than_any_that_is_written_is_set_aside(start_sidecar, source, journal):
    path = journal()
    with open(path, "wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    sidecar = start_sidecar()
    assert set_aside(path) == ["journal.unreadable"]
    check_works(sidecar, source)


def test_of_journals_that_cannot_be_read_three_are_left(start_sidecar, source, journal):
    path = journal("{}")
    sidecar = start_sidecar()
    for _ in range(4):
        sidecar.kill()
        journal("{}")
        sidecar.start()
    assert set_aside(path) == ["journal.unreadable", "journal.unreadable.1", "journal.unreadable.2"]
    check_works(sidecar, source)


def test_what_the_store_names_is_live_after_a_journal_was_set_aside(start_sidecar, source, shared, journal):
    sidecar = start_sidecar()
    assert sidecar.update("v1", source.put("/a", b"first"), path="a.txt").status == 200
    sidecar.kill()
    (shared / "a.txt").unlink()
    journal("{}")
    sidecar.start()
    wait_until(lambda: (shared / "a.txt").exists(), what="the content of the store is back")
    assert (shared / "a.txt").read_bytes() == b"first"


def test_a_line_of_an_unknown_kind_that_is_optional_is_skipped(start_sidecar, source, journal):
    path = journal(HEADER, '{"forecast":"sun","optional":true}')
    sidecar = start_sidecar()
    assert set_aside(path) == []
    check_works(sidecar, source)


@pytest.mark.parametrize("name", ["0.1.0-every-end.journal", "version-1.journal"])
def test_a_journal_of_each_release_is_gone_on_with(start_sidecar, source, shared, journal, name):
    """Its pod has none of its files any more: what was in progress ends, and what was said of updates stays."""
    path = journal()
    shutil.copy(GOLDEN / name, path)
    sidecar = start_sidecar(wait_ready=False)
    results = wait_until(lambda: sidecar.status()["results"], what="hot_update runs")
    assert set_aside(path) == []
    ends = {result["version"]: result["result"] for result in results[:-1]}
    assert ends["v9"] == "Failed"
    assert [result["result"] for result in results].count("RolledBack") == 1
    answer = sidecar.update("v10", source.put("/new", b"v10"), path="new.txt")
    assert answer.status == 200, answer


def test_a_journal_that_is_damaged_in_its_middle_is_named_as_such(start_sidecar, source, shared):
    sidecar = start_sidecar()
    for i in range(4):
        assert sidecar.update(f"v{i}", source.put(f"/{i}.txt", b"%d" % i)).status == 200
    sidecar.stop()
    path = shared / ".okg-sidecar/journal"
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 3] ^= 1
    path.write_bytes(damaged)
    sidecar.start()
    assert "the journal is damaged in its middle" in sidecar.log()
    assert [(shared / f"{i}.txt").read_bytes() for i in range(4)] == [b"0", b"1", b"2", b"3"]
    check_works(sidecar, source)


def test_a_torn_end_of_a_journal_is_no_damage(start_sidecar, source, shared):
    sidecar = start_sidecar()
    assert sidecar.update("v1", source.put("/1.txt", b"1")).status == 200
    sidecar.stop()
    path = shared / ".okg-sidecar/journal"
    path.write_bytes(path.read_bytes()[:-5])
    sidecar.start()
    assert "cut a torn end off the journal" in sidecar.log()
    assert "damaged" not in sidecar.log()
    check_works(sidecar, source)
