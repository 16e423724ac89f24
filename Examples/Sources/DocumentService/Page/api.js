// The service's API: JSON both ways; what it refuses is a problem document (RFC 9457).

/// The service has understood the request, and says no, or that it failed.
export class ProblemError extends Error {
  constructor(status, problem, wait) {
    super(problem.detail || problem.title || `The service answered with status ${status}.`)
    this.name = "ProblemError"
    this.status = status
    // A word to act on, such as "tooLarge".
    this.reason = problem.reason || String(problem.type ?? "").split(/[/:#]/).pop()
    // How long to wait before another try, in milliseconds, if the service says so.
    this.wait = wait
  }
}

/// Nobody answered: there is no connection, or it broke.
export class ConnectionError extends Error {
  constructor(message = "There is no connection.") {
    super(message)
    this.name = "ConnectionError"
  }
}

const answerTimeout = 30_000
// Joining hundreds of parts, and looking at the result, takes its time.
const confirmTimeout = 300_000

// The service's clock less this one's: what a ticket says of its end is by the service's clock.
let clockOffset = 0

/// Now, by the service's clock, in milliseconds.
export const serviceTime = () => Date.now() + clockOffset

/// The API for one owner.
export class API {
  constructor(owner) {
    this.owner = owner
  }

  limits() {
    return this.#call("GET", "/api/limits")
  }

  reserve({ fileName, contentType, byteCount }, signal) {
    const body = { fileName, contentType, byteCount }
    return this.#call("POST", "/api/uploads", { body, signal })
  }

  ticket(id, signal) {
    return this.#call("POST", `/api/uploads/${encodeURIComponent(id)}/ticket`, { signal })
  }

  confirm(id, signal) {
    const path = `/api/uploads/${encodeURIComponent(id)}/confirm`
    return this.#call("POST", path, { signal, timeout: confirmTimeout })
  }

  cancel(id) {
    return this.#call("DELETE", `/api/uploads/${encodeURIComponent(id)}`, { keepalive: true })
  }

  documents({ limit, cursor, search }, signal) {
    const query = new URLSearchParams({ limit })
    if (cursor) query.set("cursor", cursor)
    if (search) query.set("search", search)
    return this.#call("GET", `/api/documents?${query}`, { signal })
  }

  address(id, disposition) {
    return this.#call(
      "GET", `/api/documents/${encodeURIComponent(id)}/url?disposition=${disposition}`)
  }

  delete(id) {
    return this.#call("DELETE", `/api/documents/${encodeURIComponent(id)}`)
  }

  restore(id) {
    return this.#call("POST", `/api/documents/${encodeURIComponent(id)}/restore`)
  }

  async #call(method, path, { body, signal, timeout = answerTimeout, keepalive = false } = {}) {
    const headers = { Accept: "application/json", "X-Owner": this.owner }
    if (body !== undefined) headers["Content-Type"] = "application/json"
    const limit = AbortSignal.timeout(timeout)
    let response, text
    try {
      response = await fetch(path, {
        method, headers, keepalive, cache: "no-store",
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      text = await response.text()
    } catch (error) {
      if (signal?.aborted) throw error
      throw new ConnectionError(
        limit.aborted ? "The service did not answer in time." : "The service can't be reached.")
    }
    const date = Date.parse(response.headers.get("Date") ?? "")
    if (!Number.isNaN(date)) clockOffset = date - Date.now()
    const value = parsed(text)
    if (!response.ok) {
      const seconds = Number(response.headers.get("Retry-After"))
      throw new ProblemError(response.status, value ?? {}, seconds > 0 ? seconds * 1000 : undefined)
    }
    return value
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    // No body, or that of something between here and the service.
    return undefined
  }
}
