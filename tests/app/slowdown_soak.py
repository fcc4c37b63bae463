"""A kernel that became 15 % slower is found by a live comparison: in its rows, and in no others.

Takes minutes, and a quiet machine: label soak (ctest -L soak). Fails, rather than passes, when the
machine is too noisy to see it.
"""

import json
import os
import unittest

from command import IS_RELEASE, PRODUCT, CommandTest, run

SLOWED = os.environ["MIDSTREAM_SLOWED_BINARY"]
# Rows that run core/temporal/lcs.cpp, where the slowdown is, long enough to be measured by it.
KERNEL = ("temporal/lcs/", "temporal/lcs-symbols/", "temporal/kernel-lcs/")


class SlowdownSoak(CommandTest):
    @unittest.skipUnless(IS_RELEASE, "only release builds are judged")
    def test_the_slowed_kernel_and_no_other_is_regressed(self):
        outcome = run("compare", "--live", PRODUCT, SLOWED, "--suite", "temporal", "--profile",
                      "thorough", "--max-regression", "5%", "--report", "json", timeout=1800)
        rows = json.loads(outcome.stdout)["comparison"]["rows"]
        for row in rows:
            if row["verdict"] == "REGRESSED" or row["benchmark"].startswith(KERNEL):
                print(row["benchmark"], row["verdict"], row["ratio"], row["ci"],
                      row["smallest_visible"], row["reason"])
        regressed = {row["benchmark"] for row in rows if row["verdict"] == "REGRESSED"}
        self.assertEqual(regressed,
                         {row["benchmark"] for row in rows
                          if row["benchmark"].startswith(KERNEL) and not row["unusable"]})
        self.assertTrue(regressed)
        self.assertEqual(outcome.returncode, 1, outcome.stderr)


if __name__ == "__main__":
    unittest.main()
