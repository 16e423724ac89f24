import BlobStorageTestKit

extension SplitMix64 {
    /// A text of up to `count` pieces.
    mutating func text(of pieces: [String], upTo count: Int) -> String {
        (0..<Int.random(in: 0...count, using: &self))
            .map { _ in pieces.randomElement(using: &self) ?? "" }
            .joined()
    }
}
