/// Names that stand for something else than themselves.
///
/// All but the private folder's begin with `%` and no hexadecimal digits, which no escaped name
/// does.
enum ReservedName {
    /// The folder of everything that is no blob; a segment of this name is escaped.
    static let privateFolder = ".blob-storage"
    /// An empty segment, as in `a//b` or `a/`.
    ///
    /// Short, since a key may have a thousand of them and a path at most 4,095 bytes.
    static let empty = "%_"
    /// The file of the blob `a` inside the folder `a`, where there are blobs `a/…` too.
    static let selfFile = "%self"
    /// The beginning of a name that keeps a folder from being removed for a moment.
    static let placeholder = "%swap-"
    /// The end of a folder's name whose segment goes on inside the folder.
    static let more = "%more"
}
