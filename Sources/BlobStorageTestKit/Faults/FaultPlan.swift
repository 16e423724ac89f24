import BlobStorage

/// The calls to a store that a fault can be injected into.
public enum StoreCall: String, Sendable, Hashable, CaseIterable {
    /// Writing a blob.
    case put
    /// Reading a blob or a range of it.
    case get
    /// Reading a blob's attributes.
    case head
    /// Deleting one blob.
    case delete
    /// Deleting many blobs in one call.
    case deleteMany
    /// Listing one page of keys.
    case list
    /// Copying a blob inside the store.
    case copy
    /// Beginning a multipart upload.
    case createMultipartUpload
    /// Uploading a part.
    case uploadPart
    /// Listing one page of an upload's parts.
    case listParts
    /// Making the parts one blob.
    case completeMultipartUpload
    /// Dropping an upload.
    case abortMultipartUpload
    /// Listing one page of uploads.
    case listMultipartUploads
}

/// What goes wrong in one call.
public enum FaultEffect: Sendable {
    /// The call throws and does nothing.
    case failBefore(any Error)

    /// The call does what it should, and then throws: the caller can't know.
    case failAfter(any Error)

    /// The body, on its way in or out, throws after so many bytes.
    case cutBody(afterByteCount: Int64, any Error)

    /// The call waits, and then does what it should.
    case delay(Duration)
}

/// One thing that goes wrong, at one call.
public struct Fault: Sendable {
    /// The call that it happens to.
    public var call: StoreCall
    /// Which of these calls it is, counted from 1.
    public var number: Int
    /// What goes wrong.
    public var effect: FaultEffect

    /// Creates a fault.
    ///
    /// - Parameters:
    ///   - call: The call that it happens to.
    ///   - number: Which of these calls it is, counted from 1.
    ///   - effect: What goes wrong.
    public init(_ call: StoreCall, number: Int = 1, _ effect: FaultEffect) {
        self.call = call
        self.number = number
        self.effect = effect
    }
}

/// Which calls of a ``FaultyStore`` go wrong.
public enum FaultPlan: Sendable {
    /// The faults given, each at its call.
    case scripted([Fault])

    /// Any call, with some probability; the same calls in the same order fail alike for one seed.
    ///
    /// A call fails before or after it takes effect, or its body is cut, with an error of kind
    /// `unavailable`, `throttled` or `timedOut`.
    case seeded(UInt64, probability: Double)
}

extension FaultEffect {
    /// Draws an effect for a call.
    static func random(using random: inout SplitMix64, call: StoreCall) -> FaultEffect {
        let kinds: [BlobError.Kind] = [.unavailable, .throttled, .timedOut]
        let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
        let error = BlobError(kind, operation: call.rawValue, message: "an injected fault")
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return .failBefore(error)
        case 1: return .failAfter(error)
        default:
            return .cutBody(afterByteCount: Int64.random(in: 0..<1_000, using: &random), error)
        }
    }
}
