"""A network namespace of one's own, with any addresses on its loopback device. As root."""

import contextlib
import ctypes
import os
import subprocess

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000


def call(function, *arguments):
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@contextlib.contextmanager
def own_network(*addresses):
    """Within it, the calling thread and the processes and threads that it starts are alone in a network."""
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    call(LIBC.unshare, CLONE_NEWNET)
    try:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        for address in addresses:
            subprocess.run(["ip", "address", "add", address, "dev", "lo"], check=True)
        yield
    finally:
        call(LIBC.setns, before, CLONE_NEWNET)
        os.close(before)


def with_hosts(folder, names, argv):
    """argv of a program that sees these names in its /etc/hosts."""
    hosts = folder / "hosts"
    hosts.write_text("".join(f"{address} {name}\n" for name, address in names.items()))
    script = f"mount --bind '{hosts}' /etc/hosts && exec \"$@\""
    return ["unshare", "--mount", "sh", "-c", script, "sh", *map(str, argv)]
