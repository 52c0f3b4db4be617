"use strict";
// Begins a comparison over the API, then shows its page, which follows it.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-diff]");
  if (!form) return;
  event.preventDefault();
  const wrong = form.querySelector("#wrong");
  const asked = new FormData(form);
  try {
    const answer = await fetch(form.dataset.diff, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ with: asked.get("with").trim(), since: asked.get("since").trim() || "7d" }),
    });
    const said = await answer.json();
    if (answer.ok) {
      const versions = Object.values(said.arguments.with).join(" ");
      location.href = form.action + "?with=" + encodeURIComponent(versions) + "&since=" + encodeURIComponent(asked.get("since"));
      return;
    }
    wrong.textContent = [said.title, said.detail, said.todo].filter(Boolean).join(" ");
  } catch (gone) {
    wrong.textContent = "The server does not answer.";
  }
  wrong.hidden = false;
});
