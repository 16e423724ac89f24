package import BlobStorage

extension Locked {
    /// A copy of an array, with memory of its own.
    ///
    /// An array that is handed out shares its memory with the one that is kept, and who appends to that
    /// one takes the memory over once the reader has let go. ThreadSanitizer does not see the count of
    /// references by which they take turns.
    ///
    /// - Parameter array: Gives the array.
    /// - Returns: The copy.
    package func snapshot<Element>(_ array: (Value) -> [Element]) -> [Element] {
        withLock { array($0).map { $0 } }
    }
}
