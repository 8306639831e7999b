// Comfort only: without it nothing is hidden and everything can be reached.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // A link into a folded part unfolds it.
  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1));
    let folded = false;
    for (let at = target; at; at = at.parentElement)
      if (at.tagName === "DETAILS" && !at.open) folded = at.open = true;
    if (folded) target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href^='#']")) setTimeout(unfold);
  });
  unfold();

  // What is open is printed whole.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not(.report):not([open])").filter(
      (each) => !each.parentElement.closest("details.report:not([open])"),
    );
    for (const each of opened) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
  });

  // The index is sorted by a column whose heading is pressed, and the other way round when it is
  // pressed again; what has nothing in that column stands last.
  const index = document.querySelector("table.index");
  const keyOf = (row, at) => {
    const cell = row.cells[at];
    const text = cell ? (cell.dataset.sort ?? cell.textContent.trim()) : "";
    return cell && cell.colSpan > 1 ? "" : text;
  };
  const compare = (one, other) =>
    Number(one) - Number(other) || one.localeCompare(other, document.documentElement.lang);
  for (const head of index ? all("thead th", index) : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const turned = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const each of all("thead th[aria-sort]", index)) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", turned > 0 ? "ascending" : "descending");
      const rows = [...index.tBodies[0].rows].map((row) => [keyOf(row, head.cellIndex), row]);
      rows.sort(([one], [other]) =>
        one === "" || other === "" ? (one === "") - (other === "") : turned * compare(one, other),
      );
      index.tBodies[0].append(...rows.map(([, row]) => row));
    });
  }

  const filters = document.querySelector("form.filters");
  if (!filters) return;
  filters.hidden = false;
  const told = filters.querySelector("output");
  const reports = all("details.report").map((part) => ({
    part,
    rows: all(`tr[data-of="${part.id}"]`),
    words: part.querySelector("summary").textContent.toLowerCase(),
    rules: part.dataset.rules.split(" "),
  }));
  const filter = () => {
    const { text, verdict, rule } = filters.elements;
    const words = text.value.trim().toLowerCase();
    let shown = 0;
    for (const { part, rows, words: own, rules } of reports) {
      const fits =
        own.includes(words) &&
        (!verdict.value || part.dataset.verdict === verdict.value) &&
        (!rule || !rule.value || rules.includes(rule.value));
      for (const each of [part, ...rows]) each.hidden = !fits;
      shown += fits;
    }
    told.textContent = told.dataset.words.replace("#", shown);
  };
  filters.addEventListener("input", filter);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filter();
})();
