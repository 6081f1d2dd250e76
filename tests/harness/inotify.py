"""What a process that watches a file or a folder hears of it: inotify(7)."""

import ctypes
import os
import select
import struct

NAMES = {0x2: "MODIFY", 0x4: "ATTRIB", 0x8: "CLOSE_WRITE", 0x40: "MOVED_FROM", 0x80: "MOVED_TO", 0x100: "CREATE", 0x200: "DELETE",
         0x400: "DELETE_SELF", 0x800: "MOVE_SELF", 0x8000: "IGNORED"}


class Watch:
    def __init__(self, path):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.fd < 0 or self.libc.inotify_add_watch(self.fd, os.fsencode(path), sum(NAMES)) < 0:
            raise OSError(ctypes.get_errno(), "inotify", str(path))
        self.heard = []

    def events(self):
        """All that was heard of so far, without a name or with it: "ATTRIB", "MOVED_TO map.json"."""
        while select.select([self.fd], [], [], 0)[0]:
            data = os.read(self.fd, 64 * 1024)
            while data:
                _, mask, _, length = struct.unpack_from("iIII", data)
                name = data[16 : 16 + length].rstrip(b"\0").decode()
                self.heard += [f"{event} {name}".strip() for bit, event in NAMES.items() if mask & bit]
                data = data[16 + length :]
        return self.heard

    def stop(self):
        os.close(self.fd)
