// <nm-signature data-editor="…">: the form of an identity, whose signature may be formatted. Without it, it has its lines.
import { RichField } from "../mail/rich-field.js";

class Signature extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    const field = new RichField(this, form, {
      source: this.dataset["editor"] ?? "",
      text: "signature",
      html: "signature_html",
      editor: { label: "Signature", pictures: {}, changed: () => undefined },
    });
    this.querySelector("[data-format]")?.addEventListener("click", () => void field.toggle());
    form.addEventListener("submit", () => field.settle());
    if ((form.elements.namedItem("signature_html") as HTMLInputElement | null)?.value) void field.enrich(false);
  }
}

customElements.define("nm-signature", Signature);
