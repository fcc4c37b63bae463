#!/bin/sh
# Writes tests/reports/golden/ anew from the current code. Read the difference before committing
# it: an approved file is a promise about what users see.
#
#   scripts/approve_reports.sh [BUILD_DIR]     (default: build/release)
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/release}
cmake --build "$build" --target reports_test
MIDSTREAM_APPROVE=1 "$build/tests/reports/reports_test" --gtest_brief=1 --gtest_filter='Golden.*'
git --no-pager diff --stat -- tests/reports/golden
