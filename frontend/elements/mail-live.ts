// <nm-mail-live data-ticket data-news [data-notify]><a id="mail-rafraichir">…</a></nm-mail-live>
// Listens for new mail on another port of this host; asks once a minute where nothing is pushed. Both are marked as made
// by the page itself: they do not prolong the session. The title says how many messages are unread.
import { announce } from "./live.js";

const EVERY = 60_000;
const LONGEST_PAUSE = 300_000;

interface News {
  unread: number | null;
  sender: string;
  subject: string;
}

class MailLive extends HTMLElement {
  #source: EventSource | null = null;
  #timer = 0;
  #retry = 0;
  #pause = 5_000;
  #known = -1;

  connectedCallback(): void {
    void this.#listen();
    this.addEventListener("htmx:before:swap", this.#swapping);
    this.#timer = window.setInterval(() => !this.#source && document.visibilityState === "visible" && void this.#ask(false), EVERY);
    // What htmx swaps brings a title of its own: the count is back in it before anything is painted.
    this.#title.observe(document.head, { childList: true, subtree: true, characterData: true });
    void this.#ask(false);
    if (this.hasAttribute("data-notify") && "Notification" in window && Notification.permission === "default") {
      // Browsers want a gesture before they ask.
      document.addEventListener("click", () => void Notification.requestPermission(), { once: true });
    }
  }

  disconnectedCallback(): void {
    this.#source?.close();
    window.clearInterval(this.#timer);
    window.clearTimeout(this.#retry);
    this.#title.disconnect();
  }

  async #get<T>(url: string): Promise<T | null> {
    const answer = await fetch(url, { headers: { "X-Background": "1" }, redirect: "manual" }).catch(() => null);
    return answer?.ok ? ((await answer.json()) as T) : null;
  }

  async #listen(): Promise<void> {
    const ticket = await this.#get<{ url: string }>(this.dataset["ticket"] ?? "");
    if (!ticket?.url || !this.isConnected) return;
    const source = new EventSource(ticket.url);
    source.addEventListener("ready", () => {
      this.#source = source;
      this.#pause = 5_000;
    });
    source.addEventListener("new", () => void this.#ask(true));
    source.addEventListener("changed", () => void this.#ask(true));
    source.onerror = () => {
      // A ticket serves once: the stream is asked anew, later and later while nobody answers.
      source.close();
      this.#source = null;
      this.#retry = window.setTimeout(() => void this.#listen(), this.#pause);
      this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    };
  }

  async #ask(changed: boolean): Promise<void> {
    const news = await this.#get<News>(`${this.dataset["news"]}${changed ? "?nouveau=1" : ""}`);
    if (!news || news.unread === null) return;
    const more = this.#known >= 0 && news.unread > this.#known;
    const different = this.#known >= 0 && news.unread !== this.#known;
    this.#known = news.unread;
    this.#titled();
    if (changed || different) this.#refresh();
    if (!more) return;
    announce(`Nouveau message de ${news.sender || "un correspondant"} : ${news.subject || "sans objet"}.`);
    this.#notify(news);
  }

  #refresh(): void {
    // The link's address names what was just done, so that the new list still offers to undo it. The list is left alone
    // while one ticks messages in it; a gesture that begins meanwhile ends this request (hx-sync).
    if (!this.#ticked()) this.querySelector<HTMLAnchorElement>("#mail-rafraichir")?.click();
  }

  #ticked(): boolean {
    return document.querySelector("nm-mail[data-ticked]") !== null;
  }

  #swapping = (event: Event): void => {
    if (this.#ticked()) event.preventDefault();
  };

  #titled = (): void => {
    if (this.#known < 0) return;
    const bare = document.title.replace(/^\(\d+\) /, "");
    const wanted = this.#known > 0 ? `(${this.#known}) ${bare}` : bare;
    if (document.title !== wanted) document.title = wanted;
  };

  readonly #title = new MutationObserver(this.#titled);

  #notify(news: News): void {
    if (!this.hasAttribute("data-notify") || !("Notification" in window) || Notification.permission !== "granted") return;
    if (document.visibilityState === "visible" && document.hasFocus()) return;
    const shown = new Notification(news.sender || "Nouveau message", { body: news.subject, tag: "nomade-mail" });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  }
}

customElements.define("nm-mail-live", MailLive);
