"""Waiting for conditions, and ports that are free."""

import socket
import time

POLL_SECONDS = 0.05


def wait_until(condition, what="condition", timeout=60.0):
    """The first true value of condition(); an exception of OSError or AssertionError means not yet."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            last = condition()
            if last:
                return last
        except (OSError, AssertionError) as error:
            last = error
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout} s: {what}; last: {last!r}")
        time.sleep(POLL_SECONDS)


def free_ports(count):
    """Ports of 127.0.0.1 that nothing listened on just now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
