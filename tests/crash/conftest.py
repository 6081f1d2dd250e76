import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import waiting  # noqa: E402
from fixtures import *  # noqa: E402, F403

waiting.POLL_SECONDS = 0.005  # some 1,300 starts are awaited
