"""Archives byte by byte, as no tool would write them: headers that lie, entries where none should be."""

import struct
import zlib

END = bytes(1024)


def header(name="a", size=0, kind=b"0", link="", mode=b"0000644\0", magic=b"ustar\x0000", more=()):
    """A tar's. `size`: a number, in base 256 where it is negative or large, or the field itself. `more`: (place, bytes)."""
    block = bytearray(512)
    if not isinstance(size, bytes):
        size = b"%011o\0" % size if 0 <= size < 1 << 33 else in_base_256(size)
    fields = ((0, name.encode()), (100, mode), (108, b"0000000\0" * 2), (124, size), (136, b"0" * 11), (156, kind), (157, link.encode()), (257, magic))
    for place, value in (*fields, *more, (148, b" " * 8)):
        block[place : place + len(value)] = value
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def in_base_256(number):
    return b"\x80" + number.to_bytes(11, "big") if number >= 0 else (number % (1 << 96)).to_bytes(12, "big")


def padded(content):
    return content + bytes(-len(content) % 512)


def entry(name="a", content=b"x", **fields):
    return header(name, **{"size": len(content), **fields}) + padded(content)


def pax(kind=b"x", **records):
    """A pax header; `__` stands for a dot."""
    text = b""
    for key, value in records.items():
        rest = b" %s=%s\n" % (key.replace("__", ".").encode(), value if isinstance(value, bytes) else str(value).encode())
        length = len(rest) + 1
        while length < len(rest) + len(str(length)):
            length += 1
        text += str(length).encode() + rest
    return entry("PaxHeader", text, kind=kind)


def gnu_sparse(size, chunks, content=b"x"):
    """A file of GNU tar with holes; `chunks`: (place, bytes), at most four."""
    def field(number):
        return b"%011o\0" % number if 0 <= number < 1 << 33 else in_base_256(number)

    chunk_fields = [(386 + 12 * n, field(number)) for n, number in enumerate(number for chunk in chunks for number in chunk)]
    return header("holes", len(content), b"S", magic=b"ustar  \0", more=(*chunk_fields, (483, field(size)))) + padded(content)


class ZipEntry:
    """Says the same of itself in both places, but for what `local` and `central` have, as they have it."""

    def __init__(self, name="a", content=b"x", deflate=False, local=None, central=None, behind=b"", before=b"", **both):
        packed = zlib.compress(content, 9)[2:-4] if deflate else content
        fields = {"name": name.encode(), "flags": 0x800, "method": 8 if deflate else 0, "crc": zlib.crc32(content), "packed": len(packed),
                  "unpacked": len(content), "extra": b"", "mode": 0o100644, "disk": 0, "at": None, **both}
        self.local, self.central = {**fields, **(local or {})}, {**fields, **(central or {})}
        self.packed, self.behind, self.before = packed, behind, before

    def in_place(self):
        has = self.local
        return (b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, has["flags"], has["method"], 0, 0, has["crc"], has["packed"], has["unpacked"], len(has["name"]), len(has["extra"]))
                + has["name"] + has["extra"] + self.packed + self.behind)

    def in_directory(self, at):
        has = self.central
        return (b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", 0x314, 20, has["flags"], has["method"], 0, 0, has["crc"], has["packed"], has["unpacked"], len(has["name"]),
                                        len(has["extra"]), 0, has["disk"], 0, has["mode"] << 16, at if has["at"] is None else has["at"])
                + has["name"] + has["extra"])


def raw_zip(*entries, listed=None, before_directory=b"", before_end=b"", disk=0, count=None):
    """`listed`: the places of the entries in the directory; `count`: how many the end record says there are."""
    body, places = b"", []
    for each in entries:
        body += each.before
        places.append(len(body))
        body += each.in_place()
    body += before_directory
    listed = range(len(entries)) if listed is None else listed
    directory = b"".join(entries[n].in_directory(places[n]) for n in listed)
    count = len(listed) if count is None else count
    return body + directory + before_end + b"PK\5\6" + struct.pack("<HHHHIIH", disk, disk, count, count, len(directory), len(body), 0)


def zip64_field(*numbers):
    """The extra field that has the numbers for which an entry has no room."""
    return struct.pack("<HH", 1, 8 * len(numbers)) + b"".join(struct.pack("<Q", number) for number in numbers)


def descriptor(content, crc=None, packed=None, unpacked=None):
    """What stands behind the content of an entry that was written before its length was known."""
    size = len(zlib.compress(content, 9)[2:-4])
    return b"PK\7\10" + struct.pack("<III", zlib.crc32(content) if crc is None else crc, size if packed is None else packed, len(content) if unpacked is None else unpacked)
