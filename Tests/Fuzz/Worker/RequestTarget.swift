import BlobStorage
import BlobStorageGateway
import BlobStorageHandler
import Dispatch

/// Requests as they stand on the wire: request line, fields, an empty line, the body.
enum RequestTarget {
    static let run: @Sendable ([UInt8]) -> Void = { bytes in
        guard let request = request(bytes) else { return }
        let isAnswered = DispatchSemaphore(value: 0)
        Task.detached {
            await answer(request)
            isAnswered.signal()
        }
        isAnswered.wait()
    }

    private static func answer(_ request: HTTPServerRequest) async {
        let store = InMemoryStore()
        _ = try? await store.put("a/b", BlobBody(Array("0123456789".utf8)), options: PutOptions())
        var configuration = S3GatewayConfiguration(
            buckets: FixedBuckets(["b": store]),
            accessKeys: []
        )
        configuration.anonymousRights = [GatewayRight()]
        configuration.virtualHosts = ["v.example"]
        configuration.cors = ["b": [CORSRule(origins: ["https://*.example"], methods: ["GET"])]]
        let response = await S3Gateway(configuration).respond(to: request)
        precondition((200..<600).contains(response.status), "the status \(response.status)")
        precondition(response.status != 500, "a request is answered with an internal error")
        do {
            _ = try await response.body.collect(upTo: 1 << 20)
        } catch {
            preconditionFailure("an answer's body fails: \(error)")
        }
        for field in response.headers.fields {
            let isForged = field.value.utf8.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0 }
            precondition(!isForged, "the header \(field.name) has a line of its own")
        }
    }

    /// Takes the bytes apart as a server does, which refuses control characters in the head.
    private static func request(_ bytes: [UInt8]) -> HTTPServerRequest? {
        var rest = bytes[...]
        func line() -> ArraySlice<UInt8>? {
            guard let end = rest.firstIndex(of: 0x0A) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return rest[..<end]
        }
        guard let first = line() else { return nil }
        let words = first.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 2 else { return nil }
        var headers = HTTPHeaders()
        while let field = line(), !field.isEmpty {
            guard let colon = field.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            guard !field.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
            headers.append(text(field[..<colon]), text(field[(colon + 1)...]))
        }
        return HTTPServerRequest(
            method: text(words[0]),
            target: text(words[1]),
            headers: headers,
            body: BlobBody([UInt8](rest))
        )
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
