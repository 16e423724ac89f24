import BlobStorage
import Foundation

/// Etags and times by their role.
extension ModelRun {
    /// An etag that no store gives.
    private static let unknownETag: ETag = "\"0123456789abcdef0123456789abcdef\""

    /// The etag that a version has in one of the stores.
    func etag(_ version: ModelVersion, _ key: BlobKey, _ side: Side) -> ETag {
        guard let all = versions[key], let current = all.last else { return Self.unknownETag }
        switch version {
        case .unknown: return Self.unknownETag
        case .current: return current[side]
        case .former:
            // Some stores give the same etag again for the same bytes.
            let former = all.last { $0.store != current.store && $0.model != current.model }
            return former?[side] ?? Self.unknownETag
        }
    }

    /// What an etag is to a key: the current one, or not.
    func role(of etag: ETag, _ key: BlobKey, _ side: Side) -> String {
        versions[key]?.last?[side] == etag ? "current" : "not the one that was written"
    }

    /// What the etag of a version just written is: other bytes have another etag.
    func role(ofNew written: BlobAttributes, _ content: ModelContent, _ side: Side) -> String {
        // Contents of a few bytes may be the same.
        guard content.byteCount >= 10 else { return "new" }
        let isOld = versions[written.key]?.contains { $0[side] == written.etag } ?? false
        return isOld ? "of other bytes" : "new"
    }

    func condition(
        _ condition: ModelCondition,
        _ key: BlobKey,
        _ side: Side
    ) -> WriteCondition {
        switch condition {
        case .none: .none
        case .ifAbsent: .ifAbsent
        case .ifMatches(let version): .ifMatches(etag(version, key, side))
        }
    }

    func conditions(
        _ read: ModelRead,
        _ key: BlobKey,
        _ side: Side
    ) async throws -> ReadConditions {
        switch read {
        case .always: ReadConditions()
        case .ifMatches(let version): ReadConditions(ifMatches: etag(version, key, side))
        case .ifNoneMatches(let version): ReadConditions(ifNoneMatches: etag(version, key, side))
        case .modifiedSince(let moment):
            ReadConditions(modifiedSince: try await time(moment, key, side))
        case .unmodifiedSince(let moment):
            ReadConditions(unmodifiedSince: try await time(moment, key, side))
        }
    }

    private func time(
        _ moment: ModelRead.Moment,
        _ key: BlobKey,
        _ side: Side
    ) async throws -> Date {
        guard try await store(side).exists(key) else { return Date(timeIntervalSince1970: 0) }
        let written = try await store(side).head(key).lastModified
        // HTTP tells whole seconds.
        let seconds = written.timeIntervalSince1970.rounded(.down)
        return Date(timeIntervalSince1970: moment == .same ? seconds : seconds - 3_600)
    }
}
