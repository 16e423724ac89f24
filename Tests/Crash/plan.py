"""Which runs there are: the settings, and for each of its calls what is done to it."""

from runs import Run, Setting

# What a file system may answer to each call. EINTR is for those of FUSE and NFS, which give it
# for any call.
ERRORS = {
    "openat": ["EIO", "EMFILE", "EACCES", "EINTR"],
    "openat2": ["EIO", "EMFILE", "EACCES", "EINTR"],
    "pread64": ["EIO", "EINTR"],
    "getdents64": ["EIO"],
    "newfstatat": ["EIO", "EACCES"],
    "fgetxattr": ["EIO"],
    "pwrite64": ["EIO", "ENOSPC", "EINTR", "cut"],
    "copy_file_range": ["EIO", "ENOSPC", "EINTR", "cut"],
    "ioctl": ["EIO", "ENOSPC"],
    "ftruncate": ["EIO", "EINTR"],
    "fallocate": ["EIO", "ENOSPC", "EINTR"],
    "fsync": ["EIO", "ENOSPC", "EINTR"],
    "fdatasync": ["EIO", "ENOSPC", "EINTR"],
    "fsetxattr": ["EIO", "ENOSPC", "EACCES"],
    "utimensat": ["EIO", "EACCES"],
    "linkat": ["EIO", "ENOSPC", "EACCES", "EINTR"],
    "renameat": ["EIO", "ENOSPC", "EACCES", "EINTR"],
    "renameat2": ["EIO", "ENOSPC", "EACCES", "EINTR"],
    "unlinkat": ["EIO", "EACCES", "EINTR"],
    "mkdirat": ["EIO", "ENOSPC", "EACCES", "EINTR"],
}
for short, long in {"mkdir": "mkdirat", "unlink": "unlinkat", "rename": "renameat"}.items():
    ERRORS[short] = ERRORS[long]
WRITES = ("pwrite64", "copy_file_range")


def kill_settings(operations):
    """Every operation as it is, with all fallbacks, and with those that change most by themselves.
    """
    for name in operations:
        yield Setting(name, "full", "none")
        yield Setting(name, "full", "all")
        yield Setting(name, "relaxed", "all")
        yield Setting(name, "full", "unnamedFiles")
        yield Setting(name, "full", "extendedAttributes")
        if "swap" in name:
            yield Setting(name, "full", "renameExchange")
            yield Setting(name, "relaxed", "renameExchange,extendedAttributes")


def fault_settings(operations):
    """Every operation as it is and with all fallbacks."""
    for name in operations:
        yield Setting(name, "full", "none")
        yield Setting(name, "full", "all")


QUICK = ["put-first", "replace", "put-large-attributes", "swap-deep", "delete-many",
         "complete-over"]


def quick_settings(operations):
    """A few operations, as they are and with all fallbacks."""
    return fault_settings([name for name in operations if name in QUICK])


def kills(setting, calls):
    """A kill before and after each call that changes something, and in the middle of a write.

    Before a call is what it is after the one before it; so that is done for half of the settings.
    """
    for call in calls:
        if not call.changes:
            continue
        if setting.durability == "full" and setting.missing in ("none", "all"):
            yield Run(setting, "before", call.index)
        yield Run(setting, "after", call.index)
        if call.name in WRITES:
            yield Run(setting, "within", call.index)


def faults(setting, calls):
    """Each call fails with each error that it may have; one that changes nothing with one."""
    for call in calls:
        errors = ERRORS[call.name]
        # Only what takes room can find none; of the opens, that is those that make a file.
        if call.name == "openat" and call.changes:
            errors = errors + ["ENOSPC"]
        if not call.changes:
            errors = [errors[call.index % len(errors)]]
        for error in errors:
            yield Run(setting, error, call.index)
