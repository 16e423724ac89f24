internal import BlobStorage
internal import BlobStorageCrypto
internal import BlobStorageHandler

/// The completions of multipart uploads that run, and the last ones that are done.
///
/// A client that has lost the answer asks again. The upload may be gone by then; as with S3, it gets the
/// same answer.
final class Completions: Sendable {
    /// What tells one completion from all others: the upload, the parts, and the conditions.
    typealias Name = [UInt8]

    private struct State {
        var running: [Name: Task<HTTPServerResponse, any Error>] = [:]
        var done: [Name: HTTPServerResponse] = [:]
        /// The names of those that are done, the oldest first.
        var order: ArraySlice<Name> = []
    }

    /// Answers that are remembered; each has some hundred bytes.
    private static let maximumCount = 1_000

    private let state = Locked(State())

    /// Completes an upload, or waits for the one who does.
    ///
    /// It goes on when its client goes away: a blob of which all was copied and then thrown away would
    /// be copied by the client's next attempt once more.
    func run(
        _ name: Name,
        _ work: @escaping @Sendable () async throws -> HTTPServerResponse
    ) async throws -> HTTPServerResponse {
        let task = state.withLock { state -> Task<HTTPServerResponse, any Error> in
            if let task = state.running[name] { return task }
            if let response = state.done[name] { return Task { response } }
            let task = Task {
                do {
                    let response = try await work()
                    self.end(name, response)
                    return response
                } catch {
                    self.end(name, nil)
                    throw error
                }
            }
            state.running[name] = task
            return task
        }
        return try await task.value
    }

    private func end(_ name: Name, _ response: HTTPServerResponse?) {
        state.withLock { state in
            state.running[name] = nil
            guard let response else { return }
            if state.done.updateValue(response, forKey: name) == nil { state.order.append(name) }
            if state.order.count > Self.maximumCount, let oldest = state.order.popFirst() {
                state.done[oldest] = nil
            }
        }
    }
}

extension GatewayCall {
    /// What this request has in common with one that asks for the same completion again.
    ///
    /// - Parameter document: The request's document.
    /// - Returns: A digest of all that is asked.
    func completionName(_ document: [UInt8]) -> Completions.Name {
        var text: [UInt8] = []
        for part in [bucket, request.key?.text ?? "", parameters["uploadId"] ?? ""] {
            text += Array("\(part.utf8.count) ".utf8) + part.utf8
        }
        for field in headers.fields {
            let name = field.name.lowercasedASCII
            guard name.hasPrefix("if-") || name.hasPrefix("x-amz-checksum-") else { continue }
            text += Array("\(name):\(field.value)\n".utf8)
        }
        return SHA256.digest(of: text + document).bytes
    }
}
