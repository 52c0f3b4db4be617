"use strict";
// What a person does with a rollout: asked for a reason, told to the API, which may refuse because
// the rollout has moved on since it was looked at.
(() => {
  const dialog = document.querySelector("#act");
  if (!dialog) return;
  const part = (name) => dialog.querySelector("#act-" + name);
  let asked = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-verb]");
    if (!button) return;
    const place = button.closest("[data-rollout]");
    asked = { path: place.dataset.rollout + "/" + button.dataset.verb, revision: Number(place.dataset.revision) };
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
        body: JSON.stringify({ why: part("why").value.trim() || undefined, revision: asked.revision }),
      });
      if (answer.ok) {
        dialog.close();
        htmx.trigger(document.body, "davy:new");
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
