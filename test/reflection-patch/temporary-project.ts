import { spawnSync } from 'node:child_process';
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { closeAfterTest } from '../servers/closing';

const ROOT = join(__dirname, '..', '..');
const MAIN = `require(${JSON.stringify(join(ROOT, 'lib', 'reflection-patch', 'main.ts'))}).main(process.argv.slice(1), process.env.INIT_CWD)`;
export const DESCRIPTOR = join('ext', 'descriptor', 'index.js');
export const CLIENT = join('build', 'src', 'client.js');

/** A folder that looks like an installed project. */
export function makeProject(manifest: object = { name: 'project', version: '1.0.0' }) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-')));
  closeAfterTest(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
  const path = (...parts: string[]) => join(folder, ...parts);
  const write = (file: string, content: string) => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), content);
  };
  write('package.json', JSON.stringify(manifest));
  return {
    folder,
    path,
    write,
    read: (...parts: string[]) => readFileSync(path(...parts), 'utf8'),
    /** Puts the files of a real package there that the patches are about. */
    install: (name: 'protobufjs' | 'grpc-reflection-js', place: string, version?: string) => {
      const source = join(ROOT, 'node_modules', name);
      const file = name === 'protobufjs' ? DESCRIPTOR : CLIENT;
      const files = [
        'package.json',
        file,
        ...(name === 'protobufjs' ? [] : [join('build', 'src', 'descriptor.js')]),
      ];
      for (const one of files) {
        mkdirSync(dirname(path(place, one)), { recursive: true });
        cpSync(join(source, one), path(place, one));
      }
      if (version === undefined) return;
      const own = JSON.parse(readFileSync(path(place, 'package.json'), 'utf8')) as object;
      writeFileSync(path(place, 'package.json'), JSON.stringify({ ...own, version }));
    },
    link: (from: string, to: string) => linkSync(path(from), path(to)),
    /** The command, as npx or a postinstall script starts it. */
    run: (
      args: string[] = [],
      { cwd = folder, env = {}, uid }: { cwd?: string; env?: object; uid?: number } = {},
    ) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [
          '--import',
          join(ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs'),
          '-e',
          MAIN,
          '--',
          ...args,
        ],
        {
          cwd,
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], ...env },
          ...(uid !== undefined && { uid }),
        },
      );
      return { status, stderr, lines: stdout.trimEnd().split('\n') };
    },
  };
}
