// <nm-password data-show="Afficher" data-hide="Masquer"><input type="password"></nm-password>: shows what is typed.
class Password extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector("input");
    if (!input || this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    const draw = (): void => {
      const shown = input.type === "text";
      button.textContent = (shown ? this.dataset["hide"] : this.dataset["show"]) ?? "";
      button.setAttribute("aria-label", `${button.textContent} ${this.#name(input)}`);
    };
    button.addEventListener("click", () => {
      input.type = input.type === "password" ? "text" : "password";
      draw();
    });
    // A browser must not keep it as ordinary text.
    input.form?.addEventListener("submit", () => (input.type = "password"));
    draw();
    this.append(button);
  }

  #name(input: HTMLInputElement): string {
    return (input.labels?.[0]?.textContent ?? "").trim().toLowerCase();
  }
}

customElements.define("nm-password", Password);
