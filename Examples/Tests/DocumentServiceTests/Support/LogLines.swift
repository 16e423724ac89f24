import Foundation
import Synchronization

@testable import DocumentService

/// Keeps what a log is told.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var log: ServiceLog { ServiceLog { [self] line in lines.withLock { $0.append(line) } } }

    var text: String { lines.withLock { $0.joined() } }

    /// The lines of an event, each as an object.
    func objects(_ event: String) -> [JSON] {
        lines.withLock { $0 }.compactMap { line in
            let value = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            return (value as? [String: Any]).map(JSON.init)
        }
        .filter { $0["event"] == event }
    }
}
