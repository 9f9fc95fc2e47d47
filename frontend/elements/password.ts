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
    };
    button.addEventListener("click", () => {
      input.type = input.type === "password" ? "text" : "password";
      draw();
    });
    // Described, not named, by the field's label: « Mot de passe » stays the name of the field alone.
    const label = input.labels?.[0];
    if (label) button.setAttribute("aria-describedby", (label.id ||= `${input.id}_label`));
    // A browser must not keep it as ordinary text.
    input.form?.addEventListener("submit", () => (input.type = "password"));
    draw();
    this.append(button);
  }
}

customElements.define("nm-password", Password);
