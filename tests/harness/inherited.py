"""What a shell hands down to the tests, and they to what they start: none of it reaches them. tests/unit/inherited.cpp does the same."""

import locale
import os
import signal
import time

KEPT = {signal.SIGPIPE, signal.SIGXFSZ}  # Python's own


def drop_what_was_inherited():
    for each in signal.valid_signals() - KEPT:
        if signal.getsignal(each) == signal.SIG_IGN:
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.umask(0o022)
    os.environ |= {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
    time.tzset()
    locale.setlocale(locale.LC_ALL, "")
    empty = os.open(os.devnull, os.O_RDONLY)
    if empty != 0:  # it is where there is no standard input
        os.dup2(empty, 0)
        os.close(empty)
    os.set_inheritable(0, True)
