"""Long runs: verdicts do not depend on what else the machine does."""

import json
import os
import subprocess
import sys
import unittest

from command import CommandTest, run

BUSY = "while True: pass"
CONTRADICTORY = {("PASS", "FAIL"), ("FAIL", "PASS")}


class BusyCore:
    """A busy loop on one core, for as long as it is entered."""

    def __init__(self, core):
        self.core = core

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-c", BUSY])
        os.sched_setaffinity(self.process.pid, {self.core})

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class SoakTest(CommandTest):
    def verdicts(self, targets, seed, suite):
        outcome = run("run", "--suite", suite, "--targets", targets, "--profile", "quick",
                      "--seed", seed, "--report", "json", timeout=300)
        rows = json.loads(outcome.stdout)["rows"]
        self.assertTrue(rows)
        return {row["target"]: row["verdict"] for row in rows}

    def compare(self, targets, suite="temporal"):
        idle = self.verdicts(targets, 1, suite)
        with BusyCore(max(os.sched_getaffinity(0))):
            loaded = self.verdicts(targets, 2, suite)
        self.assertEqual(idle.keys(), loaded.keys())
        swapped = {name: (idle[name], loaded[name]) for name in idle
                   if (idle[name], loaded[name]) in CONTRADICTORY}
        self.assertEqual(swapped, {})
        return idle, loaded

    def test_idle_and_loaded_never_contradict_each_other(self):
        for targets in ("midstream", "stretch"):
            with self.subTest(targets):
                self.compare(targets)

    def test_two_ends_without_a_core_each_are_not_judged(self):
        self.compare("midstream", "quic")

    def near_limits(self):
        """Targets whose limits stand 20 % above and below what this machine measures."""
        outcome = run("run", "--suite", "temporal", "--profile", "quick", "--report", "json")
        targets = []
        scenarios = [(row["statistic"], scenario)
                     for row in json.loads(outcome.stdout)["rows"] for scenario in row["scenarios"]]
        for number, (statistic, scenario) in enumerate(scenarios):
            for name, factor in (("above", 1.2), ("below", 0.8)):
                limit = f"< {scenario['value'] * factor:.6g} {scenario['unit']}"
                targets.append({"id": f"{name}-{number}", "title": name, "statistic": statistic,
                                "benchmark": scenario["benchmark"], "limit": limit})
        self.assertGreater(len(targets), 20)
        return self.write("near.json", json.dumps(
            {"schema": "midstream-targets/1", "title": "Near",
             "components": [{"id": "temporal", "title": "Temporal", "targets": targets}]}))

    def test_not_even_with_limits_20_percent_off(self):
        idle, loaded = self.compare(self.near_limits())
        decided = [v for v in (*idle.values(), *loaded.values()) if v in ("PASS", "FAIL")]
        self.assertGreater(len(decided), len(idle))  # deciding nothing would not contradict either


if __name__ == "__main__":
    unittest.main()
