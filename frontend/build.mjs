// Builds what the browser receives: one style sheet, one script, one icon sprite, one font.
// `node build.mjs` once, `node build.mjs --watch` while working.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "nomade", "ui", "static", "build");
const icons = join(here, "..", "nomade", "ui", "icons.json");
// The oldest browsers that get the layout (docs/accessibility.md); esbuild rewrites what they do not know.
const target = ["chrome111", "edge111", "firefox113", "safari16.4"];
// A browser without oklch gets no style at all, and a sentence that says why (`.old-browser`).
const supported = "supports(color: oklch(0.5 0.1 250))";

/** The style sheet's table of contents: layers in order, and a file for each component and service. */
function styleEntry() {
  const files = (folder) =>
    readdirSync(join(here, "styles", folder))
      .filter((name) => name.endsWith(".css"))
      .sort()
      .map((name) => `${folder}/${name}`);
  const line = (file, layer) => `@import "./${file}" layer(${layer}) ${supported};`;
  return [
    "@layer reset, tokens, base, components, pages, utilities;",
    line("reset.css", "reset"),
    line("tokens.css", "tokens"),
    line("base.css", "base"),
    ...files("components").map((file) => line(file, "components")),
    ...files("pages").map((file) => line(file, "pages")),
    line("utilities.css", "utilities"),
  ].join("\n");
}

async function buildStyles() {
  await esbuild.build({
    stdin: { contents: styleEntry(), loader: "css", resolveDir: join(here, "styles"), sourcefile: "app.css" },
    outfile: join(out, "app.css"),
    bundle: true,
    minify: true,
    target,
    external: ["*.woff2"],
    logLevel: "warning",
  });
}

async function buildScripts() {
  // One file a page needs always; what only some pages need is an entry of its own, loaded by them.
  const own = join(here, "elements", "pages");
  const entries = existsSync(own) ? readdirSync(own).filter((name) => name.endsWith(".ts")) : [];
  await esbuild.build({
    entryPoints: [
      { in: join(here, "elements", "index.ts"), out: "app" },
      ...entries.map((name) => ({ in: join(own, name), out: name.replace(/\.ts$/, "") })),
    ],
    outdir: out,
    bundle: true,
    format: "esm",
    minify: true,
    target,
    legalComments: "none",
    logLevel: "warning",
  });
}

/** Only the icons of nomade/ui/icons.json, and our own mark. */
function buildIcons() {
  const folder = join(here, "node_modules", "lucide-static", "icons");
  const symbols = JSON.parse(readFileSync(icons, "utf8")).map((name) => {
    const file = join(folder, `${name}.svg`);
    if (!existsSync(file)) throw new Error(`nomade/ui/icons.json: Lucide has no icon named « ${name} »`);
    const body = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(file, "utf8"))[1].replace(/\s+/g, " ").trim();
    return (
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
      `stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`
    );
  });
  const mark =
    '<symbol id="nomade" viewBox="0 0 64 64"><rect width="64" height="64" rx="15" fill="var(--mark-ground,#1a3a70)"/>' +
    '<path d="M21 45V19l22 26V19" fill="none" stroke="var(--mark-ink,#fff)" stroke-width="5.5" ' +
    'stroke-linecap="round" stroke-linejoin="round"/></symbol>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${mark}${symbols.join("")}</svg>`;
  writeFileSync(join(out, "icons.svg"), svg);
}

function copyFont() {
  const files = join(here, "node_modules", "@fontsource-variable", "atkinson-hyperlegible-next", "files");
  copyFileSync(join(files, "atkinson-hyperlegible-next-latin-wght-normal.woff2"), join(out, "atkinson.woff2"));
}

async function build() {
  mkdirSync(out, { recursive: true });
  buildIcons();
  copyFont();
  await Promise.all([buildStyles(), buildScripts()]);
}

await build();
if (process.argv.includes("--watch")) {
  let pending;
  for (const folder of ["styles", "elements"]) {
    watch(join(here, folder), { recursive: true }, () => {
      clearTimeout(pending);
      pending = setTimeout(() => build().catch((error) => console.error(error.message)), 80);
    });
  }
}
