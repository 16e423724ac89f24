internal import BlobStorage
internal import BlobStorageHTTP
internal import BlobStorageXML
internal import Foundation

/// Makes an error answer of a response: XML of S3 or STS, JSON of DynamoDB, or whatever a proxy says.
enum ErrorAnswer {
    /// The most bytes of an error's body that are read.
    static let bodyLimit = 64 << 10
    /// The most bytes of a message that are kept.
    static let messageLimit = 1_024
    /// The most bytes of a text that is no error document, but a proxy's page.
    static let pageLimit = 200

    /// Reads a response with an error status.
    ///
    /// A body that breaks off leaves what the head says.
    ///
    /// - Throws: `CancellationError`.
    static func read(_ response: HTTPResponse) async throws -> AWSFailure.Answer {
        var body: [UInt8] = []
        do {
            for try await chunk in response.body {
                body.append(contentsOf: chunk.prefix(bodyLimit - body.count))
                if body.count >= bodyLimit { break }
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // The status is known, and says more than that its explanation was cut.
            body.removeAll()
        }
        return decode(status: response.status, headers: response.headers, body: body)
    }

    /// Decodes the parts of a response.
    static func decode(
        status: Int,
        headers: HTTPHeaders,
        body: [UInt8]
    ) -> AWSFailure.Answer {
        var answer = AWSFailure.Answer(status: status, headers: headers)
        let text = body.drop { $0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }
        switch text.first {
        case 0x3C:
            if let root = try? XMLNode.parse(Array(text), limits: xmlLimits) {
                readXML(root, into: &answer)
            }
        case 0x7B: readJSON(text, into: &answer)
        default: break
        }
        readHeaders(headers, into: &answer)
        if answer.code == nil, answer.message == nil, !text.isEmpty {
            answer.message = readable(text.prefix(pageLimit))
        }
        if let message = answer.message, mentionsSecret(message) { answer.message = nil }
        return answer
    }

    private static let xmlLimits = XMLLimits(
        maximumDepth: 8,
        maximumTextByteCount: bodyLimit,
        maximumDocumentByteCount: bodyLimit
    )

    // MARK: XML

    private static func readXML(_ root: XMLNode, into answer: inout AWSFailure.Answer) {
        guard let error = errorElement(of: root) else { return }
        answer.code = error.child("Code").flatMap { name($0.text) }
        answer.message = error.child("Message").map { readable($0.text.utf8) }
        let id = error.child("RequestId") ?? root.child("RequestId") ?? root.child("RequestID")
        answer.requestID = id.flatMap { name($0.text) }
        for child in error.children where detailNames.contains(child.name) {
            answer.details[child.name] = readable(child.text.utf8)
        }
    }

    /// `<Error>` of S3; `<ErrorResponse><Error>` of STS; `<Response><Errors><Error>` of EC2.
    private static func errorElement(of root: XMLNode) -> XMLNode? {
        switch root.name {
        case "Error": root
        case "ErrorResponse": root.child("Error")
        case "Response": root.child("Errors")?.child("Error")
        default: nil
        }
    }

    /// What further elements are kept.
    ///
    /// Others may hold a session token: `SignatureDoesNotMatch` comes
    /// with the whole canonical request.
    private static let detailNames: Set<String> = [
        "ActualObjectSize", "ArgumentName", "Bucket", "BucketName", "CalculatedDigest",
        "ClientComputedContentSHA256", "Condition", "Endpoint", "ETag", "ExpectedDigest", "Header",
        "HostId", "Key", "MaxAllowedSkewMilliseconds", "MaxSizeAllowed", "Method",
        "MinSizeAllowed", "PartNumber", "ProposedSize", "RangeRequested", "Region", "RequestTime",
        "Resource", "ResourceType", "S3ComputedContentSHA256", "ServerTime", "StorageClass",
        "UploadId",
    ]

    // MARK: JSON

    private static func readJSON(_ text: ArraySlice<UInt8>, into answer: inout AWSFailure.Answer) {
        guard let value = try? JSONSerialization.jsonObject(with: Data(text)),
            let object = value as? [String: Any]
        else { return }
        func field(_ names: String...) -> String? {
            names.lazy.compactMap { object[$0] as? String }.first
        }
        answer.code = field("__type", "code", "Code").flatMap(shapeName)
        answer.message = field("message", "Message", "errorMessage").map { readable($0.utf8) }
    }

    /// `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException:http://…` without what is around
    /// the name.
    ///
    /// - SeeAlso: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
    private static func shapeName(_ text: String) -> String? {
        let start = text.utf8.firstIndex(of: 0x23).map { text.utf8.index(after: $0) }
        return name(String(text[(start ?? text.startIndex)...].utf8.prefix { $0 != 0x3A }) ?? "")
    }

    // MARK: Headers

    private static func readHeaders(_ headers: HTTPHeaders, into answer: inout AWSFailure.Answer) {
        let code = answer.code ?? headers["x-amzn-ErrorType"].flatMap(shapeName)
        answer.code =
            code ?? (headers["x-amz-error-code"] ?? headers["x-minio-error-code"]).flatMap(name)
        if answer.message == nil {
            let message = headers["x-amz-error-message"] ?? headers["x-minio-error-desc"]
            answer.message = message.map { readable($0.utf8) }
        }
        let id = headers["x-amz-request-id"] ?? headers["x-amzn-requestid"]
        answer.requestID =
            id.flatMap(name) ?? answer.requestID ?? headers["x-amz-id-2"].flatMap(name)
    }

    // MARK: Text

    /// A name that a machine gave: short and printable, or none.
    private static func name(_ text: String) -> String? {
        guard (1...256).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) })
        else { return nil }
        return text
    }

    /// Text for people: cut, its control characters replaced by spaces.
    private static func readable(_ bytes: some Collection<UInt8>) -> String {
        var text = ""
        for scalar in String(decoding: bytes.prefix(messageLimit), as: UTF8.self).unicodeScalars {
            switch scalar.value {
            // Control characters, and those that steer the direction or the end of a line.
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069:
                text.unicodeScalars.append(" ")
            // What is left of a character that was cut.
            case 0xFFFD: continue
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Whether a text repeats a part of the request that nobody else should see.
    private static func mentionsSecret(_ text: String) -> Bool {
        let lower = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return secretMarks.contains { mark in
            lower.indices.contains { lower[$0...].starts(with: mark.utf8) }
        }
    }

    private static let secretMarks = [
        "signature=", "security-token", "aws4-hmac-sha256", "x-amz-credential",
    ]
}
