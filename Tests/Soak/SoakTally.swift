/// What a load did, and what it found.
struct SoakTally: CustomStringConvertible, Sendable {
    var operationCount = 0
    var failedCount = 0
    var acknowledgedCount = 0
    var readBackCount = 0
    var uncertainCount = 0
    var clientFaultCount = 0
    var storeFaultCount = 0
    var handlerFaultCount = 0
    var problems: [String] = []

    mutating func add(_ other: SoakTally) {
        operationCount += other.operationCount
        failedCount += other.failedCount
        acknowledgedCount += other.acknowledgedCount
        readBackCount += other.readBackCount
        uncertainCount += other.uncertainCount
        clientFaultCount += other.clientFaultCount
        problems += other.problems
    }

    var description: String {
        "\(operationCount) operations, \(failedCount) failed in the end; \(acknowledgedCount) writes "
            + "acknowledged, read back \(readBackCount) times; \(uncertainCount) writes of unknown "
            + "outcome; faults: \(storeFaultCount) in stores, \(handlerFaultCount) between gateway "
            + "and server, \(clientFaultCount) in clients"
    }
}
