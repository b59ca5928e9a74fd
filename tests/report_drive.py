"""report_drive.py check|shots PAGE [DIR]: what a person does with the report page, done in a headless Chromium.

check: types into the filter, sorts by mouse and by keyboard, follows a link, switches light and dark, copies; then says
what went wrong, one line each, and exits 1. Any message on the console and any request but for the page itself is wrong.
shots: pictures of the page in DIR, 1280 and 400 px wide, light and dark.
"""
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import browser as chromium

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
               browser.comes(f"document.querySelector('#q').value == {json.dumps(flag)}")
               and 0 < browser.ask(VISIBLE + ".length") < total)

    colour = "getComputedStyle(document.body).backgroundColor"
    before = browser.ask(colour)
    browser.click("#theme")
    after = browser.ask(colour)
    expect("the address does not keep dark", "theme=dark" in browser.ask("location.hash"))
    browser.click("#theme")
    expect("the button does not darken the page", before != after and browser.ask(colour) == before)
    browser.size(1280, 900, True)
    browser.open(page)
    expect("the page is not dark where the system is", browser.ask(colour) == after)
    browser.size(400, 800, False)
    expect("the page is wider than a phone", browser.ask("document.documentElement.scrollWidth") <= 400)

    browser.ask("document.querySelector('.csv').open = true")
    browser.ask("addEventListener('copy', () => window.copied = getSelection().toString())")
    browser.click(".copy")
    expect("the button does not copy the CSV", browser.ask("window.copied ?? ''").startswith("schema,run,"))
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
    url = Path(page).resolve().as_uri()
    browser = chromium.start()
    if not browser:
        print("no Chromium that can be driven; install it: apt-get install chromium")
        return 77
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
