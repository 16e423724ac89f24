internal import BlobStorage

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// The environment variables that credentials and settings are looked up in.
///
/// It shows none of their values.
package struct AWSEnvironment: Sendable {
    private let variables: [String: String]

    /// Creates an environment of given variables.
    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The environment of the process, as it is now.
    package static var process: AWSEnvironment {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.utf8.firstIndex(of: 0x3D) {
                let value = text[text.utf8.index(after: equals)...]
                variables[String(text[..<equals])] = String(value)
            }
            next += 1
        }
        return AWSEnvironment(variables)
    }

    /// The value of a variable; `nil` if it is not set, or empty.
    package subscript(name: String) -> String? {
        guard let value = variables[name], !value.utf8.isEmpty else { return nil }
        return value
    }

    /// Whether a variable says `true`, in any case.
    package func isTrue(_ name: String) -> Bool {
        guard let value = self[name] else { return false }
        return value.utf8.count == 4
            && value.utf8.elementsEqual("true".utf8) { $0 | 0x20 == $1 }
    }

    /// All variables as `NAME=value`, for a process of ours.
    var entries: [String] { variables.map { "\($0)=\($1)" }.sorted() }

    /// The user's folder.
    var home: String? { self["HOME"] }

    /// A path with `~` at its beginning replaced by the user's folder.
    func expand(_ path: String) -> String {
        guard let home, path.utf8.first == 0x7E else { return path }
        let rest = path.dropFirst()
        guard rest.isEmpty || rest.utf8.first == 0x2F else { return path }
        return home + rest
    }
}

extension AWSEnvironment: CustomStringConvertible, CustomReflectable {
    package var description: String { "AWSEnvironment" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
