#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Makes a system call, and makes it again as long as a signal interrupts it.
///
/// On a local disk that happens to few calls; FUSE and NFS let it happen to any.
///
/// - Parameter call: The call.
/// - Returns: What the call returned; -1 with `errno` set if it failed for another reason.
package func ignoringInterrupts<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        guard result == -1, errno == EINTR else { return result }
    }
}
