// What htmx shows while it works, and what it says when it cannot: aria-busy on the target, one polite sentence.
const OFFLINE =
  "La connexion est coupée ou le portail ne répond pas. Ce que vous avez écrit reste à l’écran : réessayez dans un instant.";

/** Says something to those who do not see the screen change. */
export function announce(text: string): void {
  const region = document.getElementById("annonces");
  if (!region) return;
  region.textContent = "";
  window.setTimeout(() => (region.textContent = text), 50);
}

interface Context {
  target?: Element | string;
  sourceElement?: Element;
}

/** What waits on the screen. What the page asks by itself, in [hidden], changes nothing before its answer is there. */
function targetOf(event: Event): Element | null {
  const context = (event as CustomEvent<{ ctx?: Context }>).detail?.ctx;
  if (context?.sourceElement?.closest("[hidden]")) return null;
  return context?.target instanceof Element ? context.target : null;
}

document.addEventListener("htmx:before:request", (event) => targetOf(event)?.setAttribute("aria-busy", "true"));
for (const name of ["htmx:after:request", "htmx:finally:request", "htmx:error"]) {
  document.addEventListener(name, (event) => targetOf(event)?.removeAttribute("aria-busy"));
}

document.addEventListener("htmx:error", (event) => {
  // Without a request it is a mistake in an attribute, which the console shows.
  if (!(event as CustomEvent<{ ctx?: Context }>).detail?.ctx) return;
  document.querySelector(".toast--network")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast toast--network alert alert--danger";
  toast.setAttribute("role", "alert");
  toast.textContent = OFFLINE;
  document.getElementById("contenu")?.prepend(toast);
});
