/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/test-integration/**/*.test.ts'],
  // `isolatedModules` in tsconfig.json makes ts-jest transpile only: `npm run typecheck` checks types.
  transform: {
    // jose is an ES module only, which jest cannot load: it and the one file that imports it are made CommonJS.
    '/(node_modules/jose/.+\\.js|load-jose\\.ts)$': '<rootDir>/test/to-commonjs.js',
    '^.+\\.ts$': 'ts-jest',
  },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '/\\.out/'],
  testTimeout: 30000,
  reporters: ['default', '<rootDir>/test/closing-line-reporter.js'],
};
