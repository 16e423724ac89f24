import BlobStorage
import BlobStorageServer

/// The files of the page, which are a part of the program.
struct PageFiles: Sendable {
    private struct File: Sendable {
        let path: String
        let type: String
        let bytes: [UInt8]

        init(_ path: String, _ bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
            let dot = path.utf8.lastIndex(of: UInt8(ascii: "."))
            type =
                switch dot.map({ String(decoding: path.utf8[$0...], as: UTF8.self) }) {
                case ".js": "text/javascript; charset=utf-8"
                case ".css": "text/css; charset=utf-8"
                case ".svg": "image/svg+xml"
                default: "text/html; charset=utf-8"
                }
        }
    }

    private static let files = [
        File("/", PackageResources.index_html),
        File("/style.css", PackageResources.style_css),
        File("/icon.svg", PackageResources.icon_svg),
        File("/api.js", PackageResources.api_js),
        File("/app.js", PackageResources.app_js),
        File("/documents.js", PackageResources.documents_js),
        File("/dom.js", PackageResources.dom_js),
        File("/kept.js", PackageResources.kept_js),
        File("/queue.js", PackageResources.queue_js),
        File("/rate.js", PackageResources.rate_js),
        File("/send.js", PackageResources.send_js),
        File("/text.js", PackageResources.text_js),
        File("/toasts.js", PackageResources.toasts_js),
        File("/upload.js", PackageResources.upload_js),
        File("/uploads.js", PackageResources.uploads_js),
    ]

    let security: SecurityHeaders

    /// A route for each file.
    var routes: [Route] {
        Self.files.map { file in
            Route("GET", file.path) { call in
                let etag = "\"\(Checksum.of(file.bytes, .crc64NVME).hex)\""
                var headers: HTTPHeaders = [
                    "Content-Type": file.type, "Cache-Control": "no-cache", "ETag": etag,
                ]
                security.apply(to: &headers)
                guard call.request.headers["If-None-Match"] != etag else {
                    // With a length, the server keeps the connection.
                    headers["Content-Length"] = "\(file.bytes.count)"
                    return HTTPServerResponse(status: 304, headers: headers)
                }
                return HTTPServerResponse(
                    status: 200,
                    headers: headers,
                    body: BlobBody(file.bytes)
                )
            }
        }
    }
}
