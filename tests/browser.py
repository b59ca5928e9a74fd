"""browser.py: drives a headless Chromium over two pipes (--remote-debugging-pipe): messages in JSON, a NUL behind each.

What the page says on its console is in `said`, every address that it asks for in `asked`. Standard library only.
"""
import base64
import json
import os
import select
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAMS = ["chromium", "chromium-browser", "google-chrome"]
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


def start():
    """A browser, or None where there is none that can be driven."""
    for program in PROGRAMS:
        try:
            return Browser(program)
        except (EOFError, TimeoutError, OSError):
            continue
    return None
