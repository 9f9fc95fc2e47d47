// <nm-leaving data-seconds="20">: « Annuler l'envoi » is offered as long as the server holds the letter, then goes away.
class Leaving extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    const seconds = Number(this.dataset["seconds"]);
    this.#timer = window.setTimeout(() => this.remove(), seconds * 1000);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
  }
}

customElements.define("nm-leaving", Leaving);
