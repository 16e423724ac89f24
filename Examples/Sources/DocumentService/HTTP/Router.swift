import BlobStorageServer

/// A method and a path, and what answers them.
struct Route: Sendable {
    /// Answers a request, or throws a ``Problem``.
    typealias Action = @Sendable (Call) async throws -> HTTPServerResponse

    let method: String
    /// The segments of the path; one that begins with a colon stands for any, under its name.
    let path: [String]
    let action: Action

    /// Creates a route.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path, such as `/api/documents/:id`.
    ///   - action: What answers.
    init(_ method: String, _ path: String, _ action: @escaping Action) {
        self.method = method
        self.path = path.utf8.split(separator: UInt8(ascii: "/"))
            .map { String(decoding: $0, as: UTF8.self) }
        self.action = action
    }

    /// What stands in place of the names, if the path is one of this route's.
    fileprivate func parameters(_ segments: [String]) -> [String: String]? {
        guard segments.count == path.count else { return nil }
        var parameters: [String: String] = [:]
        for (pattern, segment) in zip(path, segments) {
            if pattern.utf8.first == UInt8(ascii: ":") {
                parameters[String(pattern.dropFirst())] = segment
            } else if !pattern.utf8.elementsEqual(segment.utf8) {
                return nil
            }
        }
        return parameters
    }
}

/// Finds the route of a request.
struct Router: Sendable {
    private let routes: [Route]

    init(_ routes: [Route]) {
        self.routes = routes
    }

    /// Answers a request by its route; one for `GET` answers `HEAD` too.
    ///
    /// - Throws: ``Problem`` of kind `notFound` or `methodNotAllowed`; what the route throws.
    func respond(to request: HTTPServerRequest) async throws -> HTTPServerResponse {
        let target = try RequestTarget(request.target)
        let method = request.method == "HEAD" ? "GET" : request.method
        var allowed: [String] = []
        for route in routes {
            guard let parameters = route.parameters(target.path) else { continue }
            guard route.method == method else {
                allowed.append(route.method)
                if route.method == "GET" { allowed.append("HEAD") }
                continue
            }
            let call = Call(request: request, target: target, parameters: parameters)
            return try await route.action(call)
        }
        guard allowed.isEmpty else {
            let methods = allowed.joined(separator: ", ")
            throw Problem(
                .methodNotAllowed,
                "this address knows \(methods)",
                headers: ["Allow": methods]
            )
        }
        throw Problem(.notFound, "there is no such address")
    }
}
