#!/usr/bin/env bash
# Brings a preset up to date: bootstrap, configure, build. Everything it says goes to stderr, so
# that whoever calls it keeps stdout for one document.
#
#   scripts/build.sh PRESET [BUILD-OPTION…]     options go to cmake --build
set -euo pipefail

preset=$1
shift
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/bootstrap.sh
if ! configured=$(cmake --preset "$preset" 2>&1); then
  printf '%s\n' "$configured" >&2
  exit 1
fi
cmake --build --preset "$preset" --parallel "$(nproc)" "$@" >&2
