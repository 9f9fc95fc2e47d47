// <nm-replay><form method="post">…</form></nm-replay>: sends again, by itself, a form that was kept aside.
// Without JavaScript its button does.
class Replay extends HTMLElement {
  connectedCallback(): void {
    this.querySelector("form")?.requestSubmit();
  }
}

customElements.define("nm-replay", Replay);
