"""The doctor as its users meet it, and the noise floor it stores."""

import json
import signal
import subprocess
import time
import unittest

from command import CommandTest, FAULTS, IS_RELEASE, PRODUCT, run

IDS = ["build", "timer", "governor", "turbo", "smt", "aslr", "load", "cores", "start-up",
       "cpu-quota", "memory-limit", "udp", "socket-receive", "socket-send", "counters", "noise"]


class DoctorTest(CommandTest):
    def findings(self):
        outcome = run("doctor", "--json", cwd=self.path)
        self.assertEqual(outcome.returncode, 0)
        self.assertEqual(outcome.stderr, b"")
        return {finding["id"]: finding for finding in json.loads(outcome.stdout)}

    def test_json_has_every_check_with_effect_and_remedy(self):
        findings = self.findings()
        self.assertEqual(list(findings), IDS)
        for finding in findings.values():
            self.assertIn(finding["health"], ("good", "look", "unknown"))
            for key in ("value", "effect", "mend"):
                self.assertTrue(finding[key], finding)
                self.assertNotIn("\n", finding[key])

    def test_text_names_every_check_once(self):
        lines = run("doctor", cwd=self.path).stdout.decode().splitlines()
        named = [line.split()[1] for line in lines if not line.startswith(" ")]
        self.assertEqual(named, IDS)

    def test_looking_writes_nothing(self):
        run("doctor", cwd=self.path)
        self.assertEqual(list(self.path.iterdir()), [])

    @unittest.skipUnless(IS_RELEASE, "a debug build has no noise worth knowing")
    def test_noise_is_stored_and_read_back(self):
        self.assertEqual(self.findings()["noise"]["health"], "look")
        outcome = run("doctor", "--noise", "--json", binary=FAULTS, cwd=self.path)
        self.assertEqual(outcome.returncode, 0, outcome.stderr)
        stored = json.loads((self.path / ".midstream" / "noise.json").read_text())
        self.assertEqual(stored, json.loads(outcome.stdout))
        floors = {floor["class"]: floor for floor in stored["floors"]}
        self.assertIn("fault/operation/center", floors)
        self.assertIn("fault/operation/tail", floors)
        for floor in floors.values():
            self.assertGreaterEqual(floor["floor"], 0)
            self.assertGreaterEqual(floor["comparisons"], 1)
        # Of the same machine and build: the doctor finds it.
        self.assertEqual(self.findings()["noise"]["health"], "good")

    @unittest.skipUnless(IS_RELEASE, "a debug build has no noise worth knowing")
    def test_noise_of_another_machine_or_broken_does_not_count(self):
        folder = self.path / ".midstream"
        folder.mkdir()
        run("doctor", "--noise", binary=FAULTS, cwd=self.path)
        stored = json.loads((folder / "noise.json").read_text())
        stored["environment"]["cpu"] = "Another"
        (folder / "noise.json").write_text(json.dumps(stored))
        noise = self.findings()["noise"]
        self.assertEqual(noise["health"], "look")
        self.assertIn("another cpu", noise["value"])
        (folder / "noise.json").write_text("{")
        self.assertEqual(self.findings()["noise"]["health"], "look")

    @unittest.skipUnless(IS_RELEASE, "a debug build has no noise worth knowing")
    def test_noise_that_cannot_be_stored_is_exit_6_and_still_printed(self):
        (self.path / ".midstream").write_text("in the way")
        outcome = run("--quiet", "doctor", "--noise", "--json", binary=FAULTS, cwd=self.path)
        self.assert_one_line_error(outcome, 6, ".midstream")
        self.assertTrue(json.loads(outcome.stdout)["floors"])

    def test_an_interrupted_noise_run_stores_nothing(self):
        process = subprocess.Popen([PRODUCT, "doctor", "--noise"], cwd=self.path,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 128 + signal.SIGINT)
        self.assertEqual(list(self.path.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
