#!/usr/bin/env python3
"""Checks every #include below src/ against scripts/layers.txt. Usage: check-layers.py [ROOT]

Fails on an include that the table does not allow, on what the table allows and nobody includes, on a circle of any length between
files, on a file whose folder is not in the table, and on a library that a CMakeLists.txt links although no include of that library's
sources needs it.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
# What a linked library that is not ours has for us: an include that begins so needs it.
HEADERS = {
    "Boost::headers": ["boost/"],
    "CLI11::CLI11": ["CLI/"],
    "CURL::libcurl": ["curl/"],
    "OpenSSL::Crypto": ["openssl/"],
    "OpenSSL::SSL": ["boost/asio/ssl/", "openssl/ssl.h"],
    "PkgConfig::UTF8PROC": ["utf8proc.h"],
    "Threads::Threads": ["thread"],
    "crypt": ["crypt.h"],
    "libarchive_readers": ["archive.h", "archive_entry.h", "zlib.h", "zstd.h"],
    "nlohmann_json::nlohmann_json": ["nlohmann/"],
    "prometheus-cpp::core": ["prometheus/"],
    "spdlog_headers": ["spdlog/"],
    "${LZMA_STATIC}": ["lzma.h"],
    "${YAML_CPP_STATIC}": ["yaml-cpp/"],
}


def read_table(path):
    table = {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            folder, allowed = line.split(":")
            table[folder] = set(allowed.split())
    return table


def read_includes(src):
    """Two maps of each file: what it includes of ours, in quotes or below src/, and what else."""
    ours, others = {}, {}
    for path in sorted(path for path in src.rglob("*") if path.suffix in (".hpp", ".cpp")):
        file = str(path.relative_to(src))
        found = INCLUDE.findall(path.read_text())
        ours[file] = [target for mark, target in found if mark == '"' or (src / target).is_file()]
        others[file] = [target for mark, target in found if mark == "<" and target not in ours[file]]
    return ours, others


def folder_of(file):
    return str(pathlib.PurePosixPath(file).parent)


def unit_of(file):
    return file.rsplit(".", 1)[0]


def forbidden_includes(includes, table):
    for file, targets in includes.items():
        folder = folder_of(file)
        if folder not in table:
            yield f"src/{file}: the folder {folder} is not in scripts/layers.txt"
            continue
        for target in targets:
            to = folder_of(target)
            if target not in includes:
                yield f"src/{file}: includes {target}, which is not below src/"
            elif to != folder and to not in table[folder]:
                yield f"src/{file}: {folder} may not include {to} ({target})"


def circles(includes):
    """Each circle of units that need one another, as the path that closes it. A .cpp and its .hpp are one unit."""
    edges = {}
    for file, targets in includes.items():
        unit = unit_of(file)
        edges.setdefault(unit, set()).update(unit_of(target) for target in targets if unit_of(target) != unit)
    done, path = set(), []

    def visit(unit):
        if unit in path:
            yield "circle: " + " -> ".join(path[path.index(unit):] + [unit])
            return
        if unit in done:
            return
        path.append(unit)
        for target in sorted(edges.get(unit, ())):
            yield from visit(target)
        path.pop()
        done.add(unit)

    for unit in edges:
        yield from visit(unit)


def unused_arrows(includes, table):
    used = {(folder_of(file), folder_of(target)) for file, targets in includes.items() for target in targets}
    for folder, allowed in table.items():
        for to in sorted(allowed):
            if (folder, to) not in used:
                yield f"scripts/layers.txt: {folder} may include {to}, and nothing does"


def libraries(src):
    """Library -> (folder, linked libraries)."""
    found = {}
    for lists in src.rglob("CMakeLists.txt"):
        text = re.sub(r"#.*", "", lists.read_text())
        folder = str(lists.parent.relative_to(src))
        calls = [("okg_" + name, linked) for name, linked in re.findall(r"okg_library\(\s*(\w+)([^)]*)\)", text)]
        calls += re.findall(r"target_link_libraries\(\s*([\w-]+)\s([^)]*)\)", text)
        for name, linked in calls:
            words = [word for word in linked.split() if word not in ("PUBLIC", "PRIVATE", "INTERFACE")]
            found.setdefault(name, (folder, []))[1].extend(words)
    return found


def unneeded_links(src, includes, others):
    known = libraries(src)
    homes = sorted(((folder, name) for name, (folder, _) in known.items()), key=lambda each: -len(each[0]))

    def library_of(file):
        return next((name for folder, name in homes if file.startswith(folder + "/")), None)

    needed = {name: set() for name in known}
    for file, targets in includes.items():
        for target in targets:
            if library_of(file) and library_of(target) != library_of(file):
                needed[library_of(file)].add(library_of(target))
        for target in others[file]:
            if library_of(file):
                needed[library_of(file)].update(other for other, headers in HEADERS.items() if target.startswith(tuple(headers)))
    for name, (folder, linked) in known.items():
        for other in linked:
            if other not in known and other not in HEADERS:
                yield f"src/{folder}/CMakeLists.txt: {name} links {other}, which is not in HEADERS of scripts/check-layers.py"
            elif other not in needed[name]:
                yield f"src/{folder}/CMakeLists.txt: {name} links {other}, which no include of it needs"
        for other in (needed[name] & set(known)) - set(linked):
            yield f"src/{folder}/CMakeLists.txt: {name} includes headers of {other} and does not link it"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[1])
    src = root / "src"
    includes, others = read_includes(src)
    table = read_table(root / "scripts/layers.txt")
    problems = [*forbidden_includes(includes, table), *unused_arrows(includes, table), *circles(includes),
                *unneeded_links(src, includes, others)]
    for problem in problems:
        print(problem)
    if not problems:
        print(f"layers: {len(includes)} files, nothing out of place")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
