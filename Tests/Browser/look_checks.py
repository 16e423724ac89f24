"""How it looks: at every width, light and dark; the pictures are kept to be looked at by people."""

import files
from browser import DESKTOP, NARROW, PHONE, wait_for
from checks import check
from files import MIB

LONG_NAME = "a name without any place to break it, of " + "e" * 150 + ".txt"

# The contrast of every text that can be seen with what is behind it: those below what WCAG AA asks.
CONTRAST = """
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    return canvas.getImageData(0, 0, 1, 1).data
  }
  const isClear = (color) => rgb(color)[3] < 255
  const light = (color) => {
    const [r, g, b] = [...rgb(color)].map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor
      if (!isClear(color)) return color
    }
    return getComputedStyle(document.body).backgroundColor
  }
  const low = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  let count = 0
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim()
    const element = walker.currentNode.parentElement
    if (!text || !element.checkVisibility() || element.closest(".unseen, :disabled")) continue
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    count += 1
    if (ratio < 4.5) low.push(`${text}: ${ratio.toFixed(2)}`)
  }
  return { low, count }
"""

# What sticks out at the right, and buttons that are too small for a finger.
WIDTH = """
  const right = document.documentElement.clientWidth
  const wide = [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility() && !element.closest(".unseen"))
    .filter((element) => element.getBoundingClientRect().right > right + 0.5)
    .map((element) => element.outerHTML.slice(0, 120))
  return { wide, scrolls: document.scrollingElement.scrollWidth > right }
"""
SMALL_BUTTONS = """
  return [...document.querySelectorAll("button:not(.link), input:not([type=file])")]
    .filter((element) => element.checkVisibility())
    .filter((element) => element.getBoundingClientRect().height < 43.5)
    .map((element) => element.textContent || element.id)
"""


def assert_good(place, what):
    width = place.browser.run(WIDTH)
    assert not width["scrolls"] and not width["wide"], f"{what}: too wide: {width['wide'][:3]}"
    contrast = place.browser.run(CONTRAST)
    assert contrast["count"] > 5 and not contrast["low"], f"{what}: low contrast: {contrast}"


SIZES = {"desktop": DESKTOP, "phone": PHONE, "narrow": NARROW}


def look(place, name, top="#drop"):
    """Looks at the page at all widths in both themes, and keeps pictures."""
    for size_name, size in SIZES.items():
        for theme in ("light", "dark"):
            place.browser.resize(size)
            place.browser.theme(theme)
            what = f"{name}-{size_name}-{theme}"
            place.browser.run("document.querySelector(arguments[0]).scrollIntoView()", top)
            settle(place)
            assert_good(place, what)
            place.shoot(what)
            if size_name != "desktop":
                small = place.browser.run(SMALL_BUTTONS)
                assert not small, f"{what}: too small for a finger: {small}"
    place.browser.resize(DESKTOP)
    place.browser.theme("light")


def settle(place):
    """Ends the transitions, which are in neither theme."""
    place.browser.run_async(
        "for (const animation of document.getAnimations()) {"
        "  if (!animation.effect.target.classList.contains('time')) animation.finish() }"
        "await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")


@check
def empty_page(place):
    look(place, "empty", "body")


@check
def busy_page(place):
    for number in range(20):
        name = f"other {number}"
        place.service.upload(place.owner, name, "application/octet-stream", b"x" * 3000)
    place.service.upload(place.owner, LONG_NAME, "text/plain", b"long")
    place.service.upload(place.owner, "report.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n")
    picture = files.picture(place.folder, "wall.png", 400_000)
    place.service.upload(place.owner, "the wall.png", "image/png", picture.read_bytes())
    place.service.upload(place.owner, "deleted.txt", "text/plain", b"deleted")
    place.page.reload()
    place.page.search("wall")
    wait_for("the thumbnail is there", lambda: has_thumbnail(place), 40)
    place.page.search("")
    place.browser.run("document.getElementById('search').dispatchEvent(new Event('search'))")
    place.page.wait_for_names("all are listed", lambda names: len(names) == 20)
    place.browser.throttle(1 * MIB)
    sending = files.binary(place.folder, "in parts.bin", 24 * MIB)
    refused = files.text(place.folder, "refused.html", 2000)
    paused = files.binary(place.folder, f"{'p' * 120}.bin", 20 * MIB)
    waiting = [files.text(place.folder, f"waiting {number}.txt", 99 + number) for number in range(9)]
    place.page.choose(paused)
    place.page.wait_for_share(paused, 0.02)
    place.page.press_in_upload(paused, "pause")
    whole = files.picture(place.folder, "whole.png", 14 * MIB)
    place.page.choose(sending, refused, whole, *waiting)
    place.page.wait_for_share(sending, 0.02)
    place.page.wait_for_share(whole, 0.02)
    place.page.press_in_document(place.page.documents()[0]["id"], "delete")
    wait_for("undo is offered", lambda: place.page.elements("#toasts .toast"))
    look(place, "busy")
    look(place, "list", "#documents-title")
    place.browser.go_online()
    # A small file may be confirmed at this very moment; it can't be cancelled any more.
    place.expected_problems += ["status of 409"]
    place.browser.run("""
      for (const button of document.querySelectorAll("[data-do=cancel]:not([hidden])")) button.click()
      for (const button of document.querySelectorAll("[data-do=dismiss]")) button.click()""")
    wait_for("all are over", lambda: not place.page.uploads())


def has_thumbnail(place):
    rows = place.page.documents()
    if len(rows) == 1 and rows[0]["hasThumbnail"]:
        return True
    # The page looks again by itself only after an upload of its own.
    place.browser.run("""
      if (document.getElementById("document-list").getAttribute("aria-busy") === "false")
        dispatchEvent(new Event("online"))""")
    return False


@check
def many_files(place):
    """Of hundreds that wait, a few are shown, and all arrive."""
    paths = [files.text(place.folder, f"many {number:03}.txt", 50 + number) for number in range(120)]
    place.page.choose(*paths)
    wait_for("some wait unseen", lambda: "more wait" in place.page.element("#waiting").text)
    assert len(place.page.uploads()) < 40, "a row for each"
    wait_for("all are over", lambda: not place.page.element("#uploads").is_displayed(), 90)
    documents = place.service.call("GET", "/api/documents?limit=100", place.owner)
    rest = place.service.call(
        "GET", f"/api/documents?limit=100&cursor={documents['cursor']}", place.owner)
    names = {row["fileName"] for row in documents["documents"] + rest["documents"]}
    assert names == {path.name for path in paths}
