// Ctrl+K (⌘K) goes to the search from anywhere; on a phone, where the field is hidden, to its page.
export {};

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  const field = document.querySelector<HTMLInputElement>("#q[type=search], #recherche-portail");
  const link = document.querySelector<HTMLAnchorElement>("#ouvrir-recherche");
  if (field?.getClientRects().length) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (link) {
    event.preventDefault();
    link.click();
  }
});
