/// A variable of the environment that makes no sense.
///
/// It tells the variable's name and what would be right, and never its value, which may be a secret.
struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    let variable: ServiceVariable
    let message: String

    init(_ variable: ServiceVariable, _ message: String) {
        self.variable = variable
        self.message = message
    }

    var description: String { "\(variable.rawValue): \(message)" }
}
