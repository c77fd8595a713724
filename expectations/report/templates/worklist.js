// Filter, sort and page the worklist. Without scripts its first page stands in the table.
(() => {
  const byId = (name) => document.getElementById("worklist-" + name);
  const data = JSON.parse(byId("data").textContent);
  const names = Object.keys(data);
  const value = (name, row) => data[name][0][data[name][1][row]];
  const all = data[names[0]][1].map((_, row) => row);
  const selects = [...byId("filters").querySelectorAll("select[data-column]")];
  const search = byId("search");
  const size = byId("size");
  const body = byId("table").tBodies[0];
  const headers = [...byId("table").tHead.rows[0].cells];
  let sorted = { name: null, ascending: true };
  let found = all;
  let page = 0;

  const compare = (a, b) => (typeof a === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0);

  // Each distinct value is compared once, however many issues have it.
  function ranks(name) {
    const words = data[name][0];
    const order = words.map((_, place) => place).sort((a, b) => compare(words[a], words[b]));
    const rank = [];
    order.forEach((place, position) => { rank[place] = position; });
    return data[name][1].map((place) => rank[place]);
  }

  function select() {
    const wanted = selects.filter((s) => s.value).map((s) => [s.dataset.column, s.value]);
    const text = search.value.trim().toLowerCase();
    found = all.filter((row) =>
      wanted.every(([name, choice]) => value(name, row) === choice) &&
      (!text || names.some((name) => String(value(name, row)).toLowerCase().includes(text))));
    if (sorted.name) {
      const rank = ranks(sorted.name);
      const sign = sorted.ascending ? 1 : -1;
      found.sort((a, b) => sign * (rank[a] - rank[b]) || a - b);
    }
    page = 0;
    show();
  }

  function show() {
    const step = Number(size.value);
    const pages = Math.max(1, Math.ceil(found.length / step));
    const first = page * step;
    const rows = found.slice(first, first + step);
    body.replaceChildren(...rows.map((row) => {
      const line = document.createElement("tr");
      names.forEach((name, place) => {
        const cell = line.insertCell();
        cell.textContent = value(name, row);
        if (place === 0) cell.className = "num";
      });
      return line;
    }));
    const from = rows.length ? first + 1 : 0;
    byId("found").textContent =
      `${found.length} of ${all.length} issues found, ${from} to ${first + rows.length} shown`;
    byId("page").textContent = `Page ${page + 1} of ${pages}`;
    byId("previous").disabled = page === 0;
    byId("next").disabled = page === pages - 1;
  }

  headers.forEach((header, place) => {
    const button = document.createElement("button");
    const mark = document.createElement("span");
    button.type = "button";
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = " ↕";
    button.append(header.textContent, mark);
    button.addEventListener("click", () => {
      const again = sorted.name === names[place] && sorted.ascending;
      sorted = { name: names[place], ascending: !again };
      headers.forEach((other) => {
        other.removeAttribute("aria-sort");
        other.querySelector("span").textContent = " ↕";
      });
      header.setAttribute("aria-sort", sorted.ascending ? "ascending" : "descending");
      mark.textContent = sorted.ascending ? " ↑" : " ↓";
      select();
    });
    header.replaceChildren(button);
  });
  selects.forEach((choice) => choice.addEventListener("change", select));
  search.addEventListener("input", select);
  size.addEventListener("change", () => { page = 0; show(); });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => setTimeout(select));
  byId("previous").addEventListener("click", () => { page -= 1; show(); });
  byId("next").addEventListener("click", () => { page += 1; show(); });
  byId("filters").hidden = false;
  byId("pager").hidden = false;
  show();
})();
