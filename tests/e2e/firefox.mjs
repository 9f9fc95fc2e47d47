// The main journey in Firefox ESR, through WebDriver BiDi. Settings come from the environment; a line a step; status 1 on failure.
import puppeteer from "puppeteer-core";

const { ORIGIN, FIREFOX, LOGIN, PASSWORD, DAY, FILE } = process.env;

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: FIREFOX,
  headless: true,
  acceptInsecureCerts: true,
  extraPrefsFirefox: { "network.dns.localDomains": new URL(ORIGIN).hostname, "app.update.enabled": false },
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  const heading = async (text, where = "h1") => {
    const shown = await page.$eval(where, (element) => element.textContent);
    if (!shown.includes(text)) throw new Error(`expected « ${text} », the page says « ${shown.trim()} »`);
    console.log(`ok ${text}`);
  };
  const press = async (selector) => {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
  };

  await page.goto(`${ORIGIN}/connexion/`);
  await page.type("input[name=login]", LOGIN);
  await page.type("input[name=password]", PASSWORD);
  await press("#sign-in");
  await heading("Bonjour");

  await page.goto(`${ORIGIN}/paie/`);
  await heading("Ma paie");
  await press("main ::-p-text(Ouvrir le bulletin)");
  await heading("20");

  await page.goto(`${ORIGIN}/conges/nouvelle/`);
  await heading("Demander une absence");
  for (const name of ["first_day", "last_day"]) {
    await page.$eval(`input[name=${name}]`, (field, day) => {
      field.value = day;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }, DAY);
  }
  let count = "";
  for (let tries = 0; tries < 50 && !/1\s+jour/.test(count); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    count = await page.$eval("#apercu", (element) => element.textContent);
  }
  if (!/1\s+jour/.test(count)) throw new Error(`no count: ${count}`);
  console.log("ok live count");
  await page.goto(`${ORIGIN}/messagerie/`);
  await heading("Boîte de réception", "#mail-folder");

  // Reading: a message beside its list, its text in the frame of another host or in the page.
  const shown = async (selector) => page.waitForSelector(selector, { visible: true });
  await page.click(".mail-line__link");
  await shown("#mail-subject");
  await shown(".mail-text, .mail-frame");
  console.log("ok message");

  await page.$eval("#mail-q", (field) => (field.value = "objet:planning"));
  await press("#mail-q-go");
  const found = await page.$$eval(".mail-line__subject", (lines) => lines.map((line) => line.textContent));
  if (found.length === 0 || !found.every((line) => /planning/i.test(line))) throw new Error(`found: ${found}`);
  console.log("ok search");

  // Writing: the editor, a file, « Annuler l'envoi » and everything is there again.
  await page.goto(`${ORIGIN}/messagerie/nouveau/`);
  await page.type("#id_to", "mehdi.benali@paris.fr, ");
  await page.type("#id_subject", "Depuis Firefox");
  await page.click("[data-format]");
  await shown(".mail-editor [contenteditable]");
  await page.click(".mail-editor [contenteditable]");
  await page.keyboard.type("Bonjour Mehdi, voici la note.");
  await (await page.$("input[type=file]")).uploadFile(FILE);
  await page.waitForSelector("[data-files] input[type=checkbox]");
  await press("#envoyer");
  await shown(".mail-leaving");
  console.log("ok held");
  await press(".mail-leaving button");
  const kept = await page.$eval("#id_subject", (field) => field.value);
  const text = await page.$eval(".mail-editor [contenteditable]", (editor) => editor.textContent);
  const files = await page.$eval("[data-files]", (list) => list.textContent);
  if (kept !== "Depuis Firefox" || !text.includes("voici la note") || !files.includes("firefox.mjs"))
    throw new Error(`taken back: ${kept} ${text} ${files}`);
  console.log("ok taken back");
} finally {
  await browser.close();
}
