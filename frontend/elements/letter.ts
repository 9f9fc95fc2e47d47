// <nm-letter data-filled="…">: on the sign-in page, what the square of an activation letter carries after « # » fills the
// form, and leaves the address at once, so that neither the history nor a screenshot of the address keeps it.
class Letter extends HTMLElement {
  connectedCallback(): void {
    const carried = new URLSearchParams(window.location.hash.slice(1));
    const login = carried.get("login");
    const code = carried.get("code");
    if (!login || !code) return;
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
    const form = this.closest("form");
    const name = form?.querySelector<HTMLInputElement>("input[name=login]");
    const secret = form?.querySelector<HTMLInputElement>("input[name=password]");
    if (!form || !name || !secret) return;
    name.value = login;
    secret.value = code;
    this.textContent = this.dataset["filled"] ?? "";
    form.querySelector<HTMLButtonElement>("button[type=submit]")?.focus();
  }
}

customElements.define("nm-letter", Letter);
