"""One measured figure, its bar, and the table of all of them."""

import dataclasses
import json
import statistics


@dataclasses.dataclass
class Figure:
    name: str
    value: float | None
    unit: str
    bar: float | None = None  # the most it may be; None: only reported
    runs: list = dataclasses.field(default_factory=list)
    note: str = ""

    @property
    def passed(self):
        return None if self.bar is None else self.value is not None and self.value <= self.bar


def median_of(name, runs, unit, bar=None, note=""):
    return Figure(name, statistics.median(runs), unit, bar, [round(run, 4) for run in runs], note)


def ratio_of(name, ours, theirs, bar, note):
    """The median of the ratios of pairs that were measured one after the other."""
    return median_of(name, [a / b for a, b in zip(ours, theirs, strict=True)], "x", bar, note)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def print_table(figures):
    rows = [("figure", "measured", "bar", "ratio", "")]
    for figure in figures:
        bar = "-" if figure.bar is None else f"{figure.bar:g} {figure.unit}"
        ratio = f"{figure.value / figure.bar:.2f}" if figure.bar else "-"
        verdict = {None: "", True: "pass", False: "NOT MET"}[figure.passed]
        rows.append((figure.name, f"{figure.value:.4g} {figure.unit}", bar, ratio, verdict))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for figure in figures:
        if figure.note:
            print(f"  {figure.name}: {figure.note}")


def write_results(figures, path):
    path.write_text(json.dumps([{**dataclasses.asdict(figure), "passed": figure.passed} for figure in figures], indent=1) + "\n")
