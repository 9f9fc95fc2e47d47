// <nm-batch data-none data-one data-many> … checkboxes … <a data-all> … <p data-count> </nm-batch>
// Says how many boxes are ticked, and ticks them all without loading the page again.
class Batch extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("change", () => this.say());
    this.querySelector("[data-all]")?.addEventListener("click", (event) => {
      event.preventDefault();
      const boxes = this.boxes();
      const tick = boxes.some((box) => !box.checked);
      for (const box of boxes) box.checked = tick;
      this.say();
    });
    this.say();
  }

  private boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>("input[type=checkbox][name=choix]")];
  }

  private say(): void {
    const count = this.boxes().filter((box) => box.checked).length;
    this.toggleAttribute("data-some", count > 0);
    const { none = "", one = "", many = "" } = this.dataset;
    const region = this.querySelector("[data-count]");
    if (region) region.textContent = count === 0 ? none : count === 1 ? one : many.replace("{n}", String(count));
  }
}

customElements.define("nm-batch", Batch);
