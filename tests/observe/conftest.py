import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "field"))  # its API server

from fixtures import *  # noqa: E402, F403
