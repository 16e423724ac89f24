/// One command of the tool.
protocol Command: Sendable {
    /// The word that calls it.
    static var name: String { get }
    /// What it does, in one line.
    static var summary: String { get }
    /// What follows the options, such as `KEY [FILE]`.
    static var operands: String { get }
    /// What else there is to say, for the help.
    static var details: String { get }
    /// The options of its own.
    static var options: [OptionSpec] { get }
    /// Whether it works on the one store of `--store`.
    static var usesStore: Bool { get }
    /// Whether it prints results, which can be JSON.
    static var printsRecords: Bool { get }

    /// Checks the arguments.
    ///
    /// - Throws: ``UsageError``.
    init(_ arguments: Arguments) throws

    /// Does the work.
    func run(_ context: Context) async throws
}

extension Command {
    static var details: String { "" }
    static var options: [OptionSpec] { [] }
    static var usesStore: Bool { true }
    static var printsRecords: Bool { true }

    /// All options.
    static var allOptions: [OptionSpec] {
        options + (usesStore ? [.store] : []) + (printsRecords ? [.json] : []) + OptionSpec.common
    }

    /// The help.
    static var help: String {
        let forms = allOptions.map(\.forms)
        let width = min(30, forms.map(\.count).max() ?? 0)
        let lines = zip(forms, allOptions).map { form, option in
            let padding = String(repeating: " ", count: max(0, width - form.count))
            return form.count <= width
                ? "  \(form)\(padding)  \(option.help)"
                : "  \(form)\n  \(String(repeating: " ", count: width))  \(option.help)"
        }
        let text = details.isEmpty ? "" : "\n\(details)\n"
        return """
            Usage: blob \(name) [OPTION]...\(operands.isEmpty ? "" : " \(operands)")
            \(summary)
            \(text)
            Options:
            \(lines.joined(separator: "\n"))

            """
    }
}

/// The work was done, and the answer is no; the exit status is 1, and all was said already.
struct NegativeResult: Error {}
