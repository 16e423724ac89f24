"""Without a mouse, and for those who hear the page."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import files
from browser import wait_for
from checks import check
from files import MIB


class Keyboard:
    """Presses keys, and knows what has the focus."""

    def __init__(self, browser):
        self.browser = browser

    def press(self, *keys):
        actions = ActionChains(self.browser.driver)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def undo(self):
        ActionChains(self.browser.driver).key_down(Keys.CONTROL).send_keys("z").key_up(
            Keys.CONTROL).perform()

    def focused(self):
        """The name that a screen reader says of what has the focus."""
        return self.browser.run("""
          const element = document.activeElement
          return element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent.trim()
            ?? element.textContent.trim().replace(/\\s+/g, " ")""")

    def go_to(self, name, limit=30):
        """Presses Tab until something of this name has the focus, which must be seen to have it."""
        passed = []
        for _ in range(limit):
            self.press(Keys.TAB)
            passed.append(self.focused())
            if passed[-1] == name:
                ring = self.browser.run("""
                  const style = getComputedStyle(document.activeElement)
                  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2""")
                assert ring, f"the focus on {name} can't be seen"
                return
        raise AssertionError(f"Tab does not lead to {name}, but to {passed}")


@check
def upload_by_keyboard(place):
    keyboard = Keyboard(place.browser)
    path = files.binary(place.folder, "keys.bin", 32 * MIB)
    place.browser.run("""
      window.opened = 0
      document.getElementById("picker").addEventListener("click", () => { window.opened += 1 })""")
    place.browser.command("Page.setInterceptFileChooserDialog", enabled=True)
    keyboard.go_to("Choose files…")
    keyboard.press(Keys.ENTER)
    wait_for("the picker opens", lambda: place.browser.run("return window.opened") == 1)
    # The picker is the system's; this is what it gives.
    place.browser.throttle(6 * MIB)
    place.page.choose(path)
    place.page.wait_for_state(path, "sending")
    keyboard.go_to("Pause keys.bin")
    keyboard.press(Keys.SPACE)
    place.page.wait_for_state(path, "paused")
    wait_for("the focus is on what took its place",
             lambda: keyboard.focused() == "Resume keys.bin")
    place.browser.go_online()
    keyboard.press(Keys.ENTER)
    row = place.page.wait_until_uploaded(path)
    wait_for("the upload's row is gone", lambda: place.page.upload(path) is None)
    assert keyboard.focused() != "", "the focus is lost"

    place.browser.run("document.activeElement.blur()")
    keyboard.go_to("Delete keys.bin")
    keyboard.press(Keys.ENTER)
    place.page.wait_for_names("it is deleted", lambda names: names == [])
    assert keyboard.focused() == "Your files", keyboard.focused()
    keyboard.undo()
    place.page.wait_for_names("it is back", lambda names: names == ["keys.bin"])
    assert place.page.documents()[0]["id"] == row["id"]
    place.browser.command("Page.setInterceptFileChooserDialog", enabled=False)


@check
def dialog_by_keyboard(place):
    keyboard = Keyboard(place.browser)
    place.service.upload(place.owner, "address.txt", "text/plain", b"address")
    place.page.reload()
    place.browser.run("""Object.defineProperty(navigator, "clipboard", { value: undefined })""")
    keyboard.go_to("Copy address address.txt")
    keyboard.press(Keys.ENTER)
    dialog = place.page.element("#address")
    wait_for("the dialog is open", dialog.is_displayed)
    assert keyboard.focused() == "Address", keyboard.focused()
    keyboard.press(Keys.ESCAPE)
    wait_for("the dialog is closed", lambda: not dialog.is_displayed())
    assert keyboard.focused() == "Copy address address.txt", keyboard.focused()


@check
def names_and_roles(place):
    """What a screen reader is told: everything that can be used has a role and a name of its own."""
    for number in range(3):
        place.service.upload(place.owner, f"read {number}.txt", "text/plain", b"x")
    path = files.binary(place.folder, "heard.bin", 24 * MIB)
    place.page.reload()
    place.browser.throttle(4 * MIB)
    place.page.choose(path)
    place.page.wait_for_state(path, "sending")
    place.page.press_in_upload(path, "pause")
    place.page.wait_for_state(path, "paused")
    nodes = [(node["role"]["value"], node.get("name", {}).get("value", ""))
             for node in place.browser.command("Accessibility.getFullAXTree")["nodes"]
             if not node.get("ignored") and "role" in node]
    used = {"button", "textbox", "searchbox", "progressbar", "progressIndicator", "link", "dialog"}
    controls = [node for node in nodes if node[0] in used]
    assert all(name for _, name in controls), f"something has no name: {controls}"
    names = [name for role, name in controls if role == "button"]
    assert len(names) == len(set(names)), f"two buttons have the same name: {names}"
    assert ("searchbox", "Search by name") in nodes, controls
    assert any("Progress of heard.bin" == name for _, name in nodes), controls
    headings = [name for role, name in nodes if role == "heading"]
    assert headings == ["Files", "Drop files here", "Uploads", "Your files"], headings
    landmarks = {role for role, _ in nodes}
    assert {"banner", "main", "search", "status"} <= landmarks, landmarks
    place.page.press_in_upload(path, "cancel")


@check
def what_is_said(place):
    """A screen reader says what happens, once, and not every step of the bar."""
    place.browser.run("""
      window.said = []
      const announcer = document.getElementById("announcer")
      new MutationObserver(() => {
        if (announcer.textContent) window.said.push(announcer.textContent)
      }).observe(announcer, { childList: true, characterData: true, subtree: true })""")
    path = files.text(place.folder, "heard.txt", 3_000)
    refused = files.text(place.folder, "refused.html", 3_000)
    place.page.choose(path, refused)
    place.page.wait_until_uploaded(path)
    said = wait_for("it is said", lambda: [text for text in place.browser.run(
        "return window.said") if "heard.txt is uploaded." in text])
    assert any("refused.html failed. Its type, text/html" in text for text in said), said
    assert len(place.browser.run("return window.said")) <= 4
