"""report_static.py PAGE [TEXT...]: what the report page is made of, without a browser.

Only elements and attributes that the page needs, one script, its hash in the policy, nothing that would be fetched, each
figure XML, and every TEXT there as text. Says what is wrong, one line each, and exits 1. Standard library only.
"""
import base64
import hashlib
import re
import sys
import xml.etree.ElementTree
from html.parser import HTMLParser

ELEMENTS = set("""html head meta title style script body header div span nav a button h1 h2 h3 em main section p dl dt dd ul li
    strong code b i details summary table thead tbody tr th td abbr figure figcaption label input pre footer
    svg desc defs g path rect circle use polygon polyline line text tspan filter feflood fecomposite""".split())
# What could load or run something, in any element.
FORBIDDEN = {"src", "srcset", "action", "formaction", "data", "poster", "background", "ping", "srcdoc", "xlink:href"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.wrong, self.text, self.open, self.policy = [], [], "", ""
        self.inside = {"script": [], "style": []}

    def handle_starttag(self, tag, attributes):
        self.open = tag
        if tag not in ELEMENTS:
            self.wrong.append(f"the element <{tag}>")
        for name, value in attributes:
            value = value or ""
            if name.startswith("on") or name in FORBIDDEN:
                self.wrong.append(f"<{tag} {name}>")
            if name == "href" and not value.startswith("#"):
                self.wrong.append(f"a link to {value}")
            if re.search(r"url\(\s*[^#\s]", value) and name not in ("title", "content", "aria-label"):  # texts
                self.wrong.append(f"<{tag} {name}={value}>")
            if name == "content" and "default-src" in value:
                self.policy = value

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        self.open = ""

    def handle_data(self, data):
        self.inside.get(self.open, self.text).append(data)


def main():
    source = open(sys.argv[1], encoding="utf-8", newline="").read()
    page = Page()
    page.feed(source)
    page.close()
    wrong = page.wrong
    hidden = re.findall("[^\n\t -~\u00a0-\U0010ffff]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", source)
    if hidden:
        wrong.append(f"characters that are not seen: {hidden[:5]}")
    scripts = re.findall("<script[^>]*>(.*?)</script>", source, re.S)
    if len(scripts) != 1:
        wrong.append(f"{len(scripts)} scripts")
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    if f"script-src 'sha256-{digest}';" not in page.policy or "default-src 'none';" not in page.policy:
        wrong.append(f"the policy is {page.policy!r}, the script's hash {digest}")
    if re.search(r"@import|url\(\s*[^#\s]|expression\(", "".join(page.inside["style"])):
        wrong.append("the style asks for a file")
    figures = re.findall("<svg.*?</svg>", source, re.S)
    for figure in figures:
        try:
            root = xml.etree.ElementTree.fromstring(figure)
        except xml.etree.ElementTree.ParseError as error:
            wrong.append(f"a figure is no XML: {error}")
            continue
        if root.get("role") != "img" or not root[0].text or len(root[1].text or "") < 40:
            wrong.append("a figure says nothing to those who cannot see it")
    if not figures:
        wrong.append("no figures")
    ids = re.findall(r'<[^<>]* id="([^"]*)"', source)
    wrong += [f"the id {i} is there twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    wrong += [f"a link to {i}, which is not there" for i in set(re.findall(r'href="#([^"=]+)"', source)) if i not in ids]
    text = "".join(page.text)
    wrong += [f"the text {t!r} is not shown as text" for t in sys.argv[2:] if t not in text]
    print("\n".join(wrong) if wrong else "all as it should be")
    return bool(wrong)


sys.exit(main())
