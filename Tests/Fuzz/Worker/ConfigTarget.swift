@testable import BlobStorageAWS

/// Files of settings, read in both styles.
enum ConfigTarget {
    static let run: @Sendable ([UInt8]) -> Void = { bytes in
        for style in [ConfigFile.Style.config, .credentials] {
            guard let file = try? ConfigFile(bytes, style: style, path: "config") else { continue }
            _ = file.profiles
        }
    }
}
