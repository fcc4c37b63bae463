"""Runs the binaries under test; shared by the end-to-end tests of the command line."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PRODUCT = os.environ["MIDSTREAM_BINARY"]
FAULTS = os.environ["MIDSTREAM_FAULTS_BINARY"]
HERE = pathlib.Path(__file__).parent
FAULT_TARGETS = str(HERE / "fault_targets.yaml")


def run(*arguments, binary=PRODUCT, timeout=120, **options):
    options.setdefault("stdin", subprocess.DEVNULL)
    if "input" in options:
        del options["stdin"]
    return subprocess.run(
        [binary, *map(str, arguments)],
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        timeout=timeout,
        **options,
    )


IS_RELEASE = b"not for verdicts" not in run("--version").stdout


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def write(self, name, text):
        path = self.path / name
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    def assert_one_line_error(self, outcome, code, *words):
        text = outcome.stderr.decode()
        self.assertEqual(outcome.returncode, code, text)
        self.assertEqual(len(text.splitlines()), 1, text)
        for word in words:
            self.assertIn(word, text)

    def rows(self, outcome):
        return {row["target"]: row for row in json.loads(outcome.stdout)["rows"]}
