import { posix } from 'node:path';
import ts from 'typescript';

/** The table of ARCHITECTURE.md: what a folder or root file of `lib/` imports besides itself. */
interface Unit {
  values: readonly string[] | 'anything';
  types?: readonly string[] | 'anything';
}

const inward = ['call', 'schema', 'headers', 'errors'];

const units: Readonly<Record<string, Unit>> = {
  'index.ts': { values: 'anything' },
  'gateway.ts': { values: 'anything' },
  'vite-plugin.ts': { values: 'anything' },
  'context.ts': { values: [] },
  'version.ts': { values: [] },
  config: { values: [], types: 'anything' },
  schema: { values: [], types: ['headers', 'errors'] },
  headers: { values: [] },
  errors: { values: [] },
  streaming: { values: [] },
  call: { values: ['context.ts', 'schema', 'headers', 'errors'] },
  transports: { values: inward },
  interceptors: { values: inward },
  compile: { values: inward },
  mocks: { values: inward },
  api: { values: ['call', 'schema', 'errors'] },
  aggregation: { values: ['api', 'call', 'schema', 'errors'] },
  handler: { values: ['call', 'schema', 'headers', 'errors', 'streaming'] },
  adapters: { values: ['handler', 'streaming', 'errors'] },
  'reflection-patch': { values: [] },
};

/** Folders of siblings that do not import each other. */
const groups = ['transports', 'interceptors', 'adapters'];

const valuesForAll = ['version.ts'];
const typesForAll = ['version.ts', 'context.ts', 'config'];

const thirdPartyHomes: Readonly<Record<string, string>> = {
  axios: 'transports/rest',
  'axios-retry': 'transports/rest',
  undici: 'transports/rest',
  '@grpc/grpc-js': 'transports/grpc',
  '@grpc/proto-loader': 'transports/grpc',
  protobufjs: 'transports/grpc',
  ajv: 'interceptors/validate-args',
  jose: 'interceptors/bearer-auth',
  'rate-limiter-flexible': 'interceptors/rate-limit',
  express: 'adapters/express',
  diff: 'reflection-patch',
};

const environmentReader = 'config/resolve-config.ts';
const bucketNames = ['utils', 'util', 'common', 'helpers', 'helper', 'models', 'misc'];
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/;

interface Import {
  specifier: string;
  typeOnly: boolean;
}

/** Checks sources by their path in `lib/`; answers one line for each violation. */
export function findViolations(sources: Readonly<Record<string, string>>): string[] {
  return Object.entries(sources).flatMap(([path, source]) => {
    const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, true);
    return [
      ...checkName(path),
      ...readImports(file).flatMap((imported) => checkImport(path, imported)),
      ...checkStatements(path, file),
      ...checkEnvironment(path, file),
    ].map((violation) => `${path}: ${violation}`);
  });
}

function checkName(path: string): string[] {
  const names = path.replace(/(\.d)?\.ts$/, '').split('/');
  return [
    ...(unitOf(path) ? [] : ['has no place in the table']),
    ...names.filter((name) => !kebabCase.test(name)).map((name) => `${name} is not kebab-case`),
    ...names.filter((name) => bucketNames.includes(name)).map((name) => `${name} names no concept`),
  ];
}

function checkImport(path: string, { specifier, typeOnly }: Import): string[] {
  if (!specifier.startsWith('.')) {
    return typeOnly || specifier.startsWith('node:') ? [] : checkLibrary(path, specifier);
  }
  const own = unitOf(path);
  const target = unitOf(posix.join(posix.dirname(path), specifier));
  if (!own || own === target) return [];
  if (!target) return [`imports ${specifier}, which has no place in the table`];

  const { values, types = [] } = units[groupOf(own)]!;
  const allowed = typeOnly ? [values, types, typesForAll] : [values, valuesForAll];
  const crossesGroup = groupOf(own) === groupOf(target);
  const isAllowed = allowed.some((list) => list === 'anything' || list.includes(groupOf(target)));
  if (isAllowed && !crossesGroup) return [];
  return [`${own} does not import ${typeOnly ? 'types of ' : ''}${target}`];
}

function checkLibrary(path: string, specifier: string): string[] {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const home = Object.hasOwn(thirdPartyHomes, name) ? thirdPartyHomes[name] : undefined;
  if (!home) return [`imports ${name}, which has no home`];
  return unitOf(path) === home ? [] : [`imports ${name}, whose home is ${home}`];
}

/** A root file, a folder, or a folder with its group; undefined outside the table. */
function unitOf(path: string): string | undefined {
  const [first = '.', second, third] = path.replace(/\/$/, '').split('/');
  if (first === '.') return 'index.ts';
  if (groups.includes(first)) {
    const isFolder = second !== undefined && (third !== undefined || !second.endsWith('.ts'));
    return isFolder ? `${first}/${second}` : undefined;
  }
  return [first, `${first}.ts`, first.replace(/\.js$/, '.ts')].find((name) =>
    Object.hasOwn(units, name),
  );
}

function groupOf(unit: string): string {
  return unit.split('/')[0]!;
}

function readImports(file: ts.SourceFile): Import[] {
  return nodesOf(file).flatMap((node) => {
    if (ts.isImportDeclaration(node)) {
      return toImport(node.moduleSpecifier, isTypeOnlyImport(node.importClause));
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      return toImport(node.moduleSpecifier, isTypeOnlyExport(node));
    }
    if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      return toImport(node.moduleReference.expression, node.isTypeOnly);
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      return toImport(node.argument.literal, true);
    }
    return ts.isCallExpression(node) && isLoad(node.expression)
      ? toImport(node.arguments[0], false)
      : [];
  });
}

function isLoad(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function isTypeOnlyImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { namedBindings } = clause;
  return !clause.name && !!namedBindings && ts.isNamedImports(namedBindings)
    ? isEveryTypeOnly(namedBindings.elements)
    : false;
}

function isTypeOnlyExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true;
  return !!exportClause && ts.isNamedExports(exportClause)
    ? isEveryTypeOnly(exportClause.elements)
    : false;
}

function isEveryTypeOnly(elements: readonly { isTypeOnly: boolean }[]): boolean {
  return elements.length > 0 && elements.every(({ isTypeOnly }) => isTypeOnly);
}

function toImport(specifier: ts.Node | undefined, typeOnly: boolean): Import[] {
  const isKnown = specifier && ts.isStringLiteralLike(specifier);
  return [{ specifier: isKnown ? specifier.text : '(computed)', typeOnly }];
}

function checkStatements(path: string, file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      const isConstant = statement.declarationList.flags & ts.NodeFlags.Const;
      return isConstant ? [] : ['has a module-level variable'];
    }
    const isStar =
      ts.isExportDeclaration(statement) &&
      !!statement.moduleSpecifier &&
      !(statement.exportClause && ts.isNamedExports(statement.exportClause));
    return path === 'index.ts' && isStar ? ['has a star export'] : [];
  });
}

function checkEnvironment(path: string, file: ts.SourceFile): string[] {
  if (path === environmentReader) return [];
  return nodesOf(file).some(readsEnvironment) ? ['reads process.env'] : [];
}

/** `process.env`, `process['env']`, `{env} = process` and `import {env} from 'node:process'`. */
function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return node.name.text === 'env' && isProcess(node.expression);
  }
  if (ts.isElementAccessExpression(node)) {
    const { argumentExpression: key } = node;
    return ts.isStringLiteralLike(key) && key.text === 'env' && isProcess(node.expression);
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    return !!node.initializer && isProcess(node.initializer) && takesEnv(node.name.elements);
  }
  return (
    ts.isImportDeclaration(node) &&
    ts.isStringLiteralLike(node.moduleSpecifier) &&
    node.moduleSpecifier.text === 'node:process' &&
    !!node.importClause?.namedBindings &&
    ts.isNamedImports(node.importClause.namedBindings) &&
    takesEnv(node.importClause.namedBindings.elements)
  );
}

function isProcess(expression: ts.Expression): boolean {
  return /(^|\.)process$/.test(expression.getText());
}

function takesEnv(elements: readonly (ts.BindingElement | ts.ImportSpecifier)[]): boolean {
  return elements.some(({ name, propertyName }) => (propertyName ?? name).getText() === 'env');
}

function nodesOf(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [node];
  ts.forEachChild(node, (child) => {
    nodes.push(...nodesOf(child));
  });
  return nodes;
}
