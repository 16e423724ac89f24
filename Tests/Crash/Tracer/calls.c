#define _GNU_SOURCE
#include "calls.h"

#include <stddef.h>
#include <sys/syscall.h>

#define NONE -1

const struct call calls[] = {
    // Number, name, descriptor, path, other descriptor, other path, count, changes, mark.
    {SYS_openat, "openat", 0, 1, NONE, NONE, NONE, false, false},
    {SYS_openat2, "openat2", 0, 1, NONE, NONE, NONE, false, false},
    {SYS_pread64, "pread64", 0, NONE, NONE, NONE, NONE, false, false},
    {SYS_getdents64, "getdents64", 0, NONE, NONE, NONE, NONE, false, false},
    {SYS_newfstatat, "newfstatat", 0, 1, NONE, NONE, NONE, false, false},
    {SYS_fgetxattr, "fgetxattr", 0, NONE, NONE, NONE, NONE, false, false},
    {SYS_pwrite64, "pwrite64", 0, NONE, NONE, NONE, 2, true, false},
    {SYS_copy_file_range, "copy_file_range", 0, NONE, 2, NONE, 4, true, false},
    {SYS_ioctl, "ioctl", 0, NONE, NONE, NONE, NONE, true, false},
    {SYS_ftruncate, "ftruncate", 0, NONE, NONE, NONE, NONE, true, false},
    {SYS_fallocate, "fallocate", 0, NONE, NONE, NONE, NONE, true, false},
    {SYS_fsync, "fsync", 0, NONE, NONE, NONE, NONE, true, false},
    {SYS_fdatasync, "fdatasync", 0, NONE, NONE, NONE, NONE, true, false},
    {SYS_fsetxattr, "fsetxattr", 0, NONE, NONE, NONE, NONE, true, false},
    {SYS_fremovexattr, "fremovexattr", 0, NONE, NONE, NONE, NONE, true, false},
    {SYS_utimensat, "utimensat", 0, 1, NONE, NONE, NONE, true, false},
    {SYS_fchmod, "fchmod", 0, NONE, NONE, NONE, NONE, true, false},
    {SYS_linkat, "linkat", 0, 1, 2, 3, NONE, true, false},
    {SYS_renameat2, "renameat2", 0, 1, 2, 3, NONE, true, false},
    {SYS_unlinkat, "unlinkat", 0, 1, NONE, NONE, NONE, true, false},
    {SYS_mkdirat, "mkdirat", 0, 1, NONE, NONE, NONE, true, false},
#ifdef SYS_renameat
    {SYS_renameat, "renameat", 0, 1, 2, 3, NONE, true, false},
#endif
    {SYS_faccessat, "faccessat", 0, 1, NONE, NONE, NONE, false, true},
#ifdef SYS_access
    {SYS_access, "access", NONE, 0, NONE, NONE, NONE, false, true},
#endif
#ifdef SYS_rename
    {SYS_rename, "rename", NONE, 0, NONE, 1, NONE, true, false},
    {SYS_unlink, "unlink", NONE, 0, NONE, NONE, NONE, true, false},
    {SYS_mkdir, "mkdir", NONE, 0, NONE, NONE, NONE, true, false},
    {SYS_rmdir, "rmdir", NONE, 0, NONE, NONE, NONE, true, false},
#endif
};

const int call_count = sizeof calls / sizeof calls[0];

const struct call *find_call(long number) {
    for (int i = 0; i < call_count; i++)
        if (calls[i].number == number) return &calls[i];
    return NULL;
}
