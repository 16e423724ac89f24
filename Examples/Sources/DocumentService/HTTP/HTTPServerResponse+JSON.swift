import BlobStorage
import BlobStorageServer
import Foundation

extension HTTPServerResponse {
    /// An answer in JSON, which no cache keeps.
    static func json(_ value: some Encodable, status: Int = 200) -> HTTPServerResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // All that is encoded here is of texts and whole numbers, which can't fail.
        let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
        return HTTPServerResponse(
            status: status,
            headers: [
                "Content-Type": "application/json",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            ],
            // A line of its own where somebody reads it in a terminal.
            body: BlobBody([UInt8](data) + [UInt8(ascii: "\n")])
        )
    }

    /// An answer without a body.
    static var noContent: HTTPServerResponse {
        HTTPServerResponse(status: 204, headers: ["Cache-Control": "no-store"])
    }

    /// A few lines for people.
    static func text(_ text: String) -> HTTPServerResponse {
        HTTPServerResponse(
            status: 200,
            headers: [
                "Content-Type": "text/plain; charset=utf-8",
                "X-Content-Type-Options": "nosniff",
            ],
            body: BlobBody([UInt8](text.utf8))
        )
    }
}
