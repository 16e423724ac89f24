import BlobStorage
import BlobStorageS3
import Testing

/// `doctor()` finds out what a server can do, also where its profile claims too much.
@Suite struct S3DoctorTests {
    @Test("finds out what the server can do", arguments: TestServer.each)
    func findings(_ server: TestServer) async throws {
        let store = try await server.newStore { $0.vendor = Self.credulous(server.vendor) }
        let diagnosis = try await store.doctor()
        let features = diagnosis.capabilities.features
        switch server.name {
        case "CEPH":
            #expect(features.isSuperset(of: [.putIfAbsent, .putIfMatches]), "\(diagnosis)")
            #expect(diagnosis.capabilities.checksums == Set(ChecksumAlgorithm.allCases))
            #expect(diagnosis.vendor.multipartChecksums.contains(.crc64NVME), "\(diagnosis)")
            #expect(diagnosis.vendor.acceptsTrailers)
        case "CEPH16":
            #expect(features.isDisjoint(with: [.putIfAbsent, .putIfMatches, .deleteIfMatches]))
            #expect(diagnosis.capabilities.checksums.isEmpty)
        case "SWIFT":
            // Its create-only is a look and then a write.
            #expect(!features.contains(.putIfAbsent))
            #expect(diagnosis.capabilities.checksums.isEmpty)
        default:
            #expect(!diagnosis.findings.isEmpty)
        }
        let left = try await store.list(ListOptions(prefix: ".blob-storage-doctor/"))
        #expect(left.blobs.isEmpty)
        let uploads = try await store.listMultipartUploads(
            prefix: "",
            continuationToken: nil,
            limit: 10
        )
        #expect(uploads.uploads.isEmpty)
    }

    /// A profile that claims all that AWS can do, of a server spoken to as its own profile says.
    private static func credulous(_ vendor: S3Vendor) -> S3Vendor {
        var all = S3Vendor.aws
        all.name = vendor.name
        all.addressing = vendor.addressing
        all.encodesListings = vendor.encodesListings
        all.maximumDeleteKeyCount = vendor.maximumDeleteKeyCount
        return all
    }
}
