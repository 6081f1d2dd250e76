import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import sampling  # noqa: E402
import waiting  # noqa: E402
from fixtures import *  # noqa: E402, F403

waiting.POLL_SECONDS = 0.005  # some thousand starts are awaited


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(sampling.report())
