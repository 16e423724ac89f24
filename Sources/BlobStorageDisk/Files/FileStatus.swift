import BlobStorage
import CBlobStorageSystem
import Foundation
import Glibc

/// What the file system tells about a file.
struct FileStatus {
    /// What a name stands for.
    enum Kind {
        case file
        case folder
        /// A FIFO, a socket, a device or a symbolic link: never followed, never opened to wait.
        case special(String)
    }

    let kind: Kind
    let byteCount: Int64
    let inode: UInt64
    /// How many names lead to the file.
    let nameCount: UInt64
    /// The time of the last change of the bytes, in nanoseconds since 1970; the nearest that there
    /// is to times before 1678 and after 2261, which nothing but a broken clock makes.
    let modified: Int64
    /// The same as the file system has it.
    private let time: timespec

    init(_ status: stat) {
        kind = Kind(mode: status.st_mode)
        byteCount = Int64(status.st_size)
        inode = UInt64(status.st_ino)
        nameCount = UInt64(status.st_nlink)
        time = status.st_mtim
        modified = Self.nanoseconds(status.st_mtim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (product, isOver) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isSumOver) = product.addingReportingOverflow(Int64(time.tv_nsec))
        guard isOver || isSumOver else { return sum }
        return time.tv_sec < 0 ? .min : .max
    }

    var isFile: Bool {
        if case .file = kind { true } else { false }
    }

    var isFolder: Bool {
        if case .folder = kind { true } else { false }
    }

    /// The mark of this version of a blob.
    ///
    /// Each write sets a time of its own, to the nanosecond, so that time and size name a version;
    /// an edit in place by another program makes a new version, and a backup that keeps times keeps
    /// versions.
    var etag: ETag {
        let size = String(byteCount, radix: 16)
        guard modified == .min || modified == .max else {
            return ETag("\"\(String(modified, radix: 16))-\(size)\"")
        }
        let (seconds, rest) = (String(time.tv_sec, radix: 16), String(time.tv_nsec, radix: 16))
        return ETag("\"\(seconds).\(rest)-\(size)\"")
    }

    var lastModified: Date {
        Date(timeIntervalSince1970: Double(modified) / 1_000_000_000)
    }
}

extension FileStatus.Kind {
    fileprivate init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .special("a symbolic link")
        case S_IFIFO: self = .special("a FIFO")
        case S_IFSOCK: self = .special("a socket")
        case S_IFCHR, S_IFBLK: self = .special("a device")
        default: self = .special("no regular file")
        }
    }
}

extension FileDescriptor {
    /// What the file system tells about the open file.
    func fileStatus() throws(SystemError) -> FileStatus {
        var status = stat()
        guard ignoringInterrupts({ fstat(number, &status) }) == 0 else {
            throw SystemError.last("fstat")
        }
        return FileStatus(status)
    }

    /// Sets the time of the last change of the bytes, in nanoseconds since 1970.
    func setModified(_ nanoseconds: Int64) throws(SystemError) {
        let time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000),
            tv_nsec: Int(nanoseconds % 1_000_000_000)
        )
        let times = [timespec(tv_sec: 0, tv_nsec: cblobstorage_utime_omit), time]
        guard ignoringInterrupts({ futimens(number, times) }) == 0 else {
            throw SystemError.last("futimens")
        }
    }

    /// Writes the open file or folder through to the disk.
    ///
    /// A failure, other than an interrupt, is never tried again on the same descriptor: the kernel
    /// reports it once and may have dropped the pages that it could not write.
    func sync() throws(SystemError) {
        guard ignoringInterrupts({ fsync(number) }) == 0 else { throw SystemError.last("fsync") }
    }
}
