/// What a store holds, as the names of versions.
struct StoreState: Codable, Equatable {
    /// The version of each blob by key.
    var blobs: [String: String] = [:]
    /// The version of each part, by the key of its upload and its number.
    var uploads: [String: [String: String]] = [:]

    init(_ blobs: [String: Version] = [:], uploads: [String: [Int: Version]] = [:]) {
        self.blobs = blobs.mapValues(\.name)
        self.uploads = uploads.mapValues { parts in
            Dictionary(uniqueKeysWithValues: parts.map { (String($0.key), $0.value.name) })
        }
    }
}
