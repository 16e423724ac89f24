import Foundation

/// The files of `Vectors`.
enum Vectors {
    static func data(_ path: String) throws -> Data {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Vectors")
        return try Data(contentsOf: folder.appendingPathComponent(path))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
        try JSONDecoder().decode(type, from: data(path))
    }
}
