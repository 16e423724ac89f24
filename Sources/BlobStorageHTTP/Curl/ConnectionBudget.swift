/// Which exchanges may have a connection, and which have to wait for one.
///
/// The longest waiting one goes first, unless its own host has all connections that it may have.
struct ConnectionBudget {
    private struct Host {
        var activeCount = 0
        /// In the order of their numbers; `nil` for those that were taken or gave up.
        var waiting: [(number: Int, exchange: Exchange?)] = []
        /// Before it, all are `nil`; at it, none is.
        var first = 0

        mutating func skipGaps() {
            while first < waiting.count, waiting[first].exchange == nil { first += 1 }
            if first == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                first = 0
            } else if first > ConnectionBudget.gapLimit, first > waiting.count / 2 {
                waiting.removeSubrange(..<first)
                first = 0
            }
        }
    }

    /// How many gaps are kept until those behind them move up.
    private static let gapLimit = 64

    private let limitPerHost: Int
    private let limit: Int
    private var hosts: [String: Host] = [:]
    private var waitingHosts: Set<String> = []
    private var number = 0
    private(set) var activeCount = 0

    init(limitPerHost: Int, limit: Int) {
        self.limitPerHost = max(1, limitPerHost)
        self.limit = max(1, limit)
    }

    /// Takes an exchange up: as active, if there is room for it.
    ///
    /// - Returns: Whether there is.
    mutating func add(_ exchange: Exchange) -> Bool {
        let name = exchange.origin
        if activeCount < limit, hosts[name, default: Host()].activeCount < limitPerHost {
            hosts[name, default: Host()].activeCount += 1
            activeCount += 1
            return true
        }
        number += 1
        hosts[name, default: Host()].waiting.append((number, exchange))
        waitingHosts.insert(name)
        return false
    }

    /// Gives an active exchange's place back.
    mutating func remove(_ exchange: Exchange) {
        activeCount -= 1
        hosts[exchange.origin]?.activeCount -= 1
        tidy(exchange.origin)
    }

    /// Forgets an exchange, if it waits.
    mutating func giveUp(_ exchange: Exchange) {
        guard let host = hosts[exchange.origin],
            let index = host.waiting.firstIndex(where: { $0.exchange === exchange })
        else { return }
        hosts[exchange.origin]?.waiting[index].exchange = nil
        tidy(exchange.origin)
    }

    /// Takes the next exchange that waits and may be active now.
    mutating func takeNext() -> Exchange? {
        guard activeCount < limit, !waitingHosts.isEmpty else { return nil }
        var oldest: (name: String, number: Int)?
        for name in waitingHosts {
            guard let host = hosts[name], host.activeCount < limitPerHost,
                host.waiting[host.first].number < oldest?.number ?? .max
            else { continue }
            oldest = (name, host.waiting[host.first].number)
        }
        guard let name = oldest?.name, let first = hosts[name]?.first else { return nil }
        let exchange = hosts[name]?.waiting[first].exchange
        hosts[name]?.waiting[first].exchange = nil
        hosts[name]?.activeCount += 1
        activeCount += 1
        tidy(name)
        return exchange
    }

    private mutating func tidy(_ name: String) {
        hosts[name]?.skipGaps()
        guard let host = hosts[name], host.waiting.isEmpty else { return }
        waitingHosts.remove(name)
        if host.activeCount == 0 { hosts[name] = nil }
    }

    /// Whether no exchange waits.
    var hasNoneWaiting: Bool { waitingHosts.isEmpty }

    /// Those that wait for a connection.
    var waiting: [Exchange] {
        waitingHosts.flatMap { hosts[$0]?.waiting.compactMap(\.exchange) ?? [] }
    }
}
