// Formatted text: Squire, which keeps any quoted HTML as it is, behind a toolbar that works by keyboard and by ear.
// All that enters, quotation or paste, passes through DOMPurify; the server cleans once more what it receives.
import DOMPurify from "dompurify";
import Squire from "squire-rte";
import type { EditorOptions } from "../mail/rich-field.js";
import { linkRow } from "../mail/link-row.js";

export interface Editor {
  root: HTMLElement;
  set(html: string): void;
  html(): string;
  text(): string;
  start(): void;
  picture(cid: string, src: string, alt: string): void;
  sign(before: Signed, next: Signed): void;
  close(): void;
}

interface Signed {
  text: string;
  html: string;
}

interface Ways {
  link: () => void;
  picture?: () => void;
}

const CID = "data-cid";
const FORBIDDEN = ["style", "form", "input", "button", "textarea", "select", "svg", "math", "iframe", "video", "audio"];

interface Tool {
  key: string;
  label: string;
  shown: string;
  tag?: string;
  press(editor: Squire, on: boolean, ways: Ways): void;
}

const TOOLS: Tool[] = [
  { key: "b", label: "Gras", shown: "G", tag: "B", press: (e, on) => void (on ? e.removeBold() : e.bold()) },
  { key: "i", label: "Italique", shown: "I", tag: "I", press: (e, on) => void (on ? e.removeItalic() : e.italic()) },
  { key: "u", label: "Souligné", shown: "S", tag: "U", press: (e, on) => void (on ? e.removeUnderline() : e.underline()) },
  { key: "ul", label: "Liste à puces", shown: "•", tag: "UL", press: (e, on) => void (on ? e.removeList() : e.makeUnorderedList()) },
  { key: "ol", label: "Liste numérotée", shown: "1.", tag: "OL", press: (e, on) => void (on ? e.removeList() : e.makeOrderedList()) },
  { key: "quote", label: "Citation", shown: "»", tag: "BLOCKQUOTE", press: (e, on) => void (on ? e.decreaseQuoteLevel() : e.increaseQuoteLevel()) },
  { key: "link", label: "Lien", shown: "Lien", tag: "A", press: (e, on, ways) => void (on ? e.removeLink() : ways.link()) },
  { key: "picture", label: "Image dans le texte", shown: "Image", press: (_e, _on, ways) => ways.picture?.() },
  { key: "clear", label: "Effacer la mise en forme", shown: "Effacer", press: (e) => void e.removeAllFormatting() },
];

export function fromText(text: string): string {
  const escape = (line: string): string => {
    const holder = document.createElement("div");
    holder.textContent = line;
    return holder.innerHTML;
  };
  const lines: string[] = [];
  let depth = 0;
  for (const line of text.split("\n")) {
    const mark = /^(?:> ?)+/.exec(line)?.[0] ?? "";
    const wanted = (mark.match(/>/g) ?? []).length;
    for (; depth < wanted; depth += 1) lines.push("<blockquote>");
    for (; depth > wanted; depth -= 1) lines.push("</blockquote>");
    lines.push(`<div>${escape(line.slice(mark.length)) || "<br>"}</div>`);
  }
  for (; depth > 0; depth -= 1) lines.push("</blockquote>");
  return lines.join("");
}

const STYLE = "data-style";
// What a letter is made of. Nothing that moves over the page, and no address: the page's policy would stop it anyway.
const SHOWN = /^(?:color|background-color|font-.*|text-.*|line-height|white-space|vertical-align|list-style-type|border.*|padding.*|margin.*|(?:max-|min-)?(?:width|height))$/;

// A tag as browsers and our cleaning write them: what is written otherwise only loses its style.
const STYLED = /(<[a-z][a-z0-9]*(?:\s[a-z-]+="[^"]*")*?\s)style="/gi;

/** The same markup with its styles set aside: the page's policy takes none from markup, only from a script. */
function styleless(html: string): string {
  return html.replace(STYLED, `$1${STYLE}="`);
}

function restyled(html: string): string {
  return html.replaceAll(` ${STYLE}="`, ' style="');
}

function restyle(element: HTMLElement): void {
  const wanted = document.createElement("i").style;
  wanted.cssText = element.getAttribute(STYLE) ?? "";
  element.removeAttribute(STYLE);
  for (const name of wanted) {
    const value = wanted.getPropertyValue(name);
    if (SHOWN.test(name) && !/url|image|var\(|env\(/i.test(value)) element.style.setProperty(name, value);
  }
}

/** A fragment that can do nothing; pictures of the letter are shown from the content host, others not at all. */
function purified(html: string, pictures: Record<string, string>): DocumentFragment {
  const fragment = DOMPurify.sanitize(styleless(html), {
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: ["id", "class", "name", "srcset"],
    ALLOW_ARIA_ATTR: false,
    ADD_ATTR: [CID, STYLE],
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|cid:)/i,
  });
  for (const styled of fragment.querySelectorAll<HTMLElement>(`[${STYLE}]`)) restyle(styled);
  for (const image of fragment.querySelectorAll("img")) {
    const source = image.getAttribute("src") ?? "";
    const name = image.getAttribute(CID) ?? (source.startsWith("cid:") ? source.slice(4) : "");
    const shown = name ? pictures[name] : undefined;
    if (!shown) {
      image.remove();
      continue;
    }
    image.setAttribute(CID, name);
    image.setAttribute("src", shown);
  }
  return fragment;
}

/** The signature as formatted text, after its two dashes. */
function signature({ text, html }: Signed): string {
  return text ? fromText("-- ") + (html || fromText(text)) : "";
}

function squashed(node: Node): string {
  return (node.textContent ?? "").replace(/[\s\u200b]+/g, "");
}

/** Where the blocks of a text begin and end that say these words and nothing else; null when they were changed. */
function found(blocks: Element[], words: string): [number, number] | null {
  for (const from of blocks.keys()) {
    let said = "";
    for (let to = from; to < blocks.length && words.startsWith(said); to += 1) {
      const block = blocks[to];
      said += block ? squashed(block) : "";
      if (said === words && (blocks[from] && squashed(blocks[from]))) return [from, to];
    }
  }
  return null;
}

export function open(place: HTMLElement, { label, pictures, changed, choosePicture }: EditorOptions): Editor {
  const bar = document.createElement("div");
  bar.className = "mail-editor__bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Mise en forme");
  bar.setAttribute("aria-controls", "texte-mis-en-forme");
  const root = document.createElement("div");
  root.className = "mail-editor__text";
  root.id = "texte-mis-en-forme";
  root.setAttribute("role", "textbox");
  root.setAttribute("aria-multiline", "true");
  const title = document.createElement("p");
  title.className = "field__label mail-editor__title";
  title.id = "titre-mis-en-forme";
  title.textContent = label;
  root.setAttribute("aria-labelledby", title.id);
  root.lang = "fr";
  const editor = new Squire(root, {
    blockTag: "DIV",
    sanitizeToDOMFragment: (html: string) => purified(html, pictures),
  });
  const row = linkRow(editor, changed);
  place.replaceChildren(bar, row.element, root);
  place.before(title);
  const ways: Ways = { link: () => row.ask(), ...(choosePicture ? { picture: choosePicture } : {}) };
  const tools = TOOLS.filter((tool) => tool.key !== "picture" || choosePicture);
  const buttons = tools.map((tool, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `mail-editor__tool mail-editor__tool--${tool.key}`;
    const shown = document.createElement("span");
    shown.textContent = tool.shown;
    shown.setAttribute("aria-hidden", "true");
    const name = document.createElement("span");
    name.className = "visually-hidden";
    name.textContent = tool.label;
    button.append(shown, name);
    button.title = tool.label;
    button.tabIndex = at === 0 ? 0 : -1;
    if (tool.tag) button.setAttribute("aria-pressed", "false");
    // The selection stays in the text while the mouse presses.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      // What is selected now: the editor itself hears of it later, and would act on what was selected before.
      const chosen = document.getSelection();
      if (chosen?.rangeCount && root.contains(chosen.anchorNode)) editor.setSelection(chosen.getRangeAt(0).cloneRange());
      tool.press(editor, button.getAttribute("aria-pressed") === "true", ways);
      show();
      changed();
    });
    return button;
  });
  bar.append(...buttons);
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : step ? (at + step + buttons.length) % buttons.length : -1;
    if (event.key === "Escape") root.focus();
    if (event.key === "Enter" && at >= 0) {
      // A tool gives the focus back to the text: without this the same key would then replace what is selected there.
      event.preventDefault();
      buttons[at]?.click();
      return;
    }
    if (at < 0 || to < 0) return;
    event.preventDefault();
    for (const [index, button] of buttons.entries()) button.tabIndex = index === to ? 0 : -1;
    buttons[to]?.focus();
  });
  const show = (): void => {
    for (const [at, tool] of tools.entries()) {
      if (tool.tag) buttons[at]?.setAttribute("aria-pressed", String(editor.hasFormat(tool.tag)));
    }
  };
  editor.addEventListener("pathChange", show);
  editor.addEventListener("select", show);
  editor.addEventListener("input", changed);

  return {
    root,
    set: (html) => void editor.setHTML(html || "<div><br></div>"),
    html() {
      const copy = document.createElement("template");
      copy.innerHTML = styleless(editor.getHTML());
      for (const image of copy.content.querySelectorAll(`img[${CID}]`)) {
        image.setAttribute("src", `cid:${image.getAttribute(CID) ?? ""}`);
        image.removeAttribute(CID);
      }
      return restyled(copy.innerHTML);
    },
    // The space after the two dashes is lost on screen, and is what makes a signature of them.
    text: () => root.innerText.replaceAll("\u200b", "").replace(/^--$/gm, "-- "),
    start() {
      editor.moveCursorToStart();
      editor.focus();
    },
    picture(cid, src, alt) {
      pictures[cid] = src;
      editor.insertImage(src, { [CID]: cid, alt: alt || "image" });
      changed();
    },
    sign(before, next) {
      const copy = document.createElement("template");
      copy.innerHTML = styleless(editor.getHTML());
      const former = document.createElement("template");
      former.innerHTML = styleless(signature(before));
      const fresh = document.createElement("template");
      fresh.innerHTML = styleless(signature(next));
      const blocks = [...copy.content.children];
      const at = before.text ? found(blocks, squashed(former.content)) : null;
      if (at) {
        blocks[at[0]]?.before(fresh.content);
        for (const block of blocks.slice(at[0], at[1] + 1)) block.remove();
      } else copy.content.append(fresh.content);
      editor.setHTML(restyled(copy.innerHTML));
      changed();
    },
    close() {
      editor.destroy();
      title.remove();
      place.replaceChildren();
    },
  };
}
