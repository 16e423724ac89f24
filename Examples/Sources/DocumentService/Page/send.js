// Sends one presigned request or form. XMLHttpRequest, since `fetch` tells no progress of uploads.

import { ConnectionError, serviceTime } from "/api.js"

/// The store has refused what was sent.
export class StoreError extends Error {
  constructor(status, code) {
    super(`The store refused the file with status ${status}${code ? ` (${code})` : ""}.`)
    this.name = "StoreError"
    this.status = status
    this.code = code
  }
}

/// The request was good when it was made, but not until its turn came.
export class ExpiredError extends Error {
  constructor() {
    super("The signed request has expired.")
    this.name = "ExpiredError"
  }
}

// A connection on which nothing has moved for so long is as good as broken.
const stallTimeout = 45_000

// What a browser sets by itself, and lets no script set.
const browsersOwn = new Set(["content-length", "host"])

/// Sends a presigned request with a blob as its body.
export function sendRequest(request, blob, { onProgress, signal }) {
  const { method, url, headers = {}, expiresAt } = request
  const byteCount = blob.size
  return send({ method, url, headers, body: blob, byteCount, expiresAt, onProgress, signal })
}

/// Sends a presigned form, in which the file comes last.
export function sendForm(presigned, file, { onProgress, signal }) {
  const { url, fields, contentTypePrefix, expiresAt } = presigned
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const hasType = Object.keys(fields).some((name) => name.toLowerCase() === "content-type")
  if (contentTypePrefix !== undefined && !hasType) {
    form.append("Content-Type", file.type || "application/octet-stream")
  }
  form.append("file", file)
  const byteCount = file.size
  return send(
    { method: "POST", url, headers: {}, body: form, byteCount, expiresAt, onProgress, signal })
}

async function send(what) {
  const hasWaited = await connection(what.signal)
  try {
    // What is new is sent, whatever this computer's clock says of it.
    if (hasWaited && Date.parse(what.expiresAt) < serviceTime()) throw new ExpiredError()
    await sendAlone(what)
  } finally {
    release()
  }
}

// A browser opens six connections to one server. The service may be that server: its own answers
// must not wait until a part is sent.
let freeConnections = 5
const waiting = []

/// Waits for a connection; whether that took any time.
async function connection(signal) {
  signal.throwIfAborted()
  if (freeConnections > 0) {
    freeConnections -= 1
    return false
  }
  const { promise, resolve, reject } = Promise.withResolvers()
  const abort = () => {
    waiting.splice(waiting.indexOf(start), 1)
    reject(signal.reason)
  }
  const start = () => {
    signal.removeEventListener("abort", abort)
    resolve()
  }
  signal.addEventListener("abort", abort)
  waiting.push(start)
  await promise
  return true
}

function release() {
  const start = waiting.shift()
  if (start) start()
  else freeConnections += 1
}

function sendAlone({ method, url, headers, body, byteCount, onProgress, signal }) {
  const { promise, resolve, reject } = Promise.withResolvers()
  const request = new XMLHttpRequest()
  let stall
  const move = () => {
    clearTimeout(stall)
    stall = setTimeout(() => end(new ConnectionError("The connection has stalled.")), stallTimeout)
  }
  const abort = () => end(signal.reason)
  // Not after the stall: it goes on with a new connection as soon as there is one.
  const lose = () => end(new ConnectionError())
  const end = (error) => {
    clearTimeout(stall)
    signal.removeEventListener("abort", abort)
    removeEventListener("offline", lose)
    if (!error) return resolve()
    reject(error)
    request.abort()
  }
  if (signal.aborted) {
    reject(signal.reason)
    return promise
  }
  signal.addEventListener("abort", abort)
  addEventListener("offline", lose)
  request.open(method, url)
  for (const [name, value] of Object.entries(headers)) {
    if (!browsersOwn.has(name.toLowerCase())) request.setRequestHeader(name, value)
  }
  request.upload.addEventListener("progress", (event) => {
    move()
    // A form's own bytes are counted too; those of the file are what is shown.
    onProgress(Math.min(event.loaded, byteCount))
  })
  request.addEventListener("error", () => end(new ConnectionError("The connection was lost.")))
  request.addEventListener("load", () => {
    const isGood = request.status >= 200 && request.status < 300
    const code = /<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(request.responseText)?.[1]
    end(isGood ? undefined : new StoreError(request.status, code))
  })
  request.send(body)
  move()
  return promise
}
