"""Waiting for conditions, and ports that are free."""

import itertools
import os
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


# Below the ports that the kernel gives to those who ask for any, and of each pytest process its own: nobody else takes one
# between the look here and the use.
FIRST_PORT, PORTS_OF_A_WORKER = 10_000, 1_000
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 20
_candidates = itertools.cycle(range(FIRST_PORT + _worker * PORTS_OF_A_WORKER, FIRST_PORT + (_worker + 1) * PORTS_OF_A_WORKER))


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count):
    """Ports of 127.0.0.1 that nothing listened on just now."""
    return list(itertools.islice(filter(is_free, _candidates), count))
