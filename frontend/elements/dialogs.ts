// <a href="#supprimer" data-opens> opens <dialog id="supprimer">; [data-close] inside closes it. Without a script the
// link shows the dialog by `:target`.
document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-opens]");
  if (opener) {
    const id = opener.dataset["opens"] || (opener as HTMLAnchorElement).hash.slice(1);
    const dialog = document.getElementById(id);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = target.closest("[data-close]");
  const dialog = closer?.closest("dialog");
  if (dialog?.open) {
    event.preventDefault();
    dialog.close();
  }
});
