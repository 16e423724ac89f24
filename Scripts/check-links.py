#!/usr/bin/env python3
"""Checks the links between the files of the documentation, and the tests that it names.

A relative link must lead to a file that exists, its anchor to a heading of that file. A link whose
text is code and which leads into Tests or to the cases of a conformance kit names a test: the text
must stand in that file, or what is after its last `.` must be a function or a name there.
"""

import pathlib
import re
import sys

LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


def documents(root):
    yield from sorted(root.glob("*.md"))
    yield from sorted((root / "Docs").rglob("*.md"))


def anchors(path):
    """The anchors that GitHub gives to the headings of a file."""
    for heading in HEADING.findall(path.read_text(encoding="utf-8")):
        text = re.sub(r"[^\w\- ]", "", heading.strip().lower())
        yield text.replace(" ", "-")


def problem(root, document, text, target):
    path, _, anchor = target.partition("#")
    file = (document.parent / path).resolve() if path else document
    if not file.exists():
        return "there is no such file"
    if anchor and anchor not in anchors(file):
        return "there is no such heading"
    relative = file.relative_to(root)
    is_test = "Tests" in relative.parts or "Cases" in relative.parts
    if is_test and file.is_file() and text.startswith("`"):
        name = text.strip("`")
        last = name.rpartition(".")[2]
        # A function, or a case whose name is put together in the file.
        spellings = (name, f"func {last}(", f'"{last}"')
        content = file.read_text(encoding="utf-8")
        if not any(spelling in content for spelling in spellings):
            return f"there is no {name} in that file"
    return None


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    count = 0
    is_clean = True
    for document in documents(root):
        content = document.read_text(encoding="utf-8")
        for link in LINK.finditer(content):
            if re.match(r"[a-z]+:", link["target"]):
                continue
            count += 1
            found = problem(root, document, link["text"], link["target"])
            if found is not None:
                is_clean = False
                number = content.count("\n", 0, link.start()) + 1
                print(f"{document.relative_to(root)}:{number}: {link['target']}: {found}")
    if not is_clean:
        sys.exit("check-links: every link leads somewhere, every test named exists")
    print(f"check-links: {count} links lead somewhere")


main()
