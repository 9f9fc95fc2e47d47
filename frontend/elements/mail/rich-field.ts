// A text area that becomes a place for formatted text, and back. The editor is only loaded when it is wanted.
//   <textarea name="…"> <div data-editor-place hidden> <button data-format> and the hidden fields `html` and `format`
import type { Editor } from "../pages/mail-editor.js";

export interface EditorModule {
  open(place: HTMLElement, options: EditorOptions): Editor;
  fromText(text: string): string;
}

export interface EditorOptions {
  label: string;
  pictures: Record<string, string>;
  changed: () => void;
  /** Takes a picture of this machine to where the cursor is; absent where a text carries none. */
  choosePicture?: () => void;
}

interface Options {
  source: string;
  text: string;
  html: string;
  editor: EditorOptions;
  /** The plain text as formatted text, when more is known of it than its lines. */
  richer?: (text: string, module: EditorModule) => string;
}

export class RichField {
  editor: Editor | null = null;
  #module: EditorModule | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly form: HTMLFormElement,
    private readonly options: Options,
  ) {}

  get area(): HTMLTextAreaElement {
    return this.form.elements.namedItem(this.options.text) as HTMLTextAreaElement;
  }

  async toggle(): Promise<void> {
    if (this.editor) this.simplify();
    else await this.enrich();
  }

  async enrich(focus = true): Promise<void> {
    const place = this.host.querySelector<HTMLElement>("[data-editor-place]");
    if (!place) return;
    this.#module ??= (await import(this.options.source)) as EditorModule;
    const { fromText } = this.#module;
    this.editor = this.#module.open(place, this.options.editor);
    const kept = this.#hidden(this.options.html)?.value ?? "";
    this.editor.set(kept || (this.options.richer?.(this.area.value, this.#module) ?? fromText(this.area.value)));
    this.#show(true);
    if (focus) this.editor.start();
  }

  simplify(): void {
    if (!this.editor) return;
    this.area.value = this.editor.text();
    this.editor.close();
    this.editor = null;
    this.#set(this.options.html, "");
    this.#show(false);
    this.area.focus();
    this.options.editor.changed();
  }

  /** What was formatted goes into the fields of the form. */
  settle(): void {
    if (!this.editor) return;
    this.#set(this.options.html, this.editor.html());
    this.area.value = this.editor.text();
  }

  #show(rich: boolean): void {
    const field = this.area.closest<HTMLElement>(".field");
    const place = this.host.querySelector<HTMLElement>("[data-editor-place]");
    if (field) field.hidden = rich;
    if (place) place.hidden = !rich;
    this.#set("format", rich ? "rich" : "plain");
    const button = this.host.querySelector("[data-format]");
    button?.setAttribute("aria-pressed", String(rich));
    const words = button?.querySelector("span");
    if (words) words.textContent = rich ? "Revenir au texte simple" : "Mettre en forme";
  }

  #hidden(name: string): HTMLInputElement | null {
    const field = this.form.elements.namedItem(name);
    return field instanceof HTMLInputElement ? field : null;
  }

  #set(name: string, value: string): void {
    const field = this.#hidden(name);
    if (field) field.value = value;
  }
}
