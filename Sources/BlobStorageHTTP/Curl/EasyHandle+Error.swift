import CBlobStorageHTTP

extension EasyHandle {
    /// What libcurl's result means.
    ///
    /// - Returns: The error; `nil` if the transfer is whole.
    func error(_ result: CURLcode) -> HTTPError? {
        // A server that refuses `Expect` has answered; libcurl would send the request without it.
        if head.isWhole, isResendRefused { return nil }
        if let failure { return failure }
        switch result {
        case CURLE_OK: return head.isWhole ? nil : .connectionLost("the answer's head was cut")
        case CURLE_URL_MALFORMAT: return .invalid("the URL is not one")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_PROXY:
            return failed(.connectFailed, errorMessage, result)
        case CURLE_SSL_CONNECT_ERROR:
            return failed(isCutHandshake ? .connectFailed : .tlsFailed, errorMessage, result)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_INITFAILED:
            return failed(.tlsFailed, errorMessage, result)
        case CURLE_OPERATION_TIMEDOUT:
            return failed(.timedOut, "the time to connect is over", result)
        case CURLE_PARTIAL_FILE:
            return failed(.connectionLost, "the answer's body was cut", result)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_FUNCTION_ARGUMENT,
            CURLE_BAD_CONTENT_ENCODING:
            return failed(.badAnswer, "the answer is not HTTP", result)
        default:
            let kind: HTTPError.Kind = sendCount > 0 ? .connectionLost : .connectFailed
            return failed(kind, String(cString: curl_easy_strerror(result)), result)
        }
    }

    private func failed(_ kind: HTTPError.Kind, _ message: String, _ code: CURLcode) -> HTTPError {
        let message = message.isEmpty ? String(cString: curl_easy_strerror(code)) : message
        return HTTPError(
            kind,
            "\(exchange?.request.url.origin ?? ""): \(message)",
            mayHaveArrived: sendCount > 0
        )
    }

    /// Whether the connection was lost while TLS was being agreed on, which may go well next time.
    private var isCutHandshake: Bool {
        ["SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof"].contains {
            errorMessage.contains($0)
        }
    }
}

extension HTTPError {
    static func noMemory(_ call: String) -> HTTPError {
        HTTPError(.connectFailed, "\(call): out of memory", mayHaveArrived: false)
    }

    static func connectionLost(_ message: String) -> HTTPError {
        HTTPError(.connectionLost, message, mayHaveArrived: true)
    }

    static func timedOut(_ limit: TransferClock.Limit, mayHaveArrived: Bool) -> HTTPError {
        let message =
            switch limit {
            case .idle: "no byte came or went for longer than the idle time"
            case .total: "the time for the whole request is over"
            }
        return HTTPError(.timedOut, message, mayHaveArrived: mayHaveArrived)
    }
}
