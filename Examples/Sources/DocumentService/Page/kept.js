// Uploads that have begun, kept over a reload. What is kept is the id and what the file looks like:
// never a signed request, which is a permission; the service makes new ones.

const place = "files.uploads"
const fingerprintByteCount = 64 << 10

/// Tells one file from another: name, size, time of the last change, and a hash of the first bytes.
export async function fingerprint(file) {
  const bytes = new Uint8Array(await file.slice(0, fingerprintByteCount).arrayBuffer())
  return JSON.stringify([file.name, file.size, file.lastModified, hash(bytes)])
}

// FNV-1a. It need not resist anybody: whoever picks the file may send any bytes anyway. And Web
// Crypto is there on https and localhost, but not on a phone that visits a computer at home.
function hash(bytes) {
  let state = 0x811c9dc5
  for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193)
  return (state >>> 0).toString(16)
}

/// All uploads of an owner that have begun and are not over.
export const keptUploads = (owner) => read().filter((upload) => upload.owner === owner)

/// What is kept of a file for an owner, if anything is.
export const keptUpload = (mark, owner) => read().find((upload) => isOf(upload, mark, owner))

/// Keeps `{ id, mark, owner, name, size, sent, reservedUntil }`; the mark is the fingerprint.
export function keep(upload) {
  write([...read().filter((other) => !isOf(other, upload.mark, upload.owner)), upload])
}

/// Forgets an upload.
export function forget(id) {
  write(read().filter((upload) => upload.id !== id))
}

const isOf = (upload, mark, owner) => upload.mark === mark && upload.owner === owner

/// Whether an upload is under way in some tab, this one or another, after a time. Nobody knows
/// without Web Locks, as on a page that came by http from another computer.
export async function isUnderWay(id, time = 0) {
  if (time > 0) await new Promise((resolve) => setTimeout(resolve, time))
  const held = (await navigator.locks?.query())?.held ?? []
  return held.some((lock) => lock.name === lockName(id))
}

/// Does some work while this tab alone holds the upload.
///
/// - Throws: What the work throws; an error if another tab is at it.
export async function holding(id, signal, work) {
  if (!navigator.locks) return work()
  // A tab that has just paused takes a moment to let go.
  const limit = AbortSignal.timeout(2000)
  let isHeld = false
  try {
    const options = { signal: AbortSignal.any([signal, limit]) }
    return await navigator.locks.request(lockName(id), options, () => {
      isHeld = true
      return work()
    })
  } catch (error) {
    if (isHeld || signal.aborted) throw error
    throw new Error("Another tab is uploading this file.")
  }
}

const lockName = (id) => `upload ${id}`

function read() {
  try {
    const all = JSON.parse(localStorage.getItem(place) ?? "[]")
    return all.filter(({ reservedUntil }) => Date.parse(reservedUntil) > Date.now())
  } catch {
    // No storage, or not what was kept there: uploads work, they just can't outlive the page.
    return []
  }
}

function write(uploads) {
  try {
    localStorage.setItem(place, JSON.stringify(uploads))
  } catch {
    // As above.
  }
}
