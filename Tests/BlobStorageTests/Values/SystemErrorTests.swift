import BlobStorage
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite struct SystemErrorTests {
    @Test(
        "tells the kind by errno",
        arguments: [
            (ENOENT, .notFound), (EACCES, .permissionDenied), (EPERM, .permissionDenied),
            (EROFS, .permissionDenied), (ENOSPC, .outOfSpace), (EDQUOT, .outOfSpace),
            (EFBIG, .tooLarge), (EMFILE, .unavailable), (EIO, .unavailable),
            (EEXIST, .alreadyExists), (ELOOP, .corrupted), (EOPNOTSUPP, .unsupported),
            (ENAMETOOLONG, .invalidArgument),
        ] as [(Int32, BlobError.Kind)]
    )
    func kinds(_ code: Int32, _ kind: BlobError.Kind) {
        #expect(SystemError("open", code).kind == kind)
    }

    @Test func printsCallAndCause() {
        #expect(SystemError("open", ENOENT).description == "open: No such file or directory")
    }
}
