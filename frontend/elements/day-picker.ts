// <nm-day-picker> … <button name="jour" value="2026-12-14"> … </nm-day-picker>, inside the form that holds the two dates.
// A first tap starts a stretch of days, a second one ends it, a third starts another. Arrows move from day to day. The
// two date fields stay the truth: what is typed there shows here.
const WEEK = 7;

class DayPicker extends HTMLElement {
  #form: HTMLFormElement | null = null;

  connectedCallback(): void {
    this.#form = this.closest("form");
    this.addEventListener("click", this.#tap);
    this.addEventListener("keydown", this.#move);
    this.#form?.addEventListener("change", this.#paint);
    this.#paint();
  }

  disconnectedCallback(): void {
    this.#form?.removeEventListener("change", this.#paint);
  }

  #field(name: string): HTMLInputElement | null {
    return this.#form?.querySelector<HTMLInputElement>(`input[name=${name}]`) ?? null;
  }

  #days(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>("button[name=jour]")];
  }

  #tap = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[name=jour]");
    const [first, last] = [this.#field("first_day"), this.#field("last_day")];
    if (!button || !first || !last) return;
    event.preventDefault();
    const day = button.value;
    const open = first.value !== "" && first.value === last.value;
    const [from, to] = open ? [first.value < day ? first.value : day, last.value > day ? last.value : day] : [day, day];
    last.min = from;
    first.value = from;
    last.value = to;
    last.dispatchEvent(new Event("input", { bubbles: true }));
    last.dispatchEvent(new Event("change", { bubbles: true }));
  };

  #paint = (): void => {
    const [first, last] = [this.#field("first_day")?.value ?? "", this.#field("last_day")?.value ?? ""];
    for (const button of this.#days()) {
      const inside = first !== "" && last !== "" && first <= button.value && button.value <= last;
      button.setAttribute("aria-pressed", String(inside));
    }
  };

  #move = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -WEEK, ArrowDown: WEEK }[event.key];
    const days = this.#days();
    const place = days.indexOf(document.activeElement as HTMLButtonElement);
    if (step === undefined || place < 0) return;
    event.preventDefault();
    days[place + step]?.focus();
  };
}

customElements.define("nm-day-picker", DayPicker);
