/// A place in the order of keys from which a listing goes on.
package enum ListPosition: Sendable {
    /// The first key that is not before the text.
    case atLeast(String)
    /// The first key after the text.
    case after(String)
    /// The first key after all that begin with the text.
    case past(String)

    /// Whether a key comes before this place.
    package func isAfter(_ key: String) -> Bool {
        switch self {
        case .atLeast(let text): UTF8Order.compare(key, text) < 0
        case .after(let text): UTF8Order.compare(key, text) <= 0
        case .past(let text): UTF8Order.compare(key, text) < 0 || UTF8Order.hasPrefix(key, text)
        }
    }
}
