// <nm-bell data-url="/notifications/nombre/" data-words="non lues"><a class="bell">…</a></nm-bell>
// Asks once a minute, only while the page is looked at, how many notifications wait; says the new one. The request is
// marked as made by the page itself: it does not prolong the session.
import { announce } from "./live.js";

const EVERY = 60_000;

interface Answer {
  unread: number;
  latest: string;
}

class Bell extends HTMLElement {
  #timer = 0;
  #known = 0;

  connectedCallback(): void {
    this.#known = Number(this.querySelector(".bell__count")?.textContent?.replace(/\D/g, "") ?? 0);
    this.#timer = window.setInterval(() => void this.#ask(), EVERY);
    document.addEventListener("visibilitychange", this.#seen);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#seen);
  }

  #seen = (): void => void this.#ask();

  async #ask(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(this.dataset["url"] ?? "", { headers: { "X-Background": "1" }, redirect: "manual" }).catch(() => null);
    // Offline, or signed out elsewhere: the session's own warning says so.
    if (!answer?.ok) return;
    const { unread, latest } = (await answer.json()) as Answer;
    if (unread > this.#known && latest) announce(latest);
    if (unread !== this.#known) this.#draw(unread);
    this.#known = unread;
  }

  #draw(unread: number): void {
    const bell = this.querySelector(".bell");
    bell?.querySelectorAll(".bell__count, .bell__count + .visually-hidden").forEach((part) => part.remove());
    if (!bell || !unread) return;
    const count = document.createElement("span");
    count.className = "bell__count";
    count.textContent = unread < 100 ? String(unread) : "99+";
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = this.dataset["words"] ?? "";
    bell.append(count, words);
  }
}

customElements.define("nm-bell", Bell);
