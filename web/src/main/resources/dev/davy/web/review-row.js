"use strict";
// A row to decide on: each value, how unusual it is, and what it moved the score by.
(() => {
  const review = (window.davyReview = window.davyReview || {});
  const TEXT_LONG = 60;
  const cell = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const number = (value) => Math.abs(value) >= 1000 || Number.isInteger(value)
    ? value.toLocaleString("en", { maximumFractionDigits: 0 }) : String(+value.toPrecision(3));
  const said = (value) =>
    value === null || value === undefined ? "missing"
    : typeof value === "number" ? number(value)
    : typeof value === "string" ? value
    : value.withheld ? "withheld"
    : value.hash ? "hashed"
    : Array.isArray(value) ? value.length + " numbers"
    : JSON.stringify(value);
  const percent = (share) =>
    share > 0 && share < 0.01 ? "under 1 %" : share > 0.99 && share < 1 ? "over 99 %" : Math.round(100 * share) + " %";

  // In words, where it is worth a word.
  const unusual = (column) => {
    if (column.percentile !== undefined) {
      const among = "usually " + number(column.low) + " to " + number(column.high);
      if (column.percentile >= 0.99) return ["above " + percent(column.percentile) + " of recent, " + among, true];
      if (column.percentile <= 0.01) return ["below " + percent(1 - column.percentile) + " of recent, " + among, true];
      return [among, false];
    }
    if (column.share === undefined) return ["", false];
    const same = column.share === 0 ? "in none of the recent"
      : column.share === 1 ? "as all recent" : "as " + percent(column.share) + " of recent";
    return [column.share < 0.02 ? same + ", mostly " + column.commonest : same, column.share < 0.02];
  };

  const bar = (push, most) => {
    const svgs = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(svgs, "svg");
    drawing.setAttribute("viewBox", "0 0 100 10");
    drawing.setAttribute("preserveAspectRatio", "none");
    drawing.setAttribute("aria-hidden", "true");
    const middle = document.createElementNS(svgs, "line");
    for (const [key, value] of [["x1", 50], ["x2", 50], ["y1", 0], ["y2", 10]]) middle.setAttribute(key, value);
    const length = 48 * Math.abs(push) / most;
    const pushes = document.createElementNS(svgs, "rect");
    for (const [key, value] of [["x", push >= 0 ? 50 : 50 - length], ["y", 2], ["height", 6], ["width", length]])
      pushes.setAttribute(key, value);
    pushes.setAttribute("class", push >= 0 ? "for" : "against");
    drawing.append(pushes, middle);
    return drawing;
  };

  // The values of the input beside pictures and recordings; null where there are none.
  review.row = (input, media) => {
    const names = Object.keys(input).filter((name) => !media.has(name) && !(input[name] && input[name]["content-type"]));
    if (!names.length) return null;
    const room = cell("div", "row-room");
    const table = cell("table", "pushes");
    const notes = cell("p", "small");
    const draw = (explanation) => {
      const told = new Map((explanation ? explanation.columns : []).map((column) => [column.name, column]));
      const push = (name) => told.get(name) && told.get(name).push !== undefined ? told.get(name).push : null;
      const pushes = names.map(push).filter((value) => value !== null);
      const most = Math.max(1e-12, ...pushes.map(Math.abs));
      const sorted = pushes.length ? [...names].sort((a, b) => Math.abs(push(b) || 0) - Math.abs(push(a) || 0)) : names;
      const body = cell("tbody");
      for (const name of sorted) {
        const row = cell("tr");
        const head = cell("th", "", name);
        head.scope = "row";
        const value = said(input[name]);
        const shows = cell("td", value.length > TEXT_LONG ? "value long" : "value", value);
        const [words, rare] = told.has(name) ? unusual(told.get(name)) : ["", false];
        row.append(head, shows, cell("td", rare ? "usual rare" : "usual", words));
        if (pushes.length) {
          const drawn = cell("td", "push");
          // What made no difference at all needs no drawing.
          if (push(name)) {
            drawn.append(bar(push(name), most));
            drawn.append(cell("span", "", (push(name) > 0 ? "+" : "") + String(+push(name).toPrecision(2))));
          }
          row.append(drawn);
        }
        body.append(row);
      }
      table.replaceChildren(body);
      const of = explanation && explanation.of;
      notes.textContent = !explanation || !of ? "" :
        "What moved " + (of.class ? "the score of " + of.class : of.output) + ", " + number(explanation.base)
          + ", from that of recent rows: " + explanation.method.replace("-", " ") + ", " + explanation.runs
          + " runs, " + explanation.recent + " recent rows.";
    };
    draw(null);
    room.append(table, notes);
    return { node: room, names, explain: draw, ready: Promise.resolve(), shown: () => {}, gone: () => {},
      redraw: () => {}, keys: {}, tools: [] };
  };
})();
