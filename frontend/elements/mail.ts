// <nm-mail data-shortcuts data-help data-new> … the tree, the list, the message … </nm-mail>
// Moves between messages by key, ticks, drags to a folder, keeps the list in step with the message that is open.
// A key that is pressed while the page waits for its answer is kept, and acts on what the answer shows.
import { announce } from "./live.js";
import { Pending } from "./mail/pending.js";

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

class Mail extends HTMLElement {
  /** Where the open message is in the list. */
  private place = 0;
  // Not attributes of the element: a new page from the server would take them away.
  private opened = "";
  private saidOf = "";
  private pending = new Pending(this, (key) => this.act(key), () => this.openKey());

  connectedCallback(): void {
    this.pending.listen();
    this.addEventListener("change", this.ticked);
    this.addEventListener("click", this.clicked);
    this.addEventListener("dragstart", this.dragged);
    this.addEventListener("dragover", this.over);
    this.addEventListener("dragleave", this.left);
    this.addEventListener("drop", this.dropped);
    document.addEventListener("keydown", this.pressed);
    document.addEventListener("htmx:after:swap", this.swapped);
    document.addEventListener("htmx:config:request", this.configured);
    document.addEventListener("htmx:after:swap", this.refused);
    this.ready();
    this.opened = this.openKey();
  }

  disconnectedCallback(): void {
    this.pending.stop();
    document.removeEventListener("keydown", this.pressed);
    document.removeEventListener("htmx:after:swap", this.swapped);
    document.removeEventListener("htmx:config:request", this.configured);
    document.removeEventListener("htmx:after:swap", this.refused);
  }

  private lines(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".mail-line")];
  }

  private openKey(): string {
    return this.querySelector<HTMLElement>(".mail-message")?.dataset.key ?? "";
  }

  /** Lines can be dragged; what is open is marked in the list. */
  private ready(): void {
    const open = this.openKey();
    this.place = Math.max(0, open ? this.lines().findIndex((line) => line.dataset.key === open) : this.place);
    this.classList.toggle("mail--reading", open !== "");
    for (const line of this.lines()) {
      line.draggable = true;
      const link = line.querySelector(".mail-line__link");
      if (line.dataset.key === open) {
        link?.setAttribute("aria-current", "true");
        line.classList.remove("mail-line--unread");
        line.querySelector("[data-unread]")?.remove();
      } else link?.removeAttribute("aria-current");
    }
    const field = this.querySelector<HTMLInputElement>(".mail-lines [name=ouvert]");
    if (field) field.value = open;
    this.count();
  }

  /** The server may fetch the next message ahead when it knows which one it is. */
  private configured = (event: Event): void => {
    const request = (event as CustomEvent).detail?.ctx?.request as { action?: string; headers?: Record<string, string> };
    const found = request?.action?.match(/message\/(\d+-\d+)\//);
    if (!found || !request.headers) return;
    const lines = this.lines();
    const next = lines[lines.findIndex((line) => line.dataset.key === found[1]) + 1];
    if (next?.dataset.key) request.headers["X-Next-Message"] = next.dataset.key;
  };

  private swapped = (): void => {
    const before = this.opened;
    const open = this.openKey();
    this.ready();
    this.opened = open;
    this.told();
    if (before && !open) this.stay();
    if (open && open !== before) {
      this.querySelector<HTMLElement>("#mail-subject")?.focus({ preventScroll: window.innerWidth >= 768 });
      if (window.innerWidth < 768) window.scrollTo(0, 0);
    }
  };

  /** What was just done is said once to those who do not see the bar appear. */
  private told(): void {
    const done = this.querySelector<HTMLElement>(".mail-done");
    const key = done?.dataset.key ?? "";
    if (key && key !== this.saidOf) announce(done?.querySelector("p")?.textContent ?? "");
    this.saidOf = key;
  }

  /** The message that was open has left: the keys go on from the line that took its place. */
  private stay(): void {
    const lines = this.lines();
    const line = lines[Math.min(this.place, lines.length - 1)];
    if (window.innerWidth >= 768) line?.querySelector<HTMLElement>(".mail-line__link")?.focus({ preventScroll: true });
  }

  /** What could not be done is said over the panes, until it is closed or something else is asked. */
  private refused = (): void => {
    const alert = this.querySelector("#mail-refus > .alert");
    if (!alert || alert.querySelector("[data-close]")) return;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button button--quiet";
    close.dataset.close = "";
    close.textContent = "Fermer";
    alert.append(close);
  };

  private forgetRefusal(): void {
    this.querySelector("#mail-refus")?.replaceChildren();
  }

  private boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>("input[name=choix]")];
  }

  private count(): void {
    const ticked = this.boxes().filter((box) => box.checked).length;
    this.toggleAttribute("data-ticked", ticked > 0);
    const all = this.querySelector<HTMLInputElement>("[data-tick-all]");
    if (all) {
      all.checked = ticked > 0 && ticked === this.boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
    }
  }

  private ticked = (event: Event): void => {
    const box = event.target as HTMLInputElement;
    if (box.matches("[data-tick-all]")) for (const each of this.boxes()) each.checked = box.checked;
    this.count();
  };

  private clicked = (event: Event): void => {
    const target = event.target as Element;
    if (target.closest("[data-close], button[name=action], .mail-line__link")) this.forgetRefusal();
    if (target.closest("[data-cancel]")) this.stopSearch(target.closest(".mail-progress"));
    for (const open of this.querySelectorAll<HTMLDetailsElement>("details.mail-bulk__more[open], details.mail-sort[open]")) {
      if (!open.contains(target)) open.open = false;
    }
  };

  /** What was found stays, and so does the way to go on; an answer on its way finds nothing left to replace. */
  private stopSearch(progress: Element | null): void {
    if (!progress) return;
    const more = progress.querySelector("a");
    const said = document.createElement("p");
    said.className = "mail-progress";
    said.setAttribute("role", "status");
    said.append("Recherche arrêtée. ");
    if (more) said.append(more);
    progress.replaceWith(said);
    more?.focus();
    announce("Recherche arrêtée.");
  }

  // --- Drag to a folder -----------------------------------------------------------------------------------------

  private dragged = (event: DragEvent): void => {
    const line = (event.target as Element).closest<HTMLElement>(".mail-line");
    if (!line || !event.dataTransfer) return;
    const box = line.querySelector<HTMLInputElement>("input[name=choix]");
    if (box && !box.checked) {
      for (const each of this.boxes()) each.checked = each === box;
      this.count();
    }
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("application/x-nomade-mail", "1");
  };

  private folderUnder(event: DragEvent): HTMLElement | null {
    if (!event.dataTransfer?.types.includes("application/x-nomade-mail")) return null;
    return (event.target as Element).closest<HTMLElement>("[data-folder]");
  }

  private over = (event: DragEvent): void => {
    const folder = this.folderUnder(event);
    if (!folder) return;
    event.preventDefault();
    folder.classList.add("is-under");
  };

  private left = (event: DragEvent): void => this.folderUnder(event)?.classList.remove("is-under");

  private dropped = (event: DragEvent): void => {
    const folder = this.folderUnder(event);
    if (!folder) return;
    event.preventDefault();
    folder.classList.remove("is-under");
    const choice = this.querySelector<HTMLSelectElement>("#bulk-vers");
    if (!choice) return;
    choice.value = folder.dataset.folder ?? "";
    if (choice.value) this.querySelector<HTMLButtonElement>("#bulk-deplacer")?.click();
  };

  // --- Keys -----------------------------------------------------------------------------------------------------

  private pressed = (event: KeyboardEvent): void => {
    if (!this.hasAttribute("data-shortcuts") || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as Element;
    if (target.closest(TYPING) || document.querySelector("dialog[open]")) return;
    const ticked = this.boxes().some((box) => box.checked);
    if (this.pending.keeps(event.key, ticked) || this.act(event.key)) event.preventDefault();
  };

  private act(key: string): boolean {
    const press = (id: string): boolean => {
      const found = this.querySelector<HTMLElement>(`#${id}`);
      found?.click();
      return found !== null;
    };
    const deed = (alone: string, many: string): boolean => {
      const some = this.boxes().some((box) => box.checked);
      return some || !this.openKey() ? some && press(many) : press(alone);
    };
    switch (key) {
      case "j":
      case "k":
        return this.move(key === "j" ? 1 : -1);
      case "o":
        return this.open();
      case "r":
        return press("repondre");
      case "a":
        return press("repondre-a-tous");
      case "f":
        return press("transferer");
      case "e":
        return deed("archiver", "bulk-archiver");
      case "#":
        return deed("supprimer", "bulk-supprimer");
      case "s":
        return deed("suivre", "bulk-suivre");
      case "u":
        return deed("non-lu", "bulk-nonlire");
      case "x":
        return this.tick();
      case "c":
        window.location.assign(this.dataset.new ?? "");
        return true;
      case "?":
        window.location.assign(this.dataset.help ?? "");
        return true;
      case "/": {
        const field = this.querySelector<HTMLInputElement>("#mail-q");
        field?.focus();
        field?.select();
        return field !== null;
      }
      default:
        return false;
    }
  }

  /** The line that the keys are on: the focused one, else the open one. */
  private at(): number {
    const lines = this.lines();
    const focused = lines.findIndex((line) => line.contains(document.activeElement));
    return focused >= 0 ? focused : lines.findIndex((line) => line.dataset.key === this.openKey());
  }

  private move(step: number): boolean {
    const lines = this.lines();
    const next = lines[Math.max(0, this.at() + step)];
    const link = next?.querySelector<HTMLAnchorElement>(".mail-line__link");
    if (!link) return false;
    link.focus();
    next?.scrollIntoView({ block: "nearest" });
    if (this.openKey() && window.innerWidth >= 768) link.click();
    return true;
  }

  private open(): boolean {
    const link = this.lines()[this.at()]?.querySelector<HTMLAnchorElement>(".mail-line__link");
    link?.click();
    return link !== undefined;
  }

  private tick(): boolean {
    const box = this.lines()[this.at()]?.querySelector<HTMLInputElement>("input[name=choix]");
    box?.click();
    return box !== undefined;
  }
}

customElements.define("nm-mail", Mail);
