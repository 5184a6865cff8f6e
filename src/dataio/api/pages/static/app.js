// What pages do beyond being read: all of it works, if less comfortably, without this file.
"use strict";

// Diagrams: zoom, pan, find, and a table with its neighbours. -----------------------------------------------------------
for (const root of document.querySelectorAll("[data-diagram]")) {
  const canvas = root.querySelector("[data-canvas]");
  const svg = canvas.querySelector("svg");
  if (!svg) continue;
  const whole = svg.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, w: whole.width, h: whole.height };
  let view = { ...full };
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  const show = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
  const scale = () => Math.max(view.w / canvas.clientWidth, view.h / canvas.clientHeight);
  const zoom = (factor, cx = 0.5, cy = 0.5) => {
    const w = Math.min(Math.max(view.w * factor, 120), full.w * 3);
    const h = (view.h * w) / view.w;
    view = { x: view.x + (view.w - w) * cx, y: view.y + (view.h - h) * cy, w, h };
    show();
  };
  const fit = () => {
    // Never so small that nobody can read it: then the upper left corner is shown at a readable size.
    view = { ...full };
    const most = 1.25;
    if (scale() > most) {
      const w = canvas.clientWidth * most, h = canvas.clientHeight * most;
      view = { x: full.x, y: full.y, w: Math.min(w, Math.max(full.w, w)), h };
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

  const tables = new Map([...svg.querySelectorAll("[data-table]")].map((one) => [one.dataset.table, one]));
  const links = JSON.parse(root.dataset.links || "[]");
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
}

// Lists that are filtered where they stand. -----------------------------------------------------------------------------
for (const input of document.querySelectorAll("[data-filter]")) {
  const rows = document.querySelectorAll(`#${CSS.escape(input.dataset.filter)} tbody tr`);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(words);
  });
}

// Jobs: what they say while they work; when they are over the page is loaded anew. ---------------------------------------
for (const root of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(root.dataset.events);
  const now = root.querySelector("[data-now]"), bar = root.querySelector("[data-bar]"), log = root.querySelector("[data-log]");
  let stage = "";
  source.addEventListener("progress", (event) => {
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
