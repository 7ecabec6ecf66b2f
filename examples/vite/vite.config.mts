// In a project of yours: import { delay, gatewayPlugin } from 'sallyport';
import { defineConfig } from 'vite';
import { delay, gatewayPlugin } from '../../lib/index.js';
import { schemas } from './schemas.js';

export default defineConfig({
  plugins: [
    gatewayPlugin({
      schemas,
      // The backend has no search yet.
      mocks: { root: { notes: { search: delay(200, ({ text }) => [{ id: '9', text }]) } } },
    }),
  ],
});
