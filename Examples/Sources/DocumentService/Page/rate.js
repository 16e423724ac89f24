// How fast bytes go.

const window = 6_000
const leastTime = 400

/// Bytes per second over the last seconds.
export class Rate {
  #samples = []

  reset() {
    this.#samples = []
  }

  /// Notes how many bytes have gone by now. A count that falls is a new beginning.
  add(byteCount, now = performance.now()) {
    const samples = this.#samples
    if (samples.length > 0 && byteCount < samples.at(-1).byteCount) samples.length = 0
    samples.push({ byteCount, now })
    while (samples.length > 2 && samples[0].now < now - window) samples.shift()
  }

  /// Undefined until there is enough to tell by. It falls while nothing moves.
  bytesPerSecond(now = performance.now()) {
    const samples = this.#samples
    if (samples.length < 2) return undefined
    const time = now - samples[0].now
    const byteCount = samples.at(-1).byteCount - samples[0].byteCount
    return time < leastTime || byteCount <= 0 ? undefined : (byteCount / time) * 1000
  }
}
