#!/usr/bin/env python3
"""Writes what random inputs never become: 1 MiB of each kind, nested as deep as that goes. Usage: deep_inputs.py NAME_fuzz FOLDER"""

import pathlib
import sys

MIB = 1 << 20
# What says in front of an input how it is meant.
KINDS = {"archive_fuzz": "04", "credentials_fuzz": "01", "ledger_fuzz": "Lx", "manifest_fuzz": "01", "signature_fuzz": "012"}


def filled(text):
    return (text * (MIB // len(text) + 1))[:MIB]


INPUTS = {
    "arrays": filled("["),
    "objects": filled('{"a":'),
    "closed": "[" * (MIB // 2) + "]" * (MIB // 2),
    "members": '{"data":{' + filled('"a":"b",'),
    "files": '{"files":[' + filled('{"path":"a","sha256":"' + "0" * 64 + '","bytes":1},'),
    "string": '{"message":"' + filled("\\u00e4") + '"}',
    "number": filled("9"),
    "yaml": filled("- "),
    "flow": filled("a: {"),
    "anchors": "a: &a [x]\n" + filled("b: [*a, *a]\n"),
    "form": filled("a%5B=%41+b&"),
    "parts": filled("--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n"),
    "head": "GET / HTTP/1.1\r\nHost: a\r\n" + filled("A: b\r\n"),
    "body": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % MIB + filled("b"),
    "chunks": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + filled("1\r\nb\r\n"),
    "headings": filled("[default]\naws_access_key_id=a\n"),
    "words": filled("path=a version=b "),
    "slashes": filled("../"),
    "brackets": "1 (" + filled(")") + "S 1",
    "nothing": filled("\0"),
}

name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
for kind in KINDS.get(name, [""]):
    for what, text in INPUTS.items():
        (folder / f"{what}{kind}").write_text(kind + text)
