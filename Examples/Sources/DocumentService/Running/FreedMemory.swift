import Glibc

/// What becomes of memory that is not needed any more.
enum FreedMemory {
    /// The number of glibc's `M_MMAP_THRESHOLD`; <malloc.h> is not part of Swift's Glibc.
    private static let mmapThreshold: Int32 = -3
    /// Smaller than the chunks that files pass a gateway in.
    private static let chunkByteCount: Int32 = 128 << 10

    /// Has chunks of files given back to the system as soon as they are freed.
    ///
    /// By itself glibc raises the size from which it does so, and keeps freed chunks for each of many
    /// threads: with 20 uploads at once to a folder that were 33 MiB more in use, and are 9 MiB so.
    static func giveBack() {
        typealias SetOption = @convention(c) (Int32, Int32) -> Int32
        // Another C library has no such function, and needs none.
        guard let function = dlsym(nil, "mallopt") else { return }
        _ = unsafeBitCast(function, to: SetOption.self)(mmapThreshold, chunkByteCount)
    }
}
