import Testing

@testable import BlobStorage

@Suite struct BacklogTests {
    @Test func jobsThatMoveOnNeedNoThread() {
        var backlog = Backlog()
        for look in 0..<100 {
            let needsThread = backlog.tick(takenCount: look * 8, waitingCount: 8, isBusy: false)
            #expect(!needsThread)
        }
    }

    @Test func lateJobsNeedAThreadWhereTheOthersAreBlocked() {
        var backlog = Backlog()
        let answers = [0, 7].map { takenCount in
            backlog.tick(takenCount: takenCount, waitingCount: 8, isBusy: false)
        }
        #expect(answers == [false, true])
    }

    @Test func lateJobsNeedNoThreadWhereTheOthersAreAtWork() {
        var backlog = Backlog()
        for look in 0..<100 {
            let needsThread = backlog.tick(takenCount: look, waitingCount: 800, isBusy: true)
            #expect(!needsThread)
        }
    }

    @Test func aStandstillNeedsAThreadHoweverBusyTheCoresAre() {
        var backlog = Backlog()
        let answers = (0..<23).map { _ in
            backlog.tick(takenCount: 5, waitingCount: 1, isBusy: true)
        }
        // The first look has nothing to compare with; then every tenth starts one.
        #expect(answers.indices.filter { answers[$0] } == [10, 20])
    }
}
