import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { closeAfterTest } from '../../test/servers/closing';
import { describeWith } from '../../test/servers/needs-package';
import { CHROMIUM, openPage } from '../../test/servers/start-chromium';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';

const root = join(__dirname, '..', '..');

/** The example as its user starts it: `vite` in its folder. */
async function startExample(environment: Record<string, string>): Promise<string> {
  const cli = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const options = ['--configLoader', 'native', '--host', '127.0.0.1', '--port', '0'];
  const example = spawn(process.execPath, ['--import', 'tsx', cli, ...options], {
    cwd: join(root, 'examples', 'vite'),
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => example.once('close', resolve));
  closeAfterTest(async () => {
    example.kill('SIGTERM');
    await ended;
  });
  let errors = '';
  example.stderr.on('data', (chunk) => (errors += chunk));
  for await (const line of createInterface({ input: example.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(line);
    if (url) return url[0];
  }
  throw new Error(`the example ended: ${errors}`);
}

describeWith(CHROMIUM, 'a page of Vite in Chromium', () => {
  test('shows what a backend and what a mock answers', async () => {
    const backend = await startUpstream(({ url }, response) => {
      sendJson(response, { id: url.split('/').at(-1), text: 'a note of the backend' });
    });
    const url = await startExample({ NOTES_URL: backend.url });
    const page = await openPage();
    await page.goto(url);
    await page.waitForFunction('document.getElementById("search").textContent !== ""');
    expect(await page.locator('#get').textContent()).toBe('a note of the backend');
    expect(await page.locator('#search').textContent()).toBe('a mocked note');
    expect(backend.requests.map((request) => request.url)).toEqual(['/notes/1']);
  });
});
