// The uploads of this page, of which a few are under way at once.

import { isUnderWay, keptUploads } from "/kept.js"
import { Upload } from "/upload.js"

const parallelUploads = 2
const handOverTime = 1_000

/// Uploads in the order they came. Tells of each change by the event "change", of the one that is
/// over by the event "over".
export class Queue extends EventTarget {
  uploads = []

  /// Adds files; those that wait here already are left out.
  add(api, files) {
    const added = files.filter((file) => !this.uploads.some((upload) => isSame(upload, file)))
    for (const file of added) this.#watch(new Upload(api, file))
    this.#pump()
    return added.length
  }

  /// Shows a file that isn't sent, and why.
  refuse(api, file, message) {
    const upload = new Upload(api, file)
    upload.error = Object.assign(new Error(message), { isFinal: true })
    upload.state = "failed"
    this.#watch(upload)
    this.dispatchEvent(new CustomEvent("over", { detail: upload }))
  }

  /// Shows what was begun before the page was loaded, and isn't under way in another tab.
  ///
  /// - Returns: How many there are.
  async addInterrupted(api) {
    let count = 0
    for (const kept of keptUploads(api.owner)) {
      // The page that was here before a reload takes a moment to let go.
      if (await isUnderWay(kept.id) && await isUnderWay(kept.id, handOverTime)) continue
      if (this.uploads.some((upload) => upload.id === kept.id)) continue
      this.#watch(Upload.interrupted(api, kept))
      count += 1
    }
    return count
  }

  /// Gives files to the interrupted uploads they belong to.
  ///
  /// - Returns: The files that belong to none.
  async resumeInterrupted(files, uploads = this.#interrupted()) {
    const left = []
    for (const file of files) {
      let isTaken = false
      for (const upload of uploads.filter(({ state }) => state === "interrupted")) {
        if (upload.byteCount !== file.size || upload.name !== file.name) continue
        isTaken = await upload.take(file).catch(() => false)
        if (isTaken) break
      }
      if (!isTaken) left.push(file)
    }
    this.#pump()
    return left
  }

  resume(upload) {
    upload.resume()
    this.#pump()
  }

  remove(upload) {
    this.uploads = this.uploads.filter((other) => other !== upload)
    this.#changed()
  }

  #interrupted() {
    return this.uploads.filter(({ state }) => state === "interrupted")
  }

  #watch(upload) {
    this.uploads.push(upload)
    upload.addEventListener("change", () => this.#changed(upload))
    this.#changed(upload)
  }

  #pump() {
    for (const upload of this.uploads) {
      if (this.uploads.filter(({ isActive }) => isActive).length >= parallelUploads) return
      if (upload.state === "waiting") this.#run(upload)
    }
  }

  async #run(upload) {
    await upload.run()
    if (upload.isOver) this.dispatchEvent(new CustomEvent("over", { detail: upload }))
    this.#pump()
  }

  #changed(upload) {
    this.dispatchEvent(new CustomEvent("change", { detail: upload }))
  }
}

function isSame({ isOver, file }, other) {
  return !isOver && file?.name === other.name && file.size === other.size &&
    file.lastModified === other.lastModified
}
