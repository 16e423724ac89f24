/// One option that a command takes.
struct OptionSpec: Sendable, Hashable {
    /// The long name, without the dashes.
    let name: String
    /// The letter of the short form, if there is one.
    let letter: Character?
    /// What stands for the value in the help; `nil` for an option without a value.
    let value: String?
    /// Whether the option may be given more than once.
    let isRepeatable: Bool
    /// What it does, for the help.
    let help: String

    /// An option that is given or not.
    static func flag(_ name: String, _ letter: Character? = nil, _ help: String) -> OptionSpec {
        OptionSpec(name: name, letter: letter, value: nil, isRepeatable: false, help: help)
    }

    /// An option with a value.
    static func value(
        _ name: String,
        _ letter: Character? = nil,
        _ value: String,
        _ help: String,
        isRepeatable: Bool = false
    ) -> OptionSpec {
        OptionSpec(name: name, letter: letter, value: value, isRepeatable: isRepeatable, help: help)
    }

    /// The forms as the help shows them, such as `-s, --store URL`.
    var forms: String {
        let short = letter.map { "-\($0), " } ?? "    "
        let long = "--\(name)"
        return short + (value.map { "\(long) \($0)" } ?? long)
    }
}

extension OptionSpec {
    /// The options of every command.
    static let common: [OptionSpec] = [
        .flag("quiet", "q", "print no result and no progress"),
        .flag("help", "h", "show this help"),
    ]

    /// The option of every command that prints results.
    static let json = OptionSpec.flag("json", nil, "print JSON, one object a line; errors too")

    /// The option of every command that works on one store.
    static let store = OptionSpec.value(
        "store",
        "s",
        "URL",
        "the store, such as file:///var/files; default: $BLOB_STORE"
    )
}
