import BlobStorage
import BlobStorageCrypto
import BlobStorageHTTP
import Foundation
import Testing

@testable import BlobStorageAWS

/// The signing test suite of aws-c-auth, every stage of both forms.
@Suite struct AWSCAuthTests {
    private struct Context: Decodable {
        struct Secret: Decodable {
            var accessKeyId: String
            var secretAccessKey: String
            var token: String?
        }

        var credentials: Secret
        var expirationInSeconds: Int
        var normalize: Bool
        var region: String
        var service: String
        var signBody: Bool
        var timestamp: String
        var omitSessionToken: Bool?
    }

    private struct Case {
        var name: String
        var context: Context
        var request: HTTPRequest
        var body: [UInt8]

        init(_ name: String) throws {
            self.name = name
            context = try SigningVectors.load(
                "aws-c-auth-v4/\(name)/context.json",
                as: Context.self
            )
            let text = try SigningVectors.text("aws-c-auth-v4/\(name)/request.txt")
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(
                String.init
            )
            let first = lines.removeFirst()
            let method = try #require(HTTPMethod(rawValue: String(first.prefix { $0 != " " })))
            let target = first.dropFirst(method.rawValue.count + 1).dropLast(" HTTP/1.1".count)
            var headers = HTTPHeaders()
            while let line = lines.first, !line.isEmpty {
                lines.removeFirst()
                if line.first == " ", let last = headers.fields.last {
                    headers = HTTPHeaders(Array(headers.fields.dropLast()))
                    headers.append(last.name, "\(last.value)\n\(line)")
                } else {
                    let colon = try #require(line.firstIndex(of: ":"))
                    headers.append(
                        String(line[..<colon]),
                        String(line[line.index(after: colon)...])
                    )
                }
            }
            body = Array(lines.dropFirst().joined(separator: "\n").utf8)
            let url = try HTTPURL(vector: "https://unused\(target)")
            request = HTTPRequest(method, url, headers: headers)
            request.body = body.isEmpty ? nil : BlobBody(body)
        }

        var signer: SigV4Signer {
            SigV4Signer(
                service: context.service,
                pathStyle: context.normalize ? .normalized : .verbatim,
                sendsPayloadHash: context.signBody,
                signsSessionToken: context.omitSessionToken != true
            )
        }

        var payload: PayloadSigning {
            context.signBody ? .sha256(SHA256.digest(of: body).hex) : .empty
        }

        var credentials: AWSCredentials {
            AWSCredentials(
                accessKeyID: context.credentials.accessKeyId,
                secretAccessKey: context.credentials.secretAccessKey,
                sessionToken: context.credentials.token
            )
        }

        func text(_ file: String) throws -> String {
            try SigningVectors.text("aws-c-auth-v4/\(name)/\(file).txt")
        }
    }

    private func cases() throws -> [Case] {
        let folder = try SigningVectors.folder().appending(path: "aws-c-auth-v4")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix("get-") || $0.hasPrefix("post-") }
        #expect(names.count == 38)
        return try names.sorted().map { try Case($0) }
    }

    @Test func theHeaderFormIsAsPublishedAtEveryStage() throws {
        for item in try cases() {
            var request = item.request
            var stages = SigningStages()
            try item.signer.sign(
                &request,
                payload: item.payload,
                region: item.context.region,
                credentials: item.credentials,
                at: try SigningVectors.date(item.context.timestamp)
            ) { stages.take($0) }
            let comment = Comment(rawValue: item.name)
            #expect(stages.canonicalRequest == (try item.text("header-canonical-request")), comment)
            #expect(stages.stringToSign == (try item.text("header-string-to-sign")), comment)
            let authorization = try #require(request.headers["Authorization"])
            #expect(authorization.hasSuffix(try item.text("header-signature")), comment)
            // All lines of the signed request, in whatever order.
            let signed = try item.text("header-signed-request").split(separator: "\n")
            #expect(signed.contains("Authorization:\(authorization)"), comment)
            for field in request.headers.fields where field.name.lowercased().hasPrefix("x-amz-") {
                let line = "\(field.name):\(field.value)"
                #expect(
                    signed.contains { $0.lowercased() == line.lowercased() },
                    "\(item.name): \(line)"
                )
            }
        }
    }

    @Test func theQueryFormIsAsPublishedAtEveryStage() throws {
        for item in try cases() {
            var stages = SigningStages()
            let url = try item.signer.presign(
                item.request,
                payload: item.payload,
                expiresIn: .seconds(item.context.expirationInSeconds),
                region: item.context.region,
                credentials: item.credentials,
                at: try SigningVectors.date(item.context.timestamp)
            ) { stages.take($0) }
            let comment = Comment(rawValue: item.name)
            #expect(stages.canonicalRequest == (try item.text("query-canonical-request")), comment)
            #expect(stages.stringToSign == (try item.text("query-string-to-sign")), comment)
            let signature = try item.text("query-signature")
            #expect(url.query?.hasSuffix("&X-Amz-Signature=\(signature)") == true, comment)
            // The published URL has the same pairs in another order.
            let line = try #require(
                try item.text("query-signed-request").split(separator: "\n").first
            )
            let published = try HTTPURL(
                vector: "https://unused\(line.drop { $0 != "/" }.dropLast(" HTTP/1.1".count))"
            )
            #expect(pairs(url) == pairs(published), comment)
        }
    }

    private func pairs(_ url: HTTPURL) -> [String] {
        var query = CanonicalQuery()
        query.append(encoded: url.query ?? "")
        var text: [UInt8] = []
        query.appendSorted(to: &text)
        return String(decoding: text, as: UTF8.self).split(separator: "&").map(String.init)
    }
}
