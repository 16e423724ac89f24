/// A command line that makes no sense; the exit status is 2.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    /// What to do, if there is more to say than where the help is.
    let remedy: String?

    init(_ description: String, remedy: String? = nil) {
        self.description = description
        self.remedy = remedy
    }
}
