"""A benchmark that misbehaves costs its own row and no other."""

import json
import time
import unittest

from command import FAULT_TARGETS, FAULTS, IS_RELEASE, CommandTest, run

PASS = "PASS" if IS_RELEASE else "INCONCLUSIVE"
FAIL = "FAIL" if IS_RELEASE else "INCONCLUSIVE"
EXPECTED = {
    "sound-batch": PASS,
    "sound-single": PASS,
    "sound-state": PASS,
    "sound-value": PASS,
    "print": PASS,
    "fork": PASS,
    "too-slow": FAIL,
    "unsteady-value": "INVALID",
    "crash": "ERROR",
    "crash-verifying": "ERROR",
    "hang": "ERROR",
    "throw": "ERROR",
    "leave": "ERROR",
    "no-data": "ERROR",
    "memory": "ERROR",
    "wrong": "INVALID",
    "wrong-timed": "INVALID",
    "quic-flipped": "INVALID",
    "quic-flipped-timed": "INVALID",
    "quic-short-timed": "INVALID",
    "no-oracle": "INCONCLUSIVE",
    "tiny-single": "INCONCLUSIVE",
    "unavailable": "UNAVAILABLE",
    "missing": "MISSING",
}


class FaultsTest(CommandTest):
    @classmethod
    def setUpClass(cls):
        cls.outcome = run(
            "run", "--targets", FAULT_TARGETS, "--profile", "quick", "--report", "json",
            binary=FAULTS,
        )

    def test_every_row_has_the_verdict_of_its_fault(self):
        verdicts = {name: row["verdict"] for name, row in self.rows(self.outcome).items()}
        self.assertEqual(verdicts, EXPECTED)

    def test_a_broken_benchmark_is_exit_code_4(self):
        self.assertEqual(self.outcome.returncode, 4)

    def test_every_row_but_pass_has_a_reason_and_a_command(self):
        for name, row in self.rows(self.outcome).items():
            if row["verdict"] == "PASS":
                continue
            self.assertTrue(row["reason"], name)
            self.assertNotIn("\n", row["reason"])
            self.assertIn("--filter", row["rerun"])

    def test_reasons_name_the_fault(self):
        rows = self.rows(self.outcome)
        self.assertIn("signal 11", rows["crash"]["reason"])
        self.assertIn("1 s", rows["hang"]["reason"])
        self.assertIn("thrown on purpose", rows["throw"]["reason"])
        self.assertIn("oracle", rows["wrong"]["reason"])
        self.assertIn("timed", rows["wrong-timed"]["reason"])
        self.assertIn("does not exist", rows["unavailable"]["reason"])
        self.assertIn("SHA-256", rows["quic-flipped"]["reason"])
        self.assertIn("pattern", rows["quic-flipped-timed"]["reason"])
        self.assertIn("size", rows["quic-short-timed"]["reason"])

    def test_nothing_a_benchmark_prints_reaches_the_streams(self):
        self.assertNotIn(b"noise on standard output", self.outcome.stdout + self.outcome.stderr)

    def exit_code_of(self, *filters):
        arguments = [part for name in filters for part in ("--filter", name)]
        return run("run", "--targets", FAULT_TARGETS, "--profile", "quick", *arguments,
                   binary=FAULTS).returncode

    @unittest.skipUnless(IS_RELEASE, "a debug build never passes")
    def test_exit_codes_and_their_precedence(self):
        self.assertEqual(self.exit_code_of("fault/sound/value"), 0)
        self.assertEqual(self.exit_code_of("fault/nowhere/batch"), 1)
        self.assertEqual(self.exit_code_of("fault/unavailable/both"), 3)
        self.assertEqual(self.exit_code_of("fault/wrong/always"), 4)
        self.assertEqual(self.exit_code_of("fault/unavailable/both", "fault/nowhere/batch"), 1)
        self.assertEqual(self.exit_code_of("fault/wrong/always", "fault/nowhere/batch"), 4)

    def test_inconclusive_can_be_let_through(self):
        for choice, code in (("fail", 3), ("warn", 0), ("pass", 0)):
            outcome = run("run", "--targets", FAULT_TARGETS, "--filter", "fault/unavailable/both",
                          "--on-inconclusive", choice, binary=FAULTS)
            self.assertEqual(outcome.returncode, code, choice)
            self.assertEqual(choice == "warn", b"undecided" in outcome.stderr)

    def test_google_benchmarks_variables_are_not_obeyed(self):
        outcome = run("run", "--targets", FAULT_TARGETS, "--filter", "fault/sound/state",
                      "--report", "json", binary=FAULTS,
                      env={"BENCHMARK_LIST_TESTS": "true", "BENCHMARK_FILTER": "none"})
        self.assertEqual(self.rows(outcome)["sound-state"]["verdict"], PASS)

    def test_max_time_leaves_the_rest_not_run(self):
        begin = time.monotonic()
        outcome = run("run", "--targets", FAULT_TARGETS, "--max-time", "500ms", "--report", "json",
                      binary=FAULTS)
        self.assertLess(time.monotonic() - begin, 30)
        reasons = [row["reason"] for row in json.loads(outcome.stdout)["rows"]
                   if row["verdict"] == "NOT RUN"]
        self.assertTrue(reasons)
        self.assertTrue(all("--max-time" in reason for reason in reasons), reasons)


if __name__ == "__main__":
    unittest.main()
