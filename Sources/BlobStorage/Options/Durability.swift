/// When a write to a store on a local disk counts as done.
public enum Durability: String, Sendable, Hashable, CaseIterable {
    /// When it would survive a power cut: the file, and every folder that was made or changed for
    /// it, has been synced to the disk.
    case full

    /// When the kernel has it: it survives the end of the process, and of the kernel only if the
    /// kernel came to write it. Readers never see half of it either way.
    case relaxed
}
