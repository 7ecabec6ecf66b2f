import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** A program of a page, what is typed into a shell while it runs, and what is printed in the end. */
export interface Snippet {
  /** `README.md:12`, where the program begins. */
  name: string;
  code: string;
  isCommonJs: boolean;
  shell?: string;
  expected: string;
}

interface Block {
  language: string;
  isCommonJs: boolean;
  line: number;
  text: string;
}

function listPages(): string[] {
  const docs = join(root, 'docs');
  const chapters = existsSync(docs) ? readdirSync(docs).sort() : [];
  return ['README.md', ...chapters.map((name) => `docs/${name}`)];
}

function readBlocks(page: string): Block[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(\w+)( commonjs)?\n(.*?)^```$/gms)].map(
    ({ 1: language, 2: mark, 3: body, index }) => ({
      language: language!,
      isCommonJs: mark !== undefined,
      line: text.slice(0, index).split('\n').length + 1,
      text: body!,
    }),
  );
}

/**
 * Every TypeScript block of README.md and docs/. It is a complete program: after it comes a text block
 * with what it prints, or a shell block that is run while it listens, and then what that prints. It is
 * an ES module unless `commonjs` stands behind its language.
 */
export function readSnippets(): Snippet[] {
  return listPages().flatMap((page) => {
    const blocks = readBlocks(page);
    return blocks.flatMap(({ language, isCommonJs, line, text: code }, index) => {
      if (language !== 'ts') return [];
      const program = { name: `${page}:${line}`, code, isCommonJs };
      const [next, afterNext] = blocks.slice(index + 1);
      if (next?.language === 'text') return [{ ...program, expected: next.text }];
      if (next?.language === 'sh' && afterNext?.language === 'text') {
        return [{ ...program, shell: next.text, expected: afterNext.text }];
      }
      throw new Error(`${program.name}: no text block says what the program prints`);
    });
  });
}
