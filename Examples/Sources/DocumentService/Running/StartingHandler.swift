import BlobStorageServer
import Foundation
import Synchronization

/// Answers until the service can: the address must be known before the service is made, and tables
/// take their time.
final class StartingHandler: HTTPHandler {
    private let service = Mutex<(any HTTPHandler)?>(nil)

    /// Hands all further requests to the service.
    func mount(_ service: any HTTPHandler) {
        self.service.withLock { $0 = service }
    }

    func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
        guard let service = service.withLock({ $0 }) else {
            let problem = Problem(
                .unavailable,
                "the service is starting",
                headers: ["Retry-After": "1"]
            )
            return problem.response(id: UUID())
        }
        return await service.respond(to: request)
    }
}
