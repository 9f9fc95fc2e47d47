// The list under « À », « Copie » and « Copie cachée »: an ARIA combobox whose choices come from the server.
// Arrows choose, Enter or Tab takes, Escape closes; what is typed by hand stays as it is.
interface Person {
  name: string;
  detail: string;
  value: string;
  kind: string;
  outside: boolean;
  absence: string;
  substitute: string;
  substitute_value: string;
}

const PAUSE = 180;
const CROWD = 5; // this many outsiders are counted, no longer named one by one
const NAMED = 3;
const SHORTEST = 2;
let made = 0;

/** The pieces of a field: what separates them may also stand between quotation marks. */
export function lastPiece(typed: string): { before: string; piece: string } {
  let inside = false;
  let start = 0;
  for (let at = 0; at < typed.length; at += 1) {
    if (typed[at] === '"') inside = !inside;
    if (!inside && ",;\n".includes(typed[at] ?? "")) start = at + 1;
  }
  return { before: typed.slice(0, start).trimEnd(), piece: typed.slice(start).trim() };
}

export class Recipients {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLUListElement;
  readonly #said: HTMLElement;
  readonly #about: HTMLElement | null;
  readonly #url: string;
  readonly #changed: () => void;
  #people: Person[] = [];
  #chosen = -1;
  #timer = 0;
  #asked: AbortController | null = null;

  constructor(input: HTMLInputElement, url: string, about: HTMLElement | null, changed: () => void) {
    made += 1;
    this.#input = input;
    this.#url = url;
    this.#about = about;
    this.#changed = changed;
    this.#list = document.createElement("ul");
    this.#list.className = "mail-people";
    this.#list.id = `personnes-${made}`;
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", "Personnes proposées");
    this.#list.hidden = true;
    this.#said = document.createElement("span");
    this.#said.className = "visually-hidden";
    this.#said.setAttribute("role", "status");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.#list.id);
    input.after(this.#list, this.#said);
    input.addEventListener("input", () => this.#later());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => window.setTimeout(() => this.#close(), 150));
    input.addEventListener("change", () => void this.tell());
    // Not click: the field would lose the focus, and the list close, before it.
    this.#list.addEventListener("pointerdown", (event) => {
      const line = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (!line) return;
      event.preventDefault();
      this.#take(Number(line.dataset["at"]));
    });
  }

  #later(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#look(), PAUSE);
  }

  async #look(): Promise<void> {
    const { piece } = lastPiece(this.#input.value);
    this.#asked?.abort();
    if (piece.length < SHORTEST || piece.includes(">")) {
      this.#close();
      return;
    }
    this.#asked = new AbortController();
    try {
      const answer = await fetch(`${this.#url}?q=${encodeURIComponent(piece)}`, {
        headers: { "X-Background": "1" },
        redirect: "manual", // to the sign-in page, when the session was closed elsewhere: sending says so
        signal: this.#asked.signal,
      });
      if (!answer.ok) return;
      this.#people = ((await answer.json()) as { people: Person[] }).people;
      this.#show();
    } catch (error) {
      // An older question that a newer one replaced; without network, what is typed by hand still counts.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    }
  }

  #show(): void {
    this.#chosen = -1;
    this.#input.removeAttribute("aria-activedescendant");
    this.#list.replaceChildren(...this.#people.map((person, at) => this.#line(person, at)));
    const count = this.#people.length;
    this.#list.hidden = count === 0;
    this.#input.setAttribute("aria-expanded", String(count > 0));
    this.#said.textContent =
      count === 0 ? "Aucune proposition" : `${count} proposition${count > 1 ? "s" : ""}, flèches pour choisir`;
  }

  #line(person: Person, at: number): HTMLLIElement {
    const line = document.createElement("li");
    line.id = `${this.#list.id}-${at}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.dataset["at"] = String(at);
    line.className = "mail-people__line";
    const name = document.createElement("span");
    name.className = "mail-people__name";
    name.textContent = person.name;
    const detail = document.createElement("span");
    detail.className = "mail-people__detail";
    detail.textContent = person.detail;
    line.append(name, " ", detail);
    for (const mark of [person.outside ? "Extérieur" : "", person.absence]) {
      if (!mark) continue;
      const badge = document.createElement("span");
      badge.className = "badge badge--warning";
      badge.textContent = mark;
      line.append(" ", badge);
    }
    return line;
  }

  #key(event: KeyboardEvent): void {
    if (this.#list.hidden) return;
    const count = this.#people.length;
    if (event.key === "ArrowDown") this.#mark((this.#chosen + 1) % count);
    else if (event.key === "ArrowUp") this.#mark((this.#chosen - 1 + count) % count);
    else if (event.key === "Enter" && this.#chosen >= 0) this.#take(this.#chosen);
    else if (event.key === "Tab" && this.#chosen >= 0) {
      this.#take(this.#chosen);
      return;
    } else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #mark(at: number): void {
    this.#chosen = at;
    for (const [index, line] of [...this.#list.children].entries()) {
      line.setAttribute("aria-selected", String(index === at));
      if (index === at) {
        this.#input.setAttribute("aria-activedescendant", line.id);
        line.scrollIntoView({ block: "nearest" });
      }
    }
  }

  #take(at: number): void {
    const person = this.#people[at];
    if (!person) return;
    this.add(person.value, true);
    this.#close();
    this.#said.textContent = `${person.name} ajouté`;
  }

  /** Puts somebody in the field, in the place of what was being typed when `instead`. */
  add(value: string, instead = false): void {
    const { before, piece } = lastPiece(this.#input.value);
    const kept = instead ? before : [before, piece].filter(Boolean).join(" ");
    const start = kept && !/[,;]$/.test(kept) ? `${kept},` : kept;
    this.#input.value = `${start}${start ? " " : ""}${value}, `;
    this.#changed();
    void this.tell();
  }

  #close(): void {
    window.clearTimeout(this.#timer);
    this.#list.hidden = true;
    this.#chosen = -1;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  /** Says, under the field, who is away, with their substitute, and who is from outside. */
  async tell(): Promise<void> {
    if (!this.#about) return;
    if (!this.#input.value.includes("@")) {
      this.#about.replaceChildren();
      return;
    }
    const answer = await fetch(`${this.#url}?adresses=${encodeURIComponent(this.#input.value.slice(0, 2000))}`, {
      headers: { "X-Background": "1" },
      redirect: "manual",
    }).catch(() => null);
    if (!answer?.ok) return;
    const { people } = (await answer.json()) as { people: Person[] };
    const outside = people.filter((person) => person.outside && !person.absence);
    const alone = people.filter((person) => person.absence || (person.outside && outside.length < CROWD));
    const lines = alone.map((person) => this.#note(person));
    if (outside.length >= CROWD) lines.push(this.#crowd(outside.map((person) => person.name)));
    this.#about.replaceChildren(...lines);
  }

  /** A long list is counted, where a line for each would push the message off the screen. */
  #crowd(names: string[]): HTMLElement {
    const line = document.createElement("span");
    line.className = "mail-compose__note";
    const others = names.length - NAMED;
    line.textContent = `${names.length} personnes extérieures à la collectivité\u00a0: ${names.slice(0, NAMED).join(", ")} et ${others} autres. `;
    return line;
  }

  #note(person: Person): HTMLElement {
    const line = document.createElement("span");
    line.className = "mail-compose__note";
    const words = [person.outside ? "extérieur à la collectivité" : "", person.absence].filter(Boolean).join(", ");
    line.textContent = `${person.name}\u00a0: ${words}. `;
    if (person.substitute_value) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--quiet";
      button.textContent = `Écrire aussi à ${person.substitute}`;
      button.addEventListener("click", () => this.add(person.substitute_value));
      line.append(button);
    }
    return line;
  }
}
