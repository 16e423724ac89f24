// One file on its way: reserve, follow the ticket, confirm.
//
// It works in rounds. Each begins with a ticket, sends what the ticket asks for, and has the
// service confirm. Whatever breaks on the way and can heal ends the round; the next one's ticket
// says what the store has got by then, so nothing is remembered here that could be wrong.

import { ConnectionError, ProblemError, serviceTime } from "/api.js"
import { fingerprint, forget, holding, keep, keptUpload } from "/kept.js"
import { Rate } from "/rate.js"
import { ExpiredError, StoreError, sendForm, sendRequest } from "/send.js"

const parallelParts = 3
// Tries without a byte of progress while there seems to be a connection.
const maximumFailures = 8
const firstWait = 500
const longestWait = 30_000
// A request that ends so soon is not begun with.
const expiryMargin = 5_000

// The service no longer knows the upload: it expired, or another tab cancelled it.
const goneReasons = new Set(["notFound", "expired", "deleted"])
// Something is missing in the store, which another round sends.
const healableReasons = new Set(["incomplete", "notUploaded", "conflict"])

// No other try would end otherwise.
const finalReasons = new Set([
  "typeNotAllowed", "extensionNotAllowed", "tooLarge", "empty", "wrongType", "wrongContent",
])

/// A file's way to the store. Tells of each change by the event "change".
///
/// The states: waiting → preparing → sending → confirming → done; and on the way paused,
/// reconnecting, interrupted (kept over a reload; needs its file), failed, cancelled.
export class Upload extends EventTarget {
  state = "waiting"
  sentByteCount = 0
  error = undefined
  retryAt = undefined
  document = undefined
  canPause = false
  rate = new Rate()
  #api
  #mark
  #id
  #abort
  #inFlight = new Map()
  #doneByteCount = 0
  #wake = () => {}

  constructor(api, file) {
    super()
    this.#api = api
    this.file = file
    this.name = file?.name
    this.byteCount = file?.size
  }

  /// An upload of which only the ticket's id was kept; it goes on when it is given its file.
  static interrupted(api, { mark, id, name, size, sent }) {
    const upload = new Upload(api)
    Object.assign(upload, { name, byteCount: size, sentByteCount: sent, state: "interrupted" })
    upload.#mark = mark
    upload.#id = id
    return upload
  }

  get isActive() {
    return ["preparing", "sending", "reconnecting", "confirming"].includes(this.state)
  }

  get isOver() {
    return ["done", "failed", "cancelled"].includes(this.state)
  }

  get id() {
    return this.#id
  }

  get owner() {
    return this.#api.owner
  }

  /// Gives an interrupted upload its file, if it is the same one.
  ///
  /// - Returns: Whether it is.
  async take(file) {
    if (await fingerprint(file) !== this.#mark) return false
    this.file = file
    this.enter("waiting")
    return true
  }

  /// Does all there is to do, and returns when the upload is over or paused. Never throws.
  async run() {
    this.#abort = new AbortController()
    const { signal } = this.#abort
    this.enter("preparing")
    try {
      this.#mark ??= await fingerprint(this.file)
      this.#id ??= keptUpload(this.#mark, this.owner)?.id
      const first = this.#id ? undefined : await this.#begin(signal)
      await holding(this.#id, signal, () => this.#rounds(first, signal))
      forget(this.#id)
      this.enter("done")
    } catch (error) {
      // Otherwise `pause` or `cancel` has said what it is now.
      if (!signal.aborted) await this.#fail(error)
    }
  }

  pause() {
    this.enter("paused")
    this.#stop()
  }

  /// Makes it wait for its turn again.
  resume() {
    this.error = undefined
    this.enter("waiting")
  }

  /// Stops, and has the service forget what there is.
  async cancel() {
    this.enter("cancelled")
    this.#stop()
    if (!this.#id) return
    forget(this.#id)
    try {
      await this.#api.cancel(this.#id)
    } catch {
      // Then the service's sweep removes it when the reservation ends.
    }
  }

  /// Ends a wait for the connection.
  tryNow() {
    this.#wake()
  }

  enter(state) {
    this.state = state
    this.#changed()
  }

  #changed() {
    this.dispatchEvent(new Event("change"))
  }

  #stop() {
    this.#abort?.abort()
    this.#inFlight.clear()
    this.rate.reset()
    this.#count()
  }

  async #fail(error) {
    this.error = await this.#explained(error)
    if (error instanceof ProblemError && !healableReasons.has(error.reason) && error.status < 500) {
      // The service's last word: the next try begins anew.
      forget(this.#id)
      this.#id = undefined
      this.error.isFinal = finalReasons.has(error.reason)
    }
    this.enter("failed")
  }

  /// A file that was moved or changed looks like a lost connection when it is sent.
  async #explained(error) {
    try {
      await this.file.slice(0, 1).arrayBuffer()
      return error
    } catch {
      return new Error(
        "The file can't be read any more. Was it changed or moved, or is it a folder?")
    }
  }

  // --- rounds

  /// Reserves, again and again while the connection is lost.
  async #begin(signal) {
    for (let failures = 0; ;) {
      try {
        return await this.#reserve(signal)
      } catch (error) {
        failures += 1
        await this.#heal(error, failures, signal)
      }
    }
  }

  async #reserve(signal) {
    const ticket = await this.#api.reserve({
      fileName: this.file.name,
      contentType: this.file.type || "application/octet-stream",
      byteCount: this.file.size,
    }, signal)
    this.#id = ticket.id
    return ticket
  }

  async #rounds(ticket, signal) {
    for (let failures = 0; ;) {
      const before = this.#doneByteCount
      try {
        ticket ??= await this.#ticket(signal)
        if (ticket && !await this.#follow(ticket, signal)) {
          ticket = undefined
          failures = 0
          continue
        }
        this.enter("confirming")
        this.document = await this.#api.confirm(this.#id, signal)
        return
      } catch (error) {
        ticket = undefined
        if (this.#doneByteCount > before) failures = 0
        failures += 1
        await this.#heal(error, failures, signal)
      }
    }
  }

  /// A new ticket for what was begun; without one, nothing is left but to confirm.
  async #ticket(signal) {
    try {
      return await this.#api.ticket(this.#id, signal)
    } catch (error) {
      if (error.reason === "alreadyConfirmed") return undefined
      if (!(error instanceof ProblemError) || !goneReasons.has(error.reason)) throw error
      forget(this.#id)
      return this.#reserve(signal)
    }
  }

  /// Waits before the next round, or throws what no round can heal.
  async #heal(error, failures, signal) {
    signal.throwIfAborted()
    if (!isPassing(error)) throw error
    if (failures > maximumFailures && navigator.onLine) throw error
    // An expired request costs nothing but another one.
    if (!isLost(error) && failures === 1) return
    const wait = error.wait ?? Math.min(longestWait, firstWait * 2 ** (failures - 1))
    const jittered = wait * (0.75 + Math.random() / 2)
    await this.#explained(error).then((found) => { if (found !== error) throw found })
    this.error = error
    this.retryAt = Date.now() + jittered
    this.rate.reset()
    this.enter("reconnecting")
    await this.#sleep(jittered, signal)
    this.error = undefined
    this.enter("preparing")
  }

  /// Sleeps; less if the connection is back or the user is impatient, more while offline.
  #sleep(duration, signal) {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(timer)
        removeEventListener("online", wake)
        signal.removeEventListener("abort", abort)
        settle(value)
      }
      const wake = () => end(resolve)
      const abort = () => end(reject, signal.reason)
      const timer = setTimeout(() => { if (navigator.onLine) wake() }, duration)
      this.#wake = wake
      addEventListener("online", wake)
      signal.addEventListener("abort", abort)
    })
  }

  // --- following a ticket

  /// Sends what a ticket asks for.
  ///
  /// - Returns: Whether that was all; a ticket has requests for so many parts, and for so long.
  async #follow(ticket, signal) {
    keep({
      id: this.#id, mark: this.#mark, owner: this.owner, name: this.name, size: this.byteCount,
      sent: this.#doneByteCount, reservedUntil: ticket.reservedUntil,
    })
    this.canPause = ticket.method === "parts"
    this.enter("sending")
    switch (ticket.method) {
    case "put": return this.#whole(sendRequest, ticket.request, signal)
    case "form": return this.#whole(sendForm, ticket.form, signal)
    case "parts": return this.#parts(ticket, signal)
    default: throw new Error(`This page is too old for a ticket of the method "${ticket.method}".`)
    }
  }

  async #whole(send, request, signal) {
    this.#doneByteCount = 0
    try {
      await send(request, this.file, {
        signal, onProgress: (count) => this.#progress(0, count),
      })
    } catch (error) {
      // The store has it already: an answer was lost. Whether it is right, the service will say.
      if (error.status !== 412) throw error
    } finally {
      this.#inFlight.clear()
    }
    this.#doneByteCount = this.byteCount
    this.#count()
    return true
  }

  async #parts(ticket, signal) {
    const last = ticket.byteCount - (ticket.partCount - 1) * ticket.partByteCount
    const sizeOf = (number) => number === ticket.partCount ? last : ticket.partByteCount
    this.#doneByteCount = ticket.uploaded.reduce((sum, number) => sum + sizeOf(number), 0)
    this.#count()
    const parts = ticket.parts.values()
    let sentCount = 0
    let failure
    // All take from the same iterator. When one fails, the others finish their part, and end.
    const work = async () => {
      for (const part of parts) {
        try {
          // Of a new ticket at least one part is tried, whatever the clocks say.
          if (sentCount > 0 && isExpired(part.request)) return
          await this.#part(part, signal)
          sentCount += 1
        } catch (error) {
          failure ??= error
        }
        if (failure) return
      }
    }
    await Promise.all(Array.from({ length: parallelParts }, work))
    if (failure) throw failure
    return sentCount === ticket.partCount - ticket.uploaded.length
  }

  async #part(part, signal) {
    const bytes = this.file.slice(part.offset, part.offset + part.byteCount)
    try {
      await sendRequest(part.request, bytes, {
        signal, onProgress: (count) => this.#progress(part.number, count),
      })
      this.#doneByteCount += part.byteCount
    } finally {
      this.#inFlight.delete(part.number)
    }
    this.#count()
    const kept = keptUpload(this.#mark, this.owner)
    if (kept?.id === this.#id) keep({ ...kept, sent: this.#doneByteCount })
  }

  #progress(number, count) {
    this.#inFlight.set(number, count)
    this.#count()
  }

  #count() {
    let sum = this.#doneByteCount
    for (const count of this.#inFlight.values()) sum += count
    this.sentByteCount = sum
    this.rate.add(sum)
    this.#changed()
  }
}

const isExpired = (request) => Date.parse(request.expiresAt) - serviceTime() < expiryMargin

/// Whether it is the connection or the load, which passes with time.
function isLost(error) {
  return error instanceof ConnectionError || error.status >= 500 ||
    error.status === 429 || error.status === 408
}

/// Whether another round, with a new ticket, may do.
function isPassing(error) {
  if (isLost(error) || error instanceof ExpiredError) return true
  if (error instanceof ProblemError) return healableReasons.has(error.reason)
  // Of the store: an expired request, a time-out it calls a bad request, an upload that is gone.
  return error instanceof StoreError && [400, 403, 404, 409].includes(error.status)
}
