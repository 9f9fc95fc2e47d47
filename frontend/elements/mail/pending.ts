// The keys that are pressed while the mail page waits for an answer.
// While a message is on its way, what acts on the open message waits for it; while something is being done to messages,
// every key waits. A key never acts on another message than the one that was asked for: without it, the key is dropped.

const ON_THE_MESSAGE = "rafe#su";

interface Asked {
  target?: Element | string;
  request?: { action?: string };
  response?: { status: number };
}

function asked(event: Event): Asked {
  return (event as CustomEvent<{ ctx?: Asked }>).detail?.ctx ?? {};
}

export class Pending {
  private coming: Asked | null = null;
  private deeds = new Set<Asked>();
  private keys: string[] = [];

  constructor(
    private readonly page: HTMLElement,
    private readonly act: (key: string) => boolean,
    private readonly openKey: () => string,
  ) {}

  listen(): void {
    document.addEventListener("htmx:before:request", this.begun);
    document.addEventListener("htmx:finally:request", this.ended);
  }

  stop(): void {
    document.removeEventListener("htmx:before:request", this.begun);
    document.removeEventListener("htmx:finally:request", this.ended);
  }

  /** Whether this key waits. */
  keeps(key: string, ticked: boolean): boolean {
    const waits = this.deeds.size > 0 || (this.coming !== null && !ticked && ON_THE_MESSAGE.includes(key));
    if (waits) this.keys.push(key);
    return waits;
  }

  private begun = (event: Event): void => {
    const one = asked(event);
    if (one.target === this.page) this.deeds.add(one);
    else if (one.target instanceof Element && one.target.id === "mail-message") this.coming = one;
  };

  private ended = (event: Event): void => {
    const one = asked(event);
    const deed = this.deeds.delete(one);
    const message = one === this.coming;
    if (message) this.coming = null;
    if ((!deed && !message) || this.deeds.size > 0 || this.coming) return;
    const keys = this.keys.splice(0);
    const wanted = /message\/(\d+-\d+)\//.exec(one.request?.action ?? "")?.[1];
    const refused = !one.response || one.response.status >= 400;
    if (refused || (message && wanted !== this.openKey())) return;
    for (const [at, key] of keys.entries()) {
      if (this.deeds.size > 0 || this.coming) {
        this.keys.push(...keys.slice(at));
        return;
      }
      this.act(key);
    }
  };
}
