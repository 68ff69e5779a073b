// Opens pages in Chromium and prints, as JSON lines, what each asked for and what axe-core finds in it.
// node browse.mjs [--moved] FOLDER PAGE...   (CHROMIUM names the browser)
// With --moved the pages lead on by themselves, and are only followed, with JavaScript off.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");
const moved = process.argv[2] === "--moved";
const [folder, ...pages] = process.argv.slice(moved ? 3 : 2);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
for (const width of [1280, 390]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const javaScriptEnabled of moved ? [false] : [true, false]) {
      // axe-core is put into the page, which its own policy forbids to all scripts.
      const context = await browser.newContext({
        viewport: { width, height: 900 }, colorScheme, javaScriptEnabled, bypassCSP: javaScriptEnabled,
      });
      for (const name of pages) {
        const page = await context.newPage();
        const asked = [], said = [];
        page.on("request", (request) => asked.push(request.url()));
        page.on("console", (message) => said.push(message.text()));
        await page.goto(pathToFileURL(path.join(folder, name)).href);
        if (moved) await page.waitForURL((url) => !url.pathname.endsWith(name));
        const result = { name, width, colorScheme, javaScriptEnabled, asked };
        if (javaScriptEnabled) {
          await page.addScriptTag({ path: axe });
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          result.violations = violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
          result.wide = await page.evaluate(() => document.documentElement.scrollWidth);
          result.paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        } else {
          result.text = (await page.innerText("body")).length;
          result.said = said; // without axe: what the page's own policy had to stop
        }
        console.log(JSON.stringify(result));
        await page.close();
      }
      await context.close();
    }
  }
}
await browser.close();
