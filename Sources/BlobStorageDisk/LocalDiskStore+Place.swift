import BlobStorage
import Glibc

extension LocalDiskStore: PlacedStore {
    package func place() async throws -> String? {
        let path = rootPath
        return try await BlockingThreads.shared.run {
            guard let real = realpath(path, nil) else { return nil }
            defer { free(real) }
            let text = String(cString: real)
            return text.utf8.last == UInt8(ascii: "/") ? "file:\(text)" : "file:\(text)/"
        }
    }
}
