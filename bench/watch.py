"""What the kernel says of a process. @source proc(5)"""

import pathlib
import re
import time


def memory_kib(pid):
    """(RssAnon, VmRSS): private memory, and that with the pages shared with other processes."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return tuple(int(re.search(rf"{key}:\s+(\d+)", text).group(1)) for key in ("RssAnon", "VmRSS"))


def context_switches(pid):
    """Of all its threads, voluntary or not."""
    texts = [(task / "status").read_text() for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]
    return sum(int(count) for text in texts for count in re.findall(r"ctxt_switches:\s+(\d+)", text))


def cpu_seconds(pid):
    """Of its threads that live, in user and kernel mode, to the nanosecond. @source schedstat, Documentation/scheduler/sched-stats"""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def wait_until_idle(pid, seconds=60):
    """Until none of its threads has run for a second: what an update leaves to be done, like closing its connection, is done."""
    deadline = time.monotonic() + seconds
    while True:
        before = context_switches(pid)
        time.sleep(1)
        if context_switches(pid) == before:
            return
        assert time.monotonic() < deadline, f"process {pid} did not come to rest within {seconds} s"
