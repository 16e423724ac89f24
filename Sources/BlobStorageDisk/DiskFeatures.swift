/// What the store uses of the kernel and the file system, where they have it.
///
/// A feature that a call shows to be missing is given up for the store's lifetime; tests force
/// each fallback by leaving the feature out from the start.
package struct DiskFeatures: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// `openat2`, which confines a whole path in one call (Linux 5.6).
    package static let openat2 = DiskFeatures(rawValue: 1)
    /// `O_TMPFILE`: a file without a name, which can't be left behind.
    package static let unnamedFiles = DiskFeatures(rawValue: 2)
    /// `RENAME_NOREPLACE`: a name is given only if it is free.
    package static let renameNoReplace = DiskFeatures(rawValue: 4)
    /// `RENAME_EXCHANGE`: two names change places at once.
    package static let renameExchange = DiskFeatures(rawValue: 8)
    /// Attributes in the `user.` namespace of a file.
    package static let extendedAttributes = DiskFeatures(rawValue: 16)
    /// Files that share blocks until one is changed (`FICLONE`).
    package static let clones = DiskFeatures(rawValue: 32)
    /// Times of files to the nanosecond; forced off, they are whole seconds.
    package static let fineTimes = DiskFeatures(rawValue: 64)

    /// Everything that the store knows to use.
    package static let all: DiskFeatures = [
        .openat2, .unnamedFiles, .renameNoReplace, .renameExchange, .extendedAttributes, .clones,
        .fineTimes,
    ]
}
