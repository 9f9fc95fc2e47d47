// <nm-compose>: the page of a letter. Keeps it as it is typed, sends files by themselves, proposes people, and brings the
// editor when formatted text is wanted. Without it the same form works, in plain text.
import { Recipients } from "../mail/recipients.js";
import { type EditorModule, RichField } from "../mail/rich-field.js";
import { type Answer, Uploads } from "../mail/uploads.js";

const PAUSE = 1500;
const RETRY = 8000;
const session = "BroadcastChannel" in window ? new BroadcastChannel("nomade-session") : null;

interface Signature {
  text: string;
  html: string;
}

const UNSIGNED: Signature = { text: "", html: "" };

/** A formatted signature as the text that was made of it when its formatting was given up. */
function linesOf(html: string): string {
  const inert = document.createElement("template");
  inert.innerHTML = html.replaceAll(' style="', ' data-style="');
  return [...inert.content.children].map((block) => block.textContent ?? "").join("\n");
}

class Compose extends HTMLElement {
  #form!: HTMLFormElement;
  #body!: RichField;
  #uploads!: Uploads;
  #timer = 0;
  #dirty = false;
  #saving: Promise<void> | null = null;
  #leaving = false;
  #stopped = false;
  #closed = false;
  #retried = false;
  #signature = UNSIGNED;

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
    this.#signature = this.#signatureOf(this.#value("identity"));
    this.#body = new RichField(this, form, {
      source: this.dataset["editor"] ?? "",
      text: "text",
      html: "html",
      editor: {
        label: "Message",
        pictures: JSON.parse(this.dataset["pictures"] ?? "{}") as Record<string, string>,
        changed: () => this.#later(),
        choosePicture: () => this.#choosePicture(),
      },
      richer: (text, module) => this.#richer(text, module),
    });
    form.addEventListener("input", (event) => {
      if ((event.target as HTMLInputElement).name !== "pieces") this.#later();
    });
    form.addEventListener("change", (event) => this.#changed(event.target as HTMLElement));
    form.addEventListener("submit", (event) => void this.#submit(event));
    this.addEventListener("click", (event) => this.#click(event));
    this.#takeFiles();
    document.addEventListener("visibilitychange", this.#leave);
    window.addEventListener("pagehide", this.#leave);
    if (this.dataset["rich"]) void this.#body.enrich();
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
    this.#body.settle();
    try {
      const typed = this.#typed();
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
      } else if (!leaving && (await this.#renewed())) await this.#post(leaving);
      else {
        this.#say("Votre session est fermée. Gardez cette page ouverte, reconnectez-vous dans un autre onglet, puis revenez envoyer.");
        this.#dirty = this.#closed = true;
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#say("Pas de réseau\u00a0: gardez cette page ouverte, le brouillon sera gardé dès son retour.");
      this.#later(RETRY);
    }
  }

  #typed(): URLSearchParams {
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(this.#form)) if (typeof value === "string") typed.append(name, value);
    return typed;
  }

  /** Whether a session was opened anew, in another tab: its forms have another key, which this one takes. */
  async #renewed(): Promise<boolean> {
    const answer = await fetch(window.location.href, { headers: { "X-Background": "1" }, redirect: "manual" });
    if (!answer.ok) return false;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const key = read.querySelector<HTMLInputElement>("nm-compose [name=csrfmiddlewaretoken]")?.value;
    // Tokens are masked anew at each page: one is tried once.
    if (!key || this.#retried) return (this.#retried = false);
    this.#set("csrfmiddlewaretoken", key);
    return (this.#retried = true);
  }

  /** What the server kept: its revision, its address, its files. */
  #kept(answer: Answer): void {
    this.#closed = this.#retried = false;
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
      // A folder comes among the files, and cannot be read as one.
      const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry());
      const folders = new Set(entries.filter((entry) => entry?.isDirectory).map((entry) => entry?.name));
      for (const name of folders) this.#uploads.refuse(`${name}\u00a0: un dossier ne se joint pas. Déposez les fichiers qu’il contient.`);
      void this.#receive(files.filter((file) => !folders.has(file.name)), this.#inEditor(event.target));
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
    return target instanceof Node && this.#body.editor?.root.contains(target) === true;
  }

  async #receive(files: File[], inText: boolean): Promise<void> {
    const shown = (file: File): boolean => inText && /^image\/(png|jpeg|gif|webp)$/.test(file.type);
    for (const file of files.filter(shown)) {
      const answer = await this.#uploads.picture(file);
      if (answer?.cid && answer.src) this.#body.editor?.picture(answer.cid, answer.src, file.name);
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

  /** The keyboard's way to what a drop or a paste does. */
  #choosePicture(): void {
    const chooser = document.createElement("input");
    chooser.type = "file";
    chooser.accept = "image/png,image/jpeg,image/gif,image/webp";
    chooser.addEventListener("change", () => void this.#receive([...(chooser.files ?? [])], true));
    chooser.click();
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

  #click(event: Event): void {
    const target = event.target as Element;
    if (target.closest("[data-format]")) void this.#body.toggle();
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

  /** The text as HTML; its signature and its quotation, when nobody changed them, with all their formatting. */
  #richer(text: string, { fromText }: EditorModule): string {
    const plain = text.replaceAll("\r\n", "\n");
    const quoted = (this.dataset["quoted"] ?? "").trim().replaceAll("\r\n", "\n");
    const html = this.dataset["quotedHtml"] ?? "";
    const block = `-- \n${this.#signature.text}`;
    const known: [string, string][] = [];
    if (this.#signature.html) known.push([block, fromText("-- ") + this.#signature.html]);
    if (quoted && html) known.push([quoted, html]);
    let parts: [string, boolean][] = [[plain, false]];
    for (const [words, formatted] of known) {
      parts = parts.flatMap(([part, done]): [string, boolean][] => {
        const at = done ? -1 : part.lastIndexOf(words);
        if (at < 0) return [[part, done]];
        return [[part.slice(0, at), false], [formatted, true], [part.slice(at + words.length).replace(/^\n/, ""), false]];
      });
    }
    return parts.map(([part, done]) => (done ? part : part && fromText(part.replace(/\n$/, "")))).join("");
  }

  #signatureOf(identity: string): Signature {
    const known = JSON.parse(this.dataset["signatures"] ?? "{}") as Record<string, Signature>;
    const { text, html } = known[identity] ?? known[""] ?? UNSIGNED;
    return { text: text.replaceAll("\r\n", "\n"), html };
  }

  /** Another identity signs: the former signature is replaced where it still stands as it was. */
  #sign(identity: string): void {
    const [before, next] = [this.#signature, this.#signatureOf(identity)];
    this.#signature = next;
    if (this.#body.editor) {
      this.#body.editor.sign(before, next);
      return;
    }
    const area = this.#body.area;
    const stood = [before.text, linesOf(before.html)].find((text) => text && area.value.includes(`-- \n${text}`));
    if (stood) {
      area.value = area.value.replace(`-- \n${stood}`, () => (next.text ? `-- \n${next.text}` : ""));
    } else if (next.text) area.value = `${area.value.trimEnd()}\n\n-- \n${next.text}\n`;
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
    // What was typed a moment ago is kept first: a session that has closed is then told here, with the letter still there.
    await this.#save();
    await this.#saving;
    if (this.#closed) return;
    this.#body.settle();
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
