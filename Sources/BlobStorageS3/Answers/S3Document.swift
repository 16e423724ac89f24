import BlobStorage
package import BlobStorageAWS
package import BlobStorageHTTP
import BlobStorageXML
import Foundation

/// The body of an answer, read as the document that it should be.
///
/// Some operations answer 200 before they know how they end, send blanks meanwhile and then an
/// `<Error>`; so what the root is decides, not the status.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
struct S3Document {
    let root: XMLNode
    /// Whether characters that XML lacks were left out.
    let isMended: Bool

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: The body of the answer; blanks and a byte order mark may come first.
    ///   - name: What the root must be.
    ///   - head: Status and headers of the answer, for an error in the body.
    /// - Throws: `AWSFailure` with `.answer` if the body is an error, with `.badAnswer` if it is
    ///   something else, cut or malformed.
    init(_ bytes: [UInt8], root name: StaticString, head: S3AnswerHead) throws(AWSFailure) {
        let document = Self.withoutBlanks(bytes)
        guard !document.isEmpty else {
            throw .bad("the answer is empty; it should be a <\(name)> document")
        }
        let root: XMLNode
        do {
            (root, isMended) = try Self.parse(document)
        } catch {
            throw .bad("the answer is no <\(name)> document: \(error)")
        }
        if let error = S3ErrorDocument.element(of: root) {
            throw AWSFailure(.answer(S3ErrorDocument.answer(error, head: head)))
        }
        guard root.isNamed(name) else {
            let found = EscapedText(root.name.clipped)
            throw .bad("the answer is a <\(found)> document, not a <\(name)>")
        }
        self.root = root
    }

    /// Reads a document; a listing whose keys are encoded, also if it has characters that XML lacks.
    ///
    /// Ceph writes the prefix that was asked for as it is, though it encodes the keys.
    private static func parse(_ document: [UInt8]) throws(XMLError) -> (XMLNode, isMended: Bool) {
        do {
            return (try XMLNode.parse(document), false)
        } catch {
            guard let mended = EncodedListing(document)?.withoutIllegalCharacters else {
                throw error
            }
            return (try XMLNode.parse(mended), true)
        }
    }

    /// The document from its first byte that is no blank; XML allows none before its declaration.
    static func withoutBlanks(_ bytes: [UInt8]) -> [UInt8] {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        rest = rest.drop { blanks.contains($0) }
        return rest.count == bytes.count ? bytes : Array(rest)
    }
}

/// Status and headers of an answer whose body is read.
package struct S3AnswerHead: Sendable {
    package var status: Int
    package var headers: HTTPHeaders

    package init(status: Int = 200, headers: HTTPHeaders = HTTPHeaders()) {
        self.status = status
        self.headers = headers
    }

    package init(_ response: HTTPResponse) {
        self.init(status: response.status, headers: response.headers)
    }
}

/// The `<Error>` document of S3.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
package enum S3ErrorDocument {
    /// The most bytes of a message that are kept.
    static let maximumMessageByteCount = 1_024
    /// The most bytes of a document that are read.
    static let maximumByteCount = 64 << 10

    /// What an answer with an error status says; without a code if its body is no error document.
    package static func read(_ body: [UInt8], head: S3AnswerHead) -> AWSFailure.Answer {
        let limits = XMLLimits(maximumDocumentByteCount: maximumByteCount)
        guard let root = try? XMLNode.parse(S3Document.withoutBlanks(body), limits: limits),
            let error = element(of: root)
        else {
            return AWSFailure.Answer(
                status: head.status,
                headers: head.headers,
                requestID: head.headers["x-amz-request-id"]
            )
        }
        return answer(error, head: head)
    }

    /// The element that tells the error; `nil` if the document is none.
    static func element(of root: XMLNode) -> XMLNode? {
        if root.isNamed("Error") { return root }
        return root.isNamed("ErrorResponse") ? root.child("Error") : nil
    }

    /// What an error element says; of the rest of the document only what can hold no secret.
    static func answer(_ error: XMLNode, head: S3AnswerHead) -> AWSFailure.Answer {
        AWSFailure.Answer(
            status: head.status,
            headers: head.headers,
            code: error.child("Code").map { cut($0.text, to: 128) } ?? "Unknown",
            message: error.child("Message").map { cut($0.text, to: maximumMessageByteCount) },
            requestID: head.headers["x-amz-request-id"]
                ?? error.child("RequestId").map { cut($0.text, to: 128) },
            details: details(error)
        )
    }

    private static func details(_ error: XMLNode) -> [String: String] {
        var details: [String: String] = [:]
        for name in ["Region", "Endpoint", "BucketName", "Condition", "Header"] as [StaticString] {
            guard let node = error.child(name) else { continue }
            details["\(name)"] = cut(node.text, to: maximumMessageByteCount)
        }
        return details
    }

    private static func cut(_ text: String, to byteCount: Int) -> String {
        text.utf8.count <= byteCount
            ? text : String(decoding: text.utf8.prefix(byteCount), as: UTF8.self)
    }
}

extension AWSFailure {
    /// A failure for an answer that isn't what the protocol promises.
    static func bad(_ message: String) -> AWSFailure { AWSFailure(.badAnswer(message)) }
}
