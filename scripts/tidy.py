#!/usr/bin/env python3
"""clang-tidy on what changed, in parallel.

    scripts/tidy.py     after: cmake --preset tidy

A source file is checked again when clang-tidy would see anything else than the last time it found
nothing: the preprocessed text with comments and macros, the flags, the configuration, the version.
That catches a changed header, which a list of changed files does not, and asks for no knowledge of
what was landed before. What was found sound is remembered as empty files in
${XDG_CACHE_HOME:-~/.cache}/midstream-validate/tidy.
"""

import hashlib
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "tidy"
CHECKED = ("app", "core", "reports", "suites", "targets")
CACHE_HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
CACHE = CACHE_HOME / "midstream-validate" / "tidy"


def output_of(command):
    return subprocess.run(command, cwd=BUILD, capture_output=True, check=True).stdout


def fingerprint(entry, common):
    """What clang-tidy's answer for one file depends on."""
    flags = shlex.split(entry["command"])
    del flags[flags.index("-o"):flags.index("-o") + 2]
    text = output_of(flags + ["-E", "-C", "-dD"])
    # The same tree in another folder is the same tree.
    sight = (text + " ".join(flags).encode()).replace(str(ROOT).encode(), b"")
    return hashlib.sha256(common + sight).hexdigest()


def check(entry, common):
    """One file's complaints, None when it was found sound before."""
    file = entry["file"]
    try:
        remembered = CACHE / fingerprint(entry, common)
    except subprocess.CalledProcessError as error:
        return f"{file}: does not preprocess\n{error.stderr.decode()}"
    if remembered.exists():
        return None
    run = subprocess.run(["clang-tidy", "--quiet", "-p", BUILD, file],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if run.returncode == 0:
        remembered.touch()
        return ""
    return run.stdout or run.stderr


def main():
    CACHE.mkdir(parents=True, exist_ok=True)
    commands = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    entries = {entry["file"]: entry for entry in commands
               if entry["file"].startswith(tuple(f"{ROOT}/{folder}/" for folder in CHECKED))}
    if not entries:
        sys.exit("tidy: nothing to check: no source file in the compile commands")
    common = (ROOT / ".clang-tidy").read_bytes() + output_of(["clang-tidy", "--version"])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(lambda entry: check(entry, common), entries.values()))
    complaints = [answer for answer in answers if answer]
    for complaint in complaints:
        print(complaint)
    print(f"tidy: {len(entries)} files, {answers.count(None)} unchanged since they were sound, "
          f"{len(complaints)} with complaints")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
