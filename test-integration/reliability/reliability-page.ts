import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { GROUPS } from './marks';

export interface Promised {
  readonly mark: string;
  readonly sentence: string;
  readonly file: string;
}

const FOLDER = 'test-integration/reliability';

/** What `promise` and `promiseOnce` are given in the suites: literals, or this throws. */
export function readPromises(root: string): Promised[] {
  const folder = join(root, FOLDER);
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  return files.flatMap((file) => readFile(file, readFileSync(join(folder, file), 'utf8')));
}

function readFile(file: string, text: string): Promised[] {
  const found: Promised[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^promise(Once)?$/.test(node.expression.getText(source))) {
      const [mark, sentence] = node.arguments;
      if (
        !mark ||
        !sentence ||
        !ts.isStringLiteralLike(mark) ||
        !ts.isStringLiteralLike(sentence)
      ) {
        throw new TypeError(`${file}: mark and sentence of a promise must be plain strings`);
      }
      found.push({ mark: mark.text, sentence: sentence.text, file });
    }
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  visit(source);
  return found;
}

const HEAD = `# What holds under load, faults and bad input

Each line is shown by the suite beside it, in \`${FOLDER}\` of the repository, over Express 4 and 5 where Express is involved. "Coded" means a
JSON body with a string \`code\` and a string \`message\`. \`npm run docs:reliability\` makes this page from the
tests; a test fails when the two differ.

Comments in the code cite the marks.
`;

/** docs/reliability.md. */
export function createReliabilityPage(promises: readonly Promised[]): string {
  const sections = Object.entries(GROUPS).map(([title, marks]) => {
    const rows = marks.flatMap((mark) =>
      promises
        .filter((one) => one.mark === mark)
        .map(
          ({ sentence, file }) =>
            `| ${mark} | ${sentence.replaceAll('|', '\\|')} | ${toName(file)} |`,
        ),
    );
    return [`## ${title}`, '', '| | promise | shown by |', '| --- | --- | --- |', ...rows].join(
      '\n',
    );
  });
  return `${[HEAD.trimEnd(), ...sections].join('\n\n')}\n`;
}

/** No link: the suites are not in the package, the page is. */
function toName(file: string): string {
  return `\`${file.replace('.test.ts', '')}\``;
}
