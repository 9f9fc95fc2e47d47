// <form hidden data-passkey><input name="credential" type="hidden">… <nm-passkey data-options="/connexion/cle/options/"
//   data-purpose="sign-in" data-mode="get" data-failed="…"><button>…</button></nm-passkey></form>
// The form shows only where the browser knows passkeys. Sending it first asks the device, then carries its answer.

type Json = Record<string, unknown>;

const bytes = (text: string): ArrayBuffer => {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (sign) => sign.charCodeAt(0)).buffer;
};

const text = (buffer: ArrayBuffer): string => {
  let raw = "";
  for (const byte of new Uint8Array(buffer)) raw += String.fromCharCode(byte);
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const descriptors = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list ?? []) as Json[]).map((one) => ({ type: "public-key", id: bytes(String(one["id"])) }));

// By hand: PublicKeyCredential.parse…FromJSON and toJSON are younger than the browsers that we serve.
async function ask(mode: string, options: Json): Promise<Json> {
  const challenge = bytes(String(options["challenge"]));
  if (mode === "create") {
    const user = options["user"] as Json;
    const made = (await navigator.credentials.create({
      publicKey: {
        ...(options as unknown as PublicKeyCredentialCreationOptions),
        challenge,
        user: { ...(user as unknown as PublicKeyCredentialUserEntity), id: bytes(String(user["id"])) },
        excludeCredentials: descriptors(options["excludeCredentials"]),
      },
    })) as PublicKeyCredential;
    const response = made.response as AuthenticatorAttestationResponse;
    return {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) },
    };
  }
  const used = (await navigator.credentials.get({
    publicKey: {
      ...(options as unknown as PublicKeyCredentialRequestOptions),
      challenge,
      allowCredentials: descriptors(options["allowCredentials"]),
    },
  })) as PublicKeyCredential;
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    id: used.id,
    rawId: text(used.rawId),
    type: used.type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

class Passkey extends HTMLElement {
  connectedCallback(): void {
    const form = this.closest("form");
    if (!form || !("PublicKeyCredential" in window)) return;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      if (this.#answer(form)?.value) return;
      event.preventDefault();
      void this.#run(form);
    });
  }

  #answer(form: HTMLFormElement): HTMLInputElement | null {
    return form.querySelector<HTMLInputElement>("input[name=credential]");
  }

  async #run(form: HTMLFormElement): Promise<void> {
    const said = this.querySelector<HTMLElement>("[data-said]");
    if (said) said.hidden = true;
    this.toggleAttribute("aria-busy", true);
    try {
      const answer = await fetch(this.dataset["options"] ?? "", {
        method: "POST",
        headers: {
          "Content-Type": "application/x-www-form-urlencoded",
          "X-CSRFToken": form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "",
        },
        body: new URLSearchParams({ purpose: this.dataset["purpose"] ?? "" }),
        credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const field = this.#answer(form);
      if (!field) return;
      field.value = JSON.stringify(await ask(this.dataset["mode"] ?? "get", (await answer.json()) as Json));
      form.requestSubmit();
    } catch {
      // Refused, timed out, or no passkey here: the device has said why, the page says what else one can do.
      if (said) {
        said.hidden = false;
        said.textContent = this.dataset["failed"] ?? "";
      }
    } finally {
      this.removeAttribute("aria-busy");
    }
  }
}

customElements.define("nm-passkey", Passkey);
