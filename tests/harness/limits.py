"""The numbers of docs/limits.md, as tests/unit/limits/documented.hpp has them for unit tests."""

import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/limits.md"
UNITS = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


def rows(page=PAGE):
    """[(limit, key, default, what the caller sees)], without backticks."""
    lines = [line for line in page.read_text().replace("`", "").splitlines() if re.match(r"\| (?!limit |限制 )", line)]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def documented(limit):
    """The first number of a limit's default, in bytes or as it stands: documented("until") -> 512."""
    default = next(row[2] for row in rows() if row[0] == limit)
    number, unit = re.match(r"(\d+) ?(Ki|Mi|Gi)?", default).groups()
    return int(number) * UNITS.get(unit, 1)
