#!/usr/bin/env python3
"""Builds the reference of all library products into .build/docs; a warning is an error.

The symbols and catalogues of the products, and of the modules that they export, go into one archive,
so that they can link to each other.
DocC looks for a short link such as ``BlobKey`` only in the module that its page is in, so links to
what another module declares get that module's name in front on their way.

Usage: build-docs.py swift
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys

LINK = re.compile(r"``(?P<first>[A-Za-z]\w*)[^`]*``")
EXPORT = re.compile(r"^@_exported public import (\w+)$", re.MULTILINE)


def documented(root):
    """The modules of the library products, and those whose names a product gives away as its own."""
    manifest = (root / "Package.swift").read_text(encoding="utf-8")
    products = re.findall(r'\.library\(name: "(\w+)"', manifest)
    exported = [
        module
        for product in products
        for file in sorted((root / "Sources" / product).rglob("*.swift"))
        for module in EXPORT.findall(file.read_text(encoding="utf-8"))
    ]
    return list(dict.fromkeys(products + exported))


def dump_symbols(swift):
    """Has the symbols of every module written; returns their folder and what was printed."""
    show = [swift, "build", "--show-bin-path"]
    bin_path = subprocess.run(show, check=True, capture_output=True, text=True).stdout.strip()
    folder = pathlib.Path(bin_path).parent / "symbolgraph"
    shutil.rmtree(folder, ignore_errors=True)
    dump = [swift, "package", "dump-symbol-graph", "--minimum-access-level", "public"]
    # It also looks for the tests' modules, which need not be built, goes on without them, and fails
    # at the end. So what counts is whether the products' symbols are there.
    result = subprocess.run(
        [*dump, "--skip-synthesized-members"],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return folder, result.stdout


def qualified(text, page_module, modules):
    """Puts a module's name in front of links from another module's page to what it declares."""

    def replaced(link):
        module = modules.get(link["first"], page_module)
        return link[0] if module == page_module else f"``{module}/{link[0].strip('`')}``"

    return LINK.sub(replaced, text)


def declared(graphs):
    """The modules by the names of the types that they declare."""
    return {
        symbol["pathComponents"][0]: graph["module"]["name"]
        for file, graph in graphs.items()
        if "@" not in file.name
        for symbol in graph["symbols"]
    }


def main():
    swift = sys.argv[1]
    print("build-docs: building… (a minute or two)", flush=True)
    root = pathlib.Path(__file__).resolve().parent.parent
    output, work = root / ".build/docs", root / ".build/docs-work"
    for folder in (output, work):
        shutil.rmtree(folder, ignore_errors=True)
    catalogue = work / "swift-blob-storage.docc"
    catalogue.mkdir(parents=True)

    symbols, log = dump_symbols(swift)
    graphs = {}
    for module in documented(root):
        files = [*symbols.glob(f"{module}.symbols.json"), *symbols.glob(f"{module}@*.json")]
        if not files:
            sys.exit(f"{log}\nbuild-docs: there are no symbols of {module}")
        graphs |= {file: json.loads(file.read_bytes()) for file in files}
        pages = root / "Sources" / module / f"{module}.docc"
        if pages.is_dir():
            shutil.copytree(pages, catalogue / module)

    modules = declared(graphs)
    for file, graph in graphs.items():
        # What A adds to types of B is in A@B, and stands on B's pages.
        page_module = file.name.removesuffix(".symbols.json").rpartition("@")[2]
        for symbol in graph["symbols"]:
            for line in symbol.get("docComment", {}).get("lines", []):
                line["text"] = qualified(line["text"], page_module, modules)
        (catalogue / file.name).write_text(json.dumps(graph), encoding="utf-8")

    toolchain = pathlib.Path(shutil.which(swift) or swift).resolve().parent
    docc = shutil.which("docc", path=str(toolchain)) or "docc"
    convert = [docc, "convert", str(catalogue), "--output-dir", str(output)]
    convert += ["--fallback-display-name", "swift-blob-storage", "--warnings-as-errors"]
    if subprocess.run(convert, check=False).returncode != 0:
        sys.exit("build-docs: the documentation has errors")
    print(f"build-docs: serve it with: python3 -m http.server -d {output.relative_to(root)}")
    print("build-docs: and open http://localhost:8000/documentation/blobstorage")


main()
