// The list of uploads: a row each, with its progress and what can be done.

import { announce, arrange, button, byID, fromTemplate, setText } from "/dom.js"
import { badge, kind, percent, plural, seconds, size, timeLeft } from "/text.js"

// Of hundreds that wait for their turn, the next few are enough to see.
const shownWaiting = 3
// Progress comes many times a second, from six connections.
const drawInterval = 60
// While nothing comes, the rate falls.
const idleInterval = 1_000
// How long one that is done can be seen.
const doneTime = 3_000

const pageTitle = document.title

const actions = {
  waiting: ["cancel"],
  preparing: ["cancel"],
  sending: ["pause", "cancel"],
  reconnecting: ["retry", "pause", "cancel"],
  confirming: [],
  paused: ["resume", "cancel"],
  interrupted: ["choose", "cancel"],
  failed: ["retry", "dismiss"],
  done: [],
  cancelled: [],
}

/// Shows a queue.
export class UploadsView {
  #queue
  #choose
  #rows = new Map()
  #doneCount = 0
  #isChanged = false
  #drawing

  /// - Parameter choose: Asks the user for the file of an interrupted upload.
  constructor(queue, choose) {
    this.#queue = queue
    this.#choose = choose
    queue.addEventListener("change", () => {
      this.#isChanged = true
      this.#drawSoon()
    })
    queue.addEventListener("over", ({ detail }) => this.#over(detail))
    byID("clear-failed").addEventListener("click", () => {
      for (const upload of this.#failed) this.#remove(upload)
    })
    setInterval(() => {
      if (queue.uploads.some(({ isActive }) => isActive)) this.#draw()
    }, idleInterval)
  }

  get #failed() {
    return this.#queue.uploads.filter(({ state }) => state === "failed")
  }

  #over(upload) {
    if (upload.state === "done") {
      this.#doneCount += 1
      announce(`${upload.name} is uploaded.`)
      setTimeout(() => this.#remove(upload), doneTime)
    }
    if (upload.state === "failed") announce(`${upload.name} failed. ${upload.error.message}`)
  }

  #remove(upload) {
    this.#queue.remove(upload)
    if (this.#queue.uploads.length === 0) this.#doneCount = 0
  }

  #drawSoon() {
    if (this.#drawing) return
    this.#drawing = setTimeout(() => {
      this.#drawing = undefined
      if (this.#isChanged) this.#drawSoon()
    }, drawInterval)
    this.#draw()
  }

  #draw() {
    this.#isChanged = false
    const { uploads } = this.#queue
    const waiting = uploads.filter(({ state }) => state === "waiting")
    const hidden = new Set(waiting.slice(shownWaiting))
    const shown = uploads.filter((upload) => !hidden.has(upload))
    const hadFocus = byID("uploads").contains(document.activeElement)
    const rows = shown.map((upload) => this.#row(upload))
    arrange(byID("upload-list"), rows)
    for (const upload of this.#rows.keys()) if (!shown.includes(upload)) this.#rows.delete(upload)
    byID("uploads").hidden = uploads.length === 0
    byID("clear-failed").hidden = this.#failed.length < 2
    byID("waiting").hidden = hidden.size === 0
    const done = this.#doneCount > 0 ? `, ${plural(this.#doneCount, "is", "are")} done` : ""
    setText(byID("waiting"), `${plural(hidden.size, "more waits", "more wait")}${done}.`)
    this.#drawTitle(uploads)
    // The button that was pressed is gone: the keyboard goes on nearby, not at the page's top.
    if (hadFocus && !isVisible(document.activeElement)) {
      const next = uploads.length > 0 ? byID("uploads-title") : byID("choose")
      next.focus({ preventScroll: true })
    }
  }

  #drawTitle(uploads) {
    const moving = uploads.filter(({ isActive, state }) => isActive || state === "waiting")
    const all = moving.reduce((sum, { byteCount }) => sum + byteCount, 0)
    const sent = moving.reduce((sum, { sentByteCount }) => sum + sentByteCount, 0)
    document.title = moving.length > 0 ? `${percent(all && sent / all)} · ${pageTitle}` : pageTitle
  }

  #row(upload) {
    let row = this.#rows.get(upload)
    if (!row) {
      row = this.#newRow(upload)
      this.#rows.set(upload, row)
    }
    this.#update(row, upload)
    return row
  }

  #newRow(upload) {
    const row = fromTemplate("upload-row")
    const mark = row.querySelector(".badge")
    mark.textContent = badge(upload.name, upload.file?.type)
    mark.dataset.kind = kind(upload.file?.type ?? "")
    const name = row.querySelector(".name")
    name.textContent = upload.name
    name.title = upload.name
    row.querySelector("progress").setAttribute("aria-label", `Progress of ${upload.name}`)
    const actions = {
      pause: () => upload.pause(),
      resume: () => this.#queue.resume(upload),
      retry: () => upload.state === "failed" ? this.#queue.resume(upload) : upload.tryNow(),
      choose: () => this.#choose(upload),
      cancel: () => {
        upload.cancel()
        this.#remove(upload)
        announce(`${upload.name} is cancelled.`)
      },
      dismiss: () => this.#remove(upload),
    }
    for (const [action, act] of Object.entries(actions)) {
      const control = button(row, action)
      control.setAttribute("aria-label", `${control.textContent} ${upload.name}`)
      control.addEventListener("click", act)
    }
    return row
  }

  #update(row, upload) {
    row.dataset.state = upload.state
    const progress = row.querySelector("progress")
    const share = upload.byteCount ? upload.sentByteCount / upload.byteCount : 0
    if (progress.value !== share) progress.value = share
    progress.hidden = upload.state === "failed" && upload.sentByteCount === 0
    const state = row.querySelector(".state")
    setText(state, stateText(upload, share))
    const shown = new Set(actions[upload.state])
    if (!upload.canPause) shown.delete("pause")
    if (upload.error?.isFinal) shown.delete("retry")
    const focused = row.contains(document.activeElement) ? document.activeElement : undefined
    for (const control of row.querySelectorAll("[data-do]")) {
      control.hidden = !shown.has(control.dataset.do)
    }
    if (focused?.hidden) row.querySelector("[data-do]:not([hidden])")?.focus()
  }
}

const isVisible = (element) => element !== document.body && element.checkVisibility()

function stateText(upload, share) {
  const { state, sentByteCount, byteCount, error, retryAt } = upload
  switch (state) {
  case "waiting": return `${size(byteCount)} · waiting`
  case "preparing": return `${size(byteCount)} · preparing…`
  case "confirming": return `${size(byteCount)} · checking…`
  case "done": return `${size(byteCount)} · uploaded`
  case "paused": return `Paused at ${percent(share)} of ${size(byteCount)}`
  case "interrupted": return `Interrupted at ${percent(share)} of ${size(byteCount)}. ` +
    "Choose or drop the file again, and the rest is sent."
  case "reconnecting": return navigator.onLine
    ? `${error.message} Trying again in ${seconds(retryAt - Date.now())}…`
    : `Offline at ${percent(share)} of ${size(byteCount)}. It goes on by itself.`
  case "failed": return error.message
  case "cancelled": return "Cancelled"
  default: {
    // The store has it all and has yet to say so.
    if (share === 1) return `${size(byteCount)} · finishing…`
    const rate = upload.rate.bytesPerSecond()
    const parts = [percent(share), `${size(sentByteCount)} of ${size(byteCount)}`]
    if (rate) parts.push(`${size(rate)}/s`, timeLeft((byteCount - sentByteCount) / rate))
    return parts.join(" · ")
  }
  }
}
