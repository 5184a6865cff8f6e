// What pages do beyond being read: all of it works, if less comfortably, without this file.
"use strict";

// Diagrams: zoom, pan, find, and a table with its neighbours. -----------------------------------------------------------

// Where the server has no Graphviz, its WebAssembly build lays the tables out here: it is told sizes, and says places.
const arrange = async (root, svg) => {
  const { Graphviz } = await import(root.dataset.graphviz);
  const plain = (await Graphviz.load()).layout(root.dataset.sketch, "plain", "dot");
  const inch = 72, gap = 56, margin = 16;
  const names = JSON.parse(root.dataset.tables);
  const tables = new Map([...svg.querySelectorAll("[data-table]")].map((one) => {
    const box = one.querySelector(".box"), head = one.querySelector(".head"), at = one.transform.baseVal.consolidate().matrix;
    return [one.dataset.table, { one, x: at.e, y: at.f, w: box.width.baseVal.value, h: box.height.baseVal.value, head: head.height.baseVal.value, put: false }];
  }));
  let top = 0, bottom = 0;
  for (const line of plain.split("\n")) {
    const [kind, name, ...parts] = line.split(" ");
    const [x, y, w, h] = parts.map(Number);
    if (kind === "graph") top = y;
    if (kind !== "node") continue;
    const table = tables.get(names[Number(name.slice(1))]);
    Object.assign(table, { x: (x - w / 2) * inch, y: (top - y - h / 2) * inch, put: true });
    bottom = Math.max(bottom, table.y + table.h);
  }
  const alone = [...tables.values()].filter((one) => !one.put);
  const shift = bottom + gap - Math.min(...alone.map((one) => one.y));
  for (const one of alone) one.y += shift;
  for (const { one, x, y } of tables.values()) one.setAttribute("transform", `translate(${x} ${y})`);
  const paths = svg.querySelectorAll("path.link");
  JSON.parse(root.dataset.links).forEach(([from, to, row, many], number) => {
    const a = tables.get(from), b = tables.get(to), y1 = a.y + row, y2 = b.y + b.head / 2;
    const loop = a === b || Math.abs(a.x - b.x) < Math.min(a.w, b.w) / 2;
    const out = !loop && b.x < a.x ? -1 : 1, into = loop ? 1 : -out;
    const x1 = out < 0 ? a.x : a.x + a.w, x2 = into > 0 ? b.x + b.w : b.x;
    const bend = loop ? Math.max(x1, x2) + 34 : (x1 + x2) / 2, foot = x1 + out * 10, bar = x2 + into * 7;
    const toes = many ? `M${foot} ${y1}L${x1} ${y1 - 6}M${foot} ${y1}L${x1} ${y1 + 6}` : "";
    paths[number].setAttribute("d", `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}${toes}M${bar} ${y2 - 6}L${bar} ${y2 + 6}`);
  });
  const boxes = [...tables.values()];
  const width = Math.max(...boxes.map((one) => one.x + one.w)) + 2 * margin + 34, height = Math.max(...boxes.map((one) => one.y + one.h)) + 2 * margin;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const paper = svg.querySelector(".paper");
  paper.setAttribute("width", width);
  paper.setAttribute("height", height);
};

const diagram = async (root) => {
  const canvas = root.querySelector("[data-canvas]");
  const svg = canvas.querySelector("svg");
  if (!svg) return;
  if (root.dataset.sketch) {
    canvas.setAttribute("aria-busy", "true");
    try { await arrange(root, svg); root.dataset.arranged = ""; } catch (error) { console.info("the server's own layout stays:", error); }
    canvas.removeAttribute("aria-busy");
  }
  const whole = svg.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, w: whole.width, h: whole.height };
  let view = { ...full };
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  const tables = new Map([...svg.querySelectorAll("[data-table]")].map((one) => [one.dataset.table, one]));
  const links = JSON.parse(root.dataset.links || "[]");
  const hub = () => {
    const ends = links.flatMap(([from, to]) => [from, to]);
    const most = [...tables.keys()].reduce((best, one) => {
      const count = ends.filter((end) => end === one).length;
      return count > best.count ? { one, count } : best;
    }, { one: tables.keys().next().value, count: 0 });
    const table = tables.get(most.one), at = table.transform.baseVal.consolidate().matrix, box = table.querySelector(".box");
    return { x: at.e + box.width.baseVal.value / 2, y: at.f + box.height.baseVal.value / 2 };
  };
  const show = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
  const scale = () => Math.max(view.w / canvas.clientWidth, view.h / canvas.clientHeight);
  const zoom = (factor, cx = 0.5, cy = 0.5) => {
    const w = Math.min(Math.max(view.w * factor, 120), full.w * 3);
    const h = (view.h * w) / view.w;
    view = { x: view.x + (view.w - w) * cx, y: view.y + (view.h - h) * cy, w, h };
    show();
  };
  const fit = () => {
    // Never so small that nobody can read it: then the table with the most links is shown at a readable size.
    view = { ...full };
    const most = 1.25;
    if (scale() > most) {
      const w = canvas.clientWidth * most, h = canvas.clientHeight * most, { x, y } = hub();
      const within = (middle, size, from, whole) => (whole <= size ? from - (size - whole) / 2 : Math.min(Math.max(middle - size / 2, from), from + whole - size));
      view = { x: within(x, w, full.x, full.w), y: within(y, h, full.y, full.h), w, h };
    }
    show();
  };
  const all = () => { view = { ...full }; show(); };
  root.querySelector("[data-zoom=in]")?.addEventListener("click", () => zoom(0.8));
  root.querySelector("[data-zoom=out]")?.addEventListener("click", () => zoom(1.25));
  root.querySelector("[data-zoom=fit]")?.addEventListener("click", () => { focus(null); all(); });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.12 : 0.89, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }, { passive: false });
  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => { fingers.set(event.pointerId, event); moved = 0; });
  canvas.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const per = scale();
    if (fingers.size === 2) {
      const other = [...fingers.values()].find((one) => one.pointerId !== event.pointerId);
      const gap = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      zoom(gap(last) / Math.max(gap(event), 1));
    } else {
      moved += Math.abs(event.clientX - last.clientX) + Math.abs(event.clientY - last.clientY);
      if (moved > 4) canvas.setPointerCapture(event.pointerId);
      view.x -= (event.clientX - last.clientX) * per;
      view.y -= (event.clientY - last.clientY) * per;
      show();
    }
    fingers.set(event.pointerId, event);
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) canvas.addEventListener(name, (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("click", (event) => { if (moved > 4) event.preventDefault(); }, true);
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) { view.x += step[0] * view.w * 0.1; view.y += step[1] * view.h * 0.1; show(); }
    else if (event.key === "+" || event.key === "=") zoom(0.8);
    else if (event.key === "-") zoom(1.25);
    else if (event.key === "0") { focus(null); all(); }
    else if (event.key === "Escape") focus(null);
    else return;
    event.preventDefault();
  });

  const paths = [...svg.querySelectorAll("path.link")];
  const said = root.querySelector("[data-said]");
  const focus = (name) => {
    const near = new Set(name ? [name] : []);
    links.forEach(([from, to], number) => {
      const mine = name !== null && (from === name || to === name);
      if (mine) { near.add(from); near.add(to); }
      paths[number]?.classList.toggle("here", mine);
      paths[number]?.classList.toggle("faint", name !== null && !mine);
    });
    for (const [key, one] of tables) {
      one.classList.toggle("here", key === name);
      one.classList.toggle("faint", name !== null && !near.has(key));
    }
    if (name === null) { if (said) said.textContent = ""; return; }
    const boxes = [...near].map((key) => tables.get(key)).filter(Boolean).map((one) => {
      const at = one.transform.baseVal.consolidate().matrix, box = one.querySelector(".box");
      return { x: at.e, y: at.f, w: box.width.baseVal.value, h: box.height.baseVal.value };
    });
    const x = Math.min(...boxes.map((b) => b.x)) - 40, y = Math.min(...boxes.map((b) => b.y)) - 40;
    const w = Math.max(...boxes.map((b) => b.x + b.w)) - x + 60, h = Math.max(...boxes.map((b) => b.y + b.h)) - y + 60;
    view = { x, y, w, h };
    show();
    if (said) said.textContent = `${name}: ${near.size - 1} neighbours`;
  };
  for (const [key, one] of tables) one.querySelector(".head")?.addEventListener("click", () => { if (moved <= 4) focus(key); });
  root.querySelector("[data-find]")?.addEventListener("input", (event) => {
    const words = event.target.value.trim().toLowerCase();
    if (!words) { focus(null); fit(); return; }
    const names = [...tables.keys()];
    const found = names.find((one) => one.toLowerCase() === words) ?? names.find((one) => one.toLowerCase().endsWith("." + words)) ?? names.find((one) => one.toLowerCase().includes(words));
    if (found) focus(found);
    else if (said) said.textContent = `No table is called ${words}`;
  });
  fit();
  root.dataset.ready = "";
};
for (const root of document.querySelectorAll("[data-diagram]")) diagram(root);

// Lists that are filtered where they stand. -----------------------------------------------------------------------------
for (const input of document.querySelectorAll("[data-filter]")) {
  const rows = document.querySelectorAll(`#${CSS.escape(input.dataset.filter)} tbody tr`);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(words);
  });
}

// What is to be copied has a button where the browser lets a page do that (https, or this machine). ------------------------
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.firstChild.data = "Copied";
    setTimeout(() => { button.firstChild.data = "Copy"; }, 2000);
  });
}

// Jobs: what they say while they work; when they are over the page is loaded anew. ---------------------------------------
for (const root of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(root.dataset.events);
  const now = root.querySelector("[data-now]"), bar = root.querySelector("[data-bar]"), log = root.querySelector("[data-log]");
  const queued = document.querySelector(".title .state.queued");
  let stage = "";
  source.addEventListener("progress", (event) => {
    if (queued) { queued.className = "state running"; queued.textContent = "Running"; }
    const said = JSON.parse(event.data);
    now.textContent = said.detail ? `${said.stage}: ${said.detail}` : said.stage;
    if (said.total) { bar.max = said.total; bar.value = said.done ?? 0; } else bar.removeAttribute("value");
    if (said.stage !== stage) {
      stage = said.stage;
      const line = document.createElement("li");
      line.textContent = `${new Date(said.at).toLocaleTimeString()}  ${now.textContent}`;
      log.append(line);
    }
  });
  source.addEventListener("end", () => { source.close(); location.reload(); });
}

// The menu closes where one goes elsewhere, and with Escape. -------------------------------------------------------------
const menu = document.querySelector("[data-menu]");
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && menu?.open) { menu.open = false; menu.querySelector("summary").focus(); } });
