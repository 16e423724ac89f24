internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import Foundation

/// What a request says of its signature, taken apart and not yet believed.
struct SignatureClaim: Sendable {
    /// Where it stands, which decides how it may be wrong.
    enum Place: Sendable {
        case header
        /// In the query, good for so many seconds.
        case query(expirySeconds: Int)
        case form
    }

    static let algorithm = "AWS4-HMAC-SHA256"

    let place: Place
    let accessKeyID: String
    /// The day of the credential's scope, as 8 digits.
    let day: [UInt8]
    let region: String
    /// When it was signed.
    let date: Date
    /// The names of the signed fields, in lower case and in order; empty for a form.
    let signedHeaders: [String]
    /// 64 digits.
    let signature: [UInt8]
    /// The session token of a query or a form; a header's is found among the headers.
    let token: String?

    init(
        _ place: Place,
        credential: CredentialText,
        date: Date,
        signedHeaders: [String],
        signature: String,
        token: String?
    ) throws(GatewayError) {
        self.place = place
        accessKeyID = credential.accessKeyID
        day = credential.day
        region = credential.region
        self.date = date
        self.signedHeaders = signedHeaders
        self.token = token
        let digits = [UInt8](signature.utf8)
        // S3 calls it a signature that does not match, wherever it stands; radosgw too.
        guard digits.count == 64, digits.allSatisfy(Self.isLowerHexDigit) else {
            throw .signatureDoesNotMatch
        }
        self.signature = digits
        var basic: [UInt8] = []
        AWSDate.appendBasic(CivilTime(date), to: &basic)
        guard basic.starts(with: day) else {
            throw Self.malformed(
                place,
                "Invalid credential date \"\(String(decoding: day, as: UTF8.self))\". This date is "
                    + "not the same as X-Amz-Date."
            )
        }
    }

    static func malformed(_ place: Place, _ problem: String) -> GatewayError {
        switch place {
        case .header: .malformedAuthorization(problem)
        case .query: .malformedParameters(problem)
        case .form: GatewayError(400, "InvalidArgument", problem)
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func isLowerHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// A date in exactly the form `20130524T000000Z`.
    static func strictDate(_ text: String) -> Date? {
        // Digits at their places are the date that is read, but for a leap second: that is none.
        let isStrict =
            text.utf8.count == 16
            && zip(text.utf8, "00000000T000000Z".utf8).allSatisfy { byte, form in
                form == 0x30 ? isDigit(byte) : byte == form
            }
        guard isStrict, text.utf8.dropFirst(13).first != UInt8(ascii: "6") else { return nil }
        return AWSDate.parse(text)
    }

    /// The names of `host;range;x-amz-date`.
    ///
    /// - Throws: Unless they are in lower case, in order, each once, and `host` is among them.
    static func names(_ text: String, _ place: Place) throws(GatewayError) -> [String] {
        guard text.utf8.count <= maximumNamesByteCount else {
            throw malformed(place, "SignedHeaders is too long")
        }
        var names: [String] = []
        var hasHost = false
        for name in text.utf8.split(separator: 0x3B, omittingEmptySubsequences: false) {
            let isName = !name.isEmpty && name.allSatisfy(isNameByte)
            let isAfter = names.last.map { $0.utf8.lexicographicallyPrecedes(name) } ?? true
            guard isName, isAfter else {
                throw malformed(
                    place,
                    "SignedHeaders must be names in lower case, sorted, each once, with semicolons "
                        + "between"
                )
            }
            hasHost = hasHost || name.elementsEqual("host".utf8)
            names.append(String(decoding: name, as: UTF8.self))
        }
        guard hasHost else { throw malformed(place, "the host header must be signed") }
        return names
    }

    /// The most bytes of the list of signed names; S3 takes 8 KiB of headers in all.
    private static let maximumNamesByteCount = 8 << 10

    /// RFC 9110, section 5.6.2: a token, here in lower case.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// `AKID/20130524/us-east-1/s3/aws4_request`, taken apart.
struct CredentialText: Sendable {
    let accessKeyID: String
    let day: [UInt8]
    let region: String

    /// The most bytes of an access key's id, as IAM has it.
    private static let maximumIDByteCount = 128

    init(_ text: String, _ place: SignatureClaim.Place) throws(GatewayError) {
        // The scope is the last four parts, and the id may have slashes of its own.
        var scope: [ArraySlice<UInt8>] = []
        scope.reserveCapacity(4)
        var id = [UInt8](text.utf8)[...]
        while scope.count < 4, let slash = id.lastIndex(of: UInt8(ascii: "/")) {
            scope.append(id[(slash + 1)...])
            id = id[..<slash]
        }
        guard scope.count == 4, (1...Self.maximumIDByteCount).contains(id.count) else {
            throw SignatureClaim.malformed(
                place,
                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/"
                    + "aws4_request\"."
            )
        }
        guard scope[1].elementsEqual("s3".utf8) else {
            throw SignatureClaim.malformed(
                place,
                "incorrect service. This endpoint belongs to \"s3\"."
            )
        }
        guard scope[0].elementsEqual("aws4_request".utf8) else {
            throw SignatureClaim.malformed(
                place,
                "incorrect terminal. This endpoint uses \"aws4_request\"."
            )
        }
        accessKeyID = String(decoding: id, as: UTF8.self)
        day = [UInt8](scope[3])
        region = String(decoding: scope[2], as: UTF8.self)
        guard day.count == 8, day.allSatisfy(SignatureClaim.isDigit) else {
            throw SignatureClaim.malformed(
                place,
                "incorrect date format. This date in the credential must be in the format "
                    + "\"yyyyMMdd\"."
            )
        }
    }
}
