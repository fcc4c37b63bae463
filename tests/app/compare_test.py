"""Two runs held against each other: saved, as baselines, and live."""

import copy
import json
import os
import pathlib
import statistics
import tempfile
import unittest

from command import FAULT_TARGETS, FAULTS, IS_RELEASE, PRODUCT, CommandTest, run

IDS = [f"fault/made/row-{i}" for i in range(12)]


def template():
    """A results file as the program writes it, measured once."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "r.json"
        run("run", "--targets", FAULT_TARGETS, "--filter", "fault/sound/batch", "--profile", "quick",
            "--results", path, binary=FAULTS)
        return json.loads(path.read_text())


def launch_of(like, round_, samples):
    launch = copy.deepcopy(like)
    ordered = sorted(samples)
    launch.update(round=round_, status="ok", reason="", samples=samples)
    launch["statistics"] = {
        "mean": statistics.fmean(samples), "median": statistics.median(samples),
        "min": ordered[0], "max": ordered[-1], "p50": ordered[(len(ordered) + 1) // 2 - 1]}
    launch.pop("rates", None)
    launch.pop("histogram", None)
    return launch


def made(like, factor=1.0, launches=20, ids=IDS, factors=None):
    """Small results: launches of made-up samples, one per cent apart, times a factor."""
    results = copy.deepcopy(like)
    results.update(release_build=True, interrupted=False, suites=[], filters=[])
    results["environment"]["build_type"] = "release"
    pattern = results["benchmarks"][0]
    pattern.pop("throughput", None)
    pattern.pop("quality", None)  # of the launches that were there before
    pattern.update(status="ok", reason="", timer_cost_share=0.001,
                   correctness={"oracle": "o", "cases": 16, "ok": True})
    results["benchmarks"] = []
    for position, name in enumerate(ids):
        benchmark = copy.deepcopy(pattern)
        benchmark["id"] = name
        times = factor * (factors or {}).get(name, 1.0)
        benchmark["launches"] = [
            launch_of(pattern["launches"][0], i,
                      [(1000 + 100 * position) * (1 + 0.01 * ((7 * i + position) % 11 - 5)) * s *
                       times for s in (0.99, 1.0, 1.02)])
            for i in range(launches)]
        results["benchmarks"].append(benchmark)
    return results


class ComparisonTest(CommandTest):
    @classmethod
    def setUpClass(cls):
        cls.template = template()

    def file(self, name, **options):
        return self.write(name, json.dumps(made(self.template, **options)))

    def compare(self, *arguments):
        return run("compare", *arguments, "--report", "json", "--targets", FAULT_TARGETS,
                   binary=FAULTS)

    def changes(self, outcome):
        comparison = json.loads(outcome.stdout)["comparison"]
        return {row["benchmark"]: row for row in comparison["rows"]}


class CompareFilesTest(ComparisonTest):
    def test_every_row_of_a_run_a_fifth_slower_is_regressed(self):
        outcome = self.compare(self.file("old.json"), self.file("new.json", factor=1.2))
        rows = self.changes(outcome)
        self.assertEqual(sorted(rows), sorted(IDS))
        for row in rows.values():
            self.assertEqual(row["verdict"], "REGRESSED", row)
            self.assertAlmostEqual(row["ratio"], 1.2)
            self.assertLess(row["p_regressed"], 0.05)
            self.assertGreater(row["smallest_visible"], 0)
        self.assertEqual(outcome.returncode, 1)

    def test_a_fifth_faster_is_improved_and_exit_0(self):
        outcome = self.compare(self.file("old.json", factor=1.2), self.file("new.json"))
        self.assertEqual({row["verdict"] for row in self.changes(outcome).values()}, {"IMPROVED"})
        self.assertEqual(outcome.returncode, 0, outcome.stderr)

    def test_one_slow_row_is_the_only_regression(self):
        slow = self.file("new.json", factors={IDS[3]: 1.2})
        rows = self.changes(self.compare(self.file("old.json"), slow))
        regressed = [name for name, row in rows.items() if row["verdict"] == "REGRESSED"]
        self.assertEqual(regressed, [IDS[3]])

    def test_the_allowed_regression_is_the_users(self):
        old, new = self.file("old.json"), self.file("new.json", factor=1.2)
        outcome = self.compare(old, new, "--max-regression", "30%")
        self.assertNotIn("REGRESSED", {row["verdict"] for row in self.changes(outcome).values()})
        for wrong in ("0%", "-5%", "200%", "5 ms", "much", ""):
            self.assert_one_line_error(self.compare(old, new, "--max-regression", wrong), 2, "5%")

    def test_a_target_has_its_own_allowance(self):
        targets = self.write("t.yaml", f"""schema: midstream-targets/1
components:
  - id: fault
    targets:
      - {{id: a, benchmark: {IDS[0]}, limit: "< 1 s", max_regression: 50%}}
      - {{id: b, benchmark: {IDS[1]}, limit: "< 1 s", severity: advisory}}
""")
        old, new = self.file("old.json"), self.file("new.json", factor=1.2, ids=IDS[:2])
        outcome = run("compare", old, new, "--targets", targets, "--report", "json",
                      "--on-inconclusive", "pass", binary=FAULTS)
        rows = self.changes(outcome)
        self.assertNotEqual(rows[IDS[0]]["verdict"], "REGRESSED")
        self.assertEqual(rows[IDS[1]]["verdict"], "REGRESSED")
        self.assertTrue(rows[IDS[1]]["advisory"])
        self.assertEqual(outcome.returncode, 0)  # an advisory row changes no exit code

    def test_too_few_launches_are_undecided(self):
        outcome = self.compare(self.file("old.json", launches=6), self.file("new.json", launches=6))
        self.assertEqual({row["verdict"] for row in self.changes(outcome).values()},
                         {"INCONCLUSIVE"})
        self.assertEqual(outcome.returncode, 3)

    def test_other_machines_are_exit_5_unless_forced(self):
        results = made(self.template, factor=1.2)
        results["environment"]["cpu"] = "Another CPU"
        old, new = self.file("old.json"), self.write("new.json", json.dumps(results))
        outcome = self.compare(old, new)
        self.assert_one_line_error(outcome, 5, "cpu", "Another CPU", "--force-comparable")
        self.assertEqual({row["verdict"] for row in self.changes(outcome).values()},
                         {"INCONCLUSIVE"})
        forced = self.compare(old, new, "--force-comparable")
        self.assertEqual(forced.returncode, 1)
        for row in self.changes(forced).values():
            self.assertEqual((row["verdict"], row["forced"]), ("REGRESSED", True))

    def test_nothing_in_both_is_exit_5(self):
        outcome = self.compare(self.file("old.json", ids=IDS[:3]),
                               self.file("new.json", ids=IDS[3:]))
        self.assert_one_line_error(outcome, 5, "no benchmark is in both")

    def required(self, *names):
        rows = "".join(f'      - {{id: r{i}, benchmark: {name}, limit: "< 1 s"}}\n'
                       for i, name in enumerate(names))
        return self.write("required.yaml", "schema: midstream-targets/1\ncomponents:\n"
                          "  - id: fault\n    targets:\n" + rows)

    def gate(self, old, new, targets):
        return run("compare", old, new, "--targets", targets, "--report", "json",
                   "--on-inconclusive", "pass", binary=FAULTS, cwd=self.path)

    def test_what_vanished_is_exit_5_when_a_required_target_names_it(self):
        old, new = self.file("old.json", ids=IDS[:8]), self.file("new.json", ids=IDS[:1])
        outcome = self.gate(old, new, self.required("fault/made/*"))
        self.assert_one_line_error(outcome, 5, "7 benchmarks", IDS[1], "4 more")
        comparison = json.loads(outcome.stdout)["comparison"]
        self.assertEqual(comparison["vanished"], IDS[1:8])
        self.assertEqual(run("verify", self.write("s.json", outcome.stdout)).returncode, 0)
        shown = run("compare", old, new, "--targets", self.required("fault/made/*"), binary=FAULTS)
        self.assertIn(b"VANISHED", shown.stdout)
        # Not what no target requires, and not what the new run was not asked for.
        self.assertEqual(self.gate(old, new, self.required(IDS[0])).returncode, 0)
        filtered = made(self.template, ids=IDS[:1])
        filtered["filters"] = [IDS[0]]
        new = self.write("filtered.json", json.dumps(filtered))
        self.assertEqual(self.gate(old, new, self.required("fault/made/*")).returncode, 0)

    def test_broken_counts_on_the_new_side_only(self):
        broken = made(self.template)
        broken["benchmarks"][0].update(status="error", reason="killed by SIGSEGV")
        good, bad = self.file("good.json"), self.write("bad.json", json.dumps(broken))
        targets = self.required("fault/made/*")
        self.assertEqual(self.gate(good, bad, targets).returncode, 4)
        mended = self.gate(bad, good, targets)
        self.assertEqual(mended.returncode, 0, mended.stderr)
        row = self.changes(mended)[IDS[0]]
        self.assertEqual((row["verdict"], row["broken"], row["baseline_broken"]),
                         ("INCONCLUSIVE", False, True))
        strict = run("compare", bad, good, "--targets", targets, binary=FAULTS)
        self.assertEqual(strict.returncode, 3)

    def test_an_unusable_noise_file_is_named_in_the_row(self):
        (self.path / ".midstream").mkdir()
        (self.path / ".midstream" / "noise.json").write_text("{")
        same = self.file("r.json", launches=20, ids=IDS[:1])
        outcome = self.gate(same, same, self.required(IDS[0]))
        reason = self.changes(outcome)[IDS[0]]["reason"]
        self.assertIn("is not known: .midstream/noise.json", reason)

    def test_documents(self):
        old, new = self.file("old.json"), self.file("new.json", factors={IDS[0]: 1.3})
        for format_, head in (("console", b"Compared with"), ("md", b"# Comparison of two runs")):
            outcome = run("compare", old, new, "--report", format_, "--targets", FAULT_TARGETS,
                          binary=FAULTS)
            self.assertEqual(outcome.returncode, 1)
            self.assertTrue(outcome.stdout.startswith(head), outcome.stdout[:80])
            self.assertIn(b"REGRESSED", outcome.stdout)

    def test_verify_agrees_and_sees_an_edit(self):
        card = json.loads(self.compare(self.file("old.json"),
                                       self.file("new.json", factor=1.2)).stdout)
        self.assertEqual(run("verify", self.write("s.json", json.dumps(card))).returncode, 0)
        card["comparison"]["rows"][0]["verdict"] = "UNCHANGED"
        edited = run("verify", self.write("e.json", json.dumps(card)))
        self.assertEqual(edited.returncode, 1)
        self.assertIn(IDS[0].encode(), edited.stdout)

    def test_wrong_words_are_one_line_and_exit_2(self):
        old = self.file("old.json")
        self.assert_one_line_error(self.compare(), 2, "OLD")
        self.assert_one_line_error(self.compare(old), 2, "OLD")
        self.assert_one_line_error(self.compare(old, "nowhere.json"), 2, "nowhere.json")
        self.assert_one_line_error(self.compare(old, old, "--suite", "fault"), 2, "--live")
        self.assert_one_line_error(self.compare(old, "--live", FAULTS, FAULTS), 2, "--live")
        self.assert_one_line_error(self.compare(old, old, old), 2)
        self.assert_one_line_error(self.compare("--baseline", "../x", old), 2, "no name")


class BaselineTest(ComparisonTest):
    def baseline(self, *arguments):
        return run("baseline", *arguments, binary=FAULTS, cwd=self.path)

    def test_save_list_show_compare_remove(self):
        self.file("results.json")
        saved = self.baseline("save", "main")
        self.assertEqual(saved.returncode, 0, saved.stderr)
        self.assertTrue((self.path / ".midstream/baselines/main.json").is_file())
        self.assertIn(b"replaced", self.baseline("save", "main", "results.json").stdout)
        listed = json.loads(self.baseline("list", "--json").stdout)
        self.assertEqual([(item["id"], item["benchmarks"]) for item in listed],
                         [("main", len(IDS))])
        self.assertIn(IDS[0].encode(), self.baseline("show", "main").stdout)
        shown = json.loads(self.baseline("show", "main", "--json").stdout)
        self.assertEqual(shown["schema"], "midstream-results/1")
        slower = self.file("slower.json", factor=1.2)
        outcome = run("compare", "--baseline", "main", slower, "--report", "json", binary=FAULTS,
                      cwd=self.path)
        self.assertEqual(outcome.returncode, 1)
        self.assertEqual(json.loads(outcome.stdout)["comparison"]["baseline"], "baseline main")
        self.assertEqual(self.baseline("remove", "main").returncode, 0)
        self.assertEqual(json.loads(self.baseline("list", "--json").stdout), [])

    def test_a_folder_of_ones_own(self):
        results = self.file("r.json")
        folder = self.path / "ci folder"
        self.assertEqual(self.baseline("save", "x", results, "--baseline-dir", folder).returncode,
                         0)
        self.assertTrue((folder / "x.json").is_file())

    def test_names_stay_inside(self):
        results = self.file("r.json")
        for name in ("../evil", "a/b", "/tmp/x", ".hidden", "..", "a b"):
            self.assert_one_line_error(self.baseline("save", name, results), 2, "no name")
            self.assert_one_line_error(self.baseline("show", name), 2, "no name")
            self.assert_one_line_error(self.baseline("remove", name), 2, "no name")
        self.assertFalse((self.path / ".midstream").exists())

    def test_missing_baselines_are_exit_5_before_anything_is_measured(self):
        self.file("results.json")
        self.baseline("save", "main")
        for arguments in (("show", "mian"), ("remove", "mian")):
            self.assert_one_line_error(self.baseline(*arguments), 5, "'main'")
        outcome = run("run", "--baseline", "mian", "--targets", FAULT_TARGETS, binary=FAULTS,
                      cwd=self.path, timeout=10)
        self.assert_one_line_error(outcome, 5, "'main'")
        self.assertEqual(outcome.stdout, b"")

    def test_what_cannot_be_compared_is_known_before_anything_is_measured(self):
        arguments = ("run", "--targets", FAULT_TARGETS, "--profile", "quick")
        run(*arguments, "--filter", "fault/sound/value", "--results", "results.json",
            binary=FAULTS, cwd=self.path)
        document = json.loads((self.path / "results.json").read_text())
        self.baseline("save", "here")
        document["environment"]["cpu"] = "Another"
        self.write("results.json", json.dumps(document))
        self.baseline("save", "elsewhere")
        for dry in ((), ("--dry-run",)):
            for name, filter, words in (
                    ("elsewhere", "fault/sound/value", ("cpu", "--force-comparable")),
                    ("here", "fault/sound/batch", ("no benchmark",))):
                outcome = run(*arguments, "--filter", filter, "--baseline", name, *dry,
                              binary=FAULTS, cwd=self.path)
                self.assert_one_line_error(outcome, 5, *words)
                self.assertEqual(outcome.stdout, b"")
            outcome = run(*arguments, "--filter", "fault/sound/value", "--baseline", "elsewhere",
                          "--force-comparable", *dry, binary=FAULTS, cwd=self.path)
            self.assertNotEqual(outcome.returncode, 5)

    def test_a_limit_of_a_targets_own_is_said_to_hold(self):
        targets = self.write("t.yaml", """schema: midstream-targets/1
title: t
components:
  - id: fault
    title: Faults
    targets:
      - {id: own, title: V, benchmark: fault/sound/value, statistic: value, limit: "<= 42 B",
         max_regression: 2%}
""")
        arguments = ("run", "--targets", targets, "--profile", "quick")
        run(*arguments, "--results", "results.json", binary=FAULTS, cwd=self.path)
        self.baseline("save", "main")
        outcome = run(*arguments, "--baseline", "main", "--max-regression", "10%", binary=FAULTS,
                      cwd=self.path)
        self.assert_one_line_error(outcome, outcome.returncode, "--max-regression", "own")
        outcome = run(*arguments, "--baseline", "main", binary=FAULTS, cwd=self.path)
        self.assertNotIn(b"--max-regression", outcome.stderr)

    def test_what_is_no_results_file_is_not_saved(self):
        bad = self.write("bad.json", "{}")
        self.assert_one_line_error(self.baseline("save", "x", bad), 2, "bad.json")
        empty = self.file("empty.json", ids=[])
        self.assert_one_line_error(self.baseline("save", "x", empty), 2, "no measurement")
        self.assert_one_line_error(self.baseline("save", "x"), 2, "results.json")

    def test_a_broken_baseline_is_exit_2(self):
        folder = self.path / ".midstream/baselines"
        folder.mkdir(parents=True)
        (folder / "x.json").write_text("{")
        self.assert_one_line_error(self.baseline("show", "x"), 2, "x.json")
        self.assert_one_line_error(self.baseline("list"), 2, "x.json")

    def test_run_compares_and_puts_it_into_the_scorecard(self):
        arguments = ("run", "--targets", FAULT_TARGETS, "--filter", "fault/sound/batch",
                     "--profile", "quick")
        run(*arguments, "--results", "results.json", binary=FAULTS, cwd=self.path)
        self.baseline("save", "main")
        outcome = run(*arguments, "--baseline", "main", "--report", "json", binary=FAULTS,
                      cwd=self.path)
        card = json.loads(outcome.stdout)
        self.assertEqual([row["benchmark"] for row in card["comparison"]["rows"]],
                         ["fault/sound/batch"])
        self.assertEqual(card["comparison"]["baseline"], "baseline main")
        self.assertEqual(run("verify", self.write("s.json", json.dumps(card))).returncode, 0)


class LiveTest(ComparisonTest):
    def live(self, *arguments, old=FAULTS, new=FAULTS):
        return run("compare", "--live", old, new, *arguments, "--targets", FAULT_TARGETS,
                   "--report", "json", "--profile", "quick", binary=FAULTS)

    def test_pairs_of_launches_of_two_binaries(self):
        outcome = self.live("--filter", "fault/sound/*")
        comparison = json.loads(outcome.stdout)["comparison"]
        self.assertEqual(comparison["pairing"], "paired")
        rows = {row["benchmark"]: row for row in comparison["rows"]}
        self.assertGreaterEqual(len(rows), 4)
        self.assertEqual(rows["fault/sound/batch"]["n"], 11)
        self.assertEqual(rows["fault/sound/batch"]["baseline_n"], 11)
        self.assertEqual(rows["fault/sound/value"]["verdict"],
                         "UNCHANGED" if IS_RELEASE else "INCONCLUSIVE")
        card = self.write("s.json", outcome.stdout)
        self.assertEqual(run("verify", card).returncode, 0)

    def test_only_what_both_have_is_measured(self):
        outcome = self.live("--filter", "temporal/**", old=PRODUCT, new=FAULTS)
        self.assertEqual(outcome.returncode, 5, outcome.stderr)
        comparison = json.loads(outcome.stdout)["comparison"]
        self.assertEqual(comparison["rows"], [])
        self.assertTrue(all(name.startswith("temporal/") for name in comparison["only_baseline"]))
        self.assertTrue(comparison["only_baseline"])
        self.assertEqual(comparison["only_candidate"], [])

    def test_what_the_new_binary_lacks_is_exit_5(self):
        targets = self.write("t.yaml", """schema: midstream-targets/1
components:
  - id: temporal
    targets:
      - {id: a, benchmark: "temporal/dtw/sine/n=100", limit: "< 1 s"}
""")
        outcome = run("compare", "--live", PRODUCT, FAULTS, "--filter", "temporal/dtw/sine/n=100",
                      "--filter", "fault/sound/value", "--targets", targets, "--report", "json",
                      binary=FAULTS)
        self.assertEqual(outcome.returncode, 5, outcome.stderr)
        self.assertEqual(json.loads(outcome.stdout)["comparison"]["vanished"],
                         ["temporal/dtw/sine/n=100"])

    def test_a_broken_benchmark_is_exit_4_and_costs_its_own_row(self):
        outcome = self.live("--filter", "fault/crash/timed", "--filter", "fault/sound/batch")
        self.assertEqual(outcome.returncode, 4, outcome.stderr)
        rows = self.changes(outcome)
        self.assertTrue(rows["fault/crash/timed"]["broken"])
        self.assertEqual(rows["fault/crash/timed"]["verdict"], "INCONCLUSIVE")
        self.assertFalse(rows["fault/sound/batch"]["broken"])

    def test_what_is_no_such_binary_is_one_line_and_exit_2(self):
        for bad in ("/bin/true", "/nonexistent/binary", FAULT_TARGETS, os.path.dirname(FAULTS)):
            self.assert_one_line_error(self.live(old=bad), 2, bad)
            self.assert_one_line_error(self.live(new=bad), 2, bad)
        self.assert_one_line_error(self.live("--suite", "falt"), 2, "fault")
        self.assert_one_line_error(self.live("--filter", "fault/sound/bach"), 2,
                                   "fault/sound/batch")


if __name__ == "__main__":
    unittest.main()
