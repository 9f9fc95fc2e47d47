// <nm-session data-idle="1800" data-left="40000" data-url="/connexion/prolonger/" data-after="/connexion/">
// Announces, two minutes before, that the session will close; one button keeps it open. The clock starts again at each
// request that the server counts as activity, in this tab or another one of the portal.
import { announce } from "./live.js";

const WARN_BEFORE = 120_000;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("nomade-session") : null;

class Session extends HTMLElement {
  #closesAt = 0;
  #endsAt = Infinity;
  #timer = 0;
  #warned = false;

  connectedCallback(): void {
    const left = this.dataset["left"];
    if (left) this.#endsAt = Date.now() + Number(left) * 1000;
    this.#restart();
    channel?.addEventListener("message", () => this.#restart());
    channel?.postMessage("active");
    document.addEventListener("htmx:after:request", (event) => {
      const context = (event as CustomEvent<{ ctx?: { request?: { headers?: Record<string, string> } } }>).detail?.ctx;
      if (context?.request?.headers && "X-Background" in context.request.headers) return;
      this.#restart();
      channel?.postMessage("active");
    });
    document.addEventListener("visibilitychange", () => this.#check());
    this.querySelector("[data-stay]")?.addEventListener("click", () => void this.#stay());
    this.#dialog?.addEventListener("cancel", (event) => {
      event.preventDefault();
      void this.#stay();
    });
    // A form that is being sent must not be answered by the door: the server decides, this only warns.
    this.#timer = window.setInterval(() => this.#check(), 1000);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.#timer);
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  #restart(): void {
    this.#closesAt = Math.min(Date.now() + Number(this.dataset["idle"] ?? "1800") * 1000, this.#endsAt);
    this.#warned = false;
    if (this.#dialog?.open) this.#dialog.close();
  }

  #check(): void {
    const left = this.#closesAt - Date.now();
    if (left <= 0) {
      window.clearInterval(this.#timer);
      const back = encodeURIComponent(location.pathname + location.search);
      const why = this.#closesAt < this.#endsAt ? "idle" : "longest";
      location.assign(`${this.dataset["after"] ?? "/"}?suite=${back}&fin=${why}`);
    } else if (left <= WARN_BEFORE && !this.#warned) {
      this.#warned = true;
      if (!this.#dialog?.open) this.#dialog?.showModal();
    }
  }

  async #stay(): Promise<void> {
    const token = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
    try {
      const answer = await fetch(this.dataset["url"] ?? "", {
        method: "POST",
        headers: { "X-CSRFToken": token, "HX-Request": "true" },
        credentials: "same-origin",
        redirect: "manual",
      });
      if (answer.ok) {
        this.#restart();
        channel?.postMessage("active");
        announce("Vous restez connecté.");
      } else {
        this.#closesAt = Date.now();
      }
    } catch {
      announce("Le portail ne répond pas. Réessayez.");
    }
  }
}

customElements.define("nm-session", Session);
