#!/usr/bin/env python3
"""The digest rule of docs/scorecard.md, written a second time in another language.

digest_test.py SCORECARD.json...: exits 0 when every digest is that of its file.
"""
import hashlib
import json
import struct
import sys


def leaves(node, path):
    if isinstance(node, dict) and node:
        for name, child in node.items():
            yield from leaves(child, path + [name])
    elif isinstance(node, list) and node:
        for index, child in enumerate(node):
            yield from leaves(child, path + [index])
    elif isinstance(node, (int, float)) and not isinstance(node, bool):
        yield path + [struct.pack(">d", node).hex()]
    else:
        yield path + [node]


def digest(scorecard):
    tree = {name: value for name, value in scorecard.items() if name != "digest"}
    lines = [json.dumps(leaf, ensure_ascii=False, separators=(",", ":")) + "\n"
             for leaf in leaves(tree, [])]
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def main(names):
    wrong = 0
    for name in names:
        with open(name, encoding="utf-8") as file:
            scorecard = json.load(file)
        if digest(scorecard) != scorecard["digest"]:
            print(f"{name}: {digest(scorecard)}, the file says {scorecard['digest']}")
            wrong += 1
    return 1 if wrong or not names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
