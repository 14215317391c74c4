/** A real browser, so that a page is judged by what it does and not by what its text looks like. */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

export interface OpenPage {
  readonly page: Page;
  /** Every address that the page asked for, itself first. */
  readonly requests: readonly string[];
  /** Errors and warnings that the page wrote to the console, and its uncaught errors. */
  readonly complaints: readonly string[];
}

/** Opens an address and waits until all it asks for has come; the page is closed when the test ends. */
export async function openPage(browser: Browser, address: string, options: BrowserContextOptions): Promise<OpenPage> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  return { page, requests, complaints };
}

const desktop = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** The screens that every page must fit, the first of them a desktop's. */
export const screens = [
  { name: 'desktop-light', ...desktop, colorScheme: 'light' },
  { name: 'desktop-dark', ...desktop, colorScheme: 'dark' },
  { name: 'phone-light', ...phone, colorScheme: 'light' },
  { name: 'phone-dark', ...phone, colorScheme: 'dark' },
] as const;

/** What sticks out of the page to the right: the page itself, or text that its box cuts off. */
export function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (part) => part !== null && (['auto', 'scroll'].includes(getComputedStyle(part).overflowX) || scrolls(part.parentElement));
    const wide = [...document.querySelectorAll('main *')].filter((part) => part.getBoundingClientRect().right > width + 1 && !scrolls(part));
    const whole = document.documentElement.scrollWidth > width ? ['the page is ' + document.documentElement.scrollWidth + ' wide'] : [];
    return [...whole, ...wide.slice(0, 5).map((part) => part.outerHTML.slice(0, 120))];
  })()`);
}

/** Saves a picture of each screen in the folder that NOCTURNE_PICTURES names, for a developer to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.NOCTURNE_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
