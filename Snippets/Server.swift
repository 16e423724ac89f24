// A handler of requests, and a server that it is mounted in.
import BlobStorage
import BlobStorageServer

struct Hello: HTTPHandler {
    func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
        let text = "\(request.method) \(request.target)\n"
        return HTTPServerResponse(status: 200, body: BlobBody(Array(text.utf8)))
    }
}

let server = HTTPServer(handler: Hello())
let address = try await server.start()
print(address.url)
await server.stop(within: .seconds(10))
