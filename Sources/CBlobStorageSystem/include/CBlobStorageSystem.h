#ifndef CBLOBSTORAGE_SYSTEM_H
#define CBLOBSTORAGE_SYSTEM_H

// System calls that Swift can't import: variadic ones, and those of Linux alone. Each returns what
// the call returns and leaves `errno` as the call left it.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Flags that the C library declares for _GNU_SOURCE alone, and macros that Swift does not import.
extern const int cblobstorage_o_path;
extern const int cblobstorage_o_tmpfile;
extern const unsigned cblobstorage_rename_noreplace;
extern const unsigned cblobstorage_rename_exchange;
extern const long cblobstorage_utime_omit;

int cblobstorage_openat(int directory, const char *path, int flags, unsigned mode);

/// `openat2` that stays beneath `directory` and follows no symbolic link.
int cblobstorage_openat2(int directory, const char *path, int flags, unsigned mode);

int cblobstorage_renameat2(
    int from_directory, const char *from, int to_directory, const char *to, unsigned flags);

/// Gives a file that was opened with `O_TMPFILE` a name; fails with `EEXIST` if it is taken.
int cblobstorage_link_open_file(int file, int directory, const char *name);

/// Makes `destination` share the blocks of `source` (`FICLONE`).
int cblobstorage_clone_file(int destination, int source);

long cblobstorage_copy_file_range(
    int source, int64_t source_offset, int destination, int64_t destination_offset, size_t count);

/// Puts a part of a file into a pipe without copying it, as much as there is room for; fails with
/// `EAGAIN` if there is none and with `EINVAL` if `pipe` is no pipe.
long cblobstorage_splice_to_pipe(int file, int64_t offset, int pipe, size_t count);

/// Writes to a pipe or a socket as much as there is room for; fails with `EAGAIN` if there is none
/// and with `EOPNOTSUPP` where only the file's own mode decides whether a write waits.
long cblobstorage_write_no_wait(int file, const void *bytes, size_t count);

long cblobstorage_getxattr(int file, const char *name, void *value, size_t count);
int cblobstorage_setxattr(int file, const char *name, const void *value, size_t count);
int cblobstorage_removexattr(int file, const char *name);

/// Locks bytes of a file for this open file description (`F_OFD_SETLK`), so that threads of one
/// process that opened the file by themselves exclude each other too.
int cblobstorage_lock(int file, int64_t offset, int64_t count, bool exclusive, bool wait);
int cblobstorage_unlock(int file, int64_t offset, int64_t count);

#endif
