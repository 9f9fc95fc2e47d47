// The row that asks for the address of a link, under the tools: by keyboard, by ear, and without a box of the browser.
import type Squire from "squire-rte";

const ADDRESS = /^(?:https?:\/\/[^\s/]+\S*|mailto:\S+@\S+)$/i;

/** What was typed as an address: one without its scheme is meant for the web, or for somebody. */
function address(typed: string): string {
  const bare = typed.trim();
  const whole = /^[a-z]+:/i.test(bare) ? bare : bare.includes("@") ? `mailto:${bare}` : `https://${bare}`;
  return ADDRESS.test(whole) && whole.includes(".") ? whole : "";
}

export function linkRow(editor: Squire, changed: () => void): { element: HTMLElement; ask: () => void } {
  const element = document.createElement("div");
  element.className = "mail-editor__link";
  element.hidden = true;
  element.innerHTML = `
    <label class="field__label" for="adresse-du-lien">Adresse du lien</label>
    <input class="input" id="adresse-du-lien" type="text" inputmode="url" autocomplete="off" autocapitalize="none" spellcheck="false">
    <button class="button button--secondary" type="button" data-add><span>Ajouter le lien</span></button>
    <button class="button button--quiet" type="button" data-drop><span>Annuler</span></button>
    <p class="field__error" id="adresse-du-lien-erreur" role="alert" hidden>Cette adresse n’est pas complète. Écrivez par exemple https://www.paris.fr.</p>`;
  const field = element.querySelector<HTMLInputElement>("input");
  const wrong = element.querySelector<HTMLElement>("[role=alert]");
  let selected: Range | null = null;

  const close = (): void => {
    element.hidden = true;
    editor.focus();
    if (selected) editor.setSelection(selected);
  };
  const add = (): void => {
    const href = address(field?.value ?? "");
    if (wrong) wrong.hidden = href !== "";
    field?.setAttribute("aria-invalid", String(href === ""));
    if (!href) {
      field?.setAttribute("aria-describedby", "adresse-du-lien-erreur");
      field?.focus();
      return;
    }
    close();
    editor.makeLink(href);
    changed();
  };
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === field) add();
    else return;
    event.preventDefault();
  });
  // What is typed here is no part of the letter.
  element.addEventListener("input", (event) => event.stopPropagation());
  element.querySelector("[data-add]")?.addEventListener("click", add);
  element.querySelector("[data-drop]")?.addEventListener("click", close);

  return {
    element,
    ask() {
      selected = editor.getSelection();
      element.hidden = false;
      if (field) field.value = "";
      field?.removeAttribute("aria-invalid");
      if (wrong) wrong.hidden = true;
      field?.focus();
    },
  };
}
