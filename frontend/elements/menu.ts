// The menu of a phone. Without a script `#menu` opens it and `#contenu` closes it; here Escape closes it too,
// the focus goes in and comes back, and what lies behind cannot be reached meanwhile.
export {};

const menu = document.getElementById("menu");
const opener = document.getElementById("ouvrir-menu");
const behind = [".topbar", ".frame__main", ".phonebar"];

function update(): void {
  const open = location.hash === "#menu" && window.matchMedia("(max-width: 1023.98px)").matches;
  opener?.setAttribute("aria-expanded", String(open));
  for (const selector of behind) document.querySelector(selector)?.toggleAttribute("inert", open);
  document.documentElement.classList.toggle("menu-open", open);
  if (open) menu?.querySelector<HTMLElement>("a")?.focus();
}

function close(): void {
  // A changed hash, not `replaceState`, is what `:target` follows.
  location.replace("#contenu");
  update();
  opener?.focus();
}

if (menu && opener) {
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-controls", "menu");
  window.addEventListener("hashchange", update);
  window.matchMedia("(max-width: 1023.98px)").addEventListener("change", update);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && location.hash === "#menu") close();
  });
  menu.querySelector("[data-menu-close]")?.addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });
  update();
}
