/// A word that may have a slip in it.
struct Spelling {
    /// The most letters that a slip may have got wrong.
    private static let slipLimit = 2
    /// The longest word that is compared; no name is near as long.
    private static let lengthLimit = 16

    private let letters: [UInt8]

    init(_ word: String) {
        letters = Array(word.utf8.prefix(Self.lengthLimit + 1))
    }

    /// The word that was meant, if one is near: it differs in fewer letters than it has.
    func nearest(of words: [String]) -> String? {
        guard letters.count <= Self.lengthLimit else { return nil }
        return words.map { (word: $0, distance: distance(to: Array($0.utf8))) }
            .filter { $0.distance <= Self.slipLimit && $0.distance < $0.word.utf8.count }
            .min { $0.distance < $1.distance }?.word
    }

    /// How many letters must be put in, taken out or replaced to get the other word.
    private func distance(to other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (place, letter) in letters.enumerated() {
            var next = [place + 1]
            for (column, wanted) in other.enumerated() {
                let replaced = row[column] + (letter == wanted ? 0 : 1)
                next.append(min(replaced, row[column + 1] + 1, next[column] + 1))
            }
            row = next
        }
        return row[other.count]
    }
}
