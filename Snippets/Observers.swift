// Observers: a log, metrics, traces.
import BlobStorage

// Stand-ins with the names and parameters of swift-log, swift-metrics and swift-distributed-tracing.
struct Logger: Sendable {
    let label: String

    func info(_ message: String, metadata: [String: String]) { print(label, message, metadata) }
}
struct Timer {
    let label: String
    let dimensions: [(String, String)]

    func record(duration: Duration) { precondition(duration >= .zero) }
}
struct Counter {
    let label: String

    func increment(by amount: Int64) { print(label, amount) }
}
enum SpanKind { case client }
struct Span: Sendable {
    let name: String

    func recordError(_ error: any Error) { print(name, error) }
    func end() { print(name, "ended") }
}
@Sendable func startSpan(_ name: String, ofKind kind: SpanKind) -> Span { Span(name: name) }
let store = InMemoryStore()

// snippet.show
let printing = BlobObserver { operation in
    { end in print(operation.name, operation.key?.text ?? "-", end.outcome, end.duration) }
}
let printed = store.observed(by: printing)
// snippet.hide
try await printed.put("a", "abc")

// snippet.show
// With swift-log.
let logger = Logger(label: "files")
let logging = BlobObserver { operation in
    { end in
        let key = "\(operation.key?.text ?? "-")"
        logger.info("\(operation.name)", metadata: ["key": key, "outcome": "\(end.outcome)"])
    }
}

// With swift-metrics.
let metrics = BlobObserver { operation in
    { end in
        let dimensions = [("operation", operation.name), ("failed", "\(end.error != nil)")]
        Timer(label: "blob_duration", dimensions: dimensions).record(duration: end.duration)
        Counter(label: "blob_bytes").increment(by: end.byteCount ?? 0)
    }
}

// With swift-distributed-tracing; the span begins in the caller's task, below the caller's span.
let tracing = BlobObserver { operation in
    let span = startSpan("blob.\(operation.name)", ofKind: .client)
    return { end in
        if let error = end.error { span.recordError(error) }
        span.end()
    }
}

let observed = store.observed(by: logging).observed(by: metrics).observed(by: tracing)
// snippet.hide
try await observed.put("a", "abc")
for try await chunk in try await observed.get("a").body { print(chunk) }
