// In a project of yours: import { getGatewayControllers, ... } from 'sallyport';
import type { Readable } from 'node:stream';
import { defineSchema, getGatewayControllers, rest } from '../../lib';

interface Note {
  id: string;
  text: string;
}

const schema = defineSchema({
  notes: {
    endpoints: process.env['NOTES_URL'] ?? 'http://127.0.0.1:4001',
    actions: {
      get: rest<Note, { id: string }>()({ method: 'GET', path: ({ id }) => `/notes/${id}` }),
      create: rest<Note, { text: string }>()({
        method: 'POST',
        path: '/notes',
        params: ({ text }) => ({ body: { text } }),
      }),
      export: rest<Readable>()({ method: 'GET', path: '/notes.csv', responseType: 'stream' }),
    },
  },
});

/** `gateway.api` is for server components, the route handler for the browser. */
export const gateway = getGatewayControllers({ root: schema });
