"""Whether what a power cut would take was synced in time, told from the calls alone.

A name must not reach the disk before the bytes it leads to, and when the operation returns, every
file and folder that it made or changed must have been synced. What a crash may leave in the
private folder does not count: staging, swaps that are done, records of blobs that are gone.
What is made in the private folder by name is checked; what is opened with O_CREAT there is not.
"""

import posixpath

PRIVATE = "/.blob-storage"
# Of the private folder, these hold what a blob or an upload needs.
KEPT = ("/.blob-storage/attributes", "/.blob-storage/multipart")
FILE_CHANGES = ("pwrite64", "copy_file_range", "ftruncate", "fsetxattr", "utimensat", "ioctl")


def unsynced(calls):
    """What is wrong with the order of an operation's calls."""
    files, folders, wrong = set(), set(), []
    for call in calls:
        if call.result is None or call.result < 0 or not call.changes:
            continue
        if call.name in ("fsync", "fdatasync"):
            files.discard(call.folder)
            folders.discard(call.folder)
        elif call.name in FILE_CHANGES:
            files.add(call.other_folder if call.name == "copy_file_range" else call.folder)
        elif call.name in ("linkat", "rename", "renameat", "renameat2"):
            target = posixpath.join(call.other_folder, call.other_path)
            if matters(target) and (call.place in files or call.place in folders):
                wrong.append(f"call {call.index} names {target}, which is not synced")
            folders.add(posixpath.dirname(target))
            if call.name != "linkat":
                folders.add(posixpath.dirname(call.place))
        elif call.name in ("mkdirat", "mkdir"):
            folders.add(posixpath.dirname(call.place))
        elif call.name == "unlinkat":
            # A folder that is gone needs no sync, nor does what nobody looks for any more.
            folders.discard(call.place)
            if PRIVATE not in call.place:
                folders.add(posixpath.dirname(call.place))
    left = sorted(path for path in files | folders if matters(path))
    return wrong + [f"it returned before {path} was synced" for path in left]


def matters(path):
    """Whether a file or folder holds what a blob or an upload needs."""
    path = path.removesuffix(" (deleted)")
    return PRIVATE not in path or any(kept in path for kept in KEPT)
