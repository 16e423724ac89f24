import BlobStorage
import BlobStorageHTTP
import BlobStorageS3
import BlobStorageTestKit
import BlobStorageTransportTestSupport

/// Runs a ``FaultSchedule``, and judges how each operation ends.
struct FaultRun {
    private typealias Operation = FaultSchedule.Operation

    /// How an operation ended.
    enum Outcome {
        case success
        /// It succeeded, and what it returned is wrong.
        case wrong(String)
        case failure(BlobError)
        case other(any Error)
    }

    let schedule: FaultSchedule
    private let fixture: FaultFixture
    private let current: Locked<Int>

    init(_ schedule: FaultSchedule) throws {
        let current = Locked(0)
        self.schedule = schedule
        self.current = current
        fixture = try FaultFixture(
            timeout: schedule.timeout,
            maximumCopyByteCount: schedule.maximumCopyByteCount,
            { configuration in
                configuration.readsInParallel = schedule.readsInParallel
                configuration.vendor?.maximumPutByteCount = 4_096
                configuration.vendor?.multipartLimits.maximumPartByteCount = 2_000
            },
            faults: { schedule.fault($0, during: current.withLock { $0 }) }
        )
    }

    /// Runs all operations.
    ///
    /// - Returns: What is wrong; empty if nothing is.
    func complaints() async -> [String] {
        var complaints: [String] = []
        var isDisturbed = false
        for (index, operation) in schedule.operations.enumerated() {
            current.withLock { $0 = index }
            let before = contents
            let uploadCount = fixture.server.state.withLock { $0.uploads.count }
            let eventCount = fixture.transport.events.count
            let start = fixture.time.uptime
            let outcome = await run(operation, before)
            let judge = FaultJudge(
                operation: operation,
                before: before,
                after: contents,
                events: Array(fixture.transport.events[eventCount...]),
                uploadsLeft: fixture.server.state.withLock { $0.uploads.count } - uploadCount,
                duration: fixture.time.uptime - start,
                timeout: schedule.timeout,
                wasDisturbed: isDisturbed
            )
            isDisturbed = isDisturbed || judge.isDisturbing
            for complaint in judge.complaints(about: outcome) {
                let events = judge.events.map { event in
                    event.operation + (event.fault.map { " (\($0))" } ?? "")
                }
                complaints.append(
                    """
                    seed \(schedule.seed), operation \(index), \(operation): \(complaint); \
                    ended with \(outcome) after \(judge.duration); \
                    requests: \(events.joined(separator: ", "))
                    """
                )
            }
        }
        return complaints
    }

    private var contents: FaultSchedule.Contents {
        fixture.server.state.withLock { state in
            var contents: FaultSchedule.Contents = [:]
            for (key, object) in state.objects {
                guard let key = try? BlobKey(String(decoding: key, as: UTF8.self)) else { continue }
                contents[key] = FaultSchedule.Value(
                    bytes: object.bytes,
                    mark: object.headers["x-amz-meta-mark"] ?? ""
                )
            }
            return contents
        }
    }

    private func condition(_ condition: FaultSchedule.Condition, _ key: BlobKey) -> WriteCondition {
        let etag = fixture.server.state.withLock { $0.objects[Array(key.text.utf8)]?.etag }
        switch condition {
        case .none: return .none
        case .ifAbsent: return .ifAbsent
        case .ifMatchesCurrent: return .ifMatches(ETag(etag ?? "\"none\""))
        case .ifMatchesOther: return .ifMatches("\"0123456789abcdef0123456789abcdef\"")
        }
    }

    private func run(_ operation: Operation, _ before: FaultSchedule.Contents) async -> Outcome {
        do {
            let complaint = try await perform(operation, before)
            return complaint.map { .wrong($0) } ?? .success
        } catch let error as BlobError {
            return .failure(error)
        } catch {
            return .other(error)
        }
    }

    /// - Returns: What is wrong with the result.
    private func perform(
        _ operation: Operation,
        _ before: FaultSchedule.Contents
    ) async throws -> String? {
        let store = fixture.store
        switch operation {
        case .put(let key, let value, let condition, let isStream):
            let options = PutOptions(
                metadata: BlobMetadata(["mark": value.mark]),
                condition: self.condition(condition, key)
            )
            let body =
                isStream
                ? BlobBody(Pieces(bytes: value.bytes), byteCount: nil) : BlobBody(value.bytes)
            let attributes = try await store.put(key, body, options: options)
            return attributes.byteCount == value.bytes.count ? nil : "\(attributes)"
        case .multipart(let key, let value): return try await upload(value, as: key)
        case .get(let key, let range):
            let blob = try await store.get(key, range: range, options: GetOptions())
            let bytes = try await blob.body.collect(upTo: 1 << 20)
            let all = before[key]?.bytes ?? []
            let expected =
                switch range {
                case .from(let offset): all.dropFirst(Int(offset))
                case .suffix(let count): all.suffix(Int(count))
                default: all[...]
                }
            return bytes == Array(expected) ? nil : "other bytes"
        case .head(let key):
            let attributes = try await store.head(key, options: HeadOptions())
            let isRight = attributes.metadata["mark"] == before[key]?.mark
            return isRight ? nil : "\(attributes)"
        case .copy(let source, let destination, let condition):
            let options = CopyOptions(condition: self.condition(condition, destination))
            let attributes = try await store.copy(source, to: destination, options: options)
            return Int(attributes.byteCount) == before[source]?.bytes.count ? nil : "\(attributes)"
        case .delete(let key, let condition):
            var options = DeleteOptions()
            if case .ifMatches(let etag) = self.condition(condition, key) {
                options.ifMatches = etag
            }
            try await store.delete(key, options: options)
        case .deleteMany(let keys):
            let failures = try await store.delete(keys)
            return failures.isEmpty ? nil : "\(failures)"
        case .list:
            let page = try await store.list(ListOptions())
            return page.blobs.map(\.key) == before.keys.sorted() ? nil : "\(page)"
        }
        return nil
    }

    /// Uploads in parts, as a caller of the protocol does who gives up what fails.
    private func upload(_ value: FaultSchedule.Value, as key: BlobKey) async throws -> String? {
        let store = fixture.store
        let options = MultipartOptions(metadata: BlobMetadata(["mark": value.mark]))
        let upload = try await store.createMultipartUpload(key, options: options)
        do {
            var parts: [UploadedPart] = []
            for (index, start) in stride(from: 0, to: value.bytes.count, by: 1_024).enumerated() {
                let piece = Array(value.bytes[start..<min(start + 1_024, value.bytes.count)])
                parts.append(try await store.uploadPart(index + 1, of: upload, piece))
            }
            let attributes = try await store.completeMultipartUpload(upload, parts: parts)
            return attributes.byteCount == value.bytes.count ? nil : "\(attributes)"
        } catch {
            if (error as? BlobError)?.kind != .outcomeUnknown {
                try? await store.abortMultipartUpload(upload)
            }
            throw error
        }
    }
}

/// Bytes of which nobody knows how many there are.
private struct Pieces: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let bytes: [UInt8]

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...]) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() async throws -> [UInt8]? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(700) }
            return Array(rest.prefix(700))
        }
    }
}
