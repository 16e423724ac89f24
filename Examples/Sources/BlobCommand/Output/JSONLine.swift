import Foundation

/// A value as one line of JSON.
struct JSONLine {
    let text: String

    init(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(value)
        text = Self.escaped(String(decoding: data, as: UTF8.self))
    }

    /// JSON may hold control characters beyond 0x1F as they are; a terminal would obey them.
    private static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: DisplayText.isHarmful) else { return json }
        var safe = ""
        for scalar in json.unicodeScalars {
            if DisplayText.isHarmful(scalar) {
                let digits = String(scalar.value, radix: 16)
                safe += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
