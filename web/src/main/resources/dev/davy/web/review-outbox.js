"use strict";
// What was decided and is not yet kept by the server: sent one after the other, in their order, and
// held in this tab until the server has said that it keeps them.
(() => {
  const review = (window.davyReview = window.davyReview || {});
  const WAITS = [500, 1000, 2000, 4000, 8000];
  const TRIES_MOST = 500;
  const REFUSED_MOST = 20;

  // tell(outbox) is called whenever something changed.
  review.outbox = (name, tell) => {
    let held = { unsent: [], refused: [] };
    try {
      held = JSON.parse(sessionStorage.getItem(name)) || held;
    } catch (unreadable) {
      // Nothing that this page wrote.
    }
    let sending = false, fails = 0, why = "", later = null;
    const save = () => {
      if (held.unsent.length || held.refused.length) sessionStorage.setItem(name, JSON.stringify(held));
      else sessionStorage.removeItem(name);
    };
    const words = async (answer) => {
      try {
        const problem = await answer.json();
        return [problem.title, problem.detail, problem.todo].filter(Boolean).join(" ");
      } catch (none) {
        return "The server says " + answer.status + ".";
      }
    };
    // True: done with it, whatever came of it.
    const sent = async (one) => {
      let answer;
      try {
        answer = await fetch(one.path, {
          method: one.method,
          headers: { "content-type": "application/json", accept: "application/json" },
          body: one.body === undefined ? undefined : JSON.stringify(one.body),
          keepalive: true,
        });
      } catch (gone) {
        why = "The server does not answer.";
        return false;
      }
      if (answer.ok) return true;
      why = await words(answer);
      if (answer.status >= 500 || [401, 408, 421, 429].includes(answer.status)) return false;
      held.refused = [...held.refused, { what: one.what, why }].slice(-REFUSED_MOST);
      return true;
    };
    const send = async () => {
      if (sending) return;
      sending = true;
      clearTimeout(later);
      while (held.unsent.length) {
        if (await sent(held.unsent[0])) {
          held.unsent.shift();
          fails = 0;
          save();
          continue;
        }
        fails++;
        if (fails < TRIES_MOST) later = setTimeout(send, WAITS[Math.min(fails, WAITS.length) - 1]);
        break;
      }
      sending = false;
      tell(box);
    };
    const box = {
      add: (one) => { held.unsent.push(one); save(); send(); },
      // Takes one back that has not been sent yet.
      drop: (one) => {
        const at = held.unsent.indexOf(one);
        if (at < 0 || at === 0 && sending) return false;
        held.unsent.splice(at, 1);
        save();
        return true;
      },
      send: () => { fails = 0; send(); },
      dismiss: () => { held.refused = []; save(); tell(box); },
      unsent: () => held.unsent.length,
      failing: () => fails > 0,
      why: () => why,
      refused: () => held.refused,
    };
    if (held.unsent.length) send();
    return box;
  };
})();
