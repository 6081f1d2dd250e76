"""Reads a ledger's journal as the sidecar does, for what it says is kept and in progress."""

import json


def checksum(text):
    """FNV-1a, 64 bits."""
    value = 14695981039346656037
    for byte in text.encode():
        value = (value ^ byte) * 1099511628211 % 2**64
    return f"{value:016x}"


def framed(entry):
    text = json.dumps(entry, separators=(",", ":"))
    return f"{checksum(text)} {text}\n"


def lines_of(journal):
    lines = []
    for line in journal.read_text(errors="replace").splitlines():
        digits, _, text = line.partition(" ")
        assert digits == checksum(text), f"a line that is not whole: {line[:100]}"
        lines.append(json.loads(text))
    return lines


def kept_of(journal):
    """{name under kept/: path} as the journal has it."""
    kept = []
    for line in lines_of(journal):
        if "state" in line:
            kept = list(line["state"]["kept"])
        if "end" in line:
            end = line["end"]
            for path in end["paths"]:
                kept = [each for each in kept if each["name"] != path.get("used")]
                if "kept" in path:
                    kept.append(path["kept"])
                of_path = [each for each in kept if each["path"] == path["path"]]
                for old in of_path[: max(0, len(of_path) - end["keepVersions"])]:
                    kept.remove(old)
            kept = [each for each in kept if each["name"] not in end.get("dropped", [])]
    return {each["name"]: each["path"] for each in kept}
