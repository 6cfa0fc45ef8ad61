// Sorting and filtering of the scoreboard. The controls are on the page from the start, so that
// nothing moves when they wake up; where no script runs, the style sheet hides them and the table
// is complete, in its default order.
"use strict";

(() => {
  const board = document.querySelector(".scoreboard");
  const table = board?.querySelector("table.claims");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const originalOrder = new Map(rows.map((row, index) => [row, index]));

  // --- filters -----------------------------------------------------------------------------
  const form = board.querySelector("form.filters");
  const selects = Array.from(form.querySelectorAll("select"));
  const words = form.elements.words;
  const status = board.querySelector("p.count");
  form.addEventListener("submit", (event) => event.preventDefault());

  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const applyFilters = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row) => {
      const fits =
        selects.every((select) => !select.value || row.dataset[select.name] === select.value) &&
        wanted.every((word) => texts.get(row).includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    status.textContent = `${shown} of ${rows.length} printed results shown`;
  };
  form.addEventListener("input", applyFilters);
  form.addEventListener("reset", () => requestAnimationFrame(applyFilters));
  applyFilters();

  // --- sorting -----------------------------------------------------------------------------
  const headers = Array.from(table.tHead.rows[0].cells);
  const sortKey = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.sort !== undefined) return Number(cell.dataset.sort);
    const text = cell.textContent.trim();
    const number = Number.parseFloat(text.replace("−", "-").replace(/^[<>≤≥=\s]+/, ""));
    return Number.isNaN(number) ? text.toLowerCase() : number;
  };
  const compare = (a, b) => {
    // Numbers before words, so that a column that mixes both still has one order.
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return typeof a === "number" ? a - b : a.localeCompare(b, "en");
  };
  const sortBy = (column) => {
    const ascending = headers[column].getAttribute("aria-sort") !== "ascending";
    headers.forEach((header) => header.removeAttribute("aria-sort"));
    headers[column].setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const keys = new Map(rows.map((row) => [row, sortKey(row, column)]));
    const ordered = [...rows].sort((a, b) => {
      const order = compare(keys.get(a), keys.get(b));
      return (ascending ? order : -order) || originalOrder.get(a) - originalOrder.get(b);
    });
    body.append(...ordered);
  };
  headers.forEach((header, column) => {
    header.querySelector("button").addEventListener("click", () => sortBy(column));
  });
})();
