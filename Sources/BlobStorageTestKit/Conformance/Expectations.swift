import BlobStorage

/// Throws unless a claim is true.
func expect(
    _ claim: Bool,
    _ expected: @autoclosure () -> String,
    found: @autoclosure () -> String
) throws {
    guard !claim else { return }
    throw Mismatch(expected: expected(), found: found())
}

/// Throws unless two values are equal.
func expectEqual<Value: Equatable>(
    _ found: Value,
    _ expected: Value,
    _ what: @autoclosure () -> String
) throws {
    guard found != expected else { return }
    throw Mismatch(
        expected: "\(what()) to be \(readable(expected))",
        found: readable(found)
    )
}

/// Throws unless two texts are the same bytes; `String` would call two spellings of "é" equal.
func expectSameText(_ found: [String], _ expected: [String], _ what: String) throws {
    let isSame =
        found.count == expected.count && zip(found, expected).allSatisfy(UTF8Order.equal)
    guard !isSame else { return }
    throw Mismatch(expected: "\(what) to be \(readable(expected))", found: readable(found))
}

/// Throws unless two runs of bytes are the same.
func expectBytes(_ found: [UInt8], _ expected: [UInt8], _ what: @autoclosure () -> String) throws {
    guard !sameBytes(found, expected) else { return }
    throw Mismatch(
        expected: "\(what()) to be \(readable(expected))",
        found: readable(found)
    )
}

/// Whether two runs of bytes are the same, at the speed of `memcmp` in builds for debugging too.
func sameBytes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count
        && a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in UTF8Order.compare(a, b) == 0 }
        }
}

/// Throws unless a call throws a `BlobError` of one of the kinds.
@discardableResult
func expectError<Value>(
    _ kinds: BlobError.Kind...,
    from what: @autoclosure () -> String,
    _ call: () async throws -> Value
) async throws -> BlobError {
    let expected = "\(what()) to throw \(kinds.map(\.rawValue).joined(separator: " or "))"
    let value: Value
    do {
        value = try await call()
    } catch let error as BlobError {
        guard kinds.contains(error.kind) else {
            throw Mismatch(expected: expected, found: readable(error))
        }
        return error
    } catch {
        throw Mismatch(expected: expected, found: readable(error))
    }
    throw Mismatch(expected: expected, found: "no error, but \(readable(value))")
}

/// A value for a message, cut where it would flood the log.
func readable<Value>(_ value: Value) -> String {
    if let bytes = value as? [UInt8] {
        return
            "\(bytes.count) bytes \(cut("\"\(EscapedText(String(decoding: bytes, as: UTF8.self)))\""))"
    }
    if let text = value as? String { return cut("\"\(EscapedText(text))\"") }
    if let texts = value as? [String] {
        return cut("[" + texts.map { "\"\(EscapedText($0))\"" }.joined(separator: ", ") + "]")
    }
    return cut("\(value)")
}

/// An error for a message; a long key would hide what is said of it.
func readable(_ error: any Error) -> String {
    guard let error = error as? BlobError else { return cut("\(type(of: error)): \(error)") }
    guard let key = error.key, key.text.utf8.count > longestKey else { return cut("\(error)") }
    let start = EscapedText(String(key.text.prefix(longestKey / 2)))
    return cut("\(error.operation) \"\(start)…\": \(error.kind.rawValue): \(error.message)")
}

/// Bytes of a key in a message.
private let longestKey = 100

private func cut(_ text: String) -> String {
    text.count <= longestText ? text : "\(text.prefix(longestText))…"
}

/// Characters of a value in a message.
private let longestText = 400
