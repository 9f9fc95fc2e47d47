// <nm-file data-then="/…"><form method="post">…</form></nm-file>: a form answered by a file to keep. A browser that
// downloads stays on the page, which does not know yet what the file changed: once the file is here, `then` opens.
// Without JavaScript the file comes all the same, and the page is opened again by hand.
class FileForm extends HTMLElement {
  #busy = false;

  connectedCallback(): void {
    this.addEventListener("submit", (event) => {
      if (!(event.target instanceof HTMLFormElement)) return;
      event.preventDefault();
      void this.#send(event.target);
    });
  }

  async #send(form: HTMLFormElement): Promise<void> {
    if (this.#busy) return; // pressed twice: one file
    this.#busy = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];
      if (answer.ok && name) {
        await this.#keep(await answer.blob(), name);
        window.location.assign(this.dataset["then"] ?? window.location.href);
      } else if (answer.redirected) {
        window.location.assign(answer.url); // a proof of identity is asked first
      } else {
        form.submit(); // refused: the page that says why
      }
    } catch {
      form.submit(); // no network: the browser says so
    } finally {
      this.#busy = false;
    }
  }

  async #keep(file: Blob, name: string): Promise<void> {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    await new Promise((done) => setTimeout(done, 300)); // leaving at once would cut the file short
    URL.revokeObjectURL(link.href);
  }
}

customElements.define("nm-file", FileForm);
