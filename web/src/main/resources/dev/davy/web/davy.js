"use strict";
// What the pages do in the browser: keys, live parts, times in the user's zone, copying.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Times: relative to now in words, absolute in the user's zone on hover.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const absolute = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
  const ago = (then) => {
    const s = Math.round((Date.now() - then) / 1000);
    if (s < 0) return "just now";
    if (s < 60) return s + " s ago";
    if (s < 3600) return Math.floor(s / 60) + " min ago";
    if (s < 172800) return Math.floor(s / 3600) + " h ago";
    return Math.floor(s / 86400) + " days ago";
  };
  const times = () => {
    for (const time of all("time[datetime]")) {
      const then = new Date(time.dateTime);
      const text = ago(then.getTime());
      if (time.textContent !== text) time.textContent = text;
      time.title = absolute.format(then) + " " + zone;
    }
  };
  const said = $("#zone");
  if (said) said.textContent = "Times in " + zone;

  // Keys.
  const rows = () => all("[data-row]").filter((row) => !row.hidden);
  let here = "";
  const mark = () => rows().forEach((row) => row.classList.toggle("here", row.dataset.row === here));
  const move = (by) => {
    const list = rows();
    if (!list.length) return;
    const at = list.findIndex((row) => row.dataset.row === here);
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
    here = next.dataset.row;
    mark();
    next.scrollIntoView({ block: "nearest" });
  };
  const keys = $("#keys");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    if (event.key === "Escape" && typing) return event.target.blur();
    if (typing && event.key === "Enter" && event.target.id === "find" && rows().length) {
      location.href = rows()[0].dataset.row;
      return;
    }
    if (typing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.key === "/" && $("#find")) { event.preventDefault(); $("#find").focus(); }
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "g") location.href = "/";
    else if (event.key === "?") keys.showModal();
    else if (event.key === "Enter" && here && !event.target.closest("a, button")) location.href = here;
  });
  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard)
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        copy.textContent = "Copied";
        setTimeout(() => { copy.textContent = "Copy"; }, 1500);
      });
    if (event.target.closest("[data-keys]")) keys.showModal();
  });
  const find = () => {
    const field = $("#find");
    if (!field) return;
    const words = field.value.toLowerCase();
    for (const row of all("[data-find]")) row.hidden = !row.dataset.find.toLowerCase().includes(words);
  };
  document.addEventListener("input", (event) => { if (event.target.id === "find") find(); });

  // Live parts: nothing is replaced under the pointer, in use, or while it plays.
  const inUse = (part) =>
    part.matches(":hover") || part.contains(document.activeElement) && document.activeElement !== document.body ||
    all("audio", part).some((sound) => !sound.paused);
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const target = event.detail.target;
    const same = target.innerHTML === event.detail.fragment.firstElementChild?.innerHTML;
    const small = target.id === "answer" || target.id === "figures";
    if (same || !small && inUse(target)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSettle", () => { times(); find(); mark(); });

  // Where the story is, at the foot of every page of a server that tells one.
  const tell = (story) => {
    htmx.trigger(document.body, "davy:story");
    if (location.pathname === "/story") return;
    let strip = $("#story");
    if (!strip) {
      strip = document.createElement("aside");
      strip.id = "story";
      strip.setAttribute("aria-label", "Story");
      document.body.append(strip);
    }
    const link = (href, text) => {
      const a = document.createElement("a");
      a.href = href;
      a.textContent = text;
      return a;
    };
    const text = document.createElement("p");
    text.setAttribute("role", "status");
    const title = document.createElement("b");
    title.textContent = story.title + ". ";
    text.append(title, story.sentence);
    const here = location.pathname + location.search === story.href;
    strip.replaceChildren(link("/story", story.number + " of " + story.of), text);
    if (!here) strip.append(link(story.href, "Look"));
  };

  const state = $("#live");
  if (document.body.dataset.live === "yes" && window.EventSource) {
    const source = new EventSource("/live");
    const show = (on) => {
      if (!state) return;
      state.classList.toggle("on", on);
      state.textContent = on ? "live" : "connecting";
    };
    source.addEventListener("open", () => show(true));
    source.addEventListener("error", () => show(false));
    // At most every two seconds; what came in between shows at their end, and what came while
    // nobody looked, when somebody does.
    let waiting = null, shown = 0, missed = false;
    const renew = () => {
      waiting = null;
      missed = document.hidden;
      if (missed) return;
      shown = Date.now();
      htmx.trigger(document.body, "davy:new");
    };
    const soon = () => { if (!waiting) waiting = setTimeout(renew, Math.max(0, shown + 2000 - Date.now())); };
    source.addEventListener("new", soon);
    source.addEventListener("story", (event) => tell(JSON.parse(event.data)));
    document.addEventListener("visibilitychange", () => { if (missed) soon(); });
    addEventListener("pagehide", () => source.close());
  }
  times();
  setInterval(times, 5000);
})();
