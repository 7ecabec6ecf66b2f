const services = Array.from({ length: 10 }, (_, index) => `svc${index + 1}`);
const actions = Array.from({ length: 50 }, (_, index) => `action${index + 1}`);

/** A module with a schema of 10 services with 50 REST actions each. */
export function generateSchema(): string {
  return [
    `import { defineSchema, rest } from '../../../lib';`,
    `export const schema = defineSchema({`,
    ...services.flatMap((service) => [
      `  ${service}: {`,
      `    endpoints: 'http://127.0.0.1:1',`,
      `    actions: {`,
      ...actions.map((action) => `      ${action}: ${generateAction(service, action)},`),
      `    },`,
      `  },`,
    ]),
    `});`,
    ``,
  ].join('\n');
}

/** A module that calls every action, uses what it resolves to, and shows that the types are not `any`. */
export function generateCalls(): string {
  return [
    `import { getGatewayControllers } from '../../../lib';`,
    `import { schema } from './schema';`,
    `const { api } = getGatewayControllers({ root: schema }, {});`,
    `export async function callAll() {`,
    `  const results: { id: string; n: number }[] = [];`,
    ...services.flatMap((service) => actions.map((action) => generateCall(service, action))),
    `  // @ts-expect-error an unknown action`,
    `  void api.svc1.action0;`,
    `  // @ts-expect-error args of another type`,
    `  void api.svc1.action1({ args: { id: 1 } });`,
    `  // @ts-expect-error a field that the response does not have`,
    `  void (await api.svc1.action1({ args: { id: '1' } })).responseData.missing;`,
    `  return results;`,
    `}`,
    ``,
  ].join('\n');
}

function generateAction(service: string, action: string): string {
  const path = `({ id }) => \`/${service}/${action}/\${id}\``;
  return `rest<{ id: string; n: number }, { id: string }>()({ method: 'GET', path: ${path} })`;
}

function generateCall(service: string, action: string): string {
  return `  results.push((await api.${service}.${action}({ args: { id: '1' } })).responseData);`;
}
