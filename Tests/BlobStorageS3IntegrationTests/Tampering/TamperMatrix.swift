import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Foundation

/// All requests of the matrix, signed for one bucket.
struct TamperMatrix: Sendable {
    static let key = BlobKey(unchecked: "a/b c.txt")
    private static let path = "a/b%20c.txt"
    private static let bytes = Array("forty bytes of text, to be sent in order".utf8)

    private(set) var place: TamperPlace
    let store: S3Store

    /// Makes the place for a matrix: a bucket of its own.
    init(on server: TestServer) async throws {
        store = try await server.newStore()
        let other = AWSCredentials(
            accessKeyID: server["OTHER_ACCESS_KEY_ID"] ?? "",
            secretAccessKey: server["OTHER_SECRET_ACCESS_KEY"] ?? ""
        )
        place = TamperPlace(
            port: server["ENDPOINT"].flatMap { URL(string: $0)?.port } ?? 0,
            bucket: store.configuration.bucket,
            credentials: try await server.credentials.credentials(),
            other: other,
            date: Self.now
        )
    }

    private static var now: Date {
        Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
    }

    /// Makes a family, and whether its requests are for a blob that is there.
    typealias Maker = @Sendable (Self) async throws -> (family: TamperFamily, hasBlob: Bool)

    /// All families.
    static let makers: [Maker] = [
        { (try await $0.presignedPut(), false) }, { (try $0.plainPut(), false) },
        { (try $0.presignedGet(), true) }, { (try $0.presignedDelete(), true) },
        { (try await $0.signedPut(), false) }, { (try await $0.signedDelete(), true) },
        { (try await $0.chunkedPut(trailer: nil), false) },
        { (try await $0.chunkedPut(trailer: "x-amz-checksum-crc32c"), false) },
        { (try await $0.form(), false) },
    ]

    /// The same matrix, signing as of now: a busy server may take longer for all families than the
    /// signatures of the first last.
    var asOfNow: Self {
        var matrix = self
        matrix.place.date = Self.now
        return matrix
    }

    private var wrongSigners: [(name: String, credentials: AWSCredentials)] {
        func credentials(_ id: String, _ secret: String) -> AWSCredentials {
            AWSCredentials(accessKeyID: id, secretAccessKey: secret)
        }
        let (right, other) = (place.credentials, place.other)
        return [
            ("another key's secret", credentials(right.accessKeyID, other.secretAccessKey)),
            ("another key with this secret", credentials(other.accessKeyID, right.secretAccessKey)),
            ("another key, which has no rights", other),
            ("a key that nobody has", credentials("AKIANOBODY", right.secretAccessKey)),
            ("an empty secret", credentials(right.accessKeyID, "")),
        ]
    }

    private func presignedPut() async throws -> TamperFamily {
        let headers: HTTPHeaders = [
            "Content-Type": "text/plain", "x-amz-meta-owner": "u1", "If-None-Match": "*",
            "x-amz-checksum-sha256": Checksum.of(Self.bytes, .sha256).base64,
            // Ceph looks at the checksum of a header if this one announces it.
            "x-amz-sdk-checksum-algorithm": "SHA256",
            "Content-Length": String(Self.bytes.count),
        ]
        func signed(
            as signer: AWSCredentials? = nil,
            seconds: Int = 900,
            age: Double = 0
        ) throws -> WireMessage {
            try place.presigned(
                .put,
                Self.path,
                headers: headers,
                body: Self.bytes,
                as: signer,
                seconds: seconds,
                age: age
            )
        }
        var family = TamperFamily("presigned PUT", try signed())
        URLTampering.flips(&family)
        URLTampering.queries(&family)
        URLTampering.values(&family, place)
        URLTampering.paths(&family, place)
        URLTampering.methods(&family)
        HeaderTampering.bound(
            &family,
            [
                "Host", "Content-Type", "x-amz-meta-owner", "x-amz-checksum-sha256",
                "Content-Length", "If-None-Match",
            ]
        )
        HeaderTampering.added(&family)
        let header = try await place.signed(.put, Self.path, body: Self.bytes)
        HeaderTampering.both(&family, header["Authorization"] ?? "")
        BodyTampering.lengths(&family)
        BodyTampering.flips(&family)
        for (name, credentials) in wrongSigners {
            family.add(name, try signed(as: credentials))
        }
        family.add("an hour old, good for a minute", try signed(seconds: 60, age: 3_600))
        family.add("of tomorrow", try signed(seconds: 604_800, age: -86_400))
        family.add("of in 20 minutes", try signed(age: -1_200))
        family.add("eight days old, good for seven", try signed(seconds: 604_800, age: 691_200))
        return family
    }

    /// Nothing is bound but the key.
    private func plainPut() throws -> TamperFamily {
        var family = TamperFamily(
            "plain PUT",
            try place.presigned(.put, Self.path, body: Self.bytes)
        )
        HeaderTampering.added(&family)
        URLTampering.methods(&family)
        family.refuse("no length at all") { $0["Content-Length"] = nil }
        family.refuse("a body that ends early") { $0.body.removeLast() }
        return family
    }

    private func presignedGet() throws -> TamperFamily {
        let query = "response-content-disposition=attachment&response-content-type=text%2Fplain"
        var family = TamperFamily(
            "presigned GET",
            try place.presigned(.get, Self.path, query: query)
        )
        URLTampering.flips(&family)
        URLTampering.queries(&family)
        URLTampering.paths(&family, place)
        URLTampering.methods(&family)
        HeaderTampering.bound(&family, ["Host"])
        return family
    }

    private func presignedDelete() throws -> TamperFamily {
        var family = TamperFamily("presigned DELETE", try place.presigned(.delete, Self.path))
        URLTampering.paths(&family, place)
        URLTampering.methods(&family)
        for name in URLTampering.parameterNames {
            family.refuse("\(name) dropped") { message in
                let pairs = URLTampering.pairs(of: message)
                URLTampering.setPairs(pairs.filter { !$0.hasPrefix(name) }, of: &message)
            }
        }
        return family
    }

    private func signedPut() async throws -> TamperFamily {
        let headers: HTTPHeaders = ["Content-Type": "text/plain", "x-amz-meta-owner": "u1"]
        func signed(
            as signer: AWSCredentials? = nil,
            age: Double = 0
        ) async throws -> WireMessage {
            try await place.signed(
                .put,
                Self.path,
                headers: headers,
                body: Self.bytes,
                as: signer,
                age: age
            )
        }
        var family = TamperFamily("signed PUT", try await signed())
        HeaderTampering.bound(
            &family,
            [
                "Host", "Content-Type", "x-amz-meta-owner", "x-amz-date", "x-amz-content-sha256",
                "Authorization",
            ]
        )
        HeaderTampering.added(&family)
        HeaderTampering.authorization(&family, place)
        URLTampering.paths(&family, place)
        URLTampering.methods(&family)
        BodyTampering.lengths(&family)
        BodyTampering.flips(&family)
        for (name, credentials) in wrongSigners {
            family.add(name, try await signed(as: credentials))
        }
        family.add("20 minutes old", try await signed(age: 1_200))
        family.add("of in 20 minutes", try await signed(age: -1_200))
        return family
    }

    private func signedDelete() async throws -> TamperFamily {
        var family = TamperFamily("signed DELETE", try await place.signed(.delete, Self.path))
        HeaderTampering.bound(&family, ["Host", "x-amz-date", "x-amz-content-sha256"])
        URLTampering.methods(&family)
        URLTampering.paths(&family, place)
        return family
    }

    private func chunkedPut(trailer: String?) async throws -> TamperFamily {
        let original = try await place.signed(
            .put,
            Self.path,
            body: Self.bytes,
            payload: .chunked(trailer: trailer)
        )
        var family = TamperFamily("chunked PUT\(trailer == nil ? "" : ", trailer")", original)
        BodyTampering.chunks(&family)
        return family
    }

    private func form() async throws -> TamperFamily {
        let file = Array("12345".utf8)
        let conditions = UploadFormConditions(
            byteCounts: 1...9,
            contentType: .exact("text/plain"),
            metadata: ["owner": "42"],
            success: .created
        )
        let form = try await store.presignForm(
            Self.key,
            expiresIn: .seconds(900),
            conditions: conditions
        )
        return FormTampering.family(form, place, file: file)
    }
}
