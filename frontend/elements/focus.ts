// The error summary takes the focus when it appears, on a new page or in a block that htmx swapped in;
// its links lead to the control itself, and the title of the page says that something is wrong.
function focusErrors(root: ParentNode): void {
  const summary = root.querySelector<HTMLElement>("[data-focus]");
  if (!summary) return;
  summary.focus();
  if (!document.title.startsWith("Erreur")) document.title = `Erreur : ${document.title}`;
}

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>(".error-summary a[href^='#']");
  const control = link && document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  control.focus();
  control.scrollIntoView({ block: "center" });
});
document.addEventListener("htmx:after:swap", () => focusErrors(document));
focusErrors(document);
