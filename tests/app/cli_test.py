"""The command line as its users meet it: streams, exit codes, bad input, interrupts."""

import fcntl
import json
import os
import pathlib
import pty
import resource
import signal
import struct
import subprocess
import termios
import time
import unittest

from command import FAULT_TARGETS, FAULTS, IS_RELEASE, PRODUCT, CommandTest, run

GOOD = """schema: midstream-targets/1
title: t
components:
  - id: fault
    title: Faults
    targets:
      - {id: a, title: A, benchmark: fault/sound/batch, limit: "< 1 s"}
"""
SUBCOMMANDS = ("run", "check", "report", "compare", "baseline", "list", "targets", "doctor",
               "verify")


class HelpTest(CommandTest):
    def test_help_goes_to_stdout_and_shows_two_examples(self):
        for name in SUBCOMMANDS:
            outcome = run(name, "--help")
            self.assertEqual(outcome.returncode, 0)
            self.assertEqual(outcome.stderr, b"")
            self.assertRegex(outcome.stdout.decode(), f"Usage: midstream-validate {name} \\[")
            examples = outcome.stdout.decode().split("Examples:")[1]
            self.assertEqual(examples.count("midstream-validate "), 2, name)

    def test_help_shows_defaults_and_global_options(self):
        text = run("run", "--help").stdout.decode()
        for default in ("(default: standard)", "(default: 1)", "(default: fail)"):
            self.assertIn(default, " ".join(text.split()))
        for name in SUBCOMMANDS:
            text = run(name, "--help").stdout.decode()
            for option in ("--quiet", "--verbose", "--color"):
                self.assertIn(option, text, name)

    def test_the_worker_is_not_for_people(self):
        self.assertNotIn(b"worker", run("--help").stdout)

    def test_version_names_every_library(self):
        text = run("--version").stdout.decode()
        for library in ("CLI11", "nlohmann/json", "yaml-cpp", "Google Benchmark", "spdlog",
                        "OpenSSL", "ngtcp2", "compiler", "build type"):
            self.assertRegex(text, library + r" +\S")


class UsageTest(CommandTest):
    def test_wrong_words_are_one_line_and_exit_2(self):
        self.assert_one_line_error(run(), 2)
        self.assert_one_line_error(run("rnu"), 2, "rnu", "'run'")
        self.assert_one_line_error(run("run", "--sute", "temporal"), 2, "--suite")
        self.assert_one_line_error(run("run", "--suite", "temporl"), 2, "temporal")
        self.assert_one_line_error(run("run", "--filter", "temporal/dtw/sin/n=100"), 2,
                                   "temporal/dtw/sine/n=100")
        self.assert_one_line_error(run("run", "--profile", "fast"), 2, "quick")
        self.assert_one_line_error(run("run", "--report", "jsn=x"), 2, "json")
        self.assert_one_line_error(run("run", "--report", "json", "--report", "md"), 2, "md=PATH")
        self.assert_one_line_error(run("run", "--report", "json="), 2)
        self.assert_one_line_error(run("run", "--max-time", "0s"), 2, "60s")
        self.assert_one_line_error(run("run", "--max-time", "5 kB"), 2, "size", "60s")
        self.assert_one_line_error(run("run", "--max-time", "1e300s"), 2, "too large", "60s")
        for seed in ("-1", "1.5", "0x10", "", "18446744073709551616"):
            self.assert_one_line_error(run("run", f"--seed={seed}", "--dry-run"), 2, "--seed",
                                       "18446744073709551615")
        self.assertEqual(run("run", "--seed", "18446744073709551615", "--dry-run").returncode, 0)
        self.assert_one_line_error(run("list", "things"), 2, "benchmarks")
        self.assert_one_line_error(run("check"), 2, "RESULTS")
        self.assert_one_line_error(run("check", "nowhere.json"), 2, "nowhere.json")
        self.assert_one_line_error(run("verify", "nowhere.json"), 2, "nowhere.json")

    def test_the_unknown_word_is_named_with_the_nearest(self):
        for arguments, word, nearest in (
                (("--frob",), "'--frob'", ""),
                (("--quite", "run"), "'--quite'", "'--quiet'"),
                (("run", "--profle", "quick"), "'--profle'", "'--profile'"),
                (("run", "--profle=quick"), "'--profle'", "'--profile'"),
                (("targets", "lnit"), "'lnit'", "'lint'"),
                (("verify", "a.json", "b.json"), "'b.json'", "")):
            outcome = run(*arguments)
            self.assert_one_line_error(outcome, 2, word, nearest)
            self.assertNotIn("subcommand is required", outcome.stderr.decode())

    def test_a_message_says_error_once(self):
        broken = self.write("t.yaml", "schema: midstream-targets/1\ncolour: red\n")
        for arguments in (("run", "--targets", "nope.yaml"), ("run", "--targets", broken),
                          ("targets", "show", broken), ("list", "targets", "--targets", broken)):
            for line in run(*arguments).stderr.decode().splitlines():
                self.assertEqual(line.count("error: "), 1, line)

    def test_a_scorecard_is_not_judged_again(self):
        card = self.write("s.json", '{"schema": "midstream-scorecard/1"}')
        self.assert_one_line_error(run("check", card), 2, "this is a scorecard", "verify")

    def test_list_is_an_array_of_objects_with_ids(self):
        for what in ("suites", "benchmarks", "targets", "reports"):
            items = json.loads(run("list", what, "--json").stdout)
            self.assertTrue(items)
            self.assertTrue(all(item["id"] for item in items))

    def test_the_temporal_suite_covers_its_scenarios(self):
        ids = [item["id"] for item in json.loads(run("list", "benchmarks", "--json").stdout)]
        self.assertGreaterEqual(sum(i.startswith("temporal/") for i in ids), 45)


class TargetsFileTest(CommandTest):
    def run_with(self, text):
        path = self.write("targets.yaml", text)
        return run("run", "--targets", path, "--profile", "quick", binary=FAULTS)

    def test_bad_files_are_exit_2_with_the_place(self):
        bad = {
            "empty": "",
            "comment": "# nothing\n",
            "binary": bytes(range(256)),
            "unknown key": GOOD + "colour: red\n",
            "unit": GOOD.replace("< 1 s", "< 1 lightyear"),
            "no unit": GOOD.replace("< 1 s", "< 1"),
            "no operator": GOOD.replace("< 1 s", "1 s"),
            "negative": GOOD.replace("< 1 s", "< -1 s"),
            "duplicate": GOOD + GOOD.splitlines()[-1] + "\n",
            "version": GOOD.replace("targets/1", "targets/9"),
            "anchor": GOOD.replace("title: t", "title: &a t"),
            "second document": GOOD + "---\n" + GOOD,
            "huge": GOOD + "#" * (2 << 20),
        }
        for name, text in bad.items():
            with self.subTest(name):
                outcome = self.run_with(text)
                self.assertEqual(outcome.returncode, 2, outcome.stderr)
                self.assertEqual(outcome.stdout, b"")
                for line in outcome.stderr.decode().splitlines():
                    self.assertIn("targets.yaml", line)

    def test_missing_file(self):
        self.assert_one_line_error(run("run", "--targets", "nowhere.yaml"), 2, "nowhere.yaml")

    def test_json_twin_gives_the_same_rows(self):
        twin = {"schema": "midstream-targets/1", "title": "t", "components": [
            {"id": "fault", "title": "Faults", "targets": [
                {"id": "a", "title": "A", "benchmark": "fault/sound/batch", "limit": "< 1 s"}]}]}
        yaml = self.write("t.yaml", GOOD)
        twin = self.write("t.json", json.dumps(twin))
        results = self.path / "r.json"
        run("run", "--targets", yaml, "--results", results, "--profile", "quick", binary=FAULTS)
        rows = [json.loads(run("check", results, "--targets", file, "--report", "json",
                               binary=FAULTS).stdout)["rows"] for file in (yaml, twin)]
        self.assertTrue(rows[0])
        for row in rows[0] + rows[1]:
            del row["rerun"]  # names the file
        self.assertEqual(rows[0], rows[1])

    def test_names_with_spaces_and_unicode(self):
        yaml = self.write("Ziele für µs 測定.yaml", GOOD.replace("title: A", 'title: "Grüße | 測定"'))
        report = self.path / "Bericht für 測定.md"
        outcome = run("run", "--targets", yaml, "--profile", "quick", "--report", f"md={report}",
                      binary=FAULTS)
        self.assertEqual(outcome.stdout, b"")
        self.assertIn("Grüße", report.read_text(encoding="utf-8"))

    def test_lint_names_line_and_column(self):
        path = self.write("t.yaml", GOOD.replace("limit:", "limt:"))
        outcome = run("targets", "lint", path)
        self.assertEqual(outcome.returncode, 2)
        self.assertRegex(outcome.stdout.decode(), r"t\.yaml:7:\d+: error: .*limit")

    def test_shipped_files_have_no_errors(self):
        for name in ("midstream", "stretch"):
            self.assertEqual(run("targets", "lint", name).returncode, 0, name)
        json.loads(run("targets", "schema").stdout)


class OutputTest(CommandTest):
    @classmethod
    def setUpClass(cls):
        import tempfile
        cls.shared = tempfile.TemporaryDirectory()
        cls.results = pathlib.Path(cls.shared.name) / "results.json"
        run("run", "--targets", FAULT_TARGETS, "--filter", "fault/sound/*", "--profile", "quick",
            "--results", cls.results, binary=FAULTS)

    @classmethod
    def tearDownClass(cls):
        cls.shared.cleanup()

    def check(self, *arguments, **options):
        return run("check", self.results, "--targets", FAULT_TARGETS, *arguments, binary=FAULTS,
                   **options)

    def test_stdout_is_one_json_document(self):
        outcome = self.check("--report", "json=-")
        self.assertEqual(json.loads(outcome.stdout)["schema"], "midstream-scorecard/1")

    def test_results_from_stdin_judge_the_same(self):
        outcome = run("check", "-", "--targets", FAULT_TARGETS, "--report", "json", binary=FAULTS,
                      input=self.results.read_bytes())
        self.assertEqual(json.loads(outcome.stdout)["rows"],
                         json.loads(self.check("--report", "json").stdout)["rows"])

    def test_report_only_renders(self):
        outcome = run("report", self.results, "--targets", FAULT_TARGETS, "--report", "md",
                      binary=FAULTS)
        self.assertEqual(outcome.returncode, 0)
        self.assertTrue(outcome.stdout.startswith(b"#"))

    def test_no_colour_on_a_pipe_unless_asked(self):
        self.assertNotIn(b"\x1b[", self.check().stdout)
        self.assertIn(b"\x1b[", self.check("--color", "always").stdout)

    def test_unwritable_report_loses_nothing_else(self):
        good = self.path / "good.json"
        for bad in ("/nonexistent/report.md", "/dev/full"):
            good.unlink(missing_ok=True)
            outcome = self.check("--report", f"md={bad}", "--report", f"json={good}")
            self.assertIn(bad, outcome.stderr.decode())
            json.loads(good.read_text())
            # A failed row outranks the lost report.
            self.assertEqual(outcome.returncode, 1 if IS_RELEASE else 3)
        outcome = run("report", self.results, "--targets", FAULT_TARGETS, "--report", "md=/dev/full",
                      binary=FAULTS)
        self.assertEqual(outcome.returncode, 6)

    def test_only_advisory_rows_are_exit_0_without_an_approval(self):
        targets = self.write("t.yaml", GOOD.replace("limit: ", "severity: advisory, limit: "))
        outcome = run("check", self.results, "--targets", targets, "--report", "json",
                      binary=FAULTS)
        self.assert_one_line_error(outcome, 0, "only advisory rows")
        overall = json.loads(outcome.stdout)["overall"]
        self.assertEqual(overall["approval"], "CONDITIONAL")
        self.assertIn("no required row was judged", overall["reasons"][0])

    def test_copies_of_a_launch_and_a_false_release_are_exit_2(self):
        results = json.loads(self.results.read_text())
        copies = json.loads(self.results.read_text())
        for launch in copies["benchmarks"][0]["launches"]:
            launch["round"] = 0
        path = self.write("copies.json", json.dumps(copies))
        self.assert_one_line_error(run("check", path, binary=FAULTS), 2, "one launch a round")
        results["release_build"] = not results["release_build"]
        path = self.write("release.json", json.dumps(results))
        self.assert_one_line_error(run("check", path, binary=FAULTS), 2, "build_type")

    def test_no_output_overwrites_another_or_an_input(self):
        text = self.results.read_bytes()
        same, link = self.path / "same", self.path / "link"
        link.symlink_to("same")
        there = self.path / "." / "sub" / ".." / "same"
        (self.path / "sub").mkdir()
        run_it = ("run", "--targets", FAULT_TARGETS, "--filter", "fault/sound/value")
        for arguments in (
                (*run_it, "--results", same, "--report", f"json={same}"),
                (*run_it, "--report", f"md={same}", "--report", f"json={there}"),
                (*run_it, "--report", f"md={same}", "--report", f"json={link}"),
                ("run", "--failed", self.results, "--targets", FAULT_TARGETS, "--results",
                 self.results),
                ("run", "--targets", FAULT_TARGETS, "--report", f"md={FAULT_TARGETS}"),
                ("check", self.results, "--targets", FAULT_TARGETS, "--report",
                 f"md={self.results}"),
                ("report", self.results, "--targets", FAULT_TARGETS, "--report",
                 f"md={self.results}"),
                ("compare", self.results, self.results, "--report", f"md={self.results}")):
            self.assert_one_line_error(run(*arguments, binary=FAULTS), 2, "overwrite")
            self.assertFalse(same.exists())
        self.assertEqual(self.results.read_bytes(), text)
        # Nothing is lost in a device.
        outcome = self.check("--report", "md=/dev/null", "--report", "json=/dev/null")
        self.assertEqual(outcome.stderr, b"")

    def test_results_do_not_go_to_standard_output(self):
        outcome = run("run", "--results", "-", cwd=self.path)
        self.assert_one_line_error(outcome, 2, "--results", "standard output")
        self.assertEqual(list(self.path.iterdir()), [])

    def test_a_limit_on_the_size_of_files_costs_one_report(self):
        big, small = self.path / "big.json", self.path / "small.txt"

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        outcome = run("report", self.results, "--targets", FAULT_TARGETS, "--report", f"json={big}",
                      "--report", f"console={small}", binary=FAULTS, preexec_fn=limit)
        self.assert_one_line_error(outcome, 6, "big.json", "ulimit -f")
        self.assertEqual([file.name for file in self.path.iterdir()], ["small.txt"])

    def test_full_stdout_is_exit_6(self):
        with open("/dev/full", "wb") as full:
            outcome = run("report", self.results, "--targets", FAULT_TARGETS, binary=FAULTS,
                          stdout=full)
        self.assertEqual(outcome.returncode, 6)
        self.assertIn(b"standard output", outcome.stderr)

    def test_closed_stdout_completes_the_files_and_ends_by_sigpipe(self):
        report = self.path / "report.json"
        read_end, write_end = os.pipe()
        os.close(read_end)
        with os.fdopen(write_end, "wb") as closed:
            outcome = self.check("--report", "console", "--report", f"json={report}", stdout=closed)
        self.assertEqual(outcome.returncode, -signal.SIGPIPE)
        json.loads(report.read_text())

    def test_truncated_results_are_one_line_and_exit_2(self):
        text = self.results.read_bytes()
        step = max(10, len(text) // 150 // 10 * 10)
        for length in range(0, len(text) - 2, step):
            cut = self.write("cut.json", text[:length])
            outcome = run("check", cut, "--targets", FAULT_TARGETS, binary=FAULTS)
            self.assert_one_line_error(outcome, 2, "cut.json")

    def test_wrong_schema_version(self):
        text = self.results.read_text().replace("midstream-results/1", "midstream-results/2", 1)
        outcome = run("check", self.write("r.json", text), binary=FAULTS)
        self.assert_one_line_error(outcome, 2, "midstream-results/2")

    def test_verify_agrees_and_catches_every_edit(self):
        card = json.loads(self.check("--report", "json").stdout)
        sound = self.write("s.json", json.dumps(card))
        self.assertEqual(run("verify", sound).returncode, 0)

        def edited(change):
            copy = json.loads(json.dumps(card))
            change(copy)
            outcome = run("verify", self.write("e.json", json.dumps(copy)))
            self.assertEqual(outcome.returncode, 1, outcome.stdout + outcome.stderr)

        row = next(i for i, r in enumerate(card["rows"]) if r["target"] == "sound-batch")

        def flip(copy):
            copy["rows"][row]["verdict"] = "FAIL" if IS_RELEASE else "PASS"

        def sample(copy):
            launch = copy["rows"][row]["scenarios"][0]["launches"][0]
            if isinstance(launch, dict):
                launch["value"] *= 1.5
            else:
                copy["rows"][row]["scenarios"][0]["launches"][0] = launch * 1.5

        def limit(copy):
            copy["rows"][row]["limit"] = "< 2 s"

        for change in (flip, sample, limit):
            edited(change)


class ProgressTest(CommandTest):
    def on_terminal(self, *arguments, columns=80, **environment):
        """What standard error, a terminal of so many columns, gets to show."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen(
            [FAULTS, "run", "--targets", FAULT_TARGETS, "--filter", "fault/sound/*", "--profile",
             "quick", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=slave, env={**os.environ, "TERM": "xterm", **environment})
        os.close(slave)
        shown = b""
        while True:
            try:
                block = os.read(master, 65536)
            except OSError:  # how Linux says that the other end is closed
                block = b""
            if not block:
                break
            shown += block
        os.close(master)
        process.wait()
        return shown.decode()

    def test_the_bar_shows_rows_and_does_not_depend_on_colour(self):
        for colour in ("auto", "never"):
            self.assertRegex(self.on_terminal("--color", colour), r"[█░]{20} \d+/5 rows  \d+ s left")

    def test_a_narrow_terminal(self):
        for columns in (1, 10, 20, 21):
            for line in self.on_terminal(columns=columns).split("\r\x1b[K"):
                self.assertLess(len(line.strip("\r\n")), max(columns, 1) if "error" not in line else 999)

    def test_no_bar_when_not_wanted(self):
        self.assertEqual(self.on_terminal("--quiet"), "")
        for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
            self.assertNotIn("█", self.on_terminal(**{name: value}))


class InterruptTest(CommandTest):
    def interrupted(self, number, **options):
        results, report = self.path / "r.json", self.path / "s.json"
        process = subprocess.Popen(
            [PRODUCT, "run", "--profile", "thorough", "--suite", "temporal", "--results", results,
             "--report", f"json={report}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
        time.sleep(2)
        process.send_signal(number)
        return process, results, report

    def test_interrupt_keeps_what_was_measured(self):
        for number in (signal.SIGINT, signal.SIGHUP):
            process, results, report = self.interrupted(number)
            process.communicate(timeout=30)
            self.assertEqual(process.returncode, 128 + number)
            self.assertTrue(json.loads(results.read_text())["interrupted"])
            verdicts = {row["verdict"] for row in json.loads(report.read_text())["rows"]}
            self.assertIn("NOT RUN", verdicts)

    def test_nohup_is_obeyed(self):
        process, _, _ = self.interrupted(
            signal.SIGHUP, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        time.sleep(0.5)
        self.assertIsNone(process.poll())
        process.terminate()
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
