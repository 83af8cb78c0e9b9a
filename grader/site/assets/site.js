"use strict";
(() => {
  const root = document.documentElement;
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  if (stored()) root.dataset.theme = stored();
  const flip = () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* a page from disk may have no storage */ }
  };
  document.getElementById("theme").addEventListener("click", flip);
  const typing = (event) => /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey;
  const element = (name, text) => { const made = document.createElement(name); if (text !== undefined) made.textContent = text; return made; };

  function sample() {
    const faults = [...document.querySelectorAll(".fault")];
    const panes = { answer: document.querySelector("#answer ol"), ideal: document.querySelector("#ideal ol") };
    let open = -1;
    function show(at, toggle) {
      document.querySelectorAll("li.on").forEach((line) => line.classList.remove("on"));
      faults.forEach((fault) => { fault.classList.remove("open"); fault.querySelector("button").setAttribute("aria-expanded", "false"); });
      if (toggle && at === open) { open = -1; return; }
      open = at;
      const fault = faults[at];
      fault.classList.add("open");
      fault.querySelector("button").setAttribute("aria-expanded", "true");
      fault.scrollIntoView({ block: "nearest" });
      for (const side of ["answer", "ideal"]) {
        if (!panes[side]) continue;
        let first = null;
        for (const [from, to] of JSON.parse(fault.dataset[side])) {
          for (let line = from; line <= Math.min(to, from + 400); line += 1) {
            const row = panes[side].children[line - 1];
            if (!row) break;
            row.classList.add("on");
            first = first || row;
          }
        }
        if (first) first.scrollIntoView({ block: "center" });
      }
      if (history.replaceState) try { history.replaceState(null, "", `#${fault.id}`); } catch { /* a page from disk */ }
    }
    faults.forEach((fault, at) => fault.querySelector("button").addEventListener("click", () => show(at, true)));
    document.querySelectorAll(".pane li a").forEach((mark) => mark.addEventListener("click", (event) => {
      event.preventDefault();
      const at = faults.findIndex((fault) => `#${fault.id}` === mark.getAttribute("href"));
      if (at >= 0) { show(at, false); faults[at].querySelector("button").focus(); }
    }));
    document.addEventListener("keydown", (event) => {
      if (typing(event)) return;
      if (event.key === "t") flip();
      if (event.key === "j" && open + 1 < faults.length) show(open + 1, false);
      if (event.key === "k" && open > 0) show(open - 1, false);
      const link = document.querySelector({ n: "a[rel=next]", p: "a[rel=prev]" }[event.key] || "none");
      if (link) link.click();
    });
    const asked = faults.findIndex((fault) => `#${fault.id}` === location.hash);
    if (asked >= 0) show(asked, false);
  }

  function run(data) {
    const step = 200;
    const field = (id) => document.getElementById(id);
    const body = document.querySelector("#samples tbody");
    const models = [...new Set(data.rows.map((row) => row[7]))].sort();
    const fill = (id, names) => names.forEach((name, at) => { const option = element("option", name); option.value = String(at); field(id).append(option); });
    fill("dialect", data.dialects); fill("verdict", data.verdicts); fill("kind", data.kinds); fill("severity", data.severities); fill("model", models);
    if (models.length < 2) field("model").parentElement.hidden = true;
    const text = data.rows.map((row) => [row[0], data.dialects[row[2]], data.verdicts[row[3]], row[7], ...row[6].map((kind) => data.kinds[kind])].join(" ").toLowerCase());
    let sort = 4, down = false, first = 0, rows = [];
    const total = (row) => row[5].reduce((sum, count) => sum + count, 0);
    const key = (row) => sort === 5 ? total(row) : sort === 2 ? data.dialects[row[2]] : sort === 3 ? data.verdicts[row[3]] : sort === 4 ? (row[4] === null ? -1 : row[4]) : row[0];
    function choose() {
      const picked = (id) => field(id).value === "" ? null : Number(field(id).value);
      const [dialect, verdict, kind, severity, model] = ["dialect", "verdict", "kind", "severity", "model"].map(picked);
      const words = field("search").value.toLowerCase().split(/\s+/).filter(Boolean);
      const low = Number(field("low").value || 0), high = Number(field("high").value || 100);
      rows = data.rows.filter((row, at) => (dialect === null || row[2] === dialect) && (verdict === null || row[3] === verdict) && (kind === null || row[6].includes(kind))
        && (severity === null || row[5][severity] > 0) && (model === null || row[7] === models[model]) && (row[4] === null ? low <= 0 : row[4] >= low && row[4] <= high)
        && words.every((word) => text[at].includes(word)));
      const sign = down ? -1 : 1;
      rows.sort((a, b) => { const x = key(a), y = key(b); return sign * (x < y ? -1 : x > y ? 1 : 0) || (a[0] < b[0] ? -1 : 1); });
      first = 0;
      draw();
    }
    function draw() {
      const page = document.createDocumentFragment();
      for (const row of rows.slice(first, first + step)) {
        const line = element("tr");
        const link = element("a", row[0]);
        link.href = `samples/${encodeURIComponent(row[1])}`;
        const name = element("td"); name.append(link);
        const count = element("td"); count.className = "num";
        row[5].forEach((number, at) => { if (number) { const tag = element("span", `${number} ${data.severities[at]} `); tag.className = `tag ${data.severities[at]}`; count.append(tag); } });
        const score = element("td", row[4] === null ? "none" : String(row[4])); score.className = "num";
        const kinds = element("td", row[6].map((kind) => data.kinds[kind]).join(", ")); kinds.className = "kinds";
        line.append(name, element("td", data.dialects[row[2]]), element("td", data.verdicts[row[3]]), score, count, kinds);
        page.append(line);
      }
      body.replaceChildren(page);
      field("shown").textContent = `${rows.length} of ${data.rows.length} samples`;
      field("range").textContent = rows.length ? `${first + 1} to ${Math.min(first + step, rows.length)} of ${rows.length}` : "none";
      field("back").disabled = first === 0;
      field("next").disabled = first + step >= rows.length;
    }
    document.querySelectorAll("[data-sort]").forEach((head) => head.addEventListener("click", () => {
      const column = Number(head.dataset.sort);
      down = column === sort ? !down : column === 5;
      sort = column;
      document.querySelectorAll("th").forEach((one) => one.removeAttribute("aria-sort"));
      head.parentElement.setAttribute("aria-sort", down ? "descending" : "ascending");
      choose();
    }));
    document.querySelector("form").addEventListener("input", choose);
    document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    field("back").addEventListener("click", () => { first -= step; draw(); });
    field("next").addEventListener("click", () => { first += step; draw(); });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && event.target === field("search")) { field("search").value = ""; field("search").blur(); choose(); }
      if (typing(event)) return;
      const links = [...body.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (event.key === "/") { event.preventDefault(); field("search").focus(); }
      if (event.key === "t") flip();
      if (event.key === "j" && links[at + 1]) links[at + 1].focus();
      if (event.key === "k" && at > 0) links[at - 1].focus();
    });
    choose();
  }

  if (document.body.classList.contains("run")) run(window.RUN); else sample();
})();
