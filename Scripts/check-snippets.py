#!/usr/bin/env python3
"""Checks that every block of Swift in the documentation is code that is compiled and run.

A block fenced as ```swift must stand, line by line, in what a file of Snippets/ shows. As in
SwiftPM's own snippets, a file shows everything but what is between `// snippet.hide` and
`// snippet.show`. Lines for a Package.swift can't be a program: they are fenced as
```swift package and are left alone.
"""

import pathlib
import re
import sys
import textwrap

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<info>.*)$")


def documents(root):
    yield root / "README.md"
    yield from sorted((root / "Docs").rglob("*.md"))
    yield from sorted((root / "Sources").rglob("*.docc/**/*.md"))


def swift_blocks(path):
    """Yields the number of the first line, and the lines, of each block of Swift."""
    lines = path.read_text(encoding="utf-8").splitlines()
    opening = None
    for number, line in enumerate(lines, start=1):
        fence = FENCE.match(line)
        if fence is None:
            continue
        if opening is None:
            opening = (number, fence)
        elif fence["info"].strip() == "" and len(fence["ticks"]) >= len(opening[1]["ticks"]):
            if opening[1]["info"].split() == ["swift"]:
                yield opening[0] + 1, dedented(lines[opening[0] : number - 1])
            opening = None
    if opening is not None:
        sys.exit(f"{path}:{opening[0]}: the block is never closed")


def dedented(lines):
    return textwrap.dedent("\n".join(lines)).rstrip().split("\n")


def shown_lines(path):
    """The lines of a snippet that documentation may quote."""
    shown = []
    is_shown = True
    for line in path.read_text(encoding="utf-8").splitlines():
        mark = line.strip().removeprefix("// snippet.")
        if mark == line.strip():
            if is_shown:
                shown.append(line)
        elif mark in ("show", "hide"):
            is_shown = mark == "show"
        else:
            sys.exit(f"{path}: the mark is snippet.{mark}; it must be show or hide")
    return shown


def quotes(snippet, block):
    count = len(block)
    return any(
        snippet[start].strip() == block[0].strip()
        and dedented(snippet[start : start + count]) == block
        for start in range(len(snippet) - count + 1)
    )


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    snippets = [shown_lines(path) for path in sorted((root / "Snippets").rglob("*.swift"))]
    count = 0
    is_clean = True
    for document in documents(root):
        for number, block in swift_blocks(document):
            count += 1
            if not any(quotes(snippet, block) for snippet in snippets):
                is_clean = False
                place = f"{document.relative_to(root)}:{number}"
                print(f"{place}: no snippet shows these lines: {block[0].strip()} …")
    if not is_clean:
        sys.exit("check-snippets: code in the documentation comes from Snippets/")
    print(f"check-snippets: {count} blocks of Swift come from {len(snippets)} snippets")


main()
