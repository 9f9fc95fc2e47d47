// The theme changes at once; the form tells the server, which keeps the choice in a cookie of its own.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const button = (event as SubmitEvent).submitter;
  if (!form.matches("[data-theme-choice]") || !(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  const root = document.documentElement;
  if (button.value === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = button.value;
  for (const other of form.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
  const body = new FormData(form);
  body.set("theme", button.value);
  void fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
});
