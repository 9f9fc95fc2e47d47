// <nm-autosave data-url="/brouillons/leave.new/"><form>…<p data-saved></p></form></nm-autosave>
// Keeps what is typed as a draft on the server, a moment after the last key and when the page goes away. What was typed
// comes back with the page, after a new sign-in or on another device. Nothing is kept once the form is sent.
const PAUSE = 800;
const RETRY = 10_000;
// Typing keeps the session open on the server; <nm-session> is told so.
const session = "BroadcastChannel" in window ? new BroadcastChannel("nomade-session") : null;

class Autosave extends HTMLElement {
  #timer = 0;
  #dirty = false;

  connectedCallback(): void {
    this.addEventListener("input", () => this.#later(PAUSE));
    this.addEventListener("change", () => this.#later(PAUSE));
    this.addEventListener("submit", () => this.#forget());
    document.addEventListener("visibilitychange", this.#leave);
    window.addEventListener("pagehide", this.#leave);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#leave);
    window.removeEventListener("pagehide", this.#leave);
  }

  #later(wait: number): void {
    this.#dirty = true;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#save(false), wait);
  }

  #forget(): void {
    this.#dirty = false;
    window.clearTimeout(this.#timer);
  }

  #leave = (): void => {
    if (this.#dirty && document.visibilityState === "hidden") void this.#save(true);
  };

  async #save(leaving: boolean): Promise<void> {
    const form = this.querySelector("form");
    if (!form || !this.#dirty) return;
    window.clearTimeout(this.#timer);
    this.#dirty = false;
    // Text only: a file is kept by its own field.
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") typed.append(name, value);
    try {
      const answer = await fetch(this.dataset["url"] ?? "", {
        method: "POST",
        body: typed,
        headers: { "HX-Request": "true" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: leaving,
      });
      if (answer.ok) {
        session?.postMessage("active");
        const { saved_at } = (await answer.json()) as { saved_at: string };
        this.#say(`Brouillon gardé à ${saved_at.replace(":", "\u00a0h\u00a0")}`);
      } else if (answer.status === 422) {
        this.#say(((await answer.json()) as { message: string }).message);
      } else {
        this.#say("Votre session est fermée\u00a0: reconnectez-vous, le dernier brouillon gardé vous attend.");
      }
    } catch {
      this.#say("Pas de réseau\u00a0: le brouillon sera gardé dès son retour.");
      this.#later(RETRY);
    }
  }

  #say(text: string): void {
    const place = this.querySelector("[data-saved]");
    if (place) place.textContent = text;
  }
}

customElements.define("nm-autosave", Autosave);
