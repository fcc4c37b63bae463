#!/usr/bin/env python3
"""Fails when an AVX2 or AVX-512 object defines a symbol that the linker may choose for everybody.

An inline function or template with external linkage is a weak symbol; the linker keeps one copy,
and if that is the one compiled with vector instructions, the program dies on a machine without
them, in code that has nothing to do with kernels.

    kernel_isolation_test.py NM OBJECT...      objects of other instruction sets are ignored
"""

import re
import subprocess
import sys

# nm: W, V, w and v are weak, u is unique to the process.
WEAK = re.compile(r"^[0-9a-f]* ?[WVwvu] (?P<symbol>.+)$")


def weak_symbols(listing):
    return [m["symbol"] for line in listing.splitlines() if (m := WEAK.match(line.strip()))]


def main(nm, objects):
    # A rule that cannot fail would be worth nothing.
    sample = "0000000000000000 W std::min(int)\n0000000000000010 t own()\n0000000000000000 D kTable"
    assert weak_symbols(sample) == ["std::min(int)"]
    kernels = [o for o in objects if re.search(r"_avx(2|512)\.", o)]
    assert kernels, "no kernel among the objects"
    failed = False
    for path in kernels:
        run = subprocess.run([nm, "-C", "--defined-only", path], check=True, text=True,
                             stdout=subprocess.PIPE)
        for symbol in weak_symbols(run.stdout):
            failed = True
            print(f"{path}: weak symbol {symbol}")
    print(f"{len(kernels)} objects: {'FAILED' if failed else 'no weak symbol'}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
