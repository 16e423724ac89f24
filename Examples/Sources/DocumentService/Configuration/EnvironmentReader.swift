/// Reads values of variables, and says what is wrong with them without repeating them.
struct EnvironmentReader {
    private let environment: [String: String]

    init(_ environment: [String: String]) {
        self.environment = environment
    }

    /// The text of a variable; `nil` if it is not set, or empty.
    func text(_ variable: ServiceVariable) -> String? {
        environment[variable.rawValue].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A secret that is long enough, and can stand in a header.
    func secret(_ variable: ServiceVariable, least: Int) throws -> String? {
        guard let text = text(variable) else { return nil }
        guard text.utf8.count >= least, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ConfigurationError(
                variable,
                "it has fewer than \(least) characters, or some that no header carries; "
                    + "make one with: openssl rand -hex 24"
            )
        }
        return text
    }

    /// Texts with commas between them.
    func list(
        _ variable: ServiceVariable,
        where isLegal: (String) -> Bool
    ) throws -> [String]? {
        guard let text = text(variable) else { return nil }
        let items = Self.items(text)
        guard let wrong = items.firstIndex(where: { !isLegal($0) }) else { return items }
        throw ConfigurationError(
            variable,
            "number \(wrong + 1) of the list is none; it is \(variable.meaning)"
        )
    }

    /// A count of bytes, with `K`, `M` or `G` behind it or nothing.
    func byteCount(_ variable: ServiceVariable) throws -> Int64? {
        guard let text = text(variable) else { return nil }
        let units: [UInt8: Int64] = [
            UInt8(ascii: "K"): 1 << 10, UInt8(ascii: "M"): 1 << 20, UInt8(ascii: "G"): 1 << 30,
        ]
        let unit = text.utf8.last.flatMap { units[$0] }
        let digits = unit == nil ? text.utf8[...] : text.utf8.dropLast()
        if let number = Self.number(digits), number > 0 {
            let (product, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
            if !overflow { return product }
        }
        throw ConfigurationError(variable, "it is no count of bytes, such as 10485760 or 10M")
    }

    /// A count of whole seconds.
    func seconds(_ variable: ServiceVariable, in range: ClosedRange<Int64>) throws -> Duration? {
        guard let text = text(variable) else { return nil }
        guard let number = Self.number(text.utf8[...]), range.contains(number) else {
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            throw ConfigurationError(variable, "it is no count of seconds from \(bounds)")
        }
        return .seconds(number)
    }

    /// Scheme, host and port of an address, and nothing else.
    func origin(_ variable: ServiceVariable) throws -> String? {
        guard let text = text(variable) else { return nil }
        guard let origin = Origin.of(text), Origin.isWhole(text) else {
            throw ConfigurationError(
                variable,
                "it is not http:// or https:// with a host, perhaps a port, and no path"
            )
        }
        return origin
    }

    /// Which pages may use the store.
    func origins(_ variable: ServiceVariable) throws -> PageOrigins {
        guard let text = text(variable) else { return .own }
        if text == "none" { return .untouched }
        let origins = try Self.items(text).map { item in
            guard let origin = Origin.of(item), Origin.isWhole(item) else {
                throw ConfigurationError(variable, "there is one that is not http(s)://host[:port]")
            }
            return origin
        }
        return .listed(origins)
    }

    private static func items(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: ",")).map { item in
            let blank = UInt8(ascii: " ")
            let start = item.drop { $0 == blank }
            let end = start.lastIndex { $0 != blank }.map { start.index(after: $0) }
            return String(decoding: start[..<(end ?? start.startIndex)], as: UTF8.self)
        }
    }

    private static func number(_ digits: Substring.UTF8View) -> Int64? {
        guard (1...18).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}

/// Which pages may use the store from a browser.
enum PageOrigins: Sendable, Equatable {
    /// The service's own page.
    case own
    /// Pages of these origins.
    case listed([String])
    /// Whatever a bucket's own rules say, which stay as they are.
    case untouched
}
