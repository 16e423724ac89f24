/// The arguments of a command, split into options and operands.
///
/// The rules are strict, so that a slip is an error and not a surprise: options have their full
/// names, each at most once unless it says otherwise; `--` ends them; `-` alone is an operand.
struct Arguments: Sendable {
    private var values: [String: [String]] = [:]
    private(set) var operands: [String] = []

    /// Splits arguments.
    ///
    /// - Throws: ``UsageError``.
    init(_ arguments: some Sequence<String>, options: [OptionSpec]) throws {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                operands += rest
                return
            }
            if argument.utf8.starts(with: "--".utf8) {
                try readLong(argument, options, &rest)
            } else if argument.utf8.first == UInt8(ascii: "-"), argument.utf8.count > 1 {
                try readShort(argument, options, &rest)
            } else {
                operands.append(argument)
            }
        }
    }

    /// Whether an option was given.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// The value of an option.
    func value(_ name: String) -> String? { values[name]?.last }

    /// All values of an option that may be repeated, in order.
    func values(_ name: String) -> [String] { values[name] ?? [] }

    /// Throws unless there are as many operands as the command takes.
    func expectOperands(_ range: ClosedRange<Int>, _ what: String) throws {
        if operands.count < range.lowerBound {
            throw UsageError("\(what) is missing")
        }
        if operands.count > range.upperBound {
            let extra = DisplayText(operands[range.upperBound])
            throw UsageError("\"\(extra)\" is one argument too many; expected is \(what)")
        }
    }

    /// Throws if two options were given that exclude each other.
    func expectAtMostOne(of names: String...) throws {
        let given = names.filter { has($0) }.map { "--\($0)" }
        guard given.count <= 1 else {
            throw UsageError("\(given.joined(separator: " and ")) exclude each other")
        }
    }

    private mutating func readLong(
        _ argument: String,
        _ options: [OptionSpec],
        _ rest: inout ArraySlice<String>
    ) throws {
        let bytes = argument.utf8.dropFirst(2)
        let equals = bytes.firstIndex(of: UInt8(ascii: "="))
        let name = String(decoding: bytes[..<(equals ?? bytes.endIndex)], as: UTF8.self)
        guard let option = options.first(where: { $0.name == name }) else {
            throw UsageError("there is no option --\(DisplayText(name))")
        }
        let attached = equals.map {
            String(decoding: bytes[bytes.index(after: $0)...], as: UTF8.self)
        }
        if option.value == nil, attached != nil {
            throw UsageError("--\(name) takes no value")
        }
        try add(option, attached: attached, &rest)
    }

    private mutating func readShort(
        _ argument: String,
        _ options: [OptionSpec],
        _ rest: inout ArraySlice<String>
    ) throws {
        let letters = argument.dropFirst()
        for (place, letter) in letters.enumerated() {
            guard let option = options.first(where: { $0.letter == letter }) else {
                throw UsageError("there is no option -\(DisplayText(String(letter)))")
            }
            guard option.value == nil || place == letters.count - 1 else {
                throw UsageError("-\(letter) takes a value, and so must be the last letter")
            }
            try add(option, attached: nil, &rest)
        }
    }

    private mutating func add(
        _ option: OptionSpec,
        attached: String?,
        _ rest: inout ArraySlice<String>
    ) throws {
        guard option.isRepeatable || values[option.name] == nil else {
            throw UsageError("--\(option.name) is given twice")
        }
        guard let what = option.value else {
            values[option.name] = [""]
            return
        }
        guard let value = attached ?? rest.popFirst() else {
            throw UsageError("--\(option.name) needs a value: \(what)")
        }
        values[option.name, default: []].append(value)
    }
}
