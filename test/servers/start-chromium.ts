import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { closeAfterTest } from './closing';
import type { NeededProgram } from './needs-package';

/** Debian's. */
export const CHROMIUM: NeededProgram = { name: 'chromium', command: '/usr/bin/chromium' };

/** Of what a browser does by itself, nothing: it asks for the pages of a test and for nothing else. */
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser may still be writing when it has ended. */
const REMOVED = { recursive: true, force: true, maxRetries: 10 };

/** A page in a browser of its own, with a new and empty profile. */
export async function openPage() {
  const profile = mkdtempSync(join(tmpdir(), 'sallyport-chromium-'));
  closeAfterTest(() => Promise.resolve(rmSync(profile, REMOVED)));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM.command,
    args: ARGS,
  });
  closeAfterTest(() => browser.close());
  return browser.newPage();
}
