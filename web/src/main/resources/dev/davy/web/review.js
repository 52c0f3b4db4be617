"use strict";
// A person's work on the cases of an endpoint: one at a time, one key each, the next one already
// there. What was decided goes to the server behind the person's back, and is never lost.
(() => {
  const work = document.querySelector("#work");
  if (!work) return;
  const review = window.davyReview;
  const part = (id) => document.getElementById(id);
  const AHEAD = 2;
  const UNSENT_MOST = 50;
  const UNDO_MOST = 20;
  const RENEW_MILLIS = 60000;
  const endpoint = work.dataset.endpoint, as = work.dataset.as;
  const own = as ? { reviewer: as } : {};
  const api = "/api/v1/endpoints/" + encodeURIComponent(endpoint);
  const known = new Map(), gone = new Set(), queue = [], past = [];
  let current = null, answering = null, heat = false, waiting = 0, decided = 0, spent = 0, since = 0, pressed = 0;

  const made = (name, className, text) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const say = (text) => { part("said").textContent = text; };

  // ---- what is not kept yet, and what was refused
  const trouble = (box) => {
    const room = part("trouble");
    const lines = [];
    if (box.failing())
      lines.push((box.unsent() === 1 ? "One decision is" : box.unsent() + " decisions are")
        + " not kept yet, and will be sent again. " + box.why());
    for (const each of box.refused()) lines.push(each.what + " was not taken: " + each.why);
    room.hidden = !lines.length;
    // Nothing is drawn anew under the pointer.
    const told = lines.join("\n");
    if (room.dataset.told === told) return more();
    room.dataset.told = told;
    room.replaceChildren(...lines.map((line) => made("p", "", line)));
    if (box.failing()) room.append(review.button("", "Send now", box.send));
    if (box.refused().length) room.append(review.button("", "I have read it", box.dismiss));
    more();
  };
  const outbox = review.outbox("davy.review." + endpoint + (as ? "." + as : ""), (box) => trouble(box));

  // ---- getting cases ready
  const explanation = (one, query) => {
    const key = query || "whole";
    one.explained = one.explained || {};
    one.explained[key] = one.explained[key] || fetch(
      api + "/predictions/" + one.data.prediction + "/explanation" + (query || ""),
      { headers: { accept: "application/json" } },
    ).then(async (answer) => {
      const said = await answer.json();
      if (!answer.ok) throw new Error([said.title, said.detail].filter(Boolean).join(" "));
      return said;
    });
    return one.explained[key];
  };
  const media = (one) => one.views.filter((view) => view !== one.row);
  // The parts that count, where they are wanted and may be known.
  const heated = (one) => {
    if (!media(one).length) return;
    if (!heat || !one.data["sees-answer"]) {
      media(one).forEach((view) => view.explain(null));
      if (one === current) part("why").textContent = heat ? "This one is shown without the model's answer." : "";
      return;
    }
    if (one === current) part("why").textContent = "Asking the model what its answer hangs on…";
    explanation(one).then((said) => {
      if (!heat) return;
      media(one).forEach((view) => view.explain(said));
      if (one === current) part("why").textContent = hangs(said);
    }).catch((failure) => { if (one === current) part("why").textContent = failure.message; });
  };
  const hangs = (said) => {
    const most = said.grid ? Math.max(...said.grid.values) : 0;
    const of = said.of.class ? "“" + said.of.class + "”" : said.of.output;
    if (most < 0.02 * Math.abs(said.base)) return "No single part makes a difference to " + of + ".";
    return "Amber speaks for " + of + ", blue against it: without the strongest part its score falls from "
      + said.base.toPrecision(2) + " to " + (said.base - most).toPrecision(2) + ".";
  };
  const prepare = (data) => {
    const one = { data, views: [], row: null, node: made("div", "case") };
    const shown = new Set();
    for (const each of data.content || []) {
      shown.add(each.column);
      const kind = (each.type || "").split("/")[0];
      const make = kind === "image" ? review.picture : kind === "audio" ? review.sound : null;
      if (make) one.views.push(make(each.column, each.href));
    }
    one.row = review.row(data.input || {}, shown);
    if (one.row) one.views.push(one.row);
    one.node.append(...one.views.map((view) => view.node));
    if (!one.views.length) one.node.append(made("p", "small", "What was sent is not kept. Look at the prediction, or skip it."));
    one.ready = Promise.all(one.views.map((view) => view.ready.catch((failure) => {
      view.node.replaceChildren(made("p", "small", "It can't be shown: " + failure.message));
    }))).then(() => { one.isReady = true; ahead(); });
    if (one.row && !media(one).length)
      explanation(one, data["sees-answer"] ? "" : "?values-only").then((said) => one.row.explain(said)).catch(() => {});
    else if (one.row)
      explanation(one, "?values-only").then((said) => one.row.explain(said)).catch(() => {});
    if (heat) heated(one);
    return one;
  };

  // How many of the next are there, to the last pixel.
  const ahead = () => { work.dataset.ahead = queue.filter((one) => one !== current && one.isReady).length; };

  let asking = false, again = null;
  const more = async () => {
    if (asking || queue.length > AHEAD) return;
    asking = true;
    clearTimeout(again);
    let failed = "";
    try {
      const answer = await fetch(api + "/reviews/next", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({ ahead: AHEAD, ...own }),
      });
      const said = await answer.json();
      if (answer.ok) {
        waiting = said.open;
        for (const data of said.reviews) {
          if (gone.has(data.prediction) || known.has(data.prediction)) continue;
          const one = prepare(data);
          known.set(data.prediction, one);
          queue.push(one);
        }
      } else failed = [said.title, said.detail, said.todo].filter(Boolean).join(" ");
    } catch (away) {
      failed = "The server does not answer.";
    }
    asking = false;
    idle(failed);
    if (queue.length && queue[0] !== current) show(queue[0]);
    pace();
    if (!queue.length) again = setTimeout(more, 5000);
  };
  // A lease lasts two minutes; who looks longer keeps the case by asking for it again.
  setInterval(() => { if (current && !document.hidden) renew(); }, RENEW_MILLIS);
  const renew = () => fetch(api + "/reviews/next", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ ahead: AHEAD, ...own }),
  }).catch(() => {});

  // ---- showing
  const idle = (failed) => {
    part("idle").hidden = queue.length > 0;
    part("desk").hidden = queue.length === 0;
    part("none").textContent = failed || "Nothing waits for you.";
    if (!queue.length) { current = null; part("stage").replaceChildren(); }
  };
  const pace = () => {
    const words = [waiting === 1 ? "1 waits" : waiting.toLocaleString("en") + " wait"];
    if (decided) words.push(decided + " decided here, " + (spent / decided).toFixed(1) + " s each");
    part("pace").textContent = words.join(" · ");
  };
  const opinion = (data) => {
    const room = part("opinion");
    const answer = data["sees-answer"] && data.answer;
    const facts = [];
    if (!answer) facts.push(made("p", "small", "Decide it for yourself: this one is shown without the model's answer."));
    else {
      const value = answer.output ? answer.output[data.output] : undefined;
      const words = typeof value === "string" || typeof value === "number" ? String(value)
        : Array.isArray(value) ? data.kind === "boxes" ? value.length + " found" : value.join(", ") || "none of them" : "no answer";
      const line = made("p", "model-says");
      line.append("The model says ", made("b", "", words));
      if (answer.confidence !== undefined && answer.confidence !== null)
        line.append(", " + (100 * answer.confidence).toFixed(answer.confidence > 0.995 ? 1 : 0) + " % sure");
      facts.push(line);
      const scores = answer.scores && answer.scores[data.output] || [];
      const classes = data.classes || [];
      const named = classes.map((name, i) => [name, scores[i]]);
      // Scores of a component with other classes than the answer's tell nothing here.
      const fit = scores.length === classes.length && classes[scores.indexOf(Math.max(...scores))] === value;
      named.sort((a, b) => b[1] - a[1]);
      if (fit && named.length > 1) {
        const list = made("dl", "shares");
        for (const [name, score] of named.slice(0, 4)) {
          const line = made("div"), side = made("dd"), bar = made("meter");
          bar.max = 1;
          bar.value = score;
          side.append(bar, made("span", "", score.toFixed(2)));
          line.append(made("dt", "", name), side);
          list.append(line);
        }
        facts.push(list);
      }
    }
    const notes = [];
    if (data.tie) notes.push("Others disagree on this one.");
    if (data.escalated) notes.push("It has waited too long already.");
    if (data.due) {
      const left = Math.round((new Date(data.due) - Date.now()) / 1000);
      notes.push(left < 0 ? "It was due." : "Due in " + (left < 90 ? left + " s" : Math.round(left / 60) + " min") + ".");
    }
    if (notes.length) facts.push(made("p", "due", notes.join(" ")));
    room.replaceChildren(...facts);
  };
  const instructions = (data) => {
    const told = data.instructions;
    part("instructions").hidden = !told || !told.text;
    if (!told || part("instructions").dataset.version === String(told.version)) return;
    part("instructions").dataset.version = told.version;
    part("instructions-version").textContent = told.version ? "version " + told.version : "";
    part("instructions-text").textContent = told.text;
  };
  const tools = (one) => {
    const buttons = [];
    for (const view of one.views)
      for (const [key, text] of view.tools) buttons.push(review.button(key, text, () => view.keys[key]()));
    if (media(one).length && one.data["sees-answer"]) {
      const map = review.button("h", "what it hangs on", toggleHeat);
      map.setAttribute("aria-pressed", String(heat));
      map.id = "heat";
      buttons.push(map);
    }
    part("viewing").replaceChildren(...buttons);
  };
  const show = async (one) => {
    if (!one.isReady) {
      part("stage").classList.add("late");
      await one.ready;
      part("stage").classList.remove("late");
      if (queue[0] !== one) return;
    }
    if (current && current !== one) current.views.forEach((view) => view.gone());
    current = one;
    idle("");
    part("stage").replaceChildren(one.node);
    answering = review.answering(one.data, one.views, decide);
    part("choices").replaceChildren(answering.node);
    opinion(one.data);
    instructions(one.data);
    tools(one);
    part("look").href = "/endpoints/" + encodeURIComponent(endpoint) + "/predictions/" + one.data.prediction;
    one.views.forEach((view) => view.shown());
    answering.begin();
    part("why").textContent = "";
    heated(one);
    since = performance.now();
    work.dataset.showing = one.data.prediction;
    ahead();
    if (pressed) {
      const start = pressed;
      pressed = 0;
      // When the browser has drawn it.
      requestAnimationFrame(() => setTimeout(() => performance.measure("key-to-next", { start, end: performance.now() })));
    }
  };

  // ---- deciding
  const leave = (op, seconds) => {
    const one = current;
    gone.add(one.data.prediction);
    known.delete(one.data.prediction);
    past.push({ one, op, seconds });
    if (past.length > UNDO_MOST) past.shift();
    queue.shift();
    outbox.add(op);
    if (queue.length) show(queue[0]);
    else { idle(""); part("none").textContent = "Looking for more…"; }
    waiting = Math.max(0, waiting - 1);
    pace();
    more();
  };
  const judge = (said, what, event) => {
    if (!current || queue[0] !== current) return;
    if (outbox.unsent() >= UNSENT_MOST) {
      say("The server has not kept the last " + UNSENT_MOST + " decisions. Wait until it answers.");
      return;
    }
    pressed = event ? event.timeStamp : performance.now();
    const seconds = Math.round((performance.now() - since) / 100) / 10;
    decided++;
    spent += seconds;
    say(what + ". u takes it back.");
    leave({ method: "POST", path: "/api/v1/reviews/" + current.data.prediction + "/judgement",
      body: { ...said, seconds, ...own }, what }, seconds);
  };
  const decide = (value, event) => {
    const data = current && current.data;
    if (!data) return;
    judge({ answer: { [data.output]: value } }, "Decided: " + (typeof value === "object" ? JSON.stringify(value) : value), event);
  };
  const cannotTell = (event) => judge({ "cannot-tell": true }, "Can't tell", event);
  const undo = () => {
    const last = past.pop();
    if (!last) return say("There is nothing to take back.");
    const id = last.one.data.prediction;
    if (!outbox.drop(last.op)) {
      if (last.op.skipped) return say("A skipped case does not come back to you.");
      outbox.add({ method: "DELETE", path: "/api/v1/reviews/" + id + "/judgement" + (as ? "?reviewer=" + encodeURIComponent(as) : ""), what: "Taking back" });
    }
    if (!last.op.skipped) { decided--; spent -= last.seconds; }
    gone.delete(id);
    known.set(id, last.one);
    queue.unshift(last.one);
    waiting++;
    say("Taken back.");
    show(last.one);
    pace();
  };
  const skipping = part("skip");
  const skip = () => {
    if (!current) return;
    part("skip-why").value = "";
    skipping.showModal();
    part("skip-why").focus();
  };
  skipping.querySelector("form").addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.value === "no") return;
    const why = part("skip-why").value.trim();
    if (!why) { event.preventDefault(); return; }
    if (!current) return;
    say("Skipped. It is not shown to you again.");
    leave({ method: "POST", path: "/api/v1/reviews/" + current.data.prediction + "/skip", body: { why, ...own }, what: "Skipping", skipped: true }, 0);
  });
  const toggleHeat = () => {
    heat = !heat;
    const button = part("heat");
    if (button) button.setAttribute("aria-pressed", String(heat));
    queue.forEach(heated);
  };

  // ---- keys; those of the page come before those of all pages
  const always = { u: undo, s: skip, "?": cannotTell, h: toggleHeat };
  part("acts").replaceChildren(
    review.button("?", "can't tell", cannotTell),
    review.button("s", "skip", skip),
    review.button("u", "undo", undo),
  );
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches("input, textarea, select")) return;
    const pressing = event.target.closest("button, a, summary") && (event.key === "Enter" || event.key === " ");
    if (pressing) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    let does = always[key] || current && answering && answering.keys[key];
    const looks = !does && current && current.views.map((view) => view.keys[key]).find(Boolean);
    if (!does && !looks) return;
    event.preventDefault();
    event.stopPropagation();
    // A key that is held down decides once.
    if (looks) looks(event);
    else if (!event.repeat) does(event);
  }, true);
  const redraw = () => queue.forEach((one) => one.views.forEach((view) => view.redraw()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  document.body.addEventListener("davy:new", () => { if (!queue.length) more(); });
  trouble(outbox);
})();
