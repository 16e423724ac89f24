public import BlobStorage

extension StoreScheme {
    /// `file:///var/files?durability=relaxed` opens a ``LocalDiskStore`` over the folder
    /// `/var/files`; `file:files` one over a folder of the current directory.
    ///
    /// The parameter `durability` is `full`, the default, or `relaxed`.
    public static let file = StoreScheme("file", parameters: ["durability"]) { url in
        guard url.host == nil || url.host == "" || url.host == "localhost", url.port == nil else {
            throw url.invalid("there is a host; a folder has none, write file:///path")
        }
        guard !url.path.isEmpty else {
            throw url.invalid("there is no path; write file:///path")
        }
        let durability = try url.parameter(
            "durability",
            oneOf: ["full": Durability.full, "relaxed": .relaxed]
        )
        return LocalDiskStore(root: url.path, durability: durability ?? .full)
    }
}
