"use strict";
// The ways of answering: a key for each class, a number, a text, boxes drawn on the picture.
(() => {
  const review = (window.davyReview = window.davyReview || {});
  const NUMERALS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
  // Keys that do something else here.
  const TAKEN = new Set([..."ushr?+-=[]/ "]);
  const MANY = 12;

  // A class that is a digit, or the name of one, has that key; else they are counted through, or
  // have the first letter of theirs that is free.
  review.keysOf = (classes) => {
    const keys = new Map(), used = new Set(TAKEN);
    const give = (name, key) => {
      if (!key || used.has(key) || keys.has(name)) return;
      keys.set(name, key);
      used.add(key);
    };
    const digits = classes.map((name) => /^[0-9]$/.test(name) ? name : String(NUMERALS.indexOf(name.toLowerCase())));
    if (digits.some((digit) => digit !== "-1"))
      classes.forEach((name, i) => { if (digits[i] !== "-1") give(name, digits[i]); });
    else if (classes.length <= 10)
      classes.forEach((name, i) => give(name, String((i + 1) % 10)));
    for (const name of classes)
      if (!keys.has(name)) give(name, [...name.toLowerCase()].find((letter) => /[a-z]/.test(letter) && !used.has(letter)));
    return keys;
  };

  const made = (name, className, text) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const button = (key, text, press) => {
    const node = made("button", "choice");
    node.type = "button";
    if (key) {
      node.append(made("kbd", "", key === " " ? "space" : key === "Backspace" ? "⌫" : key === "Enter" ? "⏎" : key));
      node.setAttribute("aria-keyshortcuts", key === " " ? "Space" : key);
    }
    node.append(made("span", "", text));
    node.addEventListener("click", (event) => { press(event); node.blur(); });
    return node;
  };
  review.button = button;

  const field = (label, type, send, said) => {
    const form = made("form", "answer-form");
    const name = made("label", "", label);
    const input = made(type === "textarea" ? "textarea" : "input");
    if (type === "number") { input.type = "text"; input.inputMode = "decimal"; }
    input.autocomplete = "off";
    input.value = said === undefined || said === null ? "" : String(said);
    name.append(input);
    form.append(name);
    const go = button("", "Decide", () => form.requestSubmit());
    form.append(go);
    const wrong = made("p", "wrong-mark");
    wrong.hidden = true;
    form.append(wrong);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const problem = send(input.value);
      wrong.textContent = problem || "";
      wrong.hidden = !problem;
      if (!problem) input.blur();
    });
    input.addEventListener("keydown", (event) => {
      if (type === "textarea" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    return { node: form, focus: () => { input.focus(); input.select(); } };
  };

  // A box as it is decided, of one as models say it and the log holds it.
  const boxOf = (said) => {
    if (said && said.box) return { class: said.class, box: said.box };
    if (said && said.width !== undefined) return { class: said.label, box: [said.x, said.y, said.width, said.height] };
    const text = /^Box\[label=(.*), x=(.*), y=(.*), width=(.*), height=(.*), score=.*\]$/.exec(String(said));
    return text && { class: text[1], box: text.slice(2).map(Number) };
  };
  const boxesOf = (said) => {
    const list = typeof said === "string" && said.startsWith("[") ? JSON.parse(said) : said;
    return Array.isArray(list) ? list.map(boxOf).filter(Boolean) : [];
  };
  review.boxesOf = boxesOf;

  // What a case is answered with: nodes, and keys. decide(value, event) takes the answer.
  review.answering = (data, views, decide) => {
    const classes = data.classes || [];
    const keys = review.keysOf(classes);
    const room = made("div", "choices");
    const press = {};
    const seen = data.answer && data.answer.output ? data.answer.output[data.output] : undefined;
    const enter = (text, send) => {
      press.Enter = send;
      const node = button("Enter", text, send);
      node.classList.add("act");
      return node;
    };
    if (data.kind === "number") {
      const typed = field("The right number", "number", (text) => {
        const value = Number(text.trim().replace(",", "."));
        if (!text.trim() || !Number.isFinite(value)) return "That is no number.";
        decide(value);
      }, seen);
      room.append(typed.node);
      press.Enter = typed.focus;
      return { node: room, keys: press, begin: typed.focus };
    }
    if (data.kind === "text") {
      const typed = field("The right text", "text", (text) => { decide(text); }, seen);
      room.append(typed.node);
      press.Enter = typed.focus;
      return { node: room, keys: press, begin: typed.focus };
    }
    if (data.kind === "multi-label") {
      const chosen = new Set();
      for (const name of classes) {
        const toggle = () => {
          if (!chosen.delete(name)) chosen.add(name);
          node.setAttribute("aria-pressed", String(chosen.has(name)));
        };
        const node = button(keys.get(name), name, toggle);
        node.setAttribute("aria-pressed", "false");
        if (keys.has(name)) press[keys.get(name)] = toggle;
        room.append(node);
      }
      room.append(enter("Decide", (event) => decide(classes.filter((name) => chosen.has(name)), event)));
      return { node: room, keys: press, begin: () => {} };
    }
    if (data.kind === "boxes") {
      const picture = views.find((view) => view.boxes);
      let mine = boxesOf(seen);
      let of = classes[0] || "";
      const marks = [];
      const show = () => { if (picture) picture.boxes(mine); };
      for (const name of classes) {
        const choose = () => { of = name; marks.forEach(([which, node]) => node.setAttribute("aria-pressed", String(which === of))); };
        const node = button(keys.get(name), name, choose);
        node.setAttribute("aria-pressed", String(name === of));
        marks.push([name, node]);
        if (keys.has(name)) press[keys.get(name)] = choose;
        room.append(node);
      }
      room.append(made("p", "small", "Choose what it is, and draw around each one."));
      press.Backspace = () => { mine = mine.slice(0, -1); show(); };
      if (picture) {
        picture.drawing = () => of;
        picture.onDrawn = (box) => { mine = [...mine, box]; show(); };
      }
      room.append(button("Backspace", "last one away", press.Backspace));
      room.append(enter("Decide", (event) => decide(
        mine.map((each) => ({ class: each.class, box: each.box.map((side) => Math.round(side * 10) / 10) })), event)));
      return { node: room, keys: press, begin: show };
    }
    if (data.kind === "category" && classes.length) {
      const buttons = classes.map((name) => {
        const choose = (event) => decide(name, event);
        if (keys.has(name)) press[keys.get(name)] = choose;
        return button(keys.get(name), name, choose);
      });
      if (classes.length > MANY) {
        room.classList.add("many");
        const find = made("input");
        find.type = "search";
        find.placeholder = "find a class: /";
        find.setAttribute("aria-label", "Find a class");
        find.autocomplete = "off";
        const fits = () => buttons.filter((node, i) => classes[i].toLowerCase().includes(find.value.toLowerCase()));
        find.addEventListener("input", () => buttons.forEach((node) => { node.hidden = !fits().includes(node); }));
        find.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" || !find.value || !fits().length) return;
          event.preventDefault();
          const name = classes[buttons.indexOf(fits()[0])];
          find.value = "";
          find.blur();
          decide(name, event);
        });
        press["/"] = () => find.focus();
        room.append(find);
      }
      room.append(...buttons);
      return { node: room, keys: press, begin: () => {} };
    }
    // Classes that nobody listed are typed; rankings and vectors are written as JSON.
    const plain = data.kind === "category";
    const typed = field(plain ? "The right class" : "The right answer, as JSON", plain ? "text" : "textarea", (text) => {
      if (plain) { decide(text); return ""; }
      try {
        decide(JSON.parse(text));
        return "";
      } catch (notJson) {
        return "That can't be read as JSON.";
      }
    }, plain ? seen : seen === undefined ? "" : JSON.stringify(seen));
    room.append(typed.node);
    press.Enter = typed.focus;
    return { node: room, keys: press, begin: typed.focus };
  };
})();
