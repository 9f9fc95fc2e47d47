// Files sent one by one while the letter is written: each says how far it is, what went wrong, and may be stopped.
export interface Answer {
  message: string;
  revision?: number;
  page?: string;
  files?: string;
  cid?: string;
  src?: string;
}

const NBSP = "\u00a0";

export class Uploads {
  readonly #list: HTMLElement;
  readonly #url: string;
  readonly #limit: number;
  readonly #fields: () => FormData;
  readonly #done: (answer: Answer) => void;
  #running = new Set<Promise<void>>();

  constructor(list: HTMLElement, url: string, limit: number, fields: () => FormData, done: (answer: Answer) => void) {
    this.#list = list;
    this.#url = url;
    this.#limit = limit;
    this.#fields = fields;
    this.#done = done;
  }

  /** When all that is on its way has arrived or failed. */
  async settled(): Promise<void> {
    while (this.#running.size) await Promise.all(this.#running);
  }

  async add(files: Iterable<File>): Promise<void> {
    for (const file of files) await this.#track(this.#send(file, false).then(() => undefined));
  }

  /** A picture of the text; its name in it, and where it is shown from. */
  async picture(file: File): Promise<Answer | null> {
    const sent = this.#send(file, true);
    await this.#track(sent.then(() => undefined));
    return sent;
  }

  async #track(sent: Promise<void>): Promise<void> {
    this.#running.add(sent);
    await sent;
    this.#running.delete(sent);
  }

  /** Says why something was not taken at all. */
  refuse(said: string): void {
    const { line, words } = this.#line("");
    this.#fail(line, words, said);
  }

  #line(name: string): { line: HTMLElement; words: HTMLElement } {
    const line = document.createElement("li");
    line.className = "mail-compose__upload";
    const words = document.createElement("span");
    words.textContent = name;
    line.append(words);
    this.#list.append(line);
    return { line, words };
  }

  #send(file: File, inText: boolean): Promise<Answer | null> {
    const { line, words } = this.#line(file.name || "image collée");
    if (file.size > this.#limit) {
      const most = Math.floor(this.#limit / 1_000_000);
      this.#fail(line, words, `${file.name}\u00a0: trop lourd, la limite est de ${most}${NBSP}Mo pour tout le message.`);
      return Promise.resolve(null);
    }
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.setAttribute("aria-label", `Envoi de ${file.name}`);
    const stop = document.createElement("button");
    stop.type = "button";
    stop.className = "button button--quiet";
    stop.textContent = "Arrêter";
    line.append(bar, stop);
    const body = this.#fields();
    body.append("piece", file, file.name || "image.png");
    if (inText) body.append("dans_le_texte", "1");
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      stop.addEventListener("click", () => request.abort());
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
      });
      request.addEventListener("load", () => {
        const answer = this.#read(request);
        if (request.status === 200 && answer) {
          line.remove();
          this.#done(answer);
          resolve(answer);
        } else {
          const said = answer?.message ?? "le serveur ne l’a pas pris. Recommencez.";
          this.#fail(line, words, `${file.name}\u00a0: ${said}`);
          resolve(null);
        }
      });
      request.addEventListener("error", () => {
        this.#fail(line, words, `${file.name}\u00a0: pas de réseau, le fichier n’est pas joint. Recommencez.`);
        resolve(null);
      });
      request.addEventListener("abort", () => {
        line.remove();
        resolve(null);
      });
      request.open("POST", this.#url);
      request.setRequestHeader("HX-Request", "true");
      request.send(body);
    });
  }

  #read(request: XMLHttpRequest): Answer | null {
    if (!(request.getResponseHeader("Content-Type") ?? "").startsWith("application/json")) return null;
    return JSON.parse(request.responseText) as Answer;
  }

  #fail(line: HTMLElement, words: HTMLElement, said: string): void {
    line.replaceChildren(words);
    line.setAttribute("role", "alert");
    line.classList.add("mail-compose__upload--failed");
    words.textContent = said;
  }
}
