"""`scripts/check layers` fails on what docs/architecture.md says that it does, in a tree of two libraries."""

import pathlib
import subprocess
import sys

import pytest

CHECK = pathlib.Path(__file__).resolve().parents[2] / "scripts/check-layers.py"
TREE = {
    "scripts/layers.txt": "low:\nhigh: low\n",
    "src/low/CMakeLists.txt": "okg_library(low CURL::libcurl)\n",
    "src/low/a.hpp": "#include <curl/curl.h>\n",
    "src/low/b.hpp": "",
    "src/high/CMakeLists.txt": "okg_library(high okg_low)\n",
    "src/high/c.cpp": '#include "low/a.hpp"\n',
    "src/high/d.hpp": "",
}


def check(folder, **changed):
    for file, text in {**TREE, **changed}.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)
    done = subprocess.run([sys.executable, CHECK, folder], capture_output=True, text=True)
    return done.returncode, done.stdout


def test_a_tree_in_order_passes(tmp_path):
    assert check(tmp_path) == (0, "layers: 4 files, nothing out of place\n")


@pytest.mark.parametrize("include", ['#include "high/d.hpp"', "#include <high/d.hpp>", '#include  "high/d.hpp"', '  # include "high/d.hpp"'])
def test_a_low_folder_may_not_include_a_high_one(tmp_path, include):
    code, said = check(tmp_path, **{"src/low/b.hpp": include + "\n"})
    assert code == 1
    assert "src/low/b.hpp: low may not include high (high/d.hpp)" in said


def test_files_may_not_include_one_another(tmp_path):
    code, said = check(tmp_path, **{"src/low/a.hpp": '#include <curl/curl.h>\n#include "low/b.hpp"\n', "src/low/b.hpp": '#include "low/a.hpp"\n'})
    assert code == 1
    assert "circle: low/a -> low/b -> low/a" in said


def test_an_arrow_that_nothing_needs_goes(tmp_path):
    code, said = check(tmp_path, **{"src/high/c.cpp": "", "src/high/CMakeLists.txt": "okg_library(high)\n"})
    assert code == 1
    assert "scripts/layers.txt: high may include low, and nothing does" in said


@pytest.mark.parametrize("links", ["okg_library(low CURL::libcurl CLI11::CLI11)\n",
                                   "okg_library(low CURL::libcurl)\ntarget_link_libraries(okg_low PUBLIC CLI11::CLI11)\n",
                                   "okg_library(low CURL::libcurl)\ntarget_link_libraries(okg_low INTERFACE CLI11::CLI11)\n"])
def test_a_library_links_nothing_that_it_does_not_include(tmp_path, links):
    code, said = check(tmp_path, **{"src/low/CMakeLists.txt": links})
    assert code == 1
    assert "src/low/CMakeLists.txt: okg_low links CLI11::CLI11, which no include of it needs" in said


def test_a_library_of_ours_is_linked_where_it_is_included_alone(tmp_path):
    code, said = check(tmp_path, **{"src/low/CMakeLists.txt": "okg_library(low CURL::libcurl okg_high)\n", "src/high/CMakeLists.txt": "okg_library(high)\n"})
    assert code == 1
    assert "okg_low links okg_high, which no include of it needs" in said
    assert "okg_high includes headers of okg_low and does not link it" in said


def test_a_folder_has_a_line_in_the_table(tmp_path):
    code, said = check(tmp_path, **{"src/new/e.hpp": ""})
    assert code == 1
    assert "src/new/e.hpp: the folder new is not in scripts/layers.txt" in said
