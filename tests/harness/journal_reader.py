"""Reads a ledger's journal as the sidecar does, for what it says is kept and in progress."""

import contextlib
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


def with_inodes(journal, inodes):
    """Whole lines of it, with the inodes of intents as they are now. A line that is not whole stays as it is."""
    changed = []
    for line in journal.read_bytes().splitlines(keepends=True):
        with contextlib.suppress(ValueError):
            entry = json.loads(line.partition(b" ")[2])
            for target in entry.get("begin", {}).get("targets", []):
                if "swap" in target:
                    target["swap"]["names"] = [[name, inodes.get(inode, inode)] for name, inode in target["swap"]["names"]]
                    line = framed(entry).encode()
        changed.append(line)
    return b"".join(changed)


def takes_all_with_it(path, trees):
    """What ended is a new folder in the place of another one: what is kept of paths in that was a part of it."""
    live = path.get("live") or {}
    is_tree = "tree" in live or path["path"] in trees
    return "kept" in path and is_tree and (path.get("used") or live.get("tree", {}).get("mode", "mirror") == "mirror")


def is_in_tree(path, tree):
    return path != tree and (tree == "." or path.startswith(tree + "/"))


def kept_of(journal):
    """{name under kept/: path} as the journal has it."""
    kept, trees = [], set()
    for line in lines_of(journal):
        if "state" in line:
            kept = list(line["state"]["kept"])
            trees = {path for path, file in line["state"]["live"].items() if "tree" in file}
        if "end" in line:
            end = line["end"]
            for path in end["paths"]:
                if takes_all_with_it(path, trees):
                    kept = [each for each in kept if not is_in_tree(each["path"], path["path"])]
                if "tree" in path.get("live", {}):
                    trees.add(path["path"])
                kept = [each for each in kept if each["name"] != path.get("used")]
                if "kept" in path:
                    kept.append(path["kept"])
                of_path = [each for each in kept if each["path"] == path["path"]]
                for old in of_path[: max(0, len(of_path) - end["keepVersions"])]:
                    kept.remove(old)
            kept = [each for each in kept if each["name"] not in end.get("dropped", [])]
    return {each["name"]: each["path"] for each in kept}
