internal import CBlobStorageServer

extension ServerCore {
    /// The functions that libmicrohttpd calls; `context` is the core.
    static let calls = cblobstorage_server_calls(
        target: { context, target, connection in
            guard let context, let connection else { return nil }
            let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
            let exchange = Exchange(core, connection, target: target)
            return Unmanaged.passRetained(exchange).toOpaque()
        },
        request: { _, _, _, method, version, upload, uploadSize, request in
            guard let exchange = request?.pointee, let uploadSize else { return .NO }
            return Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue()
                .advance(method: method, version: version, upload: upload, size: uploadSize)
        },
        completed: { _, _, request, code in
            guard let exchange = request?.pointee else { return }
            request?.pointee = nil
            Unmanaged<Exchange>.fromOpaque(exchange).takeRetainedValue()
                .complete(isSuccess: code == .REQUEST_TERMINATED_COMPLETED_OK)
        },
        connection: { context, connection, _, code in
            guard let context, let connection else { return }
            let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
            if code == .CONNECTION_NOTIFY_STARTED {
                core.opened(connection)
            } else {
                core.closed(connection)
            }
        }
    )
}
