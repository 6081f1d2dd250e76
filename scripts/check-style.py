#!/usr/bin/env python3
"""Measures how dense the code is. Usage: check-style.py [ROOT]

Prints tokens per function (lizard; all functions, inline ones included), words per comment line, long files
and long functions of src/.
Fails on tokens (median, 90th percentile) and words above their bars, on a folder of too many units, on a test in tests/unit that no file of src/ goes with, on an
assert of a pytest that joins two facts: which of them failed, it would not say; and on a using declaration that its file does not use,
which clang-tidy does not see where it looks at files together.
"""

import ast
import pathlib
import re
import statistics
import sys

import lizard

MEDIAN_TOKENS, P90_TOKENS, WORDS_A_LINE = 60, 200, 10
FILE_LINES, FOLDER_FILES = 300, 15
USING = re.compile(r"^\s*using (?:\w+::)+(\w+);", re.M)
COMMENT = re.compile(r"^\s*//[/!]?<?(.*)$")


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in (".hpp", ".cpp"))


def percentile_90(values):
    """The smallest value that at least nine of ten values do not exceed."""
    return sorted(values)[-(-len(values) * 9 // 10) - 1]


def words_of_comments(text):
    """Words in each line that holds only a comment."""
    lines = (COMMENT.match(line) for line in text.splitlines())
    return [len(line.group(1).split()) for line in lines if line and line.group(1).strip()]


def crowded_folders(files):
    folders = {}
    for file in files:
        folders.setdefault(file.parent, set()).add(file.stem)
    return {folder: len(units) for folder, units in folders.items() if len(units) > FOLDER_FILES}


def tests_without_twin(root):
    """tests/unit/a/b_test.cpp tests src/a/b.hpp or src/a/b.cpp; helpers stand in a folder that src/ has, too.
    tests/unit/limits tests docs/limits.md."""
    unit = root / "tests/unit"
    for test in sources(unit):
        if test.parent == unit / "limits":
            continue
        twin = root / "src" / test.relative_to(unit)
        if test.stem.endswith("_test"):
            twin = twin.with_name(test.stem.removesuffix("_test"))
            if not any(twin.with_suffix(suffix).exists() for suffix in (".hpp", ".cpp")):
                yield f"{test.relative_to(root)}: nothing in src/ goes with it"
        elif not twin.parent.is_dir():
            yield f"{test.relative_to(root)}: src/ has no such folder"


def joined_asserts(root):
    for file in sorted((root / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Assert) and isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And):
                yield f"{file.relative_to(root)}:{node.lineno}: two facts in one assert"


def unused_using(texts):
    for file, text in texts.items():
        for name in USING.findall(text) if file.suffix == ".cpp" else []:
            if len(re.findall(rf"\b{name}\b", text)) == 1:
                yield f"{file}: nothing uses what `using …::{name}` names"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[1])
    files = sources(root / "src")
    shown = {file: file.relative_to(root) for file in files}
    texts = {file: file.read_text() for file in files}
    functions = [(f.token_count, f.name, shown[file], f.start_line)
                 for file in files for f in lizard.analyze_file(str(file)).function_list]
    tokens = [function[0] for function in functions]
    median, p90 = statistics.median(tokens), percentile_90(tokens)
    words = [count for text in texts.values() for count in words_of_comments(text)]

    print(f"tokens per function: median {median:g} (at most {MEDIAN_TOKENS}), 90th percentile {p90} (at most {P90_TOKENS}),"
          f" of {len(functions)} functions (measured the same way: ninja 61/268, leveldb 43/184)")
    print(f"words per comment line: {statistics.mean(words):.1f} (at most {WORDS_A_LINE}), of {len(words)} lines (ninja 8.4, leveldb 8.8)")
    for file, lines in ((file, text.count("\n")) for file, text in texts.items()):
        if lines > FILE_LINES:
            print(f"long file: {shown[file]}, {lines} lines")
    for count, name, file, line in sorted(functions, reverse=True):
        if count > P90_TOKENS:
            print(f"long function: {name}, {file}:{line}, {count} tokens")

    problems = [f"full folder: {folder.relative_to(root)}, {units} units: give some of them a folder"
                for folder, units in crowded_folders(files).items()]
    problems += [*tests_without_twin(root), *joined_asserts(root), *unused_using({shown[file]: text for file, text in texts.items()})]
    if statistics.mean(words) > WORDS_A_LINE:
        problems.append(f"comment lines have {statistics.mean(words):.1f} words, and at most {WORDS_A_LINE} are allowed: say less a line")
    if median > MEDIAN_TOKENS:
        problems.append(f"the median is {median:g} tokens per function, and at most {MEDIAN_TOKENS} are allowed:"
                        " give what functions repeat a name of its own")
    if p90 > P90_TOKENS:
        problems.append(f"the 90th percentile is {p90} tokens per function, and at most {P90_TOKENS} are allowed:"
                        " split the functions named above")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
