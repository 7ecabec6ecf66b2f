// In a project of yours: import { defineSchema, rest } from 'sallyport';
import { defineSchema, rest } from '../../lib/index';

interface Note {
  id: string;
  text: string;
}

const root = defineSchema({
  notes: {
    endpoints: process.env['NOTES_URL'] ?? 'http://127.0.0.1:4001',
    actions: {
      get: rest<Note, { id: string }>()({ method: 'GET', path: ({ id }) => `/notes/${id}` }),
      search: rest<Note[], { text: string }>()({
        method: 'GET',
        path: '/search',
        params: ({ text }) => ({ query: { text } }),
      }),
    },
  },
});

export const schemas = { root };
