// Sorts and filters the table of all rows, keeps both in the address behind #, switches light and dark, copies the CSV.
"use strict";
const $ = (s) => [...document.querySelectorAll(s)], [box] = $("#q"), [count] = $("#count"), [body] = $("#all tbody");
const root = document.documentElement, [theme] = $("#theme"), heads = $("#all th button"), rows = [...body.rows];
const texts = rows.map((r) => [r, ...r.cells].map((c) => c.title || "").concat([...r.cells].map((c) => c.textContent)).join(" ").toLowerCase());
let sort = "", look = "";

function show() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean), down = sort[0] == "-";
  const at = heads.findIndex((h) => h.dataset.k == sort.replace("-", "")), number = at >= 0 && heads[at].parentNode.className == "n";
  const key = (r) => { const c = r.cells[at], t = c.dataset.v ?? c.textContent.trim(); return t && number ? +t : t; };
  const order = at < 0 ? rows : rows.map((r) => [key(r), r]).sort(([a], [b]) =>
    a === "" || b === "" ? (a === "") - (b === "") : (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1)).map(([, r]) => r);
  let seen = 0;
  rows.forEach((r, i) => { seen += !(r.hidden = !words.every((w) => texts[i].includes(w))); });
  body.append(...order);
  heads.forEach((h, i) => h.parentNode.setAttribute("aria-sort", i != at ? "none" : down ? "descending" : "ascending"));
  count.textContent = (seen < rows.length ? seen + " of " : "") + rows.length + " rows";
  if (look) root.dataset.theme = look; else delete root.dataset.theme;
  theme.textContent = dark() ? "Light" : "Dark";
}
const dark = () => look ? look == "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
function write() {
  show();
  const h = new URLSearchParams(Object.entries({ q: box.value, sort, theme: look }).filter(([, v]) => v));
  history.replaceState(null, "", "#" + h);
}
function read(event) {
  const h = new URLSearchParams(location.hash.slice(1));
  if (location.hash.includes("=")) [box.value, sort, look] = ["q", "sort", "theme"].map((k) => h.get(k) || "");
  show();
  if (event && (h.get("q") || h.get("sort"))) $("#rows")[0].scrollIntoView();
}
heads.forEach((h) => h.onclick = () => {
  const k = h.dataset.k;
  sort = sort == k ? "-" + k : sort == "-" + k ? "" : k;
  write();
});
box.oninput = write;
theme.onclick = () => { look = dark() ? "light" : "dark"; write(); };
$(".copy").forEach((b) => b.onclick = () => {
  getSelection().selectAllChildren(b.nextElementSibling);
  b.textContent = document.execCommand("copy") ? "Copied" : "Selected: press Ctrl+C";
});
$("[hidden]").forEach((e) => e.hidden = false);
onhashchange = read;
read();
