// <nm-reveal><span class="reveal__value">…</span><a href="/paie/net/">Montrer</a></nm-reveal>
// Fetches what the link gives and shows it in place; a second press takes it away. It is not in the page before.
class Reveal extends HTMLElement {
  connectedCallback(): void {
    const link = this.querySelector("a");
    const value = this.querySelector(".reveal__value");
    const text = link?.querySelector("span");
    if (!link || !value || !text) return;
    const hidden = value.innerHTML;
    const show = text.textContent ?? "";
    let shown = false;
    const press = async (): Promise<void> => {
      if (shown) {
        shown = false;
        value.innerHTML = hidden;
        text.textContent = show;
        return;
      }
      link.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
        if (!answer.ok) throw new Error(String(answer.status));
        // As text only: what is fetched is never read as HTML here.
        value.textContent = (await answer.text()).trim();
        text.textContent = this.dataset["hide"] ?? show;
        shown = true;
      } catch {
        value.textContent = "Indisponible pour le moment";
      } finally {
        link.removeAttribute("aria-busy");
      }
    };
    link.addEventListener("click", (event) => {
      event.preventDefault();
      void press();
    });
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      void press();
    });
  }
}

customElements.define("nm-reveal", Reveal);
