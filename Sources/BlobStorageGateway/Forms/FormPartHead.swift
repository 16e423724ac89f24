/// The header lines of one part of a form.
struct FormPartHead: Sendable {
    /// The field's name, in lower case.
    let name: String
    /// The file's name, as the browser sent it.
    let fileName: String?

    /// - Parameter lines: The lines, without their ends.
    /// - Throws: `GatewayError` if they don't name a field of a form.
    init(_ lines: [ArraySlice<UInt8>]) throws(GatewayError) {
        var found: (name: String, fileName: String?)?
        for line in lines {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
                throw .malformedForm("a part has a line that is no header")
            }
            let name = line[..<colon].map(HeaderParameters.lowerCase)
            let value = line[(colon + 1)...]
            if name.elementsEqual("content-disposition".utf8) {
                guard found == nil else { throw .malformedForm("a part has two names") }
                found = try Self.names(value)
            } else if name.elementsEqual("content-transfer-encoding".utf8) {
                // RFC 7578, section 4.7: nobody encodes parts any more, and taken as it is an encoded
                // one would be kept wrong.
                let known = ["7bit", "8bit", "binary"]
                let encoding = String(decoding: HeaderParameters(value).first, as: UTF8.self)
                guard known.contains(encoding) else {
                    throw .malformedForm("a part has a Content-Transfer-Encoding")
                }
            }
        }
        guard let found else { throw .malformedForm("a part has no Content-Disposition") }
        (name, fileName) = found
    }

    private static func names(
        _ disposition: ArraySlice<UInt8>
    ) throws(GatewayError) -> (name: String, fileName: String?) {
        var parameters = HeaderParameters(disposition)
        var name: String?
        var fileName: String?
        guard parameters.first.elementsEqual("form-data".utf8) else {
            throw .malformedForm("a part's Content-Disposition is not form-data")
        }
        while let (parameter, value) = parameters.next() {
            guard let text = String(validating: value, as: UTF8.self) else {
                throw .malformedForm("a part's name is not UTF-8")
            }
            if parameter.elementsEqual("name".utf8) {
                guard name == nil else { throw .malformedForm("a part has two names") }
                name = String(decoding: value.map(HeaderParameters.lowerCase), as: UTF8.self)
            } else if parameter.elementsEqual("filename".utf8) {
                guard fileName == nil else { throw .malformedForm("a part has two file names") }
                fileName = text
            }
        }
        guard let name, !name.isEmpty, !parameters.isMalformed else {
            throw .malformedForm("a part's Content-Disposition has no name, or is malformed")
        }
        return (name, fileName)
    }
}
