// <nm-proof data-challenge="end.bits.salt.mac" data-working="…" data-done="…"><input type="hidden" name="preuve"><p></p></nm-proof>
// Looks for the number whose SHA-256, with the challenge, begins with enough zero bits; a form sent before waits for it.
const BATCH = 256;

function zeroBits(digest: ArrayBuffer): number {
  let count = 0;
  for (const byte of new Uint8Array(digest)) {
    if (byte === 0) count += 8;
    else return count + Math.clz32(byte) - 24;
  }
  return count;
}

async function solve(challenge: string, alive: () => boolean): Promise<string | null> {
  const bits = Number(challenge.split(".")[1]);
  const encoder = new TextEncoder();
  for (let start = 0; alive(); start += BATCH) {
    const tries = Array.from({ length: BATCH }, (_, index) => `${challenge}:${start + index}`);
    const digests = await Promise.all(tries.map((text) => crypto.subtle.digest("SHA-256", encoder.encode(text))));
    const found = digests.findIndex((digest) => zeroBits(digest) >= bits);
    if (found >= 0) return tries[found] ?? null;
  }
  return null;
}

class Proof extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector("input");
    const challenge = this.dataset["challenge"];
    if (!input?.form || !challenge) return;
    const form = input.form;
    const says = this.querySelector("p");
    let wanted: HTMLElement | null | undefined;
    // The answer is still on its way: keep the click, and send the form once it is there.
    const hold = (event: SubmitEvent): void => {
      event.preventDefault();
      wanted = event.submitter;
      if (says) says.textContent = this.dataset["working"] ?? "";
    };
    form.addEventListener("submit", hold);
    void solve(challenge, () => this.isConnected).then((proof) => {
      if (proof === null) return;
      input.value = proof;
      form.removeEventListener("submit", hold);
      if (says) says.textContent = this.dataset["done"] ?? "";
      if (wanted !== undefined) form.requestSubmit(wanted);
    });
  }
}

customElements.define("nm-proof", Proof);
