"""The page, as somebody sees and uses it.

What is shown is read with plain spaces in place of those that keep a number with its unit.
"""

from selenium.webdriver.common.by import By

from browser import wait_for

# Every value that a bar of progress had, by the name of its file.
RECORDER = """
  window.seen ??= {};
  const note = (bar) => {
    const row = bar.closest(".upload");
    if (!row) return;
    const name = row.querySelector(".name").textContent;
    const values = window.seen[name] ??= [];
    const value = Number(bar.getAttribute("value"));
    if (values.at(-1)?.value !== value) {
      values.push({ value, state: row.dataset.state, text: row.querySelector(".state").textContent.replaceAll("\\u00a0", " ") });
    }
  };
  new MutationObserver((changes) => {
    for (const { target, type, addedNodes } of changes) {
      if (type === "attributes") note(target);
      for (const node of addedNodes) node.querySelectorAll?.("progress").forEach(note);
    }
  }).observe(document.getElementById("upload-list"),
             { subtree: true, childList: true, attributeFilter: ["value"] });
"""


class Page:
    """The page of one owner."""

    def __init__(self, browser, address, owner):
        self.browser = browser
        self.address = address
        self.owner = owner

    def open(self):
        """Loads the page with nothing kept but the owner."""
        driver = self.browser.driver
        driver.get(self.address)
        self.browser.run("localStorage.clear(); localStorage.setItem('files.owner', arguments[0])",
                         self.owner)
        driver.get(self.address)
        self.wait_until_ready()

    def reload(self):
        self.browser.driver.refresh()
        self.wait_until_ready()

    def wait_until_ready(self):
        wait_for("the page is ready", lambda: self.browser.run(
            "return document.readyState === 'complete'"
            " && document.getElementById('limits').textContent !== ''"
            " && document.getElementById('document-list').getAttribute('aria-busy') === 'false'"))
        self.browser.run(RECORDER)

    def element(self, selector):
        return self.browser.driver.find_element(By.CSS_SELECTOR, selector)

    def elements(self, selector):
        return self.browser.driver.find_elements(By.CSS_SELECTOR, selector)

    # --- uploads

    def choose(self, *paths):
        """Chooses files as the picker does."""
        self.element("#picker").send_keys("\n".join(str(path) for path in paths))

    def drop(self, *paths):
        """Drags files over the page and lets go."""
        spot = self.element("#drop").rect
        x, y = spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.browser.command("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    def uploads(self):
        """The rows of the list of uploads: name, state, text, share that is sent, buttons."""
        return self.browser.run("""
          return [...document.querySelectorAll("#upload-list > .upload")].map((row) => ({
            name: row.querySelector(".name").textContent,
            state: row.dataset.state,
            text: row.querySelector(".state").textContent.replaceAll("\\u00a0", " "),
            share: row.querySelector("progress").value,
            buttons: [...row.querySelectorAll("[data-do]:not([hidden])")].map((b) => b.dataset.do),
          }))""")

    def upload(self, path):
        """The row of a file; `None` if there is none."""
        return next((row for row in self.uploads() if row["name"] == path.name), None)

    def wait_for_state(self, path, *states, seconds=30):
        def row():
            found = self.upload(path)
            return found if found and found["state"] in states else None
        try:
            return wait_for(f"{path.name} is {' or '.join(states)}", row, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.uploads()}") from None

    def wait_for_share(self, path, share, seconds=60):
        """Waits until so much of a file is sent."""
        return wait_for(f"{share:.0%} of {path.name} are sent", lambda: any(
            row["name"] == path.name and row["share"] >= share for row in self.uploads()), seconds)

    def wait_until_uploaded(self, path, seconds=60):
        """Waits until a file is in the list of documents; its row."""
        def row():
            failed = next((row for row in self.uploads()
                           if row["name"] == path.name and row["state"] == "failed"), None)
            assert not failed, f"{path.name} failed: {failed['text']}"
            return next((row for row in self.documents() if row["name"] == path.name), None)
        return wait_for(f"{path.name} is listed", row, seconds)

    def press_in_upload(self, path, action):
        """Presses a button in the row of a file."""
        control = self.browser.run("""
          const row = [...document.querySelectorAll("#upload-list > .upload")]
            .find((row) => row.querySelector(".name").textContent === arguments[0])
          return row?.querySelector(`[data-do=${arguments[1]}]`)""", path.name, action)
        assert control, f"{path.name} is not in the list of uploads"
        control.click()

    def progress(self, path):
        """Every value that the bar of a file has had, with the state's text."""
        return self.browser.run("return window.seen[arguments[0]] ?? []", path.name)

    def kept(self):
        """What the page keeps of uploads over a reload, by file name."""
        kept = self.browser.run("return JSON.parse(localStorage.getItem('files.uploads') ?? '[]')")
        return {upload["name"]: upload for upload in kept}

    # --- documents

    def documents(self):
        """The rows of the list: id, name, text, whether a thumbnail is shown."""
        return self.browser.run("""
          return [...document.querySelectorAll("#document-list > .document")].map((row) => ({
            id: row.dataset.id,
            name: row.querySelector(".name").textContent,
            text: row.querySelector(".state").textContent.replaceAll("\\u00a0", " "),
            hasThumbnail: (row.querySelector(".badge img")?.naturalWidth ?? 0) > 0,
          }))""")

    def names(self):
        return [row["name"] for row in self.documents()]

    def wait_for_names(self, what, condition, seconds=20):
        try:
            return wait_for(what, lambda: condition(self.names()), seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.names()}") from None

    def press_in_document(self, document_id, action):
        self.element(f'[data-id="{document_id}"] [data-do={action}]').click()

    def search(self, text):
        field = self.element("#search")
        field.clear()
        field.send_keys(text)

    def toasts(self):
        return [element.text for element in self.elements("#toasts .toast p")]
