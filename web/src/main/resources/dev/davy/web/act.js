"use strict";
// What a person does with a rollout, an alarm or a degree of automation: asked for a reason, told to
// the API, which may refuse because things have moved on since they were looked at.
(() => {
  const dialog = document.querySelector("#act");
  if (!dialog) return;
  const part = (name) => dialog.querySelector("#act-" + name);
  let asked = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-verb], [data-level]");
    if (!button) return;
    const place = button.closest("[data-act]");
    const { verb, level } = button.dataset;
    asked = {
      path: place.dataset.act + (verb ? "/" + verb : ""),
      says: level ? { level } : { revision: Number(place.dataset.revision) },
      // What stood there before must not look as if nothing had happened.
      reloads: "reloads" in place.dataset,
    };
    part("name").textContent = button.textContent + "?";
    part("says").textContent = button.dataset.says;
    part("wrong").hidden = true;
    part("why").value = "";
    dialog.showModal();
    part("why").focus();
  });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    if (event.submitter && event.submitter.value === "no") return;
    event.preventDefault();
    try {
      const answer = await fetch(asked.path, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({ ...asked.says, why: part("why").value.trim() || undefined }),
      });
      if (answer.ok) {
        dialog.close();
        if (asked.reloads) location.reload();
        else htmx.trigger(document.body, "davy:new");
        return;
      }
      const problem = await answer.json();
      part("wrong").textContent = [problem.title, problem.detail, problem.todo].filter(Boolean).join(" ");
    } catch (gone) {
      part("wrong").textContent = "The server does not answer.";
    }
    part("wrong").hidden = false;
  });
})();
