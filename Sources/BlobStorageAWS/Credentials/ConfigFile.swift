internal import BlobStorage

/// A file of settings as AWS's tools share them: sections of `name = value`.
///
/// It shows nothing of what it holds.
///
/// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
struct ConfigFile: Sendable {
    /// How the file names its profiles.
    enum Style: Sendable {
        /// `[profile name]`, `[default]`, `[sso-session name]`, `[services name]`.
        case config
        /// `[name]`.
        case credentials
    }

    /// What a section is about.
    struct Section: Hashable, Sendable {
        enum Kind: String, Sendable {
            case profile
            case ssoSession = "sso-session"
            case services
        }

        let kind: Kind
        let name: String
    }

    /// Settings by name, in lower case; those nested below `s3 =` are named `s3.endpoint_url`.
    private(set) var sections: [Section: [String: String]] = [:]

    /// Reads a file.
    ///
    /// A later setting of a name wins over an earlier one, and sections of one name are one; in the
    /// config file `[profile default]` wins over `[default]`.
    ///
    /// - Parameters:
    ///   - bytes: What is in the file.
    ///   - style: How it names its profiles.
    ///   - path: Its path, for errors.
    /// - Throws: `BlobError` of kind `invalidArgument`, which has a line's number, but not its text.
    init(_ bytes: [UInt8], style: Style, path: String) throws(BlobError) {
        var reader = ConfigReader(style: style, path: path)
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        for line in bytes[start...].split(separator: 0x0A, omittingEmptySubsequences: false) {
            try reader.read(line)
        }
        sections = reader.sections
        for (name, value) in reader.longDefault {
            sections[Section(kind: .profile, name: "default"), default: [:]][name] = value
        }
    }

    /// An empty file.
    init() {}

    /// The names of the profiles.
    var profiles: Set<String> {
        Set(sections.keys.lazy.filter { $0.kind == .profile }.map(\.name))
    }
}

extension ConfigFile: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// Reads a file of settings line by line.
private struct ConfigReader {
    private enum Place {
        /// Before the first section.
        case start
        /// In a section that is of no interest.
        case ignored
        case section(ConfigFile.Section, isLongDefault: Bool)
    }

    private let style: ConfigFile.Style
    private let path: String
    private var lineNumber = 0
    private var place = Place.start
    /// The setting that an indented line goes on.
    private var open: String?
    private(set) var sections: [ConfigFile.Section: [String: String]] = [:]
    private(set) var longDefault: [String: String] = [:]

    init(style: ConfigFile.Style, path: String) {
        self.style = style
        self.path = path
    }

    mutating func read(_ line: ArraySlice<UInt8>) throws(BlobError) {
        lineNumber += 1
        let text = Self.trim(line)
        guard let first = text.first, !Self.isCommentMark(first) else { return }
        if first == 0x5B {
            try beginSection(text)
        } else if let indent = line.first, Self.isBlank(indent) {
            goOn(text)
        } else {
            try readSetting(text)
        }
    }

    private mutating func beginSection(_ text: ArraySlice<UInt8>) throws(BlobError) {
        open = nil
        guard let end = text.firstIndex(of: 0x5D) else { throw malformed("a section without ]") }
        let rest = Self.trim(text[text.index(after: end)...])
        guard rest.isEmpty || Self.isCommentMark(rest[rest.startIndex]) else {
            throw malformed("text after a section's name")
        }
        let words = Self.trim(text[text.index(after: text.startIndex)..<end])
        let word = words.prefix { !Self.isBlank($0) }
        let name = Self.unquote(Self.trim(words[word.endIndex...]))
        place = section(kind: Self.text(word), name: Self.text(name), all: Self.text(words))
        if case .section(let section, isLongDefault: false) = place, sections[section] == nil {
            sections[section] = [:]
        }
    }

    private func section(kind: String, name: String, all: String) -> Place {
        switch style {
        case .credentials:
            return .section(.init(kind: .profile, name: all), isLongDefault: false)
        case .config:
            if all == "default" {
                return .section(.init(kind: .profile, name: all), isLongDefault: false)
            }
            guard let kind = ConfigFile.Section.Kind(rawValue: kind), !name.utf8.isEmpty else {
                return .ignored
            }
            let isLongDefault = kind == .profile && name == "default"
            return .section(.init(kind: kind, name: name), isLongDefault: isLongDefault)
        }
    }

    private mutating func readSetting(_ text: ArraySlice<UInt8>) throws(BlobError) {
        open = nil
        if case .start = place { throw malformed("a setting before the first section") }
        guard let equals = text.firstIndex(of: 0x3D) else {
            throw malformed("neither a section nor \"name = value\"")
        }
        let name = Self.name(text[..<equals])
        guard !name.utf8.isEmpty else { throw malformed("a setting without a name") }
        set(name, Self.value(text[text.index(after: equals)...]))
        open = name
    }

    /// Takes an indented line: a setting below one that has no value, or more of the value.
    private mutating func goOn(_ text: ArraySlice<UInt8>) {
        guard let open, case .section(let section, let isLongDefault) = place else { return }
        let value = isLongDefault ? longDefault[open] : sections[section]?[open]
        if value?.utf8.isEmpty ?? true {
            guard let equals = text.firstIndex(of: 0x3D) else { return }
            let name = "\(open).\(Self.name(text[..<equals]))"
            set(name, Self.value(text[text.index(after: equals)...]))
        } else if let value {
            set(open, "\(value)\n\(Self.text(text))")
        }
    }

    private mutating func set(_ name: String, _ value: String) {
        guard case .section(let section, let isLongDefault) = place else { return }
        if isLongDefault {
            longDefault[name] = value
        } else {
            sections[section, default: [:]][name] = value
        }
    }

    private func malformed(_ what: String) -> BlobError {
        let message = "the file \"\(EscapedText(path))\", line \(lineNumber), has \(what)"
        return .credentials(message, kind: .invalidArgument)
    }

    // MARK: Bytes

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }

    private static func isCommentMark(_ byte: UInt8) -> Bool { byte == 0x23 || byte == 0x3B }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = bytes.drop(while: isBlank)
        return start.lastIndex { !isBlank($0) }.map { start[...$0] } ?? start
    }

    /// A value ends at a comment that has a blank before it.
    private static func value(_ bytes: ArraySlice<UInt8>) -> String {
        var end = bytes.startIndex
        while end < bytes.endIndex {
            let isComment = isCommentMark(bytes[end])
            if isComment, end > bytes.startIndex, isBlank(bytes[end - 1]) { break }
            end += 1
        }
        return text(trim(bytes[..<end]))
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> String {
        text(ArraySlice(trim(bytes).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }))
    }

    private static func unquote(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard bytes.count >= 2, let mark = bytes.first, mark == bytes.last,
            mark == 0x22 || mark == 0x27
        else { return bytes }
        return bytes.dropFirst().dropLast()
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
