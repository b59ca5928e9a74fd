"""report_drive.py check|shots PAGE [DIR]: what a person does with the report page, done in a headless Chromium.

check: types into the filter, sorts by mouse and by keyboard, follows a link, switches light and dark, copies; then says
what went wrong, one line each, and exits 1. Any message on the console and any request but for the page itself is wrong.
shots: pictures of the page in DIR, 1280 and 400 px wide, light and dark.
Talks to the browser over two pipes (--remote-debugging-pipe): messages in JSON, a NUL behind each. Standard library only.
"""
import base64
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
         "--disable-background-networking", "--remote-debugging-pipe"]


class Browser:
    def __init__(self, program):
        self.home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_read, self.to = os.pipe()
        self.back, back_write = os.pipe()
        command = f'exec "$0" "$@" 3<&{to_read} 4>&{back_write}'
        self.process = subprocess.Popen(
            ["sh", "-c", command, program, *FLAGS, f"--user-data-dir={self.home.name}"],
            pass_fds=(to_read, back_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(back_write)
        self.rest, self.number, self.session, self.said, self.asked = b"", 0, None, [], []
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(domain + ".enable")

    def close(self):
        os.close(self.to)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def message(self, seconds=60):
        end = time.monotonic() + seconds
        while b"\0" not in self.rest:
            if not select.select([self.back], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            got = os.read(self.back, 1 << 16)
            if not got:
                raise EOFError("the browser has ended")
            self.rest += got
        line, self.rest = self.rest.split(b"\0", 1)
        return json.loads(line)

    def note(self, event):
        method, what = event.get("method"), event.get("params", {})
        self.events.append(method)
        if method == "Runtime.consoleAPICalled":
            self.said.append(str(what["args"]))
        elif method == "Runtime.exceptionThrown":
            self.said.append(what["exceptionDetails"]["text"])
        elif method == "Log.entryAdded":
            self.said.append(what["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.asked.append(what["request"]["url"])

    def call(self, method, **params):
        self.number += 1
        text = {"id": self.number, "method": method, "params": params}
        if self.session:
            text["sessionId"] = self.session
        os.write(self.to, json.dumps(text).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") != self.number:
                self.note(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def open(self, url):
        for step in ["about:blank", url]:  # first away, so that a new # alone loads it anew too
            self.events.clear()
            self.call("Page.navigate", url=step)
            while "Page.loadEventFired" not in self.events:
                self.note(self.message())

    def ask(self, script):
        got = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in got:
            raise RuntimeError(script + ": " + got["exceptionDetails"]["exception"]["description"])
        return got["result"].get("value")

    def comes(self, script, seconds=5):
        end = time.monotonic() + seconds
        while not (true := self.ask(script)) and time.monotonic() < end:
            time.sleep(0.05)
        return true

    def click(self, selector):
        x, y = self.ask(f"""(() => {{ const e = document.querySelector({json.dumps(selector)});
            e.scrollIntoView({{block: "center"}}); const r = e.getBoundingClientRect();
            return [r.x + r.width / 2, r.y + r.height / 2]; }})()""")
        for kind in ["mousePressed", "mouseReleased"]:
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, key, code, text=""):
        for kind in ["keyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                      text=text if kind == "keyDown" else "")

    def size(self, width, height, dark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def picture(self, path, whole=False):
        got = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        Path(path).write_bytes(base64.b64decode(got["data"]))


VISIBLE = "[...document.querySelectorAll('#all tbody tr')].filter((r) => !r.hidden)"


def column(browser, key):
    """The texts of a column, visible rows in their order; numbers where it has some."""
    return browser.ask(f"""(() => {{ const at = [...document.querySelectorAll('#all th button')]
        .findIndex((b) => b.dataset.k == {json.dumps(key)});
        return {VISIBLE}.map((r) => {{ const c = r.cells[at];
            return c.dataset.v ? +c.dataset.v : c.textContent; }}); }})()""")


def is_sorted(values, down):
    full = [v for v in values if v != ""]
    return full == sorted(full, reverse=down) and values[:len(full)] == full


def check(browser, url):
    wrong = []

    def expect(what, true):
        if not true:
            wrong.append(what)

    browser.size(1280, 900, False)
    browser.open(url)
    total = browser.ask(VISIBLE + ".length")
    first = column(browser, "time")
    expect("the table is empty", total > 0)
    expect("the filter box stays hidden", browser.ask("!document.querySelector('#q').hidden"))

    browser.click("#q")
    browser.call("Input.insertText", text="COLD gemm")
    shown = browser.ask(VISIBLE + ".map((r) => r.textContent + r.innerHTML)")
    expect("the filter shows nothing", shown)
    expect("the filter shows all", len(shown) < total)
    expect("the filter shows rows without its words", all("cold" in t and "gemm" in t for t in shown))
    expect("the count is not that of the rows",
           browser.ask("document.querySelector('#count').textContent") == f"{len(shown)} of {total} rows")
    expect("the address does not keep the filter", browser.ask("location.hash") == "#q=COLD+gemm")

    for key in ["time", "lib", "lines", "impl", "error"]:
        button = f"[data-k={key}]"
        for way, down in [("ascending", False), ("descending", True)]:
            browser.click(button)
            expect(f"a click does not sort {key} {way}", is_sorted(column(browser, key), down))
            expect(f"{key} does not say {way}",
                   browser.ask(f"document.querySelector('{button}').parentNode.ariaSort") == way)
        browser.click(button)
    browser.click("#q")
    for _ in range(9):
        browser.key("Backspace", 8)
    expect("the third click does not bring the first order back", column(browser, "time") == first)

    browser.ask("document.querySelector('[data-k=problem]').focus()")
    while browser.ask("document.activeElement.dataset.k ?? ''") not in ("time", ""):
        browser.key("Tab", 9)
    browser.key("Enter", 13, "\r")
    expect("Tab and Enter do not sort", is_sorted(column(browser, "time"), False))

    page = url.split("#")[0]
    browser.open(page + "#q=gemm+tuned&sort=-time")
    expect("the address does not filter and sort", is_sorted(column(browser, "time"), True)
           and browser.ask(VISIBLE + ".length") < total)
    browser.open(page)
    browser.ask("[...document.querySelectorAll('.care details')].forEach((d) => d.open = true)")
    if browser.ask("!!document.querySelector('.care a')"):
        flag = browser.ask("document.querySelector('.care a').textContent")
        browser.click(".care a")
        expect("the link of a flag does not filter",
               browser.comes(f"document.querySelector('#q').value == {json.dumps(flag)}"))

    colour = "getComputedStyle(document.body).backgroundColor"
    before = browser.ask(colour)
    browser.click("#theme")
    after = browser.ask(colour)
    browser.click("#theme")
    expect("the button does not darken the page", before != after and browser.ask(colour) == before)
    browser.size(1280, 900, True)
    browser.open(page)
    expect("the page is not dark where the system is", browser.ask(colour) == after)
    browser.size(400, 800, False)
    expect("the page is wider than a phone", browser.ask("document.documentElement.scrollWidth") <= 400)

    browser.ask("document.querySelector('.csv').open = true")
    browser.click(".copy")
    expect("the button does not copy the CSV",
           browser.ask("getSelection().toString()").startswith("schema,run,"))
    expect("an element of a run's text has come alive", not browser.ask(
        "document.querySelector('img, iframe, object, embed, base, a[href^=javascript]') || window.broken"))
    wrong += [f"the console says: {text}" for text in browser.said]
    wrong += [f"it asks for {u}" for u in browser.asked if u.split("#")[0] not in (page, "about:blank")]
    return wrong


def shots(browser, url, folder):
    for width, height in [(1280, 1000), (400, 860)]:
        for name, dark in [("light", False), ("dark", True)]:
            browser.size(width, height, dark)
            browser.open(url)
            tall = browser.ask("document.documentElement.scrollHeight")
            browser.size(width, tall, dark)
            browser.picture(f"{folder}/page-{width}-{name}.png")
            browser.size(width, height, dark)
            browser.open(url + "#q=gemm+cold+gpu&sort=-lib")
            browser.ask("document.querySelector('#rows').scrollIntoView()")
            browser.picture(f"{folder}/rows-{width}-{name}.png")


def main():
    what, page = sys.argv[1:3]
    for program in BROWSERS:
        try:
            browser = Browser(program)
            break
        except (EOFError, TimeoutError, OSError):
            continue
    else:
        print("no Chromium that can be driven; install it: apt-get install chromium")
        return 77
    url = Path(page).resolve().as_uri()
    try:
        if what == "shots":
            shots(browser, url, sys.argv[3])
            return 0
        wrong = check(browser, url)
        print("\n".join(wrong) if wrong else "all as it should be")
        return bool(wrong)
    finally:
        browser.close()


sys.exit(main())
