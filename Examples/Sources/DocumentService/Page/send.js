// Sends one presigned request or form. XMLHttpRequest, since `fetch` tells no progress of uploads.

import { ConnectionError } from "/api.js"

/// The store has refused what was sent.
export class StoreError extends Error {
  constructor(status, code) {
    super(`The store refused the file with status ${status}${code ? ` (${code})` : ""}.`)
    this.name = "StoreError"
    this.status = status
    this.code = code
  }
}

// A connection on which nothing has moved for so long is as good as broken.
const stallTimeout = 45_000

// What a browser sets by itself, and lets no script set.
const browsersOwn = new Set(["content-length", "host"])

/// Sends a presigned request with a blob as its body.
export function sendRequest({ method, url, headers = {} }, blob, { onProgress, signal }) {
  return send({ method, url, headers, body: blob, byteCount: blob.size, onProgress, signal })
}

/// Sends a presigned form, in which the file comes last.
export function sendForm({ url, fields, contentTypePrefix }, file, { onProgress, signal }) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const hasType = Object.keys(fields).some((name) => name.toLowerCase() === "content-type")
  if (contentTypePrefix !== undefined && !hasType) {
    form.append("Content-Type", file.type || "application/octet-stream")
  }
  form.append("file", file)
  return send(
    { method: "POST", url, headers: {}, body: form, byteCount: file.size, onProgress, signal })
}

async function send(what) {
  await connection(what.signal)
  try {
    await sendAlone(what)
  } finally {
    release()
  }
}

// A browser opens six connections to one server. The service may be that server: its own answers
// must not wait until a part is sent.
let freeConnections = 5
const waiting = []

function connection(signal) {
  signal.throwIfAborted()
  if (freeConnections > 0) {
    freeConnections -= 1
    return undefined
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
  return promise
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
