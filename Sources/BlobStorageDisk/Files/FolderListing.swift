import BlobStorage
import CBlobStorageSystem
import Glibc

/// The names in a folder, in the order that the file system has them.
struct FolderListing {
    /// What the file system says of a name without a look at the file.
    enum Kind {
        case file
        case folder
        case special
        /// The file system does not say; a look tells.
        case unknown
    }

    private let folder: Folder

    init(_ folder: Folder) {
        self.folder = folder
    }

    /// The names that are text.
    var names: [String] {
        get throws {
            var names: [String] = []
            try visit { name, _ in
                if let text = String(validating: name, as: UTF8.self) { names.append(text) }
            }
            return names
        }
    }

    /// Calls `body` with each name, which need not be text, and its kind.
    func visit(_ body: (UnsafeBufferPointer<UInt8>, Kind) throws -> Void) throws {
        // A descriptor of its own, since reading moves a position that descriptors share.
        let number = ignoringInterrupts {
            cblobstorage_openat(
                folder.descriptor.number,
                ".",
                O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                0
            )
        }
        guard number >= 0 else { throw SystemError.last("openat") }
        guard let stream = fdopendir(number) else {
            let error = SystemError.last("fdopendir")
            close(number)
            throw error
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemError.last("readdir") }
                return
            }
            // The name goes on behind the declared size of `dirent`, so it is reached by address.
            let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
            let start = UnsafeRawPointer(entry) + offset
            let count = strlen(start.assumingMemoryBound(to: CChar.self))
            let name = UnsafeBufferPointer(
                start: start.assumingMemoryBound(to: UInt8.self),
                count: count
            )
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            try body(name, Kind(type: Int(entry.pointee.d_type)))
        }
    }
}

extension FolderListing.Kind {
    fileprivate init(type: Int) {
        switch type {
        case Int(DT_REG): self = .file
        case Int(DT_DIR): self = .folder
        case Int(DT_UNKNOWN): self = .unknown
        default: self = .special
        }
    }
}
