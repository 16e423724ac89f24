#define _GNU_SOURCE
#include "CBlobStorageSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

const int cblobstorage_o_path = O_PATH;
const int cblobstorage_o_tmpfile = O_TMPFILE;
const unsigned cblobstorage_rename_noreplace = RENAME_NOREPLACE;
const unsigned cblobstorage_rename_exchange = RENAME_EXCHANGE;
const long cblobstorage_utime_omit = UTIME_OMIT;

int cblobstorage_openat(int directory, const char *path, int flags, unsigned mode) {
    return openat(directory, path, flags, mode);
}

int cblobstorage_openat2(int directory, const char *path, int flags, unsigned mode) {
    struct open_how how = {
        .flags = (unsigned long long)(unsigned)flags,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int cblobstorage_renameat2(
    int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
    return renameat2(from_directory, from, to_directory, to, flags);
}

int cblobstorage_link_open_file(int file, int directory, const char *name) {
    // Linking by descriptor needs a capability before Linux 6.10; by /proc it never does.
    if (linkat(file, "", directory, name, AT_EMPTY_PATH) == 0) return 0;
    if (errno != ENOENT && errno != EPERM && errno != EINVAL) return -1;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW);
}

int cblobstorage_clone_file(int destination, int source) {
    return ioctl(destination, FICLONE, source);
}

long cblobstorage_copy_file_range(
    int source, int64_t source_offset, int destination, int64_t destination_offset, size_t count) {
    loff_t from = source_offset;
    loff_t to = destination_offset;
    return copy_file_range(source, &from, destination, &to, count, 0);
}

long cblobstorage_splice_to_pipe(int file, int64_t offset, int pipe, size_t count) {
    loff_t from = offset;
    return splice(file, &from, pipe, NULL, count, SPLICE_F_NONBLOCK);
}

long cblobstorage_write_no_wait(int file, const void *bytes, size_t count) {
    struct iovec run = {.iov_base = (void *)bytes, .iov_len = count};
    return pwritev2(file, &run, 1, -1, RWF_NOWAIT);
}

long cblobstorage_getxattr(int file, const char *name, void *value, size_t count) {
    return fgetxattr(file, name, value, count);
}

int cblobstorage_setxattr(int file, const char *name, const void *value, size_t count) {
    return fsetxattr(file, name, value, count, 0);
}

int cblobstorage_removexattr(int file, const char *name) {
    return fremovexattr(file, name);
}

int cblobstorage_lock(int file, int64_t offset, int64_t count, bool exclusive, bool wait) {
    struct flock lock = {
        .l_type = exclusive ? F_WRLCK : F_RDLCK,
        .l_whence = SEEK_SET,
        .l_start = offset,
        .l_len = count,
    };
    int status;
    do {
        status = fcntl(file, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
    } while (status < 0 && errno == EINTR);
    return status;
}

int cblobstorage_unlock(int file, int64_t offset, int64_t count) {
    struct flock lock = {
        .l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = offset, .l_len = count};
    return fcntl(file, F_OFD_SETLK, &lock);
}
