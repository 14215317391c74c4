/**
 * Times of a page in a fresh browser context: nothing is in a cache.
 */
import type { Browser, Page } from 'playwright-core';

const maxMilliseconds = 30_000;

/** Milliseconds from asking for a page to the frame after the one in which what is looked for is there. */
export async function timePaint(browser: Browser, address: string, selector: string): Promise<number> {
  const looking = `(() => {
    const look = () => document.querySelector(${JSON.stringify(selector)})
      ? requestAnimationFrame(() => tellUseful(performance.now()))
      : requestAnimationFrame(look);
    requestAnimationFrame(look);
  })()`;
  return inPage(browser, async (page) => {
    const useful = new Promise<number>((resolve, reject) => {
      setTimeout(() => reject(new Error(`${address} shows no ${selector}`)), maxMilliseconds).unref();
      void page
        .exposeFunction('tellUseful', resolve)
        .then(() => page.addInitScript(looking))
        .then(() => page.goto(address, { waitUntil: 'commit' }))
        .catch(reject);
    });
    return useful;
  });
}

/** Milliseconds from a key in the filter to the frame after the one in which its rows are there. */
export async function timeFilter(browser: Browser, address: string, text: string): Promise<number> {
  return inPage(browser, async (page) => {
    await page.goto(address, { waitUntil: 'load' });
    return page.evaluate<number>(`new Promise((resolve) => {
      const [input, found] = [document.querySelector('input[name=q]'), document.getElementById('found')];
      const before = found.textContent;
      input.value = ${JSON.stringify(text)};
      const from = performance.now();
      const look = () => document.getElementById('found').textContent === before
        ? requestAnimationFrame(look)
        : requestAnimationFrame(() => resolve(performance.now() - from));
      requestAnimationFrame(look);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    })`);
  });
}

async function inPage(browser: Browser, time: (page: Page) => Promise<number>): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    return await time(await context.newPage());
  } finally {
    await context.close();
  }
}
