// Formatted text: Squire, which keeps any quoted HTML as it is, behind a toolbar that works by keyboard and by ear.
// All that enters, quotation or paste, passes through DOMPurify; the server cleans once more what it receives.
import DOMPurify from "dompurify";
import Squire from "squire-rte";

export interface Editor {
  root: HTMLElement;
  set(html: string): void;
  html(): string;
  text(): string;
  start(): void;
  picture(cid: string, src: string, alt: string): void;
  sign(before: string, next: string): void;
  close(): void;
}

interface Options {
  pictures: Record<string, string>;
  changed: () => void;
}

const CID = "data-cid";
const FORBIDDEN = ["style", "form", "input", "button", "textarea", "select", "svg", "math", "iframe", "video", "audio"];

interface Tool {
  key: string;
  label: string;
  shown: string;
  tag?: string;
  press(editor: Squire, on: boolean): void;
}

const TOOLS: Tool[] = [
  { key: "b", label: "Gras", shown: "G", tag: "B", press: (editor, on) => void (on ? editor.removeBold() : editor.bold()) },
  { key: "i", label: "Italique", shown: "I", tag: "I", press: (e, on) => void (on ? e.removeItalic() : e.italic()) },
  { key: "u", label: "Souligné", shown: "S", tag: "U", press: (e, on) => void (on ? e.removeUnderline() : e.underline()) },
  { key: "ul", label: "Liste à puces", shown: "•", tag: "UL", press: (e, on) => void (on ? e.removeList() : e.makeUnorderedList()) },
  { key: "ol", label: "Liste numérotée", shown: "1.", tag: "OL", press: (e, on) => void (on ? e.removeList() : e.makeOrderedList()) },
  { key: "quote", label: "Citation", shown: "»", tag: "BLOCKQUOTE", press: (e, on) => void (on ? e.decreaseQuoteLevel() : e.increaseQuoteLevel()) },
  { key: "link", label: "Lien", shown: "Lien", tag: "A", press: (e, on) => void (on ? e.removeLink() : link(e)) },
  { key: "clear", label: "Effacer la mise en forme", shown: "Effacer", press: (e) => void e.removeAllFormatting() },
];

function link(editor: Squire): void {
  const typed = window.prompt("Adresse du lien", "https://");
  if (typed && /^(https?:\/\/|mailto:)\S+$/i.test(typed)) editor.makeLink(typed);
}

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

/** A fragment that can do nothing; pictures of the letter are shown from the content host, others not at all. */
function purified(html: string, pictures: Record<string, string>): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: ["id", "class", "name", "srcset"],
    ALLOW_ARIA_ATTR: false,
    ADD_ATTR: [CID],
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|cid:)/i,
  });
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

export function open(place: HTMLElement, { pictures, changed }: Options): Editor {
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
  root.setAttribute("aria-label", "Message");
  root.lang = "fr";
  place.replaceChildren(bar, root);
  const editor = new Squire(root, {
    blockTag: "DIV",
    sanitizeToDOMFragment: (html: string) => purified(html, pictures),
  });
  const buttons = TOOLS.map((tool, at) => {
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
      tool.press(editor, button.getAttribute("aria-pressed") === "true");
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
    for (const [at, tool] of TOOLS.entries()) {
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
      copy.innerHTML = editor.getHTML();
      for (const image of copy.content.querySelectorAll(`img[${CID}]`)) {
        image.setAttribute("src", `cid:${image.getAttribute(CID) ?? ""}`);
        image.removeAttribute(CID);
      }
      return copy.innerHTML;
    },
    text: () => root.innerText.replaceAll("\u200b", ""),
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
      const html = editor.getHTML();
      const old = fromText(`-- \n${before}`);
      const fresh = next ? fromText(`-- \n${next}`) : "";
      editor.setHTML(before && html.includes(old) ? html.replace(old, () => fresh) : html + fresh);
      changed();
    },
    close() {
      editor.destroy();
      place.replaceChildren();
    },
  };
}
