// The page: who is there, what may be uploaded, and where files come in.

import { API } from "/api.js"
import { DocumentsView } from "/documents.js"
import { announce, byID } from "/dom.js"
import { Queue } from "/queue.js"
import { isAllowed, plural, size, typeName } from "/text.js"
import { actOnLatestToast, toast } from "/toasts.js"
import { UploadsView } from "/uploads.js"

const ownerPlace = "files.owner"
const firstOwner = "demo"
const limitsDelay = 5_000

let api = new API(rememberedOwner())
// Until the service has told them, nothing is refused here; the service refuses by itself.
let limits = {}
// The interrupted upload whose file the picker is open for.
let chosenFor

const queue = new Queue()
const documents = new DocumentsView(api)
new UploadsView(queue, (upload) => {
  chosenFor = upload
  byID("picker").click()
})

queue.addEventListener("over", ({ detail: upload }) => {
  if (upload.state === "done" && upload.owner === api.owner) documents.added(upload.document)
})

// --- who is there

function rememberedOwner() {
  try {
    return localStorage.getItem(ownerPlace) || firstOwner
  } catch {
    return firstOwner
  }
}

byID("owner").value = api.owner
byID("sign-in").addEventListener("submit", (event) => {
  event.preventDefault()
  // A header can't hold white space at its ends.
  const owner = byID("owner").value.trim()
  if (owner === api.owner) return
  try {
    localStorage.setItem(ownerPlace, owner)
  } catch {
    // Then it has to be typed again after a reload.
  }
  api = new API(owner)
  documents.show(api)
  queue.addInterrupted(api)
  toast(`These are the files of ${owner} now.`)
})

// --- what may be uploaded

async function readLimits() {
  try {
    limits = await api.limits()
  } catch {
    // The list of files tells what is wrong. A service that is starting has its limits soon.
    setTimeout(readLimits, limitsDelay)
    return
  }
  const types = limits.types?.map(typeName) ?? []
  const shown = types.length > 0 ? new Intl.ListFormat(undefined).format(types) : "Any type of file"
  const cap = limits.maximumByteCount
  const most = cap ? `, at most ${size(cap)} each` : ""
  byID("limits").textContent = `${shown[0].toUpperCase()}${shown.slice(1)}${most}.`
  byID("picker").accept = limits.types?.join(",") ?? ""
}

/// Why a file needn't be tried; undefined if it may do.
function refusal(file) {
  if (file.size > limits.maximumByteCount) {
    const most = size(limits.maximumByteCount)
    return `It has ${size(file.size)}, which is too large: at most ${most} are allowed.`
  }
  if (file.size === 0 && limits.allowsEmpty === false) return "The file is empty, or a folder."
  if (!isAllowed(file.type || "application/octet-stream", limits.types)) {
    return `Its type, ${file.type || "unknown"}, is not allowed here.`
  }
  const extension = /\.([^.]*)$/.exec(file.name)?.[1].toLowerCase()
  if (limits.extensions && !limits.extensions.includes(extension)) {
    return `Its extension, ${extension || "none"}, is not allowed here.`
  }
  return undefined
}

// --- where files come in

async function take(files) {
  const left = await queue.resumeInterrupted([...files])
  const good = []
  for (const file of left) {
    const reason = refusal(file)
    if (reason === undefined) good.push(file)
    else queue.refuse(api, file, reason)
  }
  const count = queue.add(api, good)
  if (count < good.length) toast("Files that are being uploaded already were left out.")
  if (count > 0) announce(`${plural(count, "file is", "files are")} being uploaded.`)
}

async function takeFor(upload, [file]) {
  const left = await queue.resumeInterrupted([file], [upload])
  if (left.length === 0) return
  const text = `“${file.name}” is not the file that was being uploaded: ` +
    "its name, size or content differs."
  toast(text, { isProblem: true })
}

byID("choose").addEventListener("click", () => {
  chosenFor = undefined
  byID("picker").click()
})

byID("picker").addEventListener("change", ({ target }) => {
  const files = [...target.files]
  // Otherwise the same file chosen again would be no change.
  target.value = ""
  if (files.length === 0) return
  if (chosenFor?.state === "interrupted") takeFor(chosenFor, files)
  else take(files)
  chosenFor = undefined
})

const hasFiles = (event) => event.dataTransfer?.types.includes("Files")
let dragDepth = 0

// Anywhere on the page: a file that misses the field would otherwise open in place of the page.
addEventListener("dragenter", (event) => {
  if (!hasFiles(event)) return
  dragDepth += 1
  document.body.classList.add("dragging")
})
addEventListener("dragleave", (event) => {
  if (!hasFiles(event)) return
  dragDepth -= 1
  if (dragDepth <= 0) endDrag()
})
addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return
  event.preventDefault()
  event.dataTransfer.dropEffect = "copy"
})
addEventListener("drop", (event) => {
  if (!hasFiles(event)) return
  event.preventDefault()
  endDrag()
  take(event.dataTransfer.files)
})

function endDrag() {
  dragDepth = 0
  document.body.classList.remove("dragging")
}

addEventListener("paste", (event) => {
  if (event.clipboardData?.files.length > 0) take(event.clipboardData.files)
})

// --- the connection, and the way back

const showConnection = () => { byID("offline").hidden = navigator.onLine }
addEventListener("online", () => {
  showConnection()
  documents.read()
  readLimits()
})
addEventListener("offline", showConnection)

addEventListener("keydown", (event) => {
  const isUndo = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey
  const isTyping = event.target.matches?.("input, textarea")
  if (isUndo && !isTyping && actOnLatestToast()) event.preventDefault()
})

showConnection()
readLimits()
queue.addInterrupted(api).then((count) => {
  if (count > 0) announce(`${plural(count, "upload was", "uploads were")} interrupted.`)
})
