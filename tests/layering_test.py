#!/usr/bin/env python3
"""Fails when an #include breaks the dependency directions between the folders.

    base <- measure <- targets <- reports <- app
    base <- core components (never each other, except meta and agentic)
    suites -> core components, reference, measure
    reference <- suites and tests only

It also keeps every third-party header at its one place, files under 600 lines, and the include
graph free of cycles. Each rule is proved first on a small tree that breaks it: a rule that cannot
fail would be worth nothing.

    python3 tests/layering_test.py        checks the tree this file stands in
"""

import re
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKED = ("app", "core", "reports", "suites", "targets")
SOURCE_SUFFIXES = {".cpp", ".hpp", ".cc", ".cxx", ".c", ".h", ".hh", ".hxx", ".inc", ".ipp"}
HEADER_SUFFIXES = {".hpp", ".h", ".hh", ".hxx", ".inc", ".ipp"}
MAX_LINES = 600

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)

# Components that integrate others on purpose.
INTEGRATORS = {"core/meta", "core/agentic"}


def layer_of(path):
    """The layer of a file: "core/NAME" below core, else the top folder."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "core" and len(parts) > 2 else parts[0]


def may_use(layer, used):
    """Whether a file of one layer may include a file of another."""
    if used == layer:
        return True
    component = used.startswith("core/") and used not in ("core/measure", "core/reference")
    if layer == "app":
        return used in CHECKED or (used.startswith("core/") and used != "core/reference")
    if layer == "suites":
        return used.startswith("core/")
    if layer == "reports":
        return used in ("core/base", "core/measure", "targets")
    if layer == "targets":
        return used in ("core/base", "core/measure")
    if layer in INTEGRATORS:
        return component
    return layer.startswith("core/") and used == "core/base"


def in_folders(*folders):
    return lambda path: path.startswith(tuple(f + "/" for f in folders))


def is_source_file(path):
    return Path(path).suffix not in HEADER_SUFFIXES


# Header prefix -> (where it may be included, in words; the same as a predicate). First match wins.
THIRD_PARTY = [
    ("CLI/", "app/", in_folders("app")),
    ("spdlog/fmt/", "anywhere but core/", lambda path: not path.startswith("core/")),
    ("fmt/", "anywhere but core/", lambda path: not path.startswith("core/")),
    ("spdlog/", "app/ and suites/harness/", in_folders("app", "suites/harness")),
    ("yaml-cpp/", "targets/", in_folders("targets")),
    ("nlohmann/json_fwd.hpp", "anywhere", lambda path: True),
    ("nlohmann/", ".cpp files (a header takes nlohmann/json_fwd.hpp)", is_source_file),
    ("benchmark/", "suites/harness/", in_folders("suites/harness")),
    ("ngtcp2/", "core/quic/", in_folders("core/quic")),
    ("openssl/", "core/quic/ and core/base/sha256.cpp (and the TLS reference in suites/quic/)",
     lambda path: path.startswith("core/quic/") or
     path in ("core/base/sha256.cpp", "suites/quic/reference_stream.cpp")),
    ("boost/", "core/web/", in_folders("core/web")),
    ("Eigen/", "core/attractor/, core/solver/ and core/meta/",
     in_folders("core/attractor", "core/solver", "core/meta")),
]
# Headers of the operating system that have a folder in their name.
SYSTEM_PREFIXES = ("arpa/", "asm/", "bits/", "linux/", "net/", "netinet/", "sys/")

# What must not leak through a header: files outside the folder may not reach it by any path.
CONFINED = {"ngtcp2/": "core/quic", "openssl/": "core/quic", "boost/": "core/web"}


def third_party_fault(path, header):
    for prefix, words, allowed in THIRD_PARTY:
        if header.startswith(prefix):
            return None if allowed(path) else f"<{header}> belongs in {words}"
    if "/" in header and not header.startswith(SYSTEM_PREFIXES):
        return f"<{header}> has no place: give it one in tests/layering_test.py"
    return None


class Tree:
    """The include graph of the checked folders under a root."""

    def __init__(self, root):
        self.root = Path(root)
        self.own = {}      # file -> the project's files it includes
        self.foreign = {}  # file -> the other headers it includes
        self.faults = []
        for folder in CHECKED:
            for file in sorted((self.root / folder).rglob("*")):
                if file.is_file() and file.suffix in SOURCE_SUFFIXES:
                    self._read(file)

    def _read(self, file):
        path = file.relative_to(self.root).as_posix()
        text = file.read_text(encoding="utf-8")
        lines = len(text.splitlines())
        if lines > MAX_LINES:
            self.faults.append(f"{path}: {lines} lines, at most {MAX_LINES} are allowed")
        self.own[path], self.foreign[path] = [], []
        for quote, header in INCLUDE.findall(text):
            self._sort_include(path, quote, header)

    def _sort_include(self, path, quote, header):
        top = header.split("/")[0]
        # A file.in at the same path is a template that CMake writes into the build tree.
        if (self.root / header).is_file() or (self.root / (header + ".in")).is_file():
            self.own[path].append(header)
        elif quote == '"' and (top in CHECKED or top == "tests" or "/" not in header):
            self.faults.append(f'{path}: "{header}" is not a file under the root of the tree')
        elif quote == '"' and header.startswith("."):
            self.faults.append(f'{path}: "{header}": includes are relative to the root of the tree')
        else:
            self.foreign[path].append(header)

    def reachable(self, start):
        seen, todo = set(), [start]
        while todo:
            file = todo.pop()
            if file not in seen:
                seen.add(file)
                todo += self.own.get(file, [])
        return seen

    def check(self):
        """Every broken rule, one line each."""
        faults = list(self.faults)
        if not self.own:
            faults.append("no source file was found: nothing was checked")
        for path, headers in self.own.items():
            layer = layer_of(path)
            faults += [f"{path}: {layer} may not include {header}" for header in headers
                       if not may_use(layer, layer_of(header))]
        for path, headers in self.foreign.items():
            faults += [f"{path}: {fault}" for header in headers
                       if (fault := third_party_fault(path, header))]
            faults += self._leaks(path)
        return faults + self._cycles()

    def _leaks(self, path):
        for prefix, folder in CONFINED.items():
            if path.startswith(folder + "/"):
                continue
            for file in self.reachable(path) - {path}:
                if any(header.startswith(prefix) for header in self.foreign.get(file, [])):
                    yield f"{path}: reaches <{prefix}…> through {file}, which is internal to {folder}/"

    def _cycles(self):
        faults, done, trail = [], set(), []

        def visit(file):
            if file in trail:
                cycle = trail[trail.index(file):] + [file]
                faults.append("cycle: " + " -> ".join(cycle))
            elif file not in done:
                trail.append(file)
                for header in self.own.get(file, []):
                    visit(header)
                done.add(trail.pop())

        for file in self.own:
            visit(file)
        return faults


def faults_of(files):
    """The faults of a tree made of {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return Tree(folder).check()


def including(*headers):
    return "".join(f"#include {header}\n" for header in headers)


# A tree that breaks no rule; each planted fault adds to it.
SOUND = {
    "core/base/result.hpp": including("<string>"),
    "core/base/sha256.cpp": including("<openssl/evp.h>"),
    "core/measure/measurement.hpp": including('"core/base/result.hpp"'),
    "core/temporal/dtw.hpp": including('"core/base/result.hpp"', "<span>"),
    "core/temporal/dtw.cpp": including('"core/temporal/dtw.hpp"'),
    "core/quic/tls.hpp": including('"core/base/result.hpp"'),
    "core/quic/tls_native.hpp": including("<openssl/ssl.h>"),
    "core/quic/tls.cpp": including('"core/quic/tls_native.hpp"', "<ngtcp2/ngtcp2.h>"),
    "core/meta/features.cpp": including('"core/temporal/dtw.hpp"', "<Eigen/Dense>"),
    "core/reference/oracles.hpp": including('"core/base/result.hpp"'),
    "targets/model.hpp": including('"core/measure/measurement.hpp"', "<nlohmann/json_fwd.hpp>"),
    "targets/loader.cpp": including('"targets/model.hpp"', "<yaml-cpp/yaml.h>"),
    "reports/json.cpp": including('"targets/model.hpp"', "<nlohmann/json.hpp>", "<fmt/core.h>"),
    "reports/scorecard.hpp": including('"targets/model.hpp"'),
    "suites/harness/adapter.cpp": including("<benchmark/benchmark.h>", "<spdlog/spdlog.h>"),
    "suites/temporal/dtw.cpp": including('"core/temporal/dtw.hpp"', '"core/reference/oracles.hpp"'),
    "app/version.hpp.in": "",
    "app/main.cpp": including('"app/version.hpp"', '"reports/scorecard.hpp"', "<CLI/CLI.hpp>",
                              "<sys/wait.h>"),
}

# (file, what is planted in it, what the message must say)
PLANTED = [
    ("core/base/units.hpp", including('"core/measure/measurement.hpp"'), "core/base may not"),
    ("core/measure/file.cpp", including('"targets/model.hpp"'), "core/measure may not"),
    ("core/measure/file.cpp", including('"core/temporal/dtw.hpp"'), "core/measure may not"),
    ("targets/judge.cpp", including('"reports/scorecard.hpp"'), "targets may not"),
    ("targets/judge.cpp", including('"core/temporal/dtw.hpp"'), "targets may not"),
    ("reports/md.cpp", including('"app/main.cpp"'), "reports may not"),
    ("reports/md.cpp", including('"suites/temporal/dtw.cpp"'), "reports may not"),
    ("suites/temporal/lcs.cpp", including('"targets/model.hpp"'), "suites may not"),
    ("core/temporal/lcs.cpp", including('"core/quic/tls.hpp"'), "core/temporal may not"),
    ("core/temporal/lcs.cpp", including('"core/measure/measurement.hpp"'), "core/temporal may not"),
    ("core/temporal/lcs.cpp", including('"core/reference/oracles.hpp"'), "core/temporal may not"),
    ("core/agentic/loop.cpp", including('"core/reference/oracles.hpp"'), "core/agentic may not"),
    ("core/reference/lcs.cpp", including('"core/temporal/dtw.hpp"'), "core/reference may not"),
    ("app/run.cpp", including('"core/reference/oracles.hpp"'), "app may not"),
    ("app/run.cpp", "  #  include <core/reference/oracles.hpp>\n", "app may not"),
    ("reports/md.cpp", including("<CLI/CLI.hpp>"), "belongs in app/"),
    ("reports/md.cpp", including("<spdlog/spdlog.h>"), "belongs in app/ and suites/harness/"),
    ("core/temporal/lcs.cpp", including("<fmt/core.h>"), "belongs in anywhere but core/"),
    ("app/lint.cpp", including("<yaml-cpp/yaml.h>"), "belongs in targets/"),
    ("reports/md.hpp", including("<nlohmann/json.hpp>"), "belongs in .cpp files"),
    ("suites/temporal/lcs.cpp", including("<benchmark/benchmark.h>"), "belongs in suites/harness/"),
    ("suites/quic/row.cpp", including("<ngtcp2/ngtcp2.h>"), "belongs in core/quic/"),
    ("core/base/file.cpp", including("<openssl/evp.h>"), "belongs in core/quic/ and"),
    ("suites/quic/row.cpp", including('"core/quic/tls_native.hpp"'), "internal to core/quic/"),
    ("core/wasm/abi.cpp", including("<boost/beast.hpp>"), "belongs in core/web/"),
    ("core/temporal/lcs.cpp", including("<Eigen/Dense>"), "belongs in core/attractor/"),
    ("app/run.cpp", including("<absl/strings/str_cat.h>"), "has no place"),
    ("core/temporal/lcs.cpp", including('"dtw.hpp"'), "is not a file under the root"),
    ("core/temporal/lcs.cpp", including('"../base/result.hpp"'), "relative to the root"),
    ("core/temporal/lcs.cpp", "\n" * 601, "601 lines"),
    ("core/base/result.hpp", including('"core/base/result.hpp"'), "cycle: "),
]


class Layering(unittest.TestCase):
    def test_a_sound_tree_has_no_fault(self):
        self.assertEqual(faults_of(SOUND), [])

    def test_every_planted_fault_is_found_and_no_other(self):
        for path, text, message in PLANTED:
            with self.subTest(path=path, planted=text[:60]):
                faults = faults_of({**SOUND, path: text})
                self.assertEqual(len(faults), 1, faults)
                self.assertIn(path, faults[0])
                self.assertIn(message, faults[0])

    def test_a_cycle_over_three_files_is_found_once(self):
        faults = faults_of({
            "core/base/a.hpp": including('"core/base/b.hpp"'),
            "core/base/b.hpp": including('"core/base/c.hpp"'),
            "core/base/c.hpp": including('"core/base/a.hpp"'),
        })
        self.assertEqual(faults, [
            "cycle: core/base/a.hpp -> core/base/b.hpp -> core/base/c.hpp -> core/base/a.hpp"])

    def test_an_empty_tree_is_a_fault(self):
        self.assertEqual(faults_of({}), ["no source file was found: nothing was checked"])

    def test_this_tree(self):
        faults = Tree(ROOT).check()
        if faults:
            self.fail("\n" + "\n".join(faults))


if __name__ == "__main__":
    unittest.main()
