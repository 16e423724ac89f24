internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import Foundation

/// Reads an upload by a form: its fields, its policy, and where its file begins.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
struct PostFormReader: Sendable {
    private let authenticator: Authenticator
    private let time: TimeSource

    init(_ authenticator: Authenticator, time: TimeSource) {
        self.authenticator = authenticator
        self.time = time
    }

    /// Reads a form up to its file, and verifies that it may be kept.
    ///
    /// - Parameters:
    ///   - request: The `POST` to a bucket.
    ///   - bucket: The bucket's name.
    /// - Returns: The upload, whose body is the file.
    /// - Throws: `GatewayError`; what the body throws.
    func read(_ request: GatewayRequest, bucket: String) async throws -> FormUpload {
        let boundary = try FormBoundary(contentType: request.headers["Content-Type"])
        try checkMechanism(request)
        guard let byteCount = request.body.byteCount else {
            throw GatewayError(
                411,
                "MissingContentLength",
                "You must provide the Content-Length HTTP header."
            )
        }
        let rest = Locked<FormFile.Rest?>(
            FormFile.Rest(source: request.body.makeAsyncIterator(), byteCount: byteCount)
        )
        let (head, fileName) = try await readFields(rest, boundary)
        var fields = head
        let key = try Self.key(&fields, fileName: fileName)
        let (rights, accessKeyID) = try authenticator.authenticate(form: fields)
        // What one request may bring; a policy narrows it.
        var allowed = 0...GatewayCall.maximumUploadByteCount
        if accessKeyID != nil {
            let policy = try PolicyDocument(base64: fields["policy"] ?? "")
            try policy.check(fields, bucket: bucket, at: time.now())
            if let range = policy.allowedByteCounts {
                // One that begins beyond is still the policy's, and nothing fits it.
                allowed =
                    range
                    .lowerBound...max(
                        range.lowerBound,
                        min(range.upperBound, allowed.upperBound)
                    )
            }
        }
        let restByteCount = rest.withLock { $0?.byteCount ?? 0 }
        if restByteCount - Self.maximumEndByteCount > allowed.upperBound {
            throw GatewayError.entityTooLarge(allowed)
        }
        let plan = try BodyPlan(form: fields.headers)
        let file = FormFile(rest: rest, boundary: boundary, allowed: allowed)
        return FormUpload(
            key: key,
            caller: Caller(
                rights: rights,
                accessKeyID: accessKeyID,
                headers: plan.headers,
                plan: plan,
                of: BlobBody(file)
            ),
            success: Self.success(fields)
        )
    }

    /// Refuses a form that is signed in another way too.
    private func checkMechanism(_ request: GatewayRequest) throws(GatewayError) {
        let isSigned =
            request.headers["Authorization"] != nil
            || SignatureClaim.parameterNames.contains(where: request.parameters.contains)
        guard !isSigned else {
            throw GatewayError(
                400,
                "InvalidArgument",
                "Only one auth mechanism allowed; a form carries its own signature"
            )
        }
    }

    /// Reads up to the file's first byte, and leaves there what was read of the file already.
    private func readFields(
        _ place: Locked<FormFile.Rest?>,
        _ boundary: FormBoundary
    ) async throws -> (FormFields, fileName: String?) {
        guard var form = place.withLock({ $0.take() }) else { throw FormFile.wasRead }
        var reader = FormReader(boundary)
        var stop: FormReader.Stop?
        while stop == nil, let chunk = try await form.source.next(isolation: #isolation) {
            form.byteCount -= Int64(chunk.count)
            stop = try reader.take(chunk)
        }
        // A sequence may end early, without an error, when its reader is cancelled.
        try Task.checkCancellation()
        guard let stop else {
            throw GatewayError(400, "IncompleteBody", "The form ends within its fields")
        }
        guard case .file(let fileName) = stop else {
            throw GatewayError(
                400,
                "InvalidArgument",
                "POST requires exactly one file upload per request."
            )
        }
        form.first = [UInt8](reader.rest)
        form.byteCount += Int64(form.first.count)
        place.withLock { $0 = form }
        return (reader.fields, fileName)
    }

    /// The most bytes that a form has after its file.
    private static let maximumEndByteCount = Int64(
        FormFileScanner.maximumAfterByteCount + FormBoundary.maximumByteCount + 4
    )

    private static func key(
        _ fields: inout FormFields,
        fileName: String?
    ) throws(GatewayError) -> BlobKey {
        guard let text = fields["key"] else {
            throw GatewayError(
                400,
                "InvalidArgument",
                "Bucket POST must contain a field named 'key'.  If it is specified, please check the "
                    + "order of the fields."
            )
        }
        let name = lastComponent(fileName ?? "")
        let whole = replacing("${filename}", in: text, with: name)
        fields.replace("key", whole)
        do {
            return try BlobKey(whole)
        } catch {
            guard !whole.isEmpty else {
                throw GatewayError(
                    400,
                    "InvalidArgument",
                    "User key must have a length greater than 0."
                )
            }
            throw GatewayError(400, "KeyTooLongError", "Your key is too long")
        }
    }

    /// What follows the last slash or backslash: some browsers send the path of a file.
    private static func lastComponent(_ fileName: String) -> String {
        let isSeparator: (UInt8) -> Bool = { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        let start = fileName.utf8.lastIndex(where: isSeparator).map(fileName.utf8.index(after:))
        return String(fileName[(start ?? fileName.startIndex)...])
    }

    /// Puts a text wherever a variable stands; one inside the text stays.
    private static func replacing(
        _ variable: String,
        in text: String,
        with value: String
    ) -> String {
        let variable = [UInt8](variable.utf8)
        var rest = [UInt8](text.utf8)[...]
        var whole: [UInt8] = []
        while !rest.isEmpty {
            if rest.starts(with: variable) {
                whole.append(contentsOf: value.utf8)
                rest = rest.dropFirst(variable.count)
            } else if let byte = rest.popFirst() {
                whole.append(byte)
            }
        }
        return String(decoding: whole, as: UTF8.self)
    }

    private static func success(_ fields: FormFields) -> FormUpload.SuccessAction {
        // `redirect` is the field's old name.
        for name in ["success_action_redirect", "redirect"] {
            if let target = fields[name], isWebAddress(target) { return .redirect(target) }
        }
        switch fields["success_action_status"] {
        case "200": return .status(200)
        case "201": return .status(201)
        default: return .status(204)
        }
    }

    /// Whether a browser may be sent there; S3 ignores what is no address.
    private static func isWebAddress(_ text: String) -> Bool {
        let isVisible = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isVisible
            && (text.utf8.starts(with: "http://".utf8) || text.utf8.starts(with: "https://".utf8))
    }
}
