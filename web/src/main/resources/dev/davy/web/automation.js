"use strict";
// Another degree of automation: a person says why, and the API does it.
(() => {
  const dialog = document.querySelector("#act");
  if (!dialog) return;
  const part = (name) => dialog.querySelector("#act-" + name);
  let asked = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-level]");
    if (!button) return;
    asked = { path: button.closest("[data-automation]").dataset.automation, level: button.dataset.level };
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
        body: JSON.stringify({ level: asked.level, why: part("why").value.trim() }),
      });
      if (answer.ok) {
        dialog.close();
        // What stood there before must not look as if nothing had happened.
        location.reload();
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
