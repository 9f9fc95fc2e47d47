// <nm-compose>: the page of a letter. Keeps it as it is typed, sends files by themselves, proposes people, and brings the
// editor when formatted text is wanted. Without it the same form works, in plain text.
import type { Editor } from "./mail-editor.js";
import { Recipients } from "../mail/recipients.js";
import { type Answer, Uploads } from "../mail/uploads.js";

const PAUSE = 1500;
const RETRY = 8000;
const session = "BroadcastChannel" in window ? new BroadcastChannel("nomade-session") : null;

interface EditorModule {
  open(place: HTMLElement, options: { pictures: Record<string, string>; changed: () => void }): Editor;
  fromText(text: string): string;
}

class Compose extends HTMLElement {
  #form!: HTMLFormElement;
  #editor: Editor | null = null;
  #module: EditorModule | null = null;
  #uploads!: Uploads;
  #timer = 0;
  #dirty = false;
  #saving: Promise<void> | null = null;
  #leaving = false;
  #stopped = false;
  #signature = "";

  connectedCallback(): void {
    const form = this.querySelector("form");
    const list = this.querySelector<HTMLElement>("[data-uploads]");
    if (!form || !list) return;
    this.#form = form;
    this.#uploads = new Uploads(
      list,
      this.dataset["attach"] ?? "",
      Number(this.dataset["limit"]),
      () => this.#key(),
      (answer) => this.#kept(answer),
    );
    for (const name of ["to", "cc", "bcc"]) {
      const input = form.querySelector<HTMLInputElement>(`[name=${name}]`);
      if (!input) continue;
      const about = this.querySelector<HTMLElement>(`[data-about=${name}]`);
      const people = new Recipients(input, this.dataset["people"] ?? "", about, () => this.#later());
      void people.tell();
    }
    this.#signature = this.#signatures()[this.#value("identity")] ?? Object.values(this.#signatures())[0] ?? "";
    form.addEventListener("input", (event) => {
      if ((event.target as HTMLInputElement).name !== "pieces") this.#later();
    });
    form.addEventListener("change", (event) => this.#changed(event.target as HTMLElement));
    form.addEventListener("submit", (event) => void this.#submit(event));
    this.addEventListener("click", (event) => this.#click(event));
    this.#takeFiles();
    document.addEventListener("visibilitychange", this.#leave);
    window.addEventListener("pagehide", this.#leave);
    if (this.dataset["rich"]) void this.#enrich();
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#leave);
    window.removeEventListener("pagehide", this.#leave);
  }

  // --- Keeping -------------------------------------------------------------------------------------------------------

  #later(wait = PAUSE): void {
    this.#dirty = true;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#save(), wait);
  }

  #leave = (): void => {
    if (this.#dirty && !this.#leaving && document.visibilityState === "hidden") void this.#save(true);
  };

  async #save(leaving = false): Promise<void> {
    if (!this.#dirty || this.#stopped) return;
    // One keeping at a time: the second would carry the revision of before the first.
    if (this.#saving) {
      await this.#saving;
      if (!this.#dirty) return;
    }
    this.#dirty = false;
    this.#saving = this.#post(leaving);
    await this.#saving;
    this.#saving = null;
  }

  async #post(leaving: boolean): Promise<void> {
    this.#settleText();
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(this.#form)) if (typeof value === "string") typed.append(name, value);
    try {
      const answer = await fetch(this.dataset["keep"] ?? "", {
        method: "POST",
        body: typed,
        headers: { "HX-Request": "true" },
        redirect: "manual",
        keepalive: leaving && typed.toString().length < 60_000,
      });
      const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
      const said = isJson ? ((await answer.json()) as Answer & { stale?: boolean; gone?: boolean }) : null;
      if (answer.ok && said) {
        session?.postMessage("active");
        this.#kept(said);
      } else if (said?.stale) this.#conflict();
      else if (said) {
        this.#say(said.message);
        if (said.gone) this.#stopped = true;
        else if (answer.status === 503) this.#later(RETRY);
      } else {
        this.#say("Votre session est fermée\u00a0: reconnectez-vous, le dernier brouillon gardé vous attend.");
        this.#dirty = true;
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#say("Pas de réseau\u00a0: gardez cette page ouverte, le brouillon sera gardé dès son retour.");
      this.#later(RETRY);
    }
  }

  /** What the server kept: its revision, its address, its files. */
  #kept(answer: Answer): void {
    this.#say(answer.message);
    if (answer.revision !== undefined) this.#set("revision", String(answer.revision));
    // After a crash or a reload, the address leads back to the draft.
    if (answer.page && window.location.pathname !== answer.page) {
      window.history.replaceState(window.history.state, "", answer.page);
      this.#form.action = answer.page;
    }
    if (answer.files !== undefined) {
      const place = this.querySelector("[data-files]");
      const read = new DOMParser().parseFromString(answer.files, "text/html");
      place?.replaceChildren(...read.body.childNodes);
    }
  }

  #conflict(): void {
    this.#stopped = true;
    const box = this.querySelector<HTMLElement>("[data-conflict]");
    const other = box?.querySelector<HTMLAnchorElement>("[data-other]");
    if (other && window.location.pathname.includes("/envois/")) other.href = window.location.pathname;
    if (box) box.hidden = false;
    this.#say("");
  }

  #say(text: string): void {
    const place = this.querySelector("[data-saved]");
    if (place) place.textContent = text;
  }

  // --- Files ---------------------------------------------------------------------------------------------------------

  #takeFiles(): void {
    this.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.classList.add("is-over");
    });
    this.addEventListener("dragleave", () => this.classList.remove("is-over"));
    this.addEventListener("drop", (event) => {
      this.classList.remove("is-over");
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      void this.#receive(files, this.#inEditor(event.target));
    });
    this.addEventListener(
      "paste",
      (event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (!files.length) return;
        event.preventDefault();
        event.stopPropagation();
        void this.#receive(files, this.#inEditor(event.target));
      },
      { capture: true },
    );
  }

  #inEditor(target: EventTarget | null): boolean {
    return this.#editor !== null && target instanceof Node && this.#editor.root.contains(target);
  }

  async #receive(files: File[], inText: boolean): Promise<void> {
    const shown = (file: File): boolean => inText && /^image\/(png|jpeg|gif|webp)$/.test(file.type);
    for (const file of files.filter(shown)) {
      const answer = await this.#uploads.picture(file);
      if (answer?.cid && answer.src) this.#editor?.picture(answer.cid, answer.src, file.name);
    }
    await this.#uploads.add(files.filter((file) => !shown(file)));
    this.#later();
  }

  #changed(target: HTMLElement): void {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    if (target instanceof HTMLInputElement && target.type === "file") {
      const files = [...(target.files ?? [])];
      // What is sent now must not be sent again with the form.
      target.value = "";
      void this.#receive(files, false);
    } else if (target.dataset["detach"] && target instanceof HTMLInputElement && !target.checked) {
      void this.#detach(target.dataset["detach"]);
    } else if (target.name === "identity") this.#sign(target.value);
  }

  async #detach(url: string): Promise<void> {
    const answer = await fetch(url, { method: "POST", body: this.#key(), headers: { "HX-Request": "true" } });
    if (answer.ok) this.#kept((await answer.json()) as Answer);
  }

  #key(): FormData {
    const key = new FormData();
    for (const name of ["csrfmiddlewaretoken", "form_token"]) key.append(name, this.#value(name));
    return key;
  }

  // --- Text ----------------------------------------------------------------------------------------------------------

  #text(): HTMLTextAreaElement {
    return this.#form.elements.namedItem("text") as HTMLTextAreaElement;
  }

  #click(event: Event): void {
    const target = event.target as Element;
    if (target.closest("[data-format]")) void (this.#editor ? this.#simplify() : this.#enrich());
    if (target.closest("[data-mine]")) {
      event.preventDefault();
      void this.#mine();
    }
  }

  async #mine(): Promise<void> {
    const box = this.querySelector<HTMLElement>("[data-conflict]");
    if (box) box.hidden = true;
    const force = document.createElement("input");
    force.type = "hidden";
    force.name = "garder_quand_meme";
    force.value = "1";
    this.#form.append(force);
    this.#stopped = false;
    this.#dirty = true;
    await this.#save();
    force.remove();
  }

  async #enrich(): Promise<void> {
    const place = this.querySelector<HTMLElement>("[data-editor-place]");
    if (!place) return;
    this.#module ??= (await import(this.dataset["editor"] ?? "")) as EditorModule;
    const pictures = JSON.parse(this.dataset["pictures"] ?? "{}") as Record<string, string>;
    this.#editor = this.#module.open(place, { pictures, changed: () => this.#later() });
    this.#editor.set(this.#value("html") || this.#richer(this.#text().value));
    const field = this.#text().closest<HTMLElement>(".field");
    if (field) field.hidden = true;
    place.hidden = false;
    this.#set("format", "rich");
    this.#press(true);
    this.#editor.start();
  }

  /** The text as HTML; its quotation, when nobody changed it, with all its formatting. */
  #richer(text: string): string {
    const quoted = (this.dataset["quoted"] ?? "").trim();
    const html = this.querySelector<HTMLTemplateElement>("[data-quoted-html]")?.innerHTML ?? "";
    const plain = text.replaceAll("\r\n", "\n");
    const at = quoted && html ? plain.lastIndexOf(quoted.replaceAll("\r\n", "\n")) : -1;
    const from = this.#module?.fromText ?? ((value: string) => value);
    if (at < 0) return from(plain);
    return from(plain.slice(0, at)) + html + from(plain.slice(at + quoted.length).trim());
  }

  #simplify(): void {
    if (!this.#editor) return;
    this.#text().value = this.#editor.text();
    this.#editor.close();
    this.#editor = null;
    const field = this.#text().closest<HTMLElement>(".field");
    const place = this.querySelector<HTMLElement>("[data-editor-place]");
    if (field) field.hidden = false;
    if (place) place.hidden = true;
    this.#set("format", "plain");
    this.#set("html", "");
    this.#press(false);
    this.#text().focus();
    this.#later();
  }

  #press(rich: boolean): void {
    const button = this.querySelector("[data-format]");
    button?.setAttribute("aria-pressed", String(rich));
    const words = button?.querySelector("span");
    if (words) words.textContent = rich ? "Revenir au texte simple" : "Mettre en forme";
  }

  #settleText(): void {
    if (this.#editor) {
      this.#set("html", this.#editor.html());
      this.#text().value = this.#editor.text();
    }
  }

  #signatures(): Record<string, string> {
    return JSON.parse(this.dataset["signatures"] ?? "{}") as Record<string, string>;
  }

  /** Another identity signs: the former signature is replaced where it still stands as it was. */
  #sign(key: string): void {
    const next = (this.#signatures()[key] ?? Object.values(this.#signatures())[0] ?? "").trim();
    const before = this.#signature.trim();
    this.#signature = next;
    if (this.#editor) {
      this.#editor.sign(before, next);
      return;
    }
    const area = this.#text();
    if (before && area.value.includes(`-- \n${before}`)) {
      area.value = area.value.replace(`-- \n${before}`, () => (next ? `-- \n${next}` : ""));
    } else if (next) area.value = `${area.value.trimEnd()}\n\n-- \n${next}\n`;
    this.#later();
  }

  // --- Sending -------------------------------------------------------------------------------------------------------

  async #submit(event: SubmitEvent): Promise<void> {
    if (this.#leaving) return;
    event.preventDefault();
    const pressed = event.submitter;
    window.clearTimeout(this.#timer);
    this.#say("");
    // A form that is being sent cannot be sent again: the browser must first be done with this event.
    await new Promise((resolve) => window.setTimeout(resolve));
    await this.#uploads.settled();
    await this.#saving;
    this.#settleText();
    this.#dirty = false;
    this.#leaving = true;
    this.#form.requestSubmit(pressed instanceof HTMLButtonElement ? pressed : null);
  }

  #value(name: string): string {
    const field = this.#form.elements.namedItem(name);
    return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : "";
  }

  #set(name: string, value: string): void {
    const field = this.#form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  }
}

customElements.define("nm-compose", Compose);
