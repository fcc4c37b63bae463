#!/usr/bin/env bash
# Installs what is missing, builds and runs every test but the long ones (label `soak`). The last
# line is `N passed, N failed`; skipped tests are in neither number and are named above it.
#
#   scripts/test.sh
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/scripts/build.sh" release

build=$root/build/release
log=$build/ctest.log
status=0
ctest --test-dir "$build" --output-on-failure --no-tests=error --label-exclude '^soak$' -j2 \
  </dev/null | tee "$log" || status=$?

# ctest counts a skipped test as passed; a test that could not be started is among the failed.
read -r failed total < <(
  sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+)$/\1 \2/p' "$log" |
    tail -n 1
  echo 0 0  # where there was no test at all
)
skipped=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#[0-9]+: .*\*\*\*Skipped ' "$log" || true)
[[ $skipped -eq 0 ]] || echo "$skipped skipped"
echo "$((total - failed - skipped)) passed, $failed failed"
exit "$status"
