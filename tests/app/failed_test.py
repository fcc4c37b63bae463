"""`run --failed`: the rows that did not pass, again, and no others."""

import json
import unittest

from command import FAULT_TARGETS, FAULTS, IS_RELEASE, CommandTest, run

TARGETS = """schema: midstream-targets/1
title: t
components:
  - id: fault
    title: Faults
    targets:
      - {id: value, title: V, benchmark: fault/sound/value, statistic: value, limit: "<= 42 B"}
      - {id: wrong, title: W, benchmark: fault/wrong/*, limit: "< 1 s"}
      - {id: slow, title: S, benchmark: fault/sound/batch, limit: "< 0.001 ns"}
      - {id: missing, title: M, benchmark: fault/nowhere/batch, limit: "< 1 s"}
"""


class FailedTest(CommandTest):
    def first_run(self, targets, *arguments):
        results = self.path / "r.json"
        run("run", "--targets", targets, "--profile", "quick", "--results", results,
            "--report", f"json={self.path / 's.json'}", *arguments, binary=FAULTS)
        return results

    def again(self, results, targets, *arguments, **options):
        return run("run", "--failed", results, "--targets", targets, "--profile", "quick",
                   *arguments, binary=FAULTS, **options)

    @unittest.skipUnless(IS_RELEASE, "a debug build never passes")
    def test_only_rows_that_did_not_pass_are_run_again(self):
        targets = self.write("t.yaml", TARGETS)
        results = self.first_run(targets)
        outcome = self.again(results, targets, "--report", "json")
        rows = self.rows(outcome)
        self.assertEqual(sorted(rows), ["missing", "slow", "wrong"])
        self.assertEqual(outcome.returncode, 4)
        document = json.loads(outcome.stdout)
        self.assertEqual(document["out_of_scope"], 1)
        self.assertEqual(document["run"]["filters"],
                         ["fault/wrong/*", "fault/sound/batch", "fault/nowhere/batch"])
        self.assertEqual(len(rows["wrong"]["scenarios"]), 2)

    def test_results_may_come_by_standard_input(self):
        targets = self.write("t.yaml", TARGETS)
        results = self.first_run(targets, "--filter", "fault/nowhere/batch")
        outcome = self.again("-", targets, "--report", "json", input=results.read_bytes())
        self.assertEqual(list(self.rows(outcome)), ["missing"])
        self.assertEqual(outcome.returncode, 1)

    @unittest.skipUnless(IS_RELEASE, "a debug build never passes")
    def test_when_all_passed_the_reports_are_made_without_measuring(self):
        targets = self.write("t.yaml", TARGETS)
        results = self.first_run(targets, "--filter", "fault/sound/value")
        copy, report = self.path / "copy.json", self.path / "report.md"
        outcome = self.again(results, targets, "--report", "json=-", "--results", copy,
                             "--report", f"md={report}")
        self.assert_one_line_error(outcome, 0, "every row in its scope passed", "3 out of scope")
        self.assertEqual(list(self.rows(outcome)), ["value"])
        launches = [json.loads(file.read_text())["benchmarks"] for file in (results, copy)]
        self.assertEqual(launches[0], launches[1])
        self.assertIn("PASS", report.read_text())
        outcome = self.again("-", targets, "--dry-run", input=results.read_bytes())
        self.assert_one_line_error(outcome, 0, "standard input: every row")
        self.assertEqual(outcome.stdout, b"0 rows, 0 benchmarks\n")

    def test_bad_input_is_one_line(self):
        targets = self.write("t.yaml", TARGETS)
        self.assert_one_line_error(self.again("nowhere.json", targets), 2, "nowhere.json")
        broken = self.write("b.json", "{")
        self.assert_one_line_error(self.again(broken, targets), 2, "b.json")
        for option in (("--filter", "fault/**"), ("--suite", "fault")):
            self.assert_one_line_error(self.again(broken, targets, *option), 2, option[0])

    def test_results_outside_the_targets_hold_nothing_to_run(self):
        targets = self.write("t.yaml", TARGETS)
        results = self.first_run(FAULT_TARGETS, "--filter", "fault/throw/timed")
        self.assert_one_line_error(self.again(results, targets), 2, "no row")


if __name__ == "__main__":
    unittest.main()
