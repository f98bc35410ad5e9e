/**
 * Open each page as Lighthouse's slow phone does, in a browser of its own, and print a line of JSON for it.
 *
 *     node measure.mjs '{"cookies": [{"name": "…", "value": "…", "url": "…"}], "addresses": ["http://…"]}'
 *
 * The cookie is put into the browser and not into the requests: what a page fetches by itself is signed in as well.
 */
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { connect } from "puppeteer-core";

const CATEGORIES = ["performance", "accessibility", "best-practices"];
const { cookies, addresses } = JSON.parse(process.argv[2]);
const chromeFlags = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function measure(address) {
  const chrome = await launch({ chromeFlags, logLevel: "silent" });
  try {
    const browser = await connect({ browserURL: `http://127.0.0.1:${chrome.port}` });
    const page = await browser.newPage();
    await page.setCookie(...cookies);
    await browser.disconnect();
    const { lhr } = await lighthouse(address, {
      port: chrome.port,
      onlyCategories: CATEGORIES,
      disableStorageReset: true,
      logLevel: "silent",
    });
    const scores = Object.values(lhr.categories).map(({ id, score }) => [id, score * 100]);
    const faults = Object.values(lhr.categories)
      .flatMap(({ auditRefs }) => auditRefs)
      .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
      .map(({ id }) => `${id} ${lhr.audits[id].displayValue ?? ""}`.trim());
    return { address, opened: lhr.finalDisplayedUrl, ...Object.fromEntries(scores), faults };
  } finally {
    await chrome.kill();
  }
}

for (const address of addresses) {
  console.log(JSON.stringify(await measure(address)));
}
