#!/usr/bin/env bash
# Builds core/temporal for aarch64, where only the scalar kernels are, and holds it against the
# oracles under emulation: the whole project would need every library for aarch64 too. Needs
# Debian's g++-aarch64-linux-gnu and qemu-user-static.
#
#   scripts/aarch64.sh [PAIRS [SEED]]      default 20000 pairs
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

compile() {
  aarch64-linux-gnu-g++ -std=c++20 -O3 -DNDEBUG -Wall -Wextra -Wconversion -Wshadow -Wno-psabi \
    -Wno-restrict -Werror -ffp-contract=off -I. -c "$1" -o "$out/${1//\//_}.o"
}

for source in core/base/cpu_features.cpp core/temporal/*.cpp core/temporal/kernels/*_scalar.cpp \
  core/reference/*.cpp tests/temporal/soak_main.cpp; do
  compile "$source"
done
aarch64-linux-gnu-g++ -static "$out"/*.o -o "$out/temporal_soak"
qemu-aarch64-static "$out/temporal_soak" "${1:-20000}" "${2:-1}"
