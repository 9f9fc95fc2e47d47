// <nm-date-range><input type="date"> … <input type="date"></nm-date-range>
// The second day follows the first: filled when it was empty or earlier, and never offered before it.
class DateRange extends HTMLElement {
  connectedCallback(): void {
    const [first, last] = this.querySelectorAll<HTMLInputElement>("input[type=date]");
    if (!first || !last) return;
    const follow = (): void => {
      last.min = first.value;
      if (first.value && (!last.value || last.value < first.value)) last.value = first.value;
    };
    last.min = first.value;
    first.addEventListener("change", follow);
  }
}

customElements.define("nm-date-range", DateRange);
