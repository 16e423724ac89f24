/// Names that stand for something else than themselves.
///
/// All but the private folder's begin with `%` and no hexadecimal digits, which no escaped name
/// does.
enum ReservedName {
    /// The folder of everything that is no blob; a segment of this name is escaped.
    static let privateFolder = ".blob-storage"
    /// An empty segment, as in `a//b` or `a/`.
    static let empty = "%empty"
    /// The file of the blob `a` inside the folder `a`, where there are blobs `a/…` too.
    static let selfFile = "%self"
    /// The end of a folder's name whose segment goes on inside the folder.
    static let more = "%more"
}
