"""`run --kernel`: the workers use it, the results say so, and what is not there is refused."""

import json
import unittest

from command import CommandTest, run

BENCHMARK = "temporal/euclidean/random/n=100"


class KernelTest(CommandTest):
    def kernel_used(self, *arguments):
        results = self.path / "r.json"
        outcome = run("run", "--filter", BENCHMARK, "--profile", "quick", "--results", results,
                      "--report", f"json={self.path / 's.json'}", *arguments)
        self.assertTrue(results.exists(), outcome.stderr)
        (benchmark,) = [b for b in json.loads(results.read_text())["benchmarks"]
                        if b["id"] == BENCHMARK]
        return benchmark["facts"]["kernel"]

    def test_the_kernel_asked_for_is_used_and_recorded(self):
        self.assertEqual(self.kernel_used("--kernel", "scalar"), "scalar")

    def test_auto_is_the_default(self):
        self.assertEqual(self.kernel_used("--kernel", "auto"), self.kernel_used())

    def test_a_kernel_that_is_not_there_is_refused(self):
        outcome = run("run", "--kernel", "sse9")
        self.assert_one_line_error(outcome, 2, "sse9", "auto, scalar")
        self.assertEqual(outcome.stdout, b"")

    def test_help_names_it(self):
        self.assertIn(b"--kernel auto|scalar|avx2|avx512", run("run", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
